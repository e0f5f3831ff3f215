from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.search.functions import count_words, register_functions, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Red-dress_02.JPG", ["red", "dress", "02", "jpg"]),
        ("", []),
        ("--__..", []),
        ("Grüße aus KÖLN", ["grüsse", "aus", "köln"]),
        ("Cafe\u0301", ["café"]),
        ("हिन्दी शब्द", ["हिन्दी", "शब्द"]),
        ("東京 2024年", ["東京", "2024年"]),
        ("snake_å_case", ["snake", "å", "case"]),
    ],
)
def test_words_are_the_runs_of_letters_and_digits(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("red-dress.jpg", "red dre", 2),
        ("red-dress.jpg", "RED", 1),
        ("red-dress.jpg", "re dress", 1),
        ("red-dress.jpg", "dress red", 2),
        ("red-dress.jpg", "blue", 0),
        ("red-dress.jpg", "ed", 0),
        ("red-dress.jpg", "!", 0),
        ("", "red", 0),
        (None, "red", None),
    ],
)
def test_the_last_word_matches_as_a_prefix_and_the_others_whole(text: str, wanted: str, found: int) -> None:
    assert count_words(text, wanted) == found


@given(st.text())
def test_a_text_contains_all_of_its_own_words(text: str) -> None:
    assert count_words(text, text) == len(words(text))
    assert count_words(text.upper().lower(), text.upper()) == len(words(text.upper()))


def test_a_connection_has_the_functions_once_they_are_registered() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        register_functions(connection)
        row = connection.execute(
            "SELECT ik_words_found('a b', 'b'), ik_moment('1970-01-02'), ik_moment('soon'), ik_moment(NULL),"
            " ik_is_within('1,1', '0,0|2,2'), ik_is_within('3,1', '0,0|2,2'), ik_is_within('home', '0,0|2,2'),"
            " ik_is_within(NULL, '0,0|2,2')"
        ).fetchone()
    assert row == (1, 86_400.0, None, None, 1, 0, None, None)
