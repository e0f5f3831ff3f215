"""Checks of values in queries and bodies; a 400 names the value and says what is allowed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ...base.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TypeVar

    from ..rows import Visibility

    T = TypeVar("T")

UNBOUNDED = 10**18 - 1  # a maximum that means no limit
_INTEGER = re.compile(r"-?[0-9]{1,18}")


def refuse(name: str, rule: str) -> ApiError:
    """Return the 400 for a value; `rule` says what is allowed."""
    return ApiError(400, f"{name} must be {rule}")


def read_query_integer(query: Mapping[str, str], name: str, default: int, *, least: int, most: int) -> int:
    """Return a whole number in a query, or `default` if it is missing or empty."""
    text = query.get(name, "")
    if not text:
        return default
    if not _INTEGER.fullmatch(text) or not least <= int(text) <= most:
        raise refuse(name, f"a whole number {_range(least, most)}")
    return int(text)


def read_integer(body: Mapping[str, Any], name: str, *, least: int, most: int) -> int:
    """Return a whole number in a body; JSON does not distinguish 3 from 3.0."""
    value = body[name]
    is_whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if not is_whole or isinstance(value, bool) or not least <= value <= most:
        raise refuse(name, f"a whole number {_range(least, most)}")
    return int(value)


def read_text(body: Mapping[str, Any], name: str, *, least: int = 0, most: int) -> str:
    """Return the text in a member of a body; `least` and `most` are numbers of characters."""
    value = body.get(name)
    if not isinstance(value, str) or not least <= len(value) <= most:
        raise refuse(name, f"text of {least} to {most} characters")
    return value


def read_choice(body: Mapping[str, Any], name: str, choices: Sequence[str]) -> str:
    """Return the value of a member of a body, which must be one of `choices`."""
    value = body.get(name)
    if not isinstance(value, str) or value not in choices:
        raise refuse(name, f"one of {', '.join(choices)}")
    return value


def read_visibility(given: Mapping[str, Any]) -> Visibility:
    """Return the visibility in a body or a form."""
    return "private" if read_choice(given, "visibility", ("public", "private")) == "private" else "public"


def check_value(check: Callable[[Any], T], value: object) -> T:
    """Return the result of `check`; turn a TypeError or ValueError into a 400 with its message."""
    try:
        return check(value)
    except (TypeError, ValueError) as exc:
        raise ApiError(400, str(exc)) from exc


def _range(least: int, most: int) -> str:
    return f"from {least} to {most}" if most < UNBOUNDED else f"of at least {least}"
