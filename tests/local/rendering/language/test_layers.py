from __future__ import annotations

import base64
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagekitio.local.rendering import TransformationError
from imagekitio.local.rendering.language.colours import BLACK, Colour
from imagekitio.local.rendering.language.expressions import Expression
from imagekitio.local.rendering.language.layers import Canvas, FontFile, Picture, Text
from imagekitio.local.rendering.language.steps import Overlay, Step, parse_steps
from imagekitio.local.rendering.language.values import Page


def parse_overlay(steps: str) -> Overlay:
    (step,) = parse_steps(steps)
    assert isinstance(step, Step)
    (layer,) = step.overlays
    return layer


def parse_text(steps: str) -> Text:
    content = parse_overlay(f"l-text,{steps},l-end").content
    assert isinstance(content, Text)
    return content


@pytest.mark.parametrize(
    ("steps", "path", "page"),
    [
        ("i-logo.png", "/logo.png", 0),
        ("i-a@@b@@logo.png", "/a/b/logo.png", 0),
        ("i-@@a@@logo.png", "/a/logo.png", 0),
        ("ie-Y3VzdG9tZXJfbG9nby9ueWthYSDDqS5wbmc%3D", "/customer_logo/nykaa é.png", 0),
        ("i-other.png,ie-L2EvYi5wbmc", "/a/b.png", 0),
        ("i-a.gif,pg-3", "/a.gif", 2),
    ],
)
def test_a_picture_is_named_by_its_path(steps: str, path: str, page: int) -> None:
    assert parse_overlay(f"l-image,{steps},l-end").content == Picture(path, Page(page))


def test_pictures_are_trimmed_first_unless_trimming_is_disabled() -> None:
    assert parse_overlay("l-image,i-a.png,w-50:rt-90,lx-5,l-end").chain == parse_steps("t-true:w-50:rt-90")
    assert parse_overlay("l-image,i-a.png,w-50,t-false,l-end").chain == parse_steps("w-50,t-false")


def test_a_colour_block_keeps_the_edits_that_follow_its_drawing() -> None:
    read = parse_overlay("l-image,i-ik_canvas,bg-FF0000,al-5,w-bw_div_2,r-10,l-end")
    assert read.content == Canvas(Expression(("bw", 2.0), ("div",)), None, Colour(255, 0, 0, 0.5), None)
    assert read.chain == parse_steps("r-10")


def test_the_strength_of_a_displacement_is_not_a_position() -> None:
    read = parse_overlay("l-image,i-a.png,t-false,w-5,lm-displace,x-9,y-bw,l-end")
    assert read.displacement == (Expression((9.0,)), Expression(("bw",)))
    assert read.chain == parse_steps("t-false,w-5")
    assert parse_overlay("l-image,i-a.png,t-false,x-9,l-end").displacement == (None, None)


@pytest.mark.parametrize(
    ("colour", "opacity"), [("FF0000,al-3", 0.3), ("FF000080,al-3", 0.8), ("red,al-3", 1.0), ("red", 1.0)]
)
def test_al_applies_to_plain_hexadecimal_colours(colour: str, opacity: float) -> None:
    assert parse_text(f"i-x,co-{colour}").colour == Colour(255, 0, 0, opacity)


def test_a_text_has_the_documented_defaults() -> None:
    read = parse_text("i-x")
    assert (read.font_size, read.colour, read.alignment) == (Expression((45.0,)), BLACK, "center")
    assert (read.width, read.font, read.background, read.line_height) == (None, None, None, None)
    assert read.is_trimmed
    assert not (read.bold)
    assert not (read.italic)
    assert not (read.strikethrough)


def test_padding_is_in_the_order_of_css() -> None:
    def sides(padding: str) -> list[float | None]:
        return [side.literal for side in parse_text(f"i-x,pa-{padding}").padding]

    assert sides("5") == [5, 5, 5, 5]
    assert sides("5_10") == [5, 10, 5, 10]
    assert sides("5_10_15") == [5, 10, 15, 10]
    assert sides("5_10_15_20") == [5, 10, 15, 20]
    assert parse_text("i-x,pa-bw_mul_0.1").padding == (Expression(("bw", 0.1), ("mul",)),) * 4


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("i-Hello", "Hello"),
        ("i-a%20b", "a b"),
        ("i-100% sure", "100% sure"),
        ("ie-4KS54KS%2F4KSo4KWN4KSm4KWA", "हिन्दी"),
        ("ie-RXZlcnkgdGhpbmcsIG9rPw%3D%3D", "Every thing, ok?"),
        ("ie-YQpi", "a\nb"),
        ("ie-YQBiAQ", "ab"),  # control characters are dropped except line feeds and tabs
    ],
)
def test_texts_are_decoded(written: str, words: str) -> None:
    assert parse_text(written).text == words


@settings(deadline=None)
@given(st.text(min_size=1, max_size=200).filter(lambda text: any(c.isalnum() for c in text)))
def test_every_text_survives_base64_in_both_alphabets(words: str) -> None:
    plain = "".join(c for c in words if c in "\t\n" or (c >= " " and c != "\x7f"))
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        encoded = encode(words.encode()).decode()
        for written in (encoded.rstrip("="), quote(encoded, safe="")):
            assert parse_text(f"ie-{written}").text == plain


def test_long_texts_are_truncated() -> None:
    assert len(parse_text(f"i-{'x' * 3000}").text) == 2000
    encoded = base64.b64encode(("é" * 1500).encode()).decode()
    assert set(parse_text(f"ie-{encoded}").text) == {"é"}
    assert len(parse_text(f"ie-{encoded}").text) == 2500 // 4 * 3 // 2


def test_fonts_are_names_or_files() -> None:
    assert parse_text("i-x,ff-Open Sans").font == "Open Sans"
    assert parse_text("i-x,ff-fonts@@My Font.TTF").font == FontFile("/fonts/My Font.TTF")


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ("l-image,w-5,l-end", "an image layer must name its picture"),
        ("l-text,fs-5,l-end", "a text layer must have a text"),
        ("l-text,i-x,h-5,l-end", "code 'h' has no meaning inside a text layer"),
        ("l-text,i-x,l-image,i-a.png,l-end,l-end", "a text layer must not contain layers or if-blocks"),
        ("l-text,i-x,fs-0,l-end", "code 'fs' must be above 0"),
        ("l-text,i-x,al-10,l-end", "code 'al' must be from 1 to 9"),
        ("l-text,i-x,tg-u,l-end", "code 'tg' must be one of b, i, strikethrough"),
        ("l-text,i-x,ia-middle,l-end", "code 'ia' must be one of left"),
        ("l-text,i-x,pa-1_2_3_4_5,l-end", "code 'pa' must be one to four numbers"),
        ("l-text,i-x,pa-N1,l-end", "code 'pa' must be one to four numbers"),
        ("l-text,i-x,ff-a<b,l-end", "code 'ff' must be the name of a font"),
        ("l-text,ie-%%,l-end", "code 'ie' must be base64"),
        ("l-text,ie-_w,l-end", "code 'ie' must be base64 of UTF-8"),
        ("l-text,i-x,lm-displace,x-5,l-end", "code 'lm' allows displace only in image layers"),
        ("l-image,i-a.png,lm-displace,l-end", "code 'lm' allows displace only in image layers, with x or y"),
        ("l-image,i-a.png,lm-screen,l-end", "code 'lm' must be one of multiply"),
        ("l-image,i-a.png,lfo-middle,l-end", "code 'lfo' must be one of top_left"),
        ("l-image,i-a.png,lx-left,l-end", "code 'lx' must be a number"),
        ("l-image,i-a.png,f-png,l-end", "code 'f' has no meaning inside a layer"),
        ("l-image,i-a.png,dn-72,l-end", "code 'dn' has no meaning inside a layer"),
        ("l-image,i-a.png:if-w_gt_5,f-png,if-end,l-end", "code 'f' has no meaning inside a layer"),
        ("l-image,i-ik_canvas,fs-5,l-end", "code 'fs' has no meaning for ik_canvas"),
        ("l-image,i-ik_canvas:rt-90,pg-2,l-end", "code 'pg' has no meaning for ik_canvas"),
        ("l-image,i-a.png,pg-0,l-end", "code 'pg' must be from 1"),
    ],
)
def test_errors_in_layers_are_named(steps: str, message: str) -> None:
    with pytest.raises(TransformationError) as caught:
        parse_overlay(steps)
    assert message in caught.value.message
    assert caught.value.status == 400
