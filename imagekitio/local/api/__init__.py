"""The operations of the API, one module a chapter: a call comes in, an answer goes out."""
