"""Handlers of the API: a call comes in, an answer goes out."""
