"""Effects on colours: functions from picture to picture (8 bits, sRGB, maybe with alpha).

Source: ImageKit docs, "Effects and image enhancements"; formulas that it leaves open are said where they stand.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..language.colours import BLACK, Colour
from .area import Size
from .frequency import most_frequent
from .pixels import composite, limited, on_black, with_alpha, with_mask
from .vips import libvips

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyvips

    from ..language.effects import Colorize, Gradient, Replacement, Shadow, Unsharp

MAX_SHADOW_PIXELS = 2_000_000  # ImageKit docs, "Shadow"
_SAMPLED_PIXELS = 65_536  # enough to know the dominant colour


def sharpen(image: pyvips.Image, strength: float) -> pyvips.Image:
    """Add strength/150 of the difference from the mean of the 8 neighbours.

    50 makes the classic mask with 32 in the middle and -1 around, by 24.
    """
    ring = libvips().Image.new_from_array([[1, 1, 1], [1, 0, 1], [1, 1, 1]], scale=8)
    difference = _difference(image, lambda picture: picture.conv(ring, precision="float"))
    return _with_alpha_of(image, _to_bytes(image.extract_band(0, n=3) + difference * (strength / 150)))


def unsharp(image: pyvips.Image, mask: Unsharp) -> pyvips.Image:
    """The classic unsharp mask: add `amount` of the difference from the blurred picture where that is large enough."""
    if not mask.sigma:
        return image
    line = _gaussian(mask.sigma, mask.radius)
    difference = _difference(image, lambda picture: picture.convsep(line, precision="float"))
    colours = image.extract_band(0, n=3)
    is_small = difference.abs() * 2 < mask.threshold * 255
    return _with_alpha_of(image, _to_bytes(is_small.ifthenelse(colours, colours + difference * mask.amount)))


def stretch_contrast(image: pyvips.Image) -> pyvips.Image:
    """Stretch the lightness so that its 1st percentile becomes black and its 99th white."""
    lab = image.extract_band(0, n=3).copy(interpretation="srgb").colourspace("lab")
    lightness = (lab[0] * 2.55).rint().cast("uchar")
    low, high = (lightness.percent(share) / 2.55 for share in (1, 99))
    if high <= low:
        return image
    scale = 100 / (high - low)
    stretched = limited(lab[0].linear([scale], [-low * scale]), 0, 100)
    return _with_colours(image, stretched.bandjoin(lab.extract_band(1, n=2)))


def colorize(image: pyvips.Image, tint: Colorize) -> pyvips.Image:
    """Mix every pixel with the shade of the colour that its luminance gives."""
    colours = image.extract_band(0, n=3).copy(interpretation="srgb")
    luminance = colours.colourspace("b-w").extract_band(0)
    shade = luminance.bandjoin(luminance).bandjoin(luminance) * [each / 255 for each in tint.colour.rgb]
    mixed = colours * (1 - tint.intensity) + shade * tint.intensity
    return _with_alpha_of(image, _to_bytes(mixed).copy(interpretation="srgb"))


def replace_colour(image: pyvips.Image, replacement: Replacement) -> pyvips.Image:
    """Move colours near one in CIELAB by the way from it to another.

    All of the way within the tolerance, from there to 1.2 times the tolerance less and less.
    """
    source = _lab(replacement.source or _dominant(image))
    way = [to - start for to, start in zip(_lab(replacement.target), source, strict=True)]
    lab = image.extract_band(0, n=3).copy(interpretation="srgb").colourspace("lab")
    difference = lab - source
    squares = difference * difference
    distance = (squares[0] + squares[1] + squares[2]) ** 0.5
    fade = max(0.2 * replacement.tolerance, 1e-6)
    weight = limited((replacement.tolerance + fade - distance) / fade, 0, 1)
    return _with_colours(image, lab + weight.bandjoin(weight).bandjoin(weight) * way)


def gradient(image: pyvips.Image, ramp: Gradient, stop: float) -> pyvips.Image:
    """Lay a linear gradient over the whole picture.

    It runs through the centre and starts and ends where its perpendiculars touch the corners; colour and opacity are
    interpolated each for itself, as in SVG.

    Args:
        image: The picture.
        ramp: Direction and colours.
        stop: Where the end colour is reached: share of the way up to 1, else pixels.
    """
    angle = math.radians(ramp.degrees)
    across, down = math.sin(angle), -math.cos(angle)
    length = abs(image.width * across) + abs(image.height * down)
    end = stop * length if stop <= 1 else stop
    position = libvips().Image.xyz(image.width, image.height)
    way = (position[0] + (0.5 - image.width / 2)) * across + (position[1] + (0.5 - image.height / 2)) * down
    share = limited((way + length / 2) / end, 0, 1)
    start, stop_colour = ([*colour.rgb, colour.opacity * 255] for colour in (ramp.start, ramp.end))
    red, green, blue, alpha = (share * (b - a) + a for a, b in zip(start, stop_colour, strict=True))
    over = red.bandjoin(green).bandjoin(blue).bandjoin(alpha).rint().cast("uchar").copy(interpretation="srgb")
    return composite(image, over, "over", 0, 0)


def add_shadow(image: pyvips.Image, shadow: Shadow) -> pyvips.Image:
    """Put a blurred black copy of what is not transparent under the picture; the canvas stays as it is."""
    if not image.hasalpha():
        return image  # it would lie behind the picture, where nobody sees it
    alpha = image[3]
    reach = math.ceil(3 * shadow.blur)  # what lies at the edge casts a shadow that fades beyond it
    wide = alpha.embed(reach, reach, image.width + 2 * reach, image.height + 2 * reach)
    blurred = wide.gaussblur(shadow.blur) if shadow.blur else wide
    left, top = round(shadow.x * image.width) - reach, round(shadow.y * image.height) - reach
    moved = on_black(blurred, left, top, Size(image.width, image.height))
    return composite(with_mask(BLACK._replace(opacity=shadow.opacity), moved), image, "over", 0, 0)


def _difference(image: pyvips.Image, smooth: Callable[[pyvips.Image], pyvips.Image]) -> pyvips.Image:
    """How the colours differ from those of a smoothed picture, in which transparent pixels have no part."""
    colours = image.extract_band(0, n=3)
    if not image.hasalpha():
        return colours - smooth(colours)
    weight = smooth(image[3])
    difference: pyvips.Image = (weight > 1e-3).ifthenelse(colours - smooth(colours * image[3]) / weight, 0)
    return difference


def _gaussian(sigma: float, radius: float) -> pyvips.Image:
    """A Gaussian on a line, in sum 1."""
    reach = math.ceil(radius or 3 * sigma)
    weights = [math.exp(-(x**2) / (2 * sigma**2)) for x in range(-reach, reach + 1)]
    line: pyvips.Image = libvips().Image.new_from_array([[weight / sum(weights) for weight in weights]])
    return line


def _lab(colour: Colour) -> list[float]:
    pixel = libvips().Image.black(1, 1, bands=3).linear([1, 1, 1], [*colour.rgb]).cast("uchar")
    lab: list[float] = pixel.copy(interpretation="srgb").colourspace("lab")(0, 0)
    return lab


def _dominant(image: pyvips.Image) -> Colour:
    """The most frequent colour of what is not transparent."""
    step = max(1, math.ceil(math.sqrt(image.width * image.height / _SAMPLED_PIXELS)))
    pixels = bytes(with_alpha(image).subsample(step, step).write_to_memory())
    opaque = bytearray()
    for at in range(0, len(pixels), 4):
        if pixels[at + 3] > 127:
            opaque += pixels[at : at + 3]
    return most_frequent(bytes(opaque or pixels[:3]), 1)[0]


def _to_bytes(image: pyvips.Image) -> pyvips.Image:
    rounded: pyvips.Image = image.rint().cast("uchar")  # cast limits to 0 and 255
    return rounded


def _with_colours(image: pyvips.Image, lab: pyvips.Image) -> pyvips.Image:
    """The picture with other colours, its alpha untouched."""
    return _with_alpha_of(image, _to_bytes(lab.copy(interpretation="lab").colourspace("srgb")))


def _with_alpha_of(image: pyvips.Image, colours: pyvips.Image) -> pyvips.Image:
    joined: pyvips.Image = colours.bandjoin(image[3]) if image.hasalpha() else colours
    return joined.copy(interpretation="srgb")
