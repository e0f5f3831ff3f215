"""Paths and file names: what an upload may call an image, and where that puts it (img-src API, "Upload image").

The service leaves open what a path may contain. Here it is any text without control characters, of segments other than
``.`` and ``..``; a slash at either end and empty segments mean nothing.
"""

from __future__ import annotations

import unicodedata

from ....imgsrc.parameters import split_extension
from ...base.errors import ApiError

MAX_PATH_BYTES = 1024  # ours: even percent-encoded, it fits into a URL


def read_path(name: str, text: str) -> str:
    """Return the path that a request means by `text`: its segments, joined by single slashes.

    Args:
        name: What the request calls it, for the message of an error.
        text: Decoded.
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
    """Return the path that an uploaded file gets.

    A `target_path` whose last segment ends in the extension of an image, and which has no slash behind it, is that
    path; any other is a folder, in which the file lies under its own name. An empty one is the root.

    Args:
        target_path: As given; empty without one.
        filename: Name that was sent with the file. Of a name with folders only the last part counts.
    Raises:
        ApiError: 400 for a path that is not valid, or a folder and no file name.
    """
    path = read_path("target_path", target_path)
    if split_extension(path)[1] and not target_path.endswith("/"):
        return path
    name = filename.rpartition("/")[2]
    if not name:
        raise ApiError(400, "file must have a file name, unless target_path ends in one such as photo.jpg")
    return read_path("the path of the file", f"{path}/{name}")


def sanitise_filename(name: str) -> str:
    """Return the form of a file name for URLs: NFC, ``-`` for blanks, and nothing else but letters, digits, ``._-``."""
    text = unicodedata.normalize("NFC", name).replace(" ", "-")
    return "".join(c for c in text if c in "._-" or unicodedata.category(c)[0] in "LN")
