"""Distortion of pictures: perspective and arcs.

Source: ImageKit docs, "Distort". Points are relative to the corner of the picture; the centre of a pixel is half a
pixel from its edges. The mapping is backwards: for each pixel of the result, it gives the position in the source.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from ..language.effects import Arc, Perspective
from .area import Size
from .pixels import with_alpha
from .vips import libvips

if TYPE_CHECKING:
    import pyvips

    from ..language.effects import Point


class Bounds(NamedTuple):
    """The bounding rectangle of the new shape, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def size(self) -> Size:
        return Size(_pixels(self.right - self.left), _pixels(self.bottom - self.top))


def bounds(distortion: Perspective | Arc, size: Size) -> Bounds:
    """Return the bounding rectangle of a distorted picture of this size."""
    if isinstance(distortion, Arc):
        return _arc_bounds(abs(distortion.degrees), size)
    xs, ys = zip(*distortion.corners, strict=True)
    return Bounds(min(xs), min(ys), max(xs), max(ys))


def distort(image: pyvips.Image, distortion: Perspective | Arc) -> pyvips.Image:
    """Return the distorted picture, transparent outside of its new shape."""
    if isinstance(distortion, Arc):
        if distortion.degrees < 0:  # the mirror image of an upward bend
            return distort(image.flipver(), Arc(-distortion.degrees)).flipver()
        came_from = _map_arc(distortion, Size(image.width, image.height))
    else:
        came_from = _map_perspective(distortion, Size(image.width, image.height))
    bilinear = libvips().Interpolate.new("bilinear")
    # With a transparent border, so that the interpolation anti-aliases the edges.
    framed = with_alpha(image).embed(1, 1, image.width + 2, image.height + 2)
    moved: pyvips.Image = framed.mapim(came_from + 0.5, interpolate=bilinear)  # mapim premultiplies the alpha itself
    return moved


def homography(corners: tuple[Point, Point, Point, Point], size: Size) -> list[float]:
    """Return the projection that maps these corners to those of a picture: a to h of

    x' = (a x + b y + c) / (g x + h y + 1),  y' = (d x + e y + f) / (g x + h y + 1)
    """
    width, height = size
    rows = []
    for (x, y), (u, v) in zip(corners, ((0, 0), (width, 0), (width, height), (0, height)), strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return _solve(rows)


def _map_perspective(perspective: Perspective, size: Size) -> pyvips.Image:
    left, top, _, _ = box = bounds(perspective, size)
    a, b, c, d, e, f, g, h = homography(perspective.corners, size)
    position = libvips().Image.xyz(*box.size)
    x, y = position[0] + (left + 0.5), position[1] + (top + 0.5)
    share = x * g + y * h + 1
    # Beyond the horizon, the projection would show the picture again.
    visible = share > 0
    horizontal, vertical = (x * a + y * b + c) / share, (x * d + y * e + f) / share
    came_from: pyvips.Image = visible.ifthenelse(horizontal.bandjoin(vertical), -10)
    return came_from


def _map_arc(arc: Arc, size: Size) -> pyvips.Image:
    """Return the source position of each pixel. The middle line keeps its length; the centre of the circle is below."""
    angle = math.radians(arc.degrees)
    radius = size.width / angle
    box = _arc_bounds(arc.degrees, size)
    position = libvips().Image.xyz(*box.size)
    x, up = position[0] + (box.left + 0.5), (position[1] + (box.top + 0.5)) * -1
    turned = x.atan2(up)  # degrees from straight up, clockwise, from 0 to 360
    turned = (turned > 180).ifthenelse(turned - 360, turned)
    distance = (x * x + up * up) ** 0.5
    across = turned * (math.pi / 180 * radius) + size.width / 2
    down = distance * -1 + (radius + size.height / 2)
    came_from: pyvips.Image = across.bandjoin(down)
    return came_from


def _arc_bounds(degrees: float, size: Size) -> Bounds:
    """Return the bounds of a part of a ring around (0, 0), whose middle is at the top."""
    half = math.radians(degrees) / 2
    radius = size.width / (2 * half)
    outer, inner = radius + size.height / 2, max(0.0, radius - size.height / 2)
    side = outer * math.sin(half) if half < math.pi / 2 else outer
    ends = (inner if half < math.pi / 2 else outer) * math.cos(half)
    return Bounds(-side, -outer, side, -ends)


def _pixels(length: float) -> int:
    return max(1, math.ceil(round(length, 6)))


def _solve(rows: list[list[float]]) -> list[float]:
    """Solve linear equations by Gaussian elimination with pivoting; the last column is the right-hand side."""
    count = len(rows)
    for column in range(count):
        pivot = max(range(column, count), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        head = [value / rows[column][column] for value in rows[column]]
        rows = [
            head if index == column else [a - row[column] * b for a, b in zip(row, head, strict=True)]
            for index, row in enumerate(rows)
        ]
    return [row[count] for row in rows]
