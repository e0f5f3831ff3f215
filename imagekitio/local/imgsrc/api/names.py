"""Paths and file names of uploads (img-src API, "Upload image").

The service does not document what a path may contain. Here it is any text without control characters and without the
segments ``.`` and ``..``; slashes at either end and empty segments are ignored.
"""

from __future__ import annotations

import unicodedata

from ....imgsrc.parameters import split_extension
from ...base.errors import ApiError

MAX_PATH_BYTES = 1024  # ours: even percent-encoded, it fits into a URL


def read_path(name: str, text: str) -> str:
    """Return the path in a request, as segments joined by single slashes.

    Args:
        name: Name of the parameter, for error messages.
        text: Value of the parameter, decoded.
    Raises:
        ApiError: 400 for a path that is not valid.
    """
    segments = [segment for segment in text.split("/") if segment]
    if "." in segments or ".." in segments:
        raise ApiError(400, f"{name} must not have the segments . and ..")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise ApiError(400, f"{name} must not have control characters")
    path = "/".join(segments)
    if len(path.encode()) > MAX_PATH_BYTES:
        raise ApiError(400, f"{name} must have at most {MAX_PATH_BYTES} bytes")
    return path


def place_upload(target_path: str, filename: str) -> str:
    """Return the path of an uploaded file.

    If the last segment of `target_path` ends with the extension of an image and no slash follows, it is the path.
    Otherwise it is a folder, in which the file keeps its own name. An empty one is the root.

    Args:
        target_path: Value of the parameter, empty if it is missing.
        filename: Name that was sent with the file. If it has folders, only the last part counts.
    Raises:
        ApiError: 400 for a path that is not valid, or for a folder without a file name.
    """
    path = read_path("target_path", target_path)
    if split_extension(path)[1] and not target_path.endswith("/"):
        return path
    name = filename.rpartition("/")[2]
    if not name:
        raise ApiError(400, "file must have a file name, unless target_path ends with one, such as photo.jpg")
    return read_path("the path of the file", f"{path}/{name}")


def sanitise_filename(name: str) -> str:
    """Return a file name for URLs: in NFC, with ``-`` for blanks, and otherwise only letters, digits and ``._-``."""
    text = unicodedata.normalize("NFC", name).replace(" ", "-")
    return "".join(c for c in text if c in "._-" or unicodedata.category(c)[0] in "LN")
