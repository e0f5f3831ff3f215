"""What the bytes of a file say of themselves: media type, size, and the metadata embedded in them."""
