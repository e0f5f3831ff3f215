"""Changing the tags of many files, against local ImageKit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from imagekitio import BadRequestException

from .files import upload

if TYPE_CHECKING:
    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

GONE = "65e6c5a9b7d1f2034a5b6c7d"


def read_tags(ik: ImageKit) -> set[tuple[str, ...]]:
    return {tuple(sorted(file.tags or ())) for file in ik.iter_files()}


def count_requests(server: LocalImageKit, word: str) -> int:
    return sum(word in request.path for request in server.requests)


@pytest.mark.slow
def test_files_are_tagged_in_requests_of_fifty(ik: ImageKit, server: LocalImageKit) -> None:
    upload(ik, 120, tags=["old", "kept"])
    seen: list[tuple[int, int | None]] = []
    files = list(ik.iter_files())
    outcomes = list(
        ik.tag_many(files, add=["new"], remove=["old"], on_progress=lambda done, total: seen.append((done, total)))
    )
    assert [done.result for done in outcomes] == ["changed"] * 120
    assert {id(done.item) for done in outcomes} == {id(file) for file in files}
    assert read_tags(ik) == {("kept", "new")}
    assert seen[-1] == (120, 120)
    assert (count_requests(server, "addTags"), count_requests(server, "removeTags")) == (3, 3)


def test_clear_replaces_all_tags_or_removes_them(ik: ImageKit) -> None:
    upload(ik, 3, tags=["old"])
    assert [done.result for done in ik.tag_many(ik.iter_files(), add=["a", "b"], clear=True)] == ["changed"] * 3
    assert read_tags(ik) == {("a", "b")}
    outcomes = {
        done.item: done.result for done in ik.tag_many([GONE, *(f.file_id for f in ik.iter_files())], clear=True)
    }
    assert outcomes.pop(GONE) == "missing"
    assert {*outcomes.values()} == {"changed"}
    assert read_tags(ik) == {()}


def test_a_file_that_cannot_take_the_tags_does_not_affect_the_others(ik: ImageKit) -> None:
    upload(ik, 4)
    full, *others = ik.iter_files()
    ik.update_file_details(full, tags=["x" * 499])
    items = [full.file_id, GONE, "", *(other.file_id for other in others)]
    outcomes = {done.item: done for done in ik.tag_many(items, add=["ab"])}
    assert isinstance(outcomes[full.file_id].error, BadRequestException)
    assert outcomes[GONE].result == "missing"
    assert isinstance(outcomes[""].error, ValueError)
    assert {outcomes[other.file_id].result for other in others} == {"changed"}
    assert all(ik.get_file_details(other).tags == ["ab"] for other in others)


def test_removed_tags_make_room_for_added_ones(ik: ImageKit) -> None:
    upload(ik, 1, tags=["x" * 499])
    assert [done.result for done in ik.tag_many(ik.iter_files(), add=["y" * 400], remove=["x" * 499])] == ["changed"]
    assert read_tags(ik) == {("y" * 400,)}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "pass tags to add or to remove"),
        ({"clear": True, "remove": ["a"]}, "leave remove out"),
        ({"add": ["a", "b"], "remove": ["b"]}, "must not share tags .got b in both"),
        ({"add": "ab"}, "add must be a list of str"),
        ({"add": [""]}, "every entry of add"),
        ({"add": None}, "add is missing"),
    ],
)
def test_empty_or_contradictory_arguments_are_refused_immediately(
    ik: ImageKit, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        ik.tag_many([GONE], **arguments)
