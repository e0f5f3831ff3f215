"""Similar pictures: which of a library look like this one, and which look like each other.

`ImageKit.get_file_metadata` gives each picture a perceptual hash (`p_hash`): 64 bits that hardly change when it is
scaled, compressed or slightly edited. The fewer of these bits differ, the more two pictures are alike.

The search stands on FAISS (extra ``similar``), which compares a million hashes in a millisecond. `phash_distance` of
two hashes needs no extra.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

try:
    import faiss
    import numpy as np
except ImportError as _exc:
    raise ImportError('imagekitio.similar needs FAISS: pip install "imagekitio[similar]"') from _exc

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

Key = TypeVar("Key", bound=Hashable)

BITS = 64
SIMILAR = 8  # bits: up to here two pictures nearly always show the same

# Above this number of hashes a hash table finds pairs in less time than comparing all, though the table takes some
# probes for each: measured, both ways exact.
_TABLE_FROM = 300_000
# The table has three keys of 21 bits. If at most 8 bits differ, at most 2 differ in one of the three.
_TABLE_KEYS, _TABLE_KEY_BITS, _TABLE_MAX_DISTANCE = 3, 21, 8
_BLOCK = 10_000  # hashes looked up at a time; bounds the memory of what is found


@dataclass(frozen=True)
class Match(Generic[Key]):
    """A picture of the index and in how many bits its hash differs from the one looked for."""

    key: Key
    distance: int


@dataclass(frozen=True)
class Pair(Generic[Key]):
    """Two pictures of the index and in how many bits their hashes differ."""

    first: Key
    second: Key
    distance: int


class PhashIndex(Generic[Key]):
    """The perceptual hashes of a library, ready to be searched.

    ::

        index = PhashIndex((file.file_id, imagekit.get_file_metadata(file.file_id).p_hash) for file in files)
        index.nearest(index["65e6c5a9b7d1f2034a5b6c7d"], 10)
        index.groups()

    Args:
        hashes: Key and hash of each picture, as a dict or in pairs; a key is anything that tells the pictures apart, a
            file id for example, and a hash is 16 hexadecimal digits. A key that comes twice has its last hash.

    Raises:
        TypeError: A hash is no text.
        ValueError: A hash is not 16 hexadecimal digits; the message says of which picture.
    """

    def __init__(self, hashes: Mapping[Key, str] | Iterable[tuple[Key, str]]) -> None:
        pairs: dict[Key, str] = dict(hashes)
        self._keys: list[Key] = list(pairs)
        self._codes: NDArray[np.uint8] = _codes(pairs)
        self._positions: dict[Key, int] = {key: position for position, key in enumerate(self._keys)}
        self._flat: Any = faiss.IndexBinaryFlat(BITS)
        self._flat.add(self._codes)

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: object) -> bool:
        return key in self._positions

    def __getitem__(self, key: Key) -> str:
        """Return the hash of a picture; KeyError when there is none."""
        code: bytes = self._codes[self._positions[key]].tobytes()
        return code.hex()

    def nearest(self, p_hash: str, count: int = 10) -> list[Match[Key]]:
        """Return the `count` pictures whose hashes differ least from `p_hash`, the most similar first.

        Raises:
            ValueError: `p_hash` is not 16 hexadecimal digits, or `count` below 1.
        """
        if count < 1:
            raise ValueError(f"count must be 1 or more (got {count})")
        if not self._keys:
            return []
        distances, positions = self._flat.search(_codes({"p_hash": p_hash}), min(count, len(self._keys)))
        return self._matches(distances[0], positions[0])

    def within(self, p_hash: str, max_distance: int = SIMILAR) -> list[Match[Key]]:
        """Return all pictures whose hashes differ from `p_hash` in at most `max_distance` bits, the most similar first.

        Raises:
            ValueError: `p_hash` is not 16 hexadecimal digits, or `max_distance` not from 0 to 64.
        """
        radius = _radius(max_distance)
        if not self._keys:
            return []
        _, distances, positions = self._flat.range_search(_codes({"p_hash": p_hash}), radius)
        return self._matches(distances, positions)

    def pairs(self, max_distance: int = SIMILAR) -> Iterator[Pair[Key]]:
        """Give every two pictures whose hashes differ in at most `max_distance` bits, each pair once.

        Of a million pictures that takes about a minute on two processors, and memory for what is found in ten thousand.

        Raises:
            ValueError: `max_distance` is not from 0 to 64.
        """
        radius = _radius(max_distance)
        return (
            Pair(self._keys[first], self._keys[second], int(distance))
            for first, second, distance in _pairs(self._codes, self._flat, radius)
        )

    def groups(self, max_distance: int = SIMILAR) -> list[list[Key]]:
        """Return the groups of near duplicates: pictures that are connected by steps of at most `max_distance` bits.

        Pictures that resemble no other are in no group. The largest group comes first; within a group the order is that
        in which the pictures were given.

        Raises:
            ValueError: `max_distance` is not from 0 to 64.
        """
        radius = _radius(max_distance)
        # A picture that is there a thousand times makes half a million pairs: equal hashes are counted once.
        unique, first_positions, group_of = np.unique(
            self._codes.view(np.uint64).ravel(), return_index=True, return_inverse=True
        )
        codes = np.ascontiguousarray(self._codes[first_positions])
        index: Any = faiss.IndexBinaryFlat(BITS)
        index.add(codes)
        parents = list(range(len(unique)))
        for first, second, _ in _pairs(codes, index, radius):
            parents[_root(parents, first)] = _root(parents, second)
        members: dict[int, list[Key]] = {}
        for key, group in zip(self._keys, group_of.ravel().tolist(), strict=True):
            members.setdefault(_root(parents, group), []).append(key)
        return sorted((group for group in members.values() if len(group) > 1), key=len, reverse=True)

    def _matches(self, distances: NDArray[np.int32], positions: NDArray[np.int64]) -> list[Match[Key]]:
        found = sorted(zip(distances.tolist(), positions.tolist(), strict=True))
        return [Match(self._keys[position], int(distance)) for distance, position in found]


def _codes(hashes: Mapping[Any, object]) -> NDArray[np.uint8]:
    packed = bytearray()
    for key, p_hash in hashes.items():
        if not isinstance(p_hash, str):
            raise TypeError(f"the pHash of {key!r} must be text (got {type(p_hash).__name__})")
        try:
            code = bytes.fromhex(p_hash)
        except ValueError:
            code = b""
        if len(code) * 8 != BITS or len(p_hash) * 4 != BITS:  # fromhex() also takes blanks
            raise ValueError(f"the pHash of {key!r} must be 16 hexadecimal digits (got {p_hash!r})")
        packed += code
    return np.frombuffer(bytes(packed), np.uint8).reshape(-1, BITS // 8)


def _radius(max_distance: int) -> int:
    if not isinstance(max_distance, int) or not 0 <= max_distance <= BITS:
        raise ValueError(f"max_distance must be from 0 to {BITS} bits (got {max_distance!r})")
    return max_distance + 1  # FAISS leaves its radius out


def _pairs(codes: NDArray[np.uint8], flat: Any, radius: int) -> Iterator[tuple[int, int, int]]:
    index = flat
    if len(codes) >= _TABLE_FROM and radius - 1 <= _TABLE_MAX_DISTANCE:
        index = faiss.IndexBinaryMultiHash(BITS, _TABLE_KEYS, _TABLE_KEY_BITS)
        index.nflip = (radius - 1) // _TABLE_KEYS
        index.add(codes)
    for start in range(0, len(codes), _BLOCK):
        block = codes[start : start + _BLOCK]
        limits, distances, positions = index.range_search(block, radius)
        queries = np.repeat(np.arange(start, start + len(block)), np.diff(limits.astype(np.int64)))
        later = positions > queries  # each pair once, and no picture with itself
        yield from zip(queries[later].tolist(), positions[later].tolist(), distances[later].tolist(), strict=True)


def _root(parents: list[int], position: int) -> int:
    while parents[position] != position:
        parents[position] = parents[parents[position]]
        position = parents[position]
    return position
