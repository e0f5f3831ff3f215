"""Inspection of a file's content: its media type, size and embedded metadata."""
