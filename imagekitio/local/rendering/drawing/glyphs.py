"""The search for characters of a text that no available font can draw, or none in colour.

Pango does not report them. In place of a character that no font has, it draws a box with the code point, and all these
boxes have the same frame.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING
from unicodedata import name

from .vips import libvips

if TYPE_CHECKING:
    import pyvips

    from .fonts import Font

MAX_NAMED = 5  # the search stops after this number of missing characters
_SIZE = 40.0  # pixels
_FOREGROUND = "#00ff00"
_FIRST_EMOJI, _LAST_EMOJI = "\U0001f300", "\U0001faff"  # the range of characters that should have colours
# Code points that will never be characters. From U+10000 on, boxes are wider.
_NO_CHARACTER, _NO_CHARACTER_BEYOND = "\ufdd0", "\U000ffffe"


def find_warnings(text: str, font: Font) -> list[str]:
    """Return warnings about characters that become boxes, and emoji in the colour of the text."""
    missing: list[str] = []
    colourless: list[str] = []
    for character in dict.fromkeys(text):
        try:
            is_coloured = _is_coloured(character, font)
        except LookupError:
            missing.append(character)
        else:
            if not is_coloured and _FIRST_EMOJI <= character <= _LAST_EMOJI:
                colourless.append(character)
        if MAX_NAMED in (len(missing), len(colourless)):
            break
    warnings = [f"no font here has {_list_names(missing)}: boxes are drawn instead"] if missing else []
    return [*warnings, f"no font here has {_list_names(colourless)} in colour"] if colourless else warnings


def has_colours(image: pyvips.Image, foreground: tuple[int, int, int]) -> bool:
    """Return whether a drawn text with alpha has colours other than the foreground."""
    red, green, blue = foreground
    is_other = (image[0] != red) | (image[1] != green) | (image[2] != blue)
    shown: pyvips.Image = is_other & (image[3] > 0)
    return shown.max() == 255


@lru_cache(maxsize=4096)
def _is_coloured(character: str, font: Font) -> bool:
    """Return whether a character is drawn in its own colours.

    Raises:
        LookupError: No font has it. This is not cached, as a font may be added later.
    """
    drawn = _draw(character, font)
    if drawn is None:  # a blank, or a character that changes others
        return False
    box = _box(_NO_CHARACTER if character <= "\uffff" else _NO_CHARACTER_BEYOND, font)
    if _frame(drawn) == box:
        raise LookupError(character)
    return has_colours(drawn, (0, 255, 0))


@lru_cache(maxsize=64)
def _box(character: str, font: Font) -> tuple[int, int, bytes]:
    drawn = _draw(character, font)
    assert drawn is not None
    return _frame(drawn)


def _draw(character: str, font: Font) -> pyvips.Image | None:
    """Draw a character in green; return None if it has no ink."""
    try:
        image: pyvips.Image = libvips().Image.text(
            f'<span foreground="{_FOREGROUND}">{escape(character)}</span>',
            font=font.description(_SIZE),
            fontfile=str(font.file),
            dpi=72,
            rgba=True,
        )
    except libvips().Error as exc:
        if "no text to render" in str(exc):
            return None
        raise
    return image


def _frame(image: pyvips.Image) -> tuple[int, int, bytes]:
    """Return the size and the opacity of the outermost pixels."""
    alpha, width, height = image[3], image.width, image.height
    sides = [(0, 0, width, 1), (0, height - 1, width, 1), (0, 0, 1, height), (width - 1, 0, 1, height)]
    return width, height, b"".join(bytes(alpha.extract_area(*side).write_to_memory()) for side in sides)


def _list_names(characters: list[str]) -> str:
    names = [f"U+{ord(each):04X} {name(each, '')}".strip() for each in characters]
    return ", ".join(names) + (" and possibly others" if len(names) == MAX_NAMED else "")
