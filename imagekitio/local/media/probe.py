"""What the bytes of a file say about it: size in pixels, orientation, alpha, and the embedded metadata.

Only headers are read here, no pixels. pyvips and the readers of embedded metadata are loaded at the first picture, so
that start-up stays quick.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from ..base.dates import iso_date
from . import video
from .media_types import HEAD_BYTES, MediaType, detect

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Probe:
    """What is known of a content; pictures that cannot be decoded have no size. Of videos, MP4 and MOV are measured."""

    type: MediaType
    width: int | None = None  # pixels, as stored: EXIF orientation is not applied
    height: int | None = None
    has_alpha: bool | None = None
    orientation: int | None = None  # EXIF, 1 to 8
    duration: float | None = None  # seconds
    bit_rate: int | None = None  # bits per second
    video_codec: str | None = None
    audio_codec: str | None = None
    embedded_metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])


def probe(path: Path, name: str, *, now: datetime) -> Probe:
    """Look at the file at `path`, called `name`, that arrives `now`."""
    with path.open("rb") as file:
        media_type = detect(file.read(HEAD_BYTES), name)
    if media_type.format in video.FORMATS:
        return Probe(type=media_type, **asdict(video.measure(path)))
    if not media_type.is_image:
        return Probe(type=media_type)
    import pyvips

    from .embedded import embedded_metadata

    # The types that pyvips brings are too wide to be of use: Any.
    try:
        image: Any = pyvips.Image.new_from_file(str(path), access="sequential", revalidate=True)
    except pyvips.Error:
        return Probe(type=media_type)
    width, height = image.width, image.get_page_height()
    names = set(image.get_fields())
    created = iso_date(now.timestamp())
    return Probe(
        type=media_type,
        width=width,
        height=height,
        has_alpha=bool(image.hasalpha()),
        orientation=image.get("orientation") if "orientation" in names else 1,
        embedded_metadata={
            "ImageWidth": width,
            "ImageHeight": height,
            "DateCreated": created,
            "DateTimeCreated": created,
            **embedded_metadata(
                exif={name: image.get(name) for name in names if name.startswith("exif-ifd")},
                xmp=image.get("xmp-data") if "xmp-data" in names else b"",
                iptc=image.get("iptc-data") if "iptc-data" in names else b"",
            ),
        },
    )
