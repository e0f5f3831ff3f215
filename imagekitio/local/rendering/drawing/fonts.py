"""Fonts of text layers: one that comes with the package font-roboto, those of the machine, those of the library.

The service draws with Open Sans by default. Here that is Roboto, which is like it and the same on every machine.
Other fonts are looked for on the machine; where they are missing Roboto takes their place, with a warning.
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
_PROBE = "mmmWli10"  # its shape tells fonts apart


class Font(NamedTuple):
    """A font as libvips takes it.

    Attributes:
        family: What pango calls it, several with commas: the first that is there.
        style: ``Bold``, ``Italic``, both or nothing.
        file: Where it is, unless on the machine.
        warning: What is not as asked.
    """

    family: str
    style: str
    file: Path
    warning: str | None = None

    def description(self, size: float) -> str:
        """For pango; the size is in pixels where text is drawn at 72 dots per inch."""
        return " ".join(each for each in (self.family, self.style, f"{size:.2f}") if each)


def named_font(name: str | None, *, bold: bool, italic: bool) -> Font:
    """The font of this name, or the default."""
    style = " ".join(["Bold"] * bold + ["Italic"] * italic)
    default = Font(DEFAULT_FAMILY, style, _default_file(style.replace(" ", "") or "Regular"))
    family = (name or DEFAULT_FAMILY).replace("_", " ")
    if family.lower() == DEFAULT_FAMILY.lower():
        return default
    if not _is_installed(family):
        return default._replace(warning=f"the font {family} is not installed; {DEFAULT_FAMILY} takes its place")
    return default._replace(family=f"{family},{DEFAULT_FAMILY}")


def font_from_file(file: Path, name: str, *, bold: bool, italic: bool) -> Font:
    """The font in a file, named `name` where that is spoken of.

    Raises:
        TransformationError: The file holds no TrueType or OpenType font.
    """
    try:
        family = _family(file.read_bytes())
    except (struct.error, UnicodeError, LookupError):
        raise TransformationError(
            415, "EUNSUPPORTED", f"the file {name} is no TrueType or OpenType font that can be read"
        ) from None
    return Font(family.replace(",", " "), " ".join(["Bold"] * bold + ["Italic"] * italic), file)


def _default_file(style: str) -> Path:
    package = find_spec("font_roboto")
    if package is None or not package.submodule_search_locations:
        raise unsupported("l-text", "the package font-roboto (pip install font-roboto)")
    return Path(package.submodule_search_locations[0], "files", f"Roboto-{style}.ttf")


@lru_cache(maxsize=256)
def _is_installed(family: str) -> bool:
    """Whether the machine has a font: pango does not say, but without it the probe looks like the default's."""
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
    """The family that the name table gives.

    Raises:
        LookupError: There is none.
        struct.error: The file is cut short.
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
    """Family names by platform."""
    _, count, strings = struct.unpack_from(">HHH", data, table)
    for index in range(count):
        platform, _, _, name, length, offset = _NAME_RECORD.unpack_from(data, table + 6 + 12 * index)
        if name == _FAMILY:
            start = table + strings + offset
            yield platform, data[start : start + length].decode("mac_roman" if platform == 1 else "utf-16-be")
