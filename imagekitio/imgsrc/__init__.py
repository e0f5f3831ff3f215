"""img-src.io, the second service, on the same core as ImageKit."""
