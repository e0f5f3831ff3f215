"""The metadata of a picture or video from its pixels and headers (api.md, section 10.5)."""

from __future__ import annotations

import math
import os
import statistics
from typing import TYPE_CHECKING, Any, BinaryIO

from ..storage.contents import HEAD_BYTES
from . import pillow_formats, video
from .exif import grouped_exif
from .media_types import detect

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MILLIMETRES_PER_INCH = 25.4
DEFAULT_DENSITY = 72  # DPI, for pictures without a density

# The luminance quantization table of ITU-T T.81, annex K, in the order of a file.
_STANDARD_TABLE = (
    *(16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51),
    *(61, 60, 57, 51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77),
    *(113, 121, 112, 100, 120, 92, 101, 103, 99),
)
_TABLES = 0xDB  # the marker of a segment of quantization tables
_MAX_SEGMENTS = 10_000  # to skip before the tables, which is at most 650 MB

_DRAWN_SIDE = 512  # pixels, for measuring an SVG
MAX_SIDE = 65_535  # pixels, as in a JPEG: each row costs time, and a few bytes may encode millions of rows

# For each interpretation, the sample format whose range libvips knows; for each format, the largest sample.
_FORMATS = {"b-w": "uchar", "srgb": "uchar", "grey16": "ushort", "rgb16": "ushort"}
_LARGEST = {
    "uchar": 2**8 - 1,
    "char": 2**7 - 1,
    "ushort": 2**16 - 1,
    "short": 2**15 - 1,
    "uint": 2**32 - 1,
    "int": 2**31 - 1,
}


class UnreadableError(ValueError):
    """The content is not a picture or video that can be read."""


def file_metadata(path: Path, name: str, *, max_pixels: int) -> dict[str, Any]:
    """Return the metadata of the picture or video at `path`, called `name`. Of videos, only MP4 and MOV are measured.

    A picture with more than `max_pixels`, or a side longer than `MAX_SIDE`, is not decoded, and members that need its
    pixels are left out. The same applies to a damaged picture.

    Raises:
        UnreadableError: The file is neither a picture nor a video, or is corrupt.
    """
    with path.open("rb") as file:
        media_type = detect(file.read(HEAD_BYTES), name)
    if not media_type.is_video:
        return image_metadata(path, name, max_pixels=max_pixels)
    is_known = media_type.format in video.FORMATS
    found = video.measure(path).as_json() if is_known else {}
    if is_known and not found:
        raise UnreadableError("a video without headers")
    return {**found, "size": path.stat().st_size}


def image_metadata(path: Path, name: str, *, max_pixels: int) -> dict[str, Any]:
    """Return the metadata of the picture at `path`, called `name`; see `file_metadata`.

    Raises:
        UnreadableError: The file is not a picture, or is corrupt.
    """
    import pyvips

    from .pictures import read_exif_fields, read_field, read_header

    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        media_type = detect(head, name)
        quality = jpeg_quality(file) if media_type.format == "jpg" else 0
    if not media_type.is_image:
        raise UnreadableError("neither an image nor a video")
    try:
        image = read_header(path, head)
        of_pixels = _of_pixels(path, head, image, max_pixels)
    except (pyvips.Error, pillow_formats.UnreadableError) as exc:
        raise UnreadableError(str(exc)) from exc
    return {
        "height": image.get_page_height(),
        "width": image.width,
        "size": path.stat().st_size,
        "format": media_type.format,
        "hasColorProfile": read_field(image, "icc-profile-data") is not None,
        "quality": quality,
        "density": _density(image),
        **of_pixels,
        "exif": grouped_exif(read_exif_fields(image)),
    }


def _of_pixels(path: Path, head: bytes, header: Any, max_pixels: int) -> dict[str, Any]:
    import pyvips

    known: dict[str, Any] = {} if header.hasalpha() else {"hasTransparency": False}
    # Nothing has been decoded yet: a few bytes of a file may encode gigabytes of pixels.
    if header.width * header.height > max_pixels or max(header.width, header.height) > MAX_SIDE:
        return known
    try:
        image = _open_pixels(path, head, header)
        if "hasTransparency" not in known:
            known["hasTransparency"] = image[image.bands - 1].min() < _opaque(image)
        return {**known, "pHash": perceptual_hash(image)}
    except pyvips.Error:
        return known


def _open_pixels(path: Path, head: bytes, header: Any) -> Any:
    """Open the picture at `path` to measure its pixels; a damaged one is read up to the first error."""
    from .pictures import open_picture, read_field

    loader = read_field(header, "vips-loader")
    foreign_format = pillow_formats.find_format(head, header if loader else None)
    if foreign_format is not None:
        return pillow_formats.decode(path, foreign_format)
    # Without fail_on, libvips reports each missing row of a damaged file, which takes seconds for a tall picture.
    if loader != "svgload":
        return open_picture(path, fail_on="error")
    # The filters of an SVG take minutes at the size of a poster; a small drawing gives the same result.
    sides = (header.width, header.height)
    scale = min(1, max(_DRAWN_SIDE / max(sides), 1 / min(sides)))
    # The last row and column may be covered only partly, which would count as transparent.
    whole = (int(side * scale + 0.001) for side in sides)
    return open_picture(path, fail_on="error", scale=scale).crop(0, 0, *whole)


def jpeg_quality(file: BinaryIO) -> int:
    """Return the quality, 1 to 100, whose luminance table is nearest to that of the JPEG; 0 if there is none.

    The scale is that of the Independent JPEG Group, which nearly all encoders use.
    """
    file.seek(2)  # after the start-of-image marker
    for _ in range(_MAX_SEGMENTS):
        header = file.read(4)
        length = int.from_bytes(header[2:], "big") - 2  # the length includes its own two bytes
        if len(header) < 4 or header[0] != 0xFF or length < 0:
            break
        if header[1] != _TABLES:
            file.seek(length, os.SEEK_CUR)
            continue
        segment = file.read(length)
        if len(segment) >= 65 and segment[0] == 0:  # table number 0, with 8 bits per entry
            return min(range(1, 101), key=lambda quality: _difference(_quality_table(quality), segment[1:65]))
    return 0


def _quality_table(quality: int) -> list[int]:
    percent = 5000 // quality if quality < 50 else 200 - 2 * quality
    return [min(max((entry * percent + 50) // 100, 1), 255) for entry in _STANDARD_TABLE]


def _difference(one: Sequence[int], other: Sequence[int]) -> int:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))


def perceptual_hash(image: Any) -> str:
    """Return a 64-bit hash in hexadecimal; most of its bits are equal for pictures that look alike.

    It uses the lowest 8 x 8 frequencies of the cosine transform of the picture in 32 x 32 grey pixels; each bit says
    whether a frequency is above their median. It is not comparable with the hashes of the service, whose method is not
    documented. `image` is a ``pyvips.Image``.
    """
    grey = _on_white(image).colourspace("b-w")[0].thumbnail_image(32, height=32, size="force").cast("uchar")
    pixels = grey.write_to_memory()
    rows = [_low_frequencies(pixels[start : start + 32]) for start in range(0, 1024, 32)]
    columns = [_low_frequencies(column) for column in zip(*rows, strict=True)]
    frequencies = [value for column in columns for value in column]
    median = statistics.median(frequencies[1:])  # without the mean brightness, which is much larger than the rest
    return f"{sum((value > median) << bit for bit, value in enumerate(frequencies)):016x}"


def _on_white(image: Any) -> Any:
    """Return `image` with 8 bits per sample, grey or sRGB, on a white background if it is transparent."""
    if image.format in ("ushort", "uint") and image.format != _FORMATS.get(image.interpretation):
        image = image.cast("uchar", shift=True)  # libvips would treat it as 8 bits
    if image.format == _FORMATS.get(image.interpretation, image.format):
        image = image.colourspace("b-w" if image.interpretation in ("b-w", "grey16") else "srgb")
        return image.flatten(background=255) if image.hasalpha() else image
    # libvips does not know the range of such samples. The hash does not depend on it, so stretch them to 8 bits.
    if image.hasalpha():
        image = (image / _opaque(image)).flatten(background=1, max_alpha=1)
    return image.scaleimage().copy(interpretation="b-w" if image.bands < 3 else "srgb")


def _opaque(image: Any) -> float:
    """Return the alpha of an opaque pixel of `image`."""
    return 255 if image.interpretation == "lab" else _LARGEST.get(image.format, 1)


_COSINES = [[math.cos(math.pi * k * (2 * n + 1) / 64) for n in range(32)] for k in range(8)]


def _low_frequencies(samples: Sequence[float]) -> list[float]:
    # Rounded, so that floating-point errors cannot flip a bit of a uniform picture.
    return [round(sum(c * s for c, s in zip(cosines, samples, strict=True)), 6) for cosines in _COSINES]


def _density(image: Any) -> int:
    # libvips uses 1 pixel per millimetre for "unknown".
    is_known = image.xres != 1 and math.isfinite(image.xres)
    return round(image.xres * MILLIMETRES_PER_INCH) if is_known else DEFAULT_DENSITY
