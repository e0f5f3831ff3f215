"""The values of effects (``e-…`` and ``cr``).

Source: ImageKit docs, "Effects and image enhancements". Defaults that the text leaves open are those of its editor.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from .colours import Colour, parse_colour
from .expressions import Expression, parse_expression, parse_number
from .readers import is_on, number, read

if TYPE_CHECKING:
    from .grammar import StepText

# Effects of AI services. Their values are not parsed, as none of the effects can be drawn here.
AI_EFFECTS = (
    *("e-bgremove", "e-removedotbg", "e-changebg", "e-edit"),
    *("e-dropshadow", "e-retouch", "e-upscale", "e-genvar"),
)
MAX_UNSHARP = 100.0  # pixels of sigma and radius; our own limit, as more would only take longer
MAX_SHARPEN = 2000.0  # the maximum that URL rewriters emit


class Unsharp(NamedTuple):
    """Unsharp mask.

    Attributes:
        radius: Radius of the Gaussian mask in pixels; 0 means as large as the sigma needs.
        sigma: Sigma of the Gaussian in pixels.
        amount: Fraction of the difference from the blurred picture to add.
        threshold: Fraction of the full range; a pixel is unchanged if twice its difference is less.
    """

    radius: float
    sigma: float
    amount: float
    threshold: float


class Colorize(NamedTuple):
    """A tint: shades of `colour`, mixed in with `intensity` from 0 to 1."""

    colour: Colour
    intensity: float


class Replacement(NamedTuple):
    """A colour that replaces another, which is the dominant one if `source` is None.

    `tolerance` is a distance in CIELAB.
    """

    target: Colour
    tolerance: float
    source: Colour | None


class Shadow(NamedTuple):
    """A shadow of the opaque parts: sigma in pixels, opacity from 0 to 1, offset as a fraction of the sides."""

    blur: float
    opacity: float
    x: float
    y: float


class Gradient(NamedTuple):
    """A linear gradient over the whole picture.

    Attributes:
        degrees: Direction: 0 is up, 90 is right.
        start: Colour at the start.
        end: Colour at the stop.
        stop: Position of the end colour: a fraction of the length if at most 1, else pixels.
    """

    degrees: float
    start: Colour
    end: Colour
    stop: Expression


Point = tuple[float, float]


class Perspective(NamedTuple):
    """A perspective, given by the new corners in pixels: top left, top right, bottom right, bottom left."""

    corners: tuple[Point, Point, Point, Point]


class Arc(NamedTuple):
    """A bend by an angle; a positive one moves the middle up."""

    degrees: float


@dataclass(frozen=True)
class Effects:
    """The effects of one step on colours and shape; None and False mean no change.

    Attributes:
        sharpen: Strength, 50 by default.
        ai: The requested effects of `AI_EFFECTS`.
    """

    contrast: bool = False
    colorize: Colorize | None = None
    replacement: Replacement | None = None
    sharpen: float | None = None
    unsharp: Unsharp | None = None
    shadow: Shadow | None = None
    distortion: Perspective | Arc | None = None
    gradient: Gradient | None = None
    ai: tuple[str, ...] = ()


NO_EFFECTS = Effects()
_CODES = frozenset(
    {*AI_EFFECTS, "e-contrast", "e-colorize", "cr", "e-sharpen", "e-usm", "e-shadow", "e-distort", "e-gradient"}
)


def read_effects(step: StepText) -> Effects:
    """Read the effects of a step.

    Raises:
        TransformationError: A value is not valid for its code.
    """
    if _CODES.isdisjoint(step.values):
        return NO_EFFECTS
    return Effects(
        contrast=is_on(step, "e-contrast"),
        colorize=read(step, "e-colorize", _colorize, bare="in-100"),
        replacement=read(step, "cr", _replacement),
        sharpen=read(step, "e-sharpen", _sharpen, bare="50"),
        # The defaults are the values of the documentation's example.
        unsharp=read(step, "e-usm", _unsharp, bare="2-2-0.8-0.024"),
        shadow=read(step, "e-shadow", _shadow, bare="bl-10"),
        distortion=read(step, "e-distort", _distortion),
        gradient=read(step, "e-gradient", read_gradient, bare="ld-bottom"),
        ai=tuple(code for code in AI_EFFECTS if code in step.values),
    )


DIRECTIONS = {
    "top": 0,
    "top_right": 45,
    "right": 90,
    "bottom_right": 135,
    "bottom": 180,
    "bottom_left": 225,
    "left": 270,
    "top_left": 315,
}


def read_gradient(text: str) -> Gradient:
    """Read ``ld-right_from-red_to-00000000_sp-0.5``; every part is optional, and ``true`` means no parts."""
    parts = {} if text == "true" else _parts(text, "ld", "from", "to", "sp")
    return Gradient(
        degrees=_direction(parts.get("ld", "bottom")),
        start=parse_colour(parts.get("from", "FFFFFF")),
        end=parse_colour(parts.get("to", "00000000")),
        stop=_stop(parts.get("sp", "1")),
    )


def _parts(text: str, *names: str) -> dict[str, str]:
    """Split ``a-1_b-2`` into its parts; values may contain underscores."""
    parts: dict[str, str] = {}
    for part in re.split(rf"_(?=(?:{'|'.join(names)})-)", text):
        name, dash, value = part.partition("-")
        if name not in names or not dash:
            raise ValueError(f"allows {', '.join(f'{each}-…' for each in names)}, joined by _ (got '{part}')")
        parts[name] = value
    return parts


def _direction(text: str) -> float:
    for name, degrees in DIRECTIONS.items():
        if text in (name, name.replace("_", "")):
            return degrees
    return number(0, 360)(text)


def _stop(text: str) -> Expression:
    expression = parse_expression(text)
    if expression.literal is not None and expression.literal <= 0:
        raise ValueError(f"must have a stop point (sp) above 0 (got '{text}')")
    return expression


def _sharpen(text: str) -> float:
    if text == "true":
        return 50
    value = number(0, MAX_SHARPEN)(text)
    if value == 0:
        raise ValueError("must be above 0 (got '0')")
    return value


_FOUR_NUMBERS = re.compile(r"([\d.]+)-([\d.]+)-([\d.]+)-([\d.]+)", re.ASCII)


def _unsharp(text: str) -> Unsharp:
    match = _FOUR_NUMBERS.fullmatch(text)
    if match is None:
        raise ValueError(f"must be radius-sigma-amount-threshold such as 2-2-0.8-0.024 (got '{text}')")
    radius, sigma = number(0, MAX_UNSHARP)(match[1]), number(0, MAX_UNSHARP)(match[2])
    return Unsharp(radius, sigma, number(0, 1000)(match[3]), number(0, 1)(match[4]))


def _colorize(text: str) -> Colorize:
    parts = _parts(text, "co", "in")
    return Colorize(parse_colour(parts.get("co", "gray")), number(0, 100)(parts.get("in", "100")) / 100)


def _replacement(text: str) -> Replacement:
    target, *rest = text.split("_")
    if len(rest) > 2:
        raise ValueError(f"must be colour, tolerance and colour to replace such as red_35_blue (got '{text}')")
    tolerance = number(0, 100)(rest[0]) if rest else 35
    return Replacement(parse_colour(target), tolerance, parse_colour(rest[1]) if len(rest) > 1 else None)


def _shadow(text: str) -> Shadow:
    parts = {} if text == "true" else _parts(text, "bl", "st", "x", "y")
    across, down = (number(-100, 100)(parts.get(axis, "2")) / 100 for axis in "xy")
    return Shadow(number(0, 15)(parts.get("bl", "10")), number(0, 100)(parts.get("st", "30")) / 100, across, down)


def _distortion(text: str) -> Perspective | Arc:
    kind, dash, rest = text.partition("-")
    if kind == "a" and dash:
        degrees = number(-360, 360)(rest)
        if degrees == 0:
            raise ValueError("must bend by an angle from -360 to 360 other than 0 (got '0')")
        return Arc(degrees)
    if kind == "p" and dash:
        return _perspective(rest)
    raise ValueError(f"must be p-x1_y1_x2_y2_x3_y3_x4_y4 or a-degrees (got '{text}')")


def _perspective(text: str) -> Perspective:
    numbers = [parse_number(part) for part in text.split("_")]
    if len(numbers) != 8 or max(abs(each) for each in numbers) > 65_535:
        raise ValueError(f"must have the 8 coordinates of 4 corners (got '{text}')")
    x1, y1, x2, y2, x3, y3, x4, y4 = numbers
    if not (max(x1, x4) < min(x2, x3) and max(y1, y2) < min(y3, y4)):
        raise ValueError(
            "must keep the order of the corners: the left ones must stay left of the right ones, and the top ones above"
            f" the bottom ones (got '{text}')"
        )
    return Perspective(((x1, y1), (x2, y2), (x3, y3), (x4, y4)))
