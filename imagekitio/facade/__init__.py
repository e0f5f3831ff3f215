"""The building blocks of the clients: keys and settings, the account calls, and the groups of release 5."""
