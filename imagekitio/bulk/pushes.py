"""Make a remote folder match a local one, or upload individual files: changes are planned first, then carried out.

Nothing is stored between runs: each compares the existing files, so the next run continues one that was killed.
"""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path, PurePath, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ..disk import LeftOut, LocalFile, read_local_file, walk_folder
from ..exceptions import BadRequestException
from ..models.spelling import to_snake_case
from ..models.uploads import UploadFileRequestOptions
from ..operations.core import check_progress
from ..operations.encoding import require_texts
from ..operations.uploads import upload_file
from ..search import Q
from .batches import make_unconfirmed_error
from .deletions import BATCH_SIZE, delete_batch
from .downloads import source_url
from .sync import (
    Change,
    check_compare,
    clean_remote_folder,
    compare_files,
    has_same_content,
    remote_path,
    report,
    search_files,
    select,
    write_searches,
)
from .uploads import read_common_options
from .work import Blocking, Call, Each, Failed, Gather, Give, Total

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence

    from ..models.files import FileResult
    from ..models.uploads import UploadFileResult
    from ..urls.builder import UrlBuilder
    from .deletions import Deletion
    from .sync import Compare
    from .uploads import StartTransfer
    from .work import Job, Progress, Step, Work


class Options(NamedTuple):
    """Options of `sync_folder` for comparing and changing files."""

    delete: bool
    compare: Compare
    include_hidden: bool
    follow_symlinks: bool
    dry_run: bool
    exclude: Iterable[str] = ()
    on_compare: Progress | None = None


def sync_folder(
    builder: UrlBuilder,
    local: str | os.PathLike[str],
    remote: str,
    options: Options,
    keywords: Mapping[str, Any],
    start_transfer: StartTransfer | None = None,
) -> Work:
    """Make a remote folder match a local one; see `ImageKit.sync_folder`."""
    check_compare(options.compare)
    check_progress(options.on_compare, "on_compare")
    options = options._replace(exclude=_read_patterns(options.exclude))
    if not isinstance(cast("object", local), (str, os.PathLike)):
        raise TypeError(f"local must be the path of a folder (got {type(local).__name__})")
    root = Path(local)
    if not root.is_dir():
        raise NotADirectoryError(f"there is no folder {str(root)!r}")
    transfer = _read_transfer(builder, "sync_folder", keywords, start_transfer)
    return _sync_folder(builder, root, clean_remote_folder(remote), options, transfer)


def _sync_folder(builder: UrlBuilder, root: Path, folder: str, options: Options, transfer: _Transfer) -> Work:
    plan = yield from _plan_changes(builder, root, folder, options)
    if options.dry_run:
        yield from _give_plan(plan)
    else:
        yield from _carry_out(plan, transfer)


def plan_uploads(
    builder: UrlBuilder,
    files: Iterable[tuple[str | os.PathLike[str], str]],
    compare: Compare,
    on_compare: Progress | None = None,
) -> Work:
    """Plan uploads of individual files; see `ImageKit.plan_uploads`."""
    check_compare(compare)
    check_progress(on_compare, "on_compare")
    targets = [(Path(local), _clean_path(remote)) for local, remote in files]
    return _plan_uploads(builder, targets, compare, on_compare)


def _plan_uploads(
    builder: UrlBuilder, targets: Sequence[tuple[Path, str]], compare: Compare, on_compare: Progress | None
) -> Work:
    here: list[tuple[LocalFile, str] | Change] = yield Blocking(partial(_read_targets, targets))
    found = [target for target in here if not isinstance(target, Change)]
    queries = write_searches(path for _, path in found)
    listings = yield Gather(Each(queries, search_files))
    there = {file.file_path: file for done in listings for file in done.result}
    plan = yield from compare_files(builder, found, there, compare, on_compare)
    yield from _give_plan([*(target for target in here if isinstance(target, Change)), *plan])


def carry_out_pushes(
    builder: UrlBuilder, plan: Sequence[Change], keywords: Mapping[str, Any], start_transfer: StartTransfer | None
) -> Work:
    """Carry out changes of the media library; see `ImageKit.apply_changes`."""
    return _carry_out(plan, _read_transfer(builder, "apply_changes", keywords, start_transfer))


def _give_plan(plan: Sequence[Change]) -> Work:
    yield Total(len(plan))
    yield Give(report(plan))


def _carry_out(plan: Sequence[Change], transfer: _Transfer) -> Work:
    yield Total(len(plan))
    has_refusals = yield Give(report(select(plan, "keep", "skip", "refuse")))
    has_failed = yield Each(select(plan, "upload", "replace"), partial(_upload_change, transfer))
    extra = select(plan, "delete")
    if not has_failed and not has_refusals:
        yield Each(extra, _delete_changes, batch_size=BATCH_SIZE)
        return
    # A file missing locally may exist there under another name: delete it only when all uploads have succeeded.
    yield Give([Failed(c, RuntimeError(f"{c.path}: not deleted, because an upload failed")) for c in extra])


def _plan_changes(
    builder: UrlBuilder, root: Path, folder: str, options: Options
) -> Generator[Step | Gather, Any, list[Change]]:
    """Plan the changes. Both sides are read completely first: an error must not look like a missing file."""
    here: list[LocalFile | LeftOut] = yield Blocking(partial(_read_folder, root, options))
    listing = yield from search_files(str(Q.path.is_under(folder)) if folder else None)
    there = {file.file_path: file for file in listing}
    left_out = [one for one in here if isinstance(one, LeftOut)]
    targets = [(one, remote_path(folder, one.path.relative_to(root))) for one in here if not isinstance(one, LeftOut)]
    # If two would have the same path, the first gets it: the one whose name does not change.
    targets.sort(key=lambda target: target[1] != f"{folder}/{target[0].path.relative_to(root).as_posix()}")
    plan = yield from compare_files(builder, targets, there, options.compare, options.on_compare)
    plan += [
        describe_left_out(one, remote_path(folder, one.path.relative_to(root)))
        for one in left_out
        if one.reason != "excluded"
    ]
    if options.delete:
        paths = {change.path for change in plan}
        is_left_out = _RemoteFilter(folder, options, [one.path.relative_to(root) for one in left_out])
        plan += [
            Change("delete", path, None, file.file_id, size_bytes=file.size)
            for path, file in there.items()
            if path not in paths and not is_left_out(path)
        ]
    return plan


def _read_folder(root: Path, options: Options) -> list[LocalFile | LeftOut]:
    return [
        *walk_folder(
            root,
            include_hidden=options.include_hidden,
            follow_symlinks=options.follow_symlinks,
            is_excluded=partial(_is_excluded, options.exclude) if options.exclude else None,
        )
    ]


def describe_left_out(left_out: LeftOut, path: str) -> Change:
    """Return the change for a file or folder that is left out; an unreadable one is refused.

    Args:
        left_out: The local file or folder.
        path: The path that the service would give it.
    """
    if isinstance(left_out.reason, OSError):
        return refuse_file(left_out.path, path, left_out.reason)
    return Change("skip", path, left_out.path, reason=left_out.reason)


def refuse_file(local: Path, path: str, error: OSError | ValueError) -> Change:
    """Return the refusal of a local file or folder that could not be read."""
    reason = isinstance(error, OSError) and error.strerror
    return Change("refuse", path, local, reason=f"{local}: {reason or error}")


class _RemoteFilter:
    """A filter for remote files that must not be deleted because their local counterparts are left out.

    Args:
        folder: Canonical path of the remote folder.
        options: Options that leave out files by name.
        left_out: Local files and folders that are left out, relative to the local folder. The content of such a folder
            is unknown, so everything below the remote folder is kept.
    """

    def __init__(self, folder: str, options: Options, left_out: Iterable[Path]) -> None:
        self._folder = folder or "/"
        self._options = options
        self._files = set[str]()
        self._folders = set[str]()
        for path in left_out:
            self._files.add(remote_path(folder, path))
            self._folders.add(remote_path(folder, path / "file").rpartition("/")[0])

    def __call__(self, path: str) -> bool:
        """Return whether the file at a path is left out."""
        place = PurePosixPath(path)
        return (
            (place.name.startswith(".") and not self._options.include_hidden)
            or path in self._files
            or any(str(above) in self._folders for above in place.parents)
            or _is_excluded(self._options.exclude, place.relative_to(self._folder))
        )


def _read_patterns(patterns: Iterable[str]) -> tuple[str, ...]:
    texts = require_texts(patterns, "exclude") if patterns else ()
    return tuple(text.removeprefix(".") if text.startswith("./") else text for text in texts)


def _is_excluded(patterns: Iterable[str], relative: PurePath) -> bool:
    """Return whether a path, or a folder above it, matches a pattern by name, or by path if the pattern has a slash."""
    for part in (relative, *relative.parents):
        for pattern in patterns:
            text = part.as_posix() if "/" in pattern.strip("/") or pattern.startswith("/") else part.name
            if text not in ("", ".") and fnmatchcase(text, pattern.strip("/")):
                return True
    return False


def _read_targets(targets: Sequence[tuple[Path, str]]) -> list[tuple[LocalFile, str] | Change]:
    """Return the size and time of each file, or its refusal."""
    found: list[tuple[LocalFile, str] | Change] = []
    for local, path in targets:
        try:
            found.append((read_local_file(local), path))
        except (OSError, ValueError) as exc:
            found.append(refuse_file(local, path, exc))
    return found


def _clean_path(remote: str) -> str:
    """Return the path at which the service stores a file that is uploaded to a path."""
    if not isinstance(cast("object", remote), str):
        raise TypeError(f"the path of a file must be a str (got {type(remote).__name__})")
    parts = [part for part in remote.split("/") if part]
    if not parts or remote.endswith("/") or {".", ".."} & {*parts}:
        raise ValueError(f"the path of a file must end with its name, and must not contain '..' (got {remote!r})")
    return remote_path("", PurePosixPath(*parts))


class _Transfer(NamedTuple):
    """The common settings of all uploads of a plan."""

    builder: UrlBuilder
    common: UploadFileRequestOptions
    start: StartTransfer | None


def _read_transfer(
    builder: UrlBuilder, method: str, keywords: Mapping[str, Any], start_transfer: StartTransfer | None
) -> _Transfer:
    check_progress(start_transfer, "start_transfer")
    own = sorted({"folder", "use_unique_file_name", "overwrite_file"} & set(map(to_snake_case, keywords)))
    if own:
        raise TypeError(f"{method} sets {', '.join(own)} itself; leave it out")
    return _Transfer(builder, read_common_options(keywords), start_transfer)


def _upload_change(transfer: _Transfer, change: Change) -> Job[UploadFileResult | None]:
    assert change.local is not None
    folder, _, name = change.path.rpartition("/")
    own = UploadFileRequestOptions(
        folder=folder or "/",
        use_unique_file_name=False,
        # A new file must not overwrite one that was uploaded since.
        overwrite_file=change.action == "replace",
    )
    options = transfer.common.merge_with(own)
    if change.remote is not None:
        options = _keep_attributes(change.remote).merge_with(options)
    on_progress = None if transfer.start is None else transfer.start(change)
    try:
        result: UploadFileResult = yield Call(upload_file(change.local, name, options, on_progress=on_progress))
    except BadRequestException:
        # Another run uploaded it in the meantime: a concurrent one, or a killed one whose request was still in
        # progress.
        if change.action == "upload" and (yield from _is_there(transfer.builder, change.path, change.local)):
            return None
        raise
    # After a success, `sync_folder` deletes. (202: a video is queued for its pre-transformation, and has no ID yet.)
    if not result.file_id and result.response_metadata.http_status_code != 202:
        raise make_unconfirmed_error(change.path, result)
    return result


def _keep_attributes(file: FileResult) -> UploadFileRequestOptions:
    """Return the options that preserve the attributes of the file, which the service would drop in a new version.

    A private file would even become public. AI tags describe the old content and are not kept. Source: ImageKit docs,
    upload API, parameters ``overwriteTags``, ``isPrivateFile``, … .
    """
    options = UploadFileRequestOptions(
        overwrite_tags=False, overwrite_custom_metadata=False, is_private_file=file.is_private_file
    )
    if file.is_published is False:
        options.is_published = False
    if file.custom_coordinates:
        options.custom_coordinates = file.custom_coordinates
    if file.description:
        options.description = file.description
    return options


def _is_there(builder: UrlBuilder, path: str, local: Path) -> Job[bool]:
    """Return whether the file at a path has the content of a local one."""
    for query in write_searches([path]):
        for file in (yield from search_files(query)):
            if file.size == (yield Blocking(local.stat)).st_size:
                return (yield from has_same_content((local, source_url(builder, file, {}))))
    return False


def _delete_changes(changes: Sequence[Change]) -> Job[list[Deletion | Exception]]:
    return (yield from delete_batch([str(change.file_id) for change in changes]))
