"""Send through your own httpx client, with its headers, cookies, hooks, proxies and certificates."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from ...exceptions import ImageKitException
from ...flow.exchange import READ, CallerError, Head, Outgoing, wrap_caller_errors
from ...models.response_metadata import Headers
from ...operations.core import Multipart, Operation, Response
from ...threads import enter_in_thread, run_in_thread
from ..async_transport import AsyncTransport
from ..failures import Kinds, translate_error
from ..multipart import MultipartBody, open_body
from ..sync_transport import SyncTransport
from ..transport import return_failure
from .failures import ERRORS, KINDS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from ...disk import Sink
    from ...flow.attempts import Reply
    from ...flow.exchange import Exchange, Reception
    from ...flow.resuming import Delivery

T = TypeVar("T")


class GivenClient:
    """Your own client, which is used unchanged and never closed.

    Args:
        client: Object with `build_request` and `send` as in `httpx.Client` or `httpx.AsyncClient`.
        is_async: Whether it is asynchronous.
    """

    def __init__(self, client: Any, *, is_async: bool = False) -> None:
        self._client, self._is_async = client, is_async

    def send(self, outgoing: Outgoing) -> Any:
        """Send a request and return the response with its body unread, or a coroutine for an asynchronous client."""
        connect, read = outgoing.timeout
        body = outgoing.body
        if isinstance(body, MultipartBody):
            body = _read_in_threads(body) if self._is_async else body.for_sending()
        request = self._client.build_request(
            outgoing.request.method,
            outgoing.url,
            headers=dict(outgoing.headers),
            content=body,
            timeout=(connect, read, max(connect, read), connect),  # the last two: sending, and getting a connection
        )
        return self._client.send(request, stream=True, follow_redirects=False)

    def close(self) -> None:
        """Do nothing: the client is yours to close."""


class HttpxTransport(SyncTransport[GivenClient]):
    """A transport that sends operations with a client like `httpx.Client`."""

    errors: ClassVar[tuple[type[Exception], ...]] = ERRORS
    kinds: ClassVar[Kinds] = KINDS

    def _make_connections(self) -> GivenClient:
        return GivenClient(self._settings.session)

    @staticmethod
    def _read_blocks(answer: Any) -> Iterator[bytes]:
        blocks: Iterator[bytes] = answer.iter_bytes()
        return blocks


class AsyncHttpxTransport(AsyncTransport[GivenClient]):
    """A transport that sends operations with a client like `httpx.AsyncClient`."""

    async def run(self, operation: Operation[T]) -> T:
        """Carry out one operation; see `SyncTransport.run`."""
        body = operation.request.body
        if not isinstance(body, Multipart):
            return await self._drive(operation, lambda request: self._attempt(self._call(request)))
        async with enter_in_thread(open_body(body)) as opened:
            return await self._drive(operation, lambda request: self._attempt(self._call(request, opened)))

    async def fetch(self, delivery: Delivery, reception: Reception, sink: Sink) -> None:
        """Write the content of a delivery URL into a file; see `SyncTransport.fetch`."""
        await self._drive(
            delivery.operation, lambda request: self._attempt(self._download(request, delivery, reception, sink))
        )

    async def close(self) -> None:
        """Do nothing: the client is yours to close."""

    def _make_connections(self) -> GivenClient:
        return GivenClient(self._settings.session, is_async=True)

    async def _attempt(self, exchange: Exchange) -> Reply:
        """Carry out one attempt; return the response, or the exception that explains why there is none.

        Raises:
            Exception: The exception of your file or callback, unchanged.
        """
        answer = head = None
        failure: Exception
        outgoing = next(exchange)
        assert isinstance(outgoing, Outgoing)
        try:
            answer = await self._connections.send(outgoing)
            blocks = answer.aiter_bytes()
            head = Head(answer.status_code, Headers(answer.headers))
            step = exchange.send(head)
            while True:
                if step is READ:
                    step = exchange.send(await anext(blocks, b""))
                else:
                    assert callable(step)
                    with wrap_caller_errors():
                        await run_in_thread(step)
                    step = next(exchange)
        except StopIteration as done:
            response: Response = done.value
            return response
        except CallerError as exc:
            failure = exc.error
        except ImageKitException as exc:
            failure = exc
        except ERRORS as exc:
            failure = translate_error(exc, outgoing.what, outgoing.timeout, KINDS)
            failure.__cause__ = exc
        finally:
            exchange.close()
            if answer is not None:
                await answer.aclose()
        return return_failure(failure, head)


async def _read_in_threads(body: MultipartBody) -> AsyncIterator[bytes]:
    """Yield a body from its beginning and report progress, like its own iteration, without blocking the loop."""
    blocks, sent_bytes = body.read_blocks(), 0
    read_next: Callable[[], bytes] = partial(next, blocks, b"")
    with wrap_caller_errors():
        while block := await run_in_thread(read_next):
            yield block
            sent_bytes += len(block)
            body.report(sent_bytes)
            if body.deadline is not None:
                body.deadline.check()
