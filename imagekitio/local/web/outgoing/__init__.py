"""Requests that a local server sends: webhooks, and files that uploads fetch; nowhere that it may not reach."""
