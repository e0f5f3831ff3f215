from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.urls.quoting import unquote_form
from imagekitio.urls.transformations.parsing import StepParser, order_layers
from imagekitio.urls.transformations.steps import write_path_steps, write_query_steps

WRITERS = [write_path_steps, write_query_steps]


def parse(steps: str) -> list[dict[str, Any]]:
    return StepParser(write_path_steps).parse(steps)


POSITION = {"position": {"x": 10, "y": "N5", "focus": "top"}}
OVERLAYS: list[dict[str, Any]] = [
    {"type": "text", "text": "Hi"},
    {"type": "text", "text": "Every thing, ok?"},
    {"type": "text", "text": "a/b, c?", "encoding": "plain"},
    {"type": "text", "text": "50% हिन्दी"},
    {"type": "text", "text": "plain", "encoding": "base64"},
    {"type": "text", "text": "/"},
    {"type": "text", "text": "Sale", **POSITION, "timing": {"start": 5, "duration": "du_div_2"}},
    {"type": "text", "text": "Sale", "transformation": [{"font_size": 40, "color": "FFFFFF"}, {"rotation": 90}]},
    {"type": "image", "input": "logos/small.png", "layer_mode": "multiply", **POSITION},
    {"type": "image", "input": "logos/klein é.png", "transformation": [{"height": "bh_div_2", "radius": "max"}]},
    {"type": "video", "input": "a.mp4"},
    {"type": "subtitle", "input": "sub/en.srt", "transformation": [{"typography": "b_i"}]},
    {"type": "solidColor", "color": "FF0000", **POSITION, "transformation": [{"width": 100, "effect_gradient": "-"}]},
    {
        "type": "image",
        "input": "outer.png",
        "transformation": [{"width": 100, "overlay": {"type": "text", "text": "in", **POSITION}}, {"blur": 3}],
    },
]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_overlay_is_parsed_back_to_the_same_dict(overlay: dict[str, Any]) -> None:
    transformation = [{"width": 5, "overlay": overlay, "quality": 80}, {"rotation": 90}]
    in_path = write_path_steps(transformation).removeprefix("tr:").removesuffix("/")
    assert parse(in_path) == transformation
    in_query = unquote_form(write_query_steps(transformation)).decode()
    if overlay.get("encoding") != "plain":  # there, a comma in the text ends the item
        assert StepParser(write_query_steps).parse(in_query) == transformation


@pytest.mark.parametrize(
    ("steps", "parsed"),
    [
        ("if-ar_gt_1,w-5:rt-90,if-else,h-5,if-end", [{"raw": "if-ar_gt_1,w-5:rt-90,if-else,h-5,if-end"}]),
        ("w-5:if-w_gt_5,l-text,i-a,l-end,if-end", [{"width": 5}, {"raw": "if-w_gt_5,l-text,i-a,l-end,if-end"}]),
        (
            "l-text,i-a,l-end,l-text,i-b,l-end,l-text,i-c,l-end",
            [{"overlay": {"type": "text", "text": "a"}, "raw": "l-text,i-b,l-end,l-text,i-c,l-end"}],
        ),
        ("l-text,i-a,lx-1,lx-2,l-end", [{"raw": "l-text,i-a,lx-1,lx-2,l-end"}]),
        ("l-text,fs-20,i-a,l-end,w-5", [{"raw": "l-text,fs-20,i-a,l-end", "width": 5}]),
        ("l-text,l-end", [{"raw": "l-text,l-end"}]),
        ("l-image,i-,l-end", [{"raw": "l-image,i-,l-end"}]),
        ("l-image,i-@@,l-end", [{"raw": "l-image,i-@@,l-end"}]),
        ("l-text,ie-!,l-end", [{"raw": "l-text,ie-!,l-end"}]),
        ("l-text,i-a", [{"raw": "l-text,i-a"}]),
        ("l-new,i-a,l-end", [{"raw": "l-new,i-a,l-end"}]),
        ("l-end,w-5", [{"raw": "l-end", "width": 5}]),
        ("w-5::h-5", [{"raw": "w-5::h-5"}]),
        ("", []),
    ],
)
def test_steps_that_no_dict_can_express_stay_raw(steps: str, parsed: list[dict[str, Any]]) -> None:
    assert parse(steps) == parsed


def test_layers_nested_too_deeply_stay_raw() -> None:
    steps = "l-image,i-a," * 400 + "l-end," * 399 + "l-end"
    assert write_path_steps(parse(order_layers(steps))) == write_path_steps({"raw": steps})
    assert write_path_steps(parse("l-image," * 5000)) == write_path_steps({"raw": "l-image," * 5000})


@pytest.mark.parametrize(
    ("typed", "ordered"),
    [
        ("w-5,l-text,fs-20,i-a,ly-2,lx-5,l-end:rt-90", "w-5,l-text,i-a,lx-5,ly-2,fs-20,l-end:rt-90"),
        ("l-image,i-a,w-50:rt-90,lfo-top,lm-cutter,l-end", "l-image,i-a,lm-cutter,lfo-top,w-50:rt-90,l-end"),
        ("l-image,w-5,i-a,l-text,lx-1,i-b,l-end,l-end,h-3", "l-image,i-a,w-5,l-text,i-b,lx-1,l-end,l-end,h-3"),
        ("w-5:h-3,if-w_gt_5,rt-90,if-end", "w-5:h-3,if-w_gt_5,rt-90,if-end"),
        ("l-text,fs-1,lx-1", "l-text,fs-1,lx-1"),
        ("l-text,,fs-1,i-a,l-end", "l-text,i-a,,fs-1,l-end"),
        ("", ""),
    ],
)
def test_the_items_of_a_layer_are_put_in_order(typed: str, ordered: str) -> None:
    assert order_layers(typed) == ordered


KNOWN = (
    "w-5 h-N5 rt-90 l-text l-image i-a i-a@@b ie-SGk= i-ik_canvas bg-red lx-5 lso-1 lm-cutter l-end l-end if-w_gt_5 "
    "if-else if-end"
)
tokens = st.sampled_from(KNOWN.split()) | st.text(max_size=5)
texts = st.lists(st.tuples(tokens, st.sampled_from(",,,:"))).map(lambda pairs: "".join(a + b for a, b in pairs)[:-1])


@given(texts, st.sampled_from(WRITERS))
def test_the_dicts_give_the_same_as_the_text(steps: str, write: Any) -> None:
    assert write(StepParser(write).parse(steps)) == write({"raw": steps})


@given(texts)
def test_reordering_loses_nothing_and_is_idempotent(steps: str) -> None:
    ordered = order_layers(steps)
    assert sorted(re.split("[,:]", ordered)) == sorted(re.split("[,:]", steps))
    assert order_layers(ordered) == ordered
