from __future__ import annotations

import pickle

import pytest

from imagekitio.urls.builder import UrlBuilder
from imagekitio.urls.endpoint import Endpoint


@pytest.mark.parametrize(
    ("url_endpoint", "prefix", "query"),
    [
        ("https://ik.example.com/demo", "https://ik.example.com/demo/", ""),
        (" https://ik.example.com/demo//\n", "https://ik.example.com/demo/", ""),
        ("HTTP://IK.Example.com/Demo", "http://ik.example.com/Demo/", ""),
        ("ik.example.com/demo", "https://ik.example.com/demo/", ""),
        (" ik.example.com:8080", "https://ik.example.com:8080/", ""),
        ("https://ik.example.com/demo/?x=1&y#top", "https://ik.example.com/demo/", "x=1&y"),
        ("https://bücher.example:8080/a b/é", "https://xn--bcher-kva.example:8080/a%20b/%C3%A9/", ""),
    ],
)
def test_an_endpoint_is_read_as_users_write_it(url_endpoint: str, prefix: str, query: str) -> None:
    assert Endpoint.read(url_endpoint) == Endpoint((prefix, query))


def test_a_url_under_the_endpoint_loses_the_prefix_once() -> None:
    endpoint = Endpoint.read("https://ik.example.com/demo")
    assert endpoint.remove_prefix("https://ik.example.com/demo/demo/a.jpg") == "demo/a.jpg"
    assert endpoint.remove_prefix("https://ik.example.com/demonstration/a.jpg") is None


def test_an_endpoint_cannot_be_changed_and_survives_pickle() -> None:
    endpoint = UrlBuilder("private_key_test", "https://ik.example.com/demo").endpoint
    with pytest.raises(AttributeError):
        endpoint.prefix = "https://evil.example/"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(endpoint)) == endpoint


def test_an_endpoint_that_is_not_a_str_is_refused() -> None:
    with pytest.raises(TypeError, match="url_endpoint must be text"):
        Endpoint.read(None)  # type: ignore[arg-type]
