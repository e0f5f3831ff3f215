"""Local servers as objects: start one, use it, stop it."""
