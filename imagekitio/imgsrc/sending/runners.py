"""Carry out calls, add details that only the client knows to results, and report every call to a debug logger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ...models.response_metadata import Headers
from ...operations.core import Multipart
from ..errors import ImgsrcError, NoResponseError
from ..models.base import HttpRequest, Result

if TYPE_CHECKING:
    from ...disk import Sink
    from ...flow.exchange import Reception
    from ...flow.resuming import Delivery
    from ...models.response_metadata import ResponseMetadata
    from ...operations.core import Operation, Request
    from .service import ImgsrcService

T = TypeVar("T")

# Replacement for the key and for other secrets wherever headers are shown.
_SECURE = "[secure]"
_SECRET = frozenset({"Authorization", "Cookie", "Proxy-Authorization"})
_ONLY_KEY = Headers({"authorization": _SECURE})


class DebugLogger(Protocol):
    """A debug logger, such as a `logging.Logger`."""

    def debug(self, msg: str, *args: Any, **kwargs: Any) -> None: ...


class AttemptLogger:
    """Logger that passes the core's messages about attempts on to a debug logger.

    Args:
        target: The debug logger.
    """

    def __init__(self, target: DebugLogger) -> None:
        self._target = target

    def isEnabledFor(self, level: int) -> bool:  # noqa: N802  # the name in `logging.Logger`
        return True

    def debug(self, message: str, *args: object) -> None:
        self._target.debug(message, *args)

    warning = debug


@dataclass(frozen=True)
class CallContext:
    """The context of the calls of a client.

    Attributes:
        service: The service, with the key and the headers of the call.
        delivery_url: Beginning of picture URLs.
        debug_logger: Logger that receives every request and response, without the key; None for none.
    """

    service: ImgsrcService
    delivery_url: str
    debug_logger: DebugLogger | None = None

    def describe(self, request: Request) -> HttpRequest:
        """Return a request as results show it."""
        headers = _ONLY_KEY
        if self.service.http_headers:
            given = {name: _SECURE if name in _SECRET else value for name, value in self.service.http_headers.items()}
            headers = Headers({**given, "Authorization": _SECURE})
        return HttpRequest(request.method, self.service.base_url(request) + request.path, headers)

    def begin(self, request: Request) -> None:
        """Report a request to the debug logger."""
        if self.debug_logger is not None:
            shown = self.describe(request)
            line = (shown.method, shown.url, dict(shown.headers), _show_body(request.body))
            self.debug_logger.debug("Request:\nMethod: %s\nURL: %s\nHeaders: %s\nBody: %s", *line)

    def end(self, request: Request, result: T) -> T:
        """Complete a result, and report its response to the debug logger."""
        if isinstance(result, Result):
            result.complete(self.describe(request), self.delivery_url)
            self._report(request, result.response_metadata)
        return result

    def fail(self, request: Request, error: ImgsrcError) -> None:
        """Report to the debug logger why there is no result."""
        if not isinstance(error, NoResponseError):
            self._report(request, error.raw_response)
        elif self.debug_logger is not None:
            self.debug_logger.debug("No response: %s", error)

    def _report(self, request: Request, response: ResponseMetadata) -> None:
        if self.debug_logger is not None:
            shown = self.describe(request)
            line = (response.http_status_code, shown.url, dict(response.headers), response.text)
            self.debug_logger.debug("Response:\nStatus Code: %s\nURL: %s\nHeaders: %s\nBody: %s", *line)


def _show_body(body: bytes | Multipart | None) -> str:
    if isinstance(body, Multipart):
        name = "no file" if body.file is None else f"the file {body.file.file_name!r}"
        return f"{dict(body.fields)} and {name}"  # its content may be large or private
    return "" if body is None else body.decode("utf-8", "replace")


@dataclass(frozen=True)
class SyncRunner:
    """Runner that carries out operations with a blocking transport; see `bulk.work.Runner`."""

    transport: Any
    context: CallContext

    def run(self, operation: Operation[T]) -> T:
        """Carry out one operation and return its result.

        Raises:
            ImgsrcError: The request failed.
        """
        self.context.begin(operation.request)
        try:
            result: T = self.transport.run(operation)
        except ImgsrcError as exc:
            self.context.fail(operation.request, exc)
            raise
        return self.context.end(operation.request, result)

    def fetch(self, delivery: Delivery, reception: Reception, sink: Sink) -> None:
        self.transport.fetch(delivery, reception, sink)


@dataclass(frozen=True)
class AsyncRunner:
    """Runner that carries out operations in an event loop; see `SyncRunner`."""

    transport: Any
    context: CallContext

    async def run(self, operation: Operation[T]) -> T:
        self.context.begin(operation.request)
        try:
            result: T = await self.transport.run(operation)
        except ImgsrcError as exc:
            self.context.fail(operation.request, exc)
            raise
        return self.context.end(operation.request, result)

    async def fetch(self, delivery: Delivery, reception: Reception, sink: Sink) -> None:
        await self.transport.fetch(delivery, reception, sink)
