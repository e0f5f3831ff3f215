"""Requests of a local server to other servers, for webhooks and uploads by URL, with checks of their addresses."""
