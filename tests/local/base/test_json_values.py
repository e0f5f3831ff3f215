"""JSON in requests."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.base.json_values import read_json


@pytest.mark.parametrize(
    "text", ["", "{", "NaN", "[Infinity]", "1e999", '{"a": [-1e999]}', '"\\ud800"', "[" * 100_000, b"\xff"]
)
def test_json_that_cannot_be_written_again_is_refused(text: str | bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json, codecs and we word it differently
        read_json(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        st.lists,
    )
)
def test_values_survive_a_round_trip(value: object) -> None:
    assert read_json(json.dumps(value)) == value
