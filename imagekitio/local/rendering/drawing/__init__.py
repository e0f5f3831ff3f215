"""Drawing of pictures, text and effects."""
