"""The choice of the output format, and encoding.

Source: ImageKit docs, "Automatic image format conversion" and "Image quality optimization".
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .language.colours import BLACK
from .language.errors import over_limit

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyvips

    from .drawing.area import Size
    from .language.colours import Colour
    from .language.values import Output

CONTENT_TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "avif": "image/avif",
    "gif": "image/gif",
    "tiff": "image/tiff",
    "svg": "image/svg+xml",
}
ANIMATED = frozenset({"gif", "webp"})
_KEEP_NOTHING, _KEEP_EXIF, _KEEP_PROFILE, _KEEP_ALL = 0, 1, 8, 63  # VipsForeignKeep
MAX_WEBP_SIDE = 16_383  # pixels
_PALETTE_EFFORT = 4  # of 10; libvips' default, 7, takes up to six times as long for the same visible colours
_PALETTE_PACE = 1_000_000  # pixels per second, with many colours on a slow machine
_UNSTOPPABLE = {"gif": _PALETTE_PACE, "avif": 2_500_000}
WEB_FORMATS = frozenset({"jpeg", "png", "gif"})  # formats that f-auto does not change


def accepts_webp(accept: str) -> bool:
    """Return whether an Accept header names WebP; ``*/*`` and ``image/*`` do not count."""
    for item in accept.lower().split(","):
        media_type, *parameters = (part.strip() for part in item.split(";"))
        if media_type == "image/webp":
            return not any(
                parameter.replace(" ", "") in ("q=0", "q=0.0", "q=0.00", "q=0.000") for parameter in parameters
            )
    return False


def passes_through(output: Output, source_format: str) -> bool:
    """Return whether the file is delivered unchanged: for ``orig-true``, and SVG that is not converted to pixels."""
    vector = source_format == "svg" and output.format in (None, "auto", "orig", "svg", "gif")
    return output.original or vector


def depends_on_accept(output: Output, *, best_format: bool) -> bool:
    """Return whether the format depends on the Accept header."""
    return output.format == "auto" or (output.format is None and best_format)


def choose(
    output: Output,
    source_format: str,
    *,
    size: Size,
    accept: str,
    best_format: bool,
    is_transparent: Callable[[], bool],
) -> str:
    """Return the format to deliver, a key of `CONTENT_TYPES`.

    AVIF is never chosen for ``f-auto``, as in accounts by default.

    Args:
        output: Output settings of the steps.
        source_format: Format of the source; one that cannot be written becomes PNG or JPEG.
        size: Size of the result in pixels.
        accept: The Accept header.
        best_format: Whether a missing ``f`` counts as ``f-auto``.
        is_transparent: Function that looks for a pixel that is not opaque; called only if it matters.
    """
    if depends_on_accept(output, best_format=best_format):
        return _automatic(source_format, size, accept, is_transparent)
    wanted = {"jpg": "jpeg", None: "orig", "svg": "orig"}.get(output.format, output.format)
    if wanted == "gif" and source_format != "gif":
        wanted = "orig"
    if wanted == "avif" and (output.colour_profile or output.unsharp):
        return _automatic(source_format, size, accept, is_transparent)  # AVIF comes without a profile or e-usm
    if wanted == "orig" or wanted is None:
        wanted = source_format
    if wanted == "webp" and max(size) > MAX_WEBP_SIDE:
        wanted = source_format if source_format != "webp" else ""
    return wanted if wanted in _ENCODERS else _still(is_transparent)


def encode(
    image: pyvips.Image, format_name: str, output: Output, *, seconds: float, background: Colour = BLACK
) -> bytes:
    """Write a picture (8 bits, sRGB, with or without alpha) in a raster format of `CONTENT_TYPES`.

    Args:
        image: The picture, or the frames of an animation stacked vertically.
        format_name: The format.
        output: Output settings.
        seconds: Maximum time for a rendition. libvips cannot be stopped while it encodes AVIF or makes a palette, so
            these are not started if they would take longer; then a PNG keeps all its colours.
        background: Colour for the transparent pixels of a JPEG.

    Raises:
        TransformationError: The picture is too large to be encoded as AVIF or GIF in that time.
    """
    frame = image.width * image.get_page_height()
    if format_name in _UNSTOPPABLE and frame > seconds * _UNSTOPPABLE[format_name]:
        limit = f"{seconds * _UNSTOPPABLE[format_name] / 1e6:g} megapixels"
        raise over_limit(
            f"pictures must have at most {limit} to be encoded as {format_name.upper()}"
            f" (got {image.width}x{image.height})"
        )
    if frame > seconds * _PALETTE_PACE:
        output = replace(output, lossless=output.lossless or format_name == "png")
    if format_name == "jpeg" and image.hasalpha():
        image = image.flatten(background=[*background.rgb])
    keep = _KEEP_ALL if output.metadata else _KEEP_PROFILE if output.colour_profile else _KEEP_NOTHING
    if output.density is not None and not output.metadata:
        from ..media.pictures import list_field_names  # loads pyvips

        # Some formats store their density only in EXIF, so keep EXIF without any other fields.
        keep, image = keep | _KEEP_EXIF, image.copy()
        for name in list_field_names(image):
            if name.startswith("exif-") or name == "orientation":
                image.remove(name)
    return _ENCODERS[format_name](image, output, keep)


def _automatic(source_format: str, size: Size, accept: str, is_transparent: Callable[[], bool]) -> str:
    if accepts_webp(accept) and max(size) <= MAX_WEBP_SIDE:
        return "webp"
    if source_format in WEB_FORMATS and not (source_format == "jpeg" and is_transparent()):
        return source_format
    return _still(is_transparent)


def _still(is_transparent: Callable[[], bool]) -> str:
    return "png" if is_transparent() else "jpeg"


def _jpeg(image: pyvips.Image, output: Output, keep: int) -> bytes:
    # Without optimize_coding, which doubles the time and saves only 4 % of the bytes.
    return image.jpegsave_buffer(Q=output.quality, subsample_mode="off", interlace=output.progressive, keep=keep)


def _png(image: pyvips.Image, output: Output, keep: int) -> bytes:
    return image.pngsave_buffer(palette=not output.lossless, effort=_PALETTE_EFFORT, keep=keep)


def _webp(image: pyvips.Image, output: Output, keep: int) -> bytes:
    return image.webpsave_buffer(Q=output.quality, lossless=output.lossless, keep=keep)


def _avif(image: pyvips.Image, output: Output, keep: int) -> bytes:
    return image.heifsave_buffer(Q=output.quality, compression="av1", effort=0, keep=keep)


def _gif(image: pyvips.Image, output: Output, keep: int) -> bytes:
    return image.gifsave_buffer(effort=_PALETTE_EFFORT, keep=keep)


def _tiff(image: pyvips.Image, output: Output, keep: int) -> bytes:
    return image.tiffsave_buffer(compression="deflate", keep=keep)


_ENCODERS: dict[str, Callable[[pyvips.Image, Output, int], bytes]] = {
    "jpeg": _jpeg,
    "png": _png,
    "webp": _webp,
    "avif": _avif,
    "gif": _gif,
    "tiff": _tiff,
}
