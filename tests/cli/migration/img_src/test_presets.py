from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.cli.migration.entries import Loss
from imagekitio.cli.migration.img_src.presets import convert_preset
from imagekitio.imgsrc.parameters import PARAMETERS, PRESET_FORMATS
from imagekitio.local.rendering import Transformation
from imagekitio.urls.transformations.steps import write_steps

from ....imgsrc.strategies import values_of


def convert(params: dict[str, Any], default_fit: str = "contain") -> tuple[str, list[Loss]]:
    steps, differences = convert_preset(params, default_fit)
    return write_steps(steps, quote=str, strict=True), differences


@pytest.mark.parametrize(
    ("params", "steps"),
    [
        ({"w": 300}, "w-300"),
        ({"h": 200, "w": None}, "h-200"),
        ({"w": 300, "h": 200}, "w-300,h-200,c-at_max_enlarge"),
        ({"w": 300, "h": 200, "fit": "contain"}, "w-300,h-200,c-at_max_enlarge"),
        ({"w": 300, "h": 200, "fit": "cover"}, "w-300,h-200,c-maintain_ratio"),
        ({"w": 300, "h": 200, "fit": "fill"}, "w-300,h-200,c-force"),
        ({"w": 300, "h": 200, "fit": "scale-down"}, "w-300,h-200,c-at_max"),
        ({"w": 300, "fit": "cover"}, "w-300"),
        ({"w": 300, "fit": "scale-down"}, "w-300,c-at_max"),
        ({"fit": "cover", "q": 80}, "q-80"),
        ({"w": 300, "h": 200, "fit": "cover", "crop": "top-left"}, "w-300,h-200,c-maintain_ratio,fo-top_left"),
        ({"w": 300, "h": 200, "fit": "cover", "crop": "attention"}, "w-300,h-200,c-maintain_ratio,fo-auto"),
        ({"w": 300, "h": 200, "fit": "cover", "crop": "center"}, "w-300,h-200,c-maintain_ratio"),
        ({"w": 300, "aspect": "4:3"}, "w-300,h-225,c-maintain_ratio"),
        ({"h": 225, "aspect": "4:3", "crop": "top"}, "w-300,h-225,c-maintain_ratio,fo-top"),
        ({"w": 300, "h": 300, "aspect": "4:3"}, "w-300,h-225,c-maintain_ratio"),
        ({"w": 300, "h": 90, "aspect": "4:3", "fit": "scale-down"}, "w-120,h-90,c-maintain_ratio_no_enlarge"),
        ({"w": 300, "aspect": "4:3", "fit": "fill"}, "w-300,h-225,c-force"),
        ({"aspect": "16:9"}, "w-cw,ar-16-9,c-maintain_ratio_no_enlarge"),
        ({"aspect": "original", "w": 3}, "w-3"),
        ({"w": 400, "dpr": 2}, "w-800"),
        ({"w": 25, "h": 3, "dpr": 1.5}, "w-38,h-5,c-at_max_enlarge"),
        ({"dpr": 1, "q": 1}, "q-1"),
        ({"grayscale": True}, "e-grayscale"),
        ({"grayscale": False, "blur": 0, "sharpen": 0, "rotate": 0, "q": 7}, "q-7"),
        ({"blur": 6}, "bl-6"),
        ({"rotate": 90}, "rt-90"),
        ({"rotate": "auto", "w": 300}, "rt-auto:w-300"),
        ({"rotate": 270, "flip": "both", "aspect": "1:1"}, "rt-270,fl-h_v:w-cw,ar-1-1,c-maintain_ratio_no_enlarge"),
        ({"flip": "v"}, "fl-v"),
        ({"format": "jpeg", "w": 1}, "w-1,f-jpg"),
        ({"format": "webp"}, "f-webp"),
        ({}, ""),
    ],
)
def test_what_both_services_support_is_expressed_exactly(params: dict[str, Any], steps: str) -> None:
    assert convert(params) == (steps, [])


def test_a_preset_without_fit_has_that_of_the_account() -> None:
    assert convert({"w": 300, "h": 200}, "cover") == ("w-300,h-200,c-maintain_ratio", [])


@pytest.mark.parametrize(
    ("params", "steps", "differences"),
    [
        ({"blur": 2.4}, "bl-2", [Loss("blur", "2.4", "ImageKit takes whole numbers from 1 to 100: it becomes 2")]),
        ({"blur": 0.1}, "bl-1", [Loss("blur", "0.1", "ImageKit takes whole numbers from 1 to 100: it becomes 1")]),
        (
            {"sharpen": 20},
            "e-sharpen-50",
            [Loss("sharpen", "20", "the scales of the two services differ: it becomes 50, which is similar")],
        ),
        (
            {"w": 3, "h": 4, "fit": "cover", "crop": "entropy"},
            "w-3,h-4,c-maintain_ratio,fo-auto",
            [Loss("crop", "entropy", "ImageKit has no such focus: it becomes auto, the salient part")],
        ),
        ({"w": 3, "crop": "top"}, "w-3", [Loss("crop", "top", "has no effect, because nothing is cropped")]),
        ({"dpr": 2}, "", [Loss("dpr", "2", "has no effect without a width or a height")]),
        (
            {"w": 3, "h": 4, "fit": "fill", "aspect": "1:1"},
            "w-3,h-4,c-force",
            [Loss("aspect", "1:1", "has no effect with a width, a height and this fit")],
        ),
        (
            {"w": 0, "width": 300, "q": 5, "tint": {"ø": 1}},
            "q-5",
            [
                Loss("w", "0", "w must be a whole number from 1 to 10000 (got 0)"),
                Loss("width", "300", "is not documented by img-src"),
                Loss("tint", '{"ø": 1}', "is not documented by img-src"),
            ],
        ),
    ],
)
def test_what_imagekit_cannot_do_or_does_differently_is_reported(
    params: dict[str, Any], steps: str, differences: list[Loss]
) -> None:
    assert convert(params) == (steps, differences)


PRESETS = st.fixed_dictionaries(
    {},
    optional={
        "format": st.sampled_from(PRESET_FORMATS),
        **{parameter.name: values_of(parameter) for parameter in PARAMETERS},
    },
)


@given(PRESETS, st.sampled_from(["cover", "contain", "fill", "scale-down"]))
def test_every_valid_preset_becomes_steps_that_imagekit_accepts(params: dict[str, Any], default_fit: str) -> None:
    steps, differences = convert(params, default_fit)
    Transformation.parse(steps, named={})
    assert {loss.name for loss in differences} <= params.keys()
