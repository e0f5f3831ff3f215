"""The common base of all transports: settings, rate limits, outgoing requests, copies, and pickling."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from ..exceptions import ImageKitException
from ..flow.attempts import LOGGER, attempts
from ..flow.exchange import Outgoing, receive_file, receive_response
from ..flow.limits import Deadline
from ..flow.pacing import Pacing
from ..models.response_metadata import ResponseMetadata
from ..operations.core import Multipart
from ..policies import Retry, Timeout

if TYPE_CHECKING:
    import logging
    from collections.abc import Generator, Mapping

    from typing_extensions import Self

    from ..disk import Sink
    from ..flow.attempts import Reply, Wait
    from ..flow.exchange import Exchange, Head, Reception
    from ..flow.resuming import Delivery
    from ..flow.service import Service
    from ..operations.core import Operation, Request
    from .multipart import MultipartBody

T = TypeVar("T")
ConnectionsT = TypeVar("ConnectionsT")


class CallSettings(Protocol):
    """The settings of calls; `imagekitio.settings.Settings` explains each attribute. None means the default."""

    @property
    def timeout(self) -> Timeout | None: ...

    @property
    def retry(self) -> Retry | None: ...

    @property
    def session(self) -> Any: ...

    @property
    def logger(self) -> logging.Logger | None: ...


class Transport(Generic[ConnectionsT]):
    """A service, settings, and connections, which copies share and which are not pickled.

    Args:
        service: The service, with the credentials of an account.
        settings: The settings of calls.
        connections: The connections of the transport of which this is a copy; None creates new ones.
        gate: The rate limits that the other transport knows; None starts without any.
    """

    def __init__(
        self,
        service: Service,
        settings: CallSettings,
        *,
        connections: ConnectionsT | None = None,
        gate: Pacing | None = None,
    ) -> None:
        self._service, self._settings = service, settings
        self._retry, self._logger = settings.retry or Retry(), settings.logger or LOGGER
        self._timeout = settings.timeout or Timeout()
        self._gate = gate or Pacing()
        self._connections: ConnectionsT = connections or self._make_connections()

    def with_settings(self, settings: CallSettings, service: Service | None = None) -> Self:
        """Return a cheap copy that shares the connections; None keeps the service."""
        return type(self)(service or self._service, settings, connections=self._connections, gate=self._gate)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_connections"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._connections = self._make_connections()

    def _make_connections(self) -> ConnectionsT:
        """Return an object that sends through the session in the settings or its own, without connecting yet."""
        raise NotImplementedError

    def _attempts(self, operation: Operation[T]) -> Generator[Request | Wait, Reply | None, T]:
        try:
            return (yield from attempts(operation, self._service, self._retry, gate=self._gate, logger=self._logger))
        except ImageKitException as exc:
            error = self._service.convert_error(exc)
            if error is exc:
                raise
            raise error from exc.__cause__

    def _call(self, request: Request, opened: MultipartBody | None = None) -> Exchange:
        """Return one attempt at a request to the API; `opened` is its multipart body, if it has one."""
        body = opened if isinstance(request.body, Multipart) else request.body
        headers: dict[str, str] = {}
        if body is not None:
            content_type = "application/json" if isinstance(body, bytes) else body.content_type
            headers |= {"Content-Type": content_type, "Content-Length": str(len(body))}
        headers |= self._service.request_headers()
        return receive_response(self._make_outgoing(request, self._service.base_url(request), headers, body))

    def _download(self, request: Request, delivery: Delivery, reception: Reception, sink: Sink) -> Exchange:
        """Return one attempt at a download, without credentials: the URL alone grants access."""
        outgoing = self._make_outgoing(request, delivery.base_url, reception.request_headers())
        return receive_file(outgoing, reception, sink)

    def _make_outgoing(
        self,
        request: Request,
        base_url: str,
        headers: Mapping[str, str],
        body: bytes | MultipartBody | None = None,
    ) -> Outgoing:
        timeout, left = self._timeout, request.within_seconds
        if left is not None:
            timeout = Timeout(min(timeout.connect, left), min(timeout.read, left))
        what = f"{request.method} {base_url}{request.path_to_show}"
        deadline = Deadline(what, left)
        if not isinstance(body, bytes) and body is not None:
            body.deadline = deadline
        return Outgoing(request, base_url, headers, what, timeout, deadline, body)


def return_failure(failure: Exception, head: Head | None) -> ImageKitException:
    """Return the failure of an attempt, with the head of the response if one arrived; raise foreign exceptions."""
    if not isinstance(failure, ImageKitException):
        raise failure
    if head is not None:
        failure.response_metadata = ResponseMetadata(None, head.status, head.headers)
    return failure


@cache
def user_agent() -> str:
    """Return ``imagekitio/<version> python/<version>``."""
    try:
        own = "imagekitio/" + version("imagekitio")
    except PackageNotFoundError:  # used from a source tree
        own = "imagekitio"
    return f"{own} python/{platform.python_version()}"
