"""Makes a remote folder like a local one: what to do is worked out first, then done.

Nothing is remembered between runs: each compares what is there. So a run that was killed is taken up by the next one.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from ..exceptions import ForbiddenException, NotFoundException, UnauthorizedException
from ..models.moments import unix_time
from ..operations.names import clean_file_name, clean_folder_name
from .deletions import delete_many
from .downloads import source_url
from .uploads import checked
from .window import Counter, Done, Shared

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Any, BinaryIO

    from ..client import ImageKit
    from ..models.files import FileResult
    from ..models.uploads import UploadFileResult
    from .window import Window

Action = Literal["upload", "replace", "delete", "keep", "refuse"]
Compare = Literal["quick", "content"]

_BLOCK_BYTES = 128 * 1024
_IN_MEMORY_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Change:
    """What syncing does with one file.

    Attributes:
        action: ``upload`` a new file, ``replace`` one by a new version, ``delete`` one that is not here, ``keep`` one
            that is the same; ``refuse`` a file here that the service would not take.
        path: In the media library.
        local: The file here; None for ``delete``.
        file_id: Of the file there; None for ``upload``.
        reason: Why it is refused.
    """

    action: Action
    path: str
    local: Path | None = None
    file_id: str | None = None
    reason: str = ""


class LocalFile(NamedTuple):
    """A file of this machine: its size, and when it was changed, in Unix time."""

    path: Path
    size: int
    changed_at: float


class Options(NamedTuple):
    """How `sync_folder` compares and what it may do."""

    delete: bool
    compare: Compare
    include_hidden: bool
    follow_symlinks: bool
    dry_run: bool


def sync_folder(
    client: ImageKit,
    local: str | os.PathLike[str],
    remote: str,
    options: Options,
    common: Mapping[str, Any],
    how: Window,
) -> Iterator[Done[Change, UploadFileResult | bool]]:
    """Make a remote folder like a local one; see `ImageKit.sync_folder`."""
    own = sorted({"folder", "use_unique_file_name", "overwrite_file"} & common.keys())
    if own:
        raise TypeError(f"sync_folder sets {', '.join(own)} itself; leave it out")
    if options.compare not in ("quick", "content"):
        raise ValueError(f"compare must be 'quick' or 'content' (got {options.compare!r})")
    root = Path(local)
    if not root.is_dir():
        raise NotADirectoryError(f"there is no folder {str(root)!r}")
    return _synced(client, root, remote_folder(remote), options, checked(common), how)


def _synced(
    client: ImageKit, root: Path, folder: str, options: Options, common: Mapping[str, Any], how: Window
) -> Iterator[Done[Change, UploadFileResult | bool]]:
    plan = _plan(client, root, folder, options, how.without_progress())
    progress = Counter(plan, how.on_progress)
    for done in _settled(plan) if options.dry_run else _carried_out(client, plan, common, how.without_progress()):
        progress.one_more()
        yield done


def _plan(client: ImageKit, root: Path, folder: str, options: Options, how: Window) -> list[Change]:
    # Both sides are read to their end before anything changes: an error in between must not look like a missing file.
    here = list(local_files(root, options.include_hidden, options.follow_symlinks))
    there = {file.file_path: file for file in _remote_files(client, folder)}
    doubtful = [pair for pair in pairs(root, folder, here, there) if is_doubtful(*pair, options.compare)]
    different = set[Path]()
    for done in how.each(partial(_has_content, Shared(client)), doubtful):
        if done.error is not None:
            raise done.error
        if not done.result:
            different.add(done.item[0].path)
    plan = list(planned(root, folder, here, there, different))
    return [*plan, *deletions(plan, there)] if options.delete else plan


def _settled(plan: Iterable[Change]) -> Iterator[Done[Change, UploadFileResult | bool]]:
    for change in plan:
        yield Done(change, error=ValueError(change.reason) if change.action == "refuse" else None)


def _carried_out(
    client: ImageKit, plan: Sequence[Change], common: Mapping[str, Any], how: Window
) -> Iterator[Done[Change, UploadFileResult | bool]]:
    for settled in _settled(change for change in plan if change.action in ("keep", "refuse")):
        yield settled
        if settled.error is not None and how.stop_on_error:
            return
    has_failed = False
    uploads = [change for change in plan if change.action in ("upload", "replace")]
    for uploaded in how.each(partial(_upload, Shared(client), common), uploads):
        has_failed = has_failed or uploaded.error is not None
        yield Done(uploaded.item, uploaded.result, uploaded.error)
    extra = {change.file_id: change for change in plan if change.action == "delete" and change.file_id}
    if has_failed:
        # What is not here may be there under another name: it goes only when all that is here is safely there.
        for change in () if how.stop_on_error else extra.values():
            yield Done(change, error=RuntimeError(f"{change.path}: is not deleted, because an upload failed"))
        return
    for deleted in delete_many(client, list(extra), how):
        yield Done(extra[str(deleted.item)], deleted.result, deleted.error)


def remote_folder(remote: str) -> str:
    """Return the canonical path of a folder; ``""`` is the root.

    Raises:
        ValueError: It climbs, or has characters that the service would replace, so that files would go elsewhere.
    """
    parts = [part for part in remote.split("/") if part]
    for part in parts:
        if clean_folder_name(part) != part:
            raise ValueError(
                f"a remote folder may have letters, digits, '_' and '-' in its names (got {part!r} in {remote!r})"
            )
    return "".join(f"/{part}" for part in parts)


def local_files(root: Path, include_hidden: bool, follow_symlinks: bool) -> Iterator[LocalFile]:
    """Yield the regular files below a folder, sorted by path.

    Raises:
        OSError: A folder cannot be read.
    """

    def refuse(error: OSError) -> None:
        raise error

    seen = set[tuple[int, int]]()
    for folder, folders, names in os.walk(root, onerror=refuse, followlinks=follow_symlinks):
        if follow_symlinks:  # a link to a folder above would go round for ever
            status = os.stat(folder)
            if (status.st_dev, status.st_ino) in seen:
                folders.clear()
                continue
            seen.add((status.st_dev, status.st_ino))
        folders[:] = sorted(name for name in folders if include_hidden or not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            if (name.startswith(".") and not include_hidden) or (path.is_symlink() and not follow_symlinks):
                continue
            if path.is_file():  # not a pipe, a socket, or a link that leads nowhere
                status = path.stat()
                yield LocalFile(path, status.st_size, status.st_mtime)


def _remote_files(client: ImageKit, folder: str) -> Iterator[FileResult]:
    if folder:
        return client.iter_files(search_query=f'path : "{folder}"')
    return client.iter_files()


def pairs(
    root: Path, folder: str, here: Iterable[LocalFile], there: Mapping[str, FileResult]
) -> Iterator[tuple[LocalFile, FileResult]]:
    """Yield each local file that is on both sides and as long there."""
    for file in here:
        found = there.get(remote_path(folder, file.path.relative_to(root)))
        if found is not None and found.size == file.size > 0:
            yield file, found


def is_doubtful(file: LocalFile, there: FileResult, compare: Compare) -> bool:
    """Say whether only the contents can tell if two files that are as long are the same.

    Not when the one here was last changed before the first upload of the one there. Its `updated_at` would not do: a
    new tag changes that too.
    """
    return compare == "content" or file.changed_at >= unix_time(there.created_at)


def planned(
    root: Path,
    folder: str,
    here: Iterable[LocalFile],
    there: Mapping[str, FileResult],
    different: Collection[Path],
) -> Iterator[Change]:
    """Yield what to do with each local file; `different` are those as long as the ones there, with other contents."""
    taken: dict[str, Path] = {}
    for file in here:
        path = remote_path(folder, file.path.relative_to(root))
        first = taken.setdefault(path, file.path)
        if first != file.path:
            yield Change("refuse", path, file.path, None, f"{file.path}: is {path} there, like {first}")
        elif file.size == 0:
            yield Change("refuse", path, file.path, None, f"{file.path}: is empty, which the service refuses")
        elif path not in there:
            yield Change("upload", path, file.path)
        else:
            same = file.size == there[path].size and file.path not in different
            yield Change("keep" if same else "replace", path, file.path, there[path].file_id)


def deletions(plan: Iterable[Change], there: Mapping[str, FileResult]) -> Iterator[Change]:
    """Yield what to do with the files that are there only."""
    here = {change.path for change in plan}
    for path, file in there.items():
        if path not in here:
            yield Change("delete", path, None, file.file_id)


def remote_path(folder: str, relative: Path) -> str:
    """Return the path that the service gives a file: it replaces characters in names of folders and files."""
    *folders, name = relative.parts
    return "/".join([folder, *(clean_folder_name(part) for part in folders), clean_file_name(name)])


def _has_content(shared: Shared[ImageKit], pair: tuple[LocalFile, FileResult]) -> bool:
    """Download a file and compare it with the one here."""
    here, there = pair
    with tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES) as copy, here.path.open("rb") as file:
        sink: Any = copy
        try:
            shared.client._fetch(source_url(shared.client, there, {}), sink)
        except (NotFoundException, UnauthorizedException, ForbiddenException):
            return False  # a draft, or delivery is restricted: then there is no telling
        copy.seek(0)
        return _are_equal(file, sink)


def _are_equal(file: BinaryIO, copy: BinaryIO) -> bool:
    while True:
        block = file.read(_BLOCK_BYTES)
        if block != copy.read(_BLOCK_BYTES):
            return False
        if not block:
            return True


def _upload(shared: Shared[ImageKit], common: Mapping[str, Any], change: Change) -> UploadFileResult:
    assert change.local is not None
    folder, _, name = change.path.rpartition("/")
    # Not to be overwritten when it was not there: somebody else may have put it there since.
    own = {"folder": folder or "/", "use_unique_file_name": False, "overwrite_file": change.action == "replace"}
    return shared.client.upload_file(change.local, name, {**common, **own})
