from __future__ import annotations

import pytest

from imagekitio.local.rendering import TransformationError
from imagekitio.local.rendering.language.colours import Colour
from imagekitio.local.rendering.language.effects import (
    Arc,
    Colorize,
    Effects,
    Gradient,
    Perspective,
    Replacement,
    Shadow,
    Unsharp,
)
from imagekitio.local.rendering.language.expressions import Expression
from imagekitio.local.rendering.language.steps import each_step, parse_steps

WHITE, RED, CLEAR = Colour(255, 255, 255), Colour(255, 0, 0), Colour(0, 0, 0, 0.0)


def parse_effects(steps: str) -> Effects:
    (step,) = each_step(parse_steps(steps))
    return step.edit.effects


def test_codes_without_a_value_have_the_documented_defaults() -> None:
    read = parse_effects("e-sharpen,e-contrast,e-colorize,e-shadow,e-gradient")
    assert read.sharpen == 50
    assert read.contrast
    assert read.colorize == Colorize(Colour(128, 128, 128), 1.0)
    assert read.shadow == Shadow(10, 0.3, 0.02, 0.02)
    assert read.gradient == Gradient(180, WHITE, CLEAR, Expression((1.0,)))
    assert parse_effects("w-5") == Effects()


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("ld-right_from-FF0000_to-00000000_sp-0.5", Gradient(90, RED, CLEAR, Expression((0.5,)))),
        ("sp-ih_div_2_ld-bottom_right", Gradient(135, WHITE, CLEAR, Expression(("ih", 2.0), ("div",)))),
        ("ld-topleft_to-red", Gradient(315, WHITE, RED, Expression((1.0,)))),
        ("ld-45", Gradient(45, WHITE, CLEAR, Expression((1.0,)))),
    ],
)
def test_parts_of_a_gradient_may_come_in_any_order(steps: str, expected: Gradient) -> None:
    assert parse_effects(f"e-gradient-{steps}").gradient == expected


def test_values_of_the_other_effects_are_read() -> None:
    assert parse_effects("e-usm-2-2-0.8-0.024").unsharp == Unsharp(2, 2, 0.8, 0.024)
    assert parse_effects("e-shadow-bl-15_st-40_x-10_y-N5").shadow == Shadow(15, 0.4, 0.1, -0.05)
    assert parse_effects("e-colorize-co-red_in-25").colorize == Colorize(RED, 0.25)
    assert parse_effects("cr-FF0000").replacement == Replacement(RED, 35, None)
    assert parse_effects("cr-FF0000_20_white").replacement == Replacement(RED, 20, WHITE)
    assert parse_effects("e-distort-a-N90").distortion == Arc(-90)
    corners = ((-10.0, 0.0), (150.0, 25.0), (160.0, 100.0), (0.0, 120.0))
    assert parse_effects("e-distort-p-N10_0_150_25_160_100_0_120").distortion == Perspective(corners)


@pytest.mark.parametrize(
    "steps",
    [
        "e-sharpen-0",
        "e-sharpen-N5",
        "e-sharpen-2001",
        "e-usm-1-2-3",
        "e-usm-1-2-3-4",
        "e-usm-101-1-1-0",
        "e-shadow-bl-16",
        "e-shadow-x-101",
        "e-shadow-5",
        "e-colorize-in-101",
        "e-gradient-ld-361",
        "e-gradient-up-5",
        "e-gradient-sp-0",
        "e-gradient-from-nocolour",
        "cr-red_101",
        "cr-red_5_blue_6",
        "cr",
        "e-distort",
        "e-distort-x-1",
        "e-distort-a-0",
        "e-distort-a-361",
        "e-distort-p-1_2_3",
        "e-distort-p-100_0_50_0_160_100_0_120",  # the left and right corners are swapped
        "e-distort-p-0_130_150_25_160_100_0_120",  # an upper corner is at the bottom
    ],
)
def test_errors_about_values_name_the_code(steps: str) -> None:
    with pytest.raises(TransformationError) as caught:
        parse_effects(steps)
    assert caught.value.status == 400
    code = steps.split("-")[0] if steps.startswith("cr") else "-".join(steps.split("-")[:2])
    assert caught.value.message.startswith(f"code '{code}' ")
