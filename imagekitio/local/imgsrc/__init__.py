"""Local img-src: the API and delivery of img-src.io, on the store, HTTP, faults and renderer of local ImageKit."""
