"""What SQLite cannot do by itself: words, ISO dates and places, as functions for its SQL."""

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
    """Give `connection` the functions that compiled queries call. Once for each connection is enough."""
    connection.create_function("ik_words_found", 2, words_found, deterministic=True)
    connection.create_function("ik_moment", 1, _moment_or_none, deterministic=True)
    connection.create_function("ik_is_within", 2, _is_within, deterministic=True)


def words(text: str) -> list[str]:
    """The words of `text` in lower case: its runs of letters and digits.

    Marks count as letters (ImageKit docs name only letters and digits): without them the words of Hindi, and
    accents written as characters of their own, would fall apart.
    """
    folded = unicodedata.normalize("NFC", text).casefold()
    if folded.isascii():
        return _ASCII_WORD.findall(folded)
    return "".join(character if _is_part_of_word(character) else " " for character in folded).split()


def words_found(text: str | None, wanted: str) -> int | None:
    """How many words of `wanted` are words of `text`, the last one as a prefix; None without a text."""
    if text is None:
        return None
    *whole, prefix = split_once(wanted) or ("",)
    there = words(text)
    found = sum(word in there for word in whole)
    return found + (prefix != "" and any(word.startswith(prefix) for word in there))


@lru_cache(maxsize=128)  # asked for every row of a search
def split_once(text: str) -> tuple[str, ...]:
    """`words`, remembered."""
    return tuple(words(text))


def _is_part_of_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")


def _moment_or_none(text: str | None) -> float | None:
    return None if text is None else parse_moment(text)


def _is_within(place: str | None, area: str) -> bool | None:
    """Whether the text ``latitude,longitude`` lies in the area, which the compiler has checked before."""
    if place is None:
        return None
    try:
        return parse_area(area).contains(parse_place(place))
    except ValueError:
        return None
