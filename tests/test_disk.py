"""Files and folders on the local disk."""

from __future__ import annotations

import errno
import fcntl
import io
import os
import socket
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.disk import (
    LocalFile,
    PartialFile,
    Sink,
    has_content,
    list_local_files,
    open_sink,
    read_local_file,
    remove_leftovers,
    resolve_name,
    walk_folder,
)

from .files import forbid_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MIB = 1 << 20


def test_hidden_files_and_links_are_skipped_by_default(tmp_path: Path) -> None:
    for name in ("a.txt", ".hidden", ".git/config", "b/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("content")
    (tmp_path / "b/up").symlink_to(tmp_path)
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")

    def names(**options: bool) -> list[str]:
        how = {"include_hidden": False, "follow_symlinks": False, **options}
        return [file.path.relative_to(tmp_path).as_posix() for file in list_local_files(tmp_path, **how)]

    assert names() == ["a.txt", "b/c.txt"]
    assert names(include_hidden=True) == [".hidden", "a.txt", ".git/config", "b/c.txt"]
    assert names(follow_symlinks=True) == ["a.txt", "link.txt", "b/c.txt"]


def find_reasons(root: Path, **options: Any) -> dict[str, str]:
    """Return the reason why each file or folder is skipped, by its path below the folder."""
    how: Any = {"include_hidden": False, "follow_symlinks": False, **options}
    left_out = [one for one in walk_folder(root, **how) if not isinstance(one, LocalFile)]
    return {
        one.path.relative_to(root).as_posix(): one.reason if isinstance(one.reason, str) else type(one.reason).__name__
        for one in left_out
    }


def test_everything_skipped_is_reported_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.txt", ".hidden", ".git/config", "b/c.txt", "drafts/d.txt", "shut/e.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("content")
    (tmp_path / "b/up").symlink_to(tmp_path)
    (tmp_path / "nowhere").symlink_to(tmp_path / "missing")
    os.mkfifo(tmp_path / "pipe")
    part = PartialFile(tmp_path / "z.txt", "z.txt")
    part.open()  # an incomplete download is not listed at all
    forbid_folder(monkeypatch, tmp_path / "shut")
    always = {"pipe": "special", "shut": "PermissionError"}
    links = {"b/up": "symlink", "nowhere": "symlink"}
    hidden = {".hidden": "hidden", ".git": "hidden"}
    assert find_reasons(tmp_path) == {**always, **links, **hidden}
    assert find_reasons(tmp_path, include_hidden=True) == {**always, **links}
    followed = {"b/up": "loop", "nowhere": "FileNotFoundError"}
    assert find_reasons(tmp_path, follow_symlinks=True) == {**always, **followed, **hidden}
    forbid_folder(monkeypatch, tmp_path / "drafts")
    excluded = find_reasons(tmp_path, is_excluded=lambda path: path.as_posix() in ("drafts", "shut", "b"))
    assert excluded == {
        **hidden,
        **dict.fromkeys(("drafts", "shut", "b"), "excluded"),
        "pipe": "special",
        "nowhere": "symlink",
    }
    part.discard()


def test_a_linked_folder_is_listed_under_both_names(tmp_path: Path) -> None:
    (tmp_path / "v1").mkdir()
    (tmp_path / "v1/a.txt").write_text("content")
    (tmp_path / "current").symlink_to("v1")
    found = list_local_files(tmp_path, include_hidden=False, follow_symlinks=True)
    assert [file.path.relative_to(tmp_path).as_posix() for file in found] == ["current/a.txt", "v1/a.txt"]


def test_a_listing_of_files_only_refuses_an_unreadable_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shut").mkdir()
    forbid_folder(monkeypatch, tmp_path / "shut")
    with pytest.raises(PermissionError):
        list_local_files(tmp_path, include_hidden=False, follow_symlinks=False)


def test_pipes_sockets_and_folders_are_not_regular_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(tmp_path / "socket"))
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "socket", "folder"):
        with pytest.raises(ValueError, match="is not a regular file"):
            read_local_file(tmp_path / name)


def test_a_listing_has_sizes_and_times(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"content")
    (found,) = list_local_files(tmp_path, include_hidden=False, follow_symlinks=False)
    assert found == (path, 7, path.stat().st_mtime)


def test_a_missing_folder_is_an_error_and_not_an_empty_listing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list_local_files(tmp_path / "missing", include_hidden=False, follow_symlinks=False)


@pytest.mark.parametrize("name", ["../a", "a/../../b", "", "/", "a\0b", "..\\a"])
def test_no_name_escapes_from_a_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="needs the name of a file below"):
        resolve_name(tmp_path, name)


def test_a_name_resolves_below_the_folder_wherever_it_has_slashes(tmp_path: Path) -> None:
    assert resolve_name(tmp_path, "/a//./b.txt/") == tmp_path / "a" / "b.txt"


def test_a_partial_file_is_hidden_until_it_is_kept_and_then_replaces_the_existing_file(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.txt"
    for content in (b"first", b"second"):
        file = PartialFile(path, "unused")
        file.open()
        file.sink.write(content)
        assert sum(one.name.startswith(".") for one in path.parent.iterdir()) == 1
        file.keep()
        assert [(one, one.read_bytes()) for one in path.parent.iterdir()] == [(path, content)]


def test_a_partial_file_for_a_folder_is_named_after_the_last_part_of_the_name(tmp_path: Path) -> None:
    file = PartialFile(tmp_path, "shop/a.txt")
    file.open()
    file.keep()
    assert file.path == tmp_path / "a.txt"


def test_a_discarded_partial_file_leaves_nothing_whether_or_not_it_was_opened(tmp_path: Path) -> None:
    file = PartialFile(tmp_path / "a.txt", "a.txt")
    file.discard()
    file.open()
    file.discard()
    assert list(tmp_path.iterdir()) == []


LEFTOVER = ".imagekitio-0123456789abcdef.part"


def begin(path: Path, content: bytes = b"half") -> PartialFile:
    file = PartialFile(path, "unused")
    file.open()
    file.sink.write(content)
    return file


def test_leftover_partial_files_are_removed_while_those_in_progress_and_other_files_stay(tmp_path: Path) -> None:
    others = [".0123456789abcdef.part", "imagekitio-0123456789abcdef.part", f"{LEFTOVER}.txt", "a.part"]
    for name in (LEFTOVER, *others):
        (tmp_path / name).write_text("content")
    (tmp_path / LEFTOVER.replace("0", "a")).mkdir()
    (tmp_path / LEFTOVER.replace("0", "b")).symlink_to(tmp_path / "a.part")
    file = begin(tmp_path / "a.txt")
    before = {path.name for path in tmp_path.iterdir()}
    remove_leftovers(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == before - {LEFTOVER}
    file.keep()
    assert (tmp_path / "a.txt").read_bytes() == b"half"
    remove_leftovers(tmp_path / "missing")


@pytest.mark.parametrize("end", [PartialFile.keep, PartialFile.discard])
def test_a_finished_partial_file_is_no_longer_locked(tmp_path: Path, end: Callable[[PartialFile], object]) -> None:
    file = begin(tmp_path / "a.txt")
    with next(tmp_path.iterdir()).open("rb") as other:
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        end(file)
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_partial_file_is_locked_until_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = begin(tmp_path / "a.txt", b"content")
    set_times = os.utime

    def interfere(*arguments: Any, **keywords: Any) -> None:
        remove_leftovers(tmp_path)  # as another run may do at any moment
        set_times(*arguments, **keywords)

    monkeypatch.setattr(os, "utime", interfere)
    file.keep(changed_at=5)
    assert (tmp_path / "a.txt").read_bytes() == b"content"


def test_a_partial_file_that_another_run_removes_before_it_is_locked_is_created_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = fcntl.flock
    removed: list[Path] = []

    def remove_and_lock(file: Any, how: int) -> None:
        if not removed:
            removed.extend(tmp_path.iterdir())
            removed[0].unlink()
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", remove_and_lock)
    begin(tmp_path / "a.txt").keep()
    assert len(removed) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_without_locks_partial_files_work_and_none_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    (tmp_path / LEFTOVER).write_text("half")
    file = begin(tmp_path / "a.txt")
    remove_leftovers(tmp_path)
    file.keep()
    assert {path.name for path in tmp_path.iterdir()} == {"a.txt", LEFTOVER}


def test_partial_files_are_not_listed(tmp_path: Path) -> None:
    begin(tmp_path / "a.txt").keep()
    file = begin(tmp_path / "b.txt")
    found = list_local_files(tmp_path, include_hidden=True, follow_symlinks=False)
    assert [one.path.name for one in found] == ["a.txt"]
    file.discard()


@pytest.mark.parametrize(
    ("other", "is_same"),
    [(b"x" * MIB, True), (b"x" * (MIB - 1), False), (b"x" * (MIB + 1), False), (b"x" * (MIB - 1) + b"y", False)],
)
def test_contents_are_compared_to_the_last_byte(tmp_path: Path, other: bytes, is_same: bool) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"x" * MIB)
    copy = BytesIO(other)
    copy.read()
    assert has_content(path, copy) is is_same


def test_a_sink_writes_from_the_current_position_and_rewinds_to_it() -> None:
    file = BytesIO(b"head")
    file.seek(4)
    sink = Sink(file)
    sink.write(b"old content")
    sink.rewind()
    sink.write(b"new")
    assert file.getvalue() == b"headnew"
    assert not file.closed


def test_a_sink_that_rewinds_keeps_what_follows_in_the_file() -> None:
    file = BytesIO(b"head, body and tail")
    file.seek(6)
    sink = Sink(file)
    sink.write(b"BO")
    sink.rewind()
    sink.write(b"BODY")
    assert file.getvalue() == b"head, BODY and tail"


def test_a_file_opened_for_appending_restarts_without_the_first_attempt(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"before,")
    with path.open("ab") as file:
        sink = Sink(file)
        sink.write(b"old content")
        sink.rewind()
        sink.write(b"new")
    assert path.read_bytes() == b"before,new"


class Hesitant(io.RawIOBase):
    """An unbuffered file that accepts a few bytes at a time, and none once it is full."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.taken = b""

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int | None:
        if not self.room and data:
            return None
        count = min(self.room, 3, len(data))
        self.room -= count
        self.taken += bytes(data[:count])
        return count


def test_a_block_is_written_whole_even_if_the_file_accepts_it_in_pieces() -> None:
    file = Hesitant(100)
    open_sink(file).write(b"0123456789")
    assert file.taken == b"0123456789"


def test_a_non_blocking_file_that_accepts_no_more_is_an_error() -> None:
    sink = open_sink(Hesitant(4))
    with pytest.raises(BlockingIOError, match="the file accepts no more data for now"):
        sink.write(b"0123456789")


class Silent:
    """A file that accepts everything and returns None from write, like Django's `HttpResponse`."""

    def __init__(self) -> None:
        self.taken = b""

    def write(self, data: bytes) -> None:
        self.taken += data


def test_if_write_returns_none_everything_was_written() -> None:
    file = Silent()
    sink = open_sink(file)
    sink.write(b"0123456789")
    assert file.taken == b"0123456789"
    assert not sink.can_rewind


class Awaited:
    async def write(self, data: bytes) -> None: ...


def test_an_object_that_does_not_accept_bytes_is_not_a_sink(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.touch()
    closed = BytesIO()
    closed.close()
    with path.open("w") as text, path.open("rb") as reading:
        wrong: list[tuple[object, type[Exception], str]] = [
            (text, TypeError, "open in text mode: open it with mode 'wb'"),
            (io.StringIO(), TypeError, "open in text mode"),
            (reading, TypeError, "not open for writing"),
            (closed, ValueError, "to is closed"),
            (Awaited(), TypeError, "that is not a coroutine"),
            (b"a.jpg", TypeError, r"a path or a binary file object \(got bytes\)"),
            (None, TypeError, r"got NoneType"),
        ]
        for file, kind, message in wrong:
            with pytest.raises(kind, match=message):
                open_sink(file)
