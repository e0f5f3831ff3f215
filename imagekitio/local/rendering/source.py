"""The source picture in a file: its header and its pixels, which are decoded no larger than necessary."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from ..media import pillow_formats
from ..media.media_types import detect
from ..storage.contents import HEAD_BYTES
from .drawing.area import Size, check_pixels
from .drawing.vips import libvips
from .language.errors import TransformationError, invalid, over_limit
from .shrinking import shrink_on_load

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping
    from pathlib import Path

    import pyvips

    from .context import RenderSettings

    Decode = Callable[[Hashable, Callable[[], pyvips.Image]], pyvips.Image]

MAX_VECTOR_BYTES = 5 * 1_048_576  # ImageKit docs, "Limits"
_SWAPPING_ORIENTATIONS = frozenset({5, 6, 7, 8})  # EXIF values that rotate the picture by 90°
_FAIL_ON_ERROR = {"fail_on": "error"}  # for truncated files too

_FORMATS = {
    "jpegload_source": "jpeg",
    "uhdrload_source": "jpeg",  # UltraHDR: a JPEG with a gain map for bright screens
    "pngload_source": "png",
    "webpload_source": "webp",
    "gifload_source": "gif",
    "nsgifload_source": "gif",
    "tiffload_source": "tiff",
    "svgload_source": "svg",
    "pdfload_source": "pdf",
    "heifload_source": "avif",  # HEIC is left to Pillow
}
_NAMES = {"jpg": "JPEG", "webp": "WebP"}  # names of formats that are not just the word in capitals


def can_read_pdf() -> bool:
    """Return whether this libvips was built with a reader for PDF; the one that pip installs was not."""
    return bool(libvips().type_find("VipsOperation", "pdfload_source"))


def _decode_uncached(key: Hashable, load: Callable[[], pyvips.Image]) -> pyvips.Image:
    return load()


@dataclass(frozen=True)
class Source:
    """A picture, described by its header.

    Attributes:
        data: Content of the file. Pictures are read from memory, so that an SVG cannot refer to other files, and a
            file that is replaced in the meantime does no harm.
        format: A key of `formats.CONTENT_TYPES`, or the name of a format in `pillow_formats`.
        size: Size in pixels, upright if `oriented`.
        pages: Number of frames of an animation; 1 otherwise.
        density: Dots per inch.
        oriented: Whether to apply the EXIF orientation when the picture is loaded.
        sideways: Whether that rotates it by 90°.
        identity: Key of the file and its `options` in a cache.
        options: Options of libvips' loader.
        shrinks: Whether libvips may shrink the picture while it decodes it.
        by_pillow: Whether Pillow decodes it.
    """

    data: bytes
    format: str
    size: Size
    pages: int
    density: float
    oriented: bool
    sideways: bool = False
    identity: Hashable = ()
    options: Mapping[str, str | int | float] = field(default_factory=_FAIL_ON_ERROR.copy)
    shrinks: bool = True
    by_pillow: bool = False

    def turn_upright(self) -> Source:
        """Return the picture with its EXIF orientation applied."""
        if self.oriented:
            return self
        width, height = self.size
        return replace(self, size=Size(height, width) if self.sideways else self.size, oriented=True)

    def load(self, scale: Size | None = None, *, decode: Decode = _decode_uncached) -> pyvips.Image:
        """Decode the first page.

        Args:
            scale: Size to scale to, which may allow decoding fewer pixels.
            decode: Function that takes a key and a function that opens the picture; see `DecodedPictures`.
        """
        if scale is not None and self.shrinks and self.format != "jpeg":
            return self._load_scaled(scale)
        divisor = shrink_on_load(self.size, scale) if scale is not None and self.shrinks else 1
        image = decode((self.identity, divisor), partial(self._decode, shrink=divisor, in_order=scale is not None))
        if scale is not None:
            return _scale(image, scale, no_rotate=not self.oriented)
        return image.autorot() if self.oriented else image

    def _load_scaled(self, scale: Size) -> pyvips.Image:
        vips = libvips()
        # libvips reads `data` in place. It outlives the picture, as every owner of its frames has the source too.
        scaled: pyvips.Image = vips.Image.thumbnail_source(
            vips.Source.new_from_memory(self.data),
            scale.width,
            height=scale.height,
            size="force",
            no_rotate=not self.oriented,
            # The argument fail_on of this function has no effect.
            option_string=",".join(f"{name}={value}" for name, value in self.options.items()),
        )
        return scaled

    def load_frames(self) -> list[pyvips.Image]:
        """Decode every frame of an animation."""
        strip: pyvips.Image = _convert_samples(self._open(n=-1)).copy_memory()
        width, height = self.size
        return [strip.extract_area(0, index * height, width, height) for index in range(self.pages)]

    def refuse(self, error: Exception) -> TransformationError:
        """Return a 415 for a picture whose damage was found only while decoding it."""
        return not_a_picture(self.data, error)

    def _decode(self, *, shrink: int, in_order: bool) -> pyvips.Image:
        if self.by_pillow:
            return pillow_formats.decode(self.data, self.format)
        options: dict[str, int | str] = {} if shrink == 1 else {"shrink": shrink}
        # A picture to be scaled can be read in order, so that it need not be in memory as a whole.
        image = self._open(access="sequential" if in_order else "random", **options)
        return _remove_gain_map(_convert_samples(image))

    def _open(self, **options: int | str) -> pyvips.Image:
        from ..media.pictures import open_picture  # loads pyvips

        image: pyvips.Image = open_picture(self.data, **self.options, **options)
        return image


@dataclass(frozen=True)
class Drawn:
    """A picture that was drawn rather than read: a text or a colour block."""

    image: pyvips.Image
    format: str = "png"
    pages: int = 1
    density: float = 72.0

    @property
    def size(self) -> Size:
        return Size(self.image.width, self.image.height)

    def turn_upright(self) -> Drawn:
        """Return the picture unchanged, as drawn pictures are always upright."""
        return self

    def load(self, scale: Size | None = None, *, decode: Decode = _decode_uncached) -> pyvips.Image:
        """Return the picture, scaled if a size is given."""
        return self.image if scale is None else _scale(self.image, scale)

    def load_frames(self) -> list[pyvips.Image]:
        """Return the only frame."""
        return [self.image]

    def refuse(self, error: Exception) -> TransformationError:
        """Return a 400 for a picture that cannot be drawn."""
        return unprocessable(error)


def open_source(
    path: Path,
    *,
    settings: RenderSettings,
    oriented: bool,
    vector_density: float | None = None,
    page: int | None = None,
) -> Source:
    """Read a file and the header of the picture in it.

    Args:
        path: The file.
        settings: Limits on bytes and pixels.
        oriented: Whether to apply the EXIF orientation.
        vector_density: Dots per inch for drawing an SVG or PDF; None means 72, which is one pixel per CSS pixel.
        page: The only page or frame to read, counted from 0; None for all of them.

    Raises:
        TransformationError: The file cannot be read as a picture, or is too large.
    """
    found = path.stat()
    size = found.st_size
    if size > settings.max_source_bytes:
        raise over_limit(f"the file must be at most {settings.max_source_bytes} bytes to be transformed (got {size})")
    data = path.read_bytes()
    header, format_name, by_pillow = _read_header(data)
    if page:
        _check_page(header, page)
    if by_pillow:  # Pillow returns pictures upright
        upright = Size(header.width, header.height)
        check_pixels(upright, settings.max_pixels)
        return Source(
            data,
            format_name,
            upright,
            1,
            header.xres * 25.4,
            oriented=False,
            identity=(path, found.st_mtime_ns),
            shrinks=False,
            by_pillow=True,
        )
    options: dict[str, str | int | float] = {**_FAIL_ON_ERROR}
    if format_name in ("svg", "pdf"):
        if size > MAX_VECTOR_BYTES:
            limit = f"a vector picture must be at most {MAX_VECTOR_BYTES} bytes to be transformed"
            raise over_limit(f"{limit} (got {size})")
        if vector_density is not None:
            options["dpi"] = vector_density
    if page:
        options["page"] = page
    if options != _FAIL_ON_ERROR:
        from ..media.pictures import open_picture  # loads pyvips

        try:
            header = open_picture(data, **options)
        except libvips().Error as exc:
            raise not_a_picture(data, exc) from None
    pages = _pages(header) if format_name in ("gif", "webp") and page is None else 1
    check_pixels(Size(header.width, header.height), settings.max_pixels)
    source = Source(
        data,
        format_name,
        Size(header.width, header.height),
        pages,
        header.xres * 25.4,
        oriented=False,
        sideways=_orientation(header) in _SWAPPING_ORIENTATIONS,
        identity=(path, found.st_mtime_ns, *options.items()),
        options=options,
        shrinks=not _has_deep_samples(header),
    )
    return source.turn_upright() if oriented else source


def not_a_picture(data: bytes, error: Exception) -> TransformationError:
    """Return a 415 for a file that cannot be decoded, with the name of its format if the first bytes show it."""
    if isinstance(error, pillow_formats.UnreadableError):
        return TransformationError(415, "EUNSUPPORTED", str(error))
    mime, kind = detect(data[:HEAD_BYTES], "")
    name = f"{_NAMES.get(kind, kind.upper())} file" if kind and mime.startswith("image/") else "file"
    return TransformationError(415, "EUNSUPPORTED", f"the {name} cannot be read as a picture: {_last_line(error)}")


def unprocessable(error: Exception) -> TransformationError:
    """Return a 400 for an operation that libvips refuses."""
    return TransformationError(400, "EINVAL", f"the picture cannot be processed: {_last_line(error)}")


def _last_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["unknown error"])[-1].strip()


def _read_header(data: bytes) -> tuple[pyvips.Image, str, bool]:
    """Return the header of a picture, its format, and whether Pillow has to read it.

    Raises:
        TransformationError: 415 if neither libvips nor Pillow can read it.
    """
    from ..media.pictures import open_picture  # loads pyvips

    header: pyvips.Image | None = None
    error: Exception = ValueError("its format is not supported")
    try:
        header = open_picture(data)
    except libvips().Error as exc:
        error = exc
    try:
        foreign_format = pillow_formats.find_format(data[:HEAD_BYTES], header)
        if foreign_format is not None:
            return pillow_formats.read_header(data, foreign_format), foreign_format, True
    except pillow_formats.UnreadableError as exc:
        error, header = exc, None
    format_name = None if header is None else _FORMATS.get(str(header.get("vips-loader")))
    if header is None or format_name is None:
        raise not_a_picture(data, error)
    return header, format_name, False


def _remove_gain_map(image: pyvips.Image) -> pyvips.Image:
    """Return the picture without the gain map of an UltraHDR JPEG, which fits only the pixels of the file."""
    from ..media.pictures import list_field_names  # loads pyvips

    names = [name for name in list_field_names(image) if name.startswith("gainmap")]
    if names:
        image = image.copy()
        for name in names:
            image.remove(name)
    return image


def _scale(image: pyvips.Image, size: Size, *, no_rotate: bool = True) -> pyvips.Image:
    scaled: pyvips.Image = image.thumbnail_image(size.width, height=size.height, size="force", no_rotate=no_rotate)
    return scaled


def _convert_samples(image: pyvips.Image) -> pyvips.Image:
    return image.cast("uchar", shift=True) if _has_deep_samples(image) else image


def _has_deep_samples(image: pyvips.Image) -> bool:
    """Return whether conversions would treat 16 or 32 bits as 8: for CMYK with alpha, and for all 32-bit samples."""
    return image.format == "uint" or (image.format == "ushort" and image.interpretation == "cmyk")


def _pages(header: pyvips.Image) -> int:
    return _integer(header, "n-pages") if header.get_typeof("n-pages") else 1


def _check_page(header: pyvips.Image, page: int) -> None:
    if page >= _pages(header):
        raise invalid("pg", f"must be from 1 to {_pages(header)} for this file (got '{page + 1}')")


def _orientation(header: pyvips.Image) -> int:
    return _integer(header, "orientation") if header.get_typeof("orientation") else 1


def _integer(header: pyvips.Image, name: str) -> int:
    return int(str(header.get(name)))
