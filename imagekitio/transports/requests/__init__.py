"""The synchronous transport, on requests."""
