"""From a delivery URL of img-src to the image or rendition that it names."""
