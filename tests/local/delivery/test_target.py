from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.delivery.target import DeliveryTarget, find_missing_feature, parse_target


@pytest.mark.parametrize(
    ("target", "path", "steps"),
    [
        ("a.jpg", "/a.jpg", ""),
        ("tr:w-300,h-200/f/a.jpg", "/f/a.jpg", "w-300,h-200"),
        ("tr%3Aw-300%2Ch-200/f/a.jpg", "/f/a.jpg", "w-300,h-200"),
        ("img/tr:w-200/girl.jpeg", "/img/girl.jpeg", "w-200"),
        ("f/a.jpg?tr=w-300%2Ch-200%3Art-90", "/f/a.jpg", "w-300,h-200:rt-90"),
        ("f/a.jpg?tr=w-1&tr=w-2&x=3", "/f/a.jpg", "w-2"),
        ("tr:w-1/a.jpg?tr=w-2", "/a.jpg", "w-1"),
        ("tr:/a.jpg?tr=w-2", "/a.jpg", ""),
        ("a.jpg?tr=l-text,i-a+b,l-end", "/a.jpg", "l-text,i-a b,l-end"),
        ("tr:l-text,i-a+b,l-end/a.jpg", "/a.jpg", "l-text,i-a+b,l-end"),
        ("tr:di-f@@b.jpg/a+b.jpg", "/a+b.jpg", "di-f@@b.jpg"),
        ("%C3%A9/%20a.jpg", "/é/ a.jpg", ""),
        ("//f//a.jpg/", "/f/a.jpg", ""),
        ("ik-seo/photo/eiffel-tower.jpg", "/photo.jpg", ""),
        ("ik-seo/tr:h-300/f/photo/eiffel-tower.jpg", "/f/photo.jpg", "h-300"),
        ("ik-seo/a.jpg", "/ik-seo/a.jpg", ""),
        ("%2e%2e/%2e%2e/etc/passwd", "/../../etc/passwd", ""),
        ("%252e%252e%252fa.jpg", "/%2e%2e%2fa.jpg", ""),
        ("", "/", ""),
    ],
)
def test_a_target_has_a_path_and_steps(target: str, path: str, steps: str) -> None:
    assert parse_target(target) == DeliveryTarget(path, steps)


def test_known_query_parameters_are_read() -> None:
    assert parse_target("a.jpg?ik-obj-version=t.1_-&ik-attachment=True") == DeliveryTarget("/a.jpg", "", "t.1_-", "")
    assert parse_target("a.jpg?ik-attachment=true&ik-attachment-filename=b%20c.jpg").attachment_name == "b c.jpg"
    assert parse_target("a.jpg?ik-attachment=false&ik-attachment-filename=b.jpg").attachment_name is None


@pytest.mark.parametrize("target", ["%FF.jpg", "tr:w-%FF/a.jpg", "a.jpg?tr=%FF", "a\udcff.jpg"])
def test_a_target_that_is_not_utf_8_is_refused(target: str) -> None:
    with pytest.raises(UnicodeError):
        parse_target(target)


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("/a.mp4/ik-master.m3u8", "ik-master.m3u8"),
        ("/ik-genimg-prompt-a dog/dog.jpg", "ik-genimg"),
        ("/https://www.example.com/a.jpg", "a source that is a URL"),
        ("/http:/www.example.com/a.jpg", "a source that is a URL"),
    ],
)
def test_paths_with_a_special_meaning_in_the_service_are_named(path: str, what: str) -> None:
    needed = find_missing_feature(path)
    assert needed is not None
    assert needed[0] == what


def test_other_missing_paths_are_just_missing() -> None:
    assert find_missing_feature("/a/https.jpg") is None


@given(st.lists(st.text(min_size=1).filter(lambda text: "/" not in text), min_size=1, max_size=4))
def test_a_quoted_path_is_read_back_unchanged(segments: list[str]) -> None:
    path = "/" + "/".join(segments)
    target = quote(path[1:], safe="/")
    if "tr%3A" not in target.replace("Tr", "tr").replace("tR", "tr").replace("TR", "tr") and segments[0] != "ik-seo":
        assert parse_target(target).path == path
