"""The pixel operations of one step: functions from picture to picture (8 bits, sRGB, with or without alpha).

Source: ImageKit docs, "Image transformations". Filters that mix neighbouring pixels use premultiplied alpha, so that
the hidden colour of transparent pixels has no effect.
"""

from __future__ import annotations

from statistics import median_low
from typing import TYPE_CHECKING

from ..language.colours import BLACK, Colour
from ..language.values import Blurred, Dominant
from .area import Box, Size
from .frequency import most_frequent
from .vips import libvips

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyvips

    from ..language.values import Corner

    Radii = tuple[Corner, Corner, Corner, Corner]


def to_srgb(image: pyvips.Image, *, keep_profile: bool) -> pyvips.Image:
    """Convert to 8-bit sRGB; with `keep_profile`, RGB pixels are unchanged and keep their profile."""
    is_rgb = image.bands >= 3 and image.interpretation in ("srgb", "rgb", "rgb16")
    if image.get_typeof("icc-profile-data") and not (keep_profile and is_rgb):
        try:
            image = image.icc_transform("srgb", embedded=True, depth=8)  # the default depth is that of the picture
        except libvips().Error:
            image = image.colourspace("srgb")  # the profile is broken, and browsers ignore it too
    elif image.interpretation != "srgb":
        image = image.colourspace("srgb")
    if image.bands > 4:
        image = image.extract_band(0, n=4)
    return image if image.format == "uchar" else image.cast("uchar")


def find_border(frames: Sequence[pyvips.Image], threshold: float) -> Box | None:
    """Return the box of pixels that differ from the top left pixel of their frame by more than the threshold.

    Return None if there are none.
    """
    boxes = [box for box in (_find_border(frame, threshold) for frame in frames) if box is not None]
    if not boxes:
        return None
    left, top = min(box.left for box in boxes), min(box.top for box in boxes)
    right, bottom = max(box.left + box.width for box in boxes), max(box.top + box.height for box in boxes)
    return Box(left, top, right - left, bottom - top)


def _find_border(image: pyvips.Image, threshold: float) -> Box | None:
    if image.hasalpha():
        # Alpha counts as a channel, and a transparent pixel has no colour.
        image = image.premultiply().rint().cast("uchar").copy(interpretation="multiband")
    # libvips first smooths specks away, which needs three pixels in each direction.
    too_small = min(image.width, image.height) < 3
    left, top, width, height = image.find_trim(threshold=threshold, background=image(0, 0), line_art=too_small)
    return Box(left, top, width, height) if width and height else None


def find_interest(frames: Sequence[pyvips.Image], window: Size, interest: str) -> tuple[int, int]:
    """Return the position of the most interesting window of this size; for several frames, the median.

    Args:
        interest: ``attention`` for the most salient part, ``entropy`` for the most detail.
    """
    found = [frame.smartcrop(window.width, window.height, interesting=interest) for frame in frames]
    return median_low(-each.xoffset for each in found), median_low(-each.yoffset for each in found)


def cut(image: pyvips.Image, box: Box) -> pyvips.Image:
    return image.extract_area(*box)


def scale(image: pyvips.Image, size: Size) -> pyvips.Image:
    return image.thumbnail_image(size.width, height=size.height, size="force", no_rotate=True)


def pad(image: pyvips.Image, canvas: Size, offset: tuple[int, int]) -> pyvips.Image:
    """Put the picture on a transparent canvas."""
    return with_alpha(image).embed(*offset, *canvas)


def pad_with_backdrop(image: pyvips.Image, backdrop: pyvips.Image, offset: tuple[int, int]) -> pyvips.Image:
    """Put the picture on an opaque backdrop, which also fills its transparent parts."""
    return flatten(_over(backdrop, image, *offset), BLACK)


def pad_with_colour(image: pyvips.Image, canvas: Size, offset: tuple[int, int], colour: Colour) -> pyvips.Image:
    """Put the picture on a canvas of an opaque colour; transparent parts of the picture stay transparent."""
    background = [float(each) for each in (*colour.rgb, 255)][: image.bands]
    return image.embed(*offset, canvas.width, canvas.height, extend="background", background=background)


def blurred_backdrop(image: pyvips.Image, canvas: Size, blurred: Blurred) -> pyvips.Image:
    """Return the picture scaled to cover the canvas, blurred, and brighter or darker."""
    cover = image.thumbnail_image(canvas.width, height=canvas.height, crop="centre", no_rotate=True)
    # One example in the docs has sigma 12 at 800x600 px, which is 2 % of the shorter side.
    sigma = 0.02 * min(canvas) if blurred.sigma is None else blurred.sigma
    backdrop = flatten(blur(cover, sigma) if sigma else cover, BLACK)
    if not blurred.brightness:
        return backdrop
    lab = backdrop.colourspace("lab").linear([1, 1, 1], [blurred.brightness / 2, 0, 0])
    return lab.colourspace("srgb").rint().cast("uchar")


def dominant_colours(frames: Sequence[pyvips.Image], count: int) -> list[Colour]:
    """Return the most frequent colours of the outermost pixels in all frames."""
    return most_frequent(b"".join(_edge(flatten(frame, BLACK)) for frame in frames), count)


def _edge(image: pyvips.Image) -> bytes:
    width, height = image.width, image.height
    sides = [Box(0, 0, width, 1), Box(0, height - 1, width, 1), Box(0, 0, 1, height), Box(width - 1, 0, 1, height)]
    return b"".join(bytes(cut(image, side).write_to_memory()) for side in sides)


def gradient_backdrop(canvas: Size, colours: Sequence[Colour]) -> pyvips.Image:
    """Return a gradient of one colour, two from top to bottom, or four clockwise in the corners from the top left."""
    first, last = colours[0], colours[-1]
    top_left, top_right, bottom_right, bottom_left = colours if len(colours) == 4 else (first, first, last, last)
    position = libvips().Image.xyz(canvas.width, canvas.height)
    across, down = position[0] / max(1, canvas.width - 1), position[1] / max(1, canvas.height - 1)
    top = _mix(top_left, top_right, across)
    bottom = _mix(bottom_left, bottom_right, across)
    mixed: pyvips.Image = top + (bottom - top) * down
    return mixed.rint().cast("uchar").copy(interpretation="srgb")


def backdrops(frames: Sequence[pyvips.Image], canvas: Size, background: Blurred | Dominant) -> list[pyvips.Image]:
    """Return an opaque backdrop for each frame, made from the picture itself, in the size of the canvas."""
    if isinstance(background, Blurred):
        return [blurred_backdrop(frame, canvas, background) for frame in frames]
    return [gradient_backdrop(canvas, dominant_colours(frames, background.colours))] * len(frames)


def grayscale(image: pyvips.Image) -> pyvips.Image:
    """Convert to luminance and keep alpha."""
    return image.colourspace("b-w").colourspace("srgb")


def blur(image: pyvips.Image, sigma: float) -> pyvips.Image:
    return premultiply(image, lambda picture: picture.gaussblur(sigma))


def round_corners(image: pyvips.Image, radii: Radii | None) -> pyvips.Image:
    """Make the corners transparent; None means an ellipse that touches all four sides."""
    return _times_alpha(image, _draw_mask(Size(image.width, image.height), radii))


def frame(image: pyvips.Image, width: int, colour: Colour, radii: Radii | None, *, rounded: bool) -> pyvips.Image:
    """Add a frame around the picture; if rounded, its inner edge has the radii minus the width."""
    size = Size(image.width + 2 * width, image.height + 2 * width)
    if not rounded:
        if colour.opacity < 1:
            image = with_alpha(image)
        background = [float(each) for each in (*colour.rgb, round(colour.opacity * 255))][: image.bands]
        return image.embed(width, width, *size, extend="background", background=background)
    inner_radii = None if radii is None else _less(radii, width, size)
    inner = _draw_mask(Size(image.width, image.height), inner_radii)
    hole = inner.embed(width, width, *size)
    ring = _draw_mask(size, radii).cast("int") - hole
    ring = (ring > 0).ifthenelse(ring, 0).cast("uchar")
    band = with_mask(colour, ring)
    # "add", so that both coverages make the seam between picture and frame opaque; with "over" it would show.
    return composite(band, _times_alpha(image, inner), "add", width, width)


def rotate(image: pyvips.Image, degrees: float) -> pyvips.Image:
    """Rotate clockwise; angles other than multiples of 90° enlarge the canvas, with transparent corners."""
    quarter_turns: dict[float, Callable[[pyvips.Image], pyvips.Image]] = {
        0: lambda picture: picture,
        90: lambda picture: picture.rot90(),
        180: lambda picture: picture.rot180(),
        270: lambda picture: picture.rot270(),
    }
    if degrees in quarter_turns:
        return quarter_turns[degrees](image)
    bicubic = libvips().Interpolate.new("bicubic")
    return with_alpha(image).rotate(degrees, interpolate=bicubic)  # rotate premultiplies the alpha itself


def flip(image: pyvips.Image, axes: str) -> pyvips.Image:
    for axis in axes.split("_"):
        image = image.fliphor() if axis == "h" else image.flipver()
    return image


def fade(image: pyvips.Image, opacity: float) -> pyvips.Image:
    """Multiply alpha by the opacity."""
    image = with_alpha(image)
    return image.linear([1, 1, 1, opacity], [0, 0, 0, 0]).rint().cast("uchar")


def fill(image: pyvips.Image, colour: Colour) -> pyvips.Image:
    """Put a colour under transparent parts."""
    if colour.opacity == 1:
        return flatten(image, colour)
    if not image.hasalpha():
        return image
    under = image.new_from_image([*colour.rgb, round(colour.opacity * 255)]).copy(interpretation="srgb")
    return _over(under, image, 0, 0)


def flatten(image: pyvips.Image, colour: Colour) -> pyvips.Image:
    return image.flatten(background=[*colour.rgb]) if image.hasalpha() else image


def with_alpha(image: pyvips.Image) -> pyvips.Image:
    return image if image.hasalpha() else image.bandjoin(255)


def on_black(image: pyvips.Image, left: int, top: int, size: Size) -> pyvips.Image:
    """Put the picture on a black (transparent) canvas of this size, clipped to the canvas."""
    overlaps = -image.width < left < size.width and -image.height < top < size.height
    if not overlaps:
        black: pyvips.Image = libvips().Image.black(*size, bands=image.bands)
        return black
    return image.embed(left, top, *size)


def clamp(image: pyvips.Image, low: float, high: float) -> pyvips.Image:
    """Clamp all values to a range."""
    above: pyvips.Image = (image < low).ifthenelse(low, image)
    within: pyvips.Image = (above > high).ifthenelse(high, above)
    return within


def block(size: Size, colour: Colour) -> pyvips.Image:
    """Return a picture of one colour, with alpha."""
    pixel = [float(each) for each in (*colour.rgb, round(colour.opacity * 255))]
    black: pyvips.Image = libvips().Image.black(*size, bands=4)
    return black.linear([1, 1, 1, 1], pixel).cast("uchar").copy(interpretation="srgb")


def with_mask(colour: Colour, mask: pyvips.Image) -> pyvips.Image:
    """Return a picture of one colour with the mask as its alpha."""
    alpha = (mask * colour.opacity).rint().cast("uchar")
    return block(Size(mask.width, mask.height), colour).extract_band(0, n=3).bandjoin(alpha)


def is_transparent(image: pyvips.Image) -> bool:
    """Return whether any pixel is not opaque."""
    if not image.hasalpha():
        return False
    lowest = image[image.bands - 1].min()
    return isinstance(lowest, float) and lowest < 255


def join_frames(frames: Sequence[pyvips.Image], original: pyvips.Image) -> pyvips.Image:
    """Join frames to an animation with the times and loops of the original."""
    value = libvips().GValue
    joined: pyvips.Image = libvips().Image.arrayjoin(list(frames), across=1).copy()
    joined.set_type(value.gint_type, "page-height", frames[0].height)
    if original.get_typeof("delay"):
        joined.set_type(value.array_int_type, "delay", original.get("delay"))
    if original.get_typeof("loop"):
        joined.set_type(value.gint_type, "loop", original.get("loop"))
    return joined


def premultiply(image: pyvips.Image, change: Callable[[pyvips.Image], pyvips.Image]) -> pyvips.Image:
    """Apply `change` with premultiplied alpha, so that the colour of transparent pixels has no effect."""
    if not image.hasalpha():
        return change(image)
    return change(image.premultiply()).unpremultiply().rint().cast("uchar").copy(interpretation="srgb")


def _over(under: pyvips.Image, image: pyvips.Image, x: int, y: int) -> pyvips.Image:
    return composite(under, image, "over", x, y)


def composite(under: pyvips.Image, image: pyvips.Image, mode: str, x: int, y: int) -> pyvips.Image:
    return with_alpha(under).composite2(with_alpha(image), mode, x=x, y=y).rint().cast("uchar")


def _mix(left: Colour, right: Colour, share: pyvips.Image) -> pyvips.Image:
    red, green, blue = (share * (b - a) + a for a, b in zip(left.rgb, right.rgb, strict=True))
    return red.bandjoin(green).bandjoin(blue)


def _times_alpha(image: pyvips.Image, mask: pyvips.Image) -> pyvips.Image:
    image = with_alpha(image)
    alpha = (image[3] * mask / 255).rint().cast("uchar")
    return image.extract_band(0, n=3).bandjoin(alpha).copy(interpretation="srgb")


def _limit_radii(radii: Radii, size: Size) -> tuple[float, ...]:
    """Return radii in pixels, each at most half the shorter side."""
    half = min(size) / 2
    return tuple(half if radius == "max" else min(float(radius), half) for radius in radii)


def _less(radii: Radii, width: int, size: Size) -> Radii:
    top_left, top_right, bottom_right, bottom_left = (max(0.0, each - width) for each in _limit_radii(radii, size))
    return top_left, top_right, bottom_right, bottom_left


def _draw_mask(size: Size, radii: Radii | None) -> pyvips.Image:
    """Draw a mask with 255 inside and anti-aliased corners."""
    width, height = size
    if radii is None:
        shape = f'<ellipse cx="{width / 2}" cy="{height / 2}" rx="{width / 2}" ry="{height / 2}"/>'
    else:
        a, b, c, d = _limit_radii(radii, size)
        shape = (
            f'<path d="M{a} 0H{width - b}A{b} {b} 0 0 1 {width} {b}V{height - c}A{c} {c} 0 0 1 {width - c} {height}'
            f'H{d}A{d} {d} 0 0 1 0 {height - d}V{a}A{a} {a} 0 0 1 {a} 0Z"/>'
        )
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">{shape}</svg>'
    drawn: pyvips.Image = libvips().Image.svgload_buffer(svg.encode())
    return drawn[3]
