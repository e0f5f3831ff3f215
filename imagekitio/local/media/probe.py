"""Inspection of an uploaded file: its size in pixels, orientation, alpha channel and embedded metadata.

Only headers are read, no pixels. pyvips and the readers of embedded metadata are loaded with the first picture, so that
the server starts quickly.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from ..base.dates import iso_date
from ..storage.contents import HEAD_BYTES
from . import pillow_formats, video
from .media_types import MediaType, detect

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Probe:
    """The known data of a file. Pictures that cannot be read have no size; of videos, only MP4 and MOV have one."""

    type: MediaType
    width: int | None = None  # pixels, without EXIF orientation
    height: int | None = None
    has_alpha: bool | None = None
    orientation: int | None = None  # EXIF, 1 to 8
    duration: float | None = None  # seconds
    bit_rate: int | None = None  # bits per second
    video_codec: str | None = None
    audio_codec: str | None = None
    embedded_metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])


def probe(path: Path, name: str, *, now: datetime, head: bytes | None = None) -> Probe:
    """Inspect the file at `path`, called `name`, which was uploaded at `now`.

    Args:
        head: The first `HEAD_BYTES` bytes, if the caller has them.
    """
    if head is None:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    media_type = detect(head, name)
    if media_type.format in video.FORMATS:
        return Probe(type=media_type, **asdict(video.measure(path)))
    if not media_type.is_image:
        return Probe(type=media_type)
    import pyvips

    from .embedded import embedded_metadata
    from .pictures import read_exif_fields, read_field, read_header

    try:
        image = read_header(path, head, access="sequential")
    except (pyvips.Error, pillow_formats.UnreadableError):
        return Probe(type=media_type)
    width, height = image.width, image.get_page_height()
    created = iso_date(now.timestamp())
    return Probe(
        type=media_type,
        width=width,
        height=height,
        has_alpha=bool(image.hasalpha()),
        orientation=read_field(image, "orientation", 1),
        embedded_metadata={
            "ImageWidth": width,
            "ImageHeight": height,
            "DateCreated": created,
            "DateTimeCreated": created,
            **embedded_metadata(
                exif=read_exif_fields(image),
                xmp=read_field(image, "xmp-data", b""),
                iptc=read_field(image, "iptc-data", b""),
            ),
        },
    )
