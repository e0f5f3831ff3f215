"""Delivery URLs: transformation names, building, signing, checking, taking apart. Pure, standard library only."""
