"""Uploads, from the form to a stored file."""
