"""Decides where ``mv`` and ``cp`` put items, as in POSIX: into a folder or under a new name; and what they refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..base.failures import REFUSED, USAGE, Failure
from .library import find_item, has_wildcards, is_folder, join_path, list_folder, path_of, split_path
from .names import check_file, check_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...client import ImageKit
    from .changes import Changes


class Source(NamedTuple):
    """A file or folder to move or copy."""

    path: str
    is_folder: bool


class Placement(NamedTuple):
    """A file or folder, and the new path of it or of its copy.

    Attributes:
        source: The file or folder.
        target: The new path.
        exists: Whether an item of the same kind has that path already, and gets a new version or is merged with.
    """

    source: Source
    target: str
    exists: bool


def plan_placements(
    client: ImageKit,
    changes: Changes,
    sources: Sequence[Source],
    destination: str,
    *,
    may_rename: bool,
    overwrite: bool,
) -> list[Placement]:
    """Return where each item goes; those that are refused become failures.

    Args:
        client: Client of the account.
        changes: Where failures are reported.
        sources: What is to be moved or copied.
        destination: Folder to put the sources into if it ends with a slash or is an existing folder; otherwise the new
            path of the only source.
        may_rename: Whether `destination` may be a new path, which requires a single source that is not a pattern.
        overwrite: Whether a file may become a new version of an existing one, and a folder be merged with one.
    Raises:
        Failure: `destination` is not valid; nothing was changed.
    """
    if has_wildcards(destination) or not destination.startswith("/"):
        raise Failure(f"the destination must be one folder or path of the media library (got {destination})", USAGE)
    taken: Mapping[str, bool]
    at_destination = None if destination.endswith("/") else find_item(client, destination)
    if destination.endswith("/") or (at_destination is not None and is_folder(at_destination)):
        folder = destination.rstrip("/") or "/"
        check_folder(folder)
        targets = [join_path(folder, split_path(source.path)[1]) for source in sources]
        taken = _find_taken(client, folder, targets)
    elif may_rename:
        (source,) = sources
        (check_folder if source.is_folder else check_file)(destination)
        targets = [destination]
        taken = {} if at_destination is None else {destination: False}
    else:
        what = "is a file" if at_destination is not None else "does not exist"
        raise Failure(
            f"the destination of several files or a pattern must be a folder, but {destination} {what};"
            f" for a new folder, add a slash: {destination}/",
            USAGE,
        )
    placements: list[Placement] = []
    promised: dict[str, str] = {}
    for source, target in zip(sources, targets, strict=True):
        if (refusal := _find_refusal(source, target, taken, promised, overwrite=overwrite)) is not None:
            changes.fail(source.path, Failure(refusal, REFUSED))
        else:
            promised[target] = source.path
            placements.append(Placement(source, target, target in taken))
    return placements


def _find_taken(client: ImageKit, folder: str, targets: Sequence[str]) -> dict[str, bool]:
    """Return which paths in a folder are taken, and whether by a folder."""
    if len(targets) == 1:
        found = find_item(client, targets[0])
        return {} if found is None else {targets[0]: is_folder(found)}
    wanted = set(targets)
    return {path: is_folder(item) for item in list_folder(client, folder) if (path := path_of(item)) in wanted}


def _find_refusal(
    source: Source, target: str, taken: Mapping[str, bool], promised: Mapping[str, str], *, overwrite: bool
) -> str | None:
    """Return why a source may not go to a target; None if it may."""
    if target == source.path:
        return "is already there"
    if source.is_folder and target.startswith(f"{source.path}/"):
        return f"cannot be put into itself ({target})"
    if target in promised:
        return f"would collide with {promised[target]} at {target}: put them into different folders"
    if target not in taken:
        return None
    if taken[target] != source.is_folder:
        return f"{target} is a {'folder' if taken[target] else 'file'}: choose another name"
    if overwrite:
        return None
    what = "is merged with it" if source.is_folder else "becomes a new version of it"
    return f"{target} exists: with --overwrite, this {'folder' if source.is_folder else 'file'} {what}"
