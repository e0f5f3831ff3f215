"""Puts requests together: path segments, queries, JSON bodies; refuses what the service could not understand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ..models.options import UNSET, Options
from ..urls.quoting import encode, quote_component
from .core import Request


def required(value: object, name: str) -> str:
    """Return the text `value`.

    Raises:
        TypeError: It is None (the argument is a dict with `message` and `help`, as published), or no text.
        ValueError: It is empty or blank.
    """
    if value is None or value is UNSET:
        raise TypeError({"message": f"{name} is missing", "help": f"Pass {name} as a str."})
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str (got {type(value).__name__})")
    if not value.strip():
        raise ValueError(f"{name} must not be empty (got {value!r})")
    return value


def segment(value: object, name: str) -> str:
    """Return `value` as one segment of a path, which it can neither leave nor climb out of."""
    quoted = quote_component(required(value, name))
    return quoted.replace(".", "%2E") if quoted.strip(".") == "" else quoted


def ids(value: object, name: str) -> list[str]:
    """Return a list of ids or names for a JSON body; ValueError when it is empty."""
    if isinstance(value, (str, bytes, Mapping)):
        raise TypeError(f"{name} must be a list of str (got {type(value).__name__})")
    if value is None:
        raise TypeError({"message": f"{name} is missing", "help": f"Pass {name} as a list of str."})
    try:
        found = list(value)  # type: ignore[call-overload]
    except TypeError:
        raise TypeError(f"{name} must be a list of str (got {type(value).__name__})") from None
    if not found:
        raise ValueError(f"{name} must not be empty")
    return [required(one, f"every entry of {name}") for one in found]


def require_options(options: Options, *names: str) -> None:
    """Check that options which the API cannot do without are given, as texts that are not blank."""
    for name in names:
        required(getattr(options, name), name)


def plain_text(value: object, name: str) -> str:
    """Return a value of a query or of a form as text; booleans are ``true`` and ``false``.

    Raises:
        TypeError: It is neither text, boolean nor whole number.
        ValueError: It holds half a surrogate pair.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str, a bool or an int (got {type(value).__name__})")
    encode(value)
    return value


def json_text(value: object) -> str:
    """Return `value` as JSON; ValueError for NaN, infinity and half a surrogate pair, which JSON cannot carry."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain)
    encode(text)
    return text


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset, Sequence)) and not isinstance(value, (bytes, bytearray, memoryview)):
        return list(value)
    raise TypeError(f"{type(value).__name__} is nothing that JSON can carry")


def get(path: str, query: Mapping[str, object] | None = None) -> Request:
    """Return a GET request; query values that are empty are left out, as the API takes them for absent."""
    texts = {name: plain_text(value, name) for name, value in (query or {}).items()}
    pairs = [f"{quote_component(name)}={quote_component(text)}" for name, text in texts.items() if text]
    return Request("GET", f"{path}?{'&'.join(pairs)}" if pairs else path)


def with_json(method: str, path: str, body: Mapping[str, Any], *, idempotent: bool) -> Request:
    """Return a request with a JSON body."""
    return Request(method, path, json_text(body).encode(), idempotent=idempotent)
