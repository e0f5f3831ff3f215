"""The calls of release 2, for code that has not been moved to exceptions and typed results yet.

::

    from imagekitio.v2 import ImageKit

    answer = imagekit.list_files({"limit": 5})
    if answer["error"]:
        print(answer["error"]["message"])
    else:
        print([file["name"] for file in answer["response"]])

No call raises an error that the service returns: such an error is part of the answer, like the response. Other errors
are raised: a TypeError or ValueError for arguments that are not valid, before anything is sent, and a
`NetworkException` if no response arrives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict, cast

from .client import ImageKit as CurrentImageKit
from .exceptions import ImageKitException, NetworkException

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime, timedelta
    from types import TracebackType

    from typing_extensions import Self, Unpack

    from .client import ClientKeywords
    from .models.files import ListAndSearchFileRequestOptions, UpdateFileRequestOptions
    from .models.result import Result
    from .models.uploads import UploadFileRequestOptions
    from .operations.ids import FileId
    from .operations.sources import Uploadable
    from .urls.options import UrlOptions
    from .urls.tokens import AuthenticationParameters


class _Error(TypedDict):
    message: str
    help: str
    status_code: int


class AnswerError(_Error, total=False):
    """An error that the service returned: the members of its JSON object, with at least these.

    Attributes:
        message: What is wrong; the text of the service if it sent one.
        help: Advice of the service; empty if it sent none.
        status_code: The HTTP status.
        reason: Error code, where the service sends one.
        errors: What is wrong with each field or file, as the service sent it.
        missingFileIds: The IDs that do not exist, in bulk operations.
    """

    reason: str
    errors: Any
    missingFileIds: list[str]


class Answer(TypedDict):
    """The return value of a call.

    Attributes:
        error: What went wrong; None if nothing did.
        response: The JSON as the service sent it, with its names in camelCase; None for an error, and if the service
            sends none, as for `delete_file`. If a bulk operation succeeds for only some of the files (status 207), both
            are set: the error with its `errors`, and the response with the IDs for which it succeeded.
    """

    error: AnswerError | None
    response: Any


class ImageKit:
    """Call ImageKit.io as release 2 did: each call returns a dict with the keys ``error`` and ``response``.

    Options of a call are a dict with snake_case or camelCase keys. URLs, settings, connections and retries are those of
    `imagekitio.ImageKit`; one client serves a whole application, and threads may share it.

    Args:
        public_key, private_key, url_endpoint, transformation_position, options, settings: See `imagekitio.ImageKit`.
    Raises:
        TypeError, ValueError: See `imagekitio.ImageKit`.
    """

    def __init__(
        self,
        public_key: str | None = None,
        private_key: str | None = None,
        url_endpoint: str | None = None,
        transformation_position: str | None = "path",
        options: Mapping[str, Any] | None = None,
        **settings: Unpack[ClientKeywords],
    ) -> None:
        self._client = CurrentImageKit(
            public_key, private_key, url_endpoint, transformation_position, options, **settings
        )

    def __repr__(self) -> str:
        return repr(self._client)

    def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def url(self, options: UrlOptions | Mapping[str, Any] | None = None, **keywords: Unpack[UrlOptions]) -> str:
        """Build the URL of an image or another file; see `imagekitio.ImageKit.url`."""
        return self._client.url(options, **keywords)

    def get_authentication_parameters(
        self, token: str | None = "", expire: float | timedelta | datetime | None = 0
    ) -> AuthenticationParameters:
        """Return what a browser needs to upload; see `imagekitio.ImageKit.get_authentication_parameters`."""
        return self._client.get_authentication_parameters(token, expire)

    @staticmethod
    def phash_distance(first: str, second: str) -> int:
        """Return the number of bits in which two perceptual hashes differ; see `imagekitio.ImageKit.phash_distance`."""
        return CurrentImageKit.phash_distance(first, second)

    def upload_file(
        self,
        file: Uploadable,
        file_name: str,
        options: UploadFileRequestOptions | Mapping[str, Any] | None = None,
    ) -> Answer:
        """Upload a file.

        Args:
            file: Content; see `imagekitio.ImageKit.upload_file`.
            file_name: Name of the file.
            options: Dict of options: `folder`, `tags`, `is_private_file`, `use_unique_file_name`, …
        Raises:
            TypeError, ValueError, OSError: `file` cannot be read, or an argument is not valid.
            NetworkException: No response arrived.
        """
        return _call(lambda: self._client.upload_file(file, file_name, options))

    def list_files(self, options: ListAndSearchFileRequestOptions | Mapping[str, Any] | None = None) -> Answer:
        """List or search files; the response is a list.

        Args:
            options: Dict of options: `path`, `search_query`, `limit`, `skip`, `tags`, …
        Raises:
            TypeError, ValueError: An option is not valid.
            NetworkException: No response arrived.
        """
        return _call(lambda: self._client.list_files(options))

    def get_file_details(self, file_id: FileId) -> Answer:
        """Return the details of a file.

        Args:
            file_id: ID of the file.
        Raises:
            TypeError, ValueError: `file_id` is not valid.
            NetworkException: No response arrived.
        """
        return _call(lambda: self._client.get_file_details(file_id))

    def update_file_details(
        self, file_id: FileId, options: UpdateFileRequestOptions | Mapping[str, Any] | None = None
    ) -> Answer:
        """Change the details of a file.

        Args:
            file_id: ID of the file.
            options: Dict of options: `tags`, `custom_coordinates`, …
        Raises:
            TypeError, ValueError: An argument is not valid.
            NetworkException: No response arrived.
        """
        return _call(lambda: self._client.update_file_details(file_id, options))

    def delete_file(self, file_id: FileId) -> Answer:
        """Delete a file; error and response are both None if it was deleted.

        Args:
            file_id: ID of the file.
        Raises:
            TypeError, ValueError: `file_id` is not valid.
            NetworkException: No response arrived.
        """
        return _call(lambda: self._client.delete_file(file_id))

    def bulk_file_delete(self, file_ids: Iterable[FileId]) -> Answer:
        """Delete up to 100 files.

        Args:
            file_ids: IDs of the files.
        Raises:
            TypeError, ValueError: `file_ids` is not valid.
            NetworkException: No response arrived.
        """
        return _call(lambda: self._client.bulk_file_delete(file_ids))

    def purge_file_cache(self, file_url: str) -> Answer:
        """Purge a URL from the caches; the response has a ``requestId``.

        Args:
            file_url: URL to purge.
        Raises:
            TypeError, ValueError: `file_url` is not valid.
            NetworkException: No response arrived.
        """
        return _call(lambda: self._client.purge_file_cache(file_url))

    def get_purge_file_cache_status(self, purge_cache_id: str) -> Answer:
        """Return the status of a cache purge.

        Args:
            purge_cache_id: The ``requestId`` of the purge.
        Raises:
            TypeError, ValueError: `purge_cache_id` is not valid.
            NetworkException: No response arrived.
        """
        return _call(lambda: self._client.get_purge_file_cache_status(purge_cache_id))

    def get_file_metadata(self, file_id: FileId) -> Answer:
        """Return the metadata of a file's content.

        Args:
            file_id: ID of the file.
        Raises:
            TypeError, ValueError: `file_id` is not valid.
            NetworkException: No response arrived.
        """
        return _call(lambda: self._client.get_file_metadata(file_id))

    def get_remote_file_url_metadata(self, remote_file_url: str) -> Answer:
        """Return the metadata of the file that a URL of your account delivers.

        Args:
            remote_file_url: The URL.
        Raises:
            TypeError, ValueError: `remote_file_url` is not valid.
            NetworkException: No response arrived.
        """
        return _call(lambda: self._client.get_remote_file_url_metadata(remote_file_url))

    upload = upload_file
    bulk_delete = bulk_file_delete
    purge_cache = purge_file_cache
    get_purge_cache_status = get_purge_file_cache_status
    get_metadata = get_file_metadata
    get_remote_url_metadata = get_remote_file_url_metadata


def _call(call: Callable[[], Result]) -> Answer:
    """Make a call and return its answer."""
    try:
        return {"error": None, "response": call().response_metadata.raw}
    except NetworkException:
        raise
    except ImageKitException as exc:
        status = exc.response_metadata.http_status_code
        members = exc.raw if isinstance(exc.raw, dict) else {}
        error = {**members, "message": exc.message, "help": exc.response_help, "status_code": status}
        return {"error": cast("AnswerError", error), "response": exc.raw if status == 207 else None}
