"""Find similar images: images in a library that look like a given one, or like each other.

`ImageKit.get_file_metadata` returns a perceptual hash of each image (`p_hash`): 64 bits that hardly change when the
image is scaled, compressed or slightly edited. The fewer of these bits differ, the more similar two images are.

The search uses FAISS (extra ``similar``), which compares a million hashes in a millisecond. To compare just two hashes,
`phash_distance` needs no extra.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

try:
    import faiss
    import numpy as np
except ImportError as _exc:
    raise ImportError(
        'imagekitio.similar needs FAISS: install imagekitio with the extra "similar" (README, "Installation")'
    ) from _exc

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

Key = TypeVar("Key", bound=Hashable)

BITS = 64
SIMILAR = 8  # bits: two images that differ in no more than this nearly always show the same thing

# From this number of hashes on, a hash table finds all pairs faster than comparing each with each, although it needs
# several probes per hash (measured). Both ways are exact.
_TABLE_FROM = 300_000
# The table has three keys of 21 bits. If at most 8 bits differ, at most 2 differ in one of the three.
_TABLE_KEYS, _TABLE_KEY_BITS, _TABLE_MAX_DISTANCE = 3, 21, 8
_BLOCK = 10_000  # hashes looked up at a time, which limits the memory for the pairs found


@dataclass(frozen=True)
class Match(Generic[Key]):
    """An image that a search found.

    Attributes:
        key: Key of the image in the index.
        distance: Number of bits in which its hash differs from the given one.
    """

    key: Key
    distance: int


@dataclass(frozen=True)
class Pair(Generic[Key]):
    """Two similar images.

    Attributes:
        first, second: Keys of the images in the index.
        distance: Number of bits in which their hashes differ.
    """

    first: Key
    second: Key
    distance: int


class PhashIndex(Generic[Key]):
    """A searchable index of the perceptual hashes of a library.

    ::

        index = PhashIndex((file.file_id, imagekit.get_file_metadata(file.file_id).p_hash) for file in files)
        index.nearest(index["65e6c5a9b7d1f2034a5b6c7d"], 10)
        index.groups()

    Args:
        hashes: Key and hash of each image, as a dict or in pairs. A key is anything that identifies the image, such as
            its file ID; a hash is 16 hexadecimal digits. If a key occurs twice, its last hash counts.

    Raises:
        TypeError: `hashes` is neither a dict nor pairs, or a hash is not a str.
        ValueError: A hash is not 16 hexadecimal digits; the message names the image.
    """

    def __init__(self, hashes: Mapping[Key, str] | Iterable[tuple[Key, str]]) -> None:
        pairs: dict[Key, str] = dict(_read_pairs(hashes))
        self._keys: list[Key] = list(pairs)
        self._codes: NDArray[np.uint8] = _pack_hashes(pairs)
        self._positions: dict[Key, int] = {key: position for position, key in enumerate(self._keys)}
        self._flat: Any = faiss.IndexBinaryFlat(BITS)
        self._flat.add(self._codes)

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: object) -> bool:
        return key in self._positions

    def __getitem__(self, key: Key) -> str:
        """Return the hash of an image; raise KeyError if the index does not contain it."""
        code: bytes = self._codes[self._positions[key]].tobytes()
        return code.hex()

    def nearest(self, p_hash: str, count: int = 10) -> list[Match[Key]]:
        """Return the `count` images whose hashes differ least from `p_hash`, the most similar first.

        Raises:
            ValueError: `p_hash` is not 16 hexadecimal digits, or `count` is below 1.
            TypeError: `p_hash` is not a str, or `count` is not a whole number.
        """
        if not isinstance(count, int) or isinstance(count, bool):
            raise TypeError(f"count must be a whole number (got {count!r})")
        if count < 1:
            raise ValueError(f"count must be 1 or more (got {count})")
        if not self._keys:
            return []
        distances, positions = self._flat.search(_pack_hashes({"p_hash": p_hash}), min(count, len(self._keys)))
        return self._build_matches(distances[0], positions[0])

    def within(self, p_hash: str, max_distance: int = SIMILAR) -> list[Match[Key]]:
        """Return all images whose hashes differ from `p_hash` in at most `max_distance` bits, the most similar first.

        Raises:
            ValueError: `p_hash` is not 16 hexadecimal digits, or `max_distance` is not from 0 to 64.
            TypeError: `p_hash` is not a str.
        """
        radius = _check_radius(max_distance)
        if not self._keys:
            return []
        _, distances, positions = self._flat.range_search(_pack_hashes({"p_hash": p_hash}), radius)
        return self._build_matches(distances, positions)

    def pairs(self, max_distance: int = SIMILAR) -> Iterator[Pair[Key]]:
        """Yield every pair of images whose hashes differ in at most `max_distance` bits, each pair once.

        For a million images this takes about a minute on two processors. Images are searched in blocks of 10,000, and
        only the pairs of one block are in memory.

        Raises:
            ValueError: `max_distance` is not from 0 to 64.
        """
        radius = _check_radius(max_distance)
        return (
            Pair(self._keys[first], self._keys[second], int(distance))
            for first, second, distance in _find_pairs(self._codes, self._flat, radius)
        )

    def groups(self, max_distance: int = SIMILAR) -> list[list[Key]]:
        """Return the groups of near duplicates: images connected by steps of at most `max_distance` bits.

        Images that do not resemble any other are left out. The largest group comes first. Within a group, images are in
        the order in which they were given.

        Raises:
            ValueError: `max_distance` is not from 0 to 64.
        """
        radius = _check_radius(max_distance)
        # A thousand copies of an image would make half a million pairs, so equal hashes are searched only once.
        unique, first_positions, group_of = np.unique(
            self._codes.view(np.uint64).ravel(), return_index=True, return_inverse=True
        )
        codes = np.ascontiguousarray(self._codes[first_positions])
        index: Any = faiss.IndexBinaryFlat(BITS)
        index.add(codes)
        parents = list(range(len(unique)))
        for first, second, _ in _find_pairs(codes, index, radius):
            parents[_find_root(parents, first)] = _find_root(parents, second)
        members: dict[int, list[Key]] = {}
        for key, group in zip(self._keys, group_of.ravel().tolist(), strict=True):
            members.setdefault(_find_root(parents, group), []).append(key)
        return sorted((group for group in members.values() if len(group) > 1), key=len, reverse=True)

    def _build_matches(self, distances: NDArray[np.int32], positions: NDArray[np.int64]) -> list[Match[Key]]:
        found = sorted(zip(distances.tolist(), positions.tolist(), strict=True))
        return [Match(self._keys[position], int(distance)) for distance, position in found]


def _read_pairs(hashes: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(hashes, str) or not hasattr(hashes, "__iter__"):
        raise TypeError(f"hashes must be a dict, or pairs of a key and a hash (got {hashes!r})")
    for pair in hashes.items() if isinstance(hashes, Mapping) else hashes:
        try:
            key, p_hash = pair
        except (TypeError, ValueError):
            raise TypeError(f"hashes must be a dict, or pairs of a key and a hash (it contains {pair!r})") from None
        yield key, p_hash


def _pack_hashes(hashes: Mapping[Any, object]) -> NDArray[np.uint8]:
    packed = bytearray()
    for key, p_hash in hashes.items():
        if not isinstance(p_hash, str):
            raise TypeError(f"the pHash of {key!r} must be a str (got {type(p_hash).__name__})")
        try:
            code = bytes.fromhex(p_hash)
        except ValueError:
            code = b""
        if len(code) * 8 != BITS or len(p_hash) * 4 != BITS:  # fromhex() also accepts spaces
            raise ValueError(f"the pHash of {key!r} must be 16 hexadecimal digits (got {p_hash!r})")
        packed += code
    return np.frombuffer(bytes(packed), np.uint8).reshape(-1, BITS // 8)


def _check_radius(max_distance: int) -> int:
    if not isinstance(max_distance, int) or not 0 <= max_distance <= BITS:
        raise ValueError(f"max_distance must be from 0 to {BITS} bits (got {max_distance!r})")
    return max_distance + 1  # FAISS excludes its radius


def _find_pairs(codes: NDArray[np.uint8], flat: Any, radius: int) -> Iterator[tuple[int, int, int]]:
    index = flat
    if len(codes) >= _TABLE_FROM and radius - 1 <= _TABLE_MAX_DISTANCE:
        index = faiss.IndexBinaryMultiHash(BITS, _TABLE_KEYS, _TABLE_KEY_BITS)
        index.nflip = (radius - 1) // _TABLE_KEYS
        index.add(codes)
    for start in range(0, len(codes), _BLOCK):
        block = codes[start : start + _BLOCK]
        limits, distances, positions = index.range_search(block, radius)
        queries = np.repeat(np.arange(start, start + len(block)), np.diff(limits.astype(np.int64)))
        later = positions > queries  # each pair once, and no image with itself
        yield from zip(queries[later].tolist(), positions[later].tolist(), distances[later].tolist(), strict=True)


def _find_root(parents: list[int], position: int) -> int:
    while parents[position] != position:
        parents[position] = parents[parents[position]]
        position = parents[position]
    return position
