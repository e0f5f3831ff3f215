from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.operations.encoding import build_get, encode_json, quote_segment

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: text.strip() != "")


@given(names)
def test_a_segment_cannot_lead_to_another_path_and_unquotes_to_the_id(name: str) -> None:
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


@given(st.dictionaries(names, names, max_size=4))
def test_a_query_is_parsed_back_to_the_same_values(query: dict[str, str]) -> None:
    path = build_get("/v1/files", query).path
    assert dict(parse_qsl(urlsplit(path).query, keep_blank_values=True)) == query
    assert "+" not in path


def test_queries_contain_booleans_and_numbers_as_the_api_expects_them() -> None:
    assert build_get("/x", {"a": True, "b": False, "c": 0, "d": ""}).path == "/x?a=true&b=false&c=0"


def test_any_mapping_and_any_collection_can_become_json() -> None:
    assert encode_json({"a": (1, 2), "b": frozenset(["x"])}) == '{"a":[1,2],"b":["x"]}'


def test_a_lone_surrogate_is_refused_with_the_name_of_the_value() -> None:
    with pytest.raises(ValueError, match=r"^path must not contain a lone surrogate \(got '\\ud800'\)$"):
        build_get("/v1/files", {"path": "/a\ud800"})
    with pytest.raises(ValueError, match=r"^JSON must not contain a lone surrogate \(got '\\ud800'\)$"):
        encode_json({"tags": ["\ud800"]})
