"""The language of transformations: a text is read once, by `steps`, into types that are then checked and drawn."""
