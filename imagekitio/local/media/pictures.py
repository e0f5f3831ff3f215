"""Reading the header of a picture with libvips, even if its fields contain invalid bytes.

Import this module only when it is needed, as pyvips is slow to load.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyvips
from pyvips import ffi, glib_lib, vips_lib

from . import pillow_formats

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


def open_picture(source: Path | bytes, **options: Any) -> Any:
    """Open a picture and read its header; return a ``pyvips.Image``, whose own types are too wide to be useful.

    Args:
        source: The file or its content.
        options: Options of the loader, such as ``access="sequential"``.

    Raises:
        pyvips.Error: libvips cannot read it.
    """
    with readable_messages():
        if isinstance(source, bytes):
            # pyvips would copy the bytes for a loader of buffers.
            return pyvips.Image.new_from_source(pyvips.Source.new_from_memory(source), "", **options)
        # Without revalidate, libvips would return an earlier file with this name from its cache.
        return pyvips.Image.new_from_file(str(source), revalidate=True, **options)


@contextmanager
def readable_messages() -> Generator[None]:
    """Turn a failure of libvips whose message is not UTF-8 into a normal error.

    pyvips decodes messages as UTF-8. If that fails, the message stays in libvips' buffer, and the next failure, even of
    another picture, would report it again.

    Raises:
        pyvips.Error: libvips failed.
    """
    try:
        yield
    except UnicodeDecodeError as exc:
        message = ffi.string(vips_lib.vips_error_buffer()).decode("utf-8", "replace")
        vips_lib.vips_error_clear()
        raise pyvips.Error("unable to read the picture", message) from exc


def read_header(path: Path, head: bytes, **options: Any) -> Any:
    """Return the picture at `path`; if Pillow has to read it, a black picture with its size and its metadata.

    Args:
        path: The file.
        head: Its first bytes.
        options: Options of libvips' loader.

    Raises:
        pyvips.Error, pillow_formats.UnreadableError: Neither can read it.
    """
    try:
        return open_picture(path, **options)
    except pyvips.Error:
        foreign_format = pillow_formats.find_format(head, None)
        if foreign_format is None:
            raise
        return pillow_formats.read_header(path, foreign_format)


def list_field_names(image: Any) -> list[str]:
    """Return the names of all fields of `image`.

    A PNG file can name its own text fields; bytes in the names that are not UTF-8 are replaced. ``Image.get_fields`` of
    pyvips raises `UnicodeDecodeError` for such a picture.
    """
    names = []
    fields = vips_lib.vips_image_get_fields(image.pointer)
    position = 0
    while fields[position] != ffi.NULL:
        names.append(ffi.string(fields[position]).decode("utf-8", "replace"))
        glib_lib.g_free(fields[position])
        position += 1
    glib_lib.g_free(fields)
    return names


def read_field(image: Any, name: str, default: Any = None) -> Any:
    """Return the field `name` of `image`, or `default` if it is missing."""
    try:
        return image.get(name)
    except pyvips.Error:
        return default


def read_exif_fields(image: Any) -> dict[str, str]:
    """Return the fields ``exif-ifd…`` of `image`."""
    return {name: image.get(name) for name in list_field_names(image) if name.startswith("exif-ifd")}
