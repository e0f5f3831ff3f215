"""The distance of perceptual hashes: how different two images look."""

from __future__ import annotations

_HEXADECIMAL = frozenset("0123456789abcdefABCDEF")


def phash_distance(first: str, second: str) -> int:
    """Return the number of bits in which two perceptual hashes differ; see `UrlBuilder.phash_distance`."""
    for phash in (first, second):
        if not isinstance(phash, str) or not phash:
            raise TypeError(f"a pHash must be text such as 'f06830ca9f1e3e90' (got {phash!r})")
        if not _HEXADECIMAL.issuperset(phash):
            raise ValueError(f"a pHash must be hexadecimal, such as 'f06830ca9f1e3e90' (got {phash!r})")
    if len(first) != len(second):
        raise ValueError(f"pHashes must have the same length (got {len(first)} and {len(second)} digits)")
    return (int(first, 16) ^ int(second, 16)).bit_count()
