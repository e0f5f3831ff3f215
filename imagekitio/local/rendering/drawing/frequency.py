"""The most frequent colours of a picture."""

from __future__ import annotations

from ..language.colours import Colour


def most_frequent(pixels: bytes, count: int) -> list[Colour]:
    """Return the `count` most frequent colours; if there are fewer, they are repeated.

    Pixels are counted in cells of a histogram with 16 levels per channel; a cell has the mean colour of its pixels.

    Args:
        pixels: Red, green and blue of each pixel in turn; at least one pixel.
        count: Number of colours to return.
    """
    cells: dict[tuple[int, int, int], list[int]] = {}
    for red, green, blue in zip(pixels[::3], pixels[1::3], pixels[2::3], strict=True):
        sums = cells.setdefault((red >> 4, green >> 4, blue >> 4), [0, 0, 0, 0])
        sums[0] += 1
        sums[1] += red
        sums[2] += green
        sums[3] += blue
    ranked = sorted(cells.values(), key=lambda sums: -sums[0])
    colours = [
        Colour(round(red / number), round(green / number), round(blue / number))
        for number, red, green, blue in ranked[:count]
    ]
    return [colours[index % len(colours)] for index in range(count)]
