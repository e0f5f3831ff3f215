from __future__ import annotations

import itertools
import random
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio import similar
from imagekitio.similar import Match, Pair, PhashIndex
from imagekitio.urls.phash import phash_distance

# A few base images and many variants of them, so that there are neighbours at every distance.
hashes = st.lists(
    st.tuples(st.sampled_from([0, 2**64 - 1, 0xF06830CA9F1E3E90]), st.sets(st.integers(0, 63), max_size=12)),
    max_size=30,
).map(lambda made: [f"{base ^ sum(1 << bit for bit in bits):016x}" for base, bits in made])
distances = st.integers(0, 64)


def brute_force_pairs(given_hashes: list[str], max_distance: int) -> list[tuple[int, int, int]]:
    return [
        (first, second, phash_distance(given_hashes[first], given_hashes[second]))
        for first, second in itertools.combinations(range(len(given_hashes)), 2)
        if phash_distance(given_hashes[first], given_hashes[second]) <= max_distance
    ]


def find_pairs(index: PhashIndex[int], max_distance: int) -> list[tuple[int, int, int]]:
    return sorted((pair.first, pair.second, pair.distance) for pair in index.pairs(max_distance))


@given(hashes, distances)
def test_all_pairs_within_a_distance_are_found_once(given_hashes: list[str], max_distance: int) -> None:
    index = PhashIndex(enumerate(given_hashes))
    assert find_pairs(index, max_distance) == brute_force_pairs(given_hashes, max_distance)


@given(hashes, st.integers(0, 8))
def test_the_hash_table_for_large_libraries_finds_the_same_pairs(given_hashes: list[str], max_distance: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(similar, "_TABLE_FROM", 0)
        index = PhashIndex(enumerate(given_hashes))
        assert find_pairs(index, max_distance) == brute_force_pairs(given_hashes, max_distance)


@given(hashes, distances)
def test_groups_are_connected_and_separate_from_each_other(given_hashes: list[str], max_distance: int) -> None:
    groups = PhashIndex(enumerate(given_hashes)).groups(max_distance)
    group_of = {position: number for number, group in enumerate(groups) for position in group}
    pairs = brute_force_pairs(given_hashes, max_distance)
    for first, second, _ in pairs:
        assert group_of[first] == group_of[second]
    assert set(group_of) == {position for pair in pairs for position in pair[:2]}
    neighbours: dict[int, set[int]] = {position: {position} for position in group_of}
    for first, second, _ in pairs:
        joined = neighbours[first] | neighbours[second]
        for position in joined:
            neighbours[position] = joined
    assert sorted(map(sorted, groups)) == sorted(
        {tuple(sorted(members)): sorted(members) for members in neighbours.values()}.values()
    )


@given(hashes.filter(len), st.integers(1, 40))
def test_the_nearest_come_first(given_hashes: list[str], count: int) -> None:
    wanted = given_hashes[0]
    found = PhashIndex(enumerate(given_hashes)).nearest(wanted, count)
    expected = sorted(phash_distance(wanted, other) for other in given_hashes)[:count]
    assert [match.distance for match in found] == expected
    assert all(match.distance == phash_distance(wanted, given_hashes[match.key]) for match in found)


def test_all_within_a_distance_are_found() -> None:
    index = PhashIndex({"a": "0000000000000000", "b": "0000000000000003", "c": "ffffffffffffffff"})
    assert index.within("0000000000000001", 1) == [Match("a", 1), Match("b", 1)]
    assert index.within("0000000000000001", 64)[-1] == Match("c", 63)
    assert list(index.pairs()) == [Pair("a", "b", 2)]
    assert {type(match.distance) for match in index.within("0000000000000001")} == {int}
    assert {type(pair.distance) for pair in index.pairs()} == {int}
    assert index.groups() == [["a", "b"]]


def test_many_copies_of_an_image_are_one_group() -> None:
    index = PhashIndex((number, "f06830ca9f1e3e90") for number in range(2000))
    (group,) = index.groups(0)
    assert group == list(range(2000))


def test_an_index_contains_its_images() -> None:
    index = PhashIndex([("a", "0000000000000000"), ("a", "F06830CA9F1E3E90")])
    assert (len(index), "a" in index, "b" in index, index["a"]) == (1, True, False, "f06830ca9f1e3e90")
    with pytest.raises(KeyError):
        index["b"]


def test_an_empty_library_has_nothing_similar() -> None:
    index: PhashIndex[str] = PhashIndex({})
    for found in (index.nearest("0" * 16), index.within("0" * 16), list(index.pairs()), index.groups()):
        assert found == []


@pytest.mark.parametrize(
    ("p_hash", "error"), [("00", ValueError), ("0" * 15 + "g", ValueError), ("00 " * 8, ValueError), (None, TypeError)]
)
def test_the_error_for_an_invalid_hash_names_the_image(p_hash: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="the pHash of 'shoe' must be"):
        PhashIndex({"shoe": p_hash})


@pytest.mark.parametrize(
    "call",
    [lambda index: index.nearest("0" * 16, 0), lambda index: index.pairs(65), lambda index: index.within("0" * 16, -1)],
)
def test_an_invalid_count_or_distance_is_refused(call: Any) -> None:
    with pytest.raises(ValueError, match="must be"):
        call(PhashIndex({"a": "0" * 16}))


def test_near_duplicates_are_found_in_a_large_library() -> None:
    numbers = random.Random(1)
    library = {number: f"{numbers.getrandbits(64):016x}" for number in range(20_000)}
    library[20_000] = f"{int(library[7], 16) ^ 0b10110001:016x}"
    assert PhashIndex(library).groups() == [[7, 20_000]]


def test_without_the_extra_the_error_says_what_to_install() -> None:
    code = "import sys; sys.modules['faiss'] = None; import imagekitio.similar"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert 'install imagekitio with the extra "similar"' in done.stderr


@pytest.mark.parametrize("hashes", [5, None, "f06830ca9f1e3e90", ["f06830ca9f1e3e90"], [("a", "b", "c")], [("a",)]])
def test_hashes_that_are_neither_a_dict_nor_pairs_are_refused(hashes: Any) -> None:
    with pytest.raises(TypeError, match="hashes must be a dict, or pairs of a key and a hash"):
        PhashIndex(hashes)


@pytest.mark.parametrize("count", ["3", None, 2.5, True])
def test_a_count_that_is_not_a_whole_number_is_refused(count: Any) -> None:
    with pytest.raises(TypeError, match=f"count must be a whole number .got {count!r}"):
        PhashIndex({"a": "0" * 16}).nearest("0" * 16, count)
