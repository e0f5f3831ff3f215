"""Take a delivery URL apart: which image, in which format, with which parameters.

Source: img-src API, "Image transformations" and "Presets".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from ....imgsrc.parameters import EXTENSION_OF_FORMAT, FORMAT_OF_EXTENSION, split_extension
from ...base.errors import ApiError

if TYPE_CHECKING:
    from ..rows import ImageRow

_ANY_HOST = "/i/"  # what the primary host has before the user name, and the secondary one has not


class DeliveryTarget(NamedTuple):
    """What a delivery URL names.

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
    raw_path, _, query = raw_target.removeprefix(_ANY_HOST).removeprefix("/").partition("?")
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


def find_asked_format(path: str, image: ImageRow, *, is_exact: bool) -> str | None:
    """Return the format that the extension of a path asks for; None for that of the image, which is not converted.

    The extension that an image was uploaded with names its own format, even if the bytes have another one.

    Args:
        path: Path of a delivery URL.
        image: The image that it names.
        is_exact: Whether the image lies at this very path.
    Raises:
        ApiError: 404 for an extension that names no output format.
    """
    extension = split_extension(path)[1].lower()
    asked = FORMAT_OF_EXTENSION.get(extension, extension)
    if is_exact or asked in ("", image.format):
        return None
    if asked not in EXTENSION_OF_FORMAT:
        formats = ", ".join(EXTENSION_OF_FORMAT.values())
        raise ApiError(404, f"Image not found: there is none at {path}, and images are converted only to {formats}")
    return asked
