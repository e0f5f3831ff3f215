from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.urls.phash import phash_distance

hashes = st.integers(0, 2**64 - 1).map(lambda number: f"{number:016x}")


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [
        ("f06830ca9f1e3e90", "f06830ca9f1e3e90", 0),
        ("2d5ad3936d2e015b", "2d6ed293db36a4fb", 17),
        ("a4a65595ac94518b", "7838873e791f8400", 37),
        ("0", "f", 4),
        ("00" * 32, "FF" * 32, 256),
    ],
)
def test_the_distances_match_the_documentation(first: str, second: str, distance: int) -> None:
    assert phash_distance(first, second) == distance


@given(hashes, hashes, hashes)
def test_the_distance_is_a_metric(first: str, second: str, third: str) -> None:
    assert (phash_distance(first, second) == 0) == (first == second)
    assert phash_distance(first, second) == phash_distance(second, first) <= 64
    assert phash_distance(first, third) <= phash_distance(first, second) + phash_distance(second, third)


@pytest.mark.parametrize("missing", ["", None, 5, b"f06830ca9f1e3e90"])
def test_a_missing_hash_is_a_type_error(missing: Any) -> None:
    with pytest.raises(TypeError, match="a pHash must be text"):
        phash_distance("f06830ca9f1e3e90", missing)


@pytest.mark.parametrize(
    "text", ["not hexadecimal!", "0x6830ca9f1e3e90", "+06830ca9f1e3e90", "f06830ca_9f1e3e9", "٠" * 16]
)
def test_text_that_is_not_hexadecimal_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match="a pHash must be hexadecimal"):
        phash_distance(text, "f06830ca9f1e3e90")


def test_hashes_of_unequal_length_are_a_value_error() -> None:
    with pytest.raises(ValueError, match=r"same length \(got 16 and 4 digits\)"):
        phash_distance("f06830ca9f1e3e90", "f068")
