"""`ImageKit`, the facade: every operation is a method of one line.

Whoever only builds URLs must not wait for an HTTP library to load. So this module imports nothing of the kind, and not
even `typing`: `operations` loads its subjects when they are first asked for, and `_run` loads the transport.
"""

from __future__ import annotations

from . import operations
from .base import Client

# What typing has under this name; see above.
TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
    from concurrent.futures import Executor
    from pathlib import Path
    from types import TracebackType
    from typing import Any, BinaryIO, Literal, TypeVar

    import requests
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
    from .transports.requests_transport import RequestsTransport
    from .urls.options import UrlOptions

    T = TypeVar("T")

    class Settings(CommonSettings, total=False):
        """The keyword settings of `ImageKit`; None is the default."""

        session: requests.Session | None


class ImageKit(Client):
    """A client of ImageKit.io, or of local ImageKit: builds URLs, uploads, manages media.

    Keys and endpoint that are left out come from the environment. One client serves a whole application: threads may
    share it, it pickles (without its connections), and it can be used after `fork`. Connections are made at the first
    call and kept; `close`, or leaving the ``with`` block, closes them.

    Options of a method are given as an object of its option class, as a dict with snake_case or camelCase keys, or as
    keywords; keywords win. An unknown one is a TypeError or ValueError that names the nearest known one. Every method
    that asks the service raises `ImageKitException` when that fails, of the class that belongs to the status; see
    `imagekitio.exceptions`.

    Args:
        public_key: Names the account in uploads from browsers; by default ``IMAGEKIT_PUBLIC_KEY``.
        private_key: Proves who asks, and signs URLs; by default ``IMAGEKIT_PRIVATE_KEY``.
        url_endpoint: What URLs begin with, ``https://ik.imagekit.io/your_imagekit_id``; by default
            ``IMAGEKIT_URL_ENDPOINT``.
        transformation_position: Whether transformations stand in the ``path`` (default) or the ``query`` of URLs.
        options: The settings below, and defaults for the options of `url`, as a dict; keywords win.
        api_base_url: Where the API is; by default ``IMAGEKIT_API_BASE_URL``, else the real host.
        upload_base_url: Where uploads go; by default ``IMAGEKIT_UPLOAD_BASE_URL``, else the real host.
        timeout: Seconds, one number or a pair (connect, read); by default 5 to connect, 60 to read.
        retry: A `Retry`, the number of attempts, or False for a single one; by default `Retry()`: 3 attempts.
        session: A `requests.Session` to use instead of one of its own; the client does not close it.
        logger: Gets the DEBUG lines instead of the logger ``imagekitio``.
        strict_transformations: Whether an unknown transformation name is a ValueError.
        clock: Gives the Unix time in seconds, by default `time.time`: the expiry of URLs and tokens counts from it.

    Raises:
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
        **settings: Unpack[Settings],
    ) -> None:
        super().__init__(public_key, private_key, url_endpoint, transformation_position, options, settings)

    def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        if self._transport is not None:
            self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _new_transport(self, **settings: Any) -> RequestsTransport:
        from .transports.requests_transport import RequestsTransport

        return RequestsTransport(**settings)

    def _run(self, operation: Operation[T]) -> T:
        result: T = self._opened_transport().run(operation)
        return result

    def _fetch(self, url: str, sink: BinaryIO, on_progress: Callable[[int, int | None], object] | None = None) -> None:
        self._opened_transport().download(url, sink, on_progress)

    # Files

    def upload_file(
        self,
        file: Uploadable,
        file_name: str,
        options: UploadFileRequestOptions | Mapping[str, Any] | None = None,
        *,
        on_progress: Callable[[int, int], object] | None = None,
        **keywords: Unpack[UploadFileKeywords],
    ) -> UploadFileResult:
        """Upload a file.

        Contents are streamed: memory does not grow with the file.

        Args:
            file: Its contents as bytes, a `pathlib.Path`, a binary file object (also of Django, Werkzeug, Starlette),
                which is read from where it stands and not closed, or as text a URL that the service fetches, a data
                URI, or base64. A text is never a path. Bytes that are the base64 of a known file type are taken as
                base64, since code for older releases passes ``base64.b64encode(…)``.
            file_name: The name it is to have; the service adds a random suffix unless `use_unique_file_name` is False.
            options: See `UploadFileRequestOptions`.
            on_progress: Is called with the bytes sent and the bytes of the whole request.
            keywords: The options as keywords.
        Raises:
            TypeError: `file` or `file_name` is missing, or the file is open as text or cannot be read.
            ValueError: The file is empty, at its end, or closed; an option is wrong.
            FileNotFoundError, IsADirectoryError: The path leads to no file.
        """
        return self._run(operations.uploads.upload_file(file, file_name, options, on_progress=on_progress, **keywords))

    def list_files(
        self,
        options: ListAndSearchFileRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[ListAndSearchFileKeywords],
    ) -> ListFileResult:
        """List or search files, versions and folders: one page of at most 1000; `iter_files` goes through all.

        Args:
            options: See `ListAndSearchFileRequestOptions`.
            keywords: The options as keywords.
        """
        return self._run(operations.files.list_files(options, **keywords))

    def iter_files(
        self,
        options: ListAndSearchFileRequestOptions | Mapping[str, Any] | None = None,
        *,
        page_size: int = 1000,
        **keywords: Unpack[ListAndSearchFileKeywords],
    ) -> Iterator[FileResult]:
        """Go through all files that match, asking for a page when it is needed.

        Nothing is left out and nothing comes twice when files are deleted or uploaded meanwhile, also those that come
        out here: ``imagekit.delete_many(imagekit.iter_files(path="/bin"))`` empties a folder.

        Args:
            options: As of `list_files`, but `limit` is the number of all items (default: no limit).
            page_size: Items in a page, 1 to 1000.
            keywords: The options as keywords.
        """
        pages = operations.paging.pages(options, page_size=page_size, **keywords)
        return self._items(pages, next(pages))  # next() here, so that wrong options are an error at once

    def _items(
        self, pages: Generator[operations.paging.Step, ListFileResult, None], step: operations.paging.Step
    ) -> Iterator[FileResult]:
        while step.operation is not None:
            step = pages.send(self._run(step.operation))
            yield from step.files

    def get_file_details(self, file_id: str) -> FileResultWithResponseMetadata:
        """Return a file, that is its current version."""
        return self._run(operations.files.get_file_details(file_id))

    def get_file_versions(self, file_id: str) -> ListFileResult:
        """Return the versions of a file: the current one first, then from new to old."""
        return self._run(operations.files.get_file_versions(file_id))

    def get_file_version_details(self, file_id: str, version_id: str) -> FileResultWithResponseMetadata:
        """Return one version of a file."""
        return self._run(operations.files.get_file_version_details(file_id, version_id))

    def update_file_details(
        self,
        file_id: str,
        options: UpdateFileRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[UpdateFileKeywords],
    ) -> FileResultWithResponseMetadata:
        """Change tags, coordinates, custom metadata, description or publication of a file, or run extensions on it.

        Args:
            file_id: Of the file; only its current version changes.
            options: See `UpdateFileRequestOptions`. What is not set stays; None clears tags, coordinates, description.
            keywords: The options as keywords.
        """
        return self._run(operations.files.update_file_details(file_id, options, **keywords))

    def delete_file(self, file_id: str) -> ResponseMetadataResult:
        """Delete a file with all its versions. Caches keep it until `purge_file_cache`."""
        return self._run(operations.files.delete_file(file_id))

    def delete_file_version(self, file_id: str, version_id: str) -> ResponseMetadataResult:
        """Delete a version of a file that is not the current one."""
        return self._run(operations.files.delete_file_version(file_id, version_id))

    def restore_file_version(self, file_id: str, version_id: str) -> FileResultWithResponseMetadata:
        """Make an old version of a file the current one; returns the file as it is then."""
        return self._run(operations.files.restore_file_version(file_id, version_id))

    def add_tags(self, file_ids: Iterable[str], tags: Iterable[str]) -> TagsResult:
        """Add tags to up to 50 files.

        Raises:
            NotFoundException: An id is unknown (see its `missing_file_ids`); nothing was changed.
            PartialSuccessException: It failed for some files (see its `failed_file_ids`).
        """
        return self._run(operations.bulk.add_tags(file_ids, tags))

    def remove_tags(self, file_ids: Iterable[str], tags: Iterable[str]) -> TagsResult:
        """Take tags from up to 50 files; raises like `add_tags`."""
        return self._run(operations.bulk.remove_tags(file_ids, tags))

    def remove_ai_tags(self, file_ids: Iterable[str], ai_tags: Iterable[str]) -> TagsResult:
        """Take AI tags, by name, from up to 50 files; raises like `add_tags`."""
        return self._run(operations.bulk.remove_ai_tags(file_ids, ai_tags))

    def bulk_file_delete(self, file_ids: Iterable[str]) -> BulkDeleteFileResult:
        """Delete up to 100 files; raises like `add_tags`."""
        return self._run(operations.bulk.bulk_file_delete(file_ids))

    def copy_file(
        self,
        options: CopyFileRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[CopyFileKeywords],
    ) -> ResponseMetadataResult:
        """Copy a file into another folder, which is made if it is missing.

        Args:
            options: `source_file_path`, `destination_path`, `include_file_versions`; see `CopyFileRequestOptions`.
            keywords: The options as keywords.
        """
        return self._run(operations.files.copy_file(options, **keywords))

    def move_file(
        self,
        options: MoveFileRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[MoveFileKeywords],
    ) -> ResponseMetadataResult:
        """Move a file with all its versions into another folder, which is made if it is missing.

        Args:
            options: `source_file_path` and `destination_path`; see `MoveFileRequestOptions`.
            keywords: The options as keywords.
        """
        return self._run(operations.files.move_file(options, **keywords))

    def rename_file(
        self,
        options: RenameFileRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[RenameFileKeywords],
    ) -> RenameFileResult:
        """Give a file another name in its folder.

        Args:
            options: `file_path`, `new_file_name`, `purge_cache`; see `RenameFileRequestOptions`.
            keywords: The options as keywords.
        Raises:
            ConflictException: The name is taken.
            PartialSuccessException: Renamed, but the cache of the old URL could not be purged.
        """
        return self._run(operations.files.rename_file(options, **keywords))

    # Folders

    def create_folder(
        self,
        options: CreateFolderRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[CreateFolderKeywords],
    ) -> ResponseMetadataResult:
        """Create a folder, and its parents if they are missing; one that exists is a success.

        Args:
            options: `folder_name` and `parent_folder_path`; see `CreateFolderRequestOptions`.
            keywords: The options as keywords.
        """
        return self._run(operations.folders.create_folder(options, **keywords))

    def delete_folder(
        self,
        options: DeleteFolderRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[DeleteFolderKeywords],
    ) -> ResponseMetadataResult:
        """Delete a folder with everything below it, for good.

        Args:
            options: `folder_path`; see `DeleteFolderRequestOptions`.
            keywords: The options as keywords.
        """
        return self._run(operations.folders.delete_folder(options, **keywords))

    def copy_folder(
        self,
        options: CopyFolderRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[CopyFolderKeywords],
    ) -> FolderResult:
        """Start copying a folder into another one: ``/a/b`` into ``/c`` becomes ``/c/b``.

        Args:
            options: `source_folder_path`, `destination_path`, `include_file_versions`; see `CopyFolderRequestOptions`.
            keywords: The options as keywords.
        Returns:
            The job: `job_id` is for `get_bulk_job_status`.
        """
        return self._run(operations.folders.copy_folder(options, **keywords))

    def move_folder(
        self,
        options: MoveFolderRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[MoveFolderKeywords],
    ) -> FolderResult:
        """Start moving a folder into another one; see `copy_folder`.

        Args:
            options: `source_folder_path` and `destination_path`; see `MoveFolderRequestOptions`.
            keywords: The options as keywords.
        """
        return self._run(operations.folders.move_folder(options, **keywords))

    def get_bulk_job_status(self, job_id: str) -> GetBulkJobStatusResult:
        """Return how far a job of `copy_folder` or `move_folder` is."""
        return self._run(operations.folders.get_bulk_job_status(job_id))

    # Cache

    def purge_file_cache(self, file_url: str) -> PurgeCacheResult:
        """Purge a URL from the caches; ``*`` at its end stands for all that begin so. 1000 a month are allowed."""
        return self._run(operations.cache.purge_file_cache(file_url))

    def get_purge_file_cache_status(self, purge_cache_id: str) -> PurgeCacheStatusResult:
        """Return how far a purge is; `purge_cache_id` is the `request_id` of `purge_file_cache`."""
        return self._run(operations.cache.get_purge_file_cache_status(purge_cache_id))

    # Metadata

    def get_file_metadata(self, file_id: str) -> GetMetadataResult:
        """Return size, format, perceptual hash, EXIF … of a file."""
        return self._run(operations.metadata.get_file_metadata(file_id))

    def get_remote_file_url_metadata(self, remote_file_url: str) -> GetMetadataResult:
        """Return the same of what a URL of your account delivers, transformed if the URL says so."""
        return self._run(operations.metadata.get_remote_file_url_metadata(remote_file_url))

    # Custom metadata fields

    def create_custom_metadata_fields(
        self,
        options: CreateCustomMetadataFieldsRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[CreateCustomMetadataFieldsKeywords],
    ) -> CustomMetadataFieldsResultWithResponseMetadata:
        """Create a custom metadata field.

        Args:
            options: `name`, `label`, `schema`, `description`; see `CreateCustomMetadataFieldsRequestOptions`.
            keywords: The options as keywords.
        """
        return self._run(operations.custom_metadata.create_custom_metadata_fields(options, **keywords))

    def get_custom_metadata_fields(
        self, include_deleted: bool = False, *, folder_path: str | None = None
    ) -> ListCustomMetadataFieldsResult:
        """Return the custom metadata fields of the account.

        Args:
            include_deleted: The deleted ones too.
            folder_path: Only those selected for this folder by a path policy.
        """
        return self._run(
            operations.custom_metadata.get_custom_metadata_fields(include_deleted, folder_path=folder_path)
        )

    def update_custom_metadata_fields(
        self,
        field_id: str,
        options: UpdateCustomMetadataFieldsRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[UpdateCustomMetadataFieldsKeywords],
    ) -> CustomMetadataFieldsResultWithResponseMetadata:
        """Change a custom metadata field.

        Args:
            field_id: Of the field.
            options: `label`, `schema`, `description`; see `UpdateCustomMetadataFieldsRequestOptions`.
            keywords: The options as keywords.
        """
        return self._run(operations.custom_metadata.update_custom_metadata_fields(field_id, options, **keywords))

    def delete_custom_metadata_field(self, field_id: str) -> ResponseMetadataResult:
        """Delete a custom metadata field. Its name stays taken for ever, its label becomes free."""
        return self._run(operations.custom_metadata.delete_custom_metadata_field(field_id))

    # Many files

    def upload_many(
        self,
        items: Iterable[UploadItem],
        *,
        at_once: int = 16,
        executor: Executor | None = None,
        stop_on_error: bool = False,
        on_progress: Callable[[int, int | None], object] | None = None,
        **keywords: Unpack[UploadFileKeywords],
    ) -> Iterator[Done[UploadItem, UploadFileResult]]:
        """Upload many files, some at once, and yield each outcome as it comes; nothing starts before the iteration.

        A failure is an outcome too: it stops nothing. Items are taken when there is room for them, so that they may be
        more than fit into memory. Leaving the loop cancels what has not begun, and waits for what has.

        ::

            for done in imagekit.upload_many(Path("shoes").glob("*.jpg"), folder="/shop"):
                print(done.item, done.result.url if done.result else done.error)

        Args:
            items: Paths, ``(file, file_name)``, ``(file, file_name, options)``, or dicts of all that. Their own options
                win over `keywords`.
            at_once: How many uploads are under way at most.
            executor: Any `concurrent.futures.Executor` instead of threads of its own, also one of processes or of a
                cluster: client and items are pickled then, so that they must be paths or bytes, and a path must lead to
                the file where the upload runs. It is given at most `at_once` uploads at a time, and not shut down.
            stop_on_error: Start nothing more after the first failure; what is under way is still yielded.
            on_progress: Is called after each file with how many are done, and of how many if `items` has a length.
            keywords: The options of `upload_file`, for all.
        Returns:
            The outcomes: `item` as it was given, and `result` or `error`.
        Raises:
            TypeError, ValueError: An option is wrong.
        """
        from .bulk.uploads import upload_many
        from .bulk.workers import Workers

        how = Workers(at_once, stop_on_error, on_progress, executor)
        return upload_many(self, items, keywords, how)

    def delete_many(
        self,
        items: Iterable[DeleteItem],
        *,
        at_once: int = 4,
        executor: Executor | None = None,
        stop_on_error: bool = False,
        on_progress: Callable[[int, int | None], object] | None = None,
    ) -> Iterator[Done[DeleteItem, bool]]:
        """Delete any number of files with their versions, 100 in a request; otherwise like `upload_many`.

        Args:
            items: File ids, or files as they were listed or uploaded.
            at_once: How many requests are under way at most.
            executor: As of `upload_many`.
            stop_on_error: Start nothing more after the first failure.
            on_progress: As of `upload_many`.
        Returns:
            The outcomes; `result` is False for a file that was not there, which is no error: an attempt whose answer
            was lost may have deleted it.
        """
        from .bulk.deletions import delete_many
        from .bulk.workers import Workers

        return delete_many(self, items, Workers(at_once, stop_on_error, on_progress, executor))

    def download(
        self,
        source: DownloadSource,
        to: str | os.PathLike[str],
        *,
        on_progress: Callable[[int, int | None], object] | None = None,
        **keywords: Unpack[UrlOptions],
    ) -> Path:
        """Download a file or a transformation of it; memory does not grow with it.

        The file has its name when it is whole: until then it is a hidden ``.part`` beside it. An attempt that breaks
        off is taken up where it ended. No key is sent.

        Args:
            source: A file as it was listed or uploaded, a path in the media library, a URL, or options of `url`. A file
                and a path are downloaded as they were uploaded unless there is a transformation. The URL of a private
                file is signed.
            to: Where to store it; an existing folder is for its own name. Missing folders are made, and a file that is
                there is replaced.
            on_progress: Is called with the bytes written and, where the service says so, of how many.
            keywords: Options of `url`: `transformation`, `signed`, `expire_seconds`, …
        Returns:
            Where it is.
        Raises:
            ValueError: The URL cannot be built, or the file has no name that it could be stored by.
            OSError: It cannot be written.
        """
        from .bulk.downloads import download

        return download(self, source, to, keywords, on_progress)

    def download_many(
        self,
        items: Iterable[DownloadItem],
        folder: str | os.PathLike[str],
        *,
        skip_existing: bool = False,
        at_once: int = 16,
        executor: Executor | None = None,
        stop_on_error: bool = False,
        on_progress: Callable[[int, int | None], object] | None = None,
        **keywords: Unpack[UrlOptions],
    ) -> Iterator[Done[DownloadItem, Path]]:
        """Download many files below a folder; see `download` for one of them, and `upload_many` for the rest.

        Args:
            items: What `download` takes; or pairs of that and a name below the folder. Without one, files and paths
                keep their folders, URLs only their names.
            folder: On this machine.
            skip_existing: Leave files alone that are there. As a file has its name only when it is whole, that takes up
                a run that was killed.
            at_once, executor, stop_on_error, on_progress: As of `upload_many`.
            keywords: Options of `url`, for all.
        Returns:
            The outcomes; `result` is the path. A name that leads out of the folder is an error.
        """
        from .bulk.downloads import download_many
        from .bulk.workers import Workers

        how = Workers(at_once, stop_on_error, on_progress, executor)
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
        executor: Executor | None = None,
        stop_on_error: bool = False,
        on_progress: Callable[[int, int | None], object] | None = None,
        **keywords: Unpack[UploadFileKeywords],
    ) -> Iterator[Done[Change, UploadFileResult | bool]]:
        """Make a folder of the media library like a folder of this machine; otherwise like `upload_many`.

        Files that are the same are left alone, so that a run that was killed is taken up by the next one. Names become
        those that the service makes of them: ``a b.jpg`` is ``a_b.jpg`` there.

        Args:
            local: The folder here.
            remote: The folder there, ``/`` for all.
            dry_run: Only tell what would be done, which reads both sides.
            delete: Delete the files there that are not here; never when an upload failed.
            compare: ``content`` downloads each file that is as long as the one here, to compare them. ``quick`` takes
                it for the same where the one here was last changed before the first upload of the one there.
            include_hidden: Files and folders too of which the name begins with a dot.
            follow_symlinks: Symbolic links too; otherwise they count as not here.
            at_once, executor, stop_on_error, on_progress: As of `upload_many`.
            keywords: The options of `upload_file`, for all; not `folder`, nor the two of the name.
        Returns:
            The outcomes: `item` is a `Change` with `action`, `path`, `local`; `result` what the upload returned.
        Raises:
            NotADirectoryError: `local` is no folder.
            TypeError, ValueError: An option is wrong, or `remote` has characters that the service would replace.
            OSError, ImageKitException: One of the sides cannot be read; nothing was changed.
        """
        from .bulk.sync import Options, sync_folder
        from .bulk.workers import Workers

        how = Workers(at_once, stop_on_error, on_progress, executor)
        options = Options(delete, compare, include_hidden, follow_symlinks, dry_run)
        return sync_folder(self, local, remote, options, keywords, how)

    # Further published names
    upload = upload_file
    bulk_delete = bulk_file_delete
    purge_cache = purge_file_cache
    get_purge_cache_status = get_purge_file_cache_status
    get_metadata = get_file_metadata
    get_remote_url_metadata = get_remote_file_url_metadata
