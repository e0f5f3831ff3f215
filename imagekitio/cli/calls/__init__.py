"""Commands for the calls of the API, made from signatures, option classes and docstrings of the client."""
