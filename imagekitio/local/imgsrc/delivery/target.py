"""Parsing of a delivery URL: the image, the format and the parameters that it requests.

Source: img-src API, "Image transformations" and "Presets".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from ....imgsrc.parameters import EXTENSION_OF_FORMAT, FORMAT_OF_EXTENSION, split_extension
from ...base.errors import ApiError

if TYPE_CHECKING:
    from ..rows import ImageRow

_PRIMARY_PREFIX = "/i/"  # before the user name on the primary host; the secondary host has none


class DeliveryTarget(NamedTuple):
    """The parts of a delivery URL.

    Attributes:
        path: Path of the image with the extension of the output, decoded.
        query: Presets, parameters and signature, percent-encoded.
    """

    path: str
    query: str


def parse_target(raw_target: str, username: str) -> DeliveryTarget:
    """Parse ``/i/{username}/{path}?{query}`` or ``/{username}/{path}?{query}``; the path is decoded once.

    Args:
        raw_target: Path and query of the request, percent-encoded.
        username: Name of the user whose images are here.
    Raises:
        ApiError: 400 if the URL is not percent-encoded UTF-8, 404 for another user.
    """
    raw_path, _, query = raw_target.removeprefix(_PRIMARY_PREFIX).removeprefix("/").partition("?")
    raw_user, _, raw_path = raw_path.partition("/")
    try:
        query.encode()
        user, path = (unquote(text, errors="strict") for text in (raw_user, raw_path))
        path.encode()
    except UnicodeError:
        raise ApiError(400, "path and query must be percent-encoded UTF-8") from None
    if user != username:
        raise ApiError(404, "User not found")
    return DeliveryTarget(path, query)


def find_requested_format(path: str, image: ImageRow, *, is_exact: bool) -> str | None:
    """Return the format that the extension of a path requests, or None to keep the image's own.

    The extension that the image was uploaded with keeps its format, even if the content has another one.

    Args:
        path: Path of a delivery URL.
        image: The image that it names.
        is_exact: Whether the image has exactly this path.
    Raises:
        ApiError: 404 for an extension that names no output format.
    """
    extension = split_extension(path)[1].lower()
    requested = FORMAT_OF_EXTENSION.get(extension, extension)
    if is_exact or requested in ("", image.format):
        return None
    if requested not in EXTENSION_OF_FORMAT:
        formats = ", ".join(EXTENSION_OF_FORMAT.values())
        raise ApiError(404, f"Image not found: there is no image at {path}, and images are converted only to {formats}")
    return requested
