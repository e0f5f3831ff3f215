"""Names and paths of files and folders, and ids (api.md, chapter 9)."""

from __future__ import annotations

import itertools
import re
import secrets
from typing import TYPE_CHECKING

from ...operations.file_names import clean_file_name as clean_file_name
from ...operations.file_names import clean_folder_name as clean_folder_name
from ...operations.file_names import make_unique_name as make_unique_name
from .errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Sequence

_OBJECT_ID = re.compile(r"[0-9a-f]{24}\Z")
MAX_FOLDER_LEVELS = 50  # api.md, chapter 8


def canonical_path(path: str) -> str:
    """Return `path` with a leading slash, without trailing or repeated slashes; the root is ``/``."""
    return "/" + "/".join(segment for segment in path.split("/") if segment)


def join_path(folder: str, name: str) -> str:
    """Return the canonical path of `name` in the canonical path `folder`."""
    return f"/{name}" if folder == "/" else f"{folder}/{name}"


def split_path(path: str) -> tuple[str, str]:
    """Return the folder and the last segment of a canonical path: ``/a`` and ``b.jpg`` for ``/a/b.jpg``."""
    folder, _, name = path.rpartition("/")
    return folder or "/", name


def is_inside(path: str, folder: str) -> bool:
    """Return whether the canonical `path` is `folder` or below it."""
    return folder == "/" or path == folder or path.startswith(folder + "/")


def source_path(path: str) -> str:
    """Return the canonical path of the source file or folder that a request names.

    Raises:
        ApiError: 400 ``INVALID_FOLDER_PATH`` for a segment ``.`` or ``..``.
    """
    _check_segments(path.split("/"))
    return canonical_path(path)


def clean_folder_path(path: str) -> str:
    """Return the canonical path of the destination folder that a request names, with each segment sanitised.

    Raises:
        ApiError: 400 ``INVALID_FOLDER_PATH`` for a segment ``.`` or ``..``, and for more than 50 levels.
    """
    segments = [segment for segment in path.split("/") if segment]
    _check_segments(segments)
    if len(segments) > MAX_FOLDER_LEVELS:
        message = f"Folders can be nested {MAX_FOLDER_LEVELS} levels deep (got {len(segments)} levels)."
        raise ApiError(400, message, "INVALID_FOLDER_PATH")
    return "/" + "/".join(map(clean_folder_name, segments))


def _check_segments(segments: Sequence[str]) -> None:
    if "." in segments or ".." in segments:
        raise ApiError(400, "'.' & '..' can not be used as folder-name", "INVALID_FOLDER_PATH")


def make_version_token() -> str:
    """Return a new ``ik-obj-version`` (api.md, section 9.4)."""
    return secrets.token_urlsafe(24)  # 32 characters, all allowed in the service's tokens


class ObjectIds:
    """A source of unique ids: 4 bytes of seconds, 5 random bytes per process, 3 bytes of a counter."""

    def __init__(self) -> None:
        self._process = secrets.token_hex(5)
        self._counter = itertools.count(secrets.randbelow(1 << 24))  # next() of count is atomic

    def new(self, now: float) -> str:
        """Return a new id; `now` is the Unix time in seconds."""
        return f"{int(now) & 0xFFFFFFFF:08x}{self._process}{next(self._counter) & 0xFFFFFF:06x}"


def is_object_id(text: object) -> bool:
    return isinstance(text, str) and _OBJECT_ID.match(text) is not None
