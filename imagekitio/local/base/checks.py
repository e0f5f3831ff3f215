"""Checks of a local server's settings, so that a mistake is reported at the start rather than in the middle of a test.

Messages show the wrong value, unless it may be a key.
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
    """The values that a setting may have: their types, their name in messages and the types of their items."""

    types: tuple[type, ...]
    words: str
    items: tuple[type, ...] = (object,)


_NONE = type(None)
# The numbers must not be negative.
_NUMBERS: Mapping[object, Kind] = {
    "int": Kind((int,), "a number of at least 0"),
    "int | None": Kind((int, _NONE), "a number of at least 0, or None"),
    "float": Kind((int, float), "a number of at least 0"),
}
# By the annotation of an attribute. Other annotations are checked where the attribute is read.
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
    """Refuse settings of the wrong type and negative numbers.

    Raises:
        TypeError: A setting has the wrong type; the message names it.
        ValueError: A number is negative or NaN.
    """
    for each in fields(settings):
        kind = _KINDS.get(each.type)
        if kind is not None:
            value: Any = getattr(settings, each.name)
            if not _fits(value, kind):
                raise TypeError(f"{each.name} must be {kind.words} (got {value!r})")
            if each.type in _NUMBERS and value is not None and not value >= 0:  # "not >=", so that NaN is refused too
                raise ValueError(f"{each.name} must be {kind.words} (got {value!r})")


def check_items(name: str, items: object, kind: type[T], example: str) -> tuple[T, ...]:
    """Return `items` as a tuple.

    Args:
        name: Name of the setting.
        items: Value of the setting.
        kind: Type that each item must have.
        example: Example of a valid value.
    Raises:
        TypeError: `items` is not an iterable of such items; the message shows no values, as they may be secret.
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
    """Refuse a value of the setting `name` that is not a base URL.

    Raises:
        ValueError: `url` is not a base URL; the message shows an example.
    """
    if url is None:
        return
    if not is_web_url(url) or re.search(r"[\s?#@]", url) or not url.isascii():
        example = "https://images.example.test"
        raise ValueError(f"{name} must be a URL such as {example}, without a query (got {url!r})")


def has_type(value: object, types: tuple[type, ...]) -> bool:
    """Return whether `value` has one of the types; True and False do not count as numbers."""
    return isinstance(value, types) and (not isinstance(value, bool) or bool in types or object in types)


def _fits(value: object, kind: Kind) -> bool:
    items: Iterable[object] = value if isinstance(value, (tuple, list)) else ()
    return has_type(value, kind.types) and all(has_type(item, kind.items) for item in items)
