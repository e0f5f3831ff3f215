"""The pictures of the contact sheet: what is done to which of the uploaded files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# The uploaded files and what can be seen on them, for the alternative texts.
ALT = {
    "astronaut.jpg": "An astronaut in an orange space suit, smiling",
    "cat.jpg": "The face of a tabby cat",
    "coffee.jpg": "A cup of coffee on a red saucer",
    "framed.jpg": "A cup of coffee on a red saucer",
    "private.jpg": "An astronaut in an orange space suit, smiling",
    "galaxies.jpg": "Hundreds of galaxies before a black sky",
}

CREAM, SLATE = "F3E9DC", "334155"


@dataclass(frozen=True)
class Picture:
    """A picture to make: `options` are those of `ImageKit.url`, without the path.

    With `breakpoints` (widths in pixels) it is made for several screens; see `get_responsive_image_attributes`.
    """

    name: str
    title: str
    file: str
    options: dict[str, Any]
    breakpoints: list[int] = field(default_factory=list)


def _picture(name: str, title: str, file: str, *steps: dict[str, Any], **options: Any) -> Picture:
    return Picture(name, title, f"{file}.jpg", {"transformation": list(steps), **options})


def _square(side: int, **more: Any) -> dict[str, Any]:
    return {"width": side, "height": side, **more}


def _text_on_top(text: str) -> dict[str, Any]:
    look = {"font_size": 22, "font_color": "FFFFFF", "background": "00000080", "padding": "8_14", "radius": 8}
    return {"overlay": {"type": "text", "text": text, "position": {"focus": "bottom_left"}, "transformation": [look]}}


PICTURES = [
    _picture("width", "Width", "coffee", {"width": 400}),
    _picture("height-dpr", "Height, for a 2x screen", "cat", {"height": 120, "dpr": 2}),
    _picture("aspect-ratio", "Aspect ratio", "galaxies", {"width": 400, "aspect_ratio": "16-9"}),
    _picture("maintain-ratio", "Crop to fill, at a focus", "cat", _square(300, focus="left")),
    _picture("focus-custom", "Crop around stored coordinates", "astronaut", _square(300, focus="custom")),
    _picture("no-enlarge", "Crop to fill, never enlarge", "cat", _square(600, crop="maintain_ratio_no_enlarge")),
    _picture("force", "Force both sides", "coffee", _square(300, crop="force")),
    _picture("at-max", "Fit inside", "coffee", _square(300, crop="at_max")),
    _picture("at-max-enlarge", "Fit inside, enlarged", "cat", _square(500, crop="at_max_enlarge")),
    _picture("at-least", "Cover, without cropping", "coffee", _square(300, crop="at_least")),
    _picture("extract", "Cut out at a place", "galaxies", _square(300, crop_mode="extract", x=620, y=380)),
    _picture("pad-resize", "Pad with a colour", "coffee", _square(300, crop_mode="pad_resize", background=CREAM)),
    _picture("pad-blurred", "Pad with the picture, blurred", "cat", _square(300, cm="pad_resize", bg="blurred_15_N20")),
    _picture(
        "pad-no-enlarge",
        "Pad, never enlarge",
        "cat",
        {"width": 600, "height": 400, "crop_mode": "pad_resize_no_enlarge", "background": "dominant"},
    ),
    _picture(
        "pad-extract",
        "Unscaled: cut and pad",
        "coffee",
        _square(460, crop_mode="pad_extract", background=SLATE),
    ),
    _picture(
        "pad-no-shrink",
        "Unscaled: pad, never cut",
        "coffee",
        _square(500, crop_mode="pad_extract_no_shrink", background=CREAM, format="png"),
    ),
    _picture("webp", "WebP, quality 40", "galaxies", {"width": 400, "format": "webp", "quality": 40}),
    _picture(
        "avatar",
        "Two steps: cut out, then round",
        "astronaut",
        _square(210, crop_mode="extract", x=110, y=0, format="png"),
        {"radius": "max"},
    ),
    _picture(
        "polaroid",
        "Border, then rotation",
        "cat",
        _square(260, focus="left", border="14_FFFDF7"),
        {"rotation": "N6", "format": "png"},
    ),
    _picture("blur", "Blur", "coffee", {"width": 400, "blur": 8}),
    _picture("grayscale", "Grayscale, flipped", "cat", {"width": 400, "grayscale": True, "flip": "h"}),
    _picture("opacity", "Opacity over a background", "coffee", {"width": 400, "opacity": 45, "background": CREAM}),
    _picture("text", "Text on top", "coffee", {"width": 400, **_text_on_top("Fresh: daily")}),
    _picture(
        "effects", "Sharpened, with more contrast", "galaxies", {"width": 400, "sharpen": 30, "effect_contrast": "-"}
    ),
    _picture("trim", "Trim the orange frame away", "framed", {"trim": 20}),
    _picture(
        "query",
        "Steps in the query",
        "coffee",
        {"width": 400, "height": 200, "radius": 30, "background": "white"},
        transformation_position="query",
    ),
    _picture(
        "private", "A private file, signed for one hour", "private", {"width": 300}, signed=True, expire_seconds=3600
    ),
    _picture("named", "A named transformation", "cat", {"named": "ik_ml_thumbnail"}),
    Picture("srcset", "Responsive: the browser chooses", "galaxies.jpg", {}, breakpoints=[320, 640, 960]),
]
