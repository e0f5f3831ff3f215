"""Responsive images: the attributes of an ``<img>`` that lets the browser choose a width.

Source: ImageKit docs, "Responsive images"; breakpoints and algorithm are those of ImageKit's JavaScript library.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from .quoting import check_text
from .transformations.steps import list_steps
from .transformations.values import write_scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

DEVICE_BREAKPOINTS = (640, 750, 828, 1080, 1200, 1920, 2048, 3840)  # pixels
IMAGE_BREAKPOINTS = (16, 32, 48, 64, 96, 128, 256, 384)  # pixels

ARGUMENTS = frozenset({"width", "sizes", "device_breakpoints", "image_breakpoints"})  # those that `url` does not have

_VIEWPORT_WIDTH = re.compile(r"(?:^|\s)(1?\d{1,2})vw")


class ResponsiveImageAttributes(NamedTuple):
    """Attributes of an ``<img>``; omit those that are None from the tag.

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
    device_breakpoints: Sequence[float] | None = None,
    image_breakpoints: Sequence[float] | None = None,
    max_width: float | None = None,
) -> ResponsiveImageAttributes:
    """Return the attributes for one image; see `UrlBuilder.get_responsive_image_attributes`.

    With `max_width`, the width of the image itself in pixels, no candidate claims to be wider.

    Raises:
        TypeError: A width is not a number, `sizes` is not a str, or `build_url` raises it.
        ValueError: There is no image, a width is not above 0, or `build_url` raises it.
    """
    if not (options.get("path") or options.get("src")):
        raise ValueError('a responsive image needs a path or src, such as path="/shoes/red.jpg"')
    steps = list_steps(options.get("transformation"))

    def build_candidate(candidate: float | None) -> str:
        if candidate is None:
            return build_url(dict(options))
        return build_url({**options, "transformation": [*steps, {"width": candidate, "crop": "at_max"}]})

    return describe_candidates(
        build_candidate,
        width=width,
        sizes=sizes,
        device_breakpoints=device_breakpoints,
        image_breakpoints=image_breakpoints,
        max_width=max_width,
    )


def describe_candidates(
    build_candidate: Callable[[float | None], str],
    *,
    width: float | None = None,
    sizes: str | None = None,
    device_breakpoints: Sequence[float] | None = None,
    image_breakpoints: Sequence[float] | None = None,
    max_width: float | None = None,
) -> ResponsiveImageAttributes:
    """Return the attributes for an image of any service.

    Args:
        build_candidate: Function that returns the URL of the image with a width in pixels; for None, that of the
            unchanged image.
        width, sizes, device_breakpoints, image_breakpoints: See `UrlBuilder.get_responsive_image_attributes`.
        max_width: Width of the image itself in pixels; no candidate claims to be wider.
    Raises:
        TypeError: A width is not a number, `sizes` is not a str, or `build_candidate` raises it.
        ValueError: A width is not above 0, or `build_candidate` raises it.
    """
    if sizes is not None:
        check_text("sizes", sizes)
    if width is not None:
        check_width("width", width)
    device = _read_breakpoints("device_breakpoints", device_breakpoints, DEVICE_BREAKPOINTS)
    if not device:
        raise ValueError("device_breakpoints must contain at least one width in pixels")
    every = sorted([*device, *_read_breakpoints("image_breakpoints", image_breakpoints, IMAGE_BREAKPOINTS)])
    if max_width is not None:
        device, every = (sorted({min(one, max_width) for one in widths}) for widths in (device, every))
    by_density = not sizes and width is not None
    if sizes:
        shares = [int(share) for share in _VIEWPORT_WIDTH.findall(sizes)]
        narrowest = device[0] * min(shares) / 100 if shares else 0
        candidates = [candidate for candidate in every if candidate >= narrowest]
    elif width is None:
        candidates = device
    else:
        candidates = list(dict.fromkeys([_find_candidate(every, width), _find_candidate(every, 2 * width)]))
    urls = [_end_without_comma(build_candidate(candidate)) for candidate in candidates]
    described = [
        f"{url} {f'{position}x' if by_density else write_scalar('width', candidate) + 'w'}"
        for position, (url, candidate) in enumerate(zip(urls, candidates, strict=True), start=1)
    ]
    return ResponsiveImageAttributes(
        src=urls[-1] if urls else _end_without_comma(build_candidate(None)),
        srcset=", ".join(described) or None,
        sizes=sizes or (None if by_density else "100vw"),
        width=width,
    )


def _read_breakpoints(name: str, given: object, default: Sequence[float]) -> list[float]:
    if given is None:
        return [*default]
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise TypeError(f"{name} must be a list of widths in pixels (got {given!r})")
    for width in (widths := list(given)):
        check_width(f"every width of {name}", width)
    return sorted(widths)


def check_width(name: str, width: object) -> None:
    """Check a number of pixels; `name` is its name in messages.

    Raises:
        TypeError: `width` is not a number.
        ValueError: `width` is not above 0, or is infinite.
    """
    if isinstance(width, bool) or not isinstance(width, (int, float)):
        raise TypeError(f"{name} must be a number of pixels such as 400 (got {width!r})")
    if not 0 < width < float("inf"):
        raise ValueError(f"{name} must be above 0 (got {width!r})")


def _find_candidate(candidates: Sequence[float], width: float) -> float:
    return next((candidate for candidate in candidates if candidate >= width), candidates[-1])


def _end_without_comma(url: str) -> str:
    """Encode a comma at the end of a URL, which would end the candidate in a `srcset`."""
    return f"{url[:-1]}%2C" if url.endswith(",") else url
