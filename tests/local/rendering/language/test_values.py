from __future__ import annotations

import pytest

from imagekitio.local.rendering.language.colours import Colour
from imagekitio.local.rendering.language.expressions import Expression
from imagekitio.local.rendering.language.steps import each_step, parse_steps
from imagekitio.local.rendering.language.values import Blurred, Border, Dominant, Edit, Output


def parse_edit(steps: str) -> Edit:
    (step,) = each_step(parse_steps(steps))
    return step.edit


def test_cm_takes_precedence_over_c() -> None:
    assert parse_edit("cm-extract,c-force").resize.mode == "extract"
    assert parse_edit("c-force").resize.mode == "force"
    assert parse_edit("w-1").resize.mode == "maintain_ratio"


def test_rotation_is_clockwise_and_modulo_360_degrees() -> None:
    assert [parse_edit(f"rt-{each}").rotation for each in ("90", "N90", "-90", "450", "12.5")] == [
        90,
        270,
        270,
        90,
        12.5,
    ]
    assert parse_edit("rt-auto").auto_orient
    assert parse_edit("rt-auto").rotation is None


def test_trim_has_a_default_threshold() -> None:
    assert [parse_edit(f"t{each}").trim for each in ("", "-true", "-33", "-false")] == [10, 10, 33, None]


def test_borders_have_two_spellings() -> None:
    border = Border(Expression((5.0,)), Colour(255, 0, 0))
    assert parse_edit("b-5_FF0000").border == parse_edit("b-5-FF0000").border == border
    assert parse_edit("b-cw_mul_0.05_red").border == Border(Expression(("cw", 0.05), ("mul",)), Colour(255, 0, 0))


def test_there_are_one_or_four_radii() -> None:
    assert parse_edit("r-10").radius == (10, 10, 10, 10)
    assert parse_edit("r-1_max_3_4").radius == (1, "max", 3, 4)
    assert parse_edit("r-max").radius == "max"


@pytest.mark.parametrize(
    ("text", "background"),
    [
        ("red", Colour(255, 0, 0)),
        ("FF000050", Colour(255, 0, 0, 0.5)),
        ("blurred", Blurred(None, 0)),
        ("blurred_auto", Blurred(None, 0)),
        ("blurred_25", Blurred(25, 0)),
        ("blurred_25_N30", Blurred(25, -30)),
        ("blurred_auto_30", Blurred(None, 30)),
        ("dominant", Dominant(1)),
        ("gradient_dominant", Dominant(2)),
        ("gradient_dominant_4", Dominant(4)),
    ],
)
def test_backgrounds_are_read(text: str, background: object) -> None:
    assert parse_edit(f"bg-{text}").background == background


@pytest.mark.parametrize("text", ["4-3", "4_3", "4:3"])
def test_ratios_have_three_spellings(text: str) -> None:
    assert parse_edit(f"w-1,ar-{text}").resize.ratio == Expression((4.0, 3.0), ("div",))


def test_grayscale_ignores_its_value_unless_it_is_false() -> None:
    assert [parse_edit(f"e-grayscale{each}").grayscale for each in ("", "-true", "-1", "-false")] == [
        True,
        True,
        True,
        False,
    ]


def test_the_last_output_parameter_wins_over_all_steps() -> None:
    steps = parse_steps("f-png,q-10,lo-true:q-20,pr-true,di-a@@b.png:md-false,cp-true,q-30")
    assert Output.of(step.output for step in each_step(steps)) == Output(
        format="png", quality=30, lossless=True, progressive=True, colour_profile=True, default_image="/a/b.png"
    )
