from __future__ import annotations

import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.rendering.language.expressions import VARIABLES, parse_expression, parse_number, round_half_up

SIZES = {"iw": 7.0, "ih": 865.0, "iar": 0.5, "cw": 3.0, "ch": 4.0, "car": 0.75, "bw": 9.0, "bh": 6.0, "bar": 1.5}


@pytest.mark.parametrize(
    ("text", "variables", "expected"),
    [
        ("ih_add_iw_sub_1000_div_2", {"ih": 1250, "iw": 1870}, 2620),
        ("iw_add_5_mod_4", {"iw": 10}, 3),
        ("iw_add_2_pow_3", {"iw": 2}, 64),
        ("iw_div_2_mul_3", {"iw": 10}, 15),
        ("iw_pow_3_pow_2", {"iw": 2}, 64),
        ("iw_add_2_mul_3_sub_4_div_2_mod_5_pow_2", {"iw": 7}, 1),
        ("ih_mul_0.8_add_iw_mul_0.4", {"ih": 865, "iw": 640}, 948),
        ("iw_sub_8_mod_3", {"iw": 1}, -1),
        ("45", {}, 45),
        ("N45", {}, -45),
        ("-45", {}, -45),
        (".5", {}, 0.5),
        ("iw", {"iw": 3}, 3),
    ],
)
def test_expressions_have_the_documented_values(text: str, variables: dict[str, float], expected: float) -> None:
    assert parse_expression(text).evaluate(variables) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["iw_div_0", "iw_mod_0", "iw_div_2_mod_0"])
def test_a_division_by_zero_has_no_value(text: str) -> None:
    with pytest.raises(ValueError, match="divide by zero"):
        parse_expression(text).evaluate(SIZES)


@pytest.mark.parametrize("text", ["iw_pow_9999_pow_9999", "iw_sub_8_pow_0.5", "iw_sub_7_sub_1_mul_0_pow_0.5_sub_3"])
def test_expressions_without_a_real_finite_result_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no finite result"):
        parse_expression(text).evaluate(SIZES)


@pytest.mark.parametrize(
    "text",
    ["", "iw_", "_iw", "iw_div", "iw_foo_2", "lw_div_2", "iw_add_N5", "iw_add_-5", "1e5", "٣", "iw div 2", "0x10"],
)
def test_malformed_expressions_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"must be|must use the operators|allows positive numbers"):
        parse_expression(text)


@pytest.mark.parametrize(("value", "expected"), [(0.5, 1), (1.4999, 1), (147.98, 148), (432.5, 433), (-0.5, 0)])
def test_halves_are_rounded_up(value: float, expected: int) -> None:
    assert round_half_up(value) == expected


def test_floating_point_errors_do_not_affect_the_rounding_of_halves() -> None:
    assert round_half_up(0.1 * 3 * 5) == 2  # 1.5000000000000002
    assert round_half_up(1.1 * 1.1 * 50 - 60) == 1  # 0.50000000000000711


@given(st.decimals(0, 99999, places=3))
def test_numbers_survive_a_round_trip(number: object) -> None:
    assert parse_number(f"{number}") == float(str(number))
    assert parse_number(f"N{number}") == -float(str(number))


_OPERAND = st.sampled_from(sorted(VARIABLES)) | st.integers(0, 999).map(str)
_OPERATOR = st.sampled_from(["add", "sub", "mul", "div", "mod", "pow"])


@given(_OPERAND, st.lists(st.tuples(_OPERATOR, _OPERAND), max_size=6))
def test_every_expression_has_a_finite_value_or_none(first: str, rest: list[tuple[str, str]]) -> None:
    expression = parse_expression("_".join([first, *(part for pair in rest for part in pair)]))
    with contextlib.suppress(ValueError):
        assert math.isfinite(expression.evaluate(SIZES))


@given(st.integers(1, 999), st.integers(1, 999), st.integers(1, 999))
def test_products_bind_tighter_than_sums(a: int, b: int, c: int) -> None:
    assert parse_expression(f"{a}_add_{b}_mul_{c}").evaluate({}) == a + b * c
    assert parse_expression(f"{a}_sub_{b}_sub_{c}").evaluate({}) == a - b - c
