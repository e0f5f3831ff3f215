"""Sizes of pictures and their parts, and the limit on pixels."""

from __future__ import annotations

from typing import NamedTuple

from ..language.errors import over_limit


class Size(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int


class Box(NamedTuple):
    """A rectangle in pixels, relative to the top left corner."""

    left: int
    top: int
    width: int
    height: int

    @property
    def size(self) -> Size:
        return Size(self.width, self.height)


def check_pixels(size: Size, max_pixels: int, *, frames: int = 1) -> None:
    """Refuse pictures beyond the limit on pixels (ImageKit docs, "Limits": input and output 100 megapixels).

    Raises:
        TransformationError: There are too many pixels.
    """
    if size.width * size.height * frames > max_pixels:
        count = f"{frames} frames of " if frames > 1 else ""
        raise over_limit(
            f"pictures must have at most {max_pixels / 1e6:g} megapixels (got {count}{size.width}x{size.height})"
        )
