"""The values that transformations accept.

`types` is generated from this table, and `checking` reads it; the local renderer takes its lists from here too.

Source: ImageKit docs, "Image transformations", "Video transformations" and "Overlay using layers".
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from .names import CODES, NAMES_BY_CODE


class Allowed(NamedTuple):
    """The values of one transformation. None and an empty str, which leave it out, are always allowed.

    Attributes:
        listed: Values that the service lists.
        others: Which other values are allowed: none, numbers, expressions (numbers, and arithmetic such as
            ``iw_div_2``), or any text and number.
        is_switch: Whether True and False are allowed.
        is_joined: Whether several values are allowed, as a list or joined with ``_``.
    """

    listed: tuple[str, ...] = ()
    others: Literal["none", "numbers", "expressions", "any"] = "none"
    is_switch: bool = False
    is_joined: bool = False


_CROPS = ("maintain_ratio", "maintain_ratio_no_enlarge", "force", "at_max", "at_max_enlarge", "at_least")
_CROP_MODES = ("extract", "pad_resize", "pad_resize_no_enlarge", "pad_extract", "pad_extract_no_shrink")
_POSITIONS = (
    *("center", "top", "left", "bottom", "right"),
    *("top_left", "top_right", "bottom_left", "bottom_right"),
)

# The classes of the COCO data set, which the documentation lists as the objects that can be detected.
_OBJECT_NAMES = """
    person bicycle car motorcycle airplane bus train truck boat trafficLight fireHydrant stopSign parkingMeter bench
    bird cat dog horse sheep cow elephant bear zebra giraffe backpack umbrella handbag tie suitcase frisbee skis
    snowboard sportsBall kite baseballBat baseballGlove skateboard surfboard tennisRacket bottle wineGlass cup fork
    knife spoon bowl banana apple sandwich orange broccoli carrot hotDog pizza donut cake chair couch pottedPlant bed
    diningTable toilet tv laptop mouse remote keyboard cellPhone microwave oven toaster sink refrigerator book clock
    vase scissors teddyBear hairDrier toothbrush
"""
OBJECTS = tuple(_OBJECT_NAMES.split())

_FONTS = (
    *("AbrilFatFace", "Amaranth", "Arvo", "Audiowide", "Chivo", "Crimson Text", "exo", "Fredoka One", "Gravitas One"),
    *("Kanit", "Lato", "Lobster", "Lora", "Monoton", "Montserrat", "PT Mono", "PT_Serif", "Open Sans", "Roboto"),
    *("Old Standard", "Ubuntu", "Vollkorn"),
)

# The parts of arithmetic in values, apart from numbers.
OPERATOR_SIGNS: dict[str, str] = {"add": "+", "sub": "-", "mul": "*", "div": "/", "mod": "mod", "pow": "^"}
OPERATORS = frozenset(OPERATOR_SIGNS)
VARIABLES = frozenset({"iw", "ih", "iar", "idn", "idu", "cw", "ch", "car", "bw", "bh", "bar", "bdu"})

_NUMBER = Allowed(others="numbers")
_EXPRESSION = Allowed(others="expressions")
_ANY = Allowed(others="any")
_PARTS = Allowed(others="any", is_joined=True)
_TRUE_OR_FALSE = Allowed(("true", "false"), is_switch=True)
_FLAG = Allowed(("true", "false", "-"), is_switch=True)
_EFFECT = Allowed(("true", "-"), others="any", is_switch=True)  # its value is optional
_OLD_EFFECT = Allowed(("-",), others="any")
_TRIM = Allowed(("true", "false", "-"), others="numbers", is_switch=True)
_FOCUSES = (*_POSITIONS, "auto", "face", "custom", "auto-custom_override", *OBJECTS)
_FOCUS = Allowed(_FOCUSES, others="any", is_joined=True)
_POSITION = Allowed(_POSITIONS)
_ALIGNMENT = Allowed(("left", "right", "center"))
_TYPOGRAPHY = Allowed(("b", "i", "strikethrough"), is_joined=True)
_PADDING = Allowed(others="expressions", is_joined=True)
_CORNERS = Allowed(("max",), others="numbers", is_joined=True)

_BY_NAME: dict[str, Allowed] = {
    # Size, crop and focus
    "height": _EXPRESSION,
    "width": Allowed(("auto",), others="expressions"),
    "aspect_ratio": _PARTS,
    "crop": Allowed(_CROPS),
    "crop_mode": Allowed(_CROP_MODES),
    "focus": _FOCUS,
    **dict.fromkeys(("x", "y", "x_center", "y_center"), _EXPRESSION),
    "zoom": _NUMBER,
    "dpr": Allowed(("auto",), others="expressions"),
    # Look
    "background": Allowed(("dominant", "blurred", "gradient_dominant", "genfill"), others="any", is_joined=True),
    "blur": _NUMBER,
    **dict.fromkeys(("border", "color_replace"), _PARTS),
    **dict.fromkeys(("colorize", "distort"), _ANY),
    **dict.fromkeys(("contrast_stretch", "grayscale"), _FLAG),
    **dict.fromkeys(("effect_contrast", "effect_gray"), _FLAG._replace(others="any")),  # on with any value
    **dict.fromkeys(("effect_gradient", "effect_shadow", "effect_usm"), _OLD_EFFECT),
    "effect_sharpen": _OLD_EFFECT._replace(others="numbers"),
    **dict.fromkeys(("gradient", "shadow", "unsharp_mask"), _EFFECT),
    "sharpen": _EFFECT._replace(others="numbers"),
    "flip": Allowed(("h", "v"), is_joined=True),
    "opacity": _NUMBER,
    "radius": _CORNERS,
    "rotation": Allowed(("auto",), others="numbers"),
    "trim": _TRIM,
    # Generative AI
    **dict.fromkeys(("ai_change_background", "ai_edit"), _ANY),
    "ai_drop_shadow": _EFFECT,
    **dict.fromkeys(("ai_remove_background", "ai_remove_background_external"), _FLAG),
    **dict.fromkeys(("ai_retouch", "ai_upscale", "ai_variation"), _FLAG),
    # Output
    **dict.fromkeys(("color_profile", "lossless", "metadata", "original", "progressive"), _TRUE_OR_FALSE),
    **dict.fromkeys(("default_image", "named"), _ANY),
    "density": _EXPRESSION,
    "format": Allowed(("auto", "jpg", "jpeg", "png", "webp", "avif", "gif", "svg", "orig", "mp4", "webm")),
    "page": _PARTS,
    "quality": _NUMBER,
    # Video
    "audio_codec": Allowed(("aac", "opus", "none")),
    **dict.fromkeys(("duration", "end_offset", "start_offset"), _EXPRESSION),
    "streaming_resolutions": Allowed(others="numbers", is_joined=True),
    "video_codec": Allowed(("h264", "vp9", "av1", "none")),
    # Text and subtitle layers
    "alpha": _NUMBER,
    **dict.fromkeys(("color", "font_color"), _ANY),
    "font_family": Allowed(_FONTS, others="any"),
    **dict.fromkeys(("font_outline", "font_shadow"), _PARTS),
    **dict.fromkeys(("font_size", "line_height"), _EXPRESSION),
    "inner_alignment": _ALIGNMENT,
    "padding": _PADDING,
    "typography": _TYPOGRAPHY,
    # Overlays of releases 2 and 3
    **dict.fromkeys(("overlay_alpha", "overlay_image_quality", "overlay_text_transparency"), _NUMBER),
    **dict.fromkeys(("overlay_background", "overlay_image_background", "overlay_text_background"), _ANY),
    **dict.fromkeys(("overlay_image", "overlay_text", "overlay_text_color", "overlay_text_encoded"), _ANY),
    "overlay_text_font_family": _ANY,
    **dict.fromkeys(("overlay_height", "overlay_width", "overlay_x", "overlay_y"), _EXPRESSION),
    **dict.fromkeys(("overlay_image_dpr", "overlay_text_font_size", "overlay_text_width"), _EXPRESSION),
    **dict.fromkeys(("overlay_image_aspect_ratio", "overlay_image_border"), _PARTS),
    "overlay_focus": _POSITION,
    "overlay_image_cropping": Allowed(_CROPS),
    "overlay_image_focus": _FOCUS,
    "overlay_image_trim": _TRIM,
    "overlay_radius": _CORNERS,
    "overlay_text_inner_alignment": _ALIGNMENT,
    "overlay_text_padding": _PADDING,
    "overlay_text_typography": _TYPOGRAPHY,
}
_NAMELESS: dict[str, Allowed] = {
    "c2pa": _TRUE_OR_FALSE,
    **dict.fromkeys(("i", "ie"), _ANY),
    "oicm": Allowed(_CROP_MODES),
    **dict.fromkeys(("oix", "oixc", "oiy", "oiyc"), _EXPRESSION),
}

# Every key of a step but `overlay` and `raw`, in the order of `CODES`. A code accepts the values of its name.
ALLOWED: dict[str, Allowed] = {
    **{name: _BY_NAME[name] for name in CODES},
    **{code: _BY_NAME[name] for code, name in NAMES_BY_CODE.items() if code not in CODES},
    **_NAMELESS,
}

# The keys of an overlay whose values are written unchanged.
ALLOWED_IN_OVERLAYS: dict[str, Allowed] = {
    "layer_mode": Allowed(("multiply", "cutter", "cutout", "displace")),
    **dict.fromkeys(("position.x", "position.y", "position.x_center", "position.y_center"), _EXPRESSION),
    **dict.fromkeys(("position.anchor_point", "position.focus"), _POSITION),
    **dict.fromkeys(("timing.start", "timing.end", "timing.duration"), _EXPRESSION),
}

# The names, apart from `raw`, that have a meaning in the steps of a layer without a picture, by its type.
NAMES_IN_LAYERS: dict[str, tuple[str, ...]] = {
    "text": (
        *("width", "font_size", "font_family", "font_color", "inner_alignment", "padding", "alpha", "typography"),
        *("line_height", "background", "radius", "rotation", "flip", "trim", "named"),
    ),
    "subtitle": (
        *("font_size", "font_family", "color", "background", "typography", "font_outline", "font_shadow", "named"),
    ),
}
