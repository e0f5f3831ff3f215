"""What the bytes of an upload are: their format, and the size of the picture (img-src API, "Supported formats")."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ...base.errors import ApiError
from ...media.media_types import detect

if TYPE_CHECKING:
    from ...storage.contents import Incoming

# By the word of local ImageKit's table: formats that the service reads, in its words.
_KNOWN = {
    **{name: name for name in ("png", "webp", "gif", "tiff", "bmp", "ico", "svg", "heic", "avif", "jxl")},
    "jpg": "jpeg",
}
# Formats that ImageKit does not know.
_MORE = (
    (re.compile(rb"P[1-7][\s#]"), "pnm", "image/x-portable-anymap"),
    (re.compile(rb"qoif"), "qoi", "image/qoi"),
    (re.compile(rb"#\?R(?:ADIANCE|GBE)\n"), "hdr", "image/vnd.radiance"),
    (re.compile(rb"v/1\x01"), "exr", "image/x-exr"),
    # No magic number: the header of an image of 8 to 32 bits a pixel, with or without a palette.
    (
        re.compile(rb"[\x00-\xff](?:\x00[\x02\x03\x0a\x0b]|\x01[\x01\x09]).{13}[\x08\x0f\x10\x18\x20]", re.DOTALL),
        "tga",
        "image/x-tga",
    ),
)


class Picture(NamedTuple):
    """What an upload is. Where nobody can read its header, the size is None.

    Attributes:
        format: Such as ``jpeg``.
        mime: Media type.
        width: Pixels, as stored: EXIF orientation is not applied.
        height: Likewise.
    """

    format: str
    mime: str
    width: int | None = None
    height: int | None = None


def inspect(content: Incoming) -> Picture:
    """Look at the bytes of an upload; its name and what it says of its type do not count.

    Raises:
        ApiError: 400 for anything but an image of a known format.
    """
    picture = _detect(content.head)
    import pyvips  # takes a while to load: not before the first picture

    from ...media.pictures import read_header
    from ...media.pillow_formats import UnreadableError

    try:
        header = read_header(content.path, content.head, access="sequential")
    except (pyvips.Error, UnreadableError):
        return picture
    return picture._replace(width=header.width, height=header.get_page_height())


def _detect(head: bytes) -> Picture:
    found = detect(head, "")
    if found.format in _KNOWN:
        return Picture(_KNOWN[found.format], found.mime)
    if found.format is None:
        for pattern, name, mime in _MORE:
            if pattern.match(head):
                return Picture(name, mime)
    raise ApiError(
        400, "file must be an image: JPEG, PNG, WebP, GIF, TIFF, BMP, ICO, SVG, HEIC, AVIF, JPEG XL or the like"
    )
