"""Compositing of a layer with the picture below it: its position and blending.

Source: ImageKit docs, "Positioning of layers" and "Layer modes".
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from ..language.errors import invalid
from ..language.expressions import evaluate, round_half_up
from ..language.values import POSITIONS
from .area import Box, Size
from .pixels import clamp, composite, with_alpha
from .vips import libvips

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyvips

    from ..language.expressions import Expression
    from ..language.layers import Position
    from ..language.steps import Overlay


class Placed(NamedTuple):
    """A finished layer, and the position of its top left corner on the parent."""

    image: pyvips.Image
    left: int
    top: int
    mode: str | None
    strength: tuple[float, float]  # of displacement, in pixels

    def on(self, parent: pyvips.Image) -> pyvips.Image:
        """Return the parent with the layer on it, clipped to the parent.

        Raises:
            TransformationError: The mode ``cutter`` would leave nothing.
        """
        if self.mode is None:
            return composite(parent, self.image, "over", self.left, self.top)
        box = self._visible(parent)
        if self.mode == "cutter":
            if box is None:
                raise invalid("lm", "allows cutter only for a layer on the picture (this one is outside)")
            part = with_alpha(parent).extract_area(*box)
            return _with_alpha_of(part, part[3] * self._part(box)[3] / 255)
        if box is None:
            return parent
        layer = self._part(box).embed(box.left, box.top, parent.width, parent.height)
        if self.mode == "multiply":
            return _multiply(parent, layer)
        if self.mode == "cutout":
            base = with_alpha(parent)
            return _with_alpha_of(base, base[3] * (255 - layer[3]) / 255)
        return _displace(parent, layer, self.strength)

    def _visible(self, parent: pyvips.Image) -> Box | None:
        """Return the rectangle of the parent that the layer covers."""
        left, top = max(0, self.left), max(0, self.top)
        right = min(parent.width, self.left + self.image.width)
        bottom = min(parent.height, self.top + self.image.height)
        return Box(left, top, right - left, bottom - top) if right > left and bottom > top else None

    def _part(self, box: Box) -> pyvips.Image:
        image: pyvips.Image = with_alpha(self.image)
        return image.extract_area(box.left - self.left, box.top - self.top, box.width, box.height)


def place(image: pyvips.Image, overlay: Overlay, parent: Size, variables: Mapping[str, float]) -> Placed:
    """Find the position of a layer.

    Args:
        image: The layer.
        overlay: Its description in the steps.
        parent: Size of the picture below.
        variables: Variables of expressions.
    """
    left, top = offset(overlay.position, parent, Size(image.width, image.height), variables)
    across, down = (
        0.0 if expression is None else evaluate(code, expression, variables)
        for code, expression in zip("xy", overlay.displacement, strict=True)
    )
    return Placed(image, left, top, overlay.mode, (across, down))


def offset(position: Position, parent: Size, layer: Size, variables: Mapping[str, float]) -> tuple[int, int]:
    """Return the position of a layer's top left corner on the parent, in pixels.

    If only one offset is given, the other is 0, as the focus counts only without offsets.
    """
    if all(each is None for each in (position.x, position.y, position.xc, position.yc)):
        x, y = POSITIONS[position.focus]
        return math.floor(x * (parent.width - layer.width)), math.floor(y * (parent.height - layer.height))
    anchor = POSITIONS[position.anchor or "top_left"]
    edges = []
    for axis, near, centre in ((0, position.x, position.xc), (1, position.y, position.yc)):
        code = "lx" if axis == 0 else "ly"
        start = float(anchor[axis] * parent[axis])
        edge = _edge(
            code, near, centre, start, parent[axis], layer[axis], variables, anchored=position.anchor is not None
        )
        edges.append(_keep_near(edge, parent[axis], layer[axis]))
    return round_half_up(edges[0]), round_half_up(edges[1])


def _edge(
    code: str,
    near: Expression | None,
    centre: Expression | None,
    start: float,
    available: int,
    length: int,
    variables: Mapping[str, float],
    *,
    anchored: bool,
) -> float:
    """Return the position of the layer's start on one axis."""
    if centre is not None:
        return start + evaluate(f"{code}c", centre, variables) - length / 2
    if near is None:
        return start
    if not anchored and near.literal is not None and math.copysign(1, near.literal) < 0:
        # The examples in the docs put a bar at the bottom with ly-N0, so N counts from the far edge.
        return available - length + near.literal
    return start + evaluate(code, near, variables)


def _keep_near(edge: float, available: int, length: int) -> float:
    """Adjust a position outside of the parent to fit (ImageKit docs, "Positioning of layers")."""
    if edge > available:
        return available - length
    return 0 if edge < -length else edge


def _with_alpha_of(image: pyvips.Image, alpha: pyvips.Image) -> pyvips.Image:
    return image.extract_band(0, n=3).bandjoin(alpha.rint().cast("uchar")).copy(interpretation="srgb")


def _multiply(base: pyvips.Image, layer: pyvips.Image) -> pyvips.Image:
    share = layer[3] / 255
    factor = layer.extract_band(0, n=3) / 255 * share + (1 - share)
    mixed = (base.extract_band(0, n=3) * factor).rint().cast("uchar")
    if base.hasalpha():
        mixed = mixed.bandjoin(base[3])
    return mixed.copy(interpretation="srgb")


def _displace(base: pyvips.Image, layer: pyvips.Image, strength: tuple[float, float]) -> pyvips.Image:
    """Displace pixels horizontally by red and vertically by green; 128 and transparency mean no displacement."""
    share = layer[3] / 255
    across, down = ((layer[band] - 128) / 128 * share * strength[band] for band in (0, 1))
    here: pyvips.Image = libvips().Image.xyz(base.width, base.height)
    bilinear = libvips().Interpolate.new("bilinear")
    from_x, from_y = clamp(here[0] + across, 0, base.width - 1), clamp(here[1] + down, 0, base.height - 1)
    moved: pyvips.Image = base.mapim(from_x.bandjoin(from_y), interpolate=bilinear, extend="copy")
    return moved.rint().cast("uchar").copy(interpretation="srgb")
