"""Transports through a client of httpx, or anything with its `build_request` and `send`, that is yours."""
