"""An application of Django whose models have files in every way that Django knows, for the commands."""
