"""Inspection of an upload: its format and the size of the picture (img-src API, "Supported formats")."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ...base.errors import ApiError
from ...media.media_types import detect
from ...media.rare_types import detect_rare

if TYPE_CHECKING:
    from ...storage.contents import Incoming

# The service's names of the formats that it reads, by their names in local ImageKit.
_KNOWN = {
    **{name: name for name in ("png", "webp", "gif", "tiff", "bmp", "ico", "svg", "heic", "avif", "jxl")},
    "jpg": "jpeg",
}


class Picture(NamedTuple):
    """The type and size of an upload. If its header cannot be read, the size is None.

    Attributes:
        format: Format such as ``jpeg``.
        mime: Media type.
        width: Width in pixels, without EXIF orientation.
        height: Height in pixels, without EXIF orientation.
    """

    format: str
    mime: str
    width: int | None = None
    height: int | None = None


def inspect(content: Incoming) -> Picture:
    """Inspect the content of an upload; its file name and declared type are ignored.

    Raises:
        ApiError: 400 unless it is an image of a known format.
    """
    picture = detect_format(content.head)
    import pyvips  # slow to load, so only when needed

    from ...media.pictures import read_header
    from ...media.pillow_formats import UnreadableError

    try:
        header = read_header(content.path, content.head, access="sequential")
    except (pyvips.Error, UnreadableError):
        return picture
    return picture._replace(width=header.width, height=header.get_page_height())


def detect_format(head: bytes) -> Picture:
    """Return the format of an upload from its first bytes.

    Raises:
        ApiError: 400 unless it is an image of a known format.
    """
    found = detect(head, "")
    if found.format in _KNOWN:
        return Picture(_KNOWN[found.format], found.mime)
    rare = detect_rare(head) if found.format is None else None
    if rare is not None and rare.format is not None:
        return Picture(rare.format, rare.mime)
    raise ApiError(
        400, "file must be an image: JPEG, PNG, WebP, GIF, TIFF, BMP, ICO, SVG, HEIC, AVIF, JPEG XL or similar"
    )
