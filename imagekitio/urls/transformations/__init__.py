"""Transformations: from dicts to the steps of a URL, and back."""
