"""Where entries go in the media library, and what is there already."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from ...bulk.sync import Change, remote_path
from ...operations.file_names import distinguish_names
from ..base.texts import format_size

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .entries import Entry


class Placement(NamedTuple):
    """An entry, and what is done with it."""

    entry: Entry
    change: Change
    is_renamed: bool = False


def place_entries(
    entries: Sequence[Entry], folder: str, there: Mapping[str, int], *, may_replace: bool
) -> Iterator[Placement]:
    """Yield what to do with each entry.

    A file of the same size is taken to be the same; so is any file, if the source does not say a size. Nothing else is
    needed to continue a run that was interrupted: the service has a file whole or not at all.

    Args:
        entries: The entries.
        folder: Canonical folder of the media library where they go.
        there: Sizes in bytes of the files in that folder and below it, by their paths.
        may_replace: Whether a file of another size gets a new version; otherwise that is refused.
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
        reason = entry.reason or _find_fault(entry, first[entry.name], there.get(path), may_replace=may_replace)
        if reason:
            # It has no path of its own: that may be one of another entry.
            yield Placement(entry, Change("refuse", entry.shown, None, None, reason, entry.size_bytes))
        elif path not in there:
            yield Placement(entry, Change("upload", path, size_bytes=entry.size_bytes), path != given)
        elif entry.size_bytes in (None, there[path]):
            yield Placement(entry, Change("keep", path, size_bytes=entry.size_bytes), path != given)
        else:
            yield Placement(entry, Change("replace", path, size_bytes=entry.size_bytes), path != given)


def _find_fault(entry: Entry, first: Entry, size_there: int | None, *, may_replace: bool) -> str:
    if first is not entry:
        return f"has the same name as {first.shown}"
    if entry.size_bytes == 0:
        return "is empty, which the service refuses"
    if size_there is None or entry.size_bytes is None or entry.size_bytes == size_there or may_replace:
        return ""
    return f"a file of another size is there ({format_size(size_there)}): --replace makes a new version of it"
