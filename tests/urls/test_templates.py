from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.urls.builder import UrlBuilder
from imagekitio.urls.endpoint import Endpoint
from imagekitio.urls.verifying import verify_url

if TYPE_CHECKING:
    from imagekitio.urls.transformations.types import Transformation

ENDPOINT = "https://ik.example.com/demo"
KEY = "private_key_test"
NOW = 1_700_000_000
BUILDER = UrlBuilder(KEY, ENDPOINT, clock=lambda: NOW)

options = st.fixed_dictionaries(
    {"signed": st.booleans()},
    optional={
        "transformation": st.sampled_from([[{"width": 300}, {"rotation": 90}], [{"overlay_text": "é/?"}], [], None]),
        "transformation_position": st.sampled_from(["path", "query"]),
        "query_parameters": st.dictionaries(st.text(max_size=4), st.text(max_size=4), max_size=2)
        | st.sampled_from([{"ik-s": "1"}, {"ik-t": "2", "v": "1"}, {"tr": "w-1"}]),
        "expire_seconds": st.sampled_from([None, 60]),
        "url_endpoint": st.sampled_from([ENDPOINT, "https://x.example/e?k=1"]),
    },
)
paths = st.text(max_size=16) | st.sampled_from(["/a.jpg", "//a b/é.jpg//", "/a.jpg?x=1&v=9", "a#b", "%20%zz", "", "/"])


@given(options, paths)
def test_a_template_gives_the_same_as_url(given_options: Any, path: str) -> None:
    try:
        expected = BUILDER.url(given_options, path=path)
    except ValueError:
        return
    assert BUILDER.url_template(given_options)(path) == expected


def test_the_urls_of_a_template_verify_and_their_expiry_counts_from_the_call() -> None:
    moment = NOW
    template = UrlBuilder(KEY, ENDPOINT, clock=lambda: moment).url_template(signed=True, expire_seconds=60)
    for moment in (NOW, NOW + 100, NOW + 100, NOW + 50):
        found = verify_url(template("/a.jpg"), endpoint=Endpoint.read(ENDPOINT), private_keys=[KEY], now=moment)
        assert found.expires_at == moment + 60


def test_map_yields_the_urls_of_many_paths_one_by_one() -> None:
    template = BUILDER.url_template(transformation=[{"width": 300}])
    endless = (f"/{number}.jpg" for number in iter(int, 1))
    urls = template.map(endless)
    assert next(urls) == next(urls) == f"{ENDPOINT}/tr:w-300/0.jpg"


def test_a_template_survives_pickle() -> None:
    template = UrlBuilder(KEY, ENDPOINT).url_template(transformation=[{"width": 300}], signed=True)
    again = pickle.loads(pickle.dumps(template))
    assert again("/a b.jpg") == template("/a b.jpg")
    assert again("/a.jpg") == template("/a.jpg")


@pytest.mark.parametrize("path", ["/a.jpg", "/a b.jpg"])
def test_later_changes_of_the_options_do_not_affect_a_template(path: str) -> None:
    transformation: list[Transformation] = [{"width": 300}]
    template = BUILDER.url_template(transformation=transformation)
    expected = template(path)
    transformation[0]["width"] = 5
    assert template(path) == expected


def test_invalid_options_are_refused_immediately() -> None:
    with pytest.raises(TypeError, match="does not accept path"):
        BUILDER.url_template(path="/a.jpg")
    with pytest.raises(TypeError, match="unknown option 'sgined'"):
        BUILDER.url_template({"sgined": True})
    with pytest.raises(ValueError, match="expire_seconds"):
        BUILDER.url_template(signed=True, expire_seconds=0)
    with pytest.raises(TypeError, match="path must be text"):
        BUILDER.url_template()(5)  # type: ignore[arg-type]


def test_a_single_path_instead_of_a_list_is_refused() -> None:
    template = BUILDER.url_template(transformation=[{"width": 300}])
    for paths in ("/a.jpg", b"/a.jpg"):
        with pytest.raises(TypeError, match=r"paths must be a list of paths .*a\.jpg"):
            template.map(paths)  # type: ignore[arg-type]
