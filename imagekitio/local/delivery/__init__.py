"""Delivery: from a URL to the file or rendition that it requests."""
