"""Members of request bodies are checked against their schemas."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from imagekitio.local.api.presets.members import read_members, shape
from imagekitio.local.base.errors import ApiError
from imagekitio.local.base.web_urls import is_web_url

SCHEMA = shape(
    {"name": {"type": "string", "minLength": 1, "maxLength": 4, "pattern": "^[a-z]+$", "description": "letters"}},
    {
        "size": {"type": "string", "enum": ["s", "m"], "default": "m"},
        "marks": {"type": "array", "items": {"type": "string"}, "maxItems": 2, "default": []},
        "on": {"type": "boolean"},
        "more": {"type": "object"},
    },
    strict=True,
)

SCALARS: st.SearchStrategy[Any] = st.none() | st.booleans() | st.integers() | st.text(max_size=6)
VALUES: st.SearchStrategy[Any] = (
    SCALARS | st.sampled_from(["s", "m", "ab"]) | st.lists(SCALARS, max_size=3) | st.just({})
)
BODIES = st.dictionaries(st.sampled_from(["name", "size", "marks", "on", "more", "unknown"]), VALUES)


def test_defaults_are_filled_in_and_other_missing_members_stay_absent() -> None:
    assert read_members(SCHEMA, {"name": "a"}) == {"name": "a", "size": "m", "marks": []}
    assert read_members(SCHEMA, {"name": "a", "on": None, "size": None}) == {"name": "a", "size": "m", "marks": []}


def test_defaults_are_never_shared() -> None:
    read_members(SCHEMA, {"name": "a"})["marks"].append("x")
    assert read_members(SCHEMA, {"name": "a"})["marks"] == []


def test_a_change_contains_only_the_members_that_were_sent() -> None:
    assert read_members(SCHEMA, {"on": False}, partial=True) == {"on": False}
    assert read_members(SCHEMA, {}, partial=True) == {}
    with pytest.raises(ApiError, match="on must be a boolean"):
        read_members(SCHEMA, {"on": None}, partial=True)


@given(BODIES)
def test_a_body_is_accepted_exactly_if_it_fits_the_schema(body: dict[str, Any]) -> None:
    # A null counts as a missing member.
    given_members = {name: value for name, value in body.items() if value is not None}
    if "unknown" not in body and Draft202012Validator(SCHEMA).is_valid(given_members):
        assert read_members(SCHEMA, body) == {"size": "m", "marks": [], **given_members}
    else:
        with pytest.raises(ApiError):
            read_members(SCHEMA, body)


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        ("https://a.example", True),
        ("http://127.0.0.1:8080/a?b=c", True),
        ("http://[::1]/", True),
        ("HTTPS://A.EXAMPLE", True),
        ("ftp://a.example", False),
        ("https://", False),
        ("//a.example", False),
        ("a.example", False),
        ("https://a.example:port", False),
        ("https://a.example/a b", False),
        ("https://a.example/\n", False),
        ("http://[", False),
        (None, False),
        (5, False),
    ],
)
def test_a_web_url_has_a_scheme_and_a_host(value: object, is_one: bool) -> None:
    assert is_web_url(value) is is_one
