"""The pictures of the contact sheet, with the transformations of the uploaded files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Source(NamedTuple):
    """An uploaded picture: a description, and its size in pixels."""

    alt: str
    width: int
    height: int


ASTRONAUT = Source("An astronaut in an orange space suit, smiling", 512, 512)
SOURCES = {
    "astronaut.jpg": ASTRONAUT,
    "cat.jpg": Source("The face of a tabby cat", 451, 300),
    "coffee.jpg": Source("A cup of coffee on a red saucer", 600, 400),
    "framed.jpg": Source("A cup of coffee on a red saucer", 500, 420),
    "private.jpg": ASTRONAUT,
    "galaxies.jpg": Source("Hundreds of galaxies against a black sky", 1000, 872),
}

CREAM, SLATE, RUST = "F3E9DC", "334155", "B4532A"
UPRIGHT = {"width": 150, "height": 220}  # two of this size fit side by side on a card


@dataclass(frozen=True)
class Picture:
    """A picture to make; `options` are those of `ImageKit.url`, without the path.

    With `breakpoints` (widths in pixels), it is made for several screens; see `get_responsive_image_attributes`.
    With `before`, it is shown next to the picture that these other options make.
    """

    name: str
    title: str
    file: str
    options: dict[str, Any]
    breakpoints: list[int] = field(default_factory=list)
    before: dict[str, Any] | None = None


def _picture(name: str, title: str, file: str, *steps: dict[str, Any], **options: Any) -> Picture:
    return Picture(name, title, f"{file}.jpg", {"transformation": list(steps), **options})


def _effect(name: str, title: str, file: str, source: dict[str, Any], effect: dict[str, Any]) -> Picture:
    """Return a picture that is shown before and after an effect."""
    return Picture(
        name,
        title,
        f"{file}.jpg",
        {"transformation": [{**source, **effect}]},
        before={"transformation": [source]},
    )


def _square(side: int, **more: Any) -> dict[str, Any]:
    return {"width": side, "height": side, **more}


def _cut(size: dict[str, Any], x: int, y: int) -> dict[str, Any]:
    return {**size, "crop_mode": "extract", "x": x, "y": y}


def _text_on_top(text: str) -> dict[str, Any]:
    look = {"font_size": 22, "font_color": "FFFFFF", "background": "00000080", "padding": "8_14", "radius": 8}
    return {"overlay": {"type": "text", "text": text, "position": {"focus": "bottom"}, "transformation": [look]}}


# A wide page shows three in a row.
PICTURES = [
    _picture("width", "Width 400", "coffee", {"width": 400}),
    _picture("aspect-ratio", "Aspect ratio 16:9", "galaxies", {"width": 400, "aspect_ratio": "16-9"}),
    _picture("maintain-ratio", "Crop to fill, keeping the left", "cat", _square(300, focus="left")),
    _picture("focus-custom", "Crop around stored coordinates", "astronaut", _square(300, focus="custom")),
    _picture("pad-resize", "Pad with a colour", "coffee", _square(300, crop_mode="pad_resize", background=CREAM)),
    _picture("pad-blurred", "Pad with the picture, blurred", "cat", _square(300, cm="pad_resize", bg="blurred_15_N20")),
    _picture("force", "Force 300 × 300: distorted", "coffee", _square(300, crop="force")),
    _picture("at-max", "Fit inside 300 × 300", "coffee", _square(300, crop="at_max")),
    _picture("at-least", "Cover 300 × 300 without cropping", "coffee", _square(300, crop="at_least")),
    _picture(
        "no-enlarge", "Crop to fill 600 × 600, never enlarge", "cat", _square(600, crop="maintain_ratio_no_enlarge")
    ),
    _picture("at-max-enlarge", "Fit inside 500 × 500, enlarged", "cat", _square(500, crop="at_max_enlarge")),
    _picture("extract", "Cut out at a position", "galaxies", _cut(_square(300), 620, 380)),
    _picture(
        "pad-no-enlarge",
        "Pad to 600 × 400, never enlarge",
        "cat",
        {"width": 600, "height": 400, "crop_mode": "pad_resize_no_enlarge", "background": "dominant"},
    ),
    _picture(
        "pad-extract",
        "Without scaling: crop and pad",
        "coffee",
        _square(460, crop_mode="pad_extract", background=SLATE),
    ),
    _picture(
        "pad-no-shrink",
        "Without scaling: pad, never crop",
        "coffee",
        _square(500, crop_mode="pad_extract_no_shrink", background=CREAM, format="png"),
    ),
    _picture(
        "avatar",
        "Two steps: cut out, then round the corners",
        "astronaut",
        {**_cut(_square(210), 110, 0), "format": "png"},
        {"radius": "max"},
    ),
    _picture(
        "polaroid",
        "Border, then rotation",
        "cat",
        _square(260, focus="left", border=f"14_{RUST}"),
        {"rotation": "N6", "format": "png"},
    ),
    _picture("text", "Text on top", "coffee", {"width": 400, **_text_on_top("Fresh: daily")}),
    _effect("sharpen", "Sharpen", "cat", _cut(UPRIGHT, 140, 40), {"sharpen": 150}),
    _effect("contrast", "More contrast", "cat", _cut(UPRIGHT, 270, 80), {"effect_contrast": "-"}),
    _effect("grayscale", "Grayscale, flipped", "astronaut", UPRIGHT, {"grayscale": True, "flip": "h"}),
    _effect("blur", "Blur", "coffee", UPRIGHT, {"blur": 8}),
    _effect("opacity", "Opacity over a background", "coffee", UPRIGHT, {"opacity": 45, "background": CREAM}),
    _effect("trim", "Trim off the orange bars", "framed", {}, {"trim": 20}),
    _picture("height-dpr", "Height 120, for a 2x screen", "cat", {"height": 120, "dpr": 2}),
    _picture("webp", "WebP, quality 40", "galaxies", {"width": 400, "format": "webp", "quality": 40}),
    Picture("srcset", "Responsive: the browser chooses", "galaxies.jpg", {}, breakpoints=[320, 640, 960]),
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
]
