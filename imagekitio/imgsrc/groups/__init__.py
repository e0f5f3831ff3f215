"""The calls of img-src.io in the groups of the released package: one signature for both clients."""
