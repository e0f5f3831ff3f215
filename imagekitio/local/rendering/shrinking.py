"""By how much a JPEG is shrunk while it is decoded, which costs far less than to decode all of it and scale then.

libvips shrinks less of its own accord: by 8, 4 and 2 from the ratios 16, 8 and 4 on. The rule here is the one of sharp,
by which most sites on libvips make their thumbnails: as much as leaves a little for the filter that follows.

A thumbnail of 210 to 560 pixels from a photograph of 12 megapixels takes 71 ms of CPU instead of 81
(``python -m benchmarks neighbours`` compares it with sharp). Beside a picture that was decoded whole, photographs
differ less than by JPEG itself (38 dB and more), lines of a pixel or two look coarser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .drawing.area import Size

_LEAST_RATIOS = ((8, 9), (4, 5), (2, 3))  # by divisor, the largest first


def shrink_on_load(size: Size, wanted: Size) -> int:
    """By how much the decoder shrinks a JPEG of `size` that will be scaled to `wanted`: 1, 2, 4 or 8."""
    ratio = min(size.width / wanted.width, size.height / wanted.height)
    return next((divisor for divisor, least in _LEAST_RATIOS if ratio >= least), 1)
