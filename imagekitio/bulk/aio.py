"""The work on many files with tasks: the same plans as elsewhere in this package, carried out by `AsyncImageKit`."""

from __future__ import annotations

from collections.abc import AsyncIterable
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..exceptions import ImageKitException
from ..threads import entered_in_thread, in_thread
from .deletions import BATCH_SIZE, attempts, in_batches, outcomes
from .downloads import Place, Places, source_url, stored_whole
from .sync import (
    NOT_DELIVERED,
    Sides,
    checked_sides,
    copy_to_compare,
    has_content,
    listing,
    local_files,
    of,
    settled,
    spared,
    upload_arguments,
)
from .uploads import arguments, checked
from .window import Counter, Done, refuse_text

if TYPE_CHECKING:
    import os
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping, Sequence

    from ..aio import AsyncImageKit
    from ..models.files import FileResult
    from ..models.uploads import UploadFileResult
    from .deletions import DeleteItem
    from .downloads import DownloadItem, DownloadSource
    from .sync import Change, LocalFile, Options
    from .tasks import Tasks
    from .uploads import UploadItem

    Outcomes = AsyncGenerator[Done[Change, UploadFileResult | bool], None]


def upload_many(
    client: AsyncImageKit,
    items: Iterable[UploadItem] | AsyncIterable[UploadItem],
    common: Mapping[str, Any],
    how: Tasks,
) -> AsyncGenerator[Done[UploadItem, UploadFileResult], None]:
    """Upload many files; see `AsyncImageKit.upload_many`."""
    options = checked(common)

    async def upload(item: UploadItem) -> UploadFileResult:
        return await client.upload_file(*arguments(item, options))

    return how.each(upload, refuse_text(items))


def delete_many(
    client: AsyncImageKit, items: Iterable[DeleteItem] | AsyncIterable[DeleteItem], how: Tasks
) -> AsyncGenerator[Done[DeleteItem, bool], None]:
    """Delete many files; see `AsyncImageKit.delete_many`."""
    return _delete_many(client, refuse_text(items), how)


async def _delete_many(
    client: AsyncImageKit, items: Iterable[DeleteItem] | AsyncIterable[DeleteItem], how: Tasks
) -> AsyncGenerator[Done[DeleteItem, bool], None]:
    progress = Counter(items, how.on_progress)
    async with aclosing(how.without_progress().each(partial(_delete_batch, client), _in_batches(items))) as found:
        async for batch in found:
            for done in outcomes(batch):
                progress.one_more()
                yield done


async def _in_batches(items: Iterable[DeleteItem] | AsyncIterable[DeleteItem]) -> AsyncIterator[list[DeleteItem]]:
    if not isinstance(items, AsyncIterable):
        for batch in in_batches(items):
            yield batch
        return
    batch = []
    async for item in items:
        batch.append(item)
        if len(batch) == BATCH_SIZE:
            yield batch
            batch = []
    if batch:
        yield batch


async def _delete_batch(client: AsyncImageKit, items: Sequence[DeleteItem]) -> list[bool]:
    steps = attempts(items)
    failure: ImageKitException | None = None
    while True:
        try:
            file_ids = steps.send(failure)
        except StopIteration as done:
            found: list[bool] = done.value
            return found
        failure = None
        try:
            await client.bulk_file_delete(file_ids)
        except ImageKitException as exc:
            failure = exc


async def download(
    client: AsyncImageKit,
    source: DownloadSource,
    to: str | os.PathLike[str],
    options: Mapping[str, Any],
    on_progress: Callable[[int, int | None], object] | None = None,
) -> Path:
    """Download a file; see `AsyncImageKit.download`."""
    url = source_url(client, source, options)
    async with entered_in_thread(stored_whole(to, source)) as (path, sink):
        await client._fetch(url, sink, on_progress)
    return path


def download_many(
    client: AsyncImageKit,
    items: Iterable[DownloadItem] | AsyncIterable[DownloadItem],
    folder: str | os.PathLike[str],
    options: Mapping[str, Any],
    how: Tasks,
    *,
    skip_existing: bool,
) -> AsyncGenerator[Done[DownloadItem, Path], None]:
    """Download many files; see `AsyncImageKit.download_many`."""

    return _download_many(client, refuse_text(items), Places(Path(folder)), options, how, skip_existing)


async def _download_many(
    client: AsyncImageKit,
    items: Iterable[DownloadItem] | AsyncIterable[DownloadItem],
    places: Places,
    options: Mapping[str, Any],
    how: Tasks,
    skip_existing: bool,
) -> AsyncGenerator[Done[DownloadItem, Path], None]:
    async def download_one(place: Place) -> Path:
        path = place.checked()
        if skip_existing and await in_thread(path.is_file):
            return path
        return await download(client, place.source, path, options)

    async def placed(given: AsyncIterable[DownloadItem]) -> AsyncIterator[Place]:
        async for item in given:
            yield places.of(item)

    progress = Counter(items, how.on_progress)
    each = placed(items) if isinstance(items, AsyncIterable) else map(places.of, items)
    async with aclosing(how.without_progress().each(download_one, each)) as outcomes:
        async for done in outcomes:
            progress.one_more()
            yield Done(done.item.item, done.result, done.error)


def sync_folder(
    client: AsyncImageKit,
    local: str | os.PathLike[str],
    remote: str,
    options: Options,
    common: Mapping[str, Any],
    how: Tasks,
) -> Outcomes:
    """Make a remote folder like a local one; see `AsyncImageKit.sync_folder`."""
    root, folder = checked_sides(local, remote, options, common)
    return _synced(client, root, folder, options, checked(common), how)


async def _synced(
    client: AsyncImageKit, root: Path, folder: str, options: Options, common: Mapping[str, Any], how: Tasks
) -> Outcomes:
    quiet = how.without_progress()
    plan = await _planned(client, root, folder, options, quiet)
    progress = Counter(plan, how.on_progress)
    if options.dry_run:
        for done in settled(plan):
            progress.one_more()
            yield done
        return
    async with aclosing(_carried_out(client, plan, common, quiet)) as outcomes:
        async for done in outcomes:
            progress.one_more()
            yield done


async def _planned(client: AsyncImageKit, root: Path, folder: str, options: Options, how: Tasks) -> list[Change]:
    here: list[LocalFile] = await in_thread(list, local_files(root, options.include_hidden, options.follow_symlinks))
    sides = Sides(root, folder, options, here, [file async for file in client.iter_files(**listing(folder))])

    async def is_same(pair: tuple[LocalFile, FileResult]) -> bool:
        here, there = pair
        async with entered_in_thread(copy_to_compare()) as copy:
            try:
                await client._fetch(source_url(client, there, {}), copy)
            except NOT_DELIVERED:
                return False
            return await in_thread(has_content, here.path, copy)

    async with aclosing(how.each(is_same, sides.doubtful())) as compared:
        async for done in compared:
            sides.note(done)
    return sides.plan()


async def _carried_out(
    client: AsyncImageKit, plan: Sequence[Change], common: Mapping[str, Any], how: Tasks
) -> Outcomes:
    async def upload(change: Change) -> UploadFileResult | bool:
        return await client.upload_file(*upload_arguments(change, common))

    has_failed = False
    for done in settled(of(plan, "keep", "refuse")):
        yield done
        if done.error is not None and how.stop_on_error:
            return
    async with aclosing(how.each(upload, of(plan, "upload", "replace"))) as uploads:
        async for uploaded in uploads:
            has_failed = has_failed or uploaded.error is not None
            yield uploaded
    extra = {str(change.file_id): change for change in of(plan, "delete")}
    if has_failed:
        for left in spared(() if how.stop_on_error else extra.values()):
            yield left
        return
    async with aclosing(delete_many(client, list(extra), how)) as deletions:
        async for deleted in deletions:
            yield Done(extra[str(deleted.item)], deleted.result, deleted.error)
