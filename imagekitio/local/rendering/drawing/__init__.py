"""Pixels: how pictures, text and effects are drawn."""
