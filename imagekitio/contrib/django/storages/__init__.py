"""Storages of Django: of files in general, and of static files."""
