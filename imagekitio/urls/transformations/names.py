"""The names of transformations in every generation of the SDK, and their codes in a URL.

One table is enough for all generations: no name has two codes. The sets below it list the names whose values are
special. They contain names rather than codes, because generations differ: ``effect_gray: True`` has always given
``e-grayscale-true``, while ``grayscale: True`` gives ``e-grayscale``.

Source: ImageKit docs, "Image transformations", and the name tables of releases 2 to 5.
"""

from __future__ import annotations

# fmt: off
CODES: dict[str, str] = {
    # Size, crop and focus
    "height": "h", "width": "w", "aspect_ratio": "ar", "crop": "c", "crop_mode": "cm", "focus": "fo", "x": "x",
    "y": "y", "x_center": "xc", "y_center": "yc", "zoom": "z", "dpr": "dpr",
    # Look
    "background": "bg", "blur": "bl", "border": "b", "color_replace": "cr", "colorize": "e-colorize",
    "contrast_stretch": "e-contrast", "distort": "e-distort", "effect_contrast": "e-contrast",
    "effect_gradient": "e-gradient", "effect_gray": "e-grayscale", "effect_shadow": "e-shadow",
    "effect_sharpen": "e-sharpen", "effect_usm": "e-usm", "flip": "fl", "gradient": "e-gradient",
    "grayscale": "e-grayscale", "opacity": "o", "radius": "r", "rotation": "rt", "shadow": "e-shadow",
    "sharpen": "e-sharpen", "trim": "t", "unsharp_mask": "e-usm",
    # Generative AI
    "ai_change_background": "e-changebg", "ai_drop_shadow": "e-dropshadow", "ai_edit": "e-edit",
    "ai_remove_background": "e-bgremove", "ai_remove_background_external": "e-removedotbg", "ai_retouch": "e-retouch",
    "ai_upscale": "e-upscale", "ai_variation": "e-genvar",
    # Output
    "color_profile": "cp", "default_image": "di", "density": "dn", "format": "f", "lossless": "lo", "metadata": "md",
    "named": "n", "original": "orig", "page": "pg", "progressive": "pr", "quality": "q",
    # Video
    "audio_codec": "ac", "duration": "du", "end_offset": "eo", "start_offset": "so", "streaming_resolutions": "sr",
    "video_codec": "vc",
    # Text and subtitle layers
    "alpha": "al", "color": "co", "font_color": "co", "font_family": "ff", "font_outline": "fol", "font_shadow": "fsh",
    "font_size": "fs", "inner_alignment": "ia", "line_height": "lh", "padding": "pa", "typography": "tg",
    # Overlays of releases 2 and 3, which had no layers
    "overlay_alpha": "oa", "overlay_background": "obg", "overlay_focus": "ofo", "overlay_height": "oh",
    "overlay_image": "oi", "overlay_image_aspect_ratio": "oiar", "overlay_image_background": "oibg",
    "overlay_image_border": "oib", "overlay_image_cropping": "oic", "overlay_image_dpr": "oidpr",
    "overlay_image_focus": "oifo", "overlay_image_quality": "oiq", "overlay_image_trim": "oit", "overlay_radius": "or",
    "overlay_text": "ot", "overlay_text_background": "otbg", "overlay_text_color": "otc", "overlay_text_encoded": "ote",
    "overlay_text_font_family": "otf", "overlay_text_font_size": "ots", "overlay_text_inner_alignment": "otia",
    "overlay_text_padding": "otp", "overlay_text_transparency": "oa", "overlay_text_typography": "ott",
    "overlay_text_width": "otw", "overlay_width": "ow", "overlay_x": "ox", "overlay_y": "oy",
}

# Codes without a name in any generation.
NAMELESS_CODES = frozenset({"c2pa", "i", "ie", "oicm", "oix", "oixc", "oiy", "oiyc"})

# Keys of a step that are not names of transformations.
KEYWORDS = frozenset({"overlay", "raw"})

# Every key that a step may have.
KNOWN_NAMES = frozenset({*CODES, *CODES.values(), *NAMELESS_CODES, *KEYWORDS})

# Effects without a value: either on (True, "true", "-") or left out.
FLAGS = frozenset({
    "ai_remove_background", "ai_remove_background_external", "ai_retouch", "ai_upscale", "ai_variation",
    "contrast_stretch", "grayscale",
})
# fmt: on

# Effects with an optional value: True, "true" and "" give the bare code.
FLAGS_WITH_OPTIONAL_VALUE = frozenset({"ai_drop_shadow", "gradient", "shadow", "sharpen", "unsharp_mask"})

# Names whose values are paths in the media library: outer slashes are dropped, inner ones become @@.
PATHS = frozenset({"default_image", "di", "ff", "font_family", "oi", "overlay_image"})

# If several names have one code, the first that accepts any value.
NAMES_BY_CODE: dict[str, str] = {}
for _name, _code in CODES.items():
    if _code not in NAMES_BY_CODE or NAMES_BY_CODE[_code] in FLAGS:
        NAMES_BY_CODE[_code] = _name
