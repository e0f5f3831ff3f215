"""Checks of the settings of a local server: a mistake is named at once, rather than met in the middle of a test.

Messages show a wrong value, except where it may be a key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from .clock import Clock
from .web_urls import is_web_url

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")


class Kind(NamedTuple):
    """What values a setting may have: their types, how messages name them, and the types of items if they have any."""

    types: tuple[type, ...]
    words: str
    items: tuple[type, ...] = (object,)


_NONE = type(None)
# Values of these are not below zero.
_NUMBERS: Mapping[object, Kind] = {
    "int": Kind((int,), "a number of at least 0"),
    "int | None": Kind((int, _NONE), "a number of at least 0, or None"),
    "float": Kind((int, float), "a number of at least 0"),
}
# By the annotation of an attribute. Those that are not here are checked where they are read.
_KINDS: Mapping[object, Kind] = {
    **_NUMBERS,
    "bool": Kind((bool,), "True or False"),
    "str": Kind((str,), "a str"),
    "str | None": Kind((str, _NONE), "a str or None"),
    "Path": Kind((Path,), "a Path"),
    "Mapping[str, Path]": Kind((Mapping,), "a dict of URLs and the Paths of files"),
    "tuple[float, ...]": Kind((tuple, list), "a tuple of numbers, such as (5, 300)", (int, float)),
    "tuple[tuple[int, float], ...]": Kind((tuple, list), "a tuple of limits, such as ((100, 1),)"),
    "Clock": Kind((Clock,), "a Clock"),
}


def check_settings(settings: DataclassInstance) -> None:
    """Refuse settings of a wrong type, and numbers below zero.

    Raises:
        TypeError: One of them has a wrong type; the message names it.
        ValueError: A number is below zero, or none.
    """
    for each in fields(settings):
        kind = _KINDS.get(each.type)
        if kind is not None:
            value: Any = getattr(settings, each.name)
            if not _fits(value, kind):
                raise TypeError(f"{each.name} must be {kind.words} (got {value!r})")
            if each.type in _NUMBERS and value is not None and not value >= 0:  # nan is not either
                raise ValueError(f"{each.name} must be {kind.words} (got {value!r})")


def check_items(name: str, items: object, kind: type[T], example: str) -> tuple[T, ...]:
    """Return keys as a tuple.

    Args:
        name: Name of the setting.
        items: What was given for it.
        kind: Type that each item must have.
        example: How a right value is written.
    Raises:
        TypeError: It is not an iterable of these; the message has no values, which may be secrets.
    """
    if isinstance(items, (str, bytes)) or not isinstance(items, Iterable):
        raise TypeError(f"{name} must be a list such as {example} (got {type(items).__name__})")
    checked: list[T] = []
    for item in items:
        if not isinstance(item, kind):
            raise TypeError(f"{name} must be a list such as {example} (got an item of type {type(item).__name__})")
        checked.append(item)
    return tuple(checked)


def check_url(name: str, url: str | None) -> None:
    """Refuse what is not a base URL for the setting `name`.

    Raises:
        ValueError: It is not one; the message shows one.
    """
    if url is None:
        return
    if not is_web_url(url) or re.search(r"[\s?#@]", url) or not url.isascii():
        example = "https://images.example.test"
        raise ValueError(f"{name} must be a URL such as {example}, without query (got {url!r})")


def is_of(value: object, types: tuple[type, ...]) -> bool:
    """Return whether `value` has one of the types; True and False are no numbers."""
    return isinstance(value, types) and (not isinstance(value, bool) or bool in types or object in types)


def _fits(value: object, kind: Kind) -> bool:
    items: Iterable[object] = value if isinstance(value, (tuple, list)) else ()
    return is_of(value, kind.types) and all(is_of(item, kind.items) for item in items)
