"""The part that both clients of img-src.io share: arguments, connections, copies and URLs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ..models.options import UNSET
from .connections import Connections
from .groups.calls import AsyncCalls, CallGroup, SyncCalls
from .sending.configuration import Configuration
from .sending.keywords import ARGUMENTS, check_keywords
from .urls import build_url, get_responsive_image_attributes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from typing_extensions import Never, Self, Unpack

    from ..models.options import Unset
    from ..policies import Retry
    from ..urls.responsive import ResponsiveImageAttributes
    from .retries import RetryConfig
    from .sending.runners import DebugLogger
    from .sending.service import BearerAuth
    from .urls import ImageOptions, UrlOptions


class Client:
    """A client without its calls; see `Imgsrc` for the arguments."""

    _is_async: ClassVar[bool] = False

    def __init__(
        self,
        bearer_auth: BearerAuth | None = None,
        server_idx: int | None = None,
        server_url: str | None = None,
        url_params: Mapping[str, str] | None = None,
        client: Any = None,
        async_client: Any = None,
        retry_config: RetryConfig | Retry | int | Unset | None = UNSET,
        timeout_ms: float | None = None,
        debug_logger: DebugLogger | None = None,
        *,
        username: str | None = None,
        delivery_url: str | None = None,
        **unknown: Never,
    ) -> None:
        if unknown:
            check_keywords(type(self).__name__, unknown, ARGUMENTS)
        configuration = Configuration.read(
            bearer_auth=bearer_auth,
            server_idx=server_idx,
            server_url=server_url,
            url_params=url_params,
            client=client,
            async_client=async_client,
            retry_config=retry_config,
            timeout_ms=timeout_ms,
            debug_logger=debug_logger,
            username=username,
            delivery_url=delivery_url,
            is_async=self._is_async,
        )
        self._begin(configuration, Connections(configuration))

    def _begin(self, configuration: Configuration, connections: Connections) -> None:
        self._configuration = configuration
        self._connections = connections
        self._calls, self._twins = SyncCalls(connections.run), AsyncCalls(connections.run_in_loop)

    def with_options(
        self,
        *,
        retry_config: RetryConfig | Retry | int | Unset | None = UNSET,
        timeout_ms: float | None = None,
        server_url: str | None = None,
        http_headers: Mapping[str, str] | None = None,
        **unknown: Never,
    ) -> Self:
        """Return a cheap copy with other settings that shares the connections.

        Closing either closes the shared connections; the next call of either opens new ones.

        Args:
            retry_config: A `RetryConfig`, a `Retry`, or the number of attempts; None for a single one. By default, the
                client's.
            timeout_ms: Milliseconds to wait for a connection, and for a response; None keeps the client's.
            server_url: Base URL of the API; None keeps the client's.
            http_headers: Headers for every call, added to the client's.

        Raises:
            TypeError, ValueError: An option is not valid.
        """
        check_keywords("with_options()", unknown, ("retry_config", "timeout_ms", "server_url", "http_headers"))
        configuration = self._configuration.change(
            retries=retry_config, timeout_ms=timeout_ms, server_url=server_url, http_headers=http_headers
        )
        copy = object.__new__(type(self))
        copy.__dict__.update(self._own_attributes())
        copy._begin(configuration, self._connections.with_configuration(configuration))
        return copy

    def url(self, options: UrlOptions | Mapping[str, Any] | None = None, **keywords: Unpack[UrlOptions]) -> str:
        """Build the delivery URL of a public image. Sends nothing.

        ::

            imgsrc.url(path="trips/oslo.png", width=400, format="webp")

        Private images need signed URLs, which only the service can create: `images.create_signed_url`.

        Args:
            options: `path`, `format`, `preset`, and transformation parameters; see `UrlOptions`.
            keywords: The options as keywords.
        Returns:
            A URL in ASCII. Empty if `path` is empty or None, so that a template may pass the path of an image that does
            not exist.
        Raises:
            TypeError: An option is unknown or has the wrong type.
            ValueError: The client has no username, or an option is not valid.
        """
        configuration = self._configuration
        return build_url(options, keywords, delivery_url=configuration.delivery_url, username=configuration.username)

    def get_responsive_image_attributes(
        self,
        options: UrlOptions | Mapping[str, Any] | None = None,
        *,
        width: float | None = None,
        sizes: str | None = None,
        device_breakpoints: Sequence[float] | None = None,
        image_breakpoints: Sequence[float] | None = None,
        **keywords: Unpack[ImageOptions],
    ) -> ResponsiveImageAttributes:
        """Return `src`, `srcset`, `sizes` and `width` for an ``<img>`` that lets the browser choose a width.

        Args:
            options: The options of `url` without width, height and dpr, because each candidate has its own width.
            width: Width at which the image is shown, in CSS pixels; gives candidates for 1x and 2x screens.
            sizes: The `sizes` attribute; candidates narrower than the smallest of its ``vw`` values are left out.
            device_breakpoints: Screen widths that get a candidate, in whole pixels.
            image_breakpoints: Widths of smaller images that get a candidate, in whole pixels.
            keywords: The options of `url` as keywords.
        Raises:
            TypeError, ValueError: See `url`; also for an empty path, or a width that is not a number.
        """
        return get_responsive_image_attributes(
            options,
            keywords,
            delivery_url=self._configuration.delivery_url,
            username=self._configuration.username,
            width=width,
            sizes=sizes,
            device_breakpoints=device_breakpoints,
            image_breakpoints=image_breakpoints,
        )

    @property
    def username(self) -> str | None:
        """Owner of the images in delivery URLs: the argument, or ``IMGSRC_USERNAME``; None if neither is given."""
        return self._configuration.username

    def __repr__(self) -> str:
        service = self._configuration.service
        return f"{type(self).__name__}(server_url={service.server_url!r}, username={self.username!r})"

    def __getstate__(self) -> dict[str, Any]:
        if self._configuration.async_client is not None:
            raise TypeError(
                "a client with your own async_client cannot be pickled: it belongs to a loop of this process"
            )
        return self._own_attributes()

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._begin(self._configuration, Connections(self._configuration))

    def _own_attributes(self) -> dict[str, Any]:
        """Return the attributes, including those of subclasses, without those that each client makes itself."""
        made = ("_connections", "_calls", "_twins")
        found = vars(self).items()
        return {name: value for name, value in found if name not in made and not isinstance(value, CallGroup)}
