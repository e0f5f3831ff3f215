"""Geometry: from a requested size to a plan of cutting, scaling, cropping and padding, in integers.

Source: ImageKit docs, "Resize, crop and other common transformations".
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, TypeAlias

from .drawing.area import Box, Size
from .language.errors import invalid
from .language.values import POSITIONS

Interest: TypeAlias = Literal["attention", "entropy"]  # the strategies of libvips' smartcrop

_CENTER = POSITIONS["center"]
_INTERESTS: dict[str, Interest] = {"auto": "attention", "entropy": "entropy"}  # by focus


@dataclass(frozen=True)
class Request:
    """The size and crop that one step requests.

    Attributes:
        width: Width in pixels; None if it follows from the height and the ratio of the picture.
        height: Height in pixels; None if it follows from the width.
        mode: One of `CROPS` and `CROP_MODES`.
        focus: One of `POSITIONS`, ``auto``, ``entropy`` or ``custom``.
        x: Left edge of the window of ``extract`` in pixels; None if the focus decides.
        y: Top edge of the window.
        xc: Horizontal centre of the window, in place of `x`.
        yc: Vertical centre of the window, in place of `y`.
        max_pixels: Maximum number of pixels in the result of ``at_max``; None means no limit.
        custom: The rectangle stored with the file, for the focus ``custom``.
    """

    width: int | None = None
    height: int | None = None
    mode: str = "maintain_ratio"
    focus: str = "center"
    x: int | None = None
    y: int | None = None
    xc: int | None = None
    yc: int | None = None
    max_pixels: int | None = None
    custom: Box | None = None


@dataclass(frozen=True)
class Plan:
    """The stages for a picture, in this order; None skips a stage.

    Attributes:
        cut: Window of the unscaled picture.
        scale: Size to scale to.
        crop: Window of the scaled picture.
        canvas: Size of the canvas to put the result on.
        offset: Position of its top left corner on the canvas.
        interest: Strategy that finds the position of the window in the picture; None keeps the position given here.
    """

    size: Size
    cut: Box | None = None
    scale: Size | None = None
    crop: Box | None = None
    canvas: Size | None = None
    offset: tuple[int, int] = (0, 0)
    interest: Interest | None = None


def plan(source: Size, request: Request) -> Plan:
    """Return the plan that brings a picture of the size `source` to the requested size.

    Raises:
        TransformationError: A window with coordinates is outside of the picture.
    """
    if request.width is None or request.height is None:
        return _one_side(source, request)
    wanted = Size(request.width, request.height)
    horizontal, vertical = Fraction(wanted.width, source.width), Fraction(wanted.height, source.height)
    fit, fill = min(horizontal, vertical), max(horizontal, vertical)
    mode = request.mode
    if mode == "force":
        return _plan_scale(wanted, source)
    if mode == "at_max":
        size = _times(source, min(Fraction(1), fit))
        return _plan_scale(size if request.max_pixels is None else _within(size, request.max_pixels), source)
    if mode == "at_max_enlarge":
        return _plan_scale(_times(source, fit), source)
    if mode == "at_least":
        return _plan_scale(_times(source, fill), source)
    if mode == "extract":
        return _extract(source, wanted, request)
    if mode in ("pad_resize", "pad_resize_no_enlarge"):
        scale = fit if mode == "pad_resize" else min(Fraction(1), fit)
        return _plan_padding(_plan_scale(_times(source, scale), source), wanted, request)
    if mode == "pad_extract":
        window = Size(min(source.width, wanted.width), min(source.height, wanted.height))
        return _plan_padding(_plan_cut(source, _place(source, window, request)), wanted, request)
    if mode == "pad_extract_no_shrink":
        canvas = Size(max(source.width, wanted.width), max(source.height, wanted.height))
        return _plan_padding(Plan(source), canvas, request)
    if mode == "maintain_ratio_no_enlarge" and fill > 1:
        # The largest part of the picture with the requested ratio, without scaling.
        part = 1 / fill
        window = Size(min(source.width, _round(wanted.width * part)), min(source.height, _round(wanted.height * part)))
        return _window(source, window, request)
    return _cover(source, wanted, fill, request)


def _one_side(source: Size, request: Request) -> Plan:
    """Plan for one given side. Crop modes have no effect, except that some never enlarge."""
    if request.width is not None:
        scale = Fraction(request.width, source.width)
    elif request.height is not None:
        scale = Fraction(request.height, source.height)
    else:
        return Plan(source)
    if request.mode == "at_max" or request.mode.endswith("_no_enlarge"):
        scale = min(Fraction(1), scale)
    return _plan_scale(_times(source, scale), source)


def _cover(source: Size, wanted: Size, fill: Fraction, request: Request) -> Plan:
    if request.focus == "custom" and request.custom is not None:
        cut = _window_around(source, wanted, request.custom)
        return Plan(wanted, cut=cut, scale=None if cut.size == wanted else wanted)
    scaled = _plan_scale(_times(source, fill), source)
    if scaled.size == wanted:
        return scaled
    crop = _place(scaled.size, wanted, request)
    return replace(scaled, size=wanted, crop=crop, interest=_INTERESTS.get(request.focus))


def _extract(source: Size, wanted: Size, request: Request) -> Plan:
    if all(each is None for each in (request.x, request.y, request.xc, request.yc)):
        window = Size(min(source.width, wanted.width), min(source.height, wanted.height))
        return _window(source, window, request)
    centred = request.xc is not None or request.yc is not None
    left = _edge(request.x, request.xc, source.width, wanted.width, centred=centred)
    top = _edge(request.y, request.yc, source.height, wanted.height, centred=centred)
    right, bottom = left + wanted.width, top + wanted.height
    if left < 0 or top < 0 or right > source.width or bottom > source.height:
        raise invalid(
            "cm-extract",
            f"must stay inside the picture of {source.width}x{source.height} px"
            f" (got x {left} to {right}, y {top} to {bottom})",
        )
    return _plan_cut(source, Box(left, top, *wanted))


def _edge(edge: int | None, center: int | None, available: int, wanted: int, *, centred: bool) -> int:
    """Return the start of the window on one axis. Without a value it is centred if `centred`, else 0."""
    if edge is not None:
        return edge
    if center is not None:
        return (2 * center - wanted) // 2
    return (available - wanted) // 2 if centred else 0


def _window(source: Size, window: Size, request: Request) -> Plan:
    """Plan to cut an unscaled window at the focus."""
    if window == source:
        return Plan(source)
    if request.focus == "custom" and request.custom is not None:
        return _plan_cut(source, _centre_on(request.custom, source, window))
    return replace(_plan_cut(source, _place(source, window, request)), interest=_INTERESTS.get(request.focus))


def _plan_cut(source: Size, box: Box) -> Plan:
    return Plan(box.size, cut=None if box.size == source else box)


def _plan_scale(size: Size, source: Size) -> Plan:
    return Plan(size, scale=None if size == source else size)


def _plan_padding(inner: Plan, canvas: Size, request: Request) -> Plan:
    if inner.size == canvas:
        return inner
    x, y = _offset(canvas, inner.size, request.focus)
    return replace(inner, size=canvas, canvas=canvas, offset=(x, y))


def _place(room: Size, window: Size, request: Request) -> Box:
    return Box(*_offset(room, window, request.focus), *window)


def _offset(room: Size, inner: Size, focus: str) -> tuple[int, int]:
    x, y = POSITIONS.get(focus, _CENTER)
    return math.floor(x * (room.width - inner.width)), math.floor(y * (room.height - inner.height))


def _centre_on(target: Box, source: Size, window: Size) -> Box:
    """Return a window centred on a rectangle, shifted into the picture."""
    left = math.floor(target.left + Fraction(target.width - window.width, 2))
    top = math.floor(target.top + Fraction(target.height - window.height, 2))
    return Box(min(max(0, left), source.width - window.width), min(max(0, top), source.height - window.height), *window)


def _window_around(source: Size, wanted: Size, target: Box) -> Box:
    """Return the smallest window of the ratio that contains a rectangle, shrunk and shifted into the picture."""
    ratio = Fraction(wanted.width, wanted.height)
    width = max(Fraction(target.width), target.height * ratio)
    width = min(width, Fraction(source.width), source.height * ratio)
    window = Size(min(source.width, _round(width)), min(source.height, _round(width / ratio)))
    return _centre_on(target, source, window)


def _times(size: Size, scale: Fraction) -> Size:
    return Size(_round(size.width * scale), _round(size.height * scale))


def _within(size: Size, max_pixels: int) -> Size:
    """Return the size, reduced to at most `max_pixels`; sides are rounded down so as not to exceed it."""
    if size.width * size.height <= max_pixels:
        return size
    width = max(1, min(math.isqrt(max_pixels * size.width // size.height), max_pixels))
    return Size(width, max(1, min(width * size.height // size.width, max_pixels // width)))


def _round(length: Fraction) -> int:
    """Round a computed length half up, to at least one pixel."""
    return max(1, math.floor(length + Fraction(1, 2)))
