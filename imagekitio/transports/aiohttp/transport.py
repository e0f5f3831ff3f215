"""The asynchronous transport, on aiohttp."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from ...exceptions import ImageKitException
from ...flow.exchange import READ, CallerError, Head, Outgoing, wrap_caller_errors
from ...models.response_metadata import Headers
from ...operations.core import Multipart, Operation, Response
from ...threads import run_in_thread
from ..async_transport import AsyncTransport
from ..transport import return_failure
from .body import StreamedBody, load_body, open_body_in_thread
from .failures import ERRORS, translate_error
from .sessions import Connections, LoopSession

if TYPE_CHECKING:
    from ...disk import Sink
    from ...flow.exchange import Exchange, Reception
    from ...flow.resuming import Delivery

T = TypeVar("T")


class AiohttpTransport(AsyncTransport[Connections]):
    """A transport that uses `aiohttp`. Tasks may share it; it can be pickled, and used after `os.fork`.

    Without a session in the settings, it creates one for each event loop at the first call in it, which takes proxies
    and CA bundles from the environment as requests does, and stores no cookies. After pickling or forking, it starts
    without connections.

    A session in the settings is used unchanged, with its headers, cookies, connector, middlewares and traces, in its
    own loop, and must not have its own credentials. It is never closed, and cannot be pickled.

    A cancelled call closes its connection and its files before the CancelledError is raised.

    Redirects are not followed: they would send the key to a host that nobody configured.
    """

    async def run(self, operation: Operation[T]) -> T:
        """Carry out one operation and return its result.

        Raises:
            ImageKitException: The service refused the request, or no response arrived.
            OSError: A file to upload cannot be opened or read.
            Exception: The exception of `on_progress`, unchanged; the upload is aborted.
        """
        body = operation.request.body
        with await self._connections.open() as session:
            attempt = partial(self._attempt, session)
            if not isinstance(body, Multipart):
                return await self._drive(operation, lambda request: attempt(self._call(request)))
            async with session.turns, open_body_in_thread(body) as opened:
                return await self._drive(operation, lambda request: attempt(self._call(request, opened)))

    async def fetch(self, delivery: Delivery, reception: Reception, sink: Sink) -> None:
        """Write the content of a delivery URL into a file; see `RequestsTransport.fetch`.

        The file is written in threads; the callback of `reception` is called in the thread of the loop.
        """
        with await self._connections.open() as session:
            await self._drive(
                delivery.operation,
                lambda request: self._attempt(session, self._download(request, delivery, reception, sink)),
            )

    async def close(self, *, at_once: bool = False) -> None:
        """Close the connections in the running loop, including those of all copies; a later call opens new ones.

        Calls in progress are awaited first. With `at_once`, they end with a `NetworkException` instead.
        """
        await self._connections.close(at_once=at_once)

    def _make_connections(self) -> Connections:
        return Connections(self._settings.session)

    def __getstate__(self) -> dict[str, Any]:
        if self._settings.session is not None:
            raise TypeError("a client with your own session cannot be pickled: it belongs to a loop of this process")
        return super().__getstate__()

    async def _attempt(self, session: LoopSession, exchange: Exchange) -> Response | ImageKitException:
        """Carry out one attempt; return the response, or the exception that explains why there is none.

        Raises:
            Exception: The exception of your file or callback, unchanged.
        """
        answer = data = head = None
        failure: Exception | None
        outgoing = next(exchange)
        assert isinstance(outgoing, Outgoing)
        try:
            data = await load_body(outgoing)
            answer = await session.send(outgoing, data)
            head = Head(answer.status, Headers(answer.headers))
            step = exchange.send(head)
            while True:
                if step is READ:
                    step = exchange.send(await answer.content.readany())
                else:
                    assert callable(step)
                    with wrap_caller_errors():
                        await run_in_thread(step)
                    step = next(exchange)
        except StopIteration as done:
            response: Response = done.value
            failure = data.error if isinstance(data, StreamedBody) else None
            if failure is None:
                return response
        except CallerError as exc:
            failure = exc.error
        except ImageKitException as exc:
            failure = exc
        except ERRORS as exc:
            failure = translate_error(exc, outgoing.what, outgoing.timeout, is_closed=session.is_closed)
            failure.__cause__ = exc
            if isinstance(data, StreamedBody) and data.error is not None:
                failure = data.error
        finally:
            exchange.close()
            if isinstance(data, StreamedBody):
                await data.finish()
            if answer is not None:
                answer.close()  # so that unread data cannot reach the next request
        return return_failure(failure, head)
