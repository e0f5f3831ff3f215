"""The values of one step, read and checked: from texts by code to what the renderer works with.

Source: ImageKit docs, "Image transformations". Every reader of a value raises ValueError with what would be right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, TypeVar

from .colours import Colour, parse_colour
from .conditions import parse_condition
from .errors import invalid, unsupported
from .expressions import VARIABLES, Expression, parse_expression, parse_number
from .geometry import CROP_MODES, CROPS, POSITIONS
from .steps import LAYER_CODES, each_condition, each_step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .steps import Chain, Step

T = TypeVar("T")

Length: TypeAlias = "Expression | Literal['auto']"
Corner: TypeAlias = "float | Literal['max']"

FORMATS = ("auto", "jpg", "jpeg", "png", "webp", "avif", "gif", "svg", "orig", "mp4", "webm")


class Blurred(NamedTuple):
    """Padding with the blurred picture: sigma in pixels (None: from the size), brightness from -255 to 255."""

    sigma: float | None
    brightness: float


class Dominant(NamedTuple):
    """Padding with the most frequent colours of the picture's edge: 1 plain, 2 a gradient, 4 in the corners."""

    colours: int


Background = Colour | Blurred | Dominant


class Border(NamedTuple):
    """A frame around the picture."""

    width: Expression
    colour: Colour


@dataclass(frozen=True)
class Edit:
    """What one step does to the picture; None and False leave it as it is.

    Attributes:
        width: Pixels, a fraction of the source's width when below 1, or ``auto`` for the client hint.
        height: The same for the height.
        ratio: Width by height, for the side that is not given.
        dpr: Factor on both sides, or ``auto`` for the client hint.
        trim: Threshold from 1 to 99 above which a pixel differs from the background.
        rotation: Degrees clockwise.
        radius: Of the corners top left, top right, bottom right, bottom left in pixels; ``max`` makes an ellipse.
        blur: Sigma in pixels.
        opacity: From 0 to 1.
    """

    width: Length | None
    height: Expression | None
    ratio: Expression | None
    dpr: float | Literal["auto"] | None
    mode: str
    focus: str
    x: Expression | None
    y: Expression | None
    xc: Expression | None
    yc: Expression | None
    auto_orient: bool
    trim: float | None
    grayscale: bool
    blur: float | None
    border: Border | None
    radius: tuple[Corner, Corner, Corner, Corner] | Literal["max"] | None
    rotation: float | None
    flip: str | None
    opacity: float | None
    background: Background | None


@dataclass(frozen=True)
class Output:
    """How the result is stored; of a parameter that stands in several steps the last one counts.

    Attributes:
        format: One of `FORMATS`, or None.
        quality: From 1 to 100, for JPEG, WebP and AVIF.
        density: Dots per inch.
        original: Whether the file itself is wanted, untouched.
        default_image: Path of the file to take when the one asked for is missing.
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


def check(chain: Chain) -> None:
    """Refuse what has a bad value, then what cannot be rendered here.

    Raises:
        TransformationError: 400 for the first, 501 for the second.
    """
    steps = list(each_step(chain))
    for condition in each_condition(chain):
        parse_condition(condition)
    for step in steps:
        read_edit(step)
        read_output([step])
    for step in steps:
        for code, value in step.values.items():
            needs = _what_it_needs(code, value)
            if needs:
                raise unsupported(code if code != "fo" else f"fo-{value}", needs)
        for layer in step.layers:
            raise unsupported(f"l-{layer.kind}", "layers, which local ImageKit does not render yet")


def read_edit(step: Step) -> Edit:
    """Read the values that change the picture.

    Raises:
        TransformationError: A value is not what its code takes.
    """
    for code in step.values:
        if code in LAYER_CODES | _CODES_OF_LAYER_CONTENT:
            raise invalid(code, "only stands inside a layer (l-…,l-end)")
    crop, crop_mode = _read(step, "c", _one_of(*CROPS)), _read(step, "cm", _one_of(*CROP_MODES))
    rotation = _read(step, "rt", _rotation)
    blur = _read(step, "bl", _number(0, 100))
    opacity = _read(step, "o", _number(0, 100))
    return Edit(
        width=_read(step, "w", _length),
        height=_read(step, "h", _side),
        ratio=_read(step, "ar", _ratio),
        dpr=_read(step, "dpr", _dpr),
        mode=crop_mode or crop or "maintain_ratio",  # both at once: cm decides
        focus=_read(step, "fo", _focus) or "center",
        x=_read(step, "x", parse_expression),
        y=_read(step, "y", parse_expression),
        xc=_read(step, "xc", parse_expression),
        yc=_read(step, "yc", parse_expression),
        auto_orient=rotation == "auto",
        trim=_read(step, "t", _trim, bare="true"),
        grayscale="e-grayscale" in step.values and step.values["e-grayscale"] != "false",
        blur=blur or None,
        border=_read(step, "b", _border),
        radius=_read(step, "r", _radius),
        rotation=rotation if isinstance(rotation, float) else None,
        flip=_read(step, "fl", _one_of("h", "v", "h_v", "v_h")),
        opacity=None if opacity is None else opacity / 100,
        background=_read(step, "bg", _background),
    )


def read_output(steps: Iterable[Step]) -> Output:
    """Read the values that say how the result is stored.

    Raises:
        TransformationError: A value is not what its code takes.
    """
    values: dict[str, object] = {}
    for step in steps:
        for code, (field, reader) in _OUTPUT.items():
            if code in step.values:
                values[field] = _read(step, code, reader)
    return Output(**values)  # type: ignore[arg-type]  # each reader returns what its field holds


def _read(step: Step, code: str, reader: Callable[[str], T], *, bare: str | None = None) -> T | None:
    """The value of a code, None where the code is not in the step; `bare` stands for a code without value."""
    if code not in step.values:
        return None
    text = step.values[code]
    if not text:
        if bare is None:
            raise invalid(code, "needs a value")
        text = bare
    try:
        return reader(text)
    except ValueError as exc:
        raise invalid(code, str(exc)) from None


def _one_of(*words: str) -> Callable[[str], str]:
    def reader(text: str) -> str:
        if text not in words:
            raise ValueError(f"must be one of {', '.join(words)} (got '{text}')")
        return text

    return reader


def _number(low: float, high: float) -> Callable[[str], float]:
    def reader(text: str) -> float:
        value = parse_number(text)
        if not low <= value <= high:
            raise ValueError(f"must be from {low:g} to {high:g} (got '{text}')")
        return value

    return reader


def _quality(text: str) -> int:
    return round(_number(1, 100)(text))


def _boolean(text: str) -> bool:
    return _one_of("true", "false")(text) == "true"


def _length(text: str) -> Length:
    return "auto" if text == "auto" else _side(text)


def _side(text: str) -> Expression:
    expression = parse_expression(text)
    if expression.literal is not None and expression.literal <= 0:
        raise ValueError(f"must be above 0 (got '{text}')")
    return expression


_RATIO = re.compile(r"(\d+(?:\.\d+)?)[-_](\d+(?:\.\d+)?)", re.ASCII)


def _ratio(text: str) -> Expression:
    match = _RATIO.fullmatch(text)
    expression = Expression((float(match[1]), float(match[2])), ("div",)) if match else parse_expression(text)
    if 0 in expression.operands or (expression.literal is not None and expression.literal < 0):
        raise ValueError(f"must be a ratio above 0 such as 4-3 or 1.5 (got '{text}')")
    return expression


def _dpr(text: str) -> float | Literal["auto"]:
    return "auto" if text == "auto" else _number(0.1, 5)(text)


def _rotation(text: str) -> float | Literal["auto"]:
    return "auto" if text == "auto" else parse_number(text) % 360


def _trim(text: str) -> float | None:
    if text in ("true", "false"):
        return 10 if text == "true" else None  # ImageKit docs, "Trim": the default of its editor
    return _number(1, 99)(text)


def _border(text: str) -> Border:
    # The syntax line of the documentation has a dash before the colour, its examples an underscore.
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
    corners: list[Corner] = ["max" if each == "max" else _number(0, 1_000_000)(each) for each in text.split("_")]
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
    if text.startswith("genfill"):
        return Colour(0, 0, 0)  # refused by `check`, as soon as the other values are known to be right
    if text.startswith("blurred"):
        match = _BLURRED.fullmatch(text)
        if match is None:
            raise ValueError(f"must be like blurred_25_N30, blurred_auto or blurred (got '{text}')")
        sigma = None if match["sigma"] in (None, "auto") else _number(0, 100)(match["sigma"])
        return Blurred(sigma, _number(-255, 255)(match["brightness"] or "0"))
    return parse_colour(text)


# The classes of the COCO data set, which the documentation names as the objects that can be found.
_OBJECT_NAMES = """
    person bicycle car motorcycle airplane bus train truck boat trafficLight fireHydrant stopSign parkingMeter bench
    bird cat dog horse sheep cow elephant bear zebra giraffe backpack umbrella handbag tie suitcase frisbee skis
    snowboard sportsBall kite baseballBat baseballGlove skateboard surfboard tennisRacket bottle wineGlass cup fork
    knife spoon bowl banana apple sandwich orange broccoli carrot hotDog pizza donut cake chair couch pottedPlant bed
    diningTable toilet tv laptop mouse remote keyboard cellPhone microwave oven toaster sink refrigerator book clock
    vase scissors teddyBear hairDrier toothbrush
"""
OBJECTS = frozenset(_OBJECT_NAMES.split())


def _is_detected(focus: str) -> bool:
    return focus in ("face", "auto-custom_override") or OBJECTS.issuperset(focus.split("_"))


def _focus(text: str) -> str:
    if text not in (*POSITIONS, "auto", "custom") and not _is_detected(text):
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


_OUTPUT: dict[str, tuple[str, Callable[[str], object]]] = {
    "f": ("format", _one_of(*FORMATS)),
    "q": ("quality", _quality),
    "lo": ("lossless", _boolean),
    "pr": ("progressive", _boolean),
    "md": ("metadata", _boolean),
    "cp": ("colour_profile", _boolean),
    "dn": ("density", _density),
    "orig": ("original", _boolean),
    "di": ("default_image", _default_image),
}

_CODES_OF_LAYER_CONTENT = frozenset({"i", "ie", "fs", "ff", "co", "ia", "pa", "al", "tg", "lh", "fol", "fsh"})

_AI = "an AI service that local ImageKit does not have"
_DETECTOR = "an object detector that local ImageKit does not have"
_NOT_YET = "an effect that local ImageKit does not render yet"
_OLD_OVERLAYS = (
    "layers, which local ImageKit does not render yet (write it as l-…,l-end; the service refuses the old syntax)"
)

# Codes of videos and content credentials (ac vc sr so eo du c2pa) are of no effect on a picture and stay out of here.
_UNSUPPORTED = {
    **dict.fromkeys(
        (
            "e-bgremove",
            "e-removedotbg",
            "e-changebg",
            "e-edit",
            "e-dropshadow",
            "e-retouch",
            "e-upscale",
            "e-genvar",
        ),
        _AI,
    ),
    **dict.fromkeys(
        (
            "e-sharpen",
            "e-usm",
            "e-contrast",
            "e-colorize",
            "cr",
            "e-gradient",
            "e-shadow",
            "e-distort",
        ),
        _NOT_YET,
    ),
    "z": _DETECTOR,
    "pg": "a choice of pages, which local ImageKit does not offer yet",
}


def _what_it_needs(code: str, value: str | None) -> str | None:
    """What rendering this would take that is not here; None for what is."""
    if code in _UNSUPPORTED:
        return _UNSUPPORTED[code]
    if code.startswith("o") and code not in ("o", "orig"):  # oi, ot, obg, ox ... of releases 2 and 3
        return _OLD_OVERLAYS
    if code == "fo" and value and _is_detected(value):
        return _DETECTOR
    if code == "bg" and value and value.startswith("genfill"):
        return _AI
    if code == "f" and value in ("mp4", "webm"):
        return "a video encoder that local ImageKit does not have"
    return None


def evaluate(code: str, expression: Expression, variables: dict[str, float]) -> float:
    """The value of an expression.

    Raises:
        TransformationError: It has none for this picture.
    """
    try:
        return expression.evaluate(variables)
    except ValueError as exc:
        raise invalid(code, str(exc)) from None
