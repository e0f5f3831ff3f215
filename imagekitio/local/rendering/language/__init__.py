"""The language of transformations: steps, values, expressions and layers, read and checked."""
