"""Build requests: path segments, queries and JSON bodies. Values that the service could not read are refused."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePath
from typing import Any, cast
from uuid import UUID

from ..models.options import UNSET, Options
from ..models.spelling import to_snake_case
from ..urls.quoting import quote_component
from .core import Request


def require_text(value: object, name: str) -> str:
    """Return `value` if it is a str that is not blank.

    Raises:
        TypeError: `value` is missing, or not a str.
        ValueError: `value` is empty or blank.
    """
    if value is None or value is UNSET:
        raise TypeError(f"{name} is missing: pass it as a str")
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str (got {type(value).__name__})")
    if not value.strip():
        raise ValueError(f"{name} must not be empty (got {value!r})")
    return value


def require_texts(value: object, name: str) -> list[str]:
    """Return the IDs or names in `value`, which must not be empty, as a list."""
    return require_entries(value, name, require_text, "str")


def require_entries(value: object, name: str, read: Callable[[object, str], str], kind: str) -> list[str]:
    """Return the results of `read` for the entries of a list, which must not be empty.

    Args:
        value: List, or any iterable except a str or a dict.
        name: Name of the list, for messages.
        read: Function that takes an entry and its name for messages.
        kind: Kind of the entries, for messages.
    Raises:
        TypeError: `value` is missing, or not a list.
        ValueError: `value` is empty.
    """
    if value is None:
        raise TypeError(f"{name} is missing: pass it as a list of {kind}")
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise TypeError(f"{name} must be a list of {kind} (got {type(value).__name__})")
    found = [read(one, f"every entry of {name}") for one in value]
    if not found:
        raise ValueError(f"{name} must not be empty")
    return found


def require_options(options: Options, *names: str) -> None:
    """Check that the options `names` are given, as str that are not blank."""
    for name in names:
        require_text(getattr(options, name), name)


def require_value(options: Options, name: str, wanted: str) -> None:
    """Check that the option `name` is given; `wanted` describes it for messages. Its encoder checks the value."""
    value = getattr(options, name)
    if value is UNSET or value is None:
        raise TypeError(f"{name} is missing: pass {wanted}")


def quote_segment(value: object, name: str) -> str:
    """Return the text `value` as a single path segment; slashes and dots in it cannot change the path."""
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


def encode_json(value: object, name: str) -> str:
    """Return `value` as JSON.

    Dates and aware datetimes become ISO 8601, a `Decimal` becomes a number, any sequence or set becomes a list.

    Args:
        value: Value to encode.
        name: Name of the value, with which error messages begin: ``custom_metadata['price'] must …``.
    Raises:
        TypeError: A value has a type that JSON does not have, or a key is not a str.
        ValueError: A value is NaN or infinite, a datetime without a time zone, or contains a lone surrogate; or a value
            contains itself.
    """
    return _write_json(_convert_to_json(value, name))


def _write_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _refuse_lone_surrogates(text: str, name: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as exc:
        raise ValueError(f"{name} must not contain a lone surrogate (got {text[exc.start : exc.end]!r})") from exc


# Values with options as members, whose names are shown in Python's spelling. Other member names are data.
_HAS_OPTIONS = re.compile(r"schema|publish|config|url_rewriter|extensions\[\d+\]")


def _convert_to_json(value: object, path: str, outer: tuple[object, ...] = ()) -> Any:
    """Return `value` as the types that `json` writes; `outer` are the values that contain it."""
    if any(value is one for one in outer):
        raise ValueError(f"{path} must not contain itself")
    if isinstance(value, str):
        _refuse_lone_surrogates(value, path)
        return value
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, (float, Decimal)):
        if (isinstance(value, Decimal) and not value.is_finite()) or not math.isfinite(value):
            raise ValueError(f"{path} must be a finite number (got {value})")
        return int(value) if isinstance(value, Decimal) and value == int(value) else float(value)
    if isinstance(value, datetime) and value.utcoffset() is None:
        raise ValueError(f"{path} must have a time zone, such as tzinfo=timezone.utc (got {value!r})")
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, Mapping):
        members = cast("Mapping[object, object]", value)
        return {
            _check_key(key, path): _convert_to_json(member, _name_member(path, key), (*outer, value))
            for key, member in members.items()
        }
    if isinstance(value, (set, frozenset, Sequence)) and not isinstance(value, (bytes, bytearray, memoryview)):
        entries = cast("Iterable[object]", value)
        return [_convert_to_json(entry, f"{path}[{index}]", (*outer, value)) for index, entry in enumerate(entries)]
    advice = "; convert it with str()" if isinstance(value, (UUID, PurePath)) else ""
    raise TypeError(
        f"{path} must be a str, a number, a bool, None, a date, a list or a dict (got {type(value).__name__}){advice}"
    )


def _check_key(key: object, path: str) -> str:
    if not isinstance(key, str):
        raise TypeError(f"{path} must have str keys (got {key!r})")
    _refuse_lone_surrogates(key, f"a key of {path}")
    return key


def _name_member(path: str, key: object) -> str:
    return f"{path}[{to_snake_case(key) if isinstance(key, str) and _HAS_OPTIONS.fullmatch(path) else key!r}]"


def build_get(path: str, query: Mapping[str, object]) -> Request:
    """Return a GET request.

    Args:
        path: Percent-encoded path.
        query: Values by their names in the API, which need no encoding. Empty ones are left out, since the API treats
            them as absent.
    """
    pairs = [
        f"{name}={quote_component(text)}"
        for name, value in query.items()
        if (text := encode_text(value, to_snake_case(name)))
    ]
    return Request("GET", f"{path}?{'&'.join(pairs)}" if pairs else path)


def build_json_request(method: str, path: str, body: Mapping[str, Any], *, idempotent: bool) -> Request:
    """Return a request with a JSON body, whose members are options under their JSON names."""
    members = {name: _convert_to_json(value, to_snake_case(name)) for name, value in body.items()}
    return Request(method, path, _write_json(members).encode(), idempotent=idempotent)
