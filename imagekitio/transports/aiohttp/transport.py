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
    """Sends operations with `aiohttp`. Tasks may share it; it pickles, and can be used after `os.fork`.

    Without a session in its settings it makes its own at the first call in an event loop, one for each loop. That one
    takes proxies and CA bundles from the environment as requests does, and keeps no cookies. Pickled or forked, a
    transport starts without connections.

    A session in the settings is used as it is, with its headers, cookies, connector, middlewares and traces, in its own
    loop, and must have no credentials of its own. It is never closed, and cannot be pickled.

    A call that is cancelled closes its connection and what it opened before the CancelledError comes out.

    Redirects are not followed: they would carry the key to a host that nobody configured.
    """

    async def run(self, operation: Operation[T]) -> T:
        """Carry one operation out and return its result.

        Raises:
            ImageKitException: The service refused, or no answer came.
            OSError: A file to upload cannot be opened or read.
            Exception: Whatever `on_progress` raises, unchanged; the upload is given up.
        """
        body = operation.request.body
        with await self._connections.open() as session:
            attempt = partial(self._attempt, session)
            if not isinstance(body, Multipart):
                return await self._drive(operation, lambda request: attempt(self._call(request)))
            async with session.turns, open_body_in_thread(body) as opened:
                return await self._drive(operation, lambda request: attempt(self._call(request, opened)))

    async def fetch(self, delivery: Delivery, reception: Reception, sink: Sink) -> None:
        """Write what a delivery URL answers into a file; see `RequestsTransport.fetch`.

        The file is written in threads; the callback of `reception` is called in the thread of the loop.
        """
        with await self._connections.open() as session:
            await self._drive(
                delivery.operation,
                lambda request: self._attempt(session, self._download(request, delivery, reception, sink)),
            )

    async def close(self, *, at_once: bool = False) -> None:
        """Close the connections in the running loop, also those of all copies; a later call makes new ones.

        Waits for the calls under way. With `at_once` they end with a `NetworkException` instead.
        """
        await self._connections.close(at_once=at_once)

    def _make_connections(self) -> Connections:
        return Connections(self._settings.session)

    def __getstate__(self) -> dict[str, Any]:
        if self._settings.session is not None:
            raise TypeError("a client with your own session cannot be pickled: it belongs to a loop of this process")
        return super().__getstate__()

    async def _attempt(self, session: LoopSession, exchange: Exchange) -> Response | ImageKitException:
        """Carry one attempt out; return the answer, or the exception that explains why there is none.

        Raises:
            Exception: Whatever your file or callback raised, unchanged.
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
                answer.close()  # unless it was read to its end, the rest must not meet the next request
        return return_failure(failure, head)
