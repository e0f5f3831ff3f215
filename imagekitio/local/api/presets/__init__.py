"""What an account keeps under a name or an id: origins, URL endpoints, webhooks, transformations, extensions."""
