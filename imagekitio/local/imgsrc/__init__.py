"""Local img-src: the API and delivery of img-src.io over the same store, HTTP, faults and renderer as local ImageKit."""
