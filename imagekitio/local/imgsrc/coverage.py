"""The differences of local img-src from the service, and our choices where it is silent; for ``COVERAGE.md``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# By operation.
OPERATION_DIFFERENCES: Mapping[str, str] = {
    "images.upload_image": "the content decides the format; EXR, HDR and JPEG XL are stored and delivered unchanged, "
    "without `dimensions`; a path of another image moves to the new image",
    "images.list_images": "always up to date; an image is in the folder of each of its paths",
    "images.search_images": "finds text in file names and paths, regardless of case, newest first",
    "images.get_image": "`dominant_color` is left out",
    "images.create_signed_url": "`?exp=…&sig=…`, a new URL each time; valid for up to 7 days",
    "usage.get_usage": "credits are 0; limits without a documented figure are null unless set",
}

# By parameter of delivery URLs.
PARAMETER_DIFFERENCES: Mapping[str, str] = {
    "blur": "the standard deviation of a Gaussian, in pixels of the output",
    "sharpen": "a strength on our own scale, where 20 is moderate",
    "crop": "`attention` and `entropy` as defined by libvips",
    "aspect": "no effect together with `w`, `h` and `cover` or `fill`, which set the proportions",
    "dpr": "no effect without `w` or `h`",
}
