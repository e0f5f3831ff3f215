"""Builds delivery URLs: the hot path of the library.

What goes into a URL is written down in `quoting`, `steps` and `signing`; this module puts the parts together, and does
little for a URL whose parts it has seen before. Templates ask for thousands of URLs with a handful of transformations,
so steps are written and encoded once and found again by the bytes that `marshal` gives for them. That takes a fifth of
the time of writing them, and unlike a hash it tells 1 from True and 1.0.
"""

from __future__ import annotations

import marshal
import time
from collections.abc import Mapping

from .quoting import (
    PATH_SAFE,
    UNRESERVED,
    quote_component,
    quote_form,
    quote_form_bytes,
    quote_path,
    quote_query,
    unquote_form,
)
from .signing import NEVER, Signer
from .steps import write_steps

TYPE_CHECKING = False  # not from typing: importing that takes longer than all the rest of a first URL
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta
    from typing import Any

POSITIONS = ("path", "query")

_CACHE_SIZE = 1024  # transformations; far more than a site has, and a bound for those who compute them

OPTIONS = frozenset(
    {
        "path",
        "src",
        "url_endpoint",
        "transformation",
        "transformation_position",
        "query_parameters",
        "signed",
        "expire_seconds",
    }
)
_CAMEL_CASE = {
    "urlEndpoint": "url_endpoint",
    "transformationPosition": "transformation_position",
    "queryParameters": "query_parameters",
    "expireSeconds": "expire_seconds",
}


_HOST_SAFE = UNRESERVED + b"!$&'()*+,;=:@[]%"  # RFC 3986, section 3.2 "authority"


def read_endpoint(url_endpoint: str) -> tuple[str, str]:
    """Return what every URL under an endpoint starts with, one slash at the end, and the query that all of them get.

    Raises:
        TypeError: The endpoint is no text.
        ValueError: It is no absolute URL.
    """
    base, _, query = _check_text("url_endpoint", url_endpoint).strip().partition("#")[0].partition("?")
    return _quote_absolute(base.rstrip("/"), "url_endpoint") + "/", query


class UrlBuilder:
    """Builds URLs for one account. Threads may share it; `pickle` takes it along.

    Args:
        private_key: Signs URLs.
        url_endpoint: What the URLs start with, such as ``https://ik.imagekit.io/your_imagekit_id``.
        transformation_position: ``path`` or ``query``: where the steps go unless a call says otherwise.
        strict_transformations: Whether a transformation name that nobody knows is an error.
        clock: Gives the Unix time in seconds.
    """

    def __init__(
        self,
        private_key: str,
        url_endpoint: str,
        transformation_position: str = "path",
        *,
        strict_transformations: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.private_key = private_key
        self.url_endpoint = url_endpoint
        if transformation_position not in POSITIONS:
            raise _bad_position(transformation_position)
        self.transformation_position = transformation_position
        self.strict_transformations = strict_transformations
        self.clock = clock
        self._prepare()

    def _prepare(self) -> None:
        self._prefix, self._endpoint_query = read_endpoint(self.url_endpoint)
        self._sign = Signer(self.private_key).sign
        self._written: dict[str, dict[bytes, str]] = {position: {} for position in POSITIONS}

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if not name.startswith("_")}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        self._prepare()

    def url(self, options: Mapping[str, object] | None = None, **keywords: object) -> str:
        """Return the URL for options as a dict, as keywords, or both; keywords win."""
        given = keywords if options is None else {**options, **keywords} if keywords else options
        try:
            return self._build(**given)  # type: ignore[arg-type]  # values are checked where they are used
        except TypeError:
            if OPTIONS.issuperset(given):
                raise
        return self._build(**_snake_case(given))  # type: ignore[arg-type]

    def _build(
        self,
        path: str | None = None,
        src: str | None = None,
        transformation: object = None,
        url_endpoint: str | None = None,
        transformation_position: str | None = None,
        query_parameters: Mapping[str, object] | None = None,
        signed: object = False,
        expire_seconds: float | timedelta | None = None,
    ) -> str:
        if url_endpoint is None:
            prefix, endpoint_query = self._prefix, self._endpoint_query
        else:
            prefix, endpoint_query = read_endpoint(url_endpoint)
        if transformation_position is None:
            transformation_position = self.transformation_position
        elif transformation_position not in POSITIONS:
            raise _bad_position(transformation_position)

        # Where the file is: `prefix` and what follows it, and the query that it brings along.
        query = fragment = ""
        if path:
            try:
                rest = path.strip("/")
                # Only the usual characters, none to encode and no query to take apart? One pass in C tells.
                is_plain = not rest.encode().translate(None, PATH_SAFE)
            except (AttributeError, TypeError, UnicodeEncodeError):
                rest, is_plain = _check_text("path", path).strip("/"), False
            if not is_plain:
                rest, _, query = rest.partition("?")
                # A fragment would never reach the server: in a path `#` is a character of the file's name.
                rest, query = quote_path(rest), query.replace("#", "%23")
        elif src:
            transformation_position = "query"
            url, _, fragment = _check_text("src", src).strip("/").partition("#")
            url, _, query = url.partition("?")
            url = _quote_absolute(url, "src")
            if url.startswith(prefix):
                rest = url[len(prefix) :]
            elif signed:
                raise ValueError(f"only URLs under the endpoint {prefix} can be signed (got src {src!r})")
            else:
                prefix, rest = "", url
        else:
            return ""
        if endpoint_query and prefix:
            query = f"{endpoint_query}&{query}" if query else endpoint_query

        # The steps.
        steps = None
        if transformation:
            if transformation_position == "path":
                rest = self._steps(transformation, "path") + rest
            else:
                steps = self._steps(transformation, "query")

        # The query: what came along, the caller's parameters, the steps.
        if query_parameters or steps or query:
            written = _write_parameters(query_parameters) if query_parameters else {}
            if steps:
                written["tr"] = steps
            if query:
                query = _merge_queries(query, written)
            else:
                for name, value in written.items():
                    query = f"{query}&{name}={value}" if query else f"{name}={value}"
            if signed and "ik-" in query:
                query = _without_signature(query)
            if query:
                rest = f"{rest}?{query}"

        if signed:
            mark = "&" if query else "?"
            if expire_seconds is None:
                rest = f"{rest}{mark}ik-s={self._sign(f'{rest}{NEVER}')}"
            else:
                if type(expire_seconds) is not int or expire_seconds < 1:
                    expire_seconds = seconds_until_expiry(expire_seconds)
                expires_at = int(self.clock()) + expire_seconds
                rest = f"{rest}{mark}ik-t={expires_at}&ik-s={self._sign(f'{rest}{expires_at}')}"
        if fragment:
            rest = f"{rest}#{quote_query(fragment)}"
        return prefix + rest

    def _steps(self, transformation: object, position: str) -> str:
        """Return the steps, encoded: ``tr:…/`` for the path, the value of ``tr`` for the query; empty without steps."""
        key = b""
        try:
            key = marshal.dumps(transformation, 2)  # type: ignore[arg-type]  # version 2 has one form for a value
            return self._written[position][key]
        except KeyError:
            pass
        except ValueError:  # something that marshal does not know: it is written anew each time
            pass
        if position == "path":
            steps = write_steps(transformation, quote=quote_component, strict=self.strict_transformations).strip("/")
            text = f"tr:{quote_path(steps)}/" if steps else ""
        else:
            text = quote_form(write_steps(transformation, quote=str, strict=self.strict_transformations))
        if key and _is_plain(transformation):
            cache = self._written[position]
            if len(cache) >= _CACHE_SIZE:
                cache.clear()
            cache[key] = text
        return text


def _is_plain(value: object) -> bool:
    """Whether `marshal` gives bytes for `value` that it gives for no other value: it writes whatever has a buffer,
    a number of NumPy's for example, as if it were bytes."""
    kind = type(value)
    if kind is dict:
        return all(type(name) is str and _is_plain(member) for name, member in value.items())  # type: ignore[attr-defined]
    if kind is list or kind is tuple:
        return all(_is_plain(member) for member in value)  # type: ignore[attr-defined]
    return kind in (str, int, float, bool, type(None))


def _write_parameters(parameters: Mapping[str, object]) -> dict[str, str]:
    """Return names and values, encoded."""
    if type(parameters) is not dict and not isinstance(parameters, Mapping):
        raise TypeError(f"query_parameters must be a dict (got {type(parameters).__name__})")
    written: dict[str, str] = {}
    for name, value in parameters.items():
        text = value if type(value) is str else str(value)
        if type(name) is str and name.isalnum() and text.isalnum() and name.isascii() and text.isascii():
            written[name] = text  # nothing to encode
        else:
            if name == "ik-attachment" and value:
                text = text.lower()  # the service knows `true`, not Python's `True`
            written[quote_form(str(name))] = quote_form(text)
    return written


def _merge_queries(query: str, written: dict[str, str]) -> str:
    """Return `query` encoded anew, with `written` at the place of what it replaces, or behind it."""
    items = []
    replaced = set(written)
    for item in query.split("&"):
        name, equals, value = item.partition("=")
        name = quote_form_bytes(unquote_form(name))
        if name in written:
            items.append(f"{name}={written.pop(name)}")
        elif item and name not in replaced:
            items.append(name + equals + quote_form_bytes(unquote_form(value)))
    return "&".join(items + [f"{name}={value}" for name, value in written.items()])


def _without_signature(query: str) -> str:
    """An old signature would make the service refuse the new one."""
    return "&".join([item for item in query.split("&") if not item.startswith(("ik-s=", "ik-t="))])


def seconds_until_expiry(expire_seconds: float | timedelta) -> int:
    """Return whole seconds; a mistake must never give a URL that lasts for ever.

    Raises:
        TypeError: Neither a number nor a timedelta.
        ValueError: Below 1 second, or no finite number.
    """
    seconds: Any = expire_seconds
    if type(seconds) is not int:
        seconds = getattr(seconds, "total_seconds", lambda: seconds)()  # a timedelta, without importing datetime
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
            raise TypeError(f"expire_seconds must be a number of seconds or a timedelta (got {type(seconds).__name__})")
    if not 1 <= seconds < NEVER:
        raise ValueError(f"expire_seconds must be at least 1; leave it out for no expiry (got {expire_seconds!r})")
    return int(seconds)


def _snake_case(options: Mapping[str, object]) -> Mapping[str, object]:
    renamed = {_CAMEL_CASE.get(name, name): value for name, value in options.items()}
    for name in renamed:
        if name not in OPTIONS:
            from .suggestions import did_you_mean

            raise TypeError(f"unknown option {name!r} of url(){did_you_mean(str(name), OPTIONS)}")
    return renamed


def _bad_position(position: object) -> ValueError:
    return ValueError(f"transformation_position must be 'path' or 'query' (got {position!r})")


def _check_text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name} must be text (got {type(value).__name__})")
    return value


def _quote_absolute(url: str, what: str) -> str:
    """Encode an absolute URL without query and fragment."""
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    if scheme.lower() not in ("http", "https") or not host:
        raise ValueError(f"{what} must start with https:// and a host (got {url!r})")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError as exc:
            raise ValueError(f"{host!r} in {what} is no host name") from exc
    if host.encode().translate(None, _HOST_SAFE):
        raise ValueError(f"{host!r} in {what} is no host name")
    return f"{scheme}://{host}{slash}{quote_path(path)}"
