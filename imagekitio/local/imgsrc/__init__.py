"""Local img-src: the API and delivery of img-src.io over the store, HTTP, faults and renderer of local ImageKit."""
