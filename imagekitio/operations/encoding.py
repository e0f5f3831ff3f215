"""Builds requests: path segments, queries and JSON bodies. Values that the service could not understand are refused."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..models.options import UNSET, Options
from ..urls.quoting import quote_component
from .core import Request


def require_text(value: object, name: str) -> str:
    """Return `value` if it is a str that is not blank.

    Raises:
        TypeError: `value` is missing (the argument is a dict with `message` and `help`, as published), or not a str.
        ValueError: `value` is empty or blank.
    """
    if value is None or value is UNSET:
        raise TypeError({"message": f"{name} is missing", "help": f"Pass {name} as a str."})
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str (got {type(value).__name__})")
    if not value.strip():
        raise ValueError(f"{name} must not be empty (got {value!r})")
    return value


def require_texts(value: object, name: str) -> list[str]:
    """Return the ids or names in `value`, which must not be empty, as a list."""
    if value is None:
        raise TypeError({"message": f"{name} is missing", "help": f"Pass {name} as a list of str."})
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise TypeError(f"{name} must be a list of str (got {type(value).__name__})")
    found = [require_text(one, f"every entry of {name}") for one in value]
    if not found:
        raise ValueError(f"{name} must not be empty")
    return found


def require_options(options: Options, *names: str) -> None:
    """Check that the options `names` are given, as str that are not blank."""
    for name in names:
        require_text(getattr(options, name), name)


def quote_segment(value: object, name: str) -> str:
    """Return the text `value` as a single path segment; slashes and dots in it cannot lead to another path."""
    quoted = quote_component(require_text(value, name))
    return quoted.replace(".", "%2E") if quoted.strip(".") == "" else quoted


def encode_text(value: object, name: str) -> str:
    """Return a value of a query or of a form as text; booleans become ``true`` and ``false``.

    Raises:
        TypeError: `value` is not a str, a bool or an int.
        ValueError: `value` contains a lone surrogate.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str, a bool or an int (got {type(value).__name__})")
    _refuse_lone_surrogates(value, name)
    return value


def encode_json(value: object) -> str:
    """Return `value` as JSON.

    Raises:
        TypeError: A value has a type that JSON does not have.
        ValueError: A value is NaN or infinite, or contains a lone surrogate.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_convert_to_json_type)
    _refuse_lone_surrogates(text, "JSON")
    return text


def _refuse_lone_surrogates(text: str, name: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as exc:
        raise ValueError(f"{name} must not contain a lone surrogate (got {text[exc.start : exc.end]!r})") from exc


def _convert_to_json_type(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset, Sequence)) and not isinstance(value, (bytes, bytearray, memoryview)):
        return list(value)
    raise TypeError(f"{type(value).__name__} is not JSON serializable")


def build_get(path: str, query: Mapping[str, object]) -> Request:
    """Return a GET request. Empty query values are left out, since the API treats them as absent."""
    texts = {name: encode_text(value, name) for name, value in query.items()}
    pairs = [f"{quote_component(name)}={quote_component(text)}" for name, text in texts.items() if text]
    return Request("GET", f"{path}?{'&'.join(pairs)}" if pairs else path)


def build_json_request(method: str, path: str, body: Mapping[str, Any], *, idempotent: bool) -> Request:
    """Return a request with a JSON body."""
    return Request(method, path, encode_json(body).encode(), idempotent=idempotent)
