from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagekitio.local.coverage import UNREAD_CODES
from imagekitio.local.rendering import Transformation, TransformationError
from imagekitio.local.rendering.language.conditions import parse_condition
from imagekitio.local.rendering.language.expressions import Expression
from imagekitio.local.rendering.language.grammar import CONTENT_CODES, KNOWN_CODES, LAYER_CODES
from imagekitio.local.rendering.language.layers import Canvas, Picture, Text
from imagekitio.local.rendering.language.steps import Conditional, Step, parse_steps
from imagekitio.local.rendering.language.values import Output, Page

if TYPE_CHECKING:
    from imagekitio.local.rendering.language.steps import Chain

# Every code of a step with a value other than its default; the codes of old overlays become layers.
SAMPLES = [
    *("w-5", "h-5", "ar-4-3", "dpr-2", "c-force", "cm-extract", "fo-left", "x-1", "y-1", "xc-1", "yc-1", "z-2"),
    *("rt-auto", "rt-90", "t-true", "e-grayscale", "bl-3", "b-1_red", "r-5", "fl-h", "o-50", "bg-red", "bg-genfill"),
    *("e-contrast", "e-colorize", "cr-red", "e-sharpen", "e-usm", "e-shadow", "e-distort-a-9", "e-gradient"),
    *("e-bgremove", "e-removedotbg", "e-changebg", "e-edit", "e-dropshadow", "e-retouch", "e-upscale", "e-genvar"),
    *("f-png", "q-5", "lo-true", "pr-true", "md-true", "cp-true", "dn-72", "orig-true", "di-a.png", "pg-2"),
]


def parse_step(steps: str) -> Step:
    (step,) = parse_steps(steps)
    assert isinstance(step, Step)
    return step


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_code_has_an_effect_on_its_own(sample: str) -> None:
    assert parse_step(sample) != parse_step("c2pa-true")


def test_the_samples_include_every_code() -> None:
    def is_old(code: str) -> bool:
        return code.startswith("o") and code not in ("o", "orig")

    sampled = {sample.partition("-")[0] for sample in SAMPLES} | {"-".join(each.split("-")[:2]) for each in SAMPLES}
    elsewhere = LAYER_CODES | CONTENT_CODES | UNREAD_CODES.keys() | {"n"}
    assert {code for code in KNOWN_CODES - elsewhere if not is_old(code)} <= sampled


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("w-30,h-20", "h-20.0,,w-30:"),
        ("w-1,w-2", "w-2"),
        ("e-sharpen", "e-sharpen-50"),
        ("ar-4:3,w-5", "w-5,ar-4_3"),
        ("bg-red,r-5", "r-5_5_5_5,bg-FF0000"),
        ("n-small", "w-9,h-9:rt-90"),
        ("ac-none,vc-h264:q-5", "c2pa-true:q-5"),
        ("ot-Hi,ots-20", "l-text,i-Hi,fs-20,t-false,l-end"),
        ("l-image,i-a@@b.png,l-end", "l-image,ie-L2EvYi5wbmc,l-end"),
        ("if-w_gt_5_or_ar_eq_4-2,w-5,if-end", "if-w_gt_5.0_or_ar_eq_2,w-5,if-end"),
    ],
)
def test_equivalent_texts_become_the_same_steps(one: str, other: str) -> None:
    named = {"small": "tr:w-9,h-9:rt-90"}
    assert parse_steps(one, named) == parse_steps(other, named)
    assert hash(parse_steps(one, named)) == hash(parse_steps(other, named))
    assert Transformation.parse(one, named).normalised == Transformation.parse(other, named).normalised


def test_both_branches_of_a_condition_and_nested_layers_are_read_completely() -> None:
    block, last = parse_steps(
        "if-ar_gt_1,w-iw_div_2,l-image,i-a.png,t-false,l-text,i-x,fs-bh_div_3,l-end,l-end,if-else,rt-auto,if-end:q-5"
    )
    assert isinstance(block, Conditional)
    assert isinstance(last, Step)
    assert block.condition == parse_condition("ar_gt_1")
    assert block.otherwise == parse_steps("rt-auto")
    (then,) = block.then
    assert isinstance(then, Step)
    assert then.edit.resize.width == Expression(("iw", 2.0), ("div",))
    (picture,) = then.overlays
    assert picture.content == Picture("/a.png", Page(0))
    (inside,) = picture.chain
    assert isinstance(inside, Step)
    (words,) = inside.overlays
    assert isinstance(words.content, Text)
    assert words.content.font_size == Expression(("bh", 3.0), ("div",))
    assert last.output.quality == 5


def test_layers_keep_their_order_whatever_their_kind() -> None:
    step = parse_step("w-5,l-text,i-x,l-end,l-video,i-a.mp4,l-end,l-image,i-ik_canvas,l-end,l-image,i-a.png,l-end,h-5")
    assert [type(overlay.content) for overlay in step.overlays] == [Text, Canvas, Picture]
    assert step.video_layers == ("video",)


@pytest.mark.parametrize(
    "steps",
    [
        *("w-0", "w-5:h-0", "pg-0", "q-0", "dn-0", "n-x", "oi-a.png,ow-0"),
        *("if-w_gt_1,w-0,if-end", "if-w_gt_1,w-1,if-else,w-0,if-end", "if-w_big_1,w-1,if-end"),
        *("l-image,i-a.png,w-0,l-end", "l-image,lfo-x,i-a.png,l-end", "l-text,i-x,fs-0,l-end"),
        *("l-image,i-a.png:if-w_gt_1,w-0,if-end,l-end", "l-image,i-a.png,l-text,i-x,fs-0,l-end,l-end"),
    ],
)
def test_an_invalid_value_is_refused_wherever_it_is(steps: str) -> None:
    with pytest.raises(TransformationError, match=r"EINVAL - code '[a-z]+' must"):
        parse_steps(steps, {"x": "w-0"})


@pytest.mark.parametrize(
    "steps", ["orig-true", "w-0,orig-true", "orig-true:q-500", "if-w_gt_1,w-5,if-else,orig-true,if-end:ox-5,e-bgremove"]
)
def test_steps_that_request_the_original_contain_nothing_else(steps: str) -> None:
    asked = Transformation.parse(f"{steps}:di-a.png,f-mp4")
    assert asked.chain == parse_steps("orig-true,di-a.png")
    assert asked.output == Output(original=True, default_image="/a.png")


def test_the_last_value_of_orig_wins() -> None:
    assert not Transformation.parse("orig-true:orig-false,w-5").output.original
    with pytest.raises(TransformationError, match="code 'orig' must be one of true, false"):
        parse_steps("orig-true:orig-yes")


def test_no_steps_are_an_empty_chain() -> None:
    chain: Chain = ()
    assert parse_steps("") == parse_steps(":,:") == chain


@settings(deadline=None)
@given(st.text(st.sampled_from("whlrtqbgi0123456789-_,:Nxend.fE%é")) | st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(TransformationError):
        assert parse_steps(text) == parse_steps(text)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(KNOWN_CODES)), st.text(max_size=12)), max_size=4))
def test_any_value_of_any_code_is_read_or_refused(values: list[tuple[str, str]]) -> None:
    text = ",".join(f"{code}-{value}" for code, value in values)
    for steps in (text, f"l-image,i-a.png,{text},l-end", f"l-text,i-x,{text},l-end", f"if-w_gt_1,{text},if-end"):
        with contextlib.suppress(TransformationError):
            parse_steps(steps)
