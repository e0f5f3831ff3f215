"""The local folder in which `collectstatic` collects and rewrites static files before they are uploaded."""

from __future__ import annotations

import logging
import posixpath
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.files.storage import FileSystemStorage, Storage

from ...exceptions import FileExistsException
from ...search import Q

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from django.core.files.base import File

    from .storage import ImageKitStorage

logger: logging.Logger = logging.getLogger("imagekitio.contrib.django")

_AT_ONCE = 16
# Names that one search asks for: its URL has to stay below the 8 KB that many servers accept.
_NAMES_PER_SEARCH = 40
# For fewer names, trying to upload costs less than asking first: at most one request in 20 is a search.
_WORTH_A_SEARCH = 20
# The service refuses empty files; in these a newline means the same.
_WITH_NEWLINE = (".css", ".js")


class Staging(Storage):
    """A storage that keeps files in a temporary folder until `publish` uploads them.

    Only `collectstatic` and the rewriting of Django use it: what it does not hold is not asked for at the service.

    Args:
        published: Storage to which the files are uploaded.
    """

    def __init__(self, published: ImageKitStorage) -> None:
        self.published = published
        self._files: FileSystemStorage | None = None  # until there is one

    def publish(self, names: Collection[str]) -> list[str]:
        """Upload files that the media library does not have. The name of each must prove its contents.

        A failed upload does not stop the others. A file that another run uploads at the same time is no failure.

        Args:
            names: Names of files that were saved.
        Returns:
            A line for each file that failed: its path in the media library, and the reason.
        Raises:
            ImageKitException: A search of the media library failed.
        """
        items = [item for name in self._find_missing(sorted(names)) if (item := self._make_item(name))]
        options = {**self.published.options.upload_options, "use_unique_file_name": False, "overwrite_file": False}
        failures = []
        for done in self.published.client.upload_many(items, at_once=_AT_ONCE, **options):
            path = posixpath.join(done.item["folder"], done.item["file_name"])
            if done.error is not None and not isinstance(done.error, FileExistsException):
                failures.append(f"{path}: {done.error}")
            elif done.result is not None and done.result.file_path != path:
                failures.append(f"{path}: the service has stored it as {done.result.file_path}")
        return sorted(failures)

    def discard(self) -> None:
        """Delete the local files."""
        if self._files is not None:
            self._abandon.detach()
            _delete(self._files.location)
            self._files = None

    def _find_missing(self, names: list[str]) -> Iterator[str]:
        for start in range(0, len(names), _NAMES_PER_SEARCH):
            paths = {self.published.get_path(name): name for name in names[start : start + _NAMES_PER_SEARCH]}
            if len(paths) >= _WORTH_A_SEARCH:
                query = Q.name.in_([posixpath.basename(path) for path in paths])
                for file in self.published.client.iter_files(search_query=query):
                    paths.pop(file.file_path, None)  # files of this name may also be in other folders
            yield from paths.values()

    def _make_item(self, name: str) -> dict[str, Any] | None:
        folder, file_name = posixpath.split(self.published.get_path(name))
        file: Path | bytes = Path(self._make_files().path(name))
        if not file.stat().st_size:
            if not name.endswith(_WITH_NEWLINE):
                logger.warning("%s is empty: ImageKit stores no empty files, so its URL will not be found", name)
                return None
            file = b"\n"
        return {"file": file, "file_name": file_name, "folder": folder}

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
        return self._make_files().listdir(path)

    def url(self, name: str | None) -> str:
        # A query is not part of the name; Django hands it over with the name.
        path, mark, query = (name or "").partition("?")
        return self.published.url(path) + mark + query


def _abandon(folder: str) -> None:
    logger.warning(
        "Static files were collected but not uploaded: collectstatic was interrupted, or ran with --no-post-process. "
        "Only hashed files are uploaded."
    )
    _delete(folder)


def _delete(folder: Any) -> None:
    shutil.rmtree(folder, ignore_errors=True)
