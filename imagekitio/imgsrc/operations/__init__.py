"""Each call of the API of img-src.io as plain data: request out, response in."""
