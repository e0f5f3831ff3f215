"""Formats that Pillow can decode but not the libvips that pip installs, such as HEIC, BMP, ICO, PSD and JPEG 2000.

Pillow and pillow-heif come with the extra ``formats``. An icon counts as its largest picture, a PSD file as the picture
of all layers.
"""

from __future__ import annotations

import io
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .media_types import detect
from .rare_types import detect_rare

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    import pyvips

# The common name of a format, and the Pillow class that reads it.
_READERS = {
    "heic": ("HEIC", "pillow_heif", "HeifImageFile"),
    "bmp": ("BMP", "PIL.BmpImagePlugin", "BmpImageFile"),
    "ico": ("ICO", "PIL.IcoImagePlugin", "IcoImageFile"),
    "psd": ("PSD", "PIL.PsdImagePlugin", "PsdImageFile"),
    "jp2": ("JPEG 2000", "PIL.Jpeg2KImagePlugin", "Jpeg2KImageFile"),
    "pnm": ("PNM", "PIL.PpmImagePlugin", "PpmImageFile"),
    "qoi": ("QOI", "PIL.QoiImagePlugin", "QoiImageFile"),
    "tga": ("TGA", "PIL.TgaImagePlugin", "TgaImageFile"),
}
# Pillow modes whose samples libvips understands.
_INTERPRETATIONS = {"L": "b-w", "LA": "b-w", "RGB": "srgb", "RGBA": "srgb", "CMYK": "cmyk"}
_DEEP_MODES = frozenset({"I", "I;16", "I;16L", "I;16B"})  # grey with 16 bits, which Pillow would clip at 255
_METADATA = ("exif-", "orientation", "xmp-data", "iptc-data", "resolution-unit")


class UnreadableError(ValueError):
    """A picture cannot be read; the message says why."""


class MissingReaderError(UnreadableError):
    """The package that reads a format is not installed."""

    def __init__(self, format_name: str) -> None:
        name = _READERS[format_name][0]
        super().__init__(f'to read {name}, install imagekitio with the extra "formats" (README, "Installation")')


def find_format(head: bytes, image: pyvips.Image | None) -> str | None:
    """Return the format of a picture that Pillow has to read; None if libvips can read it, or neither can.

    Args:
        head: The first bytes of the file.
        image: The picture opened by libvips; None if it could not open the file.
    """
    if image is not None:
        is_heif = image.get_typeof("heif-compression")
        return "heic" if is_heif and image.get("heif-compression") != "av1" else None
    found = detect(head, "")
    if found.format is None:
        found = detect_rare(head) or found
    return found.format if found.format in _READERS else None


def read_header(source: Path | bytes, format_name: str) -> pyvips.Image:
    """Return a black picture with the size, bands and metadata of the picture in `source`.

    Raises:
        UnreadableError: Pillow cannot read it, or is not installed.
    """
    return _read(source, format_name, with_pixels=False)


def decode(source: Path | bytes, format_name: str) -> pyvips.Image:
    """Return the picture in `source`.

    Raises:
        UnreadableError: Pillow cannot read it, or is not installed.
    """
    return _read(source, format_name, with_pixels=True)


def _read(source: Path | bytes, format_name: str, *, with_pixels: bool) -> pyvips.Image:
    name, module, class_name = _READERS[format_name]
    try:
        reader = getattr(import_module(module), class_name)
    except ImportError:
        raise MissingReaderError(format_name) from None
    try:
        with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file, reader(file) as picture:
            return _with_metadata(_to_vips(picture, with_pixels=with_pixels), picture)
    except Exception as exc:  # Pillow's readers raise all kinds of errors for damaged files
        has_reason = isinstance(exc, (OSError, ValueError))
        reason = str(exc) if has_reason else "it is damaged, or of a kind that Pillow cannot read"
        raise UnreadableError(f"the {name} file cannot be read as a picture: {reason}") from exc


def _to_vips(picture: Any, *, with_pixels: bool) -> pyvips.Image:
    import pyvips

    mode: str = picture.mode
    if mode in _DEEP_MODES:
        mode = "L"
    elif mode not in _INTERPRETATIONS:
        mode = "RGBA" if picture.has_transparency_data else "RGB"
    width, height = picture.size
    bands = len(mode)
    if not with_pixels:
        header: pyvips.Image = pyvips.Image.black(width, height, bands=bands)
        return header.copy(interpretation=_INTERPRETATIONS[mode])
    if picture.mode in _DEEP_MODES:
        picture = picture.convert("I").point(lambda level: level * (1 / 257))
    pixels = (picture if picture.mode == mode else picture.convert(mode)).tobytes()
    image: pyvips.Image = pyvips.Image.new_from_memory(pixels, width, height, bands, "uchar")
    return image.copy(interpretation=_INTERPRETATIONS[mode])


def _with_metadata(image: pyvips.Image, picture: Any) -> pyvips.Image:
    """Return the picture with the metadata of its file, in the fields of libvips."""
    import pyvips

    across, down = (float(each) / 25.4 for each in picture.info.get("dpi") or (0, 0))
    made: pyvips.Image = image.copy(xres=across, yres=down) if across > 0 and down > 0 else image.copy()
    if profile := picture.info.get("icc_profile"):
        made.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    for name, kind, value in _parse_with_libvips(picture.info.get("exif"), picture.info.get("xmp")):
        made.set_type(kind, name, value)
    return made


def _parse_with_libvips(exif: bytes | None, xmp: bytes | None) -> Generator[tuple[str, int, Any]]:
    """Yield the fields that libvips reads from these blocks, wrapped in a small file, because it parses only files."""
    if not (exif or xmp):
        return
    import pyvips
    from PIL import Image

    carrier = io.BytesIO()
    try:
        Image.new("L", (1, 1)).save(carrier, "JPEG", exif=exif or b"", xmp=xmp or b"")
        fields: Any = pyvips.Image.jpegload_buffer(carrier.getvalue())
    except (ValueError, OSError, pyvips.Error):
        return  # malformed metadata does not make the picture unreadable
    for name in fields.get_fields():
        if name.startswith(_METADATA):
            yield name, fields.get_typeof(name), fields.get(name)
