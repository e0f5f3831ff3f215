"""Fonts of text layers: Roboto from the package font-roboto, the fonts of the machine, and font files in the library.

The service uses Open Sans by default. Here the default is Roboto, which is similar and the same on every machine. Other
fonts must be installed on the machine; if one is missing, Roboto is used instead, with a warning.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..language.errors import TransformationError, unsupported
from .vips import libvips

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT_FAMILY = "Roboto"
_PROBE = "mmmWli10"  # text whose shape differs between fonts


class Font(NamedTuple):
    """A font in the form for libvips.

    Attributes:
        family: Name for pango, or several with commas, of which the first that exists is used.
        style: ``Bold``, ``Italic``, both or nothing.
        file: Its file, unless it is installed on the machine.
        warning: Difference from the requested font.
    """

    family: str
    style: str
    file: Path
    warning: str | None = None

    def description(self, size: float) -> str:
        """Return the description for pango; the size is in pixels if text is drawn at 72 dots per inch."""
        return " ".join(each for each in (self.family, self.style, f"{size:.2f}") if each)


def named_font(name: str | None, *, bold: bool, italic: bool) -> Font:
    """Return the font with this name, or the default."""
    style = " ".join(["Bold"] * bold + ["Italic"] * italic)
    default = Font(DEFAULT_FAMILY, style, _default_file(style.replace(" ", "") or "Regular"))
    family = (name or DEFAULT_FAMILY).replace("_", " ")
    if family.lower() == DEFAULT_FAMILY.lower():
        return default
    if not _is_installed(family):
        return default._replace(warning=f"the font {family} is not installed; {DEFAULT_FAMILY} is used instead")
    return default._replace(family=f"{family},{DEFAULT_FAMILY}")


def font_from_file(file: Path, name: str, *, bold: bool, italic: bool) -> Font:
    """Return the font in a file; error messages call it `name`.

    Raises:
        TransformationError: The file is not a TrueType or OpenType font.
    """
    try:
        family = _family(file.read_bytes())
    except (struct.error, UnicodeError, LookupError):
        raise TransformationError(
            415, "EUNSUPPORTED", f"the file {name} cannot be read as a TrueType or OpenType font"
        ) from None
    return Font(family.replace(",", " "), " ".join(["Bold"] * bold + ["Italic"] * italic), file)


def _default_file(style: str) -> Path:
    package = find_spec("font_roboto")
    if package is None or not package.submodule_search_locations:
        raise unsupported("l-text", "the package font-roboto (pip install font-roboto)")
    return Path(package.submodule_search_locations[0], "files", f"Roboto-{style}.ttf")


@lru_cache(maxsize=256)
def _is_installed(family: str) -> bool:
    """Return whether a font is installed. Pango does not report it, but without it the probe looks like the default."""
    file = str(_default_file("Regular"))
    with_family, without = (
        libvips().Image.text(_PROBE, font=f"{each} 20", fontfile=file, dpi=72).write_to_memory()
        for each in (f"{family},{DEFAULT_FAMILY}", DEFAULT_FAMILY)
    )
    return bool(with_family != without)


# OpenType specification, "Organization of an OpenType font" and "name".
_TABLE_RECORD = struct.Struct(">4sIII")
_NAME_RECORD = struct.Struct(">HHHHHH")
_WINDOWS, _FAMILY = 3, 1


def _family(data: bytes) -> str:
    """Return the family in the name table.

    Raises:
        LookupError: There is none.
        struct.error: The file is truncated.
    """
    if data[:4] not in (b"\x00\x01\x00\x00", b"OTTO", b"true"):
        raise LookupError("signature")
    (count,) = struct.unpack_from(">H", data, 4)
    tables = {tag: offset for tag, _, offset, _ in (_TABLE_RECORD.unpack_from(data, 12 + 16 * i) for i in range(count))}
    names = dict(_names(data, tables[b"name"]))
    if not names:
        raise LookupError("family")
    return names.get(_WINDOWS) or next(iter(names.values()))


def _names(data: bytes, table: int) -> Iterator[tuple[int, str]]:
    """Yield family names by platform."""
    _, count, strings = struct.unpack_from(">HHH", data, table)
    for index in range(count):
        platform, _, _, name, length, offset = _NAME_RECORD.unpack_from(data, table + 6 + 12 * index)
        if name == _FAMILY:
            start = table + strings + offset
            yield platform, data[start : start + length].decode("mac_roman" if platform == 1 else "utf-16-be")
