"""Builds the parts of a delivery URL: path, query and expiry. `UrlBuilder` puts them together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..suggestions import did_you_mean
from .endpoint import quote_absolute
from .quoting import check_text, quote_form, quote_form_bytes, quote_path, quote_query, unquote_form
from .signing import NEVER

if TYPE_CHECKING:
    from datetime import timedelta

CAMEL_CASE = {
    "urlEndpoint": "url_endpoint",
    "transformationPosition": "transformation_position",
    "queryParameters": "query_parameters",
    "expireSeconds": "expire_seconds",
}
# Those of `UrlOptions`, which takes longer to define than a URL to build.
OPTIONS = frozenset({"path", "src", "transformation", "signed", *CAMEL_CASE.values()})


def read_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options under their snake_case names; raise TypeError if one is unknown."""
    if not isinstance(options, Mapping):
        raise TypeError(f"the options of url() must be a dict or keywords (got {type(options).__name__})")
    renamed = {CAMEL_CASE.get(name, name): value for name, value in options.items()}
    for name in renamed:
        if name not in OPTIONS:
            raise TypeError(f"unknown option {name!r} of url(){did_you_mean(str(name), OPTIONS)}")
    return renamed


def check_position(position: object) -> str:
    """Return `position`, or raise ValueError if it is neither ``path`` nor ``query``."""
    if position not in ("path", "query"):
        raise ValueError(f"transformation_position must be 'path' or 'query' (got {position!r})")
    return str(position)


def read_path(path: str) -> tuple[str, str]:
    """Split the option `path` into the encoded path, without outer slashes, and the query."""
    rest, _, query = check_text("path", path).strip("/").partition("?")
    # No server would see a fragment, so `#` is a character of the file's name.
    return quote_path(rest), query.replace("#", "%23")


def read_src(src: str, prefix: str, *, signed: object) -> tuple[str, str, str, str]:
    """Split the option `src` into prefix, encoded path, query and encoded fragment with its ``#``.

    The prefix is that of the endpoint, or empty if `src` is not under the endpoint.

    Raises:
        ValueError: `src` is not an absolute URL, or it is to be signed and not under the endpoint.
    """
    url, _, fragment = check_text("src", src).strip("/").partition("#")
    url, _, query = url.partition("?")
    url = quote_absolute(url, "src")
    fragment = f"#{quote_query(fragment)}" if fragment else ""
    if url.startswith(prefix):
        return prefix, url[len(prefix) :], query, fragment
    if signed:
        raise ValueError(f"only URLs under the endpoint {prefix} can be signed (got src {src!r})")
    return "", url, query, fragment


def write_query(query: str, parameters: Mapping[str, object] | None, steps: str) -> str:
    """Return a query in which the parameters and the steps replace those with the same name.

    Args:
        query: The query of the endpoint, path or `src`; may be empty.
        parameters: The option `query_parameters`.
        steps: The encoded value of ``tr``, or an empty string.
    """
    parameters = parameters or {}
    if type(parameters) is not dict and not isinstance(parameters, Mapping):
        raise TypeError(f"query_parameters must be a dict (got {type(parameters).__name__})")
    if query or steps:
        return _merge_query(query, parameters, steps)
    for name, value in parameters.items():
        item = _write_parameter(name, value)
        query = f"{query}&{item}" if query else item
    return query


def _write_parameter(name: object, value: object) -> str:
    text = value if type(value) is str else str(value)
    if type(name) is str and (both := name + text).isalnum() and both.isascii():
        return f"{name}={text}"  # the usual case: nothing to encode
    if name == "ik-attachment" and value:
        text = text.lower()  # the service knows `true`, not Python's `True`
    return f"{quote_form(str(name))}={quote_form(text)}"


def _merge_query(query: str, parameters: Mapping[str, object], steps: str) -> str:
    """Encode `query` anew. Each parameter takes the place of the first one with its name, or goes to the end."""
    written = [_write_parameter(name, value) for name, value in parameters.items()]
    items = {item.partition("=")[0]: item for item in written}
    if steps:
        items["tr"] = f"tr={steps}"
    merged, replaced = [], set(items)
    for item in query.split("&"):
        name, equals, value = item.partition("=")
        name = quote_form_bytes(unquote_form(name))
        if name in items:
            merged.append(items.pop(name))
        elif item and name not in replaced:
            merged.append(name + equals + quote_form_bytes(unquote_form(value)))
    return "&".join([*merged, *items.values()])


def read_expire_seconds(expire_seconds: float | timedelta) -> int:
    """Return the option `expire_seconds` in whole seconds. A mistake must never give a URL that never expires.

    Raises:
        TypeError: It is neither a number nor a timedelta.
        ValueError: It is below 1 second, too large or not a finite number.
    """
    seconds: Any = expire_seconds
    if type(seconds) is not int:
        if hasattr(seconds, "total_seconds"):  # a timedelta, without importing datetime
            seconds = seconds.total_seconds()
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
            raise TypeError(f"expire_seconds must be a number of seconds or a timedelta (got {type(seconds).__name__})")
    if not 1 <= seconds < NEVER:
        raise ValueError(f"expire_seconds must be at least 1, or None for no expiry (got {expire_seconds!r})")
    return int(seconds)
