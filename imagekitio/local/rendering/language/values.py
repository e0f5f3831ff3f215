"""The changes and output settings of one step, and their readers.

Source: ImageKit docs, "Image transformations". Every reader raises a ValueError that says what is allowed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from ....urls.transformations.allowed import ALLOWED, OBJECTS
from .colours import Colour, parse_colour
from .effects import NO_EFFECTS, Effects, read_effects
from .errors import invalid
from .expressions import VARIABLES, Expression, parse_expression, parse_number
from .grammar import CONTENT_CODES, LAYER_CODES
from .readers import boolean, is_on, length, number, one_of, read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .grammar import StepText

Length: TypeAlias = "Expression | Literal['auto']"
Corner: TypeAlias = "float | Literal['max']"

CROPS, CROP_MODES, FORMATS = (ALLOWED[name].listed for name in ("crop", "crop_mode", "format"))

# The fractions of the free space to the left of the window or picture, and above it.
POSITIONS: dict[str, tuple[Fraction, Fraction]] = {
    f"{vertical}_{horizontal}".strip("_") or "center": (x, y)
    for vertical, y in (("top", Fraction(0)), ("", Fraction(1, 2)), ("bottom", Fraction(1)))
    for horizontal, x in (("left", Fraction(0)), ("", Fraction(1, 2)), ("right", Fraction(1)))
}


class Blurred(NamedTuple):
    """Padding with the blurred picture: sigma in pixels (None to compute it), brightness from -255 to 255."""

    sigma: float | None
    brightness: float


class Dominant(NamedTuple):
    """Padding with the most frequent colours of the picture's edge: 1 plain, 2 as a gradient, 4 in the corners."""

    colours: int


Background = Colour | Blurred | Dominant


class Border(NamedTuple):
    """A border around the picture."""

    width: Expression
    colour: Colour


class Page(NamedTuple):
    """The page or frame of a file to use.

    Attributes:
        number: Number of the page, counted from 0.
        psd_layers: Layers of a PSD file instead, such as ``2_4`` or ``name-sky``.
    """

    number: int
    psd_layers: str | None = None


@dataclass(frozen=True)
class Resize:
    """The size and crop that one step requests.

    Attributes:
        width: Width in pixels, as a fraction of the source's width if below 1, or ``auto`` for the client hint.
        height: Height in pixels, or as a fraction of the source's height if below 1.
        ratio: Ratio of width to height, for the side that is not given.
        dpr: Factor on both sides, or ``auto`` for the client hint.
        mode: One of `CROPS` and `CROP_MODES`.
        focus: One of `POSITIONS`, ``auto``, ``entropy`` (which ImageKit does not have), ``custom``, or an object to
            detect (`is_detected`).
        zoom: Whether to crop closer or wider around the detected object.
        max_pixels: Maximum number of pixels in the result of the mode ``at_max``; ImageKit has no such limit.
    """

    width: Length | None = None
    height: Expression | None = None
    ratio: Expression | None = None
    dpr: float | Literal["auto"] | None = None
    mode: str = "maintain_ratio"
    focus: str = "center"
    x: Expression | None = None
    y: Expression | None = None
    xc: Expression | None = None
    yc: Expression | None = None
    zoom: bool = False
    max_pixels: int | None = None


@dataclass(frozen=True)
class Edit:
    """The changes of the picture in one step; None and False mean no change.

    Attributes:
        auto_orient: Whether to apply the EXIF orientation.
        trim: Threshold from 1 to 99 above which a pixel differs from the background.
        blur: Sigma in pixels.
        radius: Radii of the corners in pixels, clockwise from the top left; ``max`` makes an ellipse.
        rotation: Degrees clockwise.
        opacity: Opacity from 0 to 1.
        generated_background: Whether an AI service should generate the background.
    """

    resize: Resize = Resize()
    auto_orient: bool = False
    trim: float | None = None
    grayscale: bool = False
    blur: float | None = None
    border: Border | None = None
    radius: tuple[Corner, Corner, Corner, Corner] | Literal["max"] | None = None
    rotation: float | None = None
    flip: str | None = None
    opacity: float | None = None
    background: Background | None = None
    generated_background: bool = False
    effects: Effects = NO_EFFECTS


@dataclass(frozen=True)
class OutputSettings:
    """The output settings of one step; None means not set. `Output` explains the names."""

    format: str | None = None
    quality: int | None = None
    lossless: bool | None = None
    progressive: bool | None = None
    metadata: bool | None = None
    colour_profile: bool | None = None
    density: Expression | None = None
    original: bool | None = None
    default_image: str | None = None
    unsharp: bool | None = None


@dataclass(frozen=True)
class Output:
    """The output settings of all steps. If several steps have the same setting, the last one counts.

    Attributes:
        format: One of `FORMATS`, or None.
        quality: Quality from 1 to 100, for JPEG, WebP and AVIF.
        density: Dots per inch.
        original: Whether to deliver the file unchanged.
        default_image: Path of the file to use if the requested one is missing.
        unsharp: Whether ``e-usm`` rules out AVIF (ImageKit docs, "Unsharp mask").
    """

    format: str | None = None
    quality: int = 80
    lossless: bool = False
    progressive: bool = False
    metadata: bool = False
    colour_profile: bool = False
    density: Expression | None = None
    original: bool = False
    default_image: str | None = None
    unsharp: bool = False

    @classmethod
    def of(cls, steps: Iterable[OutputSettings]) -> Output:
        """Combine the output settings of steps, in order."""
        settings = {name: value for step in steps for name, value in vars(step).items() if value is not None}
        return cls(**settings)


def read_edit(step: StepText) -> Edit:
    """Read the values that change the picture.

    Raises:
        TransformationError: A value is not valid for its code.
    """
    if not _ONLY_IN_LAYERS.isdisjoint(step.values):
        code = next(code for code in step.values if code in _ONLY_IN_LAYERS)
        raise invalid(code, "is allowed only inside a layer (l-…,l-end)")
    resize = _read_resize(step)
    rotation = read(step, "rt", _rotation)
    blur = read(step, "bl", _PERCENT)
    opacity = read(step, "o", _PERCENT)
    # Handled separately, so that no other part of the renderer needs to know about it.
    generated_background = (step.values.get("bg") or "").startswith("genfill")
    return Edit(
        resize=resize,
        auto_orient=rotation == "auto",
        trim=read(step, "t", _trim, bare="true"),
        grayscale=is_on(step, "e-grayscale"),
        blur=blur or None,
        border=read(step, "b", _border),
        radius=read(step, "r", _radius),
        rotation=rotation if isinstance(rotation, float) else None,
        flip=read(step, "fl", _FLIP),
        opacity=None if opacity is None else opacity / 100,
        background=None if generated_background else read(step, "bg", _background),
        generated_background=generated_background,
        effects=read_effects(step),
    )


def read_output(step: StepText) -> OutputSettings:
    """Read the output settings.

    Raises:
        TransformationError: A value is not valid for its code.
    """
    if _OUTPUT_CODES.isdisjoint(step.values):
        return _NO_SETTINGS
    return OutputSettings(
        format=read(step, "f", _FORMAT),
        quality=read(step, "q", _quality),
        lossless=read(step, "lo", boolean),
        progressive=read(step, "pr", boolean),
        metadata=read(step, "md", boolean),
        colour_profile=read(step, "cp", boolean),
        density=read(step, "dn", _density),
        original=read(step, "orig", boolean),
        default_image=read(step, "di", _default_image),
        unsharp=True if "e-usm" in step.values else None,
    )


def read_page(step: StepText) -> Page | None:
    """Read the page of ``pg``.

    Raises:
        TransformationError: The value is missing or 0.
    """
    return read(step, "pg", _page)


def is_detected(focus: str) -> bool:
    """Return whether a focus must be detected in the picture."""
    return focus in ("face", "auto-custom_override") or _OBJECTS.issuperset(focus.split("_"))


def _read_resize(step: StepText) -> Resize:
    if _RESIZE_CODES.isdisjoint(step.values):
        return _NO_RESIZE
    crop, crop_mode = read(step, "c", _CROP), read(step, "cm", _CROP_MODE)
    return Resize(
        width=read(step, "w", _length),
        height=read(step, "h", length),
        ratio=read(step, "ar", _ratio),
        dpr=read(step, "dpr", _dpr),
        mode=crop_mode or crop or "maintain_ratio",  # cm overrides c
        focus=read(step, "fo", _focus) or "center",
        x=read(step, "x", parse_expression),
        y=read(step, "y", parse_expression),
        xc=read(step, "xc", parse_expression),
        yc=read(step, "yc", parse_expression),
        zoom="z" in step.values,
    )


_ONLY_IN_LAYERS = LAYER_CODES | CONTENT_CODES
_RESIZE_CODES = frozenset({"w", "h", "ar", "dpr", "c", "cm", "fo", "x", "y", "xc", "yc", "z"})
_OUTPUT_CODES = frozenset({"f", "q", "lo", "pr", "md", "cp", "dn", "orig", "di", "e-usm"})
_NO_RESIZE, _NO_SETTINGS = Resize(), OutputSettings()
_PERCENT = number(0, 100)
_CROP, _CROP_MODE, _FORMAT = one_of(*CROPS), one_of(*CROP_MODES), one_of(*FORMATS)
_FLIP = one_of("h", "v", "h_v", "v_h")
_OBJECTS = frozenset(OBJECTS)


def _quality(text: str) -> int:
    return round(number(1, 100)(text))


def _length(text: str) -> Length:
    return "auto" if text == "auto" else length(text)


_RATIO = re.compile(r"(\d+(?:\.\d+)?)[-_](\d+(?:\.\d+)?)", re.ASCII)


def _ratio(text: str) -> Expression:
    match = _RATIO.fullmatch(text)
    expression = Expression((float(match[1]), float(match[2])), ("div",)) if match else parse_expression(text)
    if 0 in expression.operands or (expression.literal is not None and expression.literal < 0):
        raise ValueError(f"must be a ratio above 0 such as 4-3 or 1.5 (got '{text}')")
    return expression


def _dpr(text: str) -> float | Literal["auto"]:
    return "auto" if text == "auto" else number(0.1, 5)(text)


def _rotation(text: str) -> float | Literal["auto"]:
    return "auto" if text == "auto" else parse_number(text) % 360


def _trim(text: str) -> float | None:
    if text in ("true", "false"):
        return 10 if text == "true" else None  # the default of the editor in ImageKit docs, "Trim"
    return number(1, 99)(text)


def _border(text: str) -> Border:
    # In the documentation, the syntax has a dash before the colour, but the examples have an underscore.
    width, _, colour = text.rpartition("_") if "_" in text else text.rpartition("-")
    if not width:
        raise ValueError(f"must be a width and a colour such as 5_FF0000 (got '{text}')")
    expression = parse_expression(width)
    if expression.literal is not None and expression.literal < 0:
        raise ValueError(f"must have a width of at least 0 (got '{width}')")
    return Border(expression, parse_colour(colour))


def _radius(text: str) -> tuple[Corner, Corner, Corner, Corner] | Literal["max"]:
    if text == "max":
        return "max"
    corners: list[Corner] = ["max" if each == "max" else number(0, 1_000_000)(each) for each in text.split("_")]
    if len(corners) == 1:
        corners *= 4
    if len(corners) != 4:
        raise ValueError(f"must be one radius, max, or four radii joined by _ (got '{text}')")
    return corners[0], corners[1], corners[2], corners[3]


_BLURRED = re.compile(r"blurred(?:_(?P<sigma>auto|[\d.]+))?(?:_(?P<brightness>[N-]?[\d.]+))?", re.ASCII)
_DOMINANT = {"dominant": 1, "gradient_dominant": 2, "gradient_dominant_2": 2, "gradient_dominant_4": 4}


def _background(text: str) -> Background:
    if text in _DOMINANT:
        return Dominant(_DOMINANT[text])
    if text.startswith("blurred"):
        match = _BLURRED.fullmatch(text)
        if match is None:
            raise ValueError(f"must have a form such as blurred_25_N30, blurred_auto or blurred (got '{text}')")
        sigma = None if match["sigma"] in (None, "auto") else number(0, 100)(match["sigma"])
        return Blurred(sigma, number(-255, 255)(match["brightness"] or "0"))
    return parse_colour(text)


def _focus(text: str) -> str:
    if text not in (*POSITIONS, "auto", "custom") and not is_detected(text):
        raise ValueError(
            f"must be one of {', '.join(POSITIONS)}, auto, custom, face or a class of objects (got '{text}')"
        )
    return text


def _density(text: str) -> Expression:
    expression = parse_expression(text, VARIABLES | {"idn"})
    if expression.literal is not None and not 1 <= expression.literal <= 1200:
        raise ValueError(f"must be from 1 to 1200 (got '{text}')")
    return expression


def _default_image(text: str) -> str:
    return "/" + text.replace("@@", "/").strip("/")


def _page(text: str) -> Page:
    return Page(int(number(1, 1_000_000)(text)) - 1) if text.isdecimal() else Page(0, text)
