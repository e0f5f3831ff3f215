from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.models import UNSET, CustomMetaDataTypeEnum
from imagekitio.operations.encoding import build_get, build_json_request, encode_json, quote_segment

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: text.strip() != "")


@given(names)
def test_a_segment_cannot_change_the_path_and_unquotes_to_the_id(name: str) -> None:
    quoted = quote_segment(name, "file_id")
    assert not set(quoted) & set("/?#\\ \r\n\t")
    assert quoted not in (".", "..")
    assert quoted.isascii()
    assert unquote(quoted) == name


@pytest.mark.parametrize(
    ("file_id", "quoted"),
    [
        ("a/b", "a%2Fb"),
        ("..", "%2E%2E"),
        (".", "%2E"),
        ("../x", "..%2Fx"),
        ("a\r\nHost: x", "a%0D%0AHost%3A%20x"),
        ("a?b#c", "a%3Fb%23c"),
        ("%2F", "%252F"),
        ("65e6c5a9b7d1f2034a5b6c7d", "65e6c5a9b7d1f2034a5b6c7d"),
    ],
)
def test_a_segment_is_percent_encoded(file_id: str, quoted: str) -> None:
    assert quote_segment(file_id, "file_id") == quoted


def test_a_lone_surrogate_in_an_id_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="surrogate"):
        quote_segment("\ud800", "file_id")


@given(st.dictionaries(st.from_regex("[a-zA-Z_]+", fullmatch=True), names, max_size=4))
def test_a_query_is_parsed_back_to_the_same_values(query: dict[str, str]) -> None:
    path = build_get("/v1/files", query).path
    assert dict(parse_qsl(urlsplit(path).query, keep_blank_values=True)) == query
    assert "+" not in path


def test_queries_contain_booleans_and_numbers_as_the_api_expects_them() -> None:
    assert build_get("/x", {"a": True, "b": False, "c": 0, "d": ""}).path == "/x?a=true&b=false&c=0"


def test_any_mapping_and_any_collection_can_become_json() -> None:
    assert encode_json(MappingProxyType({"a": (1, 2), "b": frozenset(["x"])}), "x") == '{"a":[1,2],"b":["x"]}'


def test_str_enums_null_and_booleans_become_json() -> None:
    assert (
        encode_json({"a": CustomMetaDataTypeEnum.Text, "b": None, "c": True}, "x") == '{"a":"Text","b":null,"c":true}'
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2024, 3, 5), '"2024-03-05"'),
        (datetime(2024, 3, 5, 7, 8, 9, 123000, timezone.utc), '"2024-03-05T07:08:09.123000+00:00"'),
        (datetime(2024, 3, 5, 7, 8, 9, tzinfo=timezone(timedelta(hours=2))), '"2024-03-05T07:08:09+02:00"'),
        (Decimal("59.90"), "59.9"),
        (Decimal("12345678901234567890"), "12345678901234567890"),
        (Decimal("1E+2"), "100"),
        (Decimal("-0.5"), "-0.5"),
        (0.1, "0.1"),
    ],
)
def test_dates_and_decimals_become_json(value: object, text: str) -> None:
    assert encode_json([value], "x") == f"[{text}]"


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_a_decimal_becomes_the_nearest_number(value: Decimal) -> None:
    found = json.loads(encode_json(value, "x"))
    assert found == (int(value) if value == value.to_integral_value() else float(value))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | names,
        lambda inner: st.lists(inner) | st.dictionaries(names, inner),
    )
)
def test_json_is_parsed_back_to_the_same_value(value: object) -> None:
    assert json.loads(encode_json(value, "x")) == value


circle: list[object] = []
circle.append({"a": circle})


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        ({"price": float("nan")}, ValueError, r"custom_metadata\['price'\] must be a finite number \(got nan\)"),
        ({"price": float("-inf")}, ValueError, r"custom_metadata\['price'\] must be a finite number \(got -inf\)"),
        ([Decimal("sNaN")], ValueError, r"custom_metadata\[0\] must be a finite number \(got sNaN\)"),
        ([1, Decimal("Infinity")], ValueError, r"custom_metadata\[1\] must be a finite number \(got Infinity\)"),
        ([Decimal("1E+999999")], ValueError, r"custom_metadata\[0\] must be a finite number"),
        ({"day": datetime(2024, 3, 5)}, ValueError, r"\['day'\] must have a time zone, such as tzinfo=timezone\.utc"),
        ({"a": {3: 1}}, TypeError, r"custom_metadata\['a'\] must have str keys \(got 3\)"),
        ({None: 1}, TypeError, r"custom_metadata must have str keys \(got None\)"),
        (
            {"id": UUID(int=7)},
            TypeError,
            r"custom_metadata\['id'\] must be a str, .* \(got UUID\); convert it with str\(\)",
        ),
        ({"a": [b"x"]}, TypeError, r"custom_metadata\['a'\]\[0\] must be a str, a number, .* \(got bytes\)$"),
        ({"a": object()}, TypeError, r"\(got object\)$"),
        ({"a": timedelta(1)}, TypeError, r"\(got timedelta\)$"),
        ({"a": UNSET}, TypeError, r"\(got Unset\)$"),
        ({"a": "\ud800"}, ValueError, r"custom_metadata\['a'\] must not contain a lone surrogate"),
        ({"\ud800": 1}, ValueError, r"a key of custom_metadata must not contain a lone surrogate"),
        (circle, ValueError, r"custom_metadata\[0\]\['a'\] must not contain itself"),
    ],
)
def test_a_value_that_json_cannot_represent_is_an_error_that_says_where_it_is(
    value: object, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        encode_json(value, "custom_metadata")


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"customMetadata": {"isNew": UUID(int=7)}}, r"custom_metadata\['isNew'\]"),
        ({"schema": {"defaultValue": UUID(int=7)}}, r"schema\['default_value'\]"),
        ({"schema": {"selectOptions": [UUID(int=7)]}}, r"schema\['select_options'\]\[0\]"),
        ({"publish": {"isPublished": UUID(int=7)}}, r"publish\['is_published'\]"),
        ({"extensions": [{}, {"minConfidence": UUID(int=7)}]}, r"extensions\[1\]\['min_confidence'\]"),
        ({"removeAITags": UUID(int=7)}, "remove_ai_tags"),
    ],
)
def test_the_place_of_an_error_is_spelled_as_in_python_if_it_is_an_option(body: dict[str, Any], place: str) -> None:
    with pytest.raises(TypeError, match=f"^{place} must be"):
        build_json_request("PATCH", "/x", body, idempotent=True)


def test_an_invalid_query_value_is_named_as_in_python() -> None:
    with pytest.raises(TypeError, match=r"^search_query must be a str, a bool or an int \(got float\)$"):
        build_get("/v1/files", {"searchQuery": 0.5})


def test_a_lone_surrogate_is_refused_with_the_name_of_the_value() -> None:
    with pytest.raises(ValueError, match=r"^path must not contain a lone surrogate \(got '\\ud800'\)$"):
        build_get("/v1/files", {"path": "/a\ud800"})
    with pytest.raises(ValueError, match=r"^tags\[0\] must not contain a lone surrogate \(got '\\ud800'\)$"):
        build_json_request("PATCH", "/x", {"tags": ["\ud800"]}, idempotent=True)
