"""Downloads of many files or of a folder that leave identical files alone; the reverse of `sync`.

A downloaded file gets the modification time of the remote file. The next comparison, in either direction, thus
recognizes identical files by size and time. Nothing else is stored between runs: the next run continues one that was
killed.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Union, cast

from ..disk import LocalFile, find_local_file, list_local_files, require_folder, set_changed_at
from ..exceptions import NotFoundException
from ..models.files import FileResult
from ..models.moments import to_unix_time
from ..operations.core import check_progress
from ..operations.paging import list_pages
from ..search import Q
from .downloads import Sweep, Target, path_of, source_url, store_file
from .places import Places
from .sync import (
    Change,
    check_compare,
    clean_remote_folder,
    describe_clash,
    has_same_content,
    remote_path,
    search_files,
    select,
    was_pulled,
)
from .work import Blocking, Call, Each, Failed, Gather, Give, Succeeded, Total, do_each

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Callable, Generator, Iterable, Iterator, Mapping, Sequence

    from ..flow.resuming import OnProgress
    from ..urls.builder import UrlBuilder
    from .downloads import DownloadSource
    from .sync import Action, Compare
    from .work import Done, Job, Progress, Work

    StartDownload = Callable[[Change], "OnProgress | None"]

# A source of `download`, and the path of the local file.
PullItem = tuple["DownloadSource", Union[str, "os.PathLike[str]"]]

# Options of `url` that do not change the delivered file.
_LEAVE_ORIGINAL = {"signed", "expire_seconds", "expires_at"}
_FIRST_VERSION = "Version 1"  # ImageKit docs, "Version info"


class PullOptions(NamedTuple):
    """Options for comparing and changing files; see `ImageKit.pull_folder` and `ImageKit.pull_files`."""

    compare: Compare = "quick"
    dry_run: bool = False
    delete: bool = False
    include_hidden: bool = False
    replace: bool = True
    start_transfer: StartDownload | None = None
    on_compare: Progress | None = None

    def check(self) -> None:
        """Raise a TypeError or ValueError if an option is not valid."""
        check_compare(self.compare)
        check_progress(self.start_transfer, "start_transfer")
        check_progress(self.on_compare, "on_compare")


def pull_files(
    builder: UrlBuilder,
    items: Iterable[PullItem] | AsyncIterable[PullItem],
    options: PullOptions,
    keywords: Mapping[str, Any],
) -> Work:
    """Download many files to given paths; see `ImageKit.pull_files`."""
    options.check()
    prepare = partial(_read_item, builder, keywords, {})
    return do_each(items, partial(_pull_item, options, Sweep()), prepare=prepare)


def _read_item(
    builder: UrlBuilder, keywords: Mapping[str, Any], taken: dict[int, int], item: PullItem
) -> Change | Exception:
    """Return the download of an item, or the exception that prevents it; `taken` maps paths to sources, as hashes."""
    try:
        source, local = item
        path, url = path_of(source), source_url(builder, source, keywords)
        place = Path(local)
        if taken.setdefault(hash(place), hash(url)) != hash(url):
            raise ValueError(f"{str(place)!r} is already the path of another file in this call")
        is_original = all(value is None for name, value in keywords.items() if name not in _LEAVE_ORIGINAL)
        if isinstance(source, FileResult) and is_original:
            return Change("download", path, place, source.file_id, size_bytes=source.size, remote=source, url=url)
        return Change("download", path, place, url=url)
    except Exception as exc:
        return exc


def _pull_item(options: PullOptions, sweep: Sweep, change: Change | Exception) -> Job[Change]:
    if isinstance(change, Exception):
        raise change
    local = cast("Path", change.local)
    before: LocalFile | None = yield Blocking(partial(find_local_file, local))
    if before is not None:
        change = replace(change, action="keep", before=before)
        if not (yield from _is_same(options, change, before)):
            change = replace(change, action="replace")
    if change.action == "replace" and not options.replace:
        raise FileExistsError(f"{str(local)!r} exists and has different content")
    if not options.dry_run:
        yield from sweep.clean(local.parent)
        yield from _note_moment(change) if change.action == "keep" else _store(options.start_transfer, change)
    return change


def _is_same(options: PullOptions, change: Change, before: LocalFile) -> Job[bool]:
    if change.remote is not None and before.size != change.remote.size:
        return False
    if options.compare == "quick" and _is_known_to_be_same(change):
        return True
    return (yield from _has_same_content(change))


def _has_same_content(change: Change) -> Job[bool]:
    return (yield from has_same_content((cast("Path", change.local), cast("str", change.url))))


def _is_known_to_be_same(change: Change) -> bool:
    """Return whether the times prove that a local file of the same size has the content of the remote one.

    Either it was downloaded and the remote file has not changed since, or it was last changed before the remote file
    was first uploaded, as in `sync_folder`, and the remote file has not been replaced since.
    """
    before, file = change.before, change.remote
    if before is None or file is None:
        return False
    is_first = file.version_info.name == _FIRST_VERSION
    return was_pulled(before.changed_at, file) or (is_first and before.changed_at < to_unix_time(file.created_at))


def _store(start_transfer: StartDownload | None, change: Change) -> Job[Path]:
    """Download a file, unless the local one was changed since it was compared, other than by another pull."""
    on_progress = start_transfer(change) if start_transfer is not None else None
    target = Target(
        cast("str", change.url),
        cast("Path", change.local),
        "",  # if a folder exists at the path now, the file must not go into it
        size=change.remote.size if change.remote is not None else None,
        changed_at=to_unix_time(change.remote.updated_at) if change.remote is not None else None,
        overwrite=change.before is not None,
    )
    try:
        return (yield from store_file(target, on_progress, partial(_require_unchanged, target.path, change.before)))
    except FileExistsError:
        if (yield Blocking(partial(_is_here, change))):
            return target.path  # another process was faster
        raise


def _is_here(change: Change) -> bool:
    found, file = find_local_file(cast("Path", change.local)), change.remote
    if found is None or file is None:
        return False
    return found.size == file.size and was_pulled(found.changed_at, file)


def _require_unchanged(path: Path, before: LocalFile | None) -> None:
    if find_local_file(path) != before:
        raise FileExistsError(f"{str(path)!r} has changed since it was compared; try again")


def pull_folder(builder: UrlBuilder, remote: str, local: str | os.PathLike[str], options: PullOptions) -> Work:
    """Make a local folder match a remote one; see `ImageKit.pull_folder`."""
    options.check()
    if not isinstance(cast("object", local), (str, os.PathLike)):
        raise TypeError(f"local must be the path of a folder (got {type(local).__name__})")
    root = Path(local)
    require_folder(root)
    return _pull_folder(builder, clean_remote_folder(remote), root, options)


def _pull_folder(builder: UrlBuilder, folder: str, root: Path, options: PullOptions) -> Work:
    found = yield from search_files(str(Q.path.is_under(folder)) if folder else None)
    there = {file.file_path: file for file in found}
    if folder and not there:
        yield from _require_remote_folder(folder)
    here: dict[Path, LocalFile] = yield Blocking(partial(_list_local_files, root, options.include_hidden))
    plan: list[Change] = yield Blocking(partial(_plan_changes, root, folder, here, there, options))

    doubtful = [
        change for change in select(plan, "keep") if options.compare == "content" or not _is_known_to_be_same(change)
    ]
    compared = yield Gather(Each(doubtful, _has_same_content, partial(_add_url, builder)), options.on_compare)
    different = {done.item for done in compared if not done.result}
    plan = [replace(change, action="replace") if change in different else change for change in plan]
    if options.dry_run:
        yield Total(len(plan))
        yield Give(_report(plan))
    else:
        yield from carry_out_pulls(builder, plan, options.start_transfer)


def carry_out_pulls(builder: UrlBuilder, plan: Sequence[Change], start_transfer: StartDownload | None) -> Work:
    """Carry out changes of local files; a file that has changed since they were planned is kept, and is an error."""
    yield Total(len(plan))
    yield from Sweep().clean(*{change.local.parent for change in plan if change.local is not None})
    kept = select(plan, "keep")
    yield Give(_report(kept))
    has_refusals = yield Give(_report(select(plan, "refuse")))
    yield Gather(Each([change for change in kept if not _is_known_to_be_same(change)], _note_moment))
    downloads = select(plan, "download", "replace")
    has_failed = yield Each(downloads, partial(_store, start_transfer), partial(_add_url, builder))
    extra = select(plan, "delete")
    if not has_failed and not has_refusals:
        yield Each(extra, _delete)
        return
    # A file missing remotely may exist there under another name: delete it only when all others have been downloaded.
    yield Give([Failed(c, RuntimeError(f"{c.local}: not deleted, because a download failed")) for c in extra])


def _add_url(builder: UrlBuilder, change: Change) -> Change:
    """Return a change with the URL of its file."""
    if change.url is not None:
        return change
    return replace(change, url=source_url(builder, cast("FileResult", change.remote), {}))


def _require_remote_folder(folder: str) -> Generator[Call, Any, None]:
    """Raise a NotFoundException unless a folder exists: a misspelt name must not look like an empty folder."""
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
        counterparts = {change.path: change.local for change in plan if change.local is not None}
        wanted = set(counterparts.values())
        plan += [
            _plan_extra(file, folder, file.path.relative_to(root), counterparts)
            for file in here.values()
            if file.path not in wanted
        ]
    return plan


def _plan_extra(file: LocalFile, folder: str, relative: Path, counterparts: Mapping[str, Path]) -> Change:
    """Return the change for a local file without a remote counterpart, if such files are deleted."""
    path, stored = f"{folder}/{relative.as_posix()}", remote_path(folder, relative)
    if stored in counterparts:  # the remote file may be an upload of this one
        reason = describe_clash(file.path, stored, counterparts[stored])
        return Change("refuse", path, file.path, None, reason, file.size)
    return Change("delete", path, file.path, size_bytes=file.size, before=file)


def plan_remote_files(
    root: Path,
    folder: str,
    here: Mapping[Path, LocalFile],
    there: Mapping[str, FileResult],
    *,
    include_hidden: bool,
) -> Iterator[Change]:
    """Yield the change for each remote file, assuming that files of the same size are identical.

    This reads the disk, because only the file system knows which names are possible.
    """
    names = {path: path[len(folder) + 1 :] for path in there}
    places = Places(root, here, names.values())
    for path, file in there.items():
        name = names[path]
        if not include_hidden and any(part.startswith(".") for part in name.split("/")):
            continue
        try:
            local, before = places.find(name)
        except (OSError, ValueError) as exc:
            reason = exc.strerror if isinstance(exc, OSError) else None
            yield Change("refuse", path, None, file.file_id, f"{path}: {reason or exc}", file.size)
            continue
        action: Action = "download"
        if before is not None:
            action = "keep" if before.size == file.size else "replace"
        yield Change(action, path, local, file.file_id, "", file.size, file, before)


def _note_moment(change: Change) -> Job[None]:
    """Set the time of an identical file to that of the remote one, so that the next run need not compare contents."""
    before, remote = change.before, change.remote
    if before is None or remote is None:
        return

    def note() -> None:
        # A file that has changed since it was compared must not get this time.
        if find_local_file(before.path) == before:
            set_changed_at(before.path, to_unix_time(remote.updated_at))

    with suppress(OSError, ValueError):  # another user's file, or a missing one: it will be compared again
        yield Blocking(note)


def _delete(change: Change) -> Job[Path]:
    path = cast("Path", change.local)

    def delete() -> None:
        _require_unchanged(path, change.before)
        path.unlink()

    yield Blocking(delete)
    return path


def _report(plan: Iterable[Change]) -> list[Done[Change, Path]]:
    """Return outcomes of changes that need no work, or must not be carried out."""
    return [Failed(c, ValueError(c.reason)) if c.reason else Succeeded(c, cast("Path", c.local)) for c in plan]
