"""SQL functions that SQLite lacks, for words, ISO dates and places."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ..base.dates import parse_moment
from .geography import parse_area, parse_place

if TYPE_CHECKING:
    import sqlite3

_ASCII_WORD: Final = re.compile(r"[a-z0-9]+")


def register_functions(connection: sqlite3.Connection) -> None:
    """Add the functions of compiled queries to `connection`; once per connection is enough."""
    connection.create_function("ik_words_found", 2, count_words, deterministic=True)
    connection.create_function("ik_moment", 1, _moment_or_none, deterministic=True)
    connection.create_function("ik_is_within", 2, _is_within, deterministic=True)


def words(text: str) -> list[str]:
    """Return the words of `text` in lower case, which are runs of letters and digits.

    Marks count as letters, although the ImageKit docs name only letters and digits. Otherwise the words of Hindi, and
    words with combining accents, would be split.
    """
    folded = unicodedata.normalize("NFC", text).casefold()
    if folded.isascii():
        return _ASCII_WORD.findall(folded)
    return "".join(character if _is_part_of_word(character) else " " for character in folded).split()


def count_words(text: str | None, wanted: str) -> int | None:
    """Return how many words of `wanted` are in `text`, the last of them as a prefix; None without a text."""
    if text is None:
        return None
    *whole, prefix = split_once(wanted) or ("",)
    available = words(text)
    found = sum(word in available for word in whole)
    return found + (prefix != "" and any(word.startswith(prefix) for word in available))


@lru_cache(maxsize=128)  # called for every row of a search
def split_once(text: str) -> tuple[str, ...]:
    """Return `words(text)`, cached."""
    return tuple(words(text))


def _is_part_of_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")


def _moment_or_none(text: str | None) -> float | None:
    return None if text is None else parse_moment(text)


def _is_within(place: str | None, area: str) -> bool | None:
    """Return whether ``latitude,longitude`` is in the area, whose syntax the compiler has already checked."""
    if place is None:
        return None
    try:
        return parse_area(area).contains(parse_place(place))
    except ValueError:
        return None
