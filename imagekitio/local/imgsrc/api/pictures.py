"""What the bytes of an upload are: their format, and the size of the picture (img-src API, "Supported formats")."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ...base.errors import ApiError
from ...media.media_types import detect
from ...media.rare_types import detect_rare

if TYPE_CHECKING:
    from ...storage.contents import Incoming

# By the word of local ImageKit's table: formats that the service reads, in its words.
_KNOWN = {
    **{name: name for name in ("png", "webp", "gif", "tiff", "bmp", "ico", "svg", "heic", "avif", "jxl")},
    "jpg": "jpeg",
}


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
    picture = detect_format(content.head)
    import pyvips  # takes a while to load: not before the first picture

    from ...media.pictures import read_header
    from ...media.pillow_formats import UnreadableError

    try:
        header = read_header(content.path, content.head, access="sequential")
    except (pyvips.Error, UnreadableError):
        return picture
    return picture._replace(width=header.width, height=header.get_page_height())


def detect_format(head: bytes) -> Picture:
    """Return what the first bytes of an upload say.

    Raises:
        ApiError: 400 for anything but an image of a known format.
    """
    found = detect(head, "")
    if found.format in _KNOWN:
        return Picture(_KNOWN[found.format], found.mime)
    rare = detect_rare(head) if found.format is None else None
    if rare is not None and rare.format is not None:
        return Picture(rare.format, rare.mime)
    raise ApiError(
        400, "file must be an image: JPEG, PNG, WebP, GIF, TIFF, BMP, ICO, SVG, HEIC, AVIF, JPEG XL or the like"
    )
