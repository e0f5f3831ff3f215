"""Warnings about characters that the available fonts cannot draw.

``tests/data/fonts/two-colours.ttf`` was made for these tests: its only character, U+E000, is red above and blue below.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pyvips

from imagekitio.local.rendering import LayerFile, Rendered
from imagekitio.local.rendering.drawing import glyphs
from imagekitio.local.rendering.drawing.fonts import Font, named_font

if TYPE_CHECKING:
    from imagekitio.local.rendering.context import Library

Picture = Callable[..., Path]
Render = Callable[..., "tuple[Rendered, pyvips.Image]"]

COLOURED = "\ue000"
NEVER = "\ufdd1"  # not a character, so no font has it
NEVER_WIDE = "\U000ffffe"
TWO_COLOURS = Path(__file__).parents[3] / "data" / "fonts" / "two-colours.ttf"


@pytest.fixture
def font() -> Font:
    return named_font(None, bold=False, italic=False)


@pytest.fixture
def library() -> Library:
    return {"/two.ttf": LayerFile(TWO_COLOURS)}.get


def write_layer(text: str, *options: str) -> str:
    encoded = base64.urlsafe_b64encode(text.encode()).decode()
    return ",".join(["l-text", f"ie-{encoded}", *options, "l-end"])


@pytest.mark.parametrize(
    "text", ["Hello, World! 0123", "Grüße aus Łódź", "Привет", "Γειά", "a\u0301\u200d\ufe0f", " \t\n"]
)
def test_characters_that_a_font_has_cause_no_warning(font: Font, text: str) -> None:
    assert glyphs.find_warnings(text, font) == []


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("missing", [NEVER, NEVER_WIDE])
def test_the_warning_about_boxes_names_the_missing_characters(bold: bool, missing: str) -> None:
    font = named_font(None, bold=bold, italic=bold)
    expected = [f"no font here has U+{ord(missing):04X}: boxes are drawn instead"]
    assert glyphs.find_warnings(f"a {missing} b", font) == expected
    assert glyphs.find_warnings(missing * 3, font) == expected


def test_boxes_are_distinguished_from_characters_that_look_like_them(font: Font) -> None:
    assert glyphs.find_warnings("[]|", font) == []
    drawn, box = glyphs._draw("\u25a1", font), glyphs._draw(NEVER, font)
    assert drawn is not None
    assert box is not None
    is_box = glyphs._frame(drawn) == glyphs._frame(box)
    assert is_box == bool(glyphs.find_warnings("\u25a1", font))


def test_the_warning_includes_the_names_of_missing_characters(font: Font, monkeypatch: pytest.MonkeyPatch) -> None:
    def draw(character: str, font: Font) -> pyvips.Image | None:
        return pyvips.Image.black(9, 9, bands=4) if character in "\ufdd0नम" else None

    monkeypatch.setattr(glyphs, "_draw", draw)
    glyphs._box.cache_clear()
    glyphs._is_coloured.cache_clear()
    try:
        assert glyphs.find_warnings("न a म", font) == [
            "no font here has U+0928 DEVANAGARI LETTER NA, U+092E DEVANAGARI LETTER MA: boxes are drawn instead"
        ]
    finally:
        glyphs._box.cache_clear()
        glyphs._is_coloured.cache_clear()


def test_the_warning_names_only_a_few_missing_characters(font: Font) -> None:
    text = "".join(map(chr, range(0xFDD0, 0xFDF0)))
    (warning,) = glyphs.find_warnings(text, font)
    assert warning == (
        "no font here has U+FDD0, U+FDD1, U+FDD2, U+FDD3, U+FDD4 and possibly others: boxes are drawn instead"
    )


@pytest.mark.parametrize("emoji", ["😀", "🦀"])
def test_emoji_without_colours_always_cause_a_warning(font: Font, emoji: str) -> None:
    drawn = glyphs._draw(emoji, font)
    assert drawn is not None
    warnings = glyphs.find_warnings(f"ok {emoji}", font)
    assert len(warnings) == (not glyphs.has_colours(drawn, (0, 255, 0)))  # depends on the fonts of this machine
    assert all(f"no font here has U+{ord(emoji):X} " in each for each in warnings)


def read_colours(image: pyvips.Image) -> set[tuple[int, ...]]:
    """Return the colours of all pixels; the size of coloured glyphs depends on the settings of the machine."""
    samples = bytes(image.extract_band(0, n=3).write_to_memory())
    return {tuple(samples[at : at + 3]) for at in range(0, len(samples), 3)}


def test_a_font_with_colours_keeps_them(picture: Picture, render_file: Render, library: Library) -> None:
    text = write_layer(COLOURED, "ff-two.ttf", "fs-40", "co-00FF00")
    steps = f"l-image,i-ik_canvas,bg-white,l-end,{text},lo-true"
    result, image = render_file(picture(100, 100), steps, library=library)
    assert result.warnings == ()
    assert {(255, 0, 0), (0, 0, 255), (255, 255, 255)} <= read_colours(image)
    assert not {(0, 255, 0)} & read_colours(image)
    left, top, width, height = image.find_trim(background=[255, 255, 255])
    above, below = (image(left + width // 2, top + height * part // 4)[:3] for part in (1, 3))
    assert (above, below) == ([255, 0, 0], [0, 0, 255])


def test_letters_next_to_coloured_glyphs_have_the_colour_of_the_text(
    picture: Picture, render_file: Render, library: Library
) -> None:
    render_file(picture(64, 64), write_layer("x"))  # loads the default font
    steps = write_layer(f"x{COLOURED}", "ff-two.ttf", "fs-40", "co-00FF00", "bg-FFFFFF", "pa-4")
    _, image = render_file(picture(200, 200), f"{steps},lo-true", library=library)
    assert {(255, 0, 0), (0, 0, 255), (0, 255, 0), (255, 255, 255)} <= read_colours(image)


def test_opacity_fades_colours_too(picture: Picture, render_file: Render, library: Library) -> None:
    over = write_layer(COLOURED, "ff-two.ttf", "fs-40", "al-5")
    _, image = render_file(picture(100, 100), f"l-image,i-ik_canvas,bg-white,l-end,{over},lo-true", library=library)
    faded = read_colours(image)
    for expected in ((255, 127, 127), (127, 127, 255)):
        assert any(colour == pytest.approx(expected, abs=2) for colour in faded)
    assert not {(255, 0, 0), (0, 0, 255)} & faded


def test_a_rendition_has_a_warning_about_missing_characters(picture: Picture, render_file: Render) -> None:
    result, _ = render_file(picture(64, 64), write_layer(f"a{NEVER}") + "," + write_layer(f"b{NEVER}"))
    assert result.warnings == ("no font here has U+FDD1: boxes are drawn instead",)
