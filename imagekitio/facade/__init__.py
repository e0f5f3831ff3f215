"""What the clients are made of: keys and settings, the calls about the account, and the groups of release 5."""
