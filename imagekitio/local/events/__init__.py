"""The consequences of a change: webhook events, callbacks and background tasks."""
