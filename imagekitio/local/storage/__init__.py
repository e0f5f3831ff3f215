"""Rows, contents and transactions, without rules of the media library."""
