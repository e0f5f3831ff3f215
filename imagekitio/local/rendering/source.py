"""The picture that a file holds: what its header says, and its pixels, decoded no larger than needed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .drawing.area import Size, check_pixels
from .drawing.vips import libvips
from .language.errors import TransformationError, invalid, over_limit

if TYPE_CHECKING:
    from pathlib import Path

    import pyvips

    from ..base.settings import Settings

MAX_VECTOR_BYTES = 5 * 1_048_576  # ImageKit docs, "Limits"
_SWAPPING_ORIENTATIONS = frozenset({5, 6, 7, 8})  # EXIF: those that turn the picture by a quarter
_FAIL_ON_ERROR = "fail_on=error"  # a file that is cut short counts too

_FORMATS = {
    "jpegload_buffer": "jpeg",
    "pngload_buffer": "png",
    "webpload_buffer": "webp",
    "gifload_buffer": "gif",
    "nsgifload_buffer": "gif",
    "tiffload_buffer": "tiff",
    "svgload_buffer": "svg",
    "pdfload_buffer": "pdf",
}


def reads_pdf() -> bool:
    """Whether this libvips was built with a reader for PDF; the one that pip installs is not."""
    return bool(libvips().type_find("VipsOperation", "pdfload_buffer"))


@dataclass(frozen=True)
class Source:
    """A picture as its header describes it.

    Attributes:
        data: The bytes of the file. Pictures are read from memory, so that an SVG cannot name other files, and a file
            that is replaced meanwhile does no harm.
        format: A key of `formats.CONTENT_TYPES`, or ``heic``.
        size: In pixels, turned upright when `oriented`.
        pages: Frames of an animation; 1 otherwise.
        density: Dots per inch.
        oriented: Whether the EXIF orientation is applied when the picture is loaded.
        sideways: Whether that turns it by a quarter.
        options: Options of the loader, in libvips' notation without the brackets.
    """

    data: bytes
    format: str
    size: Size
    pages: int
    density: float
    oriented: bool
    sideways: bool
    options: str = _FAIL_ON_ERROR

    def turn_upright(self) -> Source:
        """Return the picture with its EXIF orientation applied."""
        if self.oriented:
            return self
        width, height = self.size
        return replace(self, size=Size(height, width) if self.sideways else self.size, oriented=True)

    def load(self, scale: Size | None = None) -> pyvips.Image:
        """Decode the first page; a size given here may save decoding what would be scaled away."""
        vips = libvips()
        if scale is not None:
            loaded = vips.Image.thumbnail_buffer(
                self.data,
                scale.width,
                height=scale.height,
                size="force",
                no_rotate=not self.oriented,
                option_string=self.options,  # its argument fail_on is without effect
            )
        else:
            loaded = vips.Image.new_from_buffer(self.data, f"[{self.options}]")
            if self.oriented:
                loaded = loaded.autorot()
        image: pyvips.Image = loaded
        return image

    def load_frames(self) -> list[pyvips.Image]:
        """Decode every frame of an animation."""
        strip: pyvips.Image = libvips().Image.new_from_buffer(self.data, f"[{self.options}]", n=-1).copy_memory()
        width, height = self.size
        return [strip.extract_area(0, index * height, width, height) for index in range(self.pages)]


@dataclass(frozen=True)
class Drawn:
    """A picture that was drawn here rather than read: a text or a colour block."""

    image: pyvips.Image
    format: str = "png"
    pages: int = 1
    density: float = 72.0

    @property
    def size(self) -> Size:
        return Size(self.image.width, self.image.height)

    def turn_upright(self) -> Drawn:
        """Return the picture as it is: nothing that was drawn here is stored turned."""
        return self

    def load(self, scale: Size | None = None) -> pyvips.Image:
        """The picture, scaled if a size is given."""
        if scale is None:
            return self.image
        scaled: pyvips.Image = self.image.thumbnail_image(scale.width, height=scale.height, size="force")
        return scaled

    def load_frames(self) -> list[pyvips.Image]:
        """The one frame."""
        return [self.image]


def open_source(
    path: Path, *, settings: Settings, oriented: bool, vector_density: float | None = None, page: int | None = None
) -> Source:
    """Read a file and the header of the picture in it.

    Args:
        path: The file.
        settings: Limits on bytes and pixels.
        oriented: Whether the EXIF orientation is to be applied.
        vector_density: Dots per inch at which an SVG or PDF is drawn; 72 when None: one pixel for one CSS pixel.
        page: The one page or frame that is wanted, counted from 0; None for all of them.

    Raises:
        TransformationError: The file is no picture that can be read, or too large.
    """
    size = path.stat().st_size
    if size > settings.max_source_bytes:
        raise over_limit(f"the file must be at most {settings.max_source_bytes} bytes to be transformed (has {size})")
    data = path.read_bytes()
    vips = libvips()
    try:
        header: pyvips.Image = vips.Image.new_from_buffer(data, "")
        options = _FAIL_ON_ERROR
        if header.get("vips-loader") in ("svgload_buffer", "pdfload_buffer") and vector_density is not None:
            options += f",dpi={vector_density:g}"
        if page:
            _check_page(header, page)
            options += f",page={page}"
        if options != _FAIL_ON_ERROR:
            header = vips.Image.new_from_buffer(data, f"[{options}]")
    except vips.Error as exc:
        raise not_a_picture(exc) from None
    format_name = _format(header)
    if format_name is None:
        raise TransformationError(
            415, "EUNSUPPORTED", "the file holds no picture of a format that can be rendered here"
        )
    if format_name in ("svg", "pdf") and size > MAX_VECTOR_BYTES:
        raise over_limit(f"a vector picture must be at most {MAX_VECTOR_BYTES} bytes to be transformed (has {size})")
    pages = _pages(header) if format_name in ("gif", "webp") and page is None else 1
    check_pixels(Size(header.width, header.height), settings)
    source = Source(
        data,
        format_name,
        Size(header.width, header.height),
        pages,
        header.xres * 25.4,
        oriented=False,
        sideways=_orientation(header) in _SWAPPING_ORIENTATIONS,
        options=options,
    )
    return source.turn_upright() if oriented else source


def not_a_picture(error: Exception) -> TransformationError:
    """415 for bytes that libvips cannot make sense of."""
    lines = str(error).strip().splitlines()
    return TransformationError(415, "EUNSUPPORTED", f"the file cannot be read as a picture: {lines[-1].strip()}")


def _format(header: pyvips.Image) -> str | None:
    loader = str(header.get("vips-loader"))
    if loader == "heifload_buffer":
        return "avif" if header.get("heif-compression") == "av1" else "heic"
    return _FORMATS.get(loader)


def _pages(header: pyvips.Image) -> int:
    return _integer(header, "n-pages") if header.get_typeof("n-pages") else 1


def _check_page(header: pyvips.Image, page: int) -> None:
    if page >= _pages(header):
        raise invalid("pg", f"must be from 1 to {_pages(header)} for this file (got '{page + 1}')")


def _orientation(header: pyvips.Image) -> int:
    return _integer(header, "orientation") if header.get_typeof("orientation") else 1


def _integer(header: pyvips.Image, name: str) -> int:
    return int(str(header.get(name)))
