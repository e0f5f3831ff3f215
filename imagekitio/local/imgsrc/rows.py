"""Rows of the table `images`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import sqlite3

Visibility = Literal["public", "private"]


class ImageRow(NamedTuple):
    """An image, which is one content with any number of paths; see `imagekitio.local.imgsrc.schema`."""

    id: str
    content_hash: str
    original_filename: str
    size: int  # bytes
    format: str  # of the content, such as ``jpeg``
    mime: str
    width: int | None  # pixels, without EXIF orientation
    height: int | None
    uploaded_at: float  # Unix time in seconds
    visibility: Visibility


COLUMNS = ", ".join(f"images.{name}" for name in ImageRow._fields)


def read_image(row: sqlite3.Row | None) -> ImageRow | None:
    """Return the image in a result of a ``SELECT`` of `COLUMNS`, if there is one."""
    return None if row is None else ImageRow._make(row[name] for name in ImageRow._fields)
