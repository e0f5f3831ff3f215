"""Custom metadata: schemas of fields, and the values they accept."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.base.errors import ApiError
from imagekitio.local.library.field_schemas import TYPES, ValueRefused, read_schema, read_value, read_values

JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "Text", "minLength": 2, "maxLength": 5, "defaultValue": "abc"},
        {"type": "Textarea"},
        {"type": "Number", "minValue": -1.5, "maxValue": 3, "isValueRequired": True, "defaultValue": 0},
        {"type": "Date", "minValue": "2024-01-01", "maxValue": "2024-12-31T23:59:59.000Z"},
        {"type": "Boolean", "isValueRequired": False, "defaultValue": False},
        {"type": "SingleSelect", "selectOptions": ["a", 1, True], "defaultValue": 1},
        {"type": "MultiSelect", "selectOptions": ["a", "b"], "defaultValue": ["a", "b"]},
    ],
)
def test_a_valid_schema_is_read_unchanged(schema: dict[str, Any]) -> None:
    assert read_schema(schema) == (schema, {})


NOT_ALLOWED = "not allowed for this type"
GREATER = "should not be greater than maxValue"


@pytest.mark.parametrize(
    ("schema", "errors"),
    [
        ({"type": "Colour"}, {"type": f"should be one of {', '.join(TYPES)}"}),
        (
            {"type": "Number", "minValue": "1", "maxLength": 3},
            {"minValue": "should be of type number", "maxLength": NOT_ALLOWED},
        ),
        ({"type": "Text", "selectOptions": ["a"]}, {"selectOptions": NOT_ALLOWED}),
        ({"type": "SingleSelect"}, {"selectOptions": "is required for this type"}),
        (
            {"type": "SingleSelect", "selectOptions": []},
            {"selectOptions": "should be an array of strings, numbers or booleans, and not empty"},
        ),
        ({"type": "Number", "minValue": 5, "maxValue": 1}, {"minValue": GREATER}),
        ({"type": "Date", "minValue": "2024-02-01", "maxValue": "2024-01-01"}, {"minValue": GREATER}),
        ({"type": "Text", "minLength": -1}, {"minLength": "should not be less than 0"}),
        ({"type": "Text", "isValueRequired": True}, {"defaultValue": "is required when isValueRequired is true"}),
        ({"type": "Number", "maxValue": 5, "defaultValue": 6}, {"defaultValue": f"{GREATER} 5"}),
        (
            {"type": "Date", "minValue": "soon"},
            {"minValue": "should be a date in ISO 8601, such as 2024-03-05T07:08:09.123Z"},
        ),
        ("Text", {"schema": "should be of type object"}),
    ],
)
def test_an_invalid_schema_has_an_error_for_each_member(schema: object, errors: dict[str, str]) -> None:
    assert read_schema(schema)[1] == errors


def test_the_type_of_a_field_cannot_be_changed_by_its_schema() -> None:
    assert read_schema({"type": "Text", "minValue": 1}, "Number") == ({"type": "Number", "minValue": 1}, {})


@given(JSON)
def test_any_json_is_either_read_as_a_schema_or_refused(given_schema: Any) -> None:
    schema, errors = read_schema(given_schema)
    assert errors or schema["type"] in TYPES


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "Text", "minLength": 2}, "a"),
        ({"type": "Text"}, 5),
        ({"type": "Number"}, "12"),
        ({"type": "Number"}, True),
        ({"type": "Boolean"}, 1),
        ({"type": "Date"}, "yesterday"),
        ({"type": "Date", "maxValue": "2024-01-01"}, "2024-01-01T00:00:01Z"),
        ({"type": "SingleSelect", "selectOptions": [1]}, True),
        ({"type": "SingleSelect", "selectOptions": ["a", "b"]}, ["a", "b"]),
        ({"type": "MultiSelect", "selectOptions": ["a"]}, "a"),
        ({"type": "MultiSelect", "selectOptions": ["a"]}, ["a", "c"]),
    ],
)
def test_values_are_not_coerced(schema: dict[str, Any], value: Any) -> None:
    with pytest.raises(ValueRefused):
        read_value(schema, value)


def test_a_single_select_accepts_an_array_of_one_item() -> None:
    assert read_value({"type": "SingleSelect", "selectOptions": ["a", "b"]}, ["a"]) == "a"


@given(JSON, st.sampled_from(TYPES))
def test_any_json_is_either_read_as_a_value_or_refused(value: Any, kind: str) -> None:
    schema = {"type": kind, "selectOptions": ["a", 1, False]}
    try:
        stored = read_value(schema, value)
    except ValueRefused:
        return
    assert read_value(schema, stored) == stored


SCHEMAS = {
    "price": {"type": "Number", "minValue": 0},
    "brand": {"type": "Text", "isValueRequired": True, "defaultValue": "none"},
}


def test_an_upload_stores_its_values_and_defaults_for_the_rest() -> None:
    assert read_values(SCHEMAS, {"price": 5}) == {"price": 5, "brand": "none"}


def test_an_update_is_merged_and_null_removes_a_value() -> None:
    assert read_values(SCHEMAS, {"price": None}, stored={"price": 5, "brand": "x"}) == {"brand": "x"}


def test_all_invalid_values_are_reported_together() -> None:
    with pytest.raises(ApiError, match="Invalid custom metadata") as caught:
        read_values(SCHEMAS, {"price": -1, "brand": None, "size": 3}, stored={})
    assert caught.value.members["errors"] == {
        "price": "should not be less than minValue 0",
        "brand": "is required",
        "size": "no such custom metadata field exists",
    }
