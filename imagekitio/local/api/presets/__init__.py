"""Handlers for the presets of an account: origins, URL endpoints, webhooks, named transformations, extensions."""
