"""Makes a remote folder like a local one: what to do is worked out first, then done.

Nothing is remembered between runs: each compares what is there, so a run that was killed is continued by the next one.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, NamedTuple, cast

from ..disk import Sink, has_content, list_local_files
from ..exceptions import ForbiddenException, NotFoundException, UnauthorizedException
from ..models.moments import to_unix_time
from ..models.spelling import to_snake_case
from ..models.uploads import UploadFileRequestOptions
from ..operations.core import check_progress
from ..operations.file_names import clean_file_name, clean_folder_name
from ..operations.paging import list_pages
from ..operations.uploads import upload_file
from .deletions import BATCH_SIZE, delete_batch
from .downloads import fetch_file, source_url
from .uploads import read_common_options
from .work import Blocking, Call, Each, Failed, Gather, Give, Succeeded, Total

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence

    from ..disk import LocalFile
    from ..models.files import FileResult, ListAndSearchFileKeywords
    from ..models.uploads import UploadFileResult
    from ..urls.builder import UrlBuilder
    from .deletions import Deletion
    from .uploads import StartTransfer
    from .work import Done, Job, Work

Action = Literal["upload", "download", "replace", "delete", "keep", "refuse"]
Compare = Literal["quick", "content"]

# The file is a draft, or its delivery is restricted: then its content cannot be compared.
_NOT_DELIVERED = (NotFoundException, UnauthorizedException, ForbiddenException)

_IN_MEMORY_BYTES = 1024 * 1024
_SAME_MOMENT_SECONDS = 0.001  # the service gives milliseconds; disks round what they are given


@dataclass(frozen=True)
class Change:
    """What `sync_folder` or `pull_folder` does with one file.

    Attributes:
        action: ``upload`` or ``download`` for a new file, ``replace`` for one that has another content, ``delete`` for
            one that does not exist on the other side, ``keep`` for one that is the same; ``refuse`` for a file that
            the other side would not accept.
        path: Path in the media library.
        local: Path of the local file; None if there is none and none is to be made.
        file_id: Id of the remote file; None if there is none.
        reason: Why the file is refused.
        size_bytes: Size in bytes of the file to transfer or to delete.
    """

    action: Action
    path: str
    local: Path | None = None
    file_id: str | None = None
    reason: str = ""
    size_bytes: int | None = None


class Options(NamedTuple):
    """How `sync_folder` compares, and what it may do."""

    delete: bool
    compare: Compare
    include_hidden: bool
    follow_symlinks: bool
    dry_run: bool


def sync_folder(
    builder: UrlBuilder,
    local: str | os.PathLike[str],
    remote: str,
    options: Options,
    keywords: Mapping[str, Any],
    start_transfer: StartTransfer | None = None,
) -> Work:
    """Make a remote folder like a local one; see `ImageKit.sync_folder`."""
    check_progress(start_transfer, "start_transfer")
    own = sorted({"folder", "use_unique_file_name", "overwrite_file"} & set(map(to_snake_case, keywords)))
    if own:
        raise TypeError(f"sync_folder sets {', '.join(own)} itself; leave it out")
    check_comparison(options.compare)
    if not isinstance(cast("object", local), (str, os.PathLike)):
        raise TypeError(f"local must be the path of a folder (got {type(local).__name__})")
    root = Path(local)
    if not root.is_dir():
        raise NotADirectoryError(f"there is no folder {str(root)!r}")
    common = read_common_options(keywords)
    return _sync_folder(builder, root, clean_remote_folder(remote), options, common, start_transfer)


def _sync_folder(
    builder: UrlBuilder,
    root: Path,
    folder: str,
    options: Options,
    common: UploadFileRequestOptions,
    start_transfer: StartTransfer | None,
) -> Work:
    plan = yield from _plan_changes(builder, root, folder, options)
    yield Total(len(plan))
    if options.dry_run:
        yield Give(_report(plan))
        return
    yield Give(_report(select(plan, "keep", "refuse")))
    has_failed = yield Each(select(plan, "upload", "replace"), partial(_upload_change, common, start_transfer))
    extra = select(plan, "delete")
    if not has_failed:
        yield Each(extra, _delete_changes, batch_size=BATCH_SIZE)
        return
    # A file that does not exist locally may be there under another name: it is deleted only when all uploads are safe.
    yield Give([Failed(c, RuntimeError(f"{c.path}: is not deleted, because an upload failed")) for c in extra])


def _plan_changes(
    builder: UrlBuilder, root: Path, folder: str, options: Options
) -> Generator[Blocking | Call | Gather, Any, list[Change]]:
    """Work out what to do. Both sides are read to their end first: an error must not look like a missing file."""
    list_files = partial(list_local_files, root, options.include_hidden, options.follow_symlinks)
    here: list[LocalFile] = yield Blocking(list_files)
    there = yield from list_remote_files(folder)
    plan = list(plan_local_files(root, folder, here, there))
    changed_at: dict[Path | None, float] = {file.path: file.changed_at for file in here}
    # Files of the same size are the same if the local one was last changed before the first upload of the remote one.
    # (Its `updated_at` would not do: a new tag changes that too.) Otherwise only the contents can tell.
    doubtful = [
        change
        for change in select(plan, "keep")
        if options.compare == "content"
        or (
            changed_at[change.local] >= to_unix_time(there[change.path].created_at)
            and not was_pulled(changed_at[change.local], there[change.path])
        )
    ]
    compared = yield Gather(
        Each(doubtful, has_same_content, lambda change: (change.local, source_url(builder, there[change.path], {})))
    )
    different = {done.item for done in compared if not done.result}
    plan = [replace(change, action="replace") if change in different else change for change in plan]
    if options.delete:
        paths = {change.path for change in plan}
        plan += [
            Change("delete", path, None, file.file_id, size_bytes=file.size)
            for path, file in there.items()
            if path not in paths
        ]
    return plan


def list_remote_files(folder: str) -> Generator[Call, Any, dict[str, FileResult]]:
    """Return the files in a folder of the media library, and in those below it, by their paths."""
    found: dict[str, FileResult] = {}
    filters: ListAndSearchFileKeywords = {"search_query": f'path : "{folder}"'} if folder else {}
    listing = list_pages(**filters)
    step = next(listing)
    while step.operation is not None:
        step = listing.send((yield Call(step.operation)))
        found.update({file.file_path: file for file in step.files})
    return found


def was_pulled(changed_at: float, file: FileResult) -> bool:
    """Return whether the last change of a local file is the moment that a download of the remote file gives it.

    Args:
        changed_at: Unix time of the last change of the local file.
        file: The remote file; whatever changes it changes its `updated_at` too.
    """
    return abs(changed_at - to_unix_time(file.updated_at)) < _SAME_MOMENT_SECONDS


def has_same_content(pair: tuple[Path, str]) -> Job[bool]:
    """Compare a local file with what a URL delivers, which stays in memory while it is small."""
    path, url = pair
    with tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES) as file:
        copy = cast("BinaryIO", file)
        try:
            yield fetch_file(url, Sink(copy))
        except _NOT_DELIVERED:
            return False
        is_same: bool = yield Blocking(partial(has_content, path, copy))
        return is_same


def _upload_change(
    common: UploadFileRequestOptions, start_transfer: StartTransfer | None, change: Change
) -> Job[UploadFileResult]:
    assert change.local is not None
    folder, _, name = change.path.rpartition("/")
    own = UploadFileRequestOptions(
        folder=folder or "/",
        use_unique_file_name=False,
        # A new file must not overwrite one that somebody else has uploaded since.
        overwrite_file=change.action == "replace",
    )
    options = common.merge_with(own)
    on_progress = None if start_transfer is None else start_transfer(change)
    result: UploadFileResult = yield Call(upload_file(change.local, name, options, on_progress=on_progress))
    return result


def _delete_changes(changes: Sequence[Change]) -> Job[list[Deletion | Exception]]:
    return (yield from delete_batch([str(change.file_id) for change in changes]))


def select(plan: Iterable[Change], *actions: Action) -> list[Change]:
    """Return the changes with one of the actions."""
    return [change for change in plan if change.action in actions]


def _report(plan: Iterable[Change]) -> list[Done[Change, Any]]:
    """Return outcomes of changes that need no work, or are not to be carried out."""
    return [Failed(c, ValueError(c.reason)) if c.reason else Succeeded(c, None) for c in plan]


def check_comparison(compare: str) -> None:
    """Raise a ValueError unless `compare` is a way to compare files."""
    if compare not in ("quick", "content"):
        raise ValueError(f"compare must be 'quick' or 'content' (got {compare!r})")


def clean_remote_folder(remote: str) -> str:
    """Return the canonical path of a folder; ``""`` is the root.

    Raises:
        TypeError: It is not a str.
        ValueError: It contains ``..`` or characters that the service would replace, so that files would go elsewhere.
    """
    if not isinstance(remote, str):
        raise TypeError(f"the remote folder must be a str (got {type(remote).__name__})")
    parts = [part for part in remote.split("/") if part]
    for part in parts:
        if clean_folder_name(part) != part:
            raise ValueError(
                f"a remote folder may have letters, digits, '_' and '-' in its names (got {part!r} in {remote!r})"
            )
    return "".join(f"/{part}" for part in parts)


def plan_local_files(
    root: Path, folder: str, here: Iterable[LocalFile], there: Mapping[str, FileResult]
) -> Iterator[Change]:
    """Yield what to do with each local file, if those of the same size are the same."""
    taken: dict[str, Path] = {}
    for file in here:
        path = remote_path(folder, file.path.relative_to(root))
        first = taken.setdefault(path, file.path)
        if first != file.path:
            yield Change("refuse", path, file.path, None, f"{file.path}: is {path} there, like {first}", file.size)
        elif file.size == 0:
            yield Change("refuse", path, file.path, None, f"{file.path}: is empty, which the service refuses", 0)
        elif path not in there:
            yield Change("upload", path, file.path, size_bytes=file.size)
        else:
            action: Action = "keep" if file.size == there[path].size else "replace"
            yield Change(action, path, file.path, there[path].file_id, size_bytes=file.size)


def remote_path(folder: str, relative: Path) -> str:
    """Return the path that the service gives a file: it replaces characters in names of folders and files."""
    *folders, name = relative.parts
    return "/".join([folder, *(clean_folder_name(part) for part in folders), clean_file_name(name)])
