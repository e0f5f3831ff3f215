"""Where entries go in the media library, and what is there already."""

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


class FileThere(NamedTuple):
    """What is compared of a file that is in the media library already: of very many, everything would take memory."""

    size_bytes: int
    tags: Sequence[str]
    is_private: bool


class Placement(NamedTuple):
    """An entry, and what is done with it."""

    entry: Entry
    change: Change
    is_renamed: bool = False


def place_entries(
    entries: Sequence[Entry], folder: str, there: Mapping[str, FileThere], *, may_replace: bool
) -> Iterator[Placement]:
    """Yield what to do with each entry.

    A file of the same size is taken to be the same, unless a tag says that it has another content; so is any file, if
    the source does not say a size. Nothing else is needed to continue a run that was interrupted: the service has a
    file whole or not at all.

    Args:
        entries: The entries.
        folder: Canonical folder of the media library where they go.
        there: The files in that folder and below it, by their paths.
        may_replace: Whether a file that differs gets a new version; otherwise that is refused.
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
        difference = _find_difference(entry, there[path]) if path in there else ""
        reason = entry.reason or _find_fault(entry, first[entry.name])
        if not reason and difference and not may_replace:
            reason = f"{difference}: --replace makes a new version of it"
        if reason:
            # It has no path of its own: that may be one of another entry.
            yield Placement(entry, Change("refuse", entry.shown, None, None, reason, entry.size_bytes))
            continue
        action: Action = "replace" if difference else "keep" if path in there else "upload"
        yield Placement(entry, Change(action, path, size_bytes=entry.size_bytes), path != given)


def _find_fault(entry: Entry, first: Entry) -> str:
    if first is not entry:
        return f"has the same name as {first.shown}"
    return "is empty, which the service refuses" if entry.size_bytes == 0 else ""


def _find_difference(entry: Entry, file: FileThere) -> str:
    """Return how the file that is there differs from an entry; empty if it is the same."""
    if entry.size_bytes not in (None, file.size_bytes):
        return f"a file of another size is there ({format_size(file.size_bytes)})"
    prefix = entry.content_tag.rpartition("-")[0]
    contents = [tag for tag in file.tags if entry.content_tag and tag.startswith(f"{prefix}-")]
    if contents and entry.content_tag not in contents:
        return "a file of another content is there"
    if entry.options.get("is_private_file") and not file.is_private:
        return "the file that is there is public, and this one is private"
    return ""
