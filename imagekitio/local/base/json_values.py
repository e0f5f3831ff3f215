"""Strict parsing of JSON in requests, and narrowing of its types."""

from __future__ import annotations

import json
from typing import Any, TypeGuard


def read_json(text: str | bytes | bytearray) -> Any:
    """Return the value of a JSON text.

    Raises:
        ValueError: The text is not JSON, is nested too deeply, or contains half a surrogate pair, which cannot be
            encoded, or a number such as 1e999, which would be written as ``Infinity``.
    """
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def as_object(value: object) -> dict[str, Any] | None:
    """Return `value` if it is an object, else None."""
    return value if _is_object(value) else None


def as_array(value: object) -> list[Any] | None:
    """Return `value` if it is an array, else None."""
    return value if _is_array(value) else None


def as_texts(value: object) -> list[str] | None:
    """Return `value` if it is an array of strings, else None."""
    items = as_array(value)
    return None if items is None or not all(isinstance(item, str) for item in items) else items


def _is_object(value: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _is_array(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
