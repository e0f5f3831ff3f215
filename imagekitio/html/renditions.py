"""Predict the size of a rendition before it is rendered, and whether parts of it are transparent.

Source: ImageKit docs, "Resize, crop and other common transformations".
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from ..urls.responsive import check_width
from ..urls.transformations.names import CODES
from ..urls.transformations.parsing import StepParser
from ..urls.transformations.steps import write_query_steps, write_steps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .options import ImageFile

# The values of a step by code: ``{"w": 300, "rt": "auto"}``; a layer is the dict of `overlay`.
Step: TypeAlias = "Mapping[str, Any]"

MAX_SIDE = 65_535  # pixels; the service ignores a larger w or h

# A step with another code, such as a border or a named transformation, makes a rendition of unknown size.
_CODES_OF_KNOWN_EFFECT = frozenset(
    {"w", "h", "ar", "c", "cm", "fo", "z", "x", "y", "xc", "yc", "rt", "fl", "t"}
    | {"q", "f", "pr", "lo", "md", "cp", "di", "bg", "bl", "r", "o", "cr", "overlay"}
    | {"e-grayscale", "e-contrast", "e-colorize", "e-sharpen", "e-usm", "e-gradient", "e-shadow"}
    | {"e-bgremove", "e-removedotbg", "e-retouch"}
    | {code for name, code in CODES.items() if name.startswith("overlay_")}
)
_TRANSPARENT = frozenset({"r", "o", "e-bgremove", "e-removedotbg", "e-dropshadow", "e-distort"})
_QUARTER_TURNS = {"auto": 0, "0": 0, "90": 1, "180": 2, "270": 3, "360": 4, "N90": 1, "N180": 2, "N270": 3, "N360": 4}
# Any other focus is an object; a step that does not set both sides crops the picture to it.
_PLACES = frozenset({"center", "top", "bottom", "left", "right", "auto", "custom"})
_NUMBER = r"(\d+(?:\.\d+)?|\.\d+)"
_SIDE = re.compile(_NUMBER)
_RATIO = re.compile(f"{_NUMBER}(?:[-_]{_NUMBER})?")


class Size(NamedTuple):
    """A size in pixels."""

    width: int
    height: int


def read_steps(transformation: object) -> tuple[Step, ...]:
    """Return the steps by code, for any names that the caller uses, with other text as `raw`.

    Raises:
        TypeError, ValueError: The transformation cannot be written.
    """
    return _parse_steps(write_steps(transformation, quote=str))


@lru_cache(maxsize=256)  # the pictures of a page share a few transformations
def _parse_steps(text: str) -> tuple[Step, ...]:
    steps = StepParser(write_query_steps).parse(text)
    return tuple({CODES.get(name, name): value for name, value in step.items()} for step in steps)


def find_size(steps: Sequence[Step], file: ImageFile | None) -> Size | None:
    """Return the size of the rendition of a file; None if it cannot be known.

    Args:
        steps: Steps as `read_steps` returns them.
        file: The file, if known; a crop to a fixed size needs none.
    """
    if any("orig" in step for step in steps):
        return None  # the service then ignores everything else
    is_turned = bool(steps) and steps[0].get("rt") == "auto"
    size = source = _read_size(file, is_turned=is_turned)
    for position, step in enumerate(steps):
        if "t" in step or (step.get("rt") == "auto" and position):  # both come before the size within a step
            size = None
        size = _resize(step, size, source)
        turns = _QUARTER_TURNS.get(str(step.get("rt", 0)))
        if size is None or turns is None or not step.keys() <= _CODES_OF_KNOWN_EFFECT or _layer_mode(step) == "cutter":
            size = None
        elif turns % 2:
            size = Size(size.height, size.width)
    return size


def is_transparent(steps: Sequence[Step], file: ImageFile | None) -> bool:
    """Return whether parts of the rendition may be transparent, judging by the file and the steps."""
    return bool(_get_optional(file, "has_alpha")) or any(
        not _TRANSPARENT.isdisjoint(step)
        or _layer_mode(step) in ("cutter", "cutout")
        or str(step.get("rt", 0)) not in _QUARTER_TURNS
        for step in steps
    )


def _layer_mode(step: Step) -> object:
    return step["overlay"].get("layer_mode") if "overlay" in step else None


def _get_optional(file: object, name: str) -> Any:
    # Reading a missing attribute makes a result search for one with a similar name, which takes a millisecond.
    is_there = hasattr(type(file), name) or name in getattr(file, "__dict__", ())
    return getattr(file, name) if is_there else None


def _read_size(file: ImageFile | None, *, is_turned: bool) -> Size | None:
    """Return the size of a file as the service reads it, rotated upright or not."""
    if file is None or not (file.width and file.height):
        return None
    for name, side in (("file.width", file.width), ("file.height", file.height)):
        check_width(name, side)
    orientation = _get_optional(file, "orientation")
    is_sideways = (orientation or 1) > 4  # EXIF: 5 to 8 rotate a picture by 90 degrees
    if is_turned and orientation is not None:
        return Size(file.height, file.width) if is_sideways else Size(file.width, file.height)
    # Whether pictures are rotated without `rt-auto` is a setting of the account.
    return None if is_turned or is_sideways else Size(file.width, file.height)


def _resize(step: Step, size: Size | None, source: Size | None) -> Size | None:
    """Return the size after the resizing of a step."""
    cuts_object_out = not _PLACES.issuperset(str(step.get("fo", "center")).split("_"))
    if "w" not in step and "h" not in step:
        return None if cuts_object_out else size
    width = _read_side(step["w"], source and source.width) if "w" in step else None
    height = _read_side(step["h"], source and source.height) if "h" in step else None
    if (width is None and "w" in step) or (height is None and "h" in step):
        return None
    if "ar" in step and (width is None or height is None):
        ratio = _read_ratio(step["ar"])
        if ratio is None:
            return None
        width, height = width or (height or 0) * ratio, height or (width or 0) / ratio
    mode = str(step.get("cm") or step.get("c") or "maintain_ratio")
    if width is not None and height is not None:
        return _crop(mode, Size(_round(width), _round(height)), size)
    if size is None or cuts_object_out:
        return None
    # A single side crops nothing: the other one follows.
    scale = Fraction(_round(width), size.width) if width else Fraction(_round(height or Fraction()), size.height)
    is_limited = mode == "at_max" or mode.endswith("_no_enlarge")
    return _scale(size, min(scale, Fraction(1)) if is_limited else scale)


def _crop(mode: str, wanted: Size, size: Size | None) -> Size | None:
    """Return the size after a step that sets both sides."""
    if mode in ("maintain_ratio", "force", "pad_resize", "pad_resize_no_enlarge", "pad_extract"):
        return wanted
    if size is None:
        return None
    horizontal, vertical = Fraction(wanted.width, size.width), Fraction(wanted.height, size.height)
    if mode == "at_max":
        return _scale(size, min(Fraction(1), horizontal, vertical))
    if mode == "at_max_enlarge":
        return _scale(size, min(horizontal, vertical))
    if mode == "at_least":
        return _scale(size, max(horizontal, vertical))
    if mode == "extract":
        return Size(min(wanted.width, size.width), min(wanted.height, size.height))
    if mode == "pad_extract_no_shrink":
        return Size(max(wanted.width, size.width), max(wanted.height, size.height))
    if mode == "maintain_ratio_no_enlarge":
        window = _scale(wanted, min(Fraction(1), 1 / max(horizontal, vertical)))
        return Size(min(window.width, size.width), min(window.height, size.height))
    return None


def _read_side(value: object, original: int | None) -> Fraction | None:
    """Return `w` or `h` in pixels; None for an expression, ``auto``, or a fraction of an unknown size."""
    length = Fraction(str(value)) if _SIDE.fullmatch(str(value)) else Fraction()
    if 0 < length < 1:
        return None if original is None else length * original
    return length if 0 < length <= MAX_SIDE else None


def _read_ratio(value: object) -> Fraction | None:
    """Return an aspect ratio such as ``4-3``, ``4_3`` or 1.5; None for an expression."""
    found = _RATIO.fullmatch(str(value))
    width, height = (Fraction(found[1]), Fraction(found[2] or 1)) if found else (Fraction(), Fraction())
    return width / height if width and height else None


def _scale(size: Size, scale: Fraction) -> Size:
    return Size(_round(size.width * scale), _round(size.height * scale))


def _round(length: Fraction) -> int:
    """Return whole pixels: rounded half up, and at least one."""
    return max(1, math.floor(length + Fraction(1, 2)))
