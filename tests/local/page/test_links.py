"""URLs and the Python code that makes them."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.base.settings import Settings
from imagekitio.local.page.links import make_link
from imagekitio.urls.builder import UrlBuilder

ENDPOINT = "http://127.0.0.1:8080/local"
SETTINGS = Settings(data=Path(), url_endpoint=ENDPOINT)
SETTINGS.clock.freeze(1_700_000_000)


def evaluate_url(python: str) -> str:
    """Evaluate a call of ``imagekit.url`` with literals as arguments."""
    call = ast.parse(python, mode="eval").body
    assert isinstance(call, ast.Call)
    assert ast.unparse(call.func) == "imagekit.url"
    arguments: Any = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
    return UrlBuilder(SETTINGS.keys[0].private_key, ENDPOINT, clock=SETTINGS.clock.time).url(**arguments)


@pytest.mark.parametrize(
    ("options", "url", "python"),
    [
        ({}, "/a.jpg", 'imagekit.url(path="/a.jpg")'),
        (
            {"steps": "w-400,h-300"},
            "/tr:w-400,h-300/a.jpg",
            'imagekit.url(path="/a.jpg", transformation=[{"width": 400, "height": 300}])',
        ),
        (
            {"steps": "w-400", "position": "query"},
            "/a.jpg?tr=w-400",
            'imagekit.url(path="/a.jpg", transformation=[{"width": 400}], transformation_position="query")',
        ),
        ({"position": "query"}, "/a.jpg", 'imagekit.url(path="/a.jpg")'),
        (
            {"steps": "l-text,fs-9,i-Hi,l-end"},
            "/tr:l-text,i-Hi,fs-9,l-end/a.jpg",
            'imagekit.url(\n    path="/a.jpg",\n    transformation=[\n        {"overlay": '
            '{"type": "text", "text": "Hi", "transformation": [{"font_size": 9}]}},\n    ],\n)',
        ),
        (
            {"steps": "if-w_gt_5,w-5,if-end"},
            "/tr:if-w_gt_5,w-5,if-end/a.jpg",
            'imagekit.url(path="/a.jpg", transformation=[{"raw": "if-w_gt_5,w-5,if-end"}])',
        ),
    ],
)
def test_a_link_has_a_url_and_the_python_code_for_it(options: dict[str, Any], url: str, python: str) -> None:
    link = make_link(SETTINGS, "/a.jpg", **options)
    assert (link.url, link.python) == (ENDPOINT + url, python)


def test_a_long_call_has_one_argument_per_line() -> None:
    link = make_link(
        SETTINGS,
        "/shop/red-shoe.jpg",
        "w-400,h-300,cm-pad_resize,bg-F5F5F5:rt-90,bl-5,e-grayscale",
        signed=True,
        expire_seconds=60,
    )
    assert link.python.splitlines() == [
        "imagekit.url(",
        '    path="/shop/red-shoe.jpg",',
        "    transformation=[",
        '        {"width": 400, "height": 300, "crop_mode": "pad_resize", "background": "F5F5F5"},',
        '        {"rotation": 90, "blur": 5, "effect_gray": "-"},',
        "    ],",
        "    signed=True,",
        "    expire_seconds=60,",
        ")",
    ]
    assert evaluate_url(link.python) == link.url
    assert "ik-t=1700000060&ik-s=" in link.url


def test_a_long_layer_has_one_key_per_line() -> None:
    link = make_link(SETTINGS, "/a.jpg", "w-400,l-text,i-Summer Sale,fs-60,co-FFFFFF,pa-20,lx-20,ly-N20,l-end")
    assert link.python.splitlines() == [
        "imagekit.url(",
        '    path="/a.jpg",',
        "    transformation=[",
        "        {",
        '            "width": 400,',
        '            "overlay": {',
        '                "type": "text",',
        '                "text": "Summer Sale",',
        '                "position": {"x": 20, "y": "N20"},',
        '                "transformation": [{"font_size": 60, "color": "FFFFFF", "padding": 20}],',
        "            },",
        "        },",
        "    ],",
        ")",
    ]
    assert evaluate_url(link.python) == link.url


KNOWN = (
    "w-400 h-0.5 w-iw_div_2 cm-extract fo-auto e-sharpen e-sharpen-10 r-max q-5 x-1 di-a@@b.png "
    "l-text,i-Hi%20you,fs-9,lx-1,l-end l-image,lfo-top,ie-w6QucG5n,l-end"
)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="/"), min_size=1, max_size=6)
TOKENS = st.sampled_from(KNOWN.split()) | TEXT
POSITIONS: list[Literal["path", "query"]] = ["path", "query"]
STEPS = st.lists(st.lists(TOKENS, min_size=1, max_size=4).map(",".join), max_size=3).map(":".join)


@given(STEPS, st.booleans(), st.sampled_from(POSITIONS), st.none() | st.integers(1, 10**6))
def test_the_python_code_returns_the_url_whatever_was_typed(
    steps: str, signed: bool, position: Literal["path", "query"], expire_seconds: int | None
) -> None:
    link = make_link(SETTINGS, "/ä b/c.jpg", steps, signed=signed, position=position, expire_seconds=expire_seconds)
    assert link.url.startswith(ENDPOINT)
    assert evaluate_url(link.python) == link.url


@pytest.mark.parametrize("options", [{"position": "below"}, {"signed": True, "expire_seconds": 0}])
def test_invalid_options_raise_a_value_error(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be"):
        make_link(SETTINGS, "/a.jpg", "w-1", **options)
