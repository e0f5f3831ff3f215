"""`ImageKitStorage`: Django's files in the media library."""

from __future__ import annotations

import errno
import logging
import math
import os
import posixpath
import time
from datetime import datetime, timezone
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.utils.deconstruct import deconstructible

from ....exceptions import (
    EmptyFileError,
    FileExistsException,
    ImageKitException,
    NotFoundException,
)
from ....models.files import FolderResult
from ....urls.quoting import quote_path
from ...errors import check_size
from .base import ConfiguredStorage
from .files import ImageKitFile, check_mode
from .names import clean_folder
from .saving import Save, begin_save, current_save, measure, open_body, refuse_as_invalid

if TYPE_CHECKING:
    from django.core.files.base import File
    from typing_extensions import Unpack

    from ....models.files import FileResult
    from ....models.uploads import UploadFileResult
    from ....operations.ids import FileId
    from ....streams import FileStream
    from ....urls.options import UrlOptions

logger: logging.Logger = logging.getLogger("imagekitio.contrib.django")

_MAX_ATTEMPTS = 10  # to find a free name; names are random, so the second is practically always free
_STREAM_SECONDS = 24 * 3600  # how long the server can read a private file after opening it


@deconstructible(path="imagekitio.contrib.django.ImageKitStorage")
class ImageKitStorage(ConfiguredStorage):
    """A Django storage that keeps files in the media library of ImageKit.

    ::

        STORAGES = {
            "default": {
                "BACKEND": "imagekitio.contrib.django.ImageKitStorage",
                "OPTIONS": {"location": "media"},
            },
            "contracts": {
                "BACKEND": "imagekitio.contrib.django.ImageKitStorage",
                "OPTIONS": {"location": "contracts", "private": True, "names": "exact"},
            },
            …
        }

    Options that are not given come from the setting ``IMAGEKIT``, and then from the environment; see `get_client`. Keep
    keys there: if a model field is given a storage directly, the arguments of the storage are written into migrations.

    Files have the names that the service gives them: ``logo@2x.png`` is stored and found as ``logo_2x.png``. An upload
    costs one request, a URL none. `open` costs one, and more as you read on. `exists`, `size` and the times cost one,
    `delete` two. They use listings, which may lag a few seconds behind an upload on the real service.

    A file that is empty, larger than `max_bytes`, or refused by the service for its content raises a `ValidationError`
    (`InvalidUploadError`). All other failures raise exceptions of `imagekitio`.

    Args:
        location: Folder in the media library that contains all files. Characters that the service does not accept in
            the names of folders become ``_``.
        private: Whether files are private, so that only signed URLs deliver them.
        expire_seconds: Minimum time for which a signed URL works, in seconds or as a timedelta (default: 3600); None if
            it never expires.
        expire_window: Seconds, or a timedelta; the expiry is rounded up to a multiple of it (default: 3600). The URL
            then stays the same for that long, so browsers and CDNs can cache the file. None turns rounding off.
        names: What happens if a file with that name exists. ``unique`` (default): the new one gets another name.
            ``exact``: the upload raises `FileExistsException`. ``overwrite``: the new file replaces the old one, which
            caches may still deliver for a while.
        max_bytes: Maximum size of a file in bytes, checked before anything is sent; None (default) leaves it to the
            account.
        upload_options: Other options of `upload_file` for each file: `tags`, `extensions`, `custom_metadata`, …
        purge: Whether deleting or overwriting a file also purges it from the caches, with its transformations unless
            they are in the path. Costs one more request, of which an account has 1000 a month.
        client_keys: Keys and settings of `ImageKit`: `public_key`, `url_endpoint`, `timeout`, …
    Raises:
        ImproperlyConfigured: An option is unknown or not valid.
    """

    # Saving

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        """Store a file and return its name.

        Args:
            name: Name of the file; None for that of `content`.
            content: A `File`, or a file object, which is read from its start and not closed. Text is encoded as UTF-8.
            max_length: Maximum number of characters of the name.
        Raises:
            InvalidUploadError: The file is empty, too large, or refused by the service; a `ValidationError`.
            FileExistsException: The name is taken, with ``names="exact"``.
            SuspiciousFileOperation: The name points outside the location, or does not fit into `max_length`.
            ImageKitException: The upload failed.
        """
        with begin_save(max_length):
            return super().save(name, content, max_length)

    def save_file(self, name: str | None, content: Any, max_length: int | None = None) -> UploadFileResult:
        """Store a file as `save` does, and return the response of the service: `file_id`, `width`, `height`, …

        The name in this storage is ``storage.get_name(result.file_path)``.
        """
        with begin_save(max_length) as save:
            super().save(name, content, max_length)
        if save.result is None:
            raise TypeError(f"{type(self).__name__}._save must call that of ImageKitStorage")
        return save.result

    def check_content(self, content: File[Any]) -> None:
        """Run the checks that `save` makes before sending anything; for validators of forms and fields.

        Args:
            content: A `File`, which is rewound afterwards; one that cannot seek is read to its end.
        Raises:
            InvalidUploadError: The file is empty, or larger than `max_bytes`; a `ValidationError`.
        """
        with open_body(content) as body, refuse_as_invalid():
            self._check_size(body)
            body.seek(0)

    def _save(self, name: str, content: File[Any]) -> str:
        save = current_save.get(Save())
        with open_body(content) as body, refuse_as_invalid():
            self._check_size(body)
            path, save.result = self._upload(name, body, save.max_length)
        if self.options.purge and self.options.names == "overwrite":
            self._purge(path)
        return self.get_name(path)

    def _check_size(self, body: Any) -> None:
        if not (size_bytes := measure(body)):
            raise EmptyFileError("the file is empty")
        check_size(size_bytes, self.options.max_bytes)

    def _upload(self, name: str, body: Any, max_length: int | None) -> tuple[str, UploadFileResult]:
        """Upload a file under the first name that is free, and return its path and the answer."""
        candidate, attempts = name, 1
        while True:
            try:
                return self._send(candidate, body)
            except FileExistsException:
                if self.options.names != "unique" or attempts == _MAX_ATTEMPTS:
                    raise
            candidate, attempts = self._make_alternative(name, max_length), attempts + 1

    def _send(self, name: str, body: Any) -> tuple[str, UploadFileResult]:
        path = self.get_path(name)
        options = self.make_upload_options(path, overwrite_file=self.options.names == "overwrite")
        body.seek(0)
        result = self.client.upload_file(body, posixpath.basename(path), options)
        # A video that is transformed first is only queued: the response has no path yet.
        return result.file_path or path, result

    def make_upload_options(self, path: str, *, overwrite_file: bool) -> dict[str, Any]:
        """Return the options of `upload_file` that store a file of this storage at a path of the media library."""
        return {
            **self.options.upload_options,
            "folder": posixpath.dirname(path),
            "is_private_file": self.options.private,
            "overwrite_file": overwrite_file,
            "use_unique_file_name": False,
        }

    # Reading

    def open(self, name: str, mode: str = "rb") -> ImageKitFile:
        """Open a file to read its original bytes, which are requested in parts.

        For a file that was overwritten, you may get the old version while caches hold it; see `purge`.

        Raises:
            ValueError: `mode` is not ``rb``.
            FileNotFoundError: There is no file with this name.
            ImageKitException: The request failed for another reason.
        """
        return self._open(name, mode)

    def _open(self, name: str, mode: str = "rb") -> ImageKitFile:
        check_mode(mode)
        return ImageKitFile(partial(self._open_stream, name), name)

    def _open_stream(self, name: str) -> FileStream:
        signature: UrlOptions = {"signed": True, "expire_seconds": _STREAM_SECONDS} if self.options.private else {}
        try:
            return self.client.open_stream(self.get_path(name), **signature)
        except NotFoundException as exc:
            raise _make_not_found(name) from exc

    def exists(self, name: str) -> bool:
        """Return whether there is a file or a folder with this name."""
        folder, last = posixpath.split(self.get_path(name))
        try:
            # Only a 404 means no: a timeout must not look like a free name.
            return not last or bool(len(self.client.list_files(path=folder, name=last, type="all", limit=1)))
        except NotFoundException:
            return False

    def size(self, name: str) -> int:
        """Return the size of a file in bytes.

        Raises:
            FileNotFoundError: There is no file with this name; so does each method below.
        """
        return self._find(name).size

    def get_created_time(self, name: str) -> datetime:
        """Return when a file was first uploaded: aware with ``USE_TZ``, otherwise naive in local time."""
        return _localize(self._find(name).created)

    def get_modified_time(self, name: str) -> datetime:
        """Return when a file or its tags were last changed: aware with ``USE_TZ``, otherwise naive in local time."""
        return _localize(self._find(name).updated)

    def get_accessed_time(self, name: str) -> datetime:
        """Raise NotImplementedError: the service does not record when a file was read."""
        raise NotImplementedError("ImageKit does not record when a file was read.")

    def _find(self, name: str) -> FileResult:
        try:
            return self.client.get_file_by_path(self.get_path(name))
        except NotFoundException as exc:
            raise _make_not_found(name) from exc

    def listdir(self, path: str | os.PathLike[str]) -> tuple[list[str], list[str]]:
        """Return the names of the folders and of the files in a folder; none if there is no such folder.

        Args:
            path: Folder below the location: ``""`` or ``"."`` is the location itself.
        """
        folders: list[str] = []
        files: list[str] = []
        for item in self.client.iter_files(path=self._join(clean_folder(path)), type="all"):
            (folders if isinstance(item, FolderResult) else files).append(item.name)
        return folders, files

    def url(self, name: str | None, **options: Unpack[UrlOptions]) -> str:
        """Return the URL of a file. Sends nothing.

        ::

            storage.url("shoes/red.jpg", transformation=[{"width": 400}])

        Args:
            name: Name of the file.
            options: Options of `ImageKit.url`: `transformation`, `signed`, `expire_seconds`, … The URL of a private
                file is signed. A signed URL expires as set by the options of the storage.
        Raises:
            SuspiciousFileOperation: `name` points outside the location.
            TypeError, ValueError: An option is not valid, or the client has no endpoint.
        """
        return self.client.url(self.get_url_options(name, **options))

    def get_url_options(self, name: str | None, **options: Unpack[UrlOptions]) -> UrlOptions:
        """Return the options with which `ImageKit.url` and `img_tag` make the URL that `url` returns.

        Args, Raises: See `url`.
        """
        if self.options.private:
            options = {"signed": True, **options}
        if options.get("signed") and not options.keys() & {"expire_seconds", "expires_at"}:
            options = {**options, "expires_at": self._choose_expiry()}
        if {"path", "src"} & options.keys():
            raise TypeError("path and src are not valid options here: the URL is that of the name")
        # Leading slashes are dropped, as in Django: elsewhere, such a name is a URL on another host.
        return {**options, "path": self.get_path(os.fspath(name or "").lstrip("/\\"))}

    def _choose_expiry(self) -> float | None:
        seconds, window = self.options.expire_seconds, self.options.expire_window or 1
        if seconds is None:
            return None
        now: float = self._configuration.client.get("clock", time.time)()
        return math.ceil((now + seconds) / window) * window

    # Deleting

    def delete(self, name: str) -> None:
        """Delete a file with all its versions; if there is none, do nothing. Costs two requests.

        Raises:
            ValueError: `name` is empty.
            ImageKitException: A request failed.
        """
        if not name:
            raise ValueError("The name must be given to delete().")
        try:
            file = self._find(name)
        except FileNotFoundError:
            return
        self.delete_file(file.file_id, name)

    def delete_file(self, file_id: FileId, name: str | None = None) -> None:
        """Delete a file by its id; if there is none, do nothing. Costs one request.

        Args:
            file_id: ID of the file, or the file as `save_file` returned it.
            name: Name of the file, to purge it from the caches if `purge` is set.
        Raises:
            ImageKitException: The request failed.
        """
        try:
            self.client.delete_file(file_id)
        except NotFoundException:
            return
        if self.options.purge and name:
            self._purge(self.get_path(name))

    def _purge(self, path: str) -> None:
        # The asterisk includes transformations in the query (ImageKit docs, "Purge cache"). Without an extension, it
        # could match other files, and may be refused.
        url = (
            self.client.endpoint.prefix.rstrip("/")
            + quote_path(path)
            + ("*" if "." in posixpath.basename(path) else "")
        )
        try:
            self.client.purge_file_cache(url)
        except ImageKitException as exc:
            # The file itself has been stored or deleted, so this is no reason to fail.
            logger.warning("%s could not be purged from the caches: %s", path, exc)

    def __reduce__(self) -> tuple[Any, ...]:
        # Without the client, and the connection to Django's signal.
        _, args, kwargs = cast("Any", self).deconstruct()
        return _make, (type(self), args, kwargs)


def _make(kind: type[ImageKitStorage], args: tuple[Any, ...], kwargs: dict[str, Any]) -> ImageKitStorage:
    return kind(*args, **kwargs)


def _localize(moment: datetime | None) -> datetime:
    assert moment is not None  # each file has its times
    return datetime.fromtimestamp(moment.timestamp(), tz=timezone.utc if settings.USE_TZ else None)


def _make_not_found(name: str) -> FileNotFoundError:
    return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(name))
