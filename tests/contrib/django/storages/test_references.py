"""References from one static file to another."""

from __future__ import annotations

import posixpath
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.contrib.django.storages.references import clean_reference, make_relative, split_reference


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("", ""),
        ("logo@2x.png", "logo_2x.png"),
        ("../v1.2/./logo@2x.png?a=b@c#d/e.f@g", "../v1_2/./logo_2x.png?a=b@c#d/e.f@g"),
        ("fonts/a b.eot?#iefix", "fonts/a_b.eot?#iefix"),
        ("v1.2/", "v1_2/"),
        ("..", ".."),
        ("größe/größe.png", "größe/größe.png"),
        ("#part", "#part"),
    ],
)
def test_the_path_of_a_reference_gets_the_names_of_the_service(reference: str, expected: str) -> None:
    assert clean_reference(reference) == expected


@given(st.text())
def test_a_clean_reference_stays_as_it_is(reference: str) -> None:
    cleaned = clean_reference(reference)
    assert clean_reference(cleaned) == cleaned
    assert split_reference(cleaned)[1] == split_reference(reference)[1]


@pytest.mark.parametrize(
    ("reference", "source", "expected"),
    [
        ("img/a.png", "base.css", "./img/a.png"),
        ("img/a.png?#iefix", "css/deep/base.css", "../../img/a.png?#iefix"),
        ("css/a.css", "css/b.css", "./a.css"),
        ("v1.2/a@2x.png", "v1.2/b.css", "./a_2x.png"),
        ("", "css/b.css", "../"),
        ("a.png?up=../..", "b.css", "./a.png?up=../.."),
    ],
)
def test_a_relative_reference_begins_at_the_folder_of_its_source(reference: str, source: str, expected: str) -> None:
    assert make_relative(reference, source) == expected


NAMES = st.lists(st.sampled_from(["a", "b.css", "c@2x", "d e"]), min_size=1, max_size=4).map("/".join)


@given(NAMES, NAMES)
def test_a_browser_resolves_a_relative_reference_to_the_file(reference: str, source: str) -> None:
    base = "https://ik.imagekit.io/demo/static/"
    found = urljoin(base + clean_reference(source), make_relative(reference, source))
    assert posixpath.normpath(found) == posixpath.normpath(base + clean_reference(reference))
