from __future__ import annotations

import csv
from pathlib import Path

import pytest

from imagekitio.local.rendering import Transformation, TransformationError
from imagekitio.local.rendering.language.checking import asks_client, check, files_of
from imagekitio.local.rendering.language.steps import parse_steps

NAMES = Path(__file__).parents[3] / "data" / "transformation_names.csv"


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ("w-0", "code 'w' must be above 0 (got '0')"),
        ("w-N5", "code 'w' must be above 0 (got 'N5')"),
        ("w-abc", "code 'w' must be a number or an expression"),
        ("w", "code 'w' needs a value"),
        ("w-", "code 'w' needs a value"),
        ("h-auto", "code 'h' must be a number"),
        ("ar-0-3", "code 'ar' must be a ratio above 0"),
        ("ar-0", "code 'ar' must be a ratio above 0"),
        ("dpr-6", "code 'dpr' must be from 0.1 to 5 (got '6')"),
        ("c-at_min", "code 'c' must be one of maintain_ratio,"),
        ("c-extract", "code 'c' must be one of"),
        ("cm-force", "code 'cm' must be one of extract,"),
        ("fo-nowhere", "code 'fo' must be one of top_left"),
        ("rt-left", "code 'rt' must be a number"),
        ("t-0", "code 't' must be from 1 to 99"),
        ("t-100", "code 't' must be from 1 to 99"),
        ("bl-101", "code 'bl' must be from 0 to 100 (got '101')"),
        ("o-N1", "code 'o' must be from 0 to 100"),
        ("fl-x", "code 'fl' must be one of h, v, h_v, v_h"),
        ("b-5", "code 'b' must be a width and a colour"),
        ("b-N5_red", "code 'b' must have a width of at least 0"),
        ("b-5_rot", "code 'b' must be RRGGBB"),
        ("r-1_2", "code 'r' must be one radius, max, or four radii"),
        ("r-N1", "code 'r' must be from 0"),
        ("bg-blurry", "code 'bg' must be RRGGBB"),
        ("bg-blurred_x", "code 'bg' must have a form such as blurred_25_N30"),
        ("bg-blurred_101", "code 'bg' must be from 0 to 100"),
        ("q-0", "code 'q' must be from 1 to 100 (got '0')"),
        ("q-101", "code 'q' must be from 1 to 100"),
        ("f-bmp", "code 'f' must be one of auto, jpg"),
        ("lo-yes", "code 'lo' must be one of true, false"),
        ("dn-1201", "code 'dn' must be from 1 to 1200"),
        ("fs-20", "code 'fs' is allowed only inside a layer"),
        ("lx-5", "code 'lx' is allowed only inside a layer"),
        ("w-1:e-bgremove:h-0", "code 'h' must be above 0"),
        ("if-w_big_1,w-1,if-end", "code 'if' must be a comparison such as"),
        ("if-w_gt_1,w-1,if-else,w-0,if-end", "code 'w' must be above 0"),
    ],
)
def test_the_error_for_an_invalid_value_names_the_code_and_the_valid_values(steps: str, message: str) -> None:
    with pytest.raises(TransformationError) as caught:
        check(parse_steps(steps))
    assert message in caught.value.message
    assert (caught.value.status, caught.value.code) == (400, "EINVAL")


@pytest.mark.parametrize(
    ("steps", "named"),
    [
        ("e-bgremove", "e-bgremove needs an AI service"),
        ("e-edit-prompt-x", "e-edit needs an AI service"),
        ("bg-genfill-prompt-x,w-1,h-1,cm-pad_resize", "bg needs an AI service"),
        ("fo-face", "fo-face needs an object detector"),
        ("fo-trafficLight_dog", "fo-trafficLight_dog needs an object detector"),
        ("fo-auto-custom_override", "fo-auto-custom_override needs an object detector"),
        ("z-2", "z needs an object detector"),
        ("f-mp4", "f needs a video encoder"),
        ("l-video,i-a.mp4,l-end", "l-video needs a video encoder"),
        ("l-subtitles,i-a.srt,l-end", "l-subtitles needs a video encoder"),
        ("l-image,i-a.png,e-bgremove,l-end", "e-bgremove needs an AI service"),
        ("l-image,i-a.png,l-image,i-b.png,fo-face,l-end,l-end", "fo-face needs an object detector"),
        ("l-image,i-a.psd,pg-2_4,l-end", "pg needs the layers of PSD files"),
        ("if-w_gt_1,z-1,if-end", "z needs an object detector"),
    ],
)
def test_known_but_unsupported_codes_are_named(steps: str, named: str) -> None:
    with pytest.raises(TransformationError) as caught:
        check(parse_steps(steps))
    assert caught.value.message.startswith(named)
    assert (caught.value.status, caught.value.code) == (501, "EUNSUPPORTED")


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ("w-bw", "code 'w' allows bw only inside a layer"),
        ("rt-5:b-bh_div_9_red", "code 'b' allows bh only inside a layer"),
        ("if-w_gt_1,e-gradient-sp-bw,if-end", "code 'e-gradient' allows bw only inside a layer"),
        ("dn-bar_mul_9", "code 'dn' allows bar only inside a layer"),
        ("cm-extract,w-1,h-1,x-bw,y-bh", "code 'x' allows bw only inside a layer"),
        ("pg-2", "code 'pg' needs /ik-thumbnail.jpg"),
        ("if-w_gt_1,pg-2,if-end", "code 'pg' needs /ik-thumbnail.jpg"),
        ("l-image,i-a.png:if-w_gt_1,pg-2,if-end,l-end", "code 'pg' needs /ik-thumbnail.jpg"),
        ("z-1:w-bw", "code 'w' allows bw only inside a layer"),  # errors are reported before unsupported features
    ],
)
def test_codes_and_variables_without_meaning_in_their_context_are_refused(steps: str, message: str) -> None:
    with pytest.raises(TransformationError) as caught:
        check(parse_steps(steps))
    assert caught.value.message.startswith(message)
    assert (caught.value.status, caught.value.code) == (400, "EINVAL")


def test_a_page_is_allowed_only_outside_of_if_blocks() -> None:
    check(parse_steps("pg-2:w-5"), still=True)
    for steps in ("if-w_gt_1,pg-2,if-end", "l-image,i-a.png:if-w_gt_1,pg-2,if-end,l-end"):
        with pytest.raises(TransformationError, match="is not allowed in an if-block"):
            check(parse_steps(steps), still=True)
    with pytest.raises(TransformationError, match="pg needs the layers of PSD files"):
        check(parse_steps("pg-name-sky"), still=True)


def test_a_condition_inside_a_layer_may_use_the_size_of_the_parent() -> None:
    check(parse_steps("l-image,i-a.png:if-w_gt_5,w-bw_div_2,if-end,l-end"))


def test_files_and_client_hints_are_found_at_any_depth() -> None:
    deep = "w-5:l-image,i-a.png,l-text,i-x,ff-b.ttf,l-end:if-h_gt_1,w-5,if-else,{},if-end,l-end"
    chain = parse_steps(deep.format("l-image,i-c.png,dpr-auto,l-end"))
    assert files_of(chain) == {"/a.png", "/b.ttf", "/c.png"}
    assert asks_client(chain)
    assert not asks_client(parse_steps(deep.format("w-9")))
    assert asks_client(parse_steps("rt-90:w-auto"))
    assert files_of(parse_steps("w-5,l-text,i-x,ff-Lato,l-end,l-image,i-ik_canvas,l-end,di-a.png")) == frozenset()


def test_parameters_of_videos_have_no_effect_on_a_picture() -> None:
    check(parse_steps("ac-none,vc-h264,sr-240_360,so-5,eo-6,du-7,c2pa-true,w-5"))


def test_every_documented_code_refuses_a_senseless_value() -> None:
    ignored = {"ac", "vc", "sr", "so", "eo", "du", "c2pa", "e-contrast", "e-grayscale", "di", "oi", "ot"}
    with NAMES.open(encoding="utf-8", newline="") as file:
        codes = {row["code"] for row in csv.DictReader(file)}
    for code in codes - ignored - {"raw", "if-"}:
        if code.isidentifier() or code.startswith("e-"):
            with pytest.raises(TransformationError):
                Transformation.parse(f"{code}-?!")
