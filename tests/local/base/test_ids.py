"""Identifiers in the form of a MongoDB ObjectId."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from imagekitio.local.base.names import ObjectIds, is_object_id


def test_an_id_begins_with_the_seconds_and_has_24_hexadecimal_digits() -> None:
    new = ObjectIds().new(0x65E6C5A9 + 0.5)
    assert new.startswith("65e6c5a9")
    assert is_object_id(new)


def test_ids_made_by_many_threads_in_one_second_differ() -> None:
    ids = ObjectIds()
    with ThreadPoolExecutor(8) as pool:
        drawn = list(pool.map(lambda _: ids.new(0), range(5000)))
    assert len(set(drawn)) == len(drawn)


@pytest.mark.parametrize(
    "text", ["", "65e6c5a9b7d1f2034a5b6c7", "65E6C5A9B7D1F2034A5B6C7D", "g" * 24, "0" * 24 + "\n", 5]
)
def test_anything_else_is_not_an_id(text: object) -> None:
    assert not is_object_id(text)
