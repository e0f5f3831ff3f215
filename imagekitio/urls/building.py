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
    from collections.abc import Callable, Sequence
    from datetime import datetime, timedelta
    from typing import Any

    from typing_extensions import Unpack

    from .options import UrlOptions
    from .parsing import ParsedUrl
    from .responsive import ResponsiveImageAttributes
    from .templates import UrlTemplate
    from .tokens import AuthenticationParameters
    from .verifying import SignedUrl

POSITIONS = ("path", "query")

# Bounds for those who compute their transformations; a site has a few dozen, of a hundred bytes each.
_CACHE_SIZE = 1024  # transformations
_CACHED_SIZE = 4096  # bytes of one

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
CAMEL_CASE = {
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
    """Builds, checks and takes apart the URLs of one account; the part of `ImageKit` that needs no network.

    Threads may share it; `pickle` takes it along.

    Args:
        private_key: Signs URLs and upload tokens.
        url_endpoint: What the URLs start with, such as ``https://ik.imagekit.io/your_imagekit_id``.
        transformation_position: ``path`` or ``query``: where the steps go unless a call says otherwise.
        strict_transformations: Whether a transformation name that nobody knows is an error.
        clock: Gives the Unix time in seconds; by default `time.time`.
        defaults: Options for every URL that does not say otherwise.
    """

    def __init__(
        self,
        private_key: str,
        url_endpoint: str,
        transformation_position: str | None = "path",
        *,
        strict_transformations: bool = False,
        clock: Callable[[], float] | None = None,
        defaults: Mapping[str, object] | None = None,
    ) -> None:
        self.url_endpoint: str = url_endpoint
        self._private_key = _check_text("private_key", private_key)
        self._strict = strict_transformations
        self._clock = clock or time.time
        self._defaults = dict(defaults or {})
        # "path" need not be written: another position among the defaults is meant then.
        default_position = self._defaults.pop("transformation_position", None)
        self.transformation_position: str = _checked_position(
            transformation_position if transformation_position not in (None, "path") else default_position or "path"
        )
        self._prepare()

    # What `_prepare` makes of the rest.
    _not_pickled = frozenset({"_prefix", "_endpoint_query", "_sign", "_written"})

    def _prepare(self) -> None:
        self._prefix, self._endpoint_query = read_endpoint(self.url_endpoint)
        self._sign = Signer(self._private_key).sign
        self._written: dict[str, dict[bytes, str]] = {position: {} for position in POSITIONS}

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name not in self._not_pickled}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        self._prepare()

    def url(self, options: UrlOptions | Mapping[str, Any] | None = None, **keywords: Unpack[UrlOptions]) -> str:
        """Build the URL of a picture or another file, transformed and signed as wished.

        Args:
            options: `path` or `src`, `transformation`, `signed`, …; see `UrlOptions`.
            keywords: The options as keywords.
        Returns:
            A URL in ASCII, ready for HTML but for its ``&``; empty when there is neither `path` nor `src`.
        Raises:
            TypeError: An option is unknown, or of the wrong type.
            ValueError: An option cannot be meant: an expiry below one second, a signed URL outside of the endpoint, …
        """
        given: Any = keywords if options is None else {**options, **keywords} if keywords else options
        if self._defaults:
            given = {**self._defaults, **_snake_case(given)}
        try:
            return self._build(**given)
        except TypeError:
            if OPTIONS.issuperset(given):
                raise
        return self._build(**_snake_case(given))

    def url_template(
        self, options: UrlOptions | Mapping[str, Any] | None = None, **keywords: Unpack[UrlOptions]
    ) -> UrlTemplate:
        """Return a function from paths to URLs, for which everything but the path is worked out once.

        ::

            thumbnail = imagekit.url_template(transformation=[{"width": 200}], signed=True, expire_seconds=600)
            thumbnail("/shoes/red.jpg")

        Args:
            options: As of `url`, without `path` and `src`. The expiry counts from the moment of each call.
            keywords: The options as keywords.

        Raises:
            TypeError, ValueError: As `url`, at once.
        """
        from .templates import UrlTemplate

        return UrlTemplate(self, _snake_case({**self._defaults, **(options or {}), **keywords}))

    def verify_url(self, url: str, *, private_keys: Sequence[str] | None = None, now: float | None = None) -> SignedUrl:
        """Check signature and expiry of a URL; returns what was signed, or raises with the reason.

        Args:
            url: A signed URL under the client's endpoint.
            private_keys: The keys that may have signed it, several while keys are rotated; by default the client's.
            now: Unix time in seconds; by default what the clock says.
        Raises:
            SignatureError: The URL is unsigned, changed, expired, or of another endpoint.
        """
        from .verifying import verify_url

        if isinstance(private_keys, str):
            raise TypeError("private_keys must be a list of keys (got one text)")
        keys = [self._private_key] if private_keys is None else private_keys
        moment = self._clock() if now is None else now
        return verify_url(_check_text("url", url), url_endpoint=self.url_endpoint, private_keys=keys, now=moment)

    def parse_url(self, url: str) -> ParsedUrl:
        """Take a URL of the client's endpoint apart; `url` builds it again from `.options`.

        Raises:
            ValueError: The URL is not under the endpoint.
        """
        from .parsing import parse_url

        return parse_url(url, url_endpoint=self.url_endpoint)

    def get_responsive_image_attributes(
        self,
        options: UrlOptions | Mapping[str, Any] | None = None,
        *,
        width: float | None = None,
        sizes: str | None = None,
        device_breakpoints: Sequence[int] | None = None,
        image_breakpoints: Sequence[int] | None = None,
        **keywords: Unpack[UrlOptions],
    ) -> ResponsiveImageAttributes:
        """Return `src`, `srcset`, `sizes` and `width` of an ``<img>`` that lets the browser choose its width.

        Args:
            options: As of `url`.
            width: The width at which the picture is shown, in CSS pixels; gives candidates for 1x and 2x screens.
            sizes: The `sizes` attribute of HTML.
            device_breakpoints: Screen widths worth a candidate, in pixels.
            image_breakpoints: Widths of smaller pictures worth a candidate, in pixels.
            keywords: The options of `url` as keywords.
        """
        from .responsive import DEVICE_BREAKPOINTS, IMAGE_BREAKPOINTS, responsive_image_attributes

        return responsive_image_attributes(
            self.url,
            {**self._defaults, **_snake_case({**(options or {}), **keywords})},
            width=width,
            sizes=sizes,
            device_breakpoints=DEVICE_BREAKPOINTS if device_breakpoints is None else device_breakpoints,
            image_breakpoints=IMAGE_BREAKPOINTS if image_breakpoints is None else image_breakpoints,
        )

    def get_authentication_parameters(
        self, token: str | None = "", expire: float | timedelta | datetime | None = 0
    ) -> AuthenticationParameters:
        """Return what a browser needs to upload a file itself: `token`, `expire` and `signature`.

        Args:
            token: Any text that is never used twice; by default a new UUID.
            expire: When it ends: a Unix time in seconds, an aware datetime, or a timedelta from now; by default in
                half an hour. The service wants less than an hour; what it will refuse is warned about.
        Raises:
            ValueError: `expire` is a number too small to be a time.
        """
        from .tokens import authentication_parameters

        return authentication_parameters(self._private_key, token, expire, clock=self._clock)

    @staticmethod
    def phash_distance(first: str, second: str) -> int:
        """Return in how many bits two perceptual hashes differ (`get_file_metadata` gives them as `p_hash`).

        Raises:
            TypeError: A hash is missing or no text.
            ValueError: A hash is not hexadecimal, or the two differ in length.
        """
        from .phash import phash_distance

        return phash_distance(first, second)

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
        else:
            _checked_position(transformation_position)

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
                query = without_signature(query)
            if query:
                rest = f"{rest}?{query}"

        if signed:
            mark = "&" if query else "?"
            if expire_seconds is None:
                rest = f"{rest}{mark}ik-s={self._sign(f'{rest}{NEVER}')}"
            else:
                if type(expire_seconds) is not int or expire_seconds < 1:
                    expire_seconds = seconds_until_expiry(expire_seconds)
                expires_at = str(int(self._clock()) + expire_seconds)
                rest = f"{rest}{mark}ik-t={expires_at}&ik-s={self._sign(rest + expires_at)}"
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
        try:
            steps = write_steps(
                transformation, quote=quote_component if position == "path" else str, strict=self._strict
            )
        except RecursionError as exc:
            raise ValueError("transformation is nested without end") from exc
        if position == "query":
            text = quote_form(steps)
        else:
            steps = steps.strip("/")
            text = f"tr:{quote_path(steps)}/" if steps else ""
        if 0 < len(key) <= _CACHED_SIZE and _is_plain(transformation):
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


def without_signature(query: str) -> str:
    """An old signature would make the service refuse the new one."""
    return "&".join([item for item in query.split("&") if item.partition("=")[0] not in ("ik-s", "ik-t")])


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


def _snake_case(options: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(options, Mapping):
        raise TypeError(f"the options of url() must be a dict or keywords (got {type(options).__name__})")
    renamed = {CAMEL_CASE.get(name, name): value for name, value in options.items()}
    for name in renamed:
        if name not in OPTIONS:
            from ..suggestions import did_you_mean

            raise TypeError(f"unknown option {name!r} of url(){did_you_mean(str(name), OPTIONS)}")
    return renamed


def _checked_position(position: object) -> str:
    if position not in POSITIONS:
        raise ValueError(f"transformation_position must be 'path' or 'query' (got {position!r})")
    return str(position)


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
