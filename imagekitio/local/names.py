"""Names and paths of files and folders: what is kept of them and how they are written (api.md, chapter 9)."""

from __future__ import annotations

import secrets
import string
import unicodedata

from .errors import ApiError

MAX_FOLDER_LEVELS = 50  # api.md, chapter 8
UNIQUE_SUFFIX_LENGTH = 9
_UNIQUE_ALPHABET = string.ascii_letters + string.digits + "_-"
_TOKEN_ALPHABET = _UNIQUE_ALPHABET + "."


def canonical_path(path: str) -> str:
    """`path` with a leading slash, without a trailing one and without repeated ones; the root is ``/``."""
    return "/" + "/".join(segment for segment in path.split("/") if segment)


def join_path(folder: str, name: str) -> str:
    """The canonical path of `name` in the canonical path `folder`."""
    return f"/{name}" if folder == "/" else f"{folder}/{name}"


def split_path(path: str) -> tuple[str, str]:
    """Folder and last segment of a canonical path: ``/a/b.jpg`` is ``/a`` and ``b.jpg``."""
    folder, _, name = path.rpartition("/")
    return folder or "/", name


def is_inside(path: str, folder: str) -> bool:
    """Whether the canonical `path` is `folder` or anything below it."""
    return folder == "/" or path == folder or path.startswith(folder + "/")


def clean_file_name(name: str) -> str:
    """`name` with everything but letters, marks, numbers and ``._-`` replaced by ``_``, one for one."""
    return _replace(name, kept="._-")


def clean_folder_name(name: str) -> str:
    """Like `clean_file_name`, but the dot goes too. Source: api.md, section 9.1 and points 36 and 37."""
    return _replace(name, kept="_-")


def clean_folder_path(path: str) -> str:
    """The canonical path of the folder that a request means by `path`, each segment cleaned.

    Raises:
        ApiError: 400 ``INVALID_FOLDER_PATH`` for a segment ``.`` or ``..`` and for more than 50 levels.
    """
    segments = [segment for segment in path.split("/") if segment]
    if "." in segments or ".." in segments:
        raise ApiError(400, "'.' & '..' can not be used as folder-name", "INVALID_FOLDER_PATH")
    if len(segments) > MAX_FOLDER_LEVELS:
        message = f"Folders can be nested {MAX_FOLDER_LEVELS} levels deep (got {len(segments)} levels)."
        raise ApiError(400, message, "INVALID_FOLDER_PATH")
    return "/" + "/".join(map(clean_folder_name, segments))


def unique_name(name: str) -> str:
    """`name` with ``_`` and 9 random characters before its last dot: ``hero.jpg`` becomes ``hero_k3Zx9_Qa1.jpg``."""
    suffix = "_" + _random(_UNIQUE_ALPHABET, UNIQUE_SUFFIX_LENGTH)
    stem, dot, extension = name.rpartition(".")
    return f"{stem}{suffix}.{extension}" if dot else name + suffix


def version_token() -> str:
    """A fresh ``ik-obj-version`` (api.md, section 9.4)."""
    return _random(_TOKEN_ALPHABET, 32)


def _random(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))


def _replace(name: str, *, kept: str) -> str:
    return "".join(c if c in kept or unicodedata.category(c)[0] in "LMN" else "_" for c in name)
