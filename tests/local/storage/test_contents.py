"""Receiving bytes and keeping them."""

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


def read_files(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def keep(contents: Contents, data: bytes) -> str:
    with contents.incoming() as incoming:
        incoming.write(data)
        contents.keep(incoming)
        return incoming.content_hash


def test_kept_bytes_have_their_path_and_leave_nothing_behind(contents: Contents, tmp_path: Path) -> None:
    content_hash = keep(contents, b"hello")
    assert contents.path(content_hash).read_bytes() == b"hello"
    assert read_files(tmp_path) == [b"hello"]
    assert list(contents.hashes()) == [content_hash]


def test_bytes_that_are_not_kept_are_removed(contents: Contents, tmp_path: Path) -> None:
    with contents.incoming() as incoming:
        incoming.write(b"hello")
        assert incoming.path.read_bytes() == b"hello"
    assert read_files(tmp_path) == []


def test_no_file_is_created_before_it_is_needed(contents: Contents, tmp_path: Path) -> None:
    with contents.incoming():
        assert read_files(tmp_path) == []


def test_the_block_may_be_left_twice(contents: Contents, tmp_path: Path) -> None:
    with contents.incoming() as incoming, incoming:
        incoming.write(b"hello")
    with contents.incoming() as incoming, incoming:
        incoming.write(b"kept")
        contents.keep(incoming)
    assert read_files(tmp_path) == [b"kept"]


def test_the_same_bytes_are_kept_once(contents: Contents, tmp_path: Path) -> None:
    assert keep(contents, b"hello") == keep(contents, b"hello")
    assert read_files(tmp_path) == [b"hello"]


def test_the_same_bytes_can_be_kept_again_if_their_file_cannot_be_replaced(
    contents: Contents, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:  # as Windows does
        raise PermissionError

    keep(contents, b"hello")
    monkeypatch.setattr(os, "replace", refuse)
    keep(contents, b"hello")
    assert read_files(tmp_path) == [b"hello"]
    with pytest.raises(PermissionError):
        keep(contents, b"other")
    assert read_files(tmp_path) == [b"hello"]


@pytest.mark.parametrize("sizes", [[0], [5], [1000] * 9, [HEAD_BYTES, 1], [1, HEAD_BYTES * 2]])
def test_the_first_bytes_stay_in_memory(contents: Contents, sizes: list[int]) -> None:
    pieces = [os.urandom(size) for size in sizes]
    with contents.incoming() as incoming:
        for piece in pieces:
            incoming.write(piece)
        assert incoming.head == b"".join(pieces)[:HEAD_BYTES]
        assert incoming.size == sum(sizes)
