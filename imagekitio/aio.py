"""`AsyncImageKit`, the facade for asyncio: the methods of `ImageKit` as coroutines, over the same operations.

Arguments, results, errors and documentation match those of `ImageKit`; a test compares the two. Like `client`, this
module imports no HTTP library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from . import operations
from .facade.aio_account import AsyncAccountCalls
from .facade.base import Client
from .facade.groups import Groups
from .groups.modes import Async, AsyncRaw

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
    from typing import Any, Literal, TypeVar

    import aiohttp
    from typing_extensions import Self, Unpack

    from .bulk.deletions import Deletion
    from .bulk.downloads import DownloadItem, DownloadSource
    from .bulk.pulls import PullItem
    from .bulk.sync import Change
    from .bulk.tags import Tagging
    from .bulk.uploads import UploadItem
    from .bulk.work import Done
    from .disk import Writable
    from .flow.service import Service
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
        RenameFolderKeywords,
        RenameFolderRequestOptions,
    )
    from .models.result import ResponseMetadataResult
    from .models.uploads import UploadFileKeywords, UploadFileRequestOptions, UploadFileResult
    from .operations.core import Operation
    from .operations.ids import FileId, VersionId
    from .operations.paging import Step
    from .operations.sources import Uploadable
    from .settings import CommonKeywords, Settings
    from .streams import AsyncFileStream
    from .transports.aiohttp.transport import AiohttpTransport
    from .urls.options import UrlOptions

    T = TypeVar("T")

    class AsyncClientKeywords(CommonKeywords, total=False):
        """Keyword settings of `AsyncImageKit`; None means the default."""

        session: aiohttp.ClientSession | None


class AsyncImageKit(AsyncAccountCalls, Client, Groups[Async, AsyncRaw]):
    """Build URLs, upload files and manage media with ImageKit.io, or with local ImageKit, using asyncio.

    ::

        async with AsyncImageKit() as imagekit:
            file = await imagekit.get_file_details(file_id)
            async for file in imagekit.iter_files(path="/shop"):
                print(imagekit.url(path=file.file_path))

    The methods are those of `ImageKit`. Those that send requests are awaited; those that only build URLs are not.

    One client serves a whole application: tasks may share it, it can be pickled (without its connections), and it works
    in any number of event loops, with separate connections in each. At most 100 requests are in progress in a loop; the
    others wait. The first request opens the connections; `close`, or leaving the ``async with`` block, closes those of
    the running loop when the requests in progress have ended. Leaving the block with an exception aborts these
    requests.

    Files are read in threads, so the event loop is not blocked; `on_progress` is called in the thread of the loop. A
    cancelled call closes its connection and its file before the CancelledError is raised. As after a
    `NetworkException`, the service may or may not have carried out the request.

    Pass the options of a method as an object of its option class, as a dict with snake_case or camelCase keys, or as
    keyword arguments; keyword arguments take precedence. Arguments that are not valid raise a TypeError or ValueError
    before anything is sent; for an unknown option, the message suggests the nearest known name. When a request fails,
    the method raises `ImageKitException`; `imagekitio.exceptions` lists its subclasses by HTTP status.

    Args:
        public_key: Key that identifies the account in uploads from browsers; by default the environment variable
            ``IMAGEKIT_PUBLIC_KEY``.
        private_key: Key that authenticates requests and signs URLs; by default ``IMAGEKIT_PRIVATE_KEY``.
        url_endpoint: Base of all URLs, such as ``https://ik.imagekit.io/your_imagekit_id``; by default
            ``IMAGEKIT_URL_ENDPOINT``. Calls that need the endpoint or the public key raise a ValueError if it is
            missing.
        transformation_position: Part of the URL that contains the transformations: ``path`` (default) or ``query``.
        options: Dict of the settings below, and of defaults for the options of `url`; keyword arguments take
            precedence.
        api_base_url: Base URL of the API; by default ``IMAGEKIT_API_BASE_URL``, or else that of ImageKit.io.
        upload_base_url: Base URL for uploads; by default ``IMAGEKIT_UPLOAD_BASE_URL``, or else that of ImageKit.io.
        timeout: Seconds to wait, as one number or a pair (connect, read); by default 5 to connect and 60 to read.
        retry: A `Retry`, the number of attempts, or False for a single one; by default `Retry()`, with 3 attempts.
        session: An `aiohttp.ClientSession` to use instead of the client's own. The client does not close it.
        logger: Logger to use instead of the logger ``imagekitio``: for one DEBUG line per attempt, and a WARNING before
            each retry, with the reason and the wait.
        strict_transformations: Whether an unknown transformation name, or a value that the service does not accept,
            raises a ValueError.
        clock: Function that returns the Unix time in seconds, on which expiry times are based; by default `time.time`.
        webhook_secret: Secret of the webhooks that `verify_webhook` accepts, or several secrets; by default
            ``IMAGEKIT_WEBHOOK_SECRET``.
        base_url: Base URL of the API and for uploads, as in release 5; by default ``IMAGE_KIT_BASE_URL``, unless one of
            the variables above is set.
        max_retries: Number of attempts after the first, as in release 5, instead of `retry`.
        password: Accepted for compatibility with release 5 and not used: the service ignores it.

    Raises:
        ImportError: aiohttp is not installed; the extra ``async`` installs it.
        ValueError: The private key is missing, an argument is empty, or a setting is not valid; the message names it.
        TypeError: A setting is unknown or has the wrong type, or two settings conflict.
    """

    def __init__(
        self,
        public_key: str | None = None,
        private_key: str | None = None,
        url_endpoint: str | None = None,
        transformation_position: str | None = "path",
        options: Mapping[str, Any] | None = None,
        **settings: Unpack[AsyncClientKeywords],
    ) -> None:
        from importlib.util import find_spec

        if find_spec("aiohttp") is None:
            raise ImportError(
                'AsyncImageKit needs aiohttp: install imagekitio with the extra "async" (README, "Installation")'
            )
        super().__init__(public_key, private_key, url_endpoint, transformation_position, options, settings)

    async def close(self) -> None:
        """Close the connections of the running loop when its requests have ended; the next request opens new ones."""
        if self._transport is not None:
            await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._transport is not None:
            await self._transport.close(at_once=kind is not None)

    def _make_transport(self, service: Service, settings: Settings) -> AiohttpTransport:
        from .transports.aiohttp.transport import AiohttpTransport

        return AiohttpTransport(service, settings)

    def _run(self, operation: Operation[T]) -> Coroutine[Any, Any, T]:
        running: Coroutine[Any, Any, T] = self._open_transport().run(operation)
        return running

    def _get_modes(self) -> tuple[Async, AsyncRaw]:
        return Async(self._run), AsyncRaw(self._run)

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
        """Upload a file.

        The content is streamed, and read in a thread if it comes from a file: memory use does not grow with the size of
        the file.

        Args:
            file: Content as bytes, a `pathlib.Path`, or a binary file object (Django's `File`, Werkzeug's `FileStorage`
                and Starlette's `UploadFile` too), which is read from its current position and not closed. A str is a
                URL that the service fetches, a base64 data URI, or base64 text; it is never a path. Bytes that contain
                the base64 text of a known file type are decoded, because code for older releases passes
                ``base64.b64encode(…)``; pass them as ``io.BytesIO(…)`` to store the base64 text itself. A tuple (name,
                content, MIME type) or (name, content) works as in requests; the service ignores its name and its type.
            file_name: Name of the file. A random suffix makes it unique unless `use_unique_file_name` is False.
            options: An `UploadFileRequestOptions` or a dict: `folder`, `tags`, `is_private_file`, `overwrite_file`,
                `custom_metadata`, `extensions`, `response_fields`, …
            on_progress: Function to call with the number of bytes sent and the size of the whole request in bytes, in
                the thread of the event loop.
            keywords: The options as keyword arguments.
        Returns:
            The uploaded file: `file_id`, `name`, `file_path`, `url`, `size`, …
        Raises:
            TypeError: `file` or `file_name` is missing, an option is unknown, the file is open in text mode or
                unreadable, or a str is not a URL, a data URI or base64.
            EmptyFileError: The file is empty or has been read to its end; a ValueError.
            ValueError: The file is closed, the bytes may be either base64 text or the content itself, or an option is
                not valid.
            FileNotFoundError, IsADirectoryError: The path does not lead to a file.
            FileExistsException: The path is taken, and both `overwrite_file` and `use_unique_file_name` are False.
            FileTooLargeException: The file is larger than the account allows.
            ImageKitException: The upload failed for another reason.
        """
        return await self._run(
            operations.uploads.upload_file(file, file_name, options, on_progress=on_progress, **keywords)
        )

    async def upload_file_v2(
        self,
        file: Uploadable,
        file_name: str,
        options: UploadFileRequestOptions | Mapping[str, Any] | None = None,
        *,
        on_progress: Callable[[int, int], object] | None = None,
        **keywords: Unpack[UploadFileKeywords],
    ) -> UploadFileResult:
        """Upload a file with version 2 of the upload API; on a server, it works like `upload_file`.

        The versions differ only in the tokens for uploads from browsers; `get_upload_token` creates the tokens for
        version 2 (ImageKit docs, upload API v2).

        Args:
            file: Content, as for `upload_file`.
            file_name: Name of the file, as for `upload_file`.
            options: An `UploadFileRequestOptions` or a dict, as for `upload_file`.
            on_progress: Function to call, as for `upload_file`.
            keywords: The options as keyword arguments.
        Returns:
            The uploaded file: `file_id`, `name`, `file_path`, `url`, `size`, …
        Raises:
            TypeError, ValueError, OSError, ImageKitException: As for `upload_file`.
        """
        return await self._run(
            operations.uploads.upload_file_v2(file, file_name, options, on_progress=on_progress, **keywords)
        )

    async def list_files(
        self,
        options: ListAndSearchFileRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[ListAndSearchFileKeywords],
    ) -> ListFileResult:
        """List or search files, file versions and folders.

        Returns one page of at most 1000 items; `iter_files` goes through all pages.

        Args:
            options: A `ListAndSearchFileRequestOptions` or a dict: `path`, `search_query`, `type`, `sort`, `limit`,
                `skip`, …
            keywords: The options as keyword arguments.
        Returns:
            The page: a sequence of `FileResult`, and of `FolderResult` if folders are included; also available as
            `.list`.
        Raises:
            TypeError, ValueError: An option is not valid.
            ImageKitException: The request failed.
        """
        return await self._run(operations.files.list_files(options, **keywords))

    def iter_files(
        self,
        options: ListAndSearchFileRequestOptions | Mapping[str, Any] | None = None,
        *,
        page_size: int = 1000,
        **keywords: Unpack[ListAndSearchFileKeywords],
    ) -> AsyncIterator[FileResult]:
        """Iterate over all files that match, requesting each page when it is needed.

        You may upload and delete files during the iteration, even those it yields: no other file is skipped or
        repeated. For example, ``imagekit.delete_many(imagekit.iter_files(path="/bin"))`` empties a folder.

        Args:
            options: Options of `list_files`, except that `limit` is the total number of items (default: no limit).
            page_size: Number of items to request per page, 1 to 1000.
            keywords: The options as keyword arguments.
        Returns:
            An asynchronous iterator over the files, and over the folders if they are included. No request is sent
            before the first item is read.
        Raises:
            TypeError, ValueError: An option is not valid; raised by the call itself.
            ImageKitException: A request failed; raised by the iteration.
        """
        pages = operations.paging.list_pages(options, page_size=page_size, **keywords)
        return self._items(pages, next(pages))  # next() here, so that invalid options raise immediately

    async def _items(
        self,
        pages: Generator[Step[FileResult, ListFileResult], ListFileResult, None],
        step: Step[FileResult, ListFileResult],
    ) -> AsyncIterator[FileResult]:
        while step.operation is not None:
            step = pages.send(await self._run(step.operation))
            for file in step.files:
                yield file

    async def get_file_details(self, file_id: FileId) -> FileResultWithResponseMetadata:
        """Return the current version of a file.

        Args:
            file_id: ID of the file, or the file as it was listed or uploaded.
        Raises:
            NotFoundException: There is no file with this ID.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.files.get_file_details(file_id))

    async def get_file_by_path(self, path_or_url: str) -> FileResultWithResponseMetadata:
        """Return the current version of the file at a path.

        The service looks up files only by their ID, so this call searches the folder of the file. Searches may lag a
        few seconds behind an upload, a move or a deletion.

        Args:
            path_or_url: Path in the media library, such as ``/shop/shoe.jpg``, or a URL of the file under the client's
                endpoint, with or without transformations.
        Raises:
            NotFoundException: There is no file at this path; the message names it.
            TypeError, ValueError: `path_or_url` is neither a path nor a URL under the endpoint.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.files.get_file_by_path(self._read_path(path_or_url)))

    async def get_file_versions(self, file_id: FileId) -> ListFileResult:
        """Return all versions of a file: the current one first, then the others from newest to oldest.

        Args:
            file_id: ID of the file, or the file as it was listed or uploaded.
        Raises:
            NotFoundException: There is no file with this ID.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.files.get_file_versions(file_id))

    async def get_file_version_details(self, file_id: FileId, version_id: VersionId) -> FileResultWithResponseMetadata:
        """Return one version of a file.

        Args:
            file_id: ID of the file, or the file as it was listed or uploaded.
            version_id: ID of the version, as in `version_info.id`, or the version as it was listed.
        Raises:
            NotFoundException: The file has no such version, or does not exist.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.files.get_file_version_details(file_id, version_id))

    async def update_file_details(
        self,
        file_id: FileId,
        options: UpdateFileRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[UpdateFileKeywords],
    ) -> FileResultWithResponseMetadata:
        """Change the tags, coordinates, custom metadata, description or publication of a file, or run extensions on it.

        Only the current version changes, unless `publish` includes the others.

        Args:
            file_id: ID of the file, or the file as it was listed or uploaded.
            options: An `UpdateFileRequestOptions` or a dict: `tags`, `custom_coordinates`, `custom_metadata`,
                `description`, `extensions`, `remove_ai_tags`, `webhook_url`, or `publish` alone. Options that are not
                given leave their values unchanged; None clears `tags`, `custom_coordinates` and `description`.
            keywords: The options as keyword arguments.
        Returns:
            The file after the change.
        Raises:
            TypeError, ValueError: An option is not valid.
            NotFoundException: There is no file with this ID.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.files.update_file_details(file_id, options, **keywords))

    async def delete_file(self, file_id: FileId) -> ResponseMetadataResult:
        """Delete a file and all its versions.

        Caches may still deliver the file; `purge_file_cache` removes it from them.

        Args:
            file_id: ID of the file, or the file as it was listed or uploaded.
        Returns:
            A result that contains only `response_metadata`.
        Raises:
            NotFoundException: There is no file with this ID.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.files.delete_file(file_id))

    async def delete_file_version(self, file_id: FileId, version_id: VersionId) -> ResponseMetadataResult:
        """Delete a version of a file other than the current one.

        Args:
            file_id: ID of the file, or the file as it was listed or uploaded.
            version_id: ID of the version, as in `version_info.id`, or the version as it was listed.
        Returns:
            A result that contains only `response_metadata`.
        Raises:
            BadRequestException: The version is the current one.
            NotFoundException: The file has no such version, or does not exist.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.files.delete_file_version(file_id, version_id))

    async def restore_file_version(self, file_id: FileId, version_id: VersionId) -> FileResultWithResponseMetadata:
        """Make an older version of a file the current one.

        Args:
            file_id: ID of the file, or the file as it was listed or uploaded.
            version_id: ID of the version, as in `version_info.id`, or the version as it was listed.
        Returns:
            The file after the change.
        Raises:
            NotFoundException: The file has no such version, or does not exist.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.files.restore_file_version(file_id, version_id))

    async def add_tags(self, file_ids: Iterable[FileId], tags: Iterable[str]) -> TagsResult:
        """Add tags to up to 50 files.

        Args:
            file_ids: 1 to 50 IDs of files, or files as they were listed or uploaded.
            tags: Tags to add.
        Returns:
            The result, with the IDs of the changed files in `successfully_updated_file_ids`.
        Raises:
            TypeError, ValueError: `file_ids` or `tags` is missing, empty, or not a list of str.
            NotFoundException: A file does not exist (see `missing_file_ids`); nothing was changed.
            PartialSuccessException: Some files could not be changed (see `failed_file_ids`).
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.bulk.add_tags(file_ids, tags))

    async def remove_tags(self, file_ids: Iterable[FileId], tags: Iterable[str]) -> TagsResult:
        """Remove tags from up to 50 files.

        Args:
            file_ids: 1 to 50 IDs of files, or files as they were listed or uploaded.
            tags: Tags to remove; those that a file does not have are ignored.
        Returns:
            The result, with the IDs of the changed files in `successfully_updated_file_ids`.
        Raises:
            TypeError, ValueError: `file_ids` or `tags` is missing, empty, or not a list of str.
            NotFoundException: A file does not exist (see `missing_file_ids`); nothing was changed.
            PartialSuccessException: Some files could not be changed (see `failed_file_ids`).
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.bulk.remove_tags(file_ids, tags))

    async def remove_ai_tags(self, file_ids: Iterable[FileId], ai_tags: Iterable[str]) -> TagsResult:
        """Remove AI tags from up to 50 files.

        Args:
            file_ids: 1 to 50 IDs of files, or files as they were listed or uploaded.
            ai_tags: Names of the AI tags to remove.
        Returns:
            The result, with the IDs of the changed files in `successfully_updated_file_ids`.
        Raises:
            TypeError, ValueError: `file_ids` or `ai_tags` is missing, empty, or not a list of str.
            NotFoundException: A file does not exist (see `missing_file_ids`); nothing was changed.
            PartialSuccessException: Some files could not be changed (see `failed_file_ids`).
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.bulk.remove_ai_tags(file_ids, ai_tags))

    async def bulk_file_delete(self, file_ids: Iterable[FileId]) -> BulkDeleteFileResult:
        """Delete up to 100 files and all their versions; `delete_many` takes any number.

        Args:
            file_ids: 1 to 100 IDs of files, or files as they were listed or uploaded.
        Returns:
            The result, with the IDs of the deleted files in `successfully_deleted_file_ids`.
        Raises:
            TypeError, ValueError: `file_ids` is missing, empty, or not a list of str.
            NotFoundException: A file does not exist (see `missing_file_ids`); nothing was deleted.
            PartialSuccessException: Some files could not be deleted (see `failed_file_ids`).
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.bulk.bulk_file_delete(file_ids))

    async def copy_file(
        self,
        options: CopyFileRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[CopyFileKeywords],
    ) -> ResponseMetadataResult:
        """Copy a file into another folder, which is created if it does not exist.

        Args:
            options: A `CopyFileRequestOptions` or a dict: `source_file_path`, `destination_path` (the folder), and
                `include_file_versions` to copy all versions instead of only the current one.
            keywords: The options as keyword arguments.
        Returns:
            A result that contains only `response_metadata`.
        Raises:
            TypeError, ValueError: An option is missing or not valid.
            NotFoundException: The file does not exist.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.files.copy_file(options, **keywords))

    async def move_file(
        self,
        options: MoveFileRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[MoveFileKeywords],
    ) -> ResponseMetadataResult:
        """Move a file and all its versions into another folder, which is created if it does not exist.

        Args:
            options: A `MoveFileRequestOptions` or a dict: `source_file_path` and `destination_path` (the folder).
            keywords: The options as keyword arguments.
        Returns:
            A result that contains only `response_metadata`.
        Raises:
            TypeError, ValueError: An option is missing or not valid.
            NotFoundException: The file does not exist.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.files.move_file(options, **keywords))

    async def rename_file(
        self,
        options: RenameFileRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[RenameFileKeywords],
    ) -> RenameFileResult:
        """Rename a file within its folder.

        Args:
            options: A `RenameFileRequestOptions` or a dict: `file_path`, `new_file_name`, and `purge_cache` to purge
                the old URL from the caches.
            keywords: The options as keyword arguments.
        Returns:
            The result, with a `purge_request_id` for `get_purge_file_cache_status` if the old URL is being purged.
        Raises:
            TypeError, ValueError: An option is missing or not valid.
            NotFoundException: The file does not exist.
            ConflictException: A file or folder with the new name exists in the folder.
            PartialSuccessException: The file was renamed, but its old URL could not be purged.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.files.rename_file(options, **keywords))

    # Folders

    async def create_folder(
        self,
        options: CreateFolderRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[CreateFolderKeywords],
    ) -> ResponseMetadataResult:
        """Create a folder and any missing parents. If the folder exists, nothing changes.

        Args:
            options: A `CreateFolderRequestOptions` or a dict: `folder_name` and `parent_folder_path` (``/`` is the
                root).
            keywords: The options as keyword arguments.
        Returns:
            A result that contains only `response_metadata`.
        Raises:
            TypeError, ValueError: An option is missing or not valid.
            ImageKitException: The request failed.
        """
        return await self._run(operations.folders.create_folder(options, **keywords))

    async def delete_folder(
        self,
        options: DeleteFolderRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[DeleteFolderKeywords],
    ) -> ResponseMetadataResult:
        """Delete a folder and everything in it, permanently.

        Args:
            options: A `DeleteFolderRequestOptions` or a dict: `folder_path`.
            keywords: The options as keyword arguments.
        Returns:
            A result that contains only `response_metadata`.
        Raises:
            TypeError, ValueError: An option is missing or not valid.
            NotFoundException: The folder does not exist.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.folders.delete_folder(options, **keywords))

    async def copy_folder(
        self,
        options: CopyFolderRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[CopyFolderKeywords],
    ) -> FolderResult:
        """Start a job that copies a folder into another one: copying ``/a/b`` to ``/c`` creates ``/c/b``.

        Args:
            options: A `CopyFolderRequestOptions` or a dict: `source_folder_path`, `destination_path`, and
                `include_file_versions` to copy all versions of the files instead of only the current ones.
            keywords: The options as keyword arguments.
        Returns:
            The job, with a `job_id` for `get_bulk_job_status`.
        Raises:
            TypeError, ValueError: An option is missing or not valid.
            NotFoundException: The folder to copy does not exist.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.folders.copy_folder(options, **keywords))

    async def move_folder(
        self,
        options: MoveFolderRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[MoveFolderKeywords],
    ) -> FolderResult:
        """Start a job that moves a folder into another one: moving ``/a/b`` to ``/c`` makes it ``/c/b``.

        Args:
            options: A `MoveFolderRequestOptions` or a dict: `source_folder_path` and `destination_path`.
            keywords: The options as keyword arguments.
        Returns:
            The job, with a `job_id` for `get_bulk_job_status`.
        Raises:
            TypeError, ValueError: An option is missing or not valid.
            NotFoundException: The folder to move does not exist.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.folders.move_folder(options, **keywords))

    async def rename_folder(
        self,
        options: RenameFolderRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[RenameFolderKeywords],
    ) -> FolderResult:
        """Start a job that renames a folder in place: renaming ``/a/b`` to ``c`` makes it ``/a/c``.

        Args:
            options: A `RenameFolderRequestOptions` or a dict: `folder_path`, `new_folder_name`, and `purge_cache` to
                purge the old URLs of everything in it from the caches.
            keywords: The options as keyword arguments.
        Returns:
            The job, with a `job_id` for `get_bulk_job_status`.
        Raises:
            TypeError, ValueError: An option is missing or not valid.
            BadRequestException: The folder is the root.
            NotFoundException: The folder does not exist.
            ConflictException: A folder with the new name exists in the same place.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.folders.rename_folder(options, **keywords))

    async def get_bulk_job_status(self, job_id: str) -> GetBulkJobStatusResult:
        """Return the status of a job that `copy_folder`, `move_folder` or `rename_folder` started.

        Args:
            job_id: ID of the job.
        Returns:
            The job; its `status` is ``Pending`` or ``Completed``. A rename that purges also has a `purge_request_id`
            for `get_purge_file_cache_status`.
        Raises:
            NotFoundException: There is no job with this ID.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.folders.get_bulk_job_status(job_id))

    # Cache

    async def purge_file_cache(self, file_url: str) -> PurgeCacheResult:
        """Purge a URL from the caches of ImageKit.io and its CDN.

        An account may purge up to 1000 times a month (ImageKit docs, cache API).

        Args:
            file_url: URL to purge. With ``*`` at its end, all URLs that start with the part before the ``*`` are
                purged.
        Returns:
            The request, with a `request_id` for `get_purge_file_cache_status`.
        Raises:
            BadRequestException: The URL does not belong to the account, or its ``*`` matches too many URLs.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.cache.purge_file_cache(file_url))

    async def get_purge_file_cache_status(self, purge_cache_id: str) -> PurgeCacheStatusResult:
        """Return the status of a cache purge.

        Args:
            purge_cache_id: The `request_id` that `purge_file_cache` returned.
        Returns:
            The result; its `status` is ``Pending`` or ``Completed``.
        Raises:
            BadRequestException: There is no purge with this ID.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.cache.get_purge_file_cache_status(purge_cache_id))

    # Metadata

    async def get_file_metadata(self, file_id: FileId) -> GetMetadataResult:
        """Return the metadata of a file's content: dimensions, format, perceptual hash, EXIF data, …

        Args:
            file_id: ID of the file, or the file as it was listed or uploaded.
        Raises:
            NotFoundException: There is no file with this ID.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.metadata.get_file_metadata(file_id))

    async def get_remote_file_url_metadata(self, remote_file_url: str) -> GetMetadataResult:
        """Return the metadata of the file that a URL delivers: dimensions, format, perceptual hash, EXIF data, …

        Args:
            remote_file_url: URL of your ImageKit.io account. If it contains a transformation, the result describes the
                transformed file.
        Raises:
            TypeError, ValueError: `remote_file_url` is missing, blank, or not a str.
            BadRequestException: The URL does not belong to the account, or the file cannot be read.
            NotFoundException: The file does not exist.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.metadata.get_remote_file_url_metadata(remote_file_url))

    # Custom metadata fields

    async def create_custom_metadata_fields(
        self,
        options: CreateCustomMetadataFieldsRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[CreateCustomMetadataFieldsKeywords],
    ) -> CustomMetadataFieldsResultWithResponseMetadata:
        """Create a custom metadata field.

        Args:
            options: A `CreateCustomMetadataFieldsRequestOptions` or a dict: `name` (for the API), `label` (for people),
                `schema`, and optionally `description`.
            keywords: The options as keyword arguments.
        Returns:
            The new field.
        Raises:
            TypeError, ValueError: An option is missing or not valid.
            BadRequestException: The name or the label is taken, or the schema is not valid.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.custom_metadata.create_custom_metadata_fields(options, **keywords))

    async def get_custom_metadata_fields(
        self, include_deleted: bool = False, *, folder_path: str | None = None
    ) -> ListCustomMetadataFieldsResult:
        """Return the custom metadata fields of the account.

        Args:
            include_deleted: Whether to include deleted fields.
            folder_path: Folder whose path policy selects the fields; by default, all fields are returned.
        Returns:
            The fields, as a sequence; also available as `.list`.
        Raises:
            ImageKitException: The request failed.
        """
        return await self._run(
            operations.custom_metadata.get_custom_metadata_fields(include_deleted, folder_path=folder_path)
        )

    async def update_custom_metadata_fields(
        self,
        field_id: str,
        options: UpdateCustomMetadataFieldsRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[UpdateCustomMetadataFieldsKeywords],
    ) -> CustomMetadataFieldsResultWithResponseMetadata:
        """Change the label, schema or description of a custom metadata field.

        Args:
            field_id: ID of the field.
            options: An `UpdateCustomMetadataFieldsRequestOptions` or a dict: `label`, `schema`, `description`.
            keywords: The options as keyword arguments.
        Returns:
            The field after the change.
        Raises:
            TypeError, ValueError: An option is not valid.
            BadRequestException: The label is taken, or the schema is not valid.
            NotFoundException: There is no field with this ID.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.custom_metadata.update_custom_metadata_fields(field_id, options, **keywords))

    async def delete_custom_metadata_field(self, field_id: str) -> ResponseMetadataResult:
        """Delete a custom metadata field.

        Its name cannot be used again; its label can.

        Args:
            field_id: ID of the field.
        Returns:
            A result that contains only `response_metadata`.
        Raises:
            BadRequestException: The field is part of a path policy.
            NotFoundException: There is no field with this ID.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.custom_metadata.delete_custom_metadata_field(field_id))

    # Many files

    def upload_many(
        self,
        items: Iterable[UploadItem] | AsyncIterable[UploadItem],
        *,
        at_once: int = 16,
        stop_on_error: bool = False,
        on_progress: Callable[[int, int | None], object] | None = None,
        start_transfer: Callable[[UploadItem], Callable[[int, int], object] | None] | None = None,
        **keywords: Unpack[UploadFileKeywords],
    ) -> AsyncGenerator[Done[UploadItem, UploadFileResult], None]:
        """Upload many files, several at once, and yield each outcome as soon as it is known.

        Nothing starts until you iterate. A failed upload is an outcome too and does not stop the others. Items are read
        only when there is room for another upload, so there may be more of them than fit into memory. Leaving the loop
        cancels the work in progress; ``async with contextlib.aclosing(…)`` also waits until it has ended.

        ::

            async for done in imagekit.upload_many(Path("shoes").glob("*.jpg"), folder="/shop"):
                print(done.item, done.result.url if done.result else done.error)

        Args:
            items: Iterable or asynchronous iterable of paths, ``(file, file_name)`` or ``(file, file_name, options)``
                tuples, or dicts of `file`, `file_name` and options. Options of an item take precedence over `keywords`.
            at_once: Maximum number of uploads in progress; a client sends at most 100 requests at once.
            stop_on_error: Whether to stop starting uploads after the first failure; those in progress are still
                yielded.
            on_progress: Function to call after each file with the number of files done and the total, which is None if
                `items` has no length.
            start_transfer: Function to call with an item when its upload starts. It returns an `on_progress` for this
                upload, as for `upload_file`, or None.
            keywords: Options of `upload_file`, for all items.
        Returns:
            An asynchronous generator of the outcomes. Each has the `item` as given, and a `result` or an `error`;
            `unwrap()` returns the result or raises the error. With ``use_unique_file_name=False``, an item that would
            overwrite an earlier item of the same call is an error.
        Raises:
            TypeError, ValueError: An argument or an option is not valid.
        """
        from .bulk.tasks import Tasks
        from .bulk.uploads import upload_many

        tasks = Tasks(at_once, stop_on_error, on_progress)
        return tasks.run(self._open_transport(), upload_many(items, keywords, start_transfer))

    def delete_many(
        self,
        items: Iterable[FileId] | AsyncIterable[FileId],
        *,
        at_once: int = 4,
        stop_on_error: bool = False,
        on_progress: Callable[[int, int | None], object] | None = None,
    ) -> AsyncGenerator[Done[FileId, Deletion], None]:
        """Delete any number of files and all their versions, and yield each outcome as soon as it is known.

        Nothing starts until you iterate. Up to 100 files are deleted per request, several requests at once. A failure
        is an outcome too and does not stop the others. Leaving the loop cancels the work in progress; ``async with
        contextlib.aclosing(…)`` also waits until it has ended.

        Args:
            items: Iterable or asynchronous iterable of file IDs, or of files as `iter_files` and `upload_file` return
                them.
            at_once: Maximum number of requests in progress.
            stop_on_error: Whether to stop sending requests after the first failure; those in progress are still
                yielded.
            on_progress: Function to call after each file with the number of files done and the total, which is None if
                `items` has no length.
        Returns:
            An asynchronous generator of the outcomes. Each has the `item` as given, and a `result` or an `error`;
            `unwrap()` returns the result or raises the error. The result is ``deleted``, or ``missing`` if the file did
            not exist, which is not an error: an earlier attempt whose response was lost may have deleted it.
        Raises:
            TypeError, ValueError: An argument is not valid.
        """
        from .bulk.deletions import delete_many
        from .bulk.tasks import Tasks

        tasks = Tasks(at_once, stop_on_error, on_progress)
        return tasks.run(self._open_transport(), delete_many(items))

    def tag_many(
        self,
        items: Iterable[FileId] | AsyncIterable[FileId],
        *,
        add: Iterable[str] = (),
        remove: Iterable[str] = (),
        clear: bool = False,
        at_once: int = 4,
        stop_on_error: bool = False,
        on_progress: Callable[[int, int | None], object] | None = None,
    ) -> AsyncGenerator[Done[FileId, Tagging], None]:
        """Change the tags of any number of files, and yield each outcome as soon as it is known.

        Nothing starts until you iterate. Up to 50 files are changed per request, several requests at once; with
        `clear`, each file needs its own request. A failure is an outcome too and does not stop the others. Leaving the
        loop cancels the work in progress; ``async with contextlib.aclosing(…)`` also waits until it has ended.

        Args:
            items: Iterable or asynchronous iterable of file IDs, or of files as `iter_files` and `upload_file` return
                them.
            add: Tags to add.
            remove: Tags to remove; those that a file does not have are ignored.
            clear: Whether to remove all existing tags before adding those in `add`. AI tags are kept.
            at_once: Maximum number of requests in progress.
            stop_on_error: Whether to stop sending requests after the first failure; those in progress are still
                yielded.
            on_progress: Function to call after each file with the number of files done and the total, which is None if
                `items` has no length.
        Returns:
            An asynchronous generator of the outcomes. Each has the `item` as given, and a `result` or an `error`;
            `unwrap()` returns the result or raises the error. The result is ``changed``, or ``missing`` if the file did
            not exist.
        Raises:
            TypeError, ValueError: An argument is not valid, or there is nothing to change.
        """
        from .bulk.tags import tag_many
        from .bulk.tasks import Tasks

        tasks = Tasks(at_once, stop_on_error, on_progress)
        return tasks.run(self._open_transport(), tag_many(items, add=add, remove=remove, clear=clear))

    def get_metadata_many(
        self,
        items: Iterable[FileId] | AsyncIterable[FileId],
        *,
        at_once: int = 16,
        stop_on_error: bool = False,
        on_progress: Callable[[int, int | None], object] | None = None,
    ) -> AsyncGenerator[Done[FileId, GetMetadataResult], None]:
        """Return the metadata of any number of files, several at once, and yield each outcome as soon as it is known.

        Nothing starts until you iterate. Each file costs one request. A failure is an outcome too and does not stop the
        others. Leaving the loop cancels the work in progress; ``async with contextlib.aclosing(…)`` also waits until it
        has ended.

        ::

            async for done in imagekit.get_metadata_many(imagekit.iter_files(path="/shop", file_type="image")):
                print(done.item, done.result.p_hash if done.result else done.error)

        Args:
            items: Iterable or asynchronous iterable of file IDs, or of files as `iter_files` and `upload_file` return
                them.
            at_once: Maximum number of requests in progress.
            stop_on_error: Whether to stop sending requests after the first failure; those in progress are still
                yielded.
            on_progress: Function to call after each file with the number of files done and the total, which is None if
                `items` has no length.
        Returns:
            An asynchronous generator of the outcomes. Each has the `item` as given, and a `result` as
            `get_file_metadata` returns it, or an `error`; `unwrap()` returns the result or raises the error.
        Raises:
            TypeError, ValueError: An argument is not valid.
        """
        from .bulk.metadata import get_metadata_many
        from .bulk.tasks import Tasks

        tasks = Tasks(at_once, stop_on_error, on_progress)
        return tasks.run(self._open_transport(), get_metadata_many(items))

    @overload
    async def download(
        self,
        source: DownloadSource,
        to: str | os.PathLike[str],
        *,
        on_progress: Callable[[int, int | None], object] | None = None,
        **keywords: Unpack[UrlOptions],
    ) -> Path: ...
    @overload
    async def download(
        self,
        source: DownloadSource,
        to: Writable,
        *,
        on_progress: Callable[[int, int | None], object] | None = None,
        **keywords: Unpack[UrlOptions],
    ) -> None: ...
    async def download(
        self,
        source: DownloadSource,
        to: str | os.PathLike[str] | Writable,
        *,
        on_progress: Callable[[int, int | None], object] | None = None,
        **keywords: Unpack[UrlOptions],
    ) -> Path | None:
        """Download a file, or a transformation of it, to disk or into a file object.

        The content is streamed, and written in a thread: memory use does not grow with the size of the file. An attempt
        that is interrupted resumes where it stopped. Until a file on disk is complete, it is a hidden ``.part`` file in
        the same folder; if the process is killed, the next download into this folder removes it. No key is sent.

        Args:
            source: A file as `list_files` or `upload_file` returns it, a path in the media library, a URL, or a dict of
                options for `url`. Without a transformation, files and paths are downloaded as they were uploaded. Their
                URLs are signed, as private files and accounts that restrict unsigned URLs require.
            to: Path to write to, or an existing folder, where the file keeps its name. Missing folders are created, and
                an existing file is replaced. Or a binary file object open for writing, which is written to from its
                current position and not closed: `io.BytesIO`, a pipe, Django's `HttpResponse`, … If the download fails,
                it may contain part of the file.
            on_progress: Function to call in the thread of the event loop with the number of bytes written and the
                total, which is None if the service does not send it.
            keywords: Options of `url`: `transformation`, `signed`, `expire_seconds`, …
        Returns:
            The path of the file; None if `to` is a file object.
        Raises:
            TypeError, ValueError: The URL cannot be built, neither `source` nor `to` has a file name, or `to` is a file
                object that does not accept bytes.
            OSError: The file cannot be written.
            NotFoundException: The file does not exist.
            ImageKitException: The download failed for another reason.
        """
        from .bulk.downloads import download
        from .bulk.tasks import carry_out

        return await carry_out(self._open_transport(), download(self, source, to, keywords, on_progress))

    def open_stream(
        self,
        source: DownloadSource,
        start: int = 0,
        length: int | None = None,
        **keywords: Unpack[UrlOptions],
    ) -> AsyncFileStream:
        """Open a file, or a transformation of it, as a stream that is read part by part.

        ``async with``, `await` or the first read opens the stream, which requests the first 256 KiB. Sequential reads
        then request growing parts of up to 4 MiB, and parts skipped by `seek` are not requested. Each part is a
        separate request, which is retried as usual, so you may pause between reads for any length of time; memory use
        does not grow with the size of the file. If the service answers a request for a part with the whole file, the
        file is kept in memory, or on disk if it is large, until the stream is closed. No key is sent.

        ::

            async with imagekit.open_stream("/film.mp4") as stream:
                async for block in stream:
                    await response.write(block)

        Args:
            source: A file, path, URL or dict of options for `url`, as for `download`. URLs of files and paths are
                signed; if one expires while the stream is read (`expire_seconds`), the next part is refused with an
                `UnauthorizedException`.
            start: Position in the file at which the stream begins, in bytes. If it is past the end of the file, the
                stream is empty.
            length: Maximum length of the stream in bytes; by default, it extends to the end of the file.
            keywords: Options of `url`: `transformation`, `signed`, `expire_seconds`, …
        Returns:
            A stream with `read`, `seek`, `tell` and `aclose`, and with `size`, `name`, `content_type` and `headers`.
        Raises:
            TypeError, ValueError: An argument is not valid, or the URL cannot be built.
            NotFoundException: The file does not exist.
            ImageKitException: The request failed for another reason.
        """
        from .streams import AsyncFileStream, Reader

        return AsyncFileStream(self._open_transport(), Reader(self, source, start, length, keywords))

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
        """Download many files into a folder, several at once, and yield each outcome as soon as it is known.

        Nothing starts until you iterate. A failed download is an outcome too and does not stop the others. Leaving the
        loop cancels the work in progress; ``async with contextlib.aclosing(…)`` also waits until it has ended. See
        `download` for how one file is stored.

        Args:
            items: Iterable or asynchronous iterable of sources as for `download`, or of pairs of a source and a name
                relative to `folder`. Without a name, files and paths of the media library keep their folders, and URLs
                only their file name.
            folder: Folder on this machine.
            skip_existing: Whether to skip files that exist already. Since a file gets its name only when it is
                complete, this resumes a run that was interrupted.
            at_once: Maximum number of downloads in progress; a client sends at most 100 requests at once.
            stop_on_error: Whether to stop starting downloads after the first failure; those in progress are still
                yielded.
            on_progress: Function to call after each file with the number of files done and the total, which is None if
                `items` has no length.
            keywords: Options of `url`, for all items: `transformation`, `signed`, `expire_seconds`, …
        Returns:
            An asynchronous generator of the outcomes. Each has the `item` as given, and a `result`, the path of the
            file, or an `error`; `unwrap()` returns the result or raises the error. A name that points outside `folder`
            is an error.
        Raises:
            TypeError, ValueError: An argument is not valid.
        """
        from .bulk.downloads import download_many
        from .bulk.tasks import Tasks

        tasks = Tasks(at_once, stop_on_error, on_progress)
        work = download_many(self, items, folder, keywords, skip_existing=skip_existing)
        return tasks.run(self._open_transport(), work)

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
        exclude: Iterable[str] = (),
        at_once: int = 16,
        stop_on_error: bool = False,
        on_progress: Callable[[int, int | None], object] | None = None,
        on_compare: Callable[[int, int | None], object] | None = None,
        start_transfer: Callable[[Change], Callable[[int, int], object] | None] | None = None,
        **keywords: Unpack[UploadFileKeywords],
    ) -> AsyncGenerator[Done[Change, UploadFileResult | Deletion | None], None]:
        """Make a folder of the media library match a local folder, and yield each outcome as soon as it is known.

        Nothing starts until you iterate. Identical files are left alone, so the next run resumes one that was
        interrupted. A failure is an outcome too and does not stop the others. Leaving the loop cancels the work in
        progress; ``async with contextlib.aclosing(…)`` also waits until it has ended. File names are changed to names
        that the service accepts: ``a b.jpg`` is stored as ``a_b.jpg``.

        Local files and folders that are hidden, symbolic links, not regular files, excluded or unreadable are left out:
        neither they nor anything below them is uploaded or deleted. All but the excluded ones are reported: as a
        failure if they are unreadable, otherwise as a change whose `action` is ``skip``.

        Args:
            local: Folder on this machine.
            remote: Folder of the media library; ``/`` is its root.
            dry_run: Whether to only report the changes. Both folders are still read.
            delete: Whether to delete remote files that do not exist locally. Nothing is deleted if an upload failed or
                was refused.
            compare: Method for comparing files of the same size. ``content`` downloads every remote file. ``quick``
                downloads only those whose local file was changed after the remote one was first uploaded, and considers
                the others identical.
            include_hidden: Whether to include files and folders whose names begin with a dot, on both sides.
            follow_symlinks: Whether to follow symbolic links.
            exclude: Shell-style patterns of files and folders to leave out. ``*.psd`` and ``drafts`` match names;
                patterns with a slash, such as ``/drafts`` or ``2026/raw``, match paths below the folder.
            at_once: Maximum number of requests in progress.
            stop_on_error: Whether to stop starting work after the first failure; outcomes of work in progress are still
                yielded.
            on_progress: Function to call after each file with the number of files done and the total.
            on_compare: Function to call while contents are compared, which may take a while, with the number of files
                compared and the total.
            start_transfer: Function to call with a `Change` when its upload starts. It returns an `on_progress` for
                this upload, as for `upload_file`, or None.
            keywords: Options of `upload_file`, for all uploads, except `folder`, `use_unique_file_name` and
                `overwrite_file`.
        Returns:
            An asynchronous generator of the outcomes. The `item` of each is a `Change` with `action`, `path` and
            `local`; the `result` of an upload is what `upload_file` returns, that of a deletion is ``deleted`` or
            ``missing``, and it is None if nothing was done.
        Raises:
            NotADirectoryError: `local` is not a folder.
            TypeError, ValueError: An argument or an option is not valid, or `remote` contains characters that the
                service would replace.
            OSError, ImageKitException: One of the folders could not be read; nothing was changed.
        """
        from .bulk.pushes import Options, sync_folder
        from .bulk.tasks import Tasks

        tasks = Tasks(at_once, stop_on_error and not dry_run, on_progress)
        options = Options(delete, compare, include_hidden, follow_symlinks, dry_run, exclude, on_compare)
        return tasks.run(self._open_transport(), sync_folder(self, local, remote, options, keywords, start_transfer))

    def plan_uploads(
        self,
        files: Iterable[tuple[str | os.PathLike[str], str]],
        *,
        compare: Literal["quick", "content"] = "quick",
        on_compare: Callable[[int, int | None], object] | None = None,
        at_once: int = 16,
    ) -> AsyncGenerator[Done[Change, None], None]:
        """Determine what uploading individual files would change, without changing anything.

        Review or filter the changes, then pass them to `apply_changes` to carry them out. Remote files are looked up by
        path, so the number of requests grows with `files`, not with the library.

        ::

            plan = [done.item async for done in imagekit.plan_uploads([("hero.jpg", "/shop/hero.jpg")])]

        Args:
            files: Pairs of a local file and its path in the media library. Characters in the path that the service does
                not accept are replaced.
            compare: Method for comparing files of the same size, as for `sync_folder`.
            on_compare: Function to call while contents are compared, as for `sync_folder`.
            at_once: Maximum number of requests in progress.
        Returns:
            An asynchronous generator of the outcomes. The `item` of each is a `Change` whose `action` is ``upload``,
            ``replace`` or ``keep``. A file that cannot be uploaded is a failure with the action ``refuse``.
        Raises:
            TypeError, ValueError: An argument is not valid.
            ImageKitException: The media library could not be searched.
        """
        from .bulk.pushes import plan_uploads
        from .bulk.tasks import Tasks

        tasks = Tasks(at_once)
        return tasks.run(self._open_transport(), plan_uploads(self, files, compare, on_compare))

    def apply_changes(
        self,
        changes: Iterable[Change],
        *,
        at_once: int = 16,
        stop_on_error: bool = False,
        on_progress: Callable[[int, int | None], object] | None = None,
        start_transfer: Callable[[Change], Callable[[int, int | None], object] | None] | None = None,
        **keywords: Unpack[UploadFileKeywords],
    ) -> AsyncGenerator[Done[Change, UploadFileResult | Deletion | Path | None], None]:
        """Carry out changes that were planned earlier, and yield each outcome as soon as it is known.

        The changes come from a dry run of `sync_folder` or `pull_folder`, from `plan_uploads`, or are the results of a
        dry run of `pull_files`. Nothing is compared again, so exactly these changes are made. A failure is an outcome
        too and does not stop the others. A new file never overwrites one that has appeared since; if an upload finds
        the same content there, it counts as uploaded, with None as its result. A local file that has changed since is
        neither replaced nor deleted, which is reported as an error. Nothing is deleted if a transfer failed. Leaving
        the loop cancels the work in progress; ``async with contextlib.aclosing(…)`` also waits until it has ended.

        Args:
            changes: All or some of the planned changes, in one direction.
            at_once: Maximum number of requests in progress.
            stop_on_error: Whether to stop starting work after the first failure; outcomes of work in progress are still
                yielded.
            on_progress: Function to call after each file with the number of files done and the total.
            start_transfer: Function to call with a `Change` when its transfer starts. It returns an `on_progress` for
                this transfer, as for `upload_file` or `download`, or None.
            keywords: Options of `upload_file`, for all uploads, except `folder`, `use_unique_file_name` and
                `overwrite_file`. Downloads take none.
        Returns:
            An asynchronous generator of the outcomes, as for `sync_folder` or `pull_folder`.
        Raises:
            TypeError, ValueError: An argument or an option is not valid.
        """
        from .bulk.plans import apply_changes
        from .bulk.tasks import Tasks

        tasks = Tasks(at_once, stop_on_error, on_progress)
        work = apply_changes(self, changes, keywords, start_transfer)
        return tasks.run(self._open_transport(), work)

    def pull_files(
        self,
        items: Iterable[PullItem] | AsyncIterable[PullItem],
        *,
        replace: bool = True,
        compare: Literal["quick", "content"] = "quick",
        dry_run: bool = False,
        at_once: int = 16,
        stop_on_error: bool = False,
        on_progress: Callable[[int, int | None], object] | None = None,
        start_transfer: Callable[[Change], Callable[[int, int | None], object] | None] | None = None,
        **keywords: Unpack[UrlOptions],
    ) -> AsyncGenerator[Done[PullItem, Change], None]:
        """Download files that are missing or have changed, and yield each outcome as soon as it is known.

        Nothing starts until you iterate. Identical files are left alone, so the next run resumes one that was
        interrupted. Items are read only when there is room for another download. A failure is an outcome too and does
        not stop the others. Leaving the loop cancels the work in progress; ``async with contextlib.aclosing(…)`` also
        waits until it has ended. A file that is downloaded without a transformation gets the modification time of the
        remote file.

        Args:
            items: Iterable or asynchronous iterable of pairs of a source, as for `download`, and the path of the local
                file. Files, as `iter_files` yields them, are compared by size and time; other sources and
                transformations are downloaded and compared with the local file.
            replace: Whether to replace a local file that has different content; if not, such a file is an error.
            compare: Method for comparing files of the same size. ``content`` downloads every file. ``quick`` considers
                a file identical if its modification time is that of the remote file, or is before the upload of a
                remote file that was never replaced; other files are downloaded.
            dry_run: Whether to only report the changes, which `apply_changes` carries out. Files are still compared.
            at_once: Maximum number of downloads in progress.
            stop_on_error: Whether to stop starting work after the first failure; outcomes of work in progress are still
                yielded.
            on_progress: Function to call after each file with the number of files done and the total, which is None if
                `items` has no length.
            start_transfer: Function to call with the `Change` when a download begins. It returns an `on_progress` for
                this download, as for `download`, or None.
            keywords: Options of `url`, for all items: `transformation`, `signed`, `expire_seconds`, …
        Returns:
            An asynchronous generator of the outcomes. Each has the `item` as given, and a `result`, a `Change` whose
            `action` is ``download``, ``replace`` or ``keep``, or an `error`; `unwrap()` returns the result or raises
            the error.
        Raises:
            TypeError, ValueError: An argument is not valid.
        """
        from .bulk.pulls import PullOptions, pull_files
        from .bulk.tasks import Tasks

        tasks = Tasks(at_once, stop_on_error, on_progress)
        options = PullOptions(compare, dry_run, replace=replace, start_transfer=start_transfer)
        return tasks.run(self._open_transport(), pull_files(self, items, options, keywords))

    def pull_folder(
        self,
        remote: str,
        local: str | os.PathLike[str],
        *,
        delete: bool = False,
        compare: Literal["quick", "content"] = "quick",
        include_hidden: bool = False,
        dry_run: bool = False,
        at_once: int = 16,
        stop_on_error: bool = False,
        on_progress: Callable[[int, int | None], object] | None = None,
        on_compare: Callable[[int, int | None], object] | None = None,
        start_transfer: Callable[[Change], Callable[[int, int | None], object] | None] | None = None,
    ) -> AsyncGenerator[Done[Change, Path], None]:
        """Make a local folder match a folder of the media library, and yield each outcome as soon as it is known.

        Nothing starts until you iterate. It is the reverse of `sync_folder`: identical files are left alone, so the
        next run resumes one that was interrupted, and each of the two methods treats files copied by the other as
        identical. A failure is an outcome too and does not stop the others. Leaving the loop cancels the work in
        progress; ``async with contextlib.aclosing(…)`` also waits until it has ended. Symbolic links are not followed.

        A local file or folder that `sync_folder` stores under another name keeps its own name: ``v1.0/my shoe.jpg`` is
        the local file of ``v1_0/my_shoe.jpg``, unless there is a local file with exactly that path.

        Args:
            remote: Folder of the media library; ``/`` is its root.
            local: Folder on this machine, which is created if it does not exist.
            delete: Whether to delete local files that do not exist in the media library; folders are kept. Nothing is
                deleted if a download failed or was refused, or if two local files correspond to the same remote file.
            compare: Method for comparing files of the same size; see `pull_files`.
            include_hidden: Whether to include files and folders whose names begin with a dot, on both sides.
            dry_run: Whether to only report the changes, which `apply_changes` carries out. Both folders are still read.
            at_once: Maximum number of requests in progress.
            stop_on_error: Whether to stop starting work after the first failure; outcomes of work in progress are still
                yielded.
            on_progress: Function to call after each file with the number of files done and the total.
            on_compare: Function to call while contents are compared, as for `sync_folder`.
            start_transfer: Function to call with the `Change` when a download begins; see `pull_files`.
        Returns:
            An asynchronous generator of the outcomes. The `item` of each is a `Change` with `action`, `path`, `local`
            and `size_bytes`; the `result` is the path of the local file. A name that is not possible on this machine,
            or whose path is taken by something other than a file, is an error with the action ``refuse``.
        Raises:
            NotADirectoryError: `local` is not a folder.
            TypeError, ValueError: An argument is not valid, or `remote` contains characters that the service would
                replace.
            NotFoundException: `remote` does not exist.
            OSError, ImageKitException: One of the folders could not be read; nothing was changed.
        """
        from .bulk.pulls import PullOptions, pull_folder
        from .bulk.tasks import Tasks

        tasks = Tasks(at_once, stop_on_error and not dry_run, on_progress)
        options = PullOptions(
            compare, dry_run, delete, include_hidden, start_transfer=start_transfer, on_compare=on_compare
        )
        return tasks.run(self._open_transport(), pull_folder(self, remote, local, options))

    # Aliases of the published SDK
    upload = upload_file
    bulk_delete = bulk_file_delete
    purge_cache = purge_file_cache
    get_purge_cache_status = get_purge_file_cache_status
    get_metadata = get_file_metadata
    get_remote_url_metadata = get_remote_file_url_metadata
