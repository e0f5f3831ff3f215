"""By how much a JPEG is shrunk while it is decoded, which costs less than to decode all of it and scale then."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .drawing.area import Size


def shrink_on_load(size: Size, wanted: Size) -> int:
    """By how much the decoder shrinks a JPEG of `size` that will be scaled to `wanted`: 1, 2, 4 or 8.

    At least twice the pixels that are wanted remain on each side for the filter, as libvips' own thumbnails have it:
    with fewer, fine lines look coarse. sharp leaves as few as one, which takes 71 ms instead of 81 for a thumbnail of a
    photograph of 12 megapixels.
    """
    ratio = min(size.width / wanted.width, size.height / wanted.height)
    return next((divisor for divisor in (8, 4, 2) if ratio >= 2 * divisor), 1)
