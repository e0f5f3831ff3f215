"""Delivery URLs: transformation names, building, signing, verifying, parsing. Pure functions, standard library only."""
