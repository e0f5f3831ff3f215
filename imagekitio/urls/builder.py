"""`UrlBuilder`: everything about URLs in one object, and the hot path of the library."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from ..clock import read_now, read_unix_time
from .building import (
    check_empty,
    check_position,
    check_signed,
    read_expiry,
    read_options,
    read_path,
    read_src,
    write_query,
)
from .endpoint import Endpoint, describe_missing
from .quoting import PATH_FILTER, check_text
from .signing import NEVER, Signer, read_key, split_signature
from .transformations.cache import StepCache
from .transformations.steps import write_path_steps, write_query_steps

# Modules imported inside methods take time to load, and not every program needs them.
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime, timedelta

    from typing_extensions import Unpack

    from .explaining import UrlExplanation
    from .options import UrlOptions
    from .parsing import ParsedUrl
    from .responsive import ResponsiveImageAttributes
    from .templates import UrlTemplate
    from .tokens import AuthenticationParameters
    from .verifying import SignedUrl


class UrlBuilder:
    """A builder, verifier and parser of the URLs of one account; the part of `ImageKit` that needs no network.

    Threads may share it. It can be pickled.

    Args:
        private_key: Key that signs URLs and upload tokens. Blanks and quotes around it are dropped.
        url_endpoint: The base of the URLs, such as ``https://ik.imagekit.io/your_imagekit_id``. An endpoint that is
            empty or not a URL, such as ``fake`` in a test, is refused only when a URL is built.
        transformation_position: Part of the URL for the steps, ``path`` or ``query``, unless a call sets it.
        strict_transformations: Whether an unknown name or value in a transformation is an error.
        clock: Function that returns the Unix time in seconds; by default `time.time`.
        defaults: Options of `url` for calls that do not give them.
    Raises:
        TypeError, ValueError: `private_key` or `transformation_position` is not valid, or `url_endpoint` is not a str.
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
        self._private_key = read_key("private_key", private_key)
        self.strict_transformations: bool = strict_transformations
        self._clock = clock or read_unix_time
        self._defaults = dict(defaults or {})
        # An explicit "path" cannot be distinguished from the default of the argument, so a position in `defaults` wins.
        default_position = self._defaults.pop("transformation_position", None)
        self.transformation_position: str = check_position(
            transformation_position if transformation_position not in (None, "path") else default_position or "path"
        )
        self._prepare()

    # `_prepare` derives these from the other attributes.
    _not_pickled = frozenset({"_endpoint", "_prefix", "_query", "_sign", "_write_path_steps", "_write_query_steps"})

    def _prepare(self) -> None:
        self._endpoint: Endpoint | None = None
        self._prefix = self._query = ""
        with suppress(ValueError):  # `endpoint` raises it
            self._endpoint = Endpoint.read(self.url_endpoint)
            self._prefix, self._query = self._endpoint  # faster to read than the fields of a tuple
        self._sign = Signer(self._private_key).sign
        self._write_path_steps = StepCache(partial(write_path_steps, strict=self.strict_transformations)).write
        self._write_query_steps = StepCache(partial(write_query_steps, strict=self.strict_transformations)).write

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name not in self._not_pickled}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        self._prepare()

    @property
    def endpoint(self) -> Endpoint:
        """The URL endpoint, parsed and percent-encoded; raises ValueError if it is missing or not valid."""
        if not self.url_endpoint:
            raise ValueError(describe_missing("url_endpoint"))
        return self._endpoint or Endpoint.read(self.url_endpoint)

    def url(self, options: UrlOptions | Mapping[str, Any] | None = None, **keywords: Unpack[UrlOptions]) -> str:
        """Build the URL of an image or another file, optionally with transformations and a signature.

        Args:
            options: `path` or `src`, `transformation`, `signed`, …; see `UrlOptions`.
            keywords: The options as keyword arguments.
        Returns:
            A URL in ASCII, in which only ``&`` must be escaped in HTML. It is empty if `path` or `src` is empty or
            None, so that a template may pass the path of a missing picture.
        Raises:
            TypeError: An option is unknown or has the wrong type.
            ValueError: Neither `path` nor `src` is given, or an option is not valid: an expiry below one second or
                without `signed`, a signed URL outside the endpoint, …
        """
        given: Any = keywords if options is None else options
        if self._defaults or type(given) is not dict or (keywords and given is options):
            given = self._add_defaults(read_options(options, keywords))
        return self._build(given, **given)

    def url_template(
        self, options: UrlOptions | Mapping[str, Any] | None = None, **keywords: Unpack[UrlOptions]
    ) -> UrlTemplate:
        """Return a function that builds the URL of a path; everything but the path is prepared once.

        ::

            thumbnail = imagekit.url_template(transformation=[{"width": 200}], signed=True, expire_seconds=600)
            thumbnail("/shoes/red.jpg")

        Args:
            options: The options of `url`, without `path` and `src`. The expiry counts from each call of the function.
            keywords: The options as keyword arguments.
        Raises:
            TypeError, ValueError: See `url`; raised immediately.
        """
        from .templates import UrlTemplate

        given = self._add_defaults(read_options(options, keywords))
        url_endpoint = given.get("url_endpoint")
        endpoint = self.endpoint if url_endpoint is None else Endpoint.read(url_endpoint)
        return UrlTemplate(self.url, given, endpoint, self._private_key, self._clock)

    def verify_url(self, url: str, *, private_keys: Sequence[str] | None = None, now: float | None = None) -> SignedUrl:
        """Verify the signature and the expiry of a URL, and return what was signed.

        Args:
            url: A signed URL under the client's endpoint.
            private_keys: Keys that may have signed it, such as several during a key rotation; by default the client's.
                Blanks and quotes around them are dropped.
            now: Unix time in seconds; by default the time of the client's clock.
        Raises:
            SignatureError: The URL is not signed, was changed, has expired, or is not under the endpoint.
            TypeError, ValueError: An argument has the wrong type, or `now` is not finite.
        """
        from .verifying import verify_url

        if isinstance(private_keys, str):
            raise TypeError("private_keys must be a list of keys (got a str)")
        keys = [self._private_key] if private_keys is None else [read_key("private_keys", key) for key in private_keys]
        moment = read_now(now, self._clock)
        return verify_url(check_text("url", url), endpoint=self.endpoint, private_keys=keys, now=moment)

    def explain_url(self, url: str) -> UrlExplanation:
        """Explain a URL in words and, if it is signed, why its signature is valid or not.

        ::

            print(imagekit.explain_url(url))

        If the signature does not match, common mistakes are tried: for example, the URL was escaped or encoded after
        signing, or parameters were added. The explanation names the mistake that is proven, and shows where the signed
        text first differs from the text to sign. It contains neither the key nor a signature, so it is safe to log.

        Args:
            url: Any URL, or only its path. A URL that is not under the client's endpoint is explained as far as
                possible. Blanks around it are ignored.
        Raises:
            TypeError: `url` is not a str.
            ValueError: The client has no valid endpoint.
        """
        from .explaining import explain_url

        return explain_url(url, endpoint=self.endpoint, private_key=self._private_key, now=self._clock())

    def parse_url(self, url: str) -> ParsedUrl:
        """Split a URL under the client's endpoint into its parts; `url` builds it again from their `.options`.

        Raises:
            TypeError: `url` is not a str.
            ValueError: The URL is not under the endpoint.
        """
        from .parsing import parse_url

        return parse_url(url, endpoint=self.endpoint)

    def get_responsive_image_attributes(
        self,
        options: UrlOptions | Mapping[str, Any] | None = None,
        *,
        width: float | None = None,
        sizes: str | None = None,
        device_breakpoints: Sequence[float] | None = None,
        image_breakpoints: Sequence[float] | None = None,
        **keywords: Unpack[UrlOptions],
    ) -> ResponsiveImageAttributes:
        """Return `src`, `srcset`, `sizes` and `width` for an ``<img>`` that lets the browser choose a width.

        Args:
            options: The options of `url`; each candidate gets one more step, its width.
            width: Width at which the image is shown, in CSS pixels; gives candidates for 1x and 2x screens.
            sizes: The `sizes` attribute; candidates narrower than the smallest of its ``vw`` values are left out.
            device_breakpoints: Screen widths that get a candidate, in pixels.
            image_breakpoints: Widths of smaller images that get a candidate, in pixels.
            keywords: The options of `url` as keyword arguments.
        Raises:
            TypeError, ValueError: See `url`; also for an empty path, or a width that is not a number.
        """
        from .responsive import ARGUMENTS, get_responsive_image_attributes

        return get_responsive_image_attributes(
            self.url,
            self._add_defaults(read_options(options, keywords, more=ARGUMENTS)),
            width=width,
            sizes=sizes,
            device_breakpoints=device_breakpoints,
            image_breakpoints=image_breakpoints,
        )

    def get_authentication_parameters(
        self, token: str | None = "", expire: float | timedelta | datetime | None = 0
    ) -> AuthenticationParameters:
        """Return what a browser needs to upload a file: `token`, `expire` and `signature`.

        Args:
            token: Unique text, which the service accepts once; by default a new UUID.
            expire: Expiry of the token: a Unix time in seconds, an aware datetime, or a timedelta from now; by
                default, in half an hour. A time in the past, or an hour or more ahead, causes a warning, because the
                service refuses it.
        Raises:
            TypeError, ValueError: `token` is not a str; `expire` is not a time, or a datetime without a time zone.
        """
        from .tokens import get_authentication_parameters

        return get_authentication_parameters(self._private_key, token, expire, now=int(self._clock()))

    @staticmethod
    def phash_distance(first: str, second: str) -> int:
        """Return the number of bits in which two perceptual hashes differ: 0 for equal images, few for similar ones.

        Args:
            first: `p_hash` of an image, as `get_file_metadata` returns it.
            second: `p_hash` of another image.
        Raises:
            TypeError, ValueError: A hash is not a str, empty or not hexadecimal, or the two differ in length.
        """
        from .phash import phash_distance

        return phash_distance(first, second)

    def _add_defaults(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return the options of a call with the client's defaults. A default expiry applies only to signed URLs."""
        given = {**self._defaults, **options}
        has_expiry = "expire_seconds" in options or "expires_at" in options
        if has_expiry or not given.get("signed"):
            for name in ("expire_seconds", "expires_at"):
                if name not in options:
                    given.pop(name, None)
        return given

    def _build(
        self,
        given: Mapping[str, Any],
        /,
        path: str | None = None,
        src: str | None = None,
        transformation: object = None,
        url_endpoint: str | None = None,
        transformation_position: str | None = None,
        query_parameters: Mapping[str, object] | None = None,
        signed: object = False,
        expire_seconds: float | timedelta | None = None,
        expires_at: float | datetime | None = None,
        **others: object,
    ) -> str:
        if others:  # names in camelCase, or unknown ones
            renamed = read_options(given)
            return self._build(renamed, **renamed)
        if url_endpoint is None:
            prefix, endpoint_query = self._prefix, self._query
        else:
            prefix, endpoint_query = Endpoint.read(url_endpoint)
        if not prefix and (path or signed):
            prefix, endpoint_query = self.endpoint  # raises, because it is not valid
        default = self.transformation_position
        position = default if transformation_position is None else check_position(transformation_position)
        query = fragment = ""
        if path:
            try:
                rest = path.strip("/")
                encoded = rest.encode()
                is_plain = encoded.translate(PATH_FILTER) == encoded  # the usual case, checked in C
            except (AttributeError, TypeError, UnicodeEncodeError):
                rest, is_plain = "", False
            if not is_plain:
                rest, query = read_path(path)
        elif src:
            prefix, rest, query, fragment = read_src(src, prefix, signed=signed)
            position = "query"
        else:
            check_empty(given)
            return ""
        if endpoint_query and prefix:
            query = f"{endpoint_query}&{query}" if query else endpoint_query
        steps = ""
        if transformation:
            if position == "path":
                rest = self._write_path_steps(transformation) + rest
            else:
                steps = self._write_query_steps(transformation)
        if query_parameters or steps or query:
            query = write_query(query, query_parameters, steps)
            if signed and "ik-" in query:  # the service would refuse a second signature
                query, _, _ = split_signature(query)
            if query:
                rest = f"{rest}?{query}"
        if not signed:
            if expire_seconds is not None or expires_at is not None:
                check_signed(given)
            return f"{prefix}{rest}{fragment}"
        mark = "&" if query else "?"
        if expire_seconds is None and expires_at is None:
            return f"{prefix}{rest}{mark}ik-s={self._sign(f'{rest}{NEVER}')}{fragment}"
        expiry = read_expiry(expire_seconds, expires_at, int(self._clock()))
        return f"{prefix}{rest}{mark}ik-t={expiry}&ik-s={self._sign(f'{rest}{expiry}')}{fragment}"
