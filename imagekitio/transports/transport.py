"""What every transport has, whatever library sends: its settings, copies with other ones, and pickling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..flow import LOGGER, Retry
from .pacing import Pacing
from .settings import DEFAULT_TIMEOUT, TimeoutSeconds, checked_base_url, checked_timeout

if TYPE_CHECKING:
    import logging

    from typing_extensions import Self

    from ..operations.core import Request

SessionT = TypeVar("SessionT")


class Transport(Generic[SessionT]):
    """Settings of a transport, and the connections, which copies share and which are not pickled."""

    def __init__(
        self,
        *,
        private_key: str,
        api_base_url: str,
        upload_base_url: str,
        timeout: TimeoutSeconds = DEFAULT_TIMEOUT,
        retry: Retry | None = None,
        session: SessionT | None = None,
        logger: logging.Logger | None = None,
    ) -> None:
        self._private_key = private_key
        self._base_urls = {
            "api": checked_base_url("api_base_url", api_base_url),
            "upload": checked_base_url("upload_base_url", upload_base_url),
        }
        self._timeout = checked_timeout(timeout)
        self._retry = retry or Retry()
        self._logger = logger or LOGGER
        self._session = session
        self._gate = Pacing()
        self._connections = self._new_connections()

    def with_options(
        self,
        *,
        private_key: str | None = None,
        api_base_url: str | None = None,
        upload_base_url: str | None = None,
        timeout: TimeoutSeconds | None = None,
        retry: Retry | None = None,
        logger: logging.Logger | None = None,
    ) -> Self:
        """Return a cheap copy that shares the connections; what is None stays as it is."""
        copy = type(self)(
            private_key=self._private_key if private_key is None else private_key,
            api_base_url=api_base_url or self._base_urls["api"],
            upload_base_url=upload_base_url or self._base_urls["upload"],
            timeout=self._timeout if timeout is None else timeout,
            retry=retry or self._retry,
            session=self._session,
            logger=logger or self._logger,
        )
        copy._connections = self._connections
        if private_key is None:  # rate limits are those of the account
            copy._gate = self._gate
        return copy

    def _new_connections(self) -> Any:
        """Return what sends and closes, through `_session` where the caller gave one; connects to nothing yet."""
        raise NotImplementedError

    def _what(self, request: Request) -> str:
        """Return what messages call the request: without its query, which may hold secrets."""
        return f"{request.method} {self._base_urls[request.host]}{request.path.partition('?')[0]}"

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_connections"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._connections = self._new_connections()
