"""The language of transformations: `steps` parses a text once into types, which are then checked and drawn."""
