"""Rows, contents and transactions; no rule of the media library."""
