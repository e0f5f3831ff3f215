"""The common base of both clients: keys, endpoint and settings, read when the client is created, and the transport."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..settings import BASE_URLS, Settings, read_base_urls, read_max_retries, translate_settings
from ..urls.builder import UrlBuilder
from ..urls.building import CAMEL_CASE, OPTIONS
from ..urls.endpoint import describe_missing
from ..urls.quoting import check_text, unquote
from ..urls.signing import read_key

if TYPE_CHECKING:
    import logging
    from collections.abc import Iterable, Sequence
    from datetime import datetime, timedelta

    from typing_extensions import Self, Unpack

    from ..flow.service import Service
    from ..groups.helper import Helper
    from ..groups.webhooks import Webhooks
    from ..html.markup import Markup
    from ..html.options import ImgOptions, PictureSource
    from ..models.uploads import UploadFileKeywords, UploadFileRequestOptions
    from ..operations.upload_tokens import UploadToken
    from ..policies import Retry
    from ..settings import TimeoutSeconds
    from ..webhooks import WebhookEvent
    from ..webhooks.headers import WebhookHeaders
    from ..webhooks.verifying import WebhookBody


class Client(UrlBuilder):
    """A client without its calls: `ImageKit` and `AsyncImageKit` add the calls and the transport that sends them."""

    def __init__(
        self,
        public_key: str | None,
        private_key: str | None,
        url_endpoint: str | None,
        transformation_position: str | None,
        options: Mapping[str, Any] | None,
        keywords: Mapping[str, Any],
    ) -> None:
        given = {"public_key": public_key, "private_key": private_key, "url_endpoint": url_endpoint}
        url_defaults, others = _split_options(options)
        others, keywords = translate_settings(others), translate_settings(keywords)
        self._settings = Settings.read(others, keywords)  # first, so that a misspelt key is not reported as missing
        account = _complete_account(given)
        self.public_key: str = account["public_key"]
        given = {**given, **dict.fromkeys(BASE_URLS), **others, **keywords}
        self._from_environment = {name for name in (*_ATTRIBUTES, *BASE_URLS) if not given[name]}
        super().__init__(
            account["private_key"],
            account["url_endpoint"],
            transformation_position,
            strict_transformations=self._settings.strict_transformations,
            clock=self._settings.clock,
            defaults=url_defaults,
        )

    def with_options(
        self,
        *,
        timeout: TimeoutSeconds | None = None,
        retry: Retry | int | None = None,
        logger: logging.Logger | None = None,
        max_retries: int | None = None,
    ) -> Self:
        """Return a cheap copy that shares the connections but has other settings.

        Closing either client closes the shared connections; the next call of either opens new ones.

        Args:
            timeout: Seconds, one number or a pair (connect, read); None keeps the client's.
            retry: A `Retry`, the number of attempts, or False for a single one; None keeps the client's.
            logger: The logger for attempts (DEBUG) and retries (WARNING); None keeps the client's.
            max_retries: Number of attempts after the first, as in release 5, instead of `retry`.

        Raises:
            ValueError, TypeError: A setting is not valid, or both `retry` and `max_retries` are given.
        """
        if max_retries is not None:
            if retry is not None:
                raise TypeError("max_retries and retry conflict: pass only one of them")
            retry = read_max_retries(max_retries)
        settings = self._settings.change(timeout=timeout, retry=retry, logger=logger)
        transport = self._open_transport().with_settings(settings)
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__, _settings=settings, _transport=transport)
        return copy

    def get_upload_token(
        self,
        file_name: str,
        options: UploadFileRequestOptions | Mapping[str, Any] | None = None,
        *,
        expire: float | timedelta | datetime | None = 0,
        **keywords: Unpack[UploadFileKeywords],
    ) -> UploadToken:
        """Return what a browser needs for one upload; the browser chooses only the content of the file.

        No request is sent. The token binds the name and all options, so its holder can neither choose another folder
        nor overwrite a file, unless `use_unique_file_name` is False. The token of `get_authentication_parameters` binds
        nothing: its holder can overwrite any file, and make a private file public. Limit the size and type of the
        content with `checks`, such as ``'"file.size" < "5mb"'``.

        Args:
            file_name: Name of the file.
            options: An `UploadFileRequestOptions` or a dict, as for `upload_file`: `folder`, `tags`, `checks`, …
            expire: Expiry of the token, at most an hour ahead: a Unix time in seconds, an aware datetime, or a
                timedelta from now; by default, in half an hour.
            keywords: The options as keyword arguments.
        Returns:
            A dict for JSON: `url`, to which the browser posts a form of `fields` and `file`; `token`, which is one of
            the fields and works once; and `expire`, a Unix time in seconds. Line breaks in fields are CR LF, as
            browsers write them.
        Raises:
            TypeError: `file_name` is missing, an option is unknown, or an argument has the wrong type.
            ValueError: An option is not valid, `expire` is in the past or more than an hour ahead, or the client has no
                public key.
        """
        from ..operations.upload_tokens import make_upload_token

        return make_upload_token(
            file_name,
            options,
            keywords,
            expire,
            public_key=self.public_key,
            private_key=self._private_key,
            base_url=self._settings.upload_base_url,
            now=int(self._clock()),
        )

    def verify_webhook(
        self,
        body: WebhookBody,
        headers: WebhookHeaders,
        *,
        secret: str | Iterable[str] | None = None,
        tolerance_seconds: float | timedelta | None = 300,
        accept_decoded_secret: bool = False,
        now: float | None = None,
    ) -> WebhookEvent:
        """Verify that ImageKit sent a webhook recently, and return its event. No request is sent.

        Webhooks may arrive more than once, and in any order. `event.id` is the same each time, so store the IDs of the
        events that you have processed.

        Args:
            body: Body of the request exactly as received, as bytes: ``request.body`` in Django, ``request.get_data()``
                in Flask, ``await request.body()`` in FastAPI and Starlette. A str is encoded as UTF-8.
            headers: Headers of the request: a mapping or pairs, with names in any case; Django's ``request.META``, a
                WSGI environment and the headers of an ASGI scope work too. One of the two signatures that the service
                sends must match.
            secret: Secret of the webhook, ``whsec_…``, or several secrets, any of which is accepted, as during a
                rotation; by default the client's `webhook_secret`, or else ``IMAGEKIT_WEBHOOK_SECRET``.
            tolerance_seconds: Seconds, or a timedelta, by which the time of the signature may differ from `now` in
                either direction; None accepts webhooks of any age, including replayed ones.
            accept_decoded_secret: Whether the key may also be the base64-decoded text after ``whsec_``, as the Standard
                Webhooks specification requires. The service itself uses the whole text.
            now: Unix time in seconds; by default the time of the client's clock.
        Returns:
            An object of the class in `imagekitio.webhooks` for the `type` of the event, such as `FileCreatedEvent`, or
            an `UnknownEvent` if this release does not know the type.
        Raises:
            WebhookVerificationError: A header is missing or malformed, no signature matches, the webhook is too old, or
                the body is not a JSON object; `reason` says which. It is a ValueError.
            TypeError: `body` is a parsed object, or another argument has the wrong type.
            ValueError: There is no secret, or an argument is not valid.
        """
        from ..webhooks import verify_webhook

        return verify_webhook(
            body,
            headers,
            secret=self._settings.webhook_secret if secret in (None, "") else secret,
            tolerance_seconds=tolerance_seconds,
            accept_decoded_secret=accept_decoded_secret,
            now=self._clock() if now is None else now,
        )

    def img_tag(
        self, options: ImgOptions | Mapping[str, Any] | None = None, *, alt: str, **keywords: Unpack[ImgOptions]
    ) -> Markup:
        """Return an escaped ``<img>`` tag that lets the browser choose the width, without layout shift.

        ::

            {{ imagekit.img_tag(file=product.photo, alt=product.name, width=400) }}

        `width` and `height` are written if they are known. If one is given, the other follows from the size of `file`
        or from a crop in `transformation`. If neither is given, that size is written, so that the browser knows the
        aspect ratio; CSS such as ``img { max-width: 100%; height: auto }`` then scales the picture. No candidate is
        wider than the picture.

        With ``placeholder="blur"``, the `style` attribute shows a tiny version in the background, without JavaScript; a
        Content-Security-Policy must allow inline styles. The placeholder is left out if it would stay visible through
        transparent parts of the picture, for example if `file` has an alpha channel or the transformation rounds
        corners. It also stays visible around a picture that ``object-fit: contain`` makes smaller than its box.

        Args:
            options: Options of `url`, and options for showing the picture: `file`, `width`, `height`, `sizes`,
                `loading`, …; see `ImgOptions`.
            alt: Text for people who cannot see the picture; empty if it is only decorative.
            keywords: The options as keyword arguments.
        Returns:
            A str that Jinja2, Django and Mako do not escape again.
        Raises:
            TypeError: `alt` is missing, or an option is unknown or has the wrong type.
            ValueError: There is no picture, or an option is not valid.
        """
        from ..html.pictures import img_tag

        return img_tag(self.url, self._add_defaults, alt, options, keywords)

    def picture_tag(
        self,
        options: ImgOptions | Mapping[str, Any] | None = None,
        *,
        alt: str,
        formats: Sequence[str] = ("avif", "webp"),
        sources: Sequence[PictureSource | Mapping[str, Any]] = (),
        **keywords: Unpack[ImgOptions],
    ) -> Markup:
        """Return a ``<picture>`` tag: the ``<img>`` of `img_tag`, in several formats and for several screens.

        ::

            imagekit.picture_tag(
                path="/team.jpg",
                alt="The team",
                width=900,
                sources=[{"media": "(max-width: 600px)", "transformation": [{"width": 900, "height": 900}]}],
            )

        Args:
            options: Options of the ``<img>``; see `ImgOptions`.
            alt: Text for people who cannot see the picture; empty if it is only decorative.
            formats: Formats that the browser may choose from, in order of preference: ``avif``, ``webp``, ``jpg``,
                ``png`` or ``gif``. Browsers that support none of them get the format that the service chooses.
            sources: Pictures for certain screens, each with its media query, in the order in which the browser checks
                them: other crops, sizes or files; see `PictureSource`.
            keywords: The options as keyword arguments.
        Returns:
            A str that Jinja2, Django and Mako do not escape again.
        Raises:
            TypeError, ValueError: See `img_tag`; also for an unknown format or a source without a media query.
        """
        from ..html.pictures import picture_tag

        return picture_tag(self.url, self._add_defaults, alt, formats, sources, options, keywords)

    @property
    def helper(self) -> Helper:
        """URLs and upload tokens with the arguments of release 5: `helper.build_url`, …"""
        from ..groups.helper import Helper

        return Helper(self)

    @property
    def webhooks(self) -> Webhooks:
        """Webhooks with the arguments of release 5: `webhooks.unwrap`, …"""
        from ..groups.webhooks import Webhooks

        return Webhooks(self.verify_webhook)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(public_key={self.public_key!r}, url_endpoint={self.url_endpoint!r})"

    def __getstate__(self) -> dict[str, object]:
        # Connections are not pickled; the copy opens its own. What this client read from the environment, the copy
        # reads from its own environment, so that no key ends up in a queue or a cache.
        left_out = {"_transport", *(_ATTRIBUTES[name] for name in self._from_environment.difference(BASE_URLS))}
        state = {name: value for name, value in super().__getstate__().items() if name not in left_out}
        return {**state, "_settings": self._settings.without(self._from_environment)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        names = state["_from_environment"]
        account = _complete_account(dict.fromkeys(names.difference(BASE_URLS)))
        urls = {name: url for name, url in read_base_urls().items() if name in names}
        found = {_ATTRIBUTES[name]: text for name, text in account.items()}
        super().__setstate__({**state, **found, "_settings": state["_settings"].change(**urls)})

    def _read_path(self, path_or_url: object) -> str:
        """Return the path in the media library that a path or a URL refers to."""
        text = check_text("path_or_url", path_or_url)
        if not text.startswith(("https://", "http://")):
            return text
        path = self.parse_url(text).path
        return unquote(path).decode() if "%" in path else path  # stays encoded where decoding is ambiguous

    _transport: Any = None

    def _make_transport(self, service: Service, settings: Settings) -> Any:
        raise NotImplementedError

    def _open_transport(self) -> Any:
        if self._transport is not None:
            return self._transport
        from ..flow.imagekit import ImageKitService

        settings = self._settings
        service = ImageKitService(self._private_key, settings.api_base_url, settings.upload_base_url)
        # Atomic: two threads that make the first call at the same time get the same transport.
        return self.__dict__.setdefault("_transport", self._make_transport(service, settings))


# The arguments that identify the account, and the attributes of a client that hold them.
_ATTRIBUTES = {"public_key": "public_key", "private_key": "_private_key", "url_endpoint": "url_endpoint"}


def _complete_account(given: Mapping[str, str | None]) -> dict[str, str]:
    """Return keys and endpoint, filled in from the environment if they are not given.

    Every client needs the private key. Other missing values are empty, and calls that need them raise a ValueError. An
    empty argument is an error, though: it may come from a variable that is not set.

    Raises:
        TypeError, ValueError: The private key is missing, or an argument is empty, has the wrong type, or is the other
            key.
    """
    found: dict[str, str] = {}
    for name, value in given.items():
        text = value or os.environ.get(f"IMAGEKIT_{name.upper()}") or ""
        found[name] = check_text(name, text).strip() if name == "url_endpoint" else read_key(name, text)
    missing = [name for name, text in found.items() if not text and (name == "private_key" or given[name] is not None)]
    if missing:
        raise ValueError(describe_missing(*missing))
    return found


def _split_options(options: object) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the options of `url` among the client's options, and the settings."""
    if options is None:
        return {}, {}
    if not isinstance(options, Mapping):
        raise TypeError(f"options must be a dict (got {type(options).__name__})")
    urls: dict[str, Any] = {}
    settings: dict[str, Any] = {}
    for name, value in options.items():
        in_snake_case = CAMEL_CASE.get(name, name)
        if in_snake_case in OPTIONS:
            urls[in_snake_case] = value
        else:
            settings[name] = value
    return urls, settings
