"""Downloads that leave alone what is the same already: of many files, or of a folder, the reverse of `sync`.

The time of the last change that a downloaded file gets is the one that the media library says of the remote file. So
the next comparison, in either direction, finds by size and time that they are the same. Nothing else is remembered
between runs: one that was killed is continued by the next one.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Union, cast

from ..disk import LocalFile, find_local_file, list_local_files, resolve_name, set_changed_at
from ..exceptions import NotFoundException
from ..models.files import FileResult
from ..models.moments import to_unix_time
from ..operations.core import check_progress
from ..operations.paging import list_pages
from ..search import Q
from .downloads import Target, path_of, source_url, store_file
from .sync import (
    Change,
    check_compare,
    clean_remote_folder,
    has_same_content,
    search_files,
    select,
    was_pulled,
)
from .work import Blocking, Call, Each, Failed, Gather, Give, Succeeded, Total, do_each

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Callable, Generator, Iterable, Iterator, Mapping

    from ..flow.resuming import OnProgress
    from ..urls.builder import UrlBuilder
    from .downloads import DownloadSource
    from .sync import Compare
    from .work import Done, Job, Work

    StartDownload = Callable[[Change], "OnProgress | None"]

# A source of `download`, and the path of the local file.
PullItem = tuple["DownloadSource", Union[str, "os.PathLike[str]"]]

# Options of `url` with which the file is still delivered as it was uploaded.
_LEAVE_ORIGINAL = {"signed", "expire_seconds", "expires_at"}
_FIRST_VERSION = "Version 1"  # ImageKit docs, "Version info"


class PullOptions(NamedTuple):
    """How files are compared, and what may be done; see `ImageKit.pull_folder` and `ImageKit.pull_files`."""

    compare: Compare = "quick"
    dry_run: bool = False
    delete: bool = False
    include_hidden: bool = False
    replace: bool = True
    start_transfer: StartDownload | None = None

    def check(self) -> None:
        """Raise a TypeError or ValueError if an option is not valid."""
        check_compare(self.compare)
        check_progress(self.start_transfer, "start_transfer")


class Pull(NamedTuple):
    """A file to have locally.

    Attributes:
        path: Path or URL of the remote file.
        url: Where it is delivered.
        local: Path of the local file.
        file: What the media library says of the file, if that is what is downloaded: not for a transformation of it.
        changed_at: Unix time of the last change that the local file gets: that of the remote file; None for now.
        before: What was at the local path when that was looked at.
    """

    path: str
    url: str
    local: Path
    file: FileResult | None = None
    changed_at: float | None = None
    before: LocalFile | None = None

    def describe(self, action: Literal["download", "replace", "keep"]) -> Change:
        """Return what is done with the file."""
        file_id, size = (self.file.file_id, self.file.size) if self.file else (None, None)
        return Change(action, self.path, self.local, file_id, size_bytes=size)


def pull_files(
    builder: UrlBuilder,
    items: Iterable[PullItem] | AsyncIterable[PullItem],
    options: PullOptions,
    keywords: Mapping[str, Any],
) -> Work:
    """Download many files to given paths; see `ImageKit.pull_files`."""
    options.check()
    return do_each(items, partial(_pull_item, options), prepare=partial(_read_item, builder, keywords, {}))


def _read_item(
    builder: UrlBuilder, keywords: Mapping[str, Any], taken: dict[int, int], item: PullItem
) -> Pull | Exception:
    """Return what is to be had for an item, or why it cannot be had; `taken` has a source for each path, as hashes."""
    try:
        source, local = item
        path, url = path_of(source), source_url(builder, source, keywords)
        place = Path(local)
        if taken.setdefault(hash(place), hash(url)) != hash(url):
            raise ValueError(f"{str(place)!r} is where another file of this call goes")
        if not isinstance(source, FileResult):
            return Pull(path, url, place)
        if any(value is not None for name, value in keywords.items() if name not in _LEAVE_ORIGINAL):
            return Pull(path, url, place)
        return Pull(path, url, place, source, to_unix_time(source.updated_at))
    except Exception as exc:
        return exc


def _pull_item(options: PullOptions, pull: Pull | Exception) -> Job[Change]:
    if isinstance(pull, Exception):
        raise pull
    before: LocalFile | None = yield Blocking(partial(find_local_file, pull.local))
    pull = pull._replace(before=before)
    if before is None:
        return (yield from _carry_out(options, pull, pull.describe("download")))
    if (yield from _is_same(options, pull, before)):
        change = pull.describe("keep")
        if not options.dry_run:
            yield from _note_moment((pull, change))
        return change
    if not options.replace:
        raise FileExistsError(f"{str(pull.local)!r} exists and has another content")
    return (yield from _carry_out(options, pull, pull.describe("replace")))


def _is_same(options: PullOptions, pull: Pull, before: LocalFile) -> Job[bool]:
    if pull.file is not None and before.size != pull.file.size:
        return False
    if options.compare == "quick" and pull.file is not None and is_known_to_be_same(before.changed_at, pull.file):
        return True
    return (yield from has_same_content((pull.local, pull.url)))


def is_known_to_be_same(changed_at: float, file: FileResult) -> bool:
    """Return whether the times say that a local file of the same size has the content of a remote one.

    Either it was downloaded when the remote file was as it is now. Or it was last changed before the remote file was
    first uploaded, as in `sync_folder`, and the remote one has not been replaced since.
    """
    is_first = file.version_info.name == _FIRST_VERSION
    return was_pulled(changed_at, file) or (is_first and changed_at < to_unix_time(file.created_at))


def _carry_out(options: PullOptions, pull: Pull, change: Change) -> Job[Change]:
    if not options.dry_run:
        yield from _store(options, (pull, change))
    return change


def _store(options: PullOptions, task: tuple[Pull, Change]) -> Job[Path]:
    """Download a file, unless somebody has changed the local one since it was looked at."""
    pull, change = task
    on_progress = options.start_transfer(change) if options.start_transfer is not None else None
    target = Target(
        pull.url,
        pull.local,
        "",  # a folder that is there now must not get the file
        size=pull.file.size if pull.file is not None else None,
        changed_at=pull.changed_at,
        overwrite=pull.before is not None,
    )
    return (yield from store_file(target, on_progress, partial(_require_unchanged, pull.before)))


def _require_unchanged(before: LocalFile | None) -> None:
    if before is not None and find_local_file(before.path) != before:
        raise FileExistsError(f"{str(before.path)!r} was changed during the run; run it again")


def pull_folder(builder: UrlBuilder, remote: str, local: str | os.PathLike[str], options: PullOptions) -> Work:
    """Make a local folder like a remote one; see `ImageKit.pull_folder`."""
    options.check()
    if not isinstance(cast("object", local), (str, os.PathLike)):
        raise TypeError(f"local must be the path of a folder (got {type(local).__name__})")
    root = Path(local)
    if root.exists() and not root.is_dir():
        raise NotADirectoryError(f"{str(root)!r} is not a folder")
    return _pull_folder(builder, clean_remote_folder(remote), root, options)


def _pull_folder(builder: UrlBuilder, folder: str, root: Path, options: PullOptions) -> Work:
    found = yield from search_files(str(Q.path.is_under(folder)) if folder else None)
    there = {file.file_path: file for file in found}
    if folder and not there:
        yield from _require_folder(folder)
    here: dict[Path, LocalFile] = yield Blocking(partial(_list_local_files, root, options.include_hidden))
    plan: list[Change] = yield Blocking(partial(_plan_changes, root, folder, here, there, options))

    def prepare(change: Change) -> tuple[Pull, Change]:
        assert change.local is not None
        file = there[change.path]
        before = here.get(change.local)
        url, moment = source_url(builder, file, {}), to_unix_time(file.updated_at)
        return Pull(change.path, url, change.local, file, moment, before), change

    doubtful = [
        change
        for change in select(plan, "keep")
        if options.compare == "content"
        or not is_known_to_be_same(here[cast("Path", change.local)].changed_at, there[change.path])
    ]
    compared = yield Gather(Each(doubtful, _compare, prepare))
    different = {done.item for done in compared if not done.result}
    plan = [replace(change, action="replace") if change in different else change for change in plan]
    yield Total(len(plan))
    if options.dry_run:
        yield Give(_report(plan))
        return
    yield Give(_report(select(plan, "keep")))
    has_refusals = yield Give(_report(select(plan, "refuse")))
    yield Gather(Each([change for change in doubtful if change not in different], _note_moment, prepare))
    has_failed = yield Each(select(plan, "download", "replace"), partial(_store, options), prepare)
    extra = select(plan, "delete")
    if not has_failed and not has_refusals:
        yield Each(extra, _delete, lambda change: here[cast("Path", change.local)])
        return
    # A file that the remote folder lacks may be there under another name: it is deleted only when all others are here.
    yield Give([Failed(c, RuntimeError(f"{c.local}: is not deleted, because a download failed")) for c in extra])


def _require_folder(folder: str) -> Generator[Call, Any, None]:
    """Raise a NotFoundException unless a folder exists: one that is misspelt must not look like an empty one."""
    parent, _, name = folder.rpartition("/")
    listing = list_pages(path=parent or "/", type="folder")
    step = next(listing)
    while step.operation is not None:
        step = listing.send((yield Call(step.operation)))
        if any(found.name == name for found in step.files):
            return
    raise NotFoundException(f"there is no folder {folder!r} in the media library")


def _list_local_files(root: Path, include_hidden: bool) -> dict[Path, LocalFile]:
    found = list_local_files(root, include_hidden, False) if root.exists() else []
    return {file.path: file for file in found}


def _plan_changes(
    root: Path,
    folder: str,
    here: Mapping[Path, LocalFile],
    there: Mapping[str, FileResult],
    options: PullOptions,
) -> list[Change]:
    plan = list(plan_remote_files(root, folder, here, there, include_hidden=options.include_hidden))
    if options.delete:
        wanted = {change.local for change in plan}
        plan += [
            Change("delete", f"{folder}/{path.relative_to(root).as_posix()}", path, size_bytes=file.size)
            for path, file in here.items()
            if path not in wanted
        ]
    return plan


def plan_remote_files(
    root: Path,
    folder: str,
    here: Mapping[Path, LocalFile],
    there: Mapping[str, FileResult],
    *,
    include_hidden: bool,
) -> Iterator[Change]:
    """Yield what to do with each remote file, if those of the same size are the same.

    Looks at the disk, since only that knows which names it can have.
    """
    places = _Places(root)
    for path, file in there.items():
        name = path[len(folder) + 1 :]
        if not include_hidden and any(part.startswith(".") for part in name.split("/")):
            continue
        try:
            local = resolve_name(root, name)
            before = here.get(local) or places.find(local)
        except (OSError, ValueError) as exc:
            reason = exc.strerror if isinstance(exc, OSError) else None
            yield Change("refuse", path, None, file.file_id, f"{path}: {reason or exc}", file.size)
            continue
        if before is None:
            yield Change("download", path, local, file.file_id, size_bytes=file.size)
        else:
            action: Literal["keep", "replace"] = "keep" if before.size == file.size else "replace"
            yield Change(action, path, local, file.file_id, size_bytes=file.size)


class _Places:
    """Finds what is where files below a folder are to be; folders that are links lead elsewhere and are refused."""

    def __init__(self, root: Path) -> None:
        self._checked = {root}

    def find(self, path: Path) -> LocalFile | None:
        """Return the file at a path; None if nothing is there. Raises what `find_local_file` does."""
        self._check_folder(path.parent)
        return find_local_file(path)

    def _check_folder(self, folder: Path) -> None:
        if folder in self._checked:
            return
        self._check_folder(folder.parent)
        if folder.is_symlink():
            raise ValueError(
                f"its folder {str(folder)!r} is a symbolic link, so it would lie elsewhere: remove the link, or"
                " download to another folder"
            )
        self._checked.add(folder)


def _compare(task: tuple[Pull, Change]) -> Job[bool]:
    pull, _ = task
    return (yield from has_same_content((pull.local, pull.url)))


def _note_moment(task: tuple[Pull, Change]) -> Job[None]:
    """Give a file that is the same the time of the remote one, so that the next run need not compare contents."""
    pull, _ = task
    if pull.changed_at is not None:
        with suppress(OSError):  # somebody else's file: it stays to be compared
            yield Blocking(partial(set_changed_at, pull.local, pull.changed_at))


def _delete(file: LocalFile) -> Job[Path]:
    def delete() -> None:
        _require_unchanged(file)
        file.path.unlink()

    yield Blocking(delete)
    return file.path


def _report(plan: Iterable[Change]) -> list[Done[Change, Path]]:
    """Return outcomes of changes that need no work, or are not to be carried out."""
    return [Failed(c, ValueError(c.reason)) if c.reason else Succeeded(c, cast("Path", c.local)) for c in plan]
