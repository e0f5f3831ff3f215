"""Cleaning names and paths."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.base.errors import ApiError
from imagekitio.local.base.names import (
    canonical_path,
    clean_file_name,
    clean_folder_path,
    is_inside,
    join_path,
    make_unique_name,
    make_version_token,
    split_path,
)


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("red shoe (1).jpg", "red_shoe__1_.jpg"),
        ("größe-été_٣.png", "größe-été_٣.png"),
        ("a/b\\c.jpg", "a_b_c.jpg"),
        ("💥.gif", "_.gif"),
        ("e\u0301.jpg", "e\u0301.jpg"),  # a combining mark is kept: nothing is normalised
    ],
)
def test_a_file_name_keeps_letters_marks_numbers_dot_dash_and_underscore(given_name: str, kept: str) -> None:
    assert clean_file_name(given_name) == kept


@given(st.text())
def test_cleaning_a_file_name_keeps_its_length_and_is_idempotent(name: str) -> None:
    cleaned = clean_file_name(name)
    assert len(cleaned) == len(name)
    assert clean_file_name(cleaned) == cleaned
    assert all(c in "._-" or unicodedata.category(c)[0] in "LMN" for c in cleaned)


@pytest.mark.parametrize("path", ["", "/", "//", "a", "/a/", "//a//b/", "/a/b"])
def test_a_canonical_path_starts_with_a_slash_and_ends_without(path: str) -> None:
    assert re.fullmatch(r"/|(/[^/]+)+", canonical_path(path))


@given(st.text(alphabet="ab/.é "))
def test_making_a_path_canonical_is_idempotent(path: str) -> None:
    assert canonical_path(canonical_path(path)) == canonical_path(path)


@given(st.lists(st.text(alphabet="abé-", min_size=1), min_size=1))
def test_a_joined_path_splits_into_its_segments(segments: list[str]) -> None:
    path = canonical_path("/".join(segments))
    assert join_path(*split_path(path)) == path
    assert split_path(path)[1] == segments[-1]


@given(st.text(alphabet="ab/.é %"))
def test_a_folder_path_is_cleaned_or_refused_but_never_climbs(path: str) -> None:
    if {".", ".."} & set(path.split("/")):
        with pytest.raises(ApiError) as caught:
            clean_folder_path(path)
        assert caught.value.reason == "INVALID_FOLDER_PATH"
        return
    cleaned = clean_folder_path(path)
    assert canonical_path(cleaned) == cleaned
    assert "." not in cleaned


def test_folders_nest_fifty_levels_deep_and_no_deeper() -> None:
    assert clean_folder_path("/a" * 50) == "/a" * 50
    with pytest.raises(ApiError, match="50 levels deep"):
        clean_folder_path("/a" * 51)


@pytest.mark.parametrize(
    ("path", "folder", "inside"),
    [("/a", "/", True), ("/a", "/a", True), ("/a/b", "/a", True), ("/ab", "/a", False), ("/", "/a", False)],
)
def test_a_path_is_inside_a_folder_by_whole_segments(path: str, folder: str, inside: bool) -> None:
    assert is_inside(path, folder) is inside


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("hero.jpg", r"hero_[\w-]{9}\.jpg"),
        ("a.tar.gz", r"a\.tar_[\w-]{9}\.gz"),
        ("README", r"README_[\w-]{9}"),
        (".env", r"_[\w-]{9}\.env"),
    ],
)
def test_the_unique_suffix_comes_before_the_last_dot(name: str, pattern: str) -> None:
    assert re.fullmatch(pattern, make_unique_name(name))
    assert make_unique_name(name) != make_unique_name(name)


def test_a_version_token_has_32_characters_that_need_no_encoding() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_.-]{32}", make_version_token())
