"""Pictures for the tests."""

from __future__ import annotations

import io

from PIL import Image

ORIENTATION = 0x0112  # EXIF
QUARTER_TURN = 6  # the picture is to be turned clockwise before it is shown


def draw(width: int, height: int, kind: str = "PNG", *, orientation: int | None = None) -> bytes:
    """Return a picture that is red in its left half and blue in its right, as its pixels lie."""
    picture = Image.new("RGB", (width, height), "blue")
    picture.paste("red", (0, 0, width // 2, height))
    exif = picture.getexif()
    if orientation is not None:
        exif[ORIENTATION] = orientation
    target = io.BytesIO()
    picture.save(target, kind, exif=exif)
    return target.getvalue()


def read(content: bytes) -> Image.Image:
    """Return a picture, decoded."""
    return Image.open(io.BytesIO(content)).convert("RGB")
