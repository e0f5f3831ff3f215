"""The metadata of a picture or video (api.md, section 10.5), measured from its pixels and headers."""

from __future__ import annotations

import math
import statistics
from typing import TYPE_CHECKING, Any, BinaryIO

from . import video
from .exif import grouped_exif
from .media_types import HEAD_BYTES, detect

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MILLIMETRES_PER_INCH = 25.4
DEFAULT_DENSITY = 72  # DPI; what pictures have that say nothing

# The luminance quantization table of ITU-T T.81, annex K, in the order of the file.
_STANDARD_TABLE = (
    *(16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51),
    *(61, 60, 57, 51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77),
    *(113, 121, 112, 100, 120, 92, 101, 103, 99),
)


class UnreadableError(ValueError):
    """The content is no picture that can be decoded."""


def file_metadata(path: Path, name: str, *, max_pixels: int) -> dict[str, Any]:
    """Measure the picture or video at `path`, called `name`; of videos, MP4 and MOV are measured.

    A picture of more than `max_pixels` is not decoded: what only its pixels tell is left out.

    Raises:
        UnreadableError: It is neither, or a corrupt one.
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
    """Measure the picture at `path`, called `name`; one of more than `max_pixels` by its header alone.

    Raises:
        UnreadableError: It is not a picture, or a corrupt one.
    """
    import pyvips

    with path.open("rb") as file:
        media_type = detect(file.read(HEAD_BYTES), name)
        quality = jpeg_quality(file) if media_type.format == "jpg" else 0
    if not media_type.is_image:
        raise UnreadableError("neither an image nor a video")
    try:
        image: Any = pyvips.Image.new_from_file(str(path), revalidate=True)  # libvips remembers files by name
        names = set(image.get_fields())
        return {
            "height": image.get_page_height(),
            "width": image.width,
            "size": path.stat().st_size,
            "format": media_type.format,
            "hasColorProfile": "icc-profile-data" in names,
            "quality": quality,
            "density": _density(image),
            **_of_pixels(image, max_pixels),
            "exif": grouped_exif({field: image.get(field) for field in names if field.startswith("exif-ifd")}),
        }
    except pyvips.Error as exc:
        raise UnreadableError(str(exc)) from exc


def _of_pixels(image: Any, max_pixels: int) -> dict[str, Any]:
    # Until here nothing was decoded: a few bytes of a file may stand for gigabytes of pixels.
    if image.width * image.height > max_pixels:
        return {} if image.hasalpha() else {"hasTransparency": False}
    is_transparent = bool(image.hasalpha() and image[image.bands - 1].min() < 255)
    return {"hasTransparency": is_transparent, "pHash": perceptual_hash(image)}


def jpeg_quality(file: BinaryIO) -> int:
    """The quality, 1 to 100, whose luminance table comes nearest to that of the JPEG; 0 when it has none.

    The scale is that of the Independent JPEG Group, which nearly all encoders use.
    """
    file.seek(2)  # after the start-of-image marker
    while len(header := file.read(4)) == 4 and header[0] == 0xFF:
        segment = file.read(int.from_bytes(header[2:], "big") - 2)
        if header[1] == 0xDB and len(segment) >= 65 and segment[0] == 0:  # table number 0, of 8 bits an entry
            return min(range(1, 101), key=lambda quality: _difference(_quality_table(quality), segment[1:65]))
    return 0


def _quality_table(quality: int) -> list[int]:
    percent = 5000 // quality if quality < 50 else 200 - 2 * quality
    return [min(max((entry * percent + 50) // 100, 1), 255) for entry in _STANDARD_TABLE]


def _difference(one: Sequence[int], other: Sequence[int]) -> int:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))


def perceptual_hash(image: Any) -> str:
    """64 bits, in hexadecimal, of which pictures that look alike have most in common.

    The lowest 8 x 8 frequencies of the cosine transform of the picture in 32 x 32 greys; a bit says whether one is
    above their median. Not comparable with the hashes of the service, whose method is not published. `image` is a
    ``pyvips.Image``.
    """
    if image.hasalpha():
        image = image.flatten(background=255)
    grey = image.colourspace("b-w")[0].thumbnail_image(32, height=32, size="force").cast("uchar")
    pixels = grey.write_to_memory()
    rows = [_low_frequencies(pixels[start : start + 32]) for start in range(0, 1024, 32)]
    columns = [_low_frequencies(column) for column in zip(*rows, strict=True)]
    frequencies = [value for column in columns for value in column]
    median = statistics.median(frequencies[1:])  # without the mean brightness, which dwarfs the rest
    return f"{sum((value > median) << bit for bit, value in enumerate(frequencies)):016x}"


_COSINES = [[math.cos(math.pi * k * (2 * n + 1) / 64) for n in range(32)] for k in range(8)]


def _low_frequencies(samples: Sequence[float]) -> list[float]:
    # Rounded, so that noise of the floating point arithmetic cannot flip a bit of an even picture.
    return [round(sum(c * s for c, s in zip(cosines, samples, strict=True)), 6) for cosines in _COSINES]


def _density(image: Any) -> int:
    # 1 pixel a millimetre is what libvips says for "unknown".
    return DEFAULT_DENSITY if image.xres == 1 else round(image.xres * MILLIMETRES_PER_INCH)
