from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.rendering.language.expressions import parse_number
from imagekitio.urls.transformations.values import write_scalar, write_value


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1 / 3, "0.333333"),
        (800 / 2, "400"),
        (4 / 3, "1.333333"),
        (1.5, "1.5"),
        (1e-7, "0"),
        (-1e-7, "0"),
        (1e15, "1000000000000000"),
        (-0.25, "N0.25"),
        (-40, "N40"),
        (Decimal("2.50"), "2.5"),
        (Decimal("1E+3"), "1000"),
        (Fraction(1, 4), "0.25"),
        (numpy.float32(0.5), "0.5"),
        (numpy.int64(-7), "N7"),
        ([1.0, -2.5, "a"], "1_N2.5_a"),
        ("0.50", "0.50"),
        ("-40", "-40"),
    ],
)
def test_a_number_has_one_form_everywhere(value: Any, written: str) -> None:
    assert write_value("width", value) == written


@given(st.floats(-1e11, 1e11) | st.integers(-(10**11), 10**11))
def test_local_imagekit_reads_every_number_that_is_written(number: float) -> None:
    text = write_value("x", number)
    assert "e" not in text
    assert "." not in text or not text.endswith(("0", "."))
    assert abs(parse_number(text) - number) <= 5e-7 + abs(number) * 1e-15
    assert write_scalar("x", number) == text.replace("N", "-")


@pytest.mark.parametrize(
    "value", [float("inf"), float("nan"), Decimal("NaN"), Decimal("-Infinity"), numpy.float64("inf")]
)
def test_a_number_that_is_not_finite_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="width must be a finite number"):
        write_value("width", value)


@pytest.mark.parametrize("value", [{}, b"1", {1}, [[{}]]])
def test_a_collection_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="width must be text, a number, a boolean or a list of them"):
        write_value("width", value)
