"""Distance of perceptual hashes: how much two pictures differ to the eye."""

from __future__ import annotations

_HEXADECIMAL = frozenset("0123456789abcdefABCDEF")


def phash_distance(first: str, second: str) -> int:
    """Return in how many bits two perceptual hashes differ: 0 for the same picture, below about 10 for a similar one.

    Args:
        first: A hash as `get_file_metadata` gives it (`p_hash`): hexadecimal digits, 16 for the 64 bits of ImageKit.
        second: Another of the same length.

    Raises:
        TypeError: A hash is missing, empty or no text.
        ValueError: A hash is not hexadecimal, or the two differ in length.
    """
    for phash in (first, second):
        if not isinstance(phash, str) or not phash:
            raise TypeError(f"a pHash must be text such as 'f06830ca9f1e3e90' (got {phash!r})")
        if not _HEXADECIMAL.issuperset(phash):
            raise ValueError(f"a pHash must be hexadecimal, such as 'f06830ca9f1e3e90' (got {phash!r})")
    if len(first) != len(second):
        raise ValueError(f"pHashes must have the same length (got {len(first)} and {len(second)} digits)")
    return (int(first, 16) ^ int(second, 16)).bit_count()
