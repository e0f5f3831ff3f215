"""How local img-src differs from the service, and our choices where nothing is published; for ``COVERAGE.md``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# By operation.
OPERATION_DIFFERENCES: Mapping[str, str] = {
    "images.upload_image": "the format is found by the content; EXR, HDR and JPEG XL are stored and delivered as they "
    "are, without `dimensions`; a path that is taken moves to the new image",
    "images.list_images": "up to date at once; an image has the folder of each of its paths",
    "images.search_images": "a case-insensitive part of file names and paths, the newest first",
    "images.get_image": "`dominant_color` is left out",
    "images.create_signed_url": "`?exp=…&sig=…`, another URL each time; up to 7 days",
    "usage.get_usage": "credits are 0; limits without a published figure are null until they are set",
}

# By parameter of delivery URLs.
PARAMETER_DIFFERENCES: Mapping[str, str] = {
    "blur": "the standard deviation of a Gaussian, in pixels of the output",
    "sharpen": "a strength of our own scale: 20 is moderate",
    "crop": "`attention` and `entropy` as libvips finds them",
    "aspect": "without effect beside `w`, `h` and `cover` or `fill`, which set the proportions",
    "dpr": "without effect where neither `w` nor `h` is given",
}
