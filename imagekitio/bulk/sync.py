"""The changes that make one folder match another, in either direction, and the comparison that finds them."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, cast
from urllib.parse import quote

from ..disk import Sink, has_content
from ..exceptions import ForbiddenException, NotFoundException, UnauthorizedException
from ..models.moments import to_unix_time
from ..operations.file_names import clean_file_name, clean_folder_name
from ..operations.paging import list_pages
from ..search import Q
from .downloads import fetch_file, source_url
from .work import Blocking, Call, Each, Failed, Gather, Succeeded

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path, PurePath

    from ..disk import LocalFile
    from ..models.files import FileResult
    from ..urls.builder import UrlBuilder
    from .work import Done, Job, Progress

Action = Literal["upload", "download", "replace", "delete", "keep", "skip", "refuse"]
Compare = Literal["quick", "content"]

# The file is a draft, or its delivery is restricted, so its content cannot be compared.
_NOT_DELIVERED = (NotFoundException, UnauthorizedException, ForbiddenException)

_IN_MEMORY_BYTES = 1024 * 1024
_SAME_MOMENT_SECONDS = 0.001  # the service sends milliseconds; file systems round times
# A search is part of a URL, and many servers refuse URLs of more than 8 KB. All numbers count characters after
# percent-encoding, including those around each name (``"", ``) and folder (``(path = "" AND name IN []) OR ``).
_SEARCH_CHARACTERS = 4000
_AROUND_NAME, _AROUND_FOLDER = 12, 70


@dataclass(frozen=True)
class Change:
    """A change of one file by syncing or pulling; `ImageKit.apply_changes` carries it out.

    Attributes:
        action: ``upload`` or ``download`` for a new file, ``replace`` for one with different content, ``delete`` for
            one that does not exist on the other side, ``keep`` for an identical one; ``skip`` for a local file or
            folder that is left out, with everything below it; ``refuse`` for one that cannot be read, or that the other
            side would not accept.
        path: Path in the media library.
        local: Path of the local file; None if there is none and none will be created.
        file_id: ID of the remote file; None if there is none.
        reason: Why the file is refused, as a sentence; or why it is skipped: ``hidden``, ``symlink``, ``special`` (a
            pipe, a socket or a device) or ``loop`` (a link to a folder that contains it).
        size_bytes: Size in bytes of the file to transfer or to delete.
        remote: The remote file as it was listed, if there is one; a new version keeps its attributes.
        before: For pulling, the local file as it was when it was compared; None if there was none.
        url: For `pull_files`, the URL of the file; otherwise None, and the URL follows from `remote`.
    """

    action: Action
    path: str
    local: Path | None = None
    file_id: str | None = None
    reason: str = ""
    size_bytes: int | None = None
    remote: FileResult | None = field(default=None, repr=False, compare=False)
    before: LocalFile | None = field(default=None, repr=False, compare=False)
    url: str | None = field(default=None, repr=False, compare=False)  # may be signed


def check_compare(compare: Compare) -> None:
    """Raise ValueError if `compare` is not valid."""
    if compare not in ("quick", "content"):
        raise ValueError(f"compare must be 'quick' or 'content' (got {compare!r})")


def search_files(query: str | None) -> Job[list[FileResult]]:
    """Return all files that a search finds; without a query, all files of the library."""
    found: list[FileResult] = []
    listing = list_pages(search_query=query) if query else list_pages()
    step = next(listing)
    while step.operation is not None:
        step = listing.send((yield Call(step.operation)))
        found += step.files
    return found


def write_searches(paths: Iterable[str]) -> list[str]:
    """Return searches for the files at some paths, so that the work grows with the paths, not with the library."""
    searches: list[str] = []
    batch: dict[str, list[str]] = {}
    length = 0
    for folder, name in sorted({path.rpartition("/")[::2] for path in paths}):
        needed = len(quote(name)) + _AROUND_NAME + (0 if folder in batch else len(quote(folder)) + _AROUND_FOLDER)
        if batch and length + needed > _SEARCH_CHARACTERS:
            searches.append(_write_search(batch))
            batch, length = {}, 0
        batch.setdefault(folder, []).append(name)
        length += needed
    return [*searches, *([_write_search(batch)] if batch else [])]


def _write_search(batch: Mapping[str, Iterable[str]]) -> str:
    conditions = ((Q.path == (folder or "/")) & Q.name.in_(names) for folder, names in batch.items())
    return str(reduce(or_, conditions))


def compare_files(
    builder: UrlBuilder,
    targets: Sequence[tuple[LocalFile, str]],
    there: Mapping[str, FileResult],
    compare: Compare,
    on_compare: Progress | None = None,
) -> Generator[Gather, Any, list[Change]]:
    """Return the change for each local file; see `plan_local_files` for the arguments."""
    plan = list(plan_local_files(targets, there))
    changed_at: dict[Path | None, float] = {file.path: file.changed_at for file, _ in targets}
    # Files of the same size are identical if the local one was last changed before the first upload of the remote one.
    # (Its `updated_at` is not suitable: a new tag changes it too.) Otherwise the contents must be compared.
    doubtful = [
        change
        for change in select(plan, "keep")
        if compare == "content"
        or (
            changed_at[change.local] >= to_unix_time(there[change.path].created_at)
            and not was_pulled(changed_at[change.local], there[change.path])
        )
    ]
    compared = yield Gather(
        Each(doubtful, has_same_content, lambda change: (change.local, source_url(builder, there[change.path], {}))),
        on_compare,
    )
    different = {done.item for done in compared if not done.result}
    return [replace(change, action="replace") if change in different else change for change in plan]


def was_pulled(changed_at: float, file: FileResult) -> bool:
    """Return whether a local file has the modification time that `pull_folder` sets for the remote file.

    Args:
        changed_at: Modification time of the local file as a Unix time.
        file: The remote file; every change of it also changes its `updated_at`.
    """
    return abs(changed_at - to_unix_time(file.updated_at)) < _SAME_MOMENT_SECONDS


def has_same_content(pair: tuple[Path, str]) -> Job[bool]:
    """Return whether a local file has the content that a URL delivers; small contents are kept in memory."""
    path, url = pair
    with tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES) as file:
        copy = cast("BinaryIO", file)
        try:
            yield from fetch_file(url, Sink(copy))
        except _NOT_DELIVERED:
            return False
        is_same: bool = yield Blocking(partial(has_content, path, copy))
        return is_same


def select(plan: Iterable[Change], *actions: Action) -> list[Change]:
    """Return the changes with one of these actions."""
    return [change for change in plan if change.action in actions]


def is_pull(change: Change) -> bool:
    """Return whether a change affects a local file."""
    return change.action == "download" or change.before is not None


def report(plan: Iterable[Change]) -> list[Done[Change, Any]]:
    """Return outcomes of changes that need no work, or must not be carried out."""
    return [Failed(c, ValueError(c.reason)) if c.action == "refuse" else Succeeded(c, None) for c in plan]


def clean_remote_folder(remote: str) -> str:
    """Return the canonical path of a folder; ``""`` is the root.

    Raises:
        TypeError: `remote` is not a str.
        ValueError: `remote` contains ``..`` or characters that the service would replace, so that files would end up
            elsewhere.
    """
    if not isinstance(remote, str):
        raise TypeError(f"the remote folder must be a str (got {type(remote).__name__})")
    parts = [part for part in remote.split("/") if part]
    for part in parts:
        if clean_folder_name(part) != part:
            raise ValueError(
                f"names of remote folders may contain only letters, digits, '_' and '-' (got {part!r} in {remote!r})"
            )
    return "".join(f"/{part}" for part in parts)


def plan_local_files(targets: Iterable[tuple[LocalFile, str]], there: Mapping[str, FileResult]) -> Iterator[Change]:
    """Yield the change for each local file, assuming that files of the same size are identical.

    Args:
        targets: Local files, each with its path in the media library.
        there: Remote files by their paths.
    """
    taken: dict[str, Path] = {}
    for file, path in targets:
        if path in taken:
            if taken[path] != file.path:
                reason = describe_clash(file.path, path, taken[path])
                yield Change("refuse", path, file.path, None, reason, file.size)
            continue
        taken[path] = file.path
        if file.size == 0:
            yield Change(
                "refuse",
                path,
                file.path,
                None,
                f"{file.path}: the file is empty, and the service refuses empty files",
                0,
            )
        elif path not in there:
            yield Change("upload", path, file.path, size_bytes=file.size)
        elif file.size == there[path].size:
            yield Change("keep", path, file.path, there[path].file_id, "", file.size, there[path])
        else:
            yield Change("replace", path, file.path, there[path].file_id, "", file.size, there[path])


def describe_clash(local: Path, path: str, other: Path) -> str:
    """Return the reason for refusing a local file that would be stored under the same path as another one."""
    return f"{local}: would be stored as {path}, like {other}: rename one of them"


def remote_path(folder: str, relative: PurePath) -> str:
    """Return the path that the service gives a file: it replaces characters in names of folders and files."""
    *folders, name = relative.parts
    return "/".join([folder, *(clean_folder_name(part) for part in folders), clean_file_name(name)])
