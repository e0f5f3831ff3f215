"""The asynchronous transport, on aiohttp."""
