"""Bytes on their way in, and where they are kept."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.local.storage.contents import HEAD_BYTES, Contents

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def contents(tmp_path: Path) -> Contents:
    return Contents(tmp_path)


def files(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def keep(contents: Contents, data: bytes) -> str:
    with contents.incoming() as incoming:
        incoming.write(data)
        contents.keep(incoming)
        return incoming.content_hash


def test_what_is_kept_has_its_place_and_leaves_nothing_behind(contents: Contents, tmp_path: Path) -> None:
    content_hash = keep(contents, b"hello")
    assert contents.path(content_hash).read_bytes() == b"hello"
    assert files(tmp_path) == [b"hello"]
    assert list(contents.hashes()) == [content_hash]


def test_what_is_not_kept_is_removed(contents: Contents, tmp_path: Path) -> None:
    with contents.incoming() as incoming:
        incoming.write(b"hello")
        assert incoming.path.read_bytes() == b"hello"
    assert files(tmp_path) == []


def test_no_file_is_made_before_it_is_used(contents: Contents, tmp_path: Path) -> None:
    with contents.incoming():
        assert files(tmp_path) == []


def test_the_block_may_be_left_twice(contents: Contents, tmp_path: Path) -> None:
    with contents.incoming() as incoming, incoming:
        incoming.write(b"hello")
    with contents.incoming() as incoming, incoming:
        incoming.write(b"kept")
        contents.keep(incoming)
    assert files(tmp_path) == [b"kept"]


def test_the_same_bytes_are_kept_once(contents: Contents, tmp_path: Path) -> None:
    assert keep(contents, b"hello") == keep(contents, b"hello")
    assert files(tmp_path) == [b"hello"]


def test_bytes_that_somebody_reads_are_not_replaced_where_that_is_impossible(
    contents: Contents, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:  # as Windows does
        raise PermissionError

    keep(contents, b"hello")
    monkeypatch.setattr(os, "replace", refuse)
    keep(contents, b"hello")
    assert files(tmp_path) == [b"hello"]
    with pytest.raises(PermissionError):
        keep(contents, b"other")
    assert files(tmp_path) == [b"hello"]


@pytest.mark.parametrize("sizes", [[0], [5], [1000] * 9, [HEAD_BYTES, 1], [1, HEAD_BYTES * 2]])
def test_the_first_bytes_stay_at_hand(contents: Contents, sizes: list[int]) -> None:
    pieces = [os.urandom(size) for size in sizes]
    with contents.incoming() as incoming:
        for piece in pieces:
            incoming.write(piece)
        assert incoming.head == b"".join(pieces)[:HEAD_BYTES]
        assert incoming.size == sum(sizes)
