"""Which format a picture is delivered in, and how it is encoded.

Source: ImageKit docs, "Automatic image format conversion" and "Image quality optimization".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyvips

    from .drawing.area import Size
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
WEB_FORMATS = frozenset({"jpeg", "png", "gif"})  # what f-auto leaves as it is


def names_webp(accept: str) -> bool:
    """Whether an Accept header names WebP; ``*/*`` and ``image/*`` name nothing."""
    for item in accept.lower().split(","):
        media_type, *parameters = (part.strip() for part in item.split(";"))
        if media_type == "image/webp":
            return not any(
                parameter.replace(" ", "") in ("q=0", "q=0.0", "q=0.00", "q=0.000") for parameter in parameters
            )
    return False


def passes_through(output: Output, source_format: str) -> bool:
    """Whether the file itself is the answer: ``orig-true``, and SVG that nothing turns into pixels."""
    vector = source_format == "svg" and output.format in (None, "auto", "orig", "svg", "gif")
    return output.original or vector


def depends_on_accept(output: Output, *, best_format: bool) -> bool:
    """Whether the Accept header has a say in the format."""
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
    """The format to deliver, a key of `CONTENT_TYPES`.

    AVIF is made when asked for by name, never by f-auto: accounts have that off by default.

    Args:
        output: What the steps say.
        source_format: The format of the source; what cannot be written becomes PNG or JPEG.
        size: Of the result in pixels.
        accept: The Accept header.
        best_format: Whether no ``f`` counts as ``f-auto``.
        is_transparent: Looks for a pixel that is not opaque; asked only where it matters.
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


def encode(image: pyvips.Image, format_name: str, output: Output) -> bytes:
    """Write a picture (8 bits, sRGB, with or without alpha) in a format of `CONTENT_TYPES` that holds pixels."""
    keep = _KEEP_ALL if output.metadata else _KEEP_PROFILE if output.colour_profile else _KEEP_NOTHING
    if output.density is not None and not output.metadata:
        # Some formats have their density only in EXIF: one that says nothing else.
        keep, image = keep | _KEEP_EXIF, image.copy()
        for name in image.get_fields():
            if name.startswith("exif-") or name == "orientation":
                image.remove(name)
    return _ENCODERS[format_name](image, output, keep)


def _automatic(source_format: str, size: Size, accept: str, is_transparent: Callable[[], bool]) -> str:
    if names_webp(accept) and max(size) <= MAX_WEBP_SIDE:
        return "webp"
    if source_format in WEB_FORMATS and not (source_format == "jpeg" and is_transparent()):
        return source_format
    return _still(is_transparent)


def _still(is_transparent: Callable[[], bool]) -> str:
    return "png" if is_transparent() else "jpeg"


def _jpeg(image: pyvips.Image, output: Output, keep: int) -> bytes:
    if image.hasalpha():
        image = image.flatten()  # on black
    # Without optimize_coding, which takes as long as all the rest for the same pixels in 4 % fewer bytes.
    return image.jpegsave_buffer(Q=output.quality, subsample_mode="off", interlace=output.progressive, keep=keep)


def _png(image: pyvips.Image, output: Output, keep: int) -> bytes:
    return image.pngsave_buffer(palette=not output.lossless, keep=keep)


def _webp(image: pyvips.Image, output: Output, keep: int) -> bytes:
    return image.webpsave_buffer(Q=output.quality, lossless=output.lossless, keep=keep)


def _avif(image: pyvips.Image, output: Output, keep: int) -> bytes:
    return image.heifsave_buffer(Q=output.quality, compression="av1", effort=2, keep=keep)


def _gif(image: pyvips.Image, output: Output, keep: int) -> bytes:
    return image.gifsave_buffer(keep=keep)


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
