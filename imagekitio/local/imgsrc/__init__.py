"""Local img-src: the API and delivery of img-src.io, on top of local ImageKit's store, HTTP, faults and renderer."""
