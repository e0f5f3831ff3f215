"""The size that a step requests, in pixels: fractions, expressions, ratio, device pixel ratio and client hints.

Source: ImageKit docs, "Resize, crop and other common transformations" and "Client hints".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .drawing.area import Box, Size
from .geometry import Request
from .language.errors import invalid
from .language.expressions import evaluate, round_half_up

if TYPE_CHECKING:
    from .language.expressions import Expression
    from .language.values import Length, Resize

MAX_SIDE = 65_535  # pixels; a larger w or h is ignored
MAX_SIDE_WITH_DPR = 5_000  # pixels; a dpr that would exceed it is ignored


@dataclass(frozen=True)
class ClientHints:
    """Hints of the browser: the width of the displayed picture in device pixels, and device pixels per CSS pixel."""

    width: float | None = None
    dpr: float | None = None


NO_HINTS = ClientHints()


def variables(source: Size, current: Size, parent: Size | None = None) -> dict[str, float]:
    """Return the variables of expressions: iw ih iar of the source asset, and cw ch car of the current picture.

    A layer also has bw bh bar of its parent, the picture below it.
    """
    return {
        **({} if parent is None else parent_variables(parent)),
        "iw": source.width,
        "ih": source.height,
        "iar": source.width / source.height,
        "cw": current.width,
        "ch": current.height,
        "car": current.width / current.height,
    }


def parent_variables(parent: Size) -> dict[str, float]:
    """Return the only variables of texts and colour blocks, which have no source picture."""
    return {"bw": parent.width, "bh": parent.height, "bar": parent.width / parent.height}


def request(
    resize: Resize,
    *,
    source: Size,
    current: Size,
    hints: ClientHints,
    custom: Box | None,
    parent: Size | None = None,
) -> Request:
    """Return the geometry request of a step.

    Raises:
        TransformationError: An expression has no value, or its value is not a size.
    """
    known = variables(source, current, parent)
    width = _side("w", resize.width, source.width, known, hints)
    height = _side("h", resize.height, source.height, known, hints)
    if resize.ratio is not None and (width is None) != (height is None):
        ratio = evaluate("ar", resize.ratio, known)
        if ratio <= 0:
            raise invalid("ar", f"must be above 0 (got {ratio:g})")
        if width is None and height is not None:
            width = height * ratio
        elif width is not None:
            height = width / ratio
    width, height = _with_dpr(resize, width, height, hints)
    # The rectangle is relative to the source, so it does not apply to a picture that was already resized.
    rectangle = clip(custom, source) if custom is not None and current == source else None
    return Request(
        width=_pixels(width),
        height=_pixels(height),
        mode=resize.mode,
        focus=resize.focus,
        x=_coordinate("x", resize.x, known),
        y=_coordinate("y", resize.y, known),
        xc=_coordinate("xc", resize.xc, known),
        yc=_coordinate("yc", resize.yc, known),
        max_pixels=resize.max_pixels,
        custom=rectangle,
    )


def parse_rectangle(text: str | None) -> Box | None:
    """Read custom coordinates ``x,y,width,height``; return None if there are none."""
    try:
        left, top, width, height = (round(float(part)) for part in (text or "").split(","))
    except (ValueError, OverflowError):
        return None
    return Box(left, top, width, height)


def clip(box: Box, source: Size) -> Box | None:
    """Clip a box to the picture; return None if nothing is left."""
    left, top = max(0, box.left), max(0, box.top)
    right, bottom = min(box.left + box.width, source.width), min(box.top + box.height, source.height)
    return Box(left, top, right - left, bottom - top) if right > left and bottom > top else None


def side(code: str, expression: Expression | None, whole: int, known: dict[str, float]) -> int | None:
    """Return one side in pixels; a number below 1 is a fraction of `whole`.

    Raises:
        TransformationError: The expression has no value, or its value is not a size.
    """
    return None if expression is None else _pixels(_length(code, expression, whole, known))


def _side(code: str, length: Length | None, whole: int, known: dict[str, float], hints: ClientHints) -> float | None:
    if length is None:
        return None
    if length == "auto":
        # Rounded up, so that similar window widths share renditions.
        return math.ceil(hints.width / 100) * 100.0 if hints.width and code == "w" else None
    return _length(code, length, whole, known)


def _length(code: str, expression: Expression, whole: int, known: dict[str, float]) -> float | None:
    value = evaluate(code, expression, known)
    if expression.literal is not None and value < 1:
        value *= whole
    if value <= 0:
        raise invalid(code, f"must be above 0 (got {value:g})")
    return value if value <= MAX_SIDE else None


def _with_dpr(
    resize: Resize, width: float | None, height: float | None, hints: ClientHints
) -> tuple[float | None, float | None]:
    dpr = hints.dpr or 1.0 if resize.dpr == "auto" else resize.dpr or 1.0
    # The hint for the width is already in device pixels.
    wide = width if resize.width == "auto" and resize.dpr == "auto" else width and width * dpr
    high = height and height * dpr
    if any(side is not None and not 1 <= side <= MAX_SIDE_WITH_DPR for side in (wide, high)):
        return width, height
    return wide, high


def _pixels(side: float | None) -> int | None:
    return None if side is None else max(1, round_half_up(side))


def _coordinate(code: str, expression: Expression | None, known: dict[str, float]) -> int | None:
    return None if expression is None else round_half_up(evaluate(code, expression, known))
