from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.operations.file_names import clean_file_name, clean_folder_name, distinguish_names

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("my shoe (1).jpg", "my_shoe__1_.jpg"),
        ("größe-٣_नि.jpg", "größe-٣_नि.jpg"),
        ("a/b.jpg", "a_b.jpg"),
        ("👟.jpg", "_.jpg"),
        ("..", ".."),
        ("", ""),
    ],
)
def test_a_file_name_keeps_letters_marks_numbers_dots_underscores_and_hyphens(name: str, cleaned: str) -> None:
    assert clean_file_name(name) == cleaned


@pytest.mark.parametrize(("name", "cleaned"), [("v1.2 final", "v1_2_final"), ("a/b", "a_b"), ("größe-_٣", "größe-_٣")])
def test_in_a_folder_name_dots_are_replaced_too(name: str, cleaned: str) -> None:
    assert clean_folder_name(name) == cleaned


@given(st.text())
def test_cleaning_keeps_the_length_and_does_not_change_a_clean_name(name: str) -> None:
    for clean in (clean_file_name, clean_folder_name):
        assert len(clean(name)) == len(name)
        assert clean(clean(name)) == clean(name)


@pytest.mark.parametrize("clean", [clean_file_name, clean_folder_name])
@pytest.mark.parametrize("name", [None, b"a.jpg", 3])
def test_a_name_that_is_not_a_str_is_a_type_error(clean: Callable[[Any], str], name: Any) -> None:
    with pytest.raises(TypeError, match=rf"^name must be a str \(got {type(name).__name__}\)$"):
        clean(name)


@pytest.mark.parametrize(
    ("stored", "digests"),
    [
        ({"a b": "a_b"}, set()),
        ({"a b": "a_b", "a_b": "a_b"}, {"a b"}),
        ({"a b": "a_b", "a+b": "a_b"}, {"a b", "a+b"}),
        ({"x/a b.jpg": "x/a_b.jpg", "y/a b.jpg": "y/a_b.jpg"}, set()),
    ],
)
def test_a_name_gets_a_digest_only_if_it_would_replace_another(stored: dict[str, str], digests: set[str]) -> None:
    found = distinguish_names(stored)
    assert {name for name in stored if found[name] != stored[name]} == digests
    assert distinguish_names(dict(reversed(stored.items()))) == found


@given(st.sets(st.text(max_size=3)))
def test_distinguished_names_differ_and_the_service_keeps_them(names: set[str]) -> None:
    found = distinguish_names({name: clean_file_name(name) for name in names})
    assert len(set(found.values())) == len(names)
    assert all(clean_file_name(name) == name for name in found.values())


def test_the_digest_comes_before_the_extension() -> None:
    found = distinguish_names({"x/a b.tar.gz": "x/a_b.tar.gz", "x/a_b.tar.gz": "x/a_b.tar.gz"})
    assert found["x/a b.tar.gz"] == "x/a_b.tar_2b396871.gz"
