"""`imagekit.helper`: URLs and tokens with the arguments of release 5; `tests/urls/test_vectors.py` has more URLs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from imagekitio import AsyncImageKit, ImageKit

ENDPOINT = "https://ik.imagekit.io/acme"
STEPS = [{"width": 300, "height": 200}, {"rotation": 90}]


def make_client(kind: Any = ImageKit, **settings: Any) -> Any:
    return kind(private_key="private_a", url_endpoint=ENDPOINT, clock=lambda: 1_700_000_000, **settings)


@pytest.mark.parametrize("kind", [ImageKit, AsyncImageKit])
def test_transformations_go_into_the_query_by_default(kind: Any) -> None:
    helper = make_client(kind, transformation_position="path").helper
    in_query = f"{ENDPOINT}/a.jpg?tr=w-300%2Ch-200%3Art-90"
    assert helper.build_url(src="/a.jpg", transformation=STEPS) == in_query
    assert helper.build_url(src="/a.jpg", transformation=STEPS, transformation_position=None) == in_query
    in_path = f"{ENDPOINT}/tr:w-300,h-200:rt-90/a.jpg"
    assert helper.build_url(src="/a.jpg", transformation=STEPS, transformation_position="path") == in_path
    assert helper.build_url(src=f"{ENDPOINT}/a.jpg", transformation=STEPS) == in_query
    other = {"url_endpoint": "https://images.example.com", "query_parameters": {"v": 1}}
    assert helper.build_url(src="a.jpg", **other) == "https://images.example.com/a.jpg?v=1"
    assert helper.build_url(src="") == helper.build_url(src=None) == ""


def test_an_expiry_implies_a_signature() -> None:
    client = make_client()
    expected = client.url(path="/a.jpg", signed=True, expire_seconds=300)
    for expires_in in (300, timedelta(minutes=5)):
        assert client.helper.build_url(src="/a.jpg", expires_in=expires_in) == expected
        assert client.helper.build_url(src="/a.jpg", expires_in=expires_in, signed=False) == expected
    assert client.helper.build_url(src="/a.jpg", signed=True) == client.url(path="/a.jpg", signed=True)
    assert client.helper.build_url(src="/a.jpg", signed=None) == f"{ENDPOINT}/a.jpg"
    for never in (0, -1):
        with pytest.raises(ValueError, match="must be at least 1"):
            client.helper.build_url(src="/a.jpg", expires_in=never)


def test_a_client_without_an_endpoint_needs_one_for_each_url() -> None:
    helper = ImageKit(private_key="private_a").helper
    assert helper.build_url(src="/a.jpg", url_endpoint=ENDPOINT) == f"{ENDPOINT}/a.jpg"
    with pytest.raises(ValueError, match="missing: url_endpoint"):
        helper.build_url(src="/a.jpg")


def test_the_steps_alone_are_returned_as_a_str() -> None:
    assert make_client().helper.build_transformation_string(STEPS) == "w-300,h-200:rt-90"
    assert make_client().helper.build_transformation_string() == ""
    assert make_client().helper.build_transformation_string([{"widht": 3}]) == "widht-3"
    with pytest.raises(ValueError, match="did you mean 'width'"):
        make_client(strict_transformations=True).helper.build_transformation_string([{"widht": 3}])


def test_tokens_are_the_same_as_those_of_the_client() -> None:
    client = make_client()
    expected = client.get_authentication_parameters("token", 1_700_000_600)
    assert client.helper.get_authentication_parameters("token", 1_700_000_600) == expected
    assert client.helper.get_authentication_parameters(token="token", expire=1_700_000_600) == expected
    assert client.helper.get_authentication_parameters()["expire"] == 1_700_001_800
