"""Effects on colours: functions from picture to picture (8 bits, sRGB, with or without alpha).

Source: ImageKit docs, "Effects and image enhancements"; the docstrings give the formulas that it does not define.
"""

from __future__ import annotations

import math
import struct
from itertools import accumulate
from typing import TYPE_CHECKING

from ..language.colours import BLACK, Colour
from .area import Size
from .frequency import most_frequent
from .pixels import clamp, composite, on_black, with_alpha, with_mask
from .vips import libvips

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyvips

    from ..language.effects import Colorize, Gradient, Replacement, Shadow, Unsharp

MAX_SHADOW_PIXELS = 2_000_000  # ImageKit docs, "Shadow"
_SAMPLED_PIXELS = 65_536  # enough to find the dominant colour


def sharpen(image: pyvips.Image, strength: float) -> pyvips.Image:
    """Add strength/150 of the difference from the mean of the 8 neighbours.

    50 is the classic mask with 32 in the middle and -1 around it, divided by 24.
    """
    ring = libvips().Image.new_from_array([[1, 1, 1], [1, 0, 1], [1, 1, 1]], scale=8)
    difference = _difference(image, lambda picture: picture.conv(ring, precision="float"))
    return _with_alpha_of(image, _to_bytes(image.extract_band(0, n=3) + difference * (strength / 150)))


def unsharp(image: pyvips.Image, mask: Unsharp) -> pyvips.Image:
    """Apply an unsharp mask: add `amount` of the difference from the blurred picture if that is large enough."""
    if not mask.sigma:
        return image
    row = _gaussian(mask.sigma, mask.radius)
    column = row.rot90()

    def smooth(picture: pyvips.Image) -> pyvips.Image:
        # Into memory between the two; otherwise rows are computed again for every tile whose columns need them.
        across: pyvips.Image = picture.conv(row, precision="float").copy_memory()
        return across.conv(column, precision="float")

    difference = _difference(image, smooth)
    colours = image.extract_band(0, n=3)
    is_small = difference.abs() * 2 < mask.threshold * 255
    return _with_alpha_of(image, _to_bytes(is_small.ifthenelse(colours, colours + difference * mask.amount)))


def find_contrast(frames: Sequence[pyvips.Image]) -> tuple[float, float] | None:
    """Return the 1st and 99th percentile of the lightness, weighted by opacity; None if there is no contrast."""
    weights = [0.0] * 256
    for frame in frames:
        lightness = (_to_lab(frame)[0] * 2.55).rint().cast("uchar")
        opacity = frame[3] if frame.hasalpha() else lightness.new_from_image(255)
        histogram = opacity.hist_find_indexed(lightness).cast("double").write_to_memory()
        for level, (weight,) in enumerate(struct.iter_unpack("d", histogram)):
            weights[level] += weight
    sums = list(accumulate(weights))
    low, high = (next(level for level, sum_ in enumerate(sums) if sum_ >= share * sums[-1]) for share in (0.01, 0.99))
    return (low / 2.55, high / 2.55) if high > low else None


def stretch_contrast(image: pyvips.Image, contrast: tuple[float, float]) -> pyvips.Image:
    """Stretch the lightness so that the lower value becomes black and the higher value white."""
    low, high = contrast
    lab = _to_lab(image)
    scale = 100 / (high - low)
    stretched = clamp(lab[0].linear([scale], [-low * scale]), 0, 100)
    return _with_colours(image, stretched.bandjoin(lab.extract_band(1, n=2)))


def colorize(image: pyvips.Image, tint: Colorize) -> pyvips.Image:
    """Mix every pixel with a shade of the tint that has its luminance."""
    colours = image.extract_band(0, n=3).copy(interpretation="srgb")
    luminance = colours.colourspace("b-w").extract_band(0)
    shade = luminance.bandjoin(luminance).bandjoin(luminance) * [each / 255 for each in tint.colour.rgb]
    mixed = colours * (1 - tint.intensity) + shade * tint.intensity
    return _with_alpha_of(image, _to_bytes(mixed).copy(interpretation="srgb"))


def replace_colour(image: pyvips.Image, replacement: Replacement, colour: Colour) -> pyvips.Image:
    """Shift colours near `colour` in CIELAB by its difference to the target.

    Within the tolerance the shift is complete; from there it decreases to zero at 1.2 times the tolerance.
    """
    source = _lab(colour)
    way = [to - start for to, start in zip(_lab(replacement.target), source, strict=True)]
    lab = _to_lab(image)
    difference = lab - source
    squares = difference * difference
    distance = (squares[0] + squares[1] + squares[2]) ** 0.5
    fade = max(0.2 * replacement.tolerance, 1e-6)
    weight = clamp((replacement.tolerance + fade - distance) / fade, 0, 1)
    return _with_colours(image, lab + weight.bandjoin(weight).bandjoin(weight) * way)


def gradient(image: pyvips.Image, ramp: Gradient, stop: float) -> pyvips.Image:
    """Draw a linear gradient over the whole picture.

    It runs through the centre, and starts and ends where its perpendiculars touch the corners. Colour and opacity are
    interpolated separately, as in SVG.

    Args:
        image: The picture.
        ramp: Direction and colours.
        stop: Position of the end colour: a fraction of the length if at most 1, else pixels.
    """
    angle = math.radians(ramp.degrees)
    across, down = math.sin(angle), -math.cos(angle)
    length = abs(image.width * across) + abs(image.height * down)
    end = stop * length if stop <= 1 else stop
    position = libvips().Image.xyz(image.width, image.height)
    way = (position[0] + (0.5 - image.width / 2)) * across + (position[1] + (0.5 - image.height / 2)) * down
    share = clamp((way + length / 2) / end, 0, 1)
    start, stop_colour = ([*colour.rgb, colour.opacity * 255] for colour in (ramp.start, ramp.end))
    red, green, blue, alpha = (share * (b - a) + a for a, b in zip(start, stop_colour, strict=True))
    over = red.bandjoin(green).bandjoin(blue).bandjoin(alpha).rint().cast("uchar").copy(interpretation="srgb")
    return composite(image, over, "over", 0, 0)


def add_shadow(image: pyvips.Image, shadow: Shadow) -> pyvips.Image:
    """Put a blurred black copy of the opaque parts under the picture, without enlarging the canvas."""
    if not image.hasalpha():
        return image  # the picture would hide it
    alpha = image[3]
    reach = math.ceil(3 * shadow.blur)  # the shadow of the edge fades beyond the edge
    wide = alpha.embed(reach, reach, image.width + 2 * reach, image.height + 2 * reach)
    blurred = wide.gaussblur(shadow.blur) if shadow.blur else wide
    left, top = round(shadow.x * image.width) - reach, round(shadow.y * image.height) - reach
    moved = on_black(blurred, left, top, Size(image.width, image.height))
    return composite(with_mask(BLACK._replace(opacity=shadow.opacity), moved), image, "over", 0, 0)


def _difference(image: pyvips.Image, smooth: Callable[[pyvips.Image], pyvips.Image]) -> pyvips.Image:
    """Return the difference of the colours from a smoothed picture, which ignores transparent pixels."""
    colours = image.extract_band(0, n=3)
    if not image.hasalpha():
        return colours - smooth(colours)
    weight = smooth(image[3])
    difference: pyvips.Image = (weight > 1e-3).ifthenelse(colours - smooth(colours * image[3]) / weight, 0)
    return difference


def _gaussian(sigma: float, radius: float) -> pyvips.Image:
    """Return a one-dimensional Gaussian kernel with the sum 1."""
    reach = math.ceil(radius or 3 * sigma)
    weights = [math.exp(-(x**2) / (2 * sigma**2)) for x in range(-reach, reach + 1)]
    line: pyvips.Image = libvips().Image.new_from_array([[weight / sum(weights) for weight in weights]])
    return line


def _to_lab(image: pyvips.Image) -> pyvips.Image:
    lab: pyvips.Image = image.extract_band(0, n=3).copy(interpretation="srgb").colourspace("lab")
    return lab


def _lab(colour: Colour) -> list[float]:
    pixel = libvips().Image.black(1, 1, bands=3).linear([1, 1, 1], [*colour.rgb]).cast("uchar")
    lab: list[float] = pixel.copy(interpretation="srgb").colourspace("lab")(0, 0)
    return lab


def dominant_colour(frames: Sequence[pyvips.Image]) -> Colour:
    """Return the most frequent colour of opaque pixels in all frames."""
    step = max(1, math.ceil(math.sqrt(sum(each.width * each.height for each in frames) / _SAMPLED_PIXELS)))
    pixels = b"".join(bytes(with_alpha(each).subsample(step, step).write_to_memory()) for each in frames)
    opaque = bytearray()
    for at in range(0, len(pixels), 4):
        if pixels[at + 3] > 127:
            opaque += pixels[at : at + 3]
    return most_frequent(bytes(opaque or pixels[:3]), 1)[0]


def _to_bytes(image: pyvips.Image) -> pyvips.Image:
    rounded: pyvips.Image = image.rint().cast("uchar")  # cast clamps to 0 and 255
    return rounded


def _with_colours(image: pyvips.Image, lab: pyvips.Image) -> pyvips.Image:
    """Return the picture with other colours and the same alpha."""
    return _with_alpha_of(image, _to_bytes(lab.copy(interpretation="lab").colourspace("srgb")))


def _with_alpha_of(image: pyvips.Image, colours: pyvips.Image) -> pyvips.Image:
    joined: pyvips.Image = colours.bandjoin(image[3]) if image.hasalpha() else colours
    return joined.copy(interpretation="srgb")
