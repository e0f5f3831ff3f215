"""Delivery of img-src: from a URL to the image or rendition that it requests."""
