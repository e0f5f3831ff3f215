"""Build the tables of transformation names from the package, so that the page cannot drift from the code.

A page inserts the table of one subject with a comment on a line of its own, ``<!-- transformations: Appearance -->``,
and the names of objects with ``<!-- objects -->``. Codes come from the table of names, values from the table of allowed
values, and marks from the coverage of local ImageKit. This module adds only what the names mean, and the syntax of
values.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any

from imagekitio.local.coverage import describe_code
from imagekitio.urls.transformations.allowed import ALLOWED, OBJECTS
from imagekitio.urls.transformations.names import CODES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from imagekitio.urls.transformations.allowed import Allowed

# What each name means, by subject, and the syntax of its value if it can be any text.
MEANINGS: dict[str, dict[str, str]] = {
    "Size, crop and focus": {
        "width": "width in pixels, or, below 1, as a share of the original. `auto` uses the browser's client hint",
        "height": "height in pixels, or, below 1, as a share of the original",
        "aspect_ratio": "ratio of width to height, such as `4-3` or `1.5`, in addition to a width or a height",
        "crop": "how the picture is made to fit width and height",
        "crop_mode": "how the picture is made to fit without scaling or with padding; overrides `crop`",
        "focus": "what a crop keeps, or where the picture is placed within padding: a position, `auto`, `custom` for "
        "the stored coordinates, `face` or an [object](#objects)",
        "x": "left edge of the area that `extract` cuts out, in pixels",
        "y": "top edge of that area",
        "x_center": "centre of that area, from the left",
        "y_center": "centre of that area, from the top",
        "zoom": "how close to crop around a face or an object; above 1 is closer",
        "dpr": "device pixel ratio, from 0.1 to 5: multiplies width and height. `auto` uses the browser's client hint",
    },
    "Appearance": {
        "background": "fills padding and transparent parts with a colour, or from the picture. `blurred_25_N30` sets "
        "blur and brightness, `gradient_dominant_4` the number of colours",
        "blur": "Gaussian blur, from 1 to 100",
        "border": "frame around the picture, with width and colour: `5_FF0000`",
        "color_replace": "replaces a colour: `RRGGBB` or `RRGGBB_35_RRGGBB` (new colour, tolerance, old colour)",
        "colorize": "tint, with colour and intensity: `co-red_in-50`",
        "contrast_stretch": "stretches the contrast to the full range",
        "distort": "moves the four corners, `p-x1_y1_x2_y2_x3_y3_x4_y4`, or bends along an arc of degrees, `a-45`",
        "flip": "mirrors the picture horizontally or vertically",
        "gradient": "colour gradient on top: `ld-bottom_from-00000000_to-000000_sp-1` (direction, colours, extent); "
        "any part may be left out",
        "grayscale": "shades of grey",
        "opacity": "opacity from 0, invisible, to 100",
        "radius": "radius of rounded corners in pixels; `max` makes an ellipse, and four values start at the top left",
        "rotation": "rotation in degrees clockwise; `auto` follows the EXIF orientation",
        "shadow": "shadow of a picture with transparent parts: `bl-15_st-40_x-10_y-N5` (blur, strength, offsets in per "
        "cent)",
        "sharpen": "sharpens; a number sets the strength",
        "trim": "cuts off edges that have one colour; a number from 1 to 99 is the tolerance",
        "unsharp_mask": "sharpens along edges: `2-2-0.8-0.024` (radius, sigma, amount, threshold)",
        "effect_contrast": "`contrast_stretch` in releases 2 to 4; any value turns it on",
        "effect_gradient": "`gradient` in releases 2 to 4",
        "effect_gray": "`grayscale` in releases 2 to 4; any value turns it on",
        "effect_shadow": "`shadow` in releases 2 to 4",
        "effect_sharpen": "`sharpen` in releases 2 to 4",
        "effect_usm": "`unsharp_mask` in releases 2 to 4",
    },
    "Generative AI": {
        "ai_change_background": "a new background from a description: `prompt-snow`, or `prompte-…` in base64",
        "ai_drop_shadow": "a shadow that fits the object: `az-215_el-45_st-60` (direction, elevation, strength)",
        "ai_edit": "an edit from a description: `prompt-…`, or `prompte-…` in base64",
        "ai_remove_background": "removes the background",
        "ai_remove_background_external": "the same, by remove.bg",
        "ai_retouch": "improves the quality",
        "ai_upscale": "enlarges with more detail",
        "ai_variation": "a variation of the picture",
    },
    "Output": {
        "format": "format of the file; `auto` lets ImageKit choose one that the browser supports, `orig` keeps it",
        "quality": "from 1 to 100, for JPEG, WebP and AVIF",
        "progressive": "progressive JPEG",
        "lossless": "PNG and WebP without loss",
        "color_profile": "keeps the colour profile",
        "metadata": "keeps the metadata, such as EXIF",
        "density": "dots per inch, from 1 to 1200",
        "default_image": "path of the file to deliver if this one is missing",
        "named": "name of a named transformation of your account",
        "original": "delivers the stored file as it is, and ignores everything else",
        "page": "page of a document, frame of an animation or layer of a PSD: a number, a range `2-4`, or several",
    },
    "Video": {
        "audio_codec": "audio codec",
        "video_codec": "video codec",
        "duration": "length in seconds",
        "start_offset": "where to start, in seconds",
        "end_offset": "where to end, in seconds",
        "streaming_resolutions": "heights of an adaptive stream",
    },
    "Text and subtitle layers": {
        "font_size": "size in pixels",
        "font_family": "a built-in font, or the path of a font file in the media library",
        "font_color": "colour of the text",
        "color": "colour of subtitles, only on videos",
        "alpha": "opacity of text and background, in tenths from 1 to 9",
        "typography": "bold, italic or strikethrough",
        "inner_alignment": "alignment of lines in a box with a width",
        "line_height": "distance between lines in pixels",
        "padding": "space around the text, in the order used by CSS",
        "font_outline": "outline of subtitles, with width and colour: `2_blue`",
        "font_shadow": "shadow of subtitles, with colour and distance: `blue_2`",
    },
    "Overlays of releases 2 and 3": {
        "overlay_image": "path of the picture on top",
        "overlay_image_aspect_ratio": "its ratio of width to height, such as `4-3`",
        "overlay_image_background": "its background, a colour",
        "overlay_image_border": "its border, width and colour: `5_FF0000`",
        "overlay_image_cropping": "how it is cropped, like `crop`",
        "overlay_image_dpr": "its pixel ratio",
        "overlay_image_focus": "what its crop keeps",
        "overlay_image_quality": "its quality",
        "overlay_image_trim": "whether edges of one colour are cut off",
        "overlay_text": "text on top; special characters need `overlay_text_encoded`",
        "overlay_text_encoded": "text on top, in base64",
        "overlay_text_background": "its background, a colour",
        "overlay_text_color": "its colour",
        "overlay_text_font_family": "its font",
        "overlay_text_font_size": "its size in pixels",
        "overlay_text_inner_alignment": "alignment of its lines",
        "overlay_text_padding": "space around it",
        "overlay_text_transparency": "its opacity, in tenths from 1 to 9",
        "overlay_text_typography": "bold, italic, strikethrough",
        "overlay_text_width": "width of its box in pixels",
        "overlay_background": "colour of a block on top",
        "overlay_alpha": "opacity of block and text, in tenths from 1 to 9",
        "overlay_width": "width of the block or the picture",
        "overlay_height": "height of the block or the picture",
        "overlay_radius": "its rounded corners",
        "overlay_x": "its distance from the left",
        "overlay_y": "its distance from the top",
        "overlay_focus": "its position, instead of distances",
    },
}

_EXPRESSION = "[expression](#arithmetic)"
_OTHERS = {"none": (), "numbers": ("number",), "expressions": ("number", _EXPRESSION), "any": ("or as described",)}


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.connect("source-read", _fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _fill(_app: Sphinx, _page: str, source: list[str]) -> None:
    source[0] = fill(source[0])


def fill(markdown: str) -> str:
    """Return a page with its tables in place of the comments."""
    markdown = re.sub(r"^<!-- transformations: (.+) -->$", lambda found: write_table(found[1]), markdown, flags=re.M)
    objects = " ".join(f"`{name}`" for name in OBJECTS)
    return re.sub("^<!-- objects -->$", lambda _: objects, markdown, flags=re.M)


def write_table(subject: str) -> str:
    """Return a Markdown table of the names of a subject, followed by what local ImageKit does differently."""
    meanings = MEANINGS[subject]
    marks = {name: describe_code(CODES[name], [name]) for name in meanings}
    lines = ["| Name | Code | What it does, and its values | Local |", "|---|---|---|:-:|"]
    for name, meaning in meanings.items():
        values = _describe_values(ALLOWED[name])
        text = f"{meaning[0].upper()}{meaning[1:]}." + (f" *Values:* {values}." if values else "")
        lines.append(f"| `{name}` | `{CODES[name]}` | {text} | {marks[name][0]} |")
    return "\n".join([":::{container} transformation-names", *lines, ":::", "", *_list_differences(marks)])


def _list_differences(marks: dict[str, tuple[str, str]]) -> Iterator[str]:
    names_of: dict[tuple[str, str], list[str]] = {}
    for name, (mark, note) in marks.items():
        if mark != "✓":
            names_of.setdefault((mark, note), []).append(f"`{name}`")
    for (mark, note), names in names_of.items():
        yield f"- {mark} {', '.join(names)}: {note}."


def _describe_values(allowed: Allowed) -> str:
    """Return the values of a name, or an empty text if its meaning already describes their syntax."""
    words = [f"`{word}`" for word in allowed.listed if word not in OBJECTS]
    if allowed.is_switch:
        words = ["`True`", "`False`", *(word for word in words if word not in ("`true`", "`false`", "`-`"))]
    elif "`-`" in words:
        words[words.index("`-`")] = "`-` (no value)"
    if not words and allowed.others == "any":
        return ""
    text = ", ".join([*words, *_OTHERS[allowed.others]])
    return f"{text}; several in a list, or joined with `_`" if allowed.is_joined else text


def list_names() -> list[str]:
    """Return the names in all tables."""
    return [*chain.from_iterable(MEANINGS.values())]
