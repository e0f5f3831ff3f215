"""All near-duplicate pairs of a library, compared with NumPy comparing every two hashes."""

from __future__ import annotations

import time

import numpy as np

from imagekitio.similar import PhashIndex

from .budgets import Row

PICTURES = 100_000
MAX_DISTANCE = 8
BLOCK = 500
SHARE = 20  # the floor measures one block of rows in 20 and multiplies, since all of them would take minutes


def _time_numpy(codes: np.ndarray[tuple[int], np.dtype[np.uint64]]) -> tuple[float, int]:
    found = 0
    started = time.perf_counter()
    for start in range(0, PICTURES, BLOCK * SHARE):
        differing = np.bitwise_count(codes[start : start + BLOCK, None] ^ codes[None, :])
        found += int(np.count_nonzero(differing <= MAX_DISTANCE))
    return (time.perf_counter() - started) * SHARE, found


def measure() -> list[Row]:
    codes = np.random.default_rng(1).integers(0, 2**64, PICTURES, dtype=np.uint64)
    codes[-2000:] = codes[:2000] ^ np.uint64(0b1011)  # near duplicates
    floor, _ = _time_numpy(codes)
    library = {number: f"{code:016x}" for number, code in enumerate(codes.tolist())}
    started = time.perf_counter()
    pairs = list(PhashIndex(library).pairs(MAX_DISTANCE))
    seconds = time.perf_counter() - started
    assert len(pairs) >= 2000
    what = f"all pairs within {MAX_DISTANCE} bits of {PICTURES:,} pHashes"
    return [Row(what, f"NumPy, XOR and popcount (1/{SHARE} measured)", seconds, floor, 0.5, "s")]
