"""The local folder in which `collectstatic` collects and rewrites static files before they are uploaded."""

from __future__ import annotations

import logging
import posixpath
import shutil
import tempfile
import weakref
from itertools import accumulate, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from django.core.files.storage import FileSystemStorage, Storage

from ....exceptions import FileExistsException
from ....search import Q
from .references import clean_reference, split_reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.core.files.base import File

    from .storage import ImageKitStorage

logger: logging.Logger = logging.getLogger("imagekitio.contrib.django")

_AT_ONCE = 16
# Space for the names in one search, as encoded in its URL. Many servers accept URLs of up to 8 KB.
_SEARCH_BYTES = 4000
# With fewer names, trying to upload costs less than searching first. At most one request in 20 is a search.
_WORTH_A_SEARCH = 20
# The service refuses empty files; in these, a newline means the same.
_WITH_NEWLINE = (".css", ".js")


class Staging(Storage):
    """A storage that keeps files in a temporary folder until `publish` uploads them.

    Only `collectstatic` and Django's rewriting use it, so it never asks the service for files that it does not hold.

    Args:
        published: Storage to which the files are uploaded.
    """

    def __init__(self, published: ImageKitStorage) -> None:
        self.published = published
        self._files: FileSystemStorage | None = None  # made on first use

    def publish(self, sources: Mapping[str, str]) -> list[str]:
        """Upload files that the media library does not have. The name of each must identify its content.

        A failed upload does not stop the others. A file that another run uploads at the same time is not a failure.

        Args:
            sources: The name of each file in messages, by the name under which it was saved.
        Returns:
            A line for each file that failed, with the reason.
        Raises:
            ImageKitException: A search of the media library failed.
        """
        paths = {self.published.get_path(name): name for name in sorted(sources)}
        items = [
            {"file": file, "file_name": posixpath.basename(path), "folder": posixpath.dirname(path)}
            for path in self._find_missing([*paths])
            if (file := self._find_content(paths[path], sources[paths[path]]))
        ]
        options = {**self.published.options.upload_options, "use_unique_file_name": False, "overwrite_file": False}
        failures = []
        for done in self.published.client.upload_many(items, at_once=_AT_ONCE, **options):
            item = cast("dict[str, str]", done.item)
            path = posixpath.join(item["folder"], item["file_name"])
            source = sources[paths[path]]
            if done.error is not None and not isinstance(done.error, FileExistsException):
                failures.append(f"{source}: {done.error}")
            elif done.result is not None and (done.result.file_path or path) != path:  # none yet if it is queued
                failures.append(f"{source}: the service stored it as {done.result.file_path} instead of {path}")
        return sorted(failures)

    def discard(self) -> None:
        """Delete the local files."""
        if self._files is not None:
            self._abandon.detach()
            _delete(self._files.location)
            self._files = None

    def _find_missing(self, paths: list[str]) -> list[str]:
        """Return the paths that have no file in the media library; all of them if trying costs less than searching."""
        if len(paths) < _WORTH_A_SEARCH:
            return paths
        found: set[str] = set()
        names = [posixpath.basename(path) for path in paths]
        ends = accumulate(len(quote(f'"{name}", ')) for name in names)
        for _, batch in groupby(zip(names, ends, strict=True), lambda pair: pair[1] // _SEARCH_BYTES):
            query = Q.name.in_([name for name, _ in batch])
            found.update(file.file_path for file in self.published.client.iter_files(search_query=query))
        return [path for path in paths if path not in found]

    def _find_content(self, name: str, source: str) -> Path | bytes | None:
        path = Path(self._make_files().path(name))
        if path.stat().st_size:
            return path
        if name.lower().endswith(_WITH_NEWLINE):
            return b"\n"
        logger.warning("%s is empty and was skipped: ImageKit does not store empty files.", source)
        return None

    def _make_files(self) -> FileSystemStorage:
        if self._files is None:
            folder = tempfile.mkdtemp(prefix="imagekitio-static-")
            self._files = FileSystemStorage(folder)
            self._abandon = weakref.finalize(self, _abandon, folder)
        return self._files

    # The storage API

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        return self._make_files().open(name, mode)

    def _save(self, name: str, content: File[Any]) -> str:
        return self._make_files().save(name, content)

    def exists(self, name: str) -> bool:
        return self._files is not None and self._files.exists(name)

    def delete(self, name: str) -> None:
        if self._files is not None:
            self._files.delete(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        return self._files.listdir(path) if self._files is not None else ([], [])

    def url(self, name: str | None) -> str:
        # Django passes the query with the name, and a folder with a trailing slash.
        path, rest = split_reference(clean_reference(name or ""))
        return self.published.url(path) + ("/" if path.endswith("/") else "") + rest


def _abandon(folder: str) -> None:
    logger.warning(
        "Static files were collected but not uploaded: collectstatic was interrupted, or ran with --no-post-process. "
        "Only hashed files are uploaded."
    )
    _delete(folder)


def _delete(folder: Any) -> None:
    shutil.rmtree(folder, ignore_errors=True)
