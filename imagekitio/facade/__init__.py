"""What both clients are made of: keys, endpoint and settings."""
