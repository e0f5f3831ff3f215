from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.urls.builder import UrlBuilder
from imagekitio.urls.endpoint import Endpoint
from imagekitio.urls.parsing import parse_url
from imagekitio.urls.transformations.names import CODES

URL_ENDPOINT = "https://ik.example.com/demo"
ENDPOINT = Endpoint.read(URL_ENDPOINT)
BUILDER = UrlBuilder("private_key_test", URL_ENDPOINT, clock=lambda: 1_700_000_000)

simple_values = st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8) | st.booleans()
transformations = st.lists(
    st.dictionaries(st.sampled_from([*CODES, "fl", "raw"]), simple_values, max_size=3), max_size=3
)


@given(
    st.text(max_size=16),
    transformations,
    st.sampled_from(["path", "query"]),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3),
)
def test_parsing_inverts_building(path: str, transformation: Any, position: str, parameters: Any) -> None:
    try:
        url = BUILDER.url(
            {
                "path": path,
                "transformation": transformation,
                "transformation_position": position,
                "query_parameters": parameters,
            }
        )
    except (TypeError, ValueError):
        return
    if url and "ik-s=" not in url and "ik-t=" not in url:
        assert BUILDER.url(parse_url(url, endpoint=ENDPOINT).options) in (url, "")


def test_the_parts_are_returned_under_their_names() -> None:
    url = BUILDER.url(
        path="/a b/é.jpg",
        transformation=[
            {"width": 300, "crop": "force", "grayscale": True},
            {"rotation": -90, "default_image": "x/y.png"},
        ],
        query_parameters={"v": "1"},
        signed=True,
        expire_seconds=60,
    )
    parsed = parse_url(url, endpoint=ENDPOINT)
    assert parsed.path == "/a b/é.jpg"
    assert parsed.transformation == [
        {"width": 300, "crop": "force", "effect_gray": "-"},
        {"rotation": "N90", "default_image": "x/y.png"},
    ]
    assert parsed.transformation_position == "path"
    assert parsed.query_parameters == [("v", "1")]
    assert parsed.expires_at == 1_700_000_060
    assert parsed.signature is not None
    assert BUILDER.url(parsed.options, signed=True, expire_seconds=60) == url


def test_a_repeated_code_keeps_both_values() -> None:
    assert parse_url(f"{URL_ENDPOINT}/tr:w-1,w-2/a.jpg", endpoint=ENDPOINT).transformation == [{"raw": "w-1,w-2"}]


def test_a_number_of_any_length_is_preserved() -> None:
    digits = "1" * 5000
    parsed = parse_url(f"{URL_ENDPOINT}/tr:w-7,h-{digits}/a.jpg", endpoint=ENDPOINT)
    assert parsed.transformation == [{"width": 7, "height": digits}]


def test_repeated_parameters_are_preserved() -> None:
    url = f"{URL_ENDPOINT}/a.jpg?x=1&x=2"
    assert BUILDER.url(parse_url(url, endpoint=ENDPOINT).options) == url


def test_a_foreign_url_is_refused() -> None:
    with pytest.raises(ValueError, match="not under the endpoint"):
        parse_url("https://other.example/a.jpg", endpoint=ENDPOINT)
    with pytest.raises(TypeError, match="url must be text"):
        parse_url(5, endpoint=ENDPOINT)  # type: ignore[arg-type]


@pytest.mark.parametrize("step", ["overlay-5", "raw-5", "overlay", "w-1,overlay-x"])
def test_the_keywords_of_a_step_are_not_codes(step: str) -> None:
    parsed = parse_url(f"{URL_ENDPOINT}/tr:{step}/a.jpg", endpoint=ENDPOINT)
    assert parsed.transformation in ([{"raw": step}], [{"width": 1, "raw": "overlay-x"}])
    assert BUILDER.url(parsed.options) == f"{URL_ENDPOINT}/tr:{step}/a.jpg"


@pytest.mark.parametrize("steps", ["h-%20", "h-5,w-%20:q-3", "%20h-5"])
def test_spaces_at_the_ends_of_raw_steps_are_preserved(steps: str) -> None:
    url = f"{URL_ENDPOINT}/tr:{steps}/a.jpg"
    assert BUILDER.url(parse_url(url, endpoint=ENDPOINT).options) == url


def test_an_expiry_that_the_service_refuses_is_an_ordinary_parameter() -> None:
    parsed = parse_url(f"{URL_ENDPOINT}/a.jpg?ik-t={'1' * 5000}", endpoint=ENDPOINT)
    assert parsed.expires_at is None
    assert parsed.query_parameters == [("ik-t", "1" * 5000)]
