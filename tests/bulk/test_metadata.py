"""Metadata of many files, against local ImageKit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from imagekitio import BadRequestException, NotFoundException

if TYPE_CHECKING:
    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

PICTURES = Path(__file__).parents[2] / "sample" / "pictures"
GONE = "65e6c5a9b7d1f2034a5b6c7d"


def test_each_file_takes_one_request_and_gives_what_a_single_call_returns(ik: ImageKit, server: LocalImageKit) -> None:
    for name in ("cat.jpg", "coffee.jpg"):
        ik.upload_file(PICTURES / name, name)
    files = list(ik.iter_files())
    seen: list[tuple[int, int | None]] = []
    outcomes = list(ik.get_metadata_many(files, on_progress=lambda done, total: seen.append((done, total))))
    assert sum(request.path.endswith("/metadata") for request in server.requests) == 2
    assert seen == [(1, 2), (2, 2)]
    assert {id(done.item) for done in outcomes} == {id(file) for file in files}
    for done in outcomes:
        assert done.unwrap().p_hash == ik.get_file_metadata(done.item).p_hash is not None


def test_a_file_without_metadata_does_not_affect_the_others(ik: ImageKit) -> None:
    picture = ik.upload_file(PICTURES / "cat.jpg", "cat.jpg").file_id
    text = ik.upload_file(b"hello", "hello.txt").file_id
    outcomes = {done.item: done for done in ik.get_metadata_many([text, GONE, picture])}
    assert isinstance(outcomes[text].error, BadRequestException)
    assert isinstance(outcomes[GONE].error, NotFoundException)
    assert outcomes[picture].unwrap().format == "jpg"


def test_files_can_be_passed_on_as_they_are_listed(ik: ImageKit) -> None:
    for number in range(5):
        ik.upload_file(PICTURES / "cat.jpg", f"{number}.jpg", folder="/cats")
    hashes = {done.unwrap().p_hash for done in ik.get_metadata_many(ik.iter_files(path="/cats", page_size=2))}
    assert len(hashes) == 1
