"""From the parameters of a delivery URL to the steps that the renderer takes.

The steps are written in the renderer's own types, not as text in ImageKit's language, which cannot express
``crop=entropy`` or a limit on pixels. The service's documentation explains each parameter on its own. How they act
together is our choice:

- EXIF orientation counts only with ``rotate=auto``. Renditions have no metadata, so without it a photograph taken with
  an upright camera may appear on its side.
- The picture is rotated and mirrored first. Everything else applies to the turned picture: ``w`` is the width of the
  output, and ``crop=left`` keeps the left of what is delivered.
- ``fit`` decides how the picture fills ``w`` × ``h``. With one side, the other follows from the proportions.
- ``aspect`` crops the picture to its proportions, at the position that ``crop`` names. Two cases differ: if both ``w``
  and ``h`` are given with ``fit=cover`` or ``fit=fill``, the output has their proportions and `aspect` has no effect;
  and ``fit=fill`` with one side stretches the picture instead of cropping it.
- ``dpr`` multiplies ``w`` and ``h``. Without either it has no effect: enlarging an original adds no detail.
- The account's maximum width limits the output only if no ``w`` is given, its maximum height only if no ``h`` is given.
- ``blur`` is the standard deviation of a Gaussian in pixels of the output. Below 0.56, libvips does not blur.
- ``sharpen`` is 2/5 of the strength of ImageKit's ``e-sharpen``: 20, which is moderate, is that effect's default, 50.

Source: img-src API, "Image transformations".
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from ...rendering import Transformation
from ...rendering.formats import MAX_WEBP_SIDE
from ...rendering.language.effects import Effects
from ...rendering.language.expressions import Expression
from ...rendering.language.steps import Step
from ...rendering.language.values import Edit, Output, OutputSettings, Resize

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ....imgsrc.parameters import Value
    from ..account import Defaults

SHARPEN_FACTOR = 2.5  # from `sharpen` to the strength of e-sharpen

# Pixels: longer than both sides of any picture that is rendered, and exact in every proportion that `aspect` takes.
_UNBOUNDED = 65_520
_FLIPS = {"h": "h", "v": "v", "both": "h_v"}


class Limit(NamedTuple):
    """The largest picture that a format allows: pixels on each side, and pixels in total (None means no limit)."""

    side: int
    pixels: int | None = None


# A larger picture is scaled down. AVIF: img-src API, "Image transformations"; WebP cannot store more.
LIMITS: dict[str, Limit] = {"avif": Limit(4_000, 8_000_000), "webp": Limit(MAX_WEBP_SIDE)}


def make_transformation(values: Mapping[str, Value], defaults: Defaults, format_name: str) -> Transformation:
    """Return the transformation for the renderer.

    Args:
        values: Parameters by short name, as `imagekitio.imgsrc.parameters.read_value` returns them.
        defaults: The account's defaults for quality, fit and size.
        format_name: Output format, as the renderer names it: ``jpeg``, ``png``, ``webp``, ``avif``, ``gif``, ``tiff``,
            or ``orig`` for PNG or JPEG, depending on whether the picture is transparent.
    """
    output = OutputSettings(
        format=format_name,
        quality=int(values.get("q", defaults.quality)),
        # By default the renderer reduces PNG to 256 colours.
        lossless=True if format_name in ("png", "orig") else None,
    )
    chain = tuple(Step(edit, output) for edit in _edits(values, defaults, format_name))
    return Transformation(chain, Output.of([output]))


def _edits(values: Mapping[str, Value], defaults: Defaults, format_name: str) -> Iterator[Edit]:
    rotation, flip = values.get("rotate", 0), values.get("flip")
    by_exif = rotation == "auto"
    # A rotation by EXIF alone needs no separate step, so the picture can be scaled while it is decoded.
    needs_turn = flip is not None or (rotation != 0 and not by_exif)
    if needs_turn:
        yield Edit(
            auto_orient=by_exif,
            rotation=None if by_exif else float(rotation),
            flip=None if flip is None else _FLIPS[str(flip)],
        )
    yield Edit(
        resize=_resize(values, defaults),
        auto_orient=by_exif and not needs_turn,
        grayscale=bool(values.get("grayscale")),
        blur=float(values.get("blur", 0)) or None,
        effects=Effects(sharpen=float(values.get("sharpen", 0)) * SHARPEN_FACTOR or None),
    )
    if format_name in LIMITS:
        side, pixels = LIMITS[format_name]
        yield Edit(resize=Resize(_pixels(side), _pixels(side), mode="at_max", max_pixels=pixels))


def _resize(values: Mapping[str, Value], defaults: Defaults) -> Resize:
    fit = values.get("fit", defaults.fit)
    dpr = Fraction(values.get("dpr", 1))
    width, height = _multiply(values.get("w"), dpr), _multiply(values.get("h"), dpr)
    ratio = _read_ratio(str(values.get("aspect", "original")))
    has_size = width is not None or height is not None
    may_enlarge = has_size and fit != "scale-down"
    if width is not None and height is not None and fit in ("cover", "fill"):
        mode = "force" if fit == "fill" else "maintain_ratio"
    else:
        width, height = width or defaults.max_width, height or defaults.max_height
        if ratio is None:
            mode = "at_max_enlarge" if may_enlarge else "at_max"
        else:
            width, height = _fit_ratio(ratio, width or _UNBOUNDED, height or _UNBOUNDED)
            mode = "maintain_ratio" if may_enlarge else "maintain_ratio_no_enlarge"
            if fit == "fill" and has_size:
                mode = "force"
    return Resize(
        width=None if width is None else _pixels(width),
        height=None if height is None else _pixels(height),
        mode=mode,
        focus=_focus(str(values.get("crop", "center"))),
    )


def _fit_ratio(ratio: Fraction, width: int, height: int) -> tuple[int, int]:
    """Return the largest size with this ratio that fits inside another size."""
    if width <= height * ratio:
        return width, max(1, _round(width / ratio))
    return max(1, _round(height * ratio)), height


def _focus(crop: str) -> str:
    return "auto" if crop == "attention" else crop.replace("-", "_")


def _read_ratio(aspect: str) -> Fraction | None:
    width, colon, height = aspect.partition(":")
    return Fraction(int(width), int(height)) if colon else None


def _multiply(side: Value | None, dpr: Fraction) -> int | None:
    return None if side is None else _round(int(side) * dpr)


def _round(length: Fraction) -> int:
    return math.floor(length + Fraction(1, 2))


def _pixels(number: int) -> Expression:
    return Expression((float(number),))
