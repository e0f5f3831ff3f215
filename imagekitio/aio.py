"""`AsyncImageKit`, the facade for asyncio: the methods of `ImageKit`, to be awaited, over the same operations.

Only what sends is another: so arguments, results, errors and documentation are those of `ImageKit`, and a test compares
the two. Like `client`, this module loads neither `typing` nor an HTTP library.
"""

from __future__ import annotations

from . import operations
from .base import Client
from .client import ImageKit

# What typing has under this name; see `client`.
TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import (
        AsyncGenerator,
        AsyncIterable,
        AsyncIterator,
        Callable,
        Coroutine,
        Generator,
        Iterable,
        Mapping,
    )
    from pathlib import Path
    from types import TracebackType
    from typing import Any, BinaryIO, Literal, TypeVar

    import aiohttp
    from typing_extensions import Self, Unpack

    from .base import CommonSettings
    from .bulk.deletions import DeleteItem
    from .bulk.downloads import DownloadItem, DownloadSource
    from .bulk.sync import Change
    from .bulk.uploads import UploadItem
    from .bulk.window import Done
    from .models.bulk import BulkDeleteFileResult, TagsResult
    from .models.cache import PurgeCacheResult, PurgeCacheStatusResult
    from .models.custom_metadata import (
        CreateCustomMetadataFieldsKeywords,
        CreateCustomMetadataFieldsRequestOptions,
        CustomMetadataFieldsResultWithResponseMetadata,
        ListCustomMetadataFieldsResult,
        UpdateCustomMetadataFieldsKeywords,
        UpdateCustomMetadataFieldsRequestOptions,
    )
    from .models.details import GetMetadataResult
    from .models.files import (
        CopyFileKeywords,
        CopyFileRequestOptions,
        FileResult,
        FileResultWithResponseMetadata,
        FolderResult,
        ListAndSearchFileKeywords,
        ListAndSearchFileRequestOptions,
        ListFileResult,
        MoveFileKeywords,
        MoveFileRequestOptions,
        RenameFileKeywords,
        RenameFileRequestOptions,
        RenameFileResult,
        UpdateFileKeywords,
        UpdateFileRequestOptions,
    )
    from .models.folders import (
        CopyFolderKeywords,
        CopyFolderRequestOptions,
        CreateFolderKeywords,
        CreateFolderRequestOptions,
        DeleteFolderKeywords,
        DeleteFolderRequestOptions,
        GetBulkJobStatusResult,
        MoveFolderKeywords,
        MoveFolderRequestOptions,
    )
    from .models.result import ResponseMetadataResult
    from .models.uploads import UploadFileKeywords, UploadFileRequestOptions, UploadFileResult
    from .operations.core import Operation
    from .operations.sources import Uploadable
    from .transports.aiohttp_transport import AiohttpTransport
    from .urls.options import UrlOptions

    T = TypeVar("T")
    ClientT = TypeVar("ClientT", bound=Client)

    class AsyncSettings(CommonSettings, total=False):
        """The keyword settings of `AsyncImageKit`; None is the default."""

        session: aiohttp.ClientSession | None


def _documented_like_the_sync_client(client: type[ClientT]) -> type[ClientT]:
    """Give each method the docstring of the method of `ImageKit` that it stands for."""
    for name, method in vars(client).items():
        if not name.startswith("_") and not method.__doc__:
            method.__doc__ = getattr(ImageKit, name).__doc__
    return client


@_documented_like_the_sync_client
class AsyncImageKit(Client):
    """A client of ImageKit.io, or of local ImageKit, for asyncio.

    ::

        async with AsyncImageKit() as imagekit:
            file = await imagekit.get_file_details(file_id)
            async for file in imagekit.iter_files(path="/shop"):
                print(imagekit.url(path=file.file_path))

    It is made like `ImageKit`, has its methods, and raises what they raise; those that ask the service are awaited,
    URLs are built at once. Tasks may share a client; it pickles, without its connections, and works in each event loop
    that it is used in, with connections of its own. At most 100 calls are under way at once; others wait their turn.

    Files are read in threads, so that the loop goes on meanwhile; `on_progress` is called in the loop's thread. A call
    that is cancelled closes its connection and its file before the CancelledError comes out. Whether the service
    carried it out is as unknown then as after a `NetworkException`.

    Leaving the ``async with`` block, or `close`, closes the connections in the running loop when the calls under way
    are done; leaving it with an exception ends those calls.

    Args:
        public_key: As of `ImageKit`, like all the rest but one:
        session: An `aiohttp.ClientSession` to use instead of one of its own; the client does not close it.

    Raises:
        ImportError: The packages of the extra ``async`` are missing.
        ValueError: A key or the endpoint is missing, or a setting cannot be meant; the message names it.
        TypeError: A setting is unknown.
    """

    def __init__(
        self,
        public_key: str | None = None,
        private_key: str | None = None,
        url_endpoint: str | None = None,
        transformation_position: str | None = "path",
        options: Mapping[str, Any] | None = None,
        **settings: Unpack[AsyncSettings],
    ) -> None:
        from importlib.util import find_spec

        if find_spec("aiohttp") is None:
            raise ImportError('AsyncImageKit needs aiohttp, which is not installed: pip install "imagekitio[async]"')
        super().__init__(public_key, private_key, url_endpoint, transformation_position, options, settings)

    async def close(self) -> None:
        """Close the connections in the running loop, when the calls under way are done; a later call opens new ones."""
        if self._transport is not None:
            await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._transport is not None:
            await self._transport.close(at_once=kind is not None)

    def _new_transport(self, **settings: Any) -> AiohttpTransport:
        from .transports.aiohttp_transport import AiohttpTransport

        return AiohttpTransport(**settings)

    def _run(self, operation: Operation[T]) -> Coroutine[Any, Any, T]:
        running: Coroutine[Any, Any, T] = self._opened_transport().run(operation)
        return running

    def _fetch(
        self, url: str, sink: BinaryIO, on_progress: Callable[[int, int | None], object] | None = None
    ) -> Coroutine[Any, Any, None]:
        running: Coroutine[Any, Any, None] = self._opened_transport().download(url, sink, on_progress)
        return running

    # Files

    async def upload_file(
        self,
        file: Uploadable,
        file_name: str,
        options: UploadFileRequestOptions | Mapping[str, Any] | None = None,
        *,
        on_progress: Callable[[int, int], object] | None = None,
        **keywords: Unpack[UploadFileKeywords],
    ) -> UploadFileResult:
        return await self._run(
            operations.uploads.upload_file(file, file_name, options, on_progress=on_progress, **keywords)
        )

    async def list_files(
        self,
        options: ListAndSearchFileRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[ListAndSearchFileKeywords],
    ) -> ListFileResult:
        return await self._run(operations.files.list_files(options, **keywords))

    def iter_files(
        self,
        options: ListAndSearchFileRequestOptions | Mapping[str, Any] | None = None,
        *,
        page_size: int = 1000,
        **keywords: Unpack[ListAndSearchFileKeywords],
    ) -> AsyncIterator[FileResult]:
        pages = operations.paging.pages(options, page_size=page_size, **keywords)
        return self._items(pages, next(pages))  # next() here, so that wrong options are an error at once

    async def _items(
        self, pages: Generator[operations.paging.Step, ListFileResult, None], step: operations.paging.Step
    ) -> AsyncIterator[FileResult]:
        while step.operation is not None:
            step = pages.send(await self._run(step.operation))
            for file in step.files:
                yield file

    async def get_file_details(self, file_id: str) -> FileResultWithResponseMetadata:
        return await self._run(operations.files.get_file_details(file_id))

    async def get_file_versions(self, file_id: str) -> ListFileResult:
        return await self._run(operations.files.get_file_versions(file_id))

    async def get_file_version_details(self, file_id: str, version_id: str) -> FileResultWithResponseMetadata:
        return await self._run(operations.files.get_file_version_details(file_id, version_id))

    async def update_file_details(
        self,
        file_id: str,
        options: UpdateFileRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[UpdateFileKeywords],
    ) -> FileResultWithResponseMetadata:
        return await self._run(operations.files.update_file_details(file_id, options, **keywords))

    async def delete_file(self, file_id: str) -> ResponseMetadataResult:
        return await self._run(operations.files.delete_file(file_id))

    async def delete_file_version(self, file_id: str, version_id: str) -> ResponseMetadataResult:
        return await self._run(operations.files.delete_file_version(file_id, version_id))

    async def restore_file_version(self, file_id: str, version_id: str) -> FileResultWithResponseMetadata:
        return await self._run(operations.files.restore_file_version(file_id, version_id))

    async def add_tags(self, file_ids: Iterable[str], tags: Iterable[str]) -> TagsResult:
        return await self._run(operations.bulk.add_tags(file_ids, tags))

    async def remove_tags(self, file_ids: Iterable[str], tags: Iterable[str]) -> TagsResult:
        return await self._run(operations.bulk.remove_tags(file_ids, tags))

    async def remove_ai_tags(self, file_ids: Iterable[str], ai_tags: Iterable[str]) -> TagsResult:
        return await self._run(operations.bulk.remove_ai_tags(file_ids, ai_tags))

    async def bulk_file_delete(self, file_ids: Iterable[str]) -> BulkDeleteFileResult:
        return await self._run(operations.bulk.bulk_file_delete(file_ids))

    async def copy_file(
        self,
        options: CopyFileRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[CopyFileKeywords],
    ) -> ResponseMetadataResult:
        return await self._run(operations.files.copy_file(options, **keywords))

    async def move_file(
        self,
        options: MoveFileRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[MoveFileKeywords],
    ) -> ResponseMetadataResult:
        return await self._run(operations.files.move_file(options, **keywords))

    async def rename_file(
        self,
        options: RenameFileRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[RenameFileKeywords],
    ) -> RenameFileResult:
        return await self._run(operations.files.rename_file(options, **keywords))

    # Folders

    async def create_folder(
        self,
        options: CreateFolderRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[CreateFolderKeywords],
    ) -> ResponseMetadataResult:
        return await self._run(operations.folders.create_folder(options, **keywords))

    async def delete_folder(
        self,
        options: DeleteFolderRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[DeleteFolderKeywords],
    ) -> ResponseMetadataResult:
        return await self._run(operations.folders.delete_folder(options, **keywords))

    async def copy_folder(
        self,
        options: CopyFolderRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[CopyFolderKeywords],
    ) -> FolderResult:
        return await self._run(operations.folders.copy_folder(options, **keywords))

    async def move_folder(
        self,
        options: MoveFolderRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[MoveFolderKeywords],
    ) -> FolderResult:
        return await self._run(operations.folders.move_folder(options, **keywords))

    async def get_bulk_job_status(self, job_id: str) -> GetBulkJobStatusResult:
        return await self._run(operations.folders.get_bulk_job_status(job_id))

    # Cache

    async def purge_file_cache(self, file_url: str) -> PurgeCacheResult:
        return await self._run(operations.cache.purge_file_cache(file_url))

    async def get_purge_file_cache_status(self, purge_cache_id: str) -> PurgeCacheStatusResult:
        return await self._run(operations.cache.get_purge_file_cache_status(purge_cache_id))

    # Metadata

    async def get_file_metadata(self, file_id: str) -> GetMetadataResult:
        return await self._run(operations.metadata.get_file_metadata(file_id))

    async def get_remote_file_url_metadata(self, remote_file_url: str) -> GetMetadataResult:
        return await self._run(operations.metadata.get_remote_file_url_metadata(remote_file_url))

    # Custom metadata fields

    async def create_custom_metadata_fields(
        self,
        options: CreateCustomMetadataFieldsRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[CreateCustomMetadataFieldsKeywords],
    ) -> CustomMetadataFieldsResultWithResponseMetadata:
        return await self._run(operations.custom_metadata.create_custom_metadata_fields(options, **keywords))

    async def get_custom_metadata_fields(
        self, include_deleted: bool = False, *, folder_path: str | None = None
    ) -> ListCustomMetadataFieldsResult:
        return await self._run(
            operations.custom_metadata.get_custom_metadata_fields(include_deleted, folder_path=folder_path)
        )

    async def update_custom_metadata_fields(
        self,
        field_id: str,
        options: UpdateCustomMetadataFieldsRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[UpdateCustomMetadataFieldsKeywords],
    ) -> CustomMetadataFieldsResultWithResponseMetadata:
        return await self._run(operations.custom_metadata.update_custom_metadata_fields(field_id, options, **keywords))

    async def delete_custom_metadata_field(self, field_id: str) -> ResponseMetadataResult:
        return await self._run(operations.custom_metadata.delete_custom_metadata_field(field_id))

    # Many files

    def upload_many(
        self,
        items: Iterable[UploadItem] | AsyncIterable[UploadItem],
        *,
        at_once: int = 16,
        stop_on_error: bool = False,
        on_progress: Callable[[int, int | None], object] | None = None,
        **keywords: Unpack[UploadFileKeywords],
    ) -> AsyncGenerator[Done[UploadItem, UploadFileResult], None]:
        """Upload many files as `ImageKit.upload_many` does, in tasks of the running loop instead of an executor.

        ::

            async for done in imagekit.upload_many(Path("shoes").glob("*.jpg"), folder="/shop"):
                print(done.item, done.result.url if done.result else done.error)

        Args:
            items: As there; also an asynchronous iterable.
            at_once: How many uploads are under way at most, of the 100 calls that a client has in one loop.
            stop_on_error, on_progress, keywords: As there.
        Returns:
            The outcomes. Leaving the loop, or cancelling it, cancels what is under way; ``async with
            contextlib.aclosing(…)`` waits for that.
        Raises:
            TypeError, ValueError: An option is wrong.
        """
        from .bulk.aio import upload_many
        from .bulk.tasks import Tasks

        return upload_many(self, items, keywords, Tasks(at_once, stop_on_error, on_progress))

    def delete_many(
        self,
        items: Iterable[DeleteItem] | AsyncIterable[DeleteItem],
        *,
        at_once: int = 4,
        stop_on_error: bool = False,
        on_progress: Callable[[int, int | None], object] | None = None,
    ) -> AsyncGenerator[Done[DeleteItem, bool], None]:
        """Delete any number of files as `ImageKit.delete_many` does; otherwise like `upload_many`."""
        from .bulk.aio import delete_many
        from .bulk.tasks import Tasks

        return delete_many(self, items, Tasks(at_once, stop_on_error, on_progress))

    async def download(
        self,
        source: DownloadSource,
        to: str | os.PathLike[str],
        *,
        on_progress: Callable[[int, int | None], object] | None = None,
        **keywords: Unpack[UrlOptions],
    ) -> Path:
        from .bulk.aio import download

        return await download(self, source, to, keywords, on_progress)

    def download_many(
        self,
        items: Iterable[DownloadItem] | AsyncIterable[DownloadItem],
        folder: str | os.PathLike[str],
        *,
        skip_existing: bool = False,
        at_once: int = 16,
        stop_on_error: bool = False,
        on_progress: Callable[[int, int | None], object] | None = None,
        **keywords: Unpack[UrlOptions],
    ) -> AsyncGenerator[Done[DownloadItem, Path], None]:
        """Download many files as `ImageKit.download_many` does; otherwise like `upload_many`."""
        from .bulk.aio import download_many
        from .bulk.tasks import Tasks

        how = Tasks(at_once, stop_on_error, on_progress)
        return download_many(self, items, folder, keywords, how, skip_existing=skip_existing)

    def sync_folder(
        self,
        local: str | os.PathLike[str],
        remote: str,
        *,
        dry_run: bool = False,
        delete: bool = False,
        compare: Literal["quick", "content"] = "quick",
        include_hidden: bool = False,
        follow_symlinks: bool = False,
        at_once: int = 16,
        stop_on_error: bool = False,
        on_progress: Callable[[int, int | None], object] | None = None,
        **keywords: Unpack[UploadFileKeywords],
    ) -> AsyncGenerator[Done[Change, UploadFileResult | bool], None]:
        """Make a remote folder like a local one as `ImageKit.sync_folder` does; otherwise like `upload_many`."""
        from .bulk.aio import sync_folder
        from .bulk.sync import Options
        from .bulk.tasks import Tasks

        options = Options(delete, compare, include_hidden, follow_symlinks, dry_run)
        return sync_folder(self, local, remote, options, keywords, Tasks(at_once, stop_on_error, on_progress))

    # Further published names
    upload = upload_file
    bulk_delete = bulk_file_delete
    purge_cache = purge_file_cache
    get_purge_cache_status = get_purge_file_cache_status
    get_metadata = get_file_metadata
    get_remote_url_metadata = get_remote_file_url_metadata
