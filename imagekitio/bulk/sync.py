"""Makes a remote folder like a local one: what to do is worked out first, then done.

Nothing is remembered between runs: each compares what is there. So a run that was killed is taken up by the next one.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal, NamedTuple, cast

from ..exceptions import ForbiddenException, NotFoundException, UnauthorizedException
from ..models.moments import unix_time
from ..models.spelling import snake_case
from ..operations.file_names import clean_file_name, clean_folder_name
from .deletions import delete_many
from .downloads import source_url
from .uploads import checked
from .window import Counter, Done
from .workers import Shared

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from ..client import ImageKit
    from ..models.files import FileResult, ListAndSearchFileKeywords
    from ..models.uploads import UploadFileResult
    from .workers import Workers

Action = Literal["upload", "replace", "delete", "keep", "refuse"]
Compare = Literal["quick", "content"]

# A draft, or delivery is restricted: then there is no telling.
NOT_DELIVERED = (NotFoundException, UnauthorizedException, ForbiddenException)

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
    how: Workers,
) -> Iterator[Done[Change, UploadFileResult | bool]]:
    """Make a remote folder like a local one; see `ImageKit.sync_folder`."""
    root, folder = checked_sides(local, remote, options, common)
    return _synced(client, root, folder, options, checked(common), how)


def checked_sides(
    local: str | os.PathLike[str], remote: str, options: Options, common: Mapping[str, Any]
) -> tuple[Path, str]:
    """Return the folder here and the canonical one there; raises what `ImageKit.sync_folder` says."""
    own = sorted({"folder", "use_unique_file_name", "overwrite_file"} & set(map(snake_case, common)))
    if own:
        raise TypeError(f"sync_folder sets {', '.join(own)} itself; leave it out")
    if options.compare not in ("quick", "content"):
        raise ValueError(f"compare must be 'quick' or 'content' (got {options.compare!r})")
    root = Path(local)
    if not root.is_dir():
        raise NotADirectoryError(f"there is no folder {str(root)!r}")
    return root, remote_folder(remote)


def _synced(
    client: ImageKit, root: Path, folder: str, options: Options, common: Mapping[str, Any], how: Workers
) -> Iterator[Done[Change, UploadFileResult | bool]]:
    quiet = how.without_progress()
    plan = _planned(client, root, folder, options, quiet)
    progress = Counter(plan, how.on_progress)
    for done in settled(plan) if options.dry_run else _carried_out(client, plan, common, quiet):
        progress.one_more()
        yield done


def _planned(client: ImageKit, root: Path, folder: str, options: Options, how: Workers) -> list[Change]:
    # Both sides are read to their end before anything changes: an error in between must not look like a missing file.
    here = local_files(root, options.include_hidden, options.follow_symlinks)
    sides = Sides(root, folder, options, here, client.iter_files(**listing(folder)))
    for done in how.each(partial(_has_content, Shared(client)), sides.doubtful()):
        sides.note(done)
    return sides.plan()


def _has_content(shared: Shared[ImageKit], pair: tuple[LocalFile, FileResult]) -> bool:
    here, there = pair
    with copy_to_compare() as copy:
        try:
            shared.client._fetch(source_url(shared.client, there, {}), copy)
        except NOT_DELIVERED:
            return False
        return has_content(here.path, copy)


def _carried_out(
    client: ImageKit, plan: Sequence[Change], common: Mapping[str, Any], how: Workers
) -> Iterator[Done[Change, UploadFileResult | bool]]:
    has_failed = False
    for done in settled(of(plan, "keep", "refuse")):
        yield done
        if done.error is not None and how.stop_on_error:
            return
    for uploaded in how.each(partial(_upload, Shared(client), common), of(plan, "upload", "replace")):
        has_failed = has_failed or uploaded.error is not None
        yield uploaded
    extra = {str(change.file_id): change for change in of(plan, "delete")}
    if has_failed:
        yield from spared(() if how.stop_on_error else extra.values())
        return
    for deleted in delete_many(client, list(extra), how):
        yield Done(extra[str(deleted.item)], deleted.result, deleted.error)


def _upload(shared: Shared[ImageKit], common: Mapping[str, Any], change: Change) -> UploadFileResult | bool:
    return shared.client.upload_file(*upload_arguments(change, common))


class Sides:
    """What is here and what is there, and what to do about it. Reads both to their end at once.

    Args:
        here: Files of this machine below `root`.
        there: Files in the media library below `folder`.
    """

    def __init__(
        self, root: Path, folder: str, options: Options, here: Iterable[LocalFile], there: Iterable[FileResult]
    ) -> None:
        self._root, self._folder, self._options = root, folder, options
        self._here = list(here)
        self._there = {file.file_path: file for file in there}
        self._different = set[Path]()

    def doubtful(self) -> list[tuple[LocalFile, FileResult]]:
        """Return the files that are on both sides, as long, and of which only the contents can tell more."""
        both = pairs(self._root, self._folder, self._here, self._there)
        return [pair for pair in both if is_doubtful(*pair, self._options.compare)]

    def note(self, done: Done[tuple[LocalFile, FileResult], bool]) -> None:
        """Note whether the contents of a pair are the same; raises the error, if that could not be told."""
        if done.error is not None:
            raise done.error
        if not done.result:
            self._different.add(done.item[0].path)

    def plan(self) -> list[Change]:
        """Return what to do, once all that is doubtful is noted."""
        plan = list(planned(self._root, self._folder, self._here, self._there, self._different))
        return [*plan, *deletions(plan, self._there)] if self._options.delete else plan


def of(plan: Iterable[Change], *actions: Action) -> list[Change]:
    return [change for change in plan if change.action in actions]


def settled(plan: Iterable[Change]) -> Iterator[Done[Change, UploadFileResult | bool]]:
    """Yield outcomes of changes that need no work, or are not to be carried out."""
    for change in plan:
        yield Done(change, error=ValueError(change.reason) if change.action == "refuse" else None)


def spared(extra: Iterable[Change]) -> Iterator[Done[Change, UploadFileResult | bool]]:
    """Yield outcomes of deletions that are left out.

    What is not here may be there under another name: it goes only when all that is here is safely there.
    """
    for change in extra:
        yield Done(change, error=RuntimeError(f"{change.path}: is not deleted, because an upload failed"))


def remote_folder(remote: str) -> str:
    """Return the canonical path of a folder; ``""`` is the root.

    Raises:
        TypeError: It is no text.
        ValueError: It climbs, or has characters that the service would replace, so that files would go elsewhere.
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


def listing(folder: str) -> ListAndSearchFileKeywords:
    """Return the options of `iter_files` for all files below a folder."""
    return {"search_query": f'path : "{folder}"'} if folder else {}


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


def copy_to_compare() -> BinaryIO:
    """Return an empty file for what is there: in memory while it is small."""
    return cast("BinaryIO", tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES))


def has_content(path: Path, copy: BinaryIO) -> bool:
    """Say whether a file has the content of the copy."""
    copy.seek(0)
    with path.open("rb") as file:
        while True:
            block = file.read(_BLOCK_BYTES)
            if block != copy.read(_BLOCK_BYTES):
                return False
            if not block:
                return True


def upload_arguments(change: Change, common: Mapping[str, Any]) -> tuple[Path, str, dict[str, Any]]:
    """Return file, name and options for `upload_file`."""
    assert change.local is not None
    folder, _, name = change.path.rpartition("/")
    # Not to be overwritten when it was not there: somebody else may have put it there since.
    own = {"folder": folder or "/", "use_unique_file_name": False, "overwrite_file": change.action == "replace"}
    return change.local, name, {**common, **own}
