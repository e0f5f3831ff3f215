"""Decides where entries go in the media library, and compares them with the files that exist."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from ...bulk.sync import Change, remote_path
from ...operations.file_names import distinguish_names
from ..base.texts import format_size

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ...bulk.sync import Action
    from .entries import Entry


class ExistingFile(NamedTuple):
    """The compared properties of an existing file; all properties of very many files would take too much memory."""

    size_bytes: int
    tags: Sequence[str]
    is_private: bool


class Placement(NamedTuple):
    """An entry, and what to do with it."""

    entry: Entry
    change: Change
    is_renamed: bool = False


def place_entries(
    entries: Sequence[Entry], folder: str, existing: Mapping[str, ExistingFile], *, may_replace: bool
) -> Iterator[Placement]:
    """Yield what to do with each entry.

    A file of the same size is taken to be the same, unless a tag shows that its content differs. If the source gives
    no size, any existing file is taken to be the same. This is enough to continue an interrupted run: the service
    stores a file completely or not at all.

    Args:
        entries: The entries.
        folder: Canonical folder of the media library where they go.
        existing: The files in that folder and below it, by path.
        may_replace: Whether a file that differs gets a new version; otherwise the entry is refused.
    """
    first: dict[str, Entry] = {}
    names: dict[str, str] = {}
    for entry in entries:
        if not entry.reason:
            first.setdefault(entry.name, entry)
            names.setdefault(f"{folder}/{entry.name}", remote_path(folder, PurePosixPath(entry.name)))
    paths = distinguish_names(names)
    for entry in entries:
        given = f"{folder}/{entry.name}"
        path = paths.get(given, given)
        difference = _find_difference(entry, existing[path]) if path in existing else ""
        reason = entry.reason or _find_fault(entry, first[entry.name])
        if not reason and difference and not may_replace:
            reason = f"{difference}: --replace makes a new version of it"
        if reason:
            # Without a path: its path may belong to another entry.
            yield Placement(entry, Change("refuse", entry.shown, None, None, reason, entry.size_bytes))
            continue
        action: Action = "replace" if difference else "keep" if path in existing else "upload"
        yield Placement(entry, Change(action, path, size_bytes=entry.size_bytes), path != given)


def _find_fault(entry: Entry, first: Entry) -> str:
    if first is not entry:
        return f"has the same name as {first.shown}"
    return "the file is empty, and the service refuses empty files" if entry.size_bytes == 0 else ""


def _find_difference(entry: Entry, file: ExistingFile) -> str:
    """Return how the existing file differs from an entry; empty if it is the same."""
    if entry.size_bytes not in (None, file.size_bytes):
        return f"a file with a different size exists ({format_size(file.size_bytes)})"
    prefix = entry.content_tag.rpartition("-")[0]
    contents = [tag for tag in file.tags if entry.content_tag and tag.startswith(f"{prefix}-")]
    if contents and entry.content_tag not in contents:
        return "a file with different content exists"
    if entry.options.get("is_private_file") and not file.is_private:
        return "the existing file is public, and this one is private"
    return ""
