"""Responsive images: the attributes of an ``<img>`` that lets the browser choose a width.

Source: ImageKit docs, "Responsive images"; breakpoints and algorithm are those of ImageKit's JavaScript library.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

DEVICE_BREAKPOINTS = (640, 750, 828, 1080, 1200, 1920, 2048, 3840)  # pixels
IMAGE_BREAKPOINTS = (16, 32, 48, 64, 96, 128, 256, 384)  # pixels

_VIEWPORT_WIDTH = re.compile(r"(?:^|\s)(1?\d{1,2})vw")


class ResponsiveImageAttributes(NamedTuple):
    """Attributes of an ``<img>``; leave those that are None out of the tag.

    Attributes:
        src: URL for browsers that do not support `srcset`: the widest candidate.
        srcset: The candidates with their widths (``640w``) or densities (``2x``).
        sizes: Width at which the image is shown, as a CSS expression.
        width: Width at which the image is shown, in CSS pixels; None if it is not known.
    """

    src: str
    srcset: str | None
    sizes: str | None
    width: float | None


def get_responsive_image_attributes(
    build_url: Callable[[dict[str, Any]], str],
    options: Mapping[str, Any],
    *,
    width: float | None = None,
    sizes: str | None = None,
    device_breakpoints: Sequence[int] | None = None,
    image_breakpoints: Sequence[int] | None = None,
) -> ResponsiveImageAttributes:
    """Return the attributes for one image; see `UrlBuilder.get_responsive_image_attributes`."""
    device = sorted(DEVICE_BREAKPOINTS if device_breakpoints is None else device_breakpoints)
    every = sorted([*device, *(IMAGE_BREAKPOINTS if image_breakpoints is None else image_breakpoints)])
    if not device:
        raise ValueError("device_breakpoints must hold at least one width in pixels")
    by_density = not sizes and width is not None
    if sizes:
        shares = [int(share) for share in _VIEWPORT_WIDTH.findall(sizes)]
        narrowest = device[0] * min(shares) / 100 if shares else 0
        candidates = [candidate for candidate in every if candidate >= narrowest]
    elif width is None:
        candidates = device
    else:
        candidates = list(dict.fromkeys([_find_candidate(every, width), _find_candidate(every, 2 * width)]))
    steps = options.get("transformation") or []
    urls = [build_url({**options, "transformation": [*steps, {"width": one, "crop": "at_max"}]}) for one in candidates]
    described = [
        f"{url} {f'{position}x' if by_density else f'{candidate}w'}"
        for position, (url, candidate) in enumerate(zip(urls, candidates, strict=True), start=1)
    ]
    return ResponsiveImageAttributes(
        src=urls[-1] if urls else build_url(dict(options)),
        srcset=", ".join(described) or None,
        sizes=sizes or (None if by_density else "100vw"),
        width=width,
    )


def _find_candidate(candidates: Sequence[int], width: float) -> int:
    return next((candidate for candidate in candidates if candidate >= width), candidates[-1])
