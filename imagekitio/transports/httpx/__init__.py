"""Transports that use your own httpx client, or any object with its `build_request` and `send`."""
