"""Build the parts of a delivery URL: path, query and expiry. `UrlBuilder` puts them together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..suggestions import did_you_mean
from .endpoint import quote_absolute
from .moments import read_moment
from .quoting import check_text, quote_form, quote_form_bytes, quote_path, quote_query, unquote_form
from .transformations.names import KNOWN_NAMES
from .transformations.values import write_scalar

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime, timedelta

LONGEST_LIFETIME = 10 * 366 * 24 * 3600  # seconds; more must be a Unix time

CAMEL_CASE = {
    "urlEndpoint": "url_endpoint",
    "transformationPosition": "transformation_position",
    "queryParameters": "query_parameters",
    "expireSeconds": "expire_seconds",
    "expiresAt": "expires_at",
}
# The names in `UrlOptions`, which takes longer to define than a URL takes to build.
OPTIONS = frozenset({"path", "src", "transformation", "signed", *CAMEL_CASE.values()})


def read_options(
    options: object, keywords: Mapping[str, Any] | None = None, *, more: Collection[str] = ()
) -> dict[str, Any]:
    """Return the options of `url` under their snake_case names; `keywords` take precedence over `options`.

    Args:
        options: A dict, or None.
        keywords: More options.
        more: The other arguments of the call, for suggestions.
    Raises:
        TypeError: `options` has another type, or an option is unknown.
    """
    if isinstance(options, str):
        raise TypeError(f"the options of url() must be a dict or keywords, such as url(path={options!r}) (got a str)")
    if options is not None and not isinstance(options, Mapping):
        raise TypeError(f"the options of url() must be a dict or keywords (got {type(options).__name__})")
    mappings = (options or {}, keywords or {})
    given = {CAMEL_CASE.get(name, name): value for mapping in mappings for name, value in mapping.items()}
    for name in given:
        if name not in OPTIONS:
            if name in KNOWN_NAMES:
                step = {name: given[name]}
                raise TypeError(f"unknown option {name!r} of url(); a transformation goes into transformation=[{step}]")
            raise TypeError(f"unknown option {name!r} of url(){did_you_mean(str(name), {*OPTIONS, *more})}")
    return given


def check_empty(options: Mapping[str, Any]) -> None:
    """Check that options without a path or `src` have at least an empty one, as templates may pass.

    Raises:
        TypeError: The path or `src` is empty, but neither a str nor None.
        ValueError: Neither is given.
    """
    given = [name for name in ("path", "src") if name in options]
    if not given:
        raise ValueError('url() needs a path or src, such as path="/shoes/red.jpg"')
    for name in given:
        if options[name] is not None:
            check_text(name, options[name])


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
        ValueError: `src` is not an absolute URL, or `signed` is set and it is not under the endpoint.
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
    Raises:
        TypeError, ValueError: A name or value of `parameters` cannot be written.
    """
    parameters = parameters or {}
    if type(parameters) is not dict and not isinstance(parameters, Mapping):
        raise TypeError(f"query_parameters must be a dict (got {type(parameters).__name__})")
    if query or steps:
        return _merge_query(query, parameters, steps)
    for name, value in parameters.items():
        item = _write_parameter(name, value)
        if item:
            query = f"{query}&{item}" if query else item
    return query


def _write_parameter(name: object, value: object) -> str:
    """Return ``name=value``, repeated for each member of a list; empty for None."""
    if type(name) is str and type(value) is str and (both := name + value).isalnum() and both.isascii():
        return f"{name}={value}"  # the usual case: nothing to encode
    name = check_text("a name in query_parameters", name)
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return "&".join(filter(None, [_write_parameter(name, member) for member in value]))
    text = write_scalar(f"query_parameters[{name!r}]", value)
    if name == "ik-attachment":
        text = text.lower()  # release 4.x also accepted "True"; the service expects `true`
    return f"{quote_form(name)}={quote_form(text)}"


def _merge_query(query: str, parameters: Mapping[str, object], steps: str) -> str:
    """Encode `query` again. Each parameter replaces the first one with its name, or is added at the end."""
    written = [_write_parameter(name, value) for name, value in parameters.items()]
    items = {item.partition("=")[0]: item for item in written if item}
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


def read_expiry(expire_seconds: float | timedelta | None, expires_at: float | datetime | None, now: int) -> int | None:
    """Return the Unix time at which a signed URL expires; None if it never does.

    A mistake must not create a URL that never expires, so a span that looks like a time is refused.

    Args:
        expire_seconds: Lifetime in seconds, or a timedelta.
        expires_at: Unix time in seconds, or an aware datetime; may be in the past.
        now: Unix time in seconds from which `expire_seconds` counts.
    Raises:
        TypeError: One of them has the wrong type.
        ValueError: Both are given, or one of them is out of range.
    """
    seconds: Any = expire_seconds
    if type(seconds) is int and 0 < seconds <= LONGEST_LIFETIME and expires_at is None:
        return now + seconds  # the usual case
    if expires_at is not None:
        if expire_seconds is not None:
            raise ValueError("expire_seconds and expires_at conflict: pass only one of them")
        return read_moment("expires_at", expires_at, span="expire_seconds={}")
    if expire_seconds is None:
        return None
    if (total := getattr(seconds, "total_seconds", None)) is not None:  # a timedelta, without importing datetime
        seconds = total()
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise TypeError(f"expire_seconds must be a number of seconds or a timedelta (got {type(seconds).__name__})")
    if not seconds >= 1:  # also refuses NaN
        raise ValueError(f"expire_seconds must be at least 1, or None for no expiry (got {expire_seconds!r})")
    if seconds > LONGEST_LIFETIME:
        raise ValueError(
            f"expire_seconds must be at most 10 years ({LONGEST_LIFETIME}; got {expire_seconds!r}); "
            "for a Unix time, pass expires_at=…"
        )
    return now + int(seconds)


def check_signed(options: Mapping[str, Any]) -> None:
    """Raise ValueError if the options have an expiry but not `signed`."""
    for name in ("expire_seconds", "expires_at"):
        if options.get(name) is not None and "signed" not in options:
            raise ValueError(f"{name} needs signed=True, since only signed URLs expire")
