"""Responsive images: the attributes of an ``<img>`` that lets the browser choose the width it needs.

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
    """Attributes of an ``<img>``; those that are None are left out of the tag.

    Attributes:
        src: The URL for browsers that do not know `srcset`: the widest candidate.
        srcset: The candidates with their widths (``640w``) or densities (``2x``).
        sizes: How wide the picture is shown, in the words of CSS.
        width: How wide the picture is shown, in CSS pixels, when that is known.
    """

    src: str
    srcset: str | None
    sizes: str | None
    width: float | None


def responsive_image_attributes(
    build_url: Callable[[dict[str, Any]], str],
    options: Mapping[str, Any],
    *,
    width: float | None = None,
    sizes: str | None = None,
    device_breakpoints: Sequence[int] = DEVICE_BREAKPOINTS,
    image_breakpoints: Sequence[int] = IMAGE_BREAKPOINTS,
) -> ResponsiveImageAttributes:
    """Return the attributes for one picture.

    Args:
        build_url: Builds a URL from options, as `ImageKit.url` does.
        options: What the picture is and how it is transformed; each candidate gets one more step, its width.
        width: The width at which the picture is shown, in CSS pixels. Gives candidates for 1x and 2x screens.
        sizes: The `sizes` attribute; candidates narrower than the smallest of its ``vw`` values are left out.
        device_breakpoints: Screen widths worth a candidate, in pixels.
        image_breakpoints: Widths of smaller pictures worth a candidate, in pixels.
    """
    device = sorted(device_breakpoints)
    every = sorted([*device, *image_breakpoints])
    if not device:
        raise ValueError("device_breakpoints must hold at least one width in pixels")
    if sizes:
        shares = [int(share) for share in _VIEWPORT_WIDTH.findall(sizes)]
        narrowest = device[0] * min(shares) / 100 if shares else 0
        candidates, by_density = [candidate for candidate in every if candidate >= narrowest], False
    elif width is None:
        candidates, by_density = device, False
    else:
        candidates = list(dict.fromkeys([_at_least(every, width), _at_least(every, 2 * width)]))
        by_density = True
    urls = [_url_of_width(build_url, options, candidate) for candidate in candidates]
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


def _at_least(candidates: Sequence[int], width: float) -> int:
    return next((candidate for candidate in candidates if candidate >= width), candidates[-1])


def _url_of_width(build_url: Callable[[dict[str, Any]], str], options: Mapping[str, Any], width: int) -> str:
    steps = [*(options.get("transformation") or []), {"width": width, "crop": "at_max"}]
    return build_url({**options, "transformation": steps})
