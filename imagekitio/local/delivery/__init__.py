"""From a URL to the file or rendition that it names."""
