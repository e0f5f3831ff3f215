"""From the form of an upload to a stored file."""
