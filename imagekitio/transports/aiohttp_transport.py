"""The asynchronous transport, on aiohttp."""

from __future__ import annotations

import asyncio
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import aiohttp

from ..exceptions import ImageKitException
from ..flow import Wait, attempts
from ..models.response_metadata import Headers, ResponseMetadata
from ..operations.core import Multipart, Request, Response
from .aiohttp_body import StreamedBody, in_one_piece, opened_in_thread
from .aiohttp_downloads import Download, content_of
from .aiohttp_failures import ERRORS, translated
from .aiohttp_sessions import Connections, LoopSession, Sending
from .multipart import BLOCK_BYTES, MultipartBody, SourceError
from .resuming import delivery
from .settings import basic_authorization
from .transport import Transport

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ..operations.core import Operation
    from .resuming import OnProgress

T = TypeVar("T")

_HEADERS = {"Accept-Encoding": "gzip"}  # what `Unpacking` can undo


class AiohttpTransport(Transport[aiohttp.ClientSession]):
    """Sends operations with `aiohttp`. Tasks may share it; it pickles, and can be used after `os.fork`.

    Without a `session` it makes its own at the first call in an event loop, one for each loop. That one takes proxies
    and CA bundles from the environment as requests does, but when it is made and not at every call, and keeps no
    cookies. Pickled or forked, a transport starts with no connections.

    A `session` of the caller is used as it is, with its headers, cookies, connector, middlewares and traces, in its own
    loop, but authentication is by the private key. It is not closed, and cannot be pickled.

    A call that is cancelled closes its connection and what it opened before the CancelledError comes out.

    Redirects are never followed: they would carry the private key to a host that nobody configured.

    Args:
        private_key: Goes as the user name of HTTP Basic authentication with every request.
        api_base_url: Where requests for the host "api" go, say ``https://api.imagekit.io``.
        upload_base_url: Where requests for the host "upload" go.
        timeout: Seconds to connect and to read, or one number for both; see `settings.Timeout`.
        retry: When requests are sent again.
        session: A session of the caller.
        logger: Gets the DEBUG lines instead of the logger "imagekitio".

    Raises:
        ValueError: A base URL or a timeout that cannot be meant.
    """

    async def run(self, operation: Operation[T]) -> T:
        """Carry one operation out and return its result.

        Raises:
            ImageKitException: The service refused, or no answer came.
            OSError: A file to upload cannot be opened or read.
            Exception: Whatever `on_progress` raises, unchanged; the upload is given up.
        """
        body = operation.request.body
        with self._connections.current() or await self._connections.opened() as session:
            if not isinstance(body, Multipart):
                return await self._driven(operation, partial(self._send, session, operation.request, body))
            async with session.turns, opened_in_thread(body, self._timeout.read) as payload:
                return await self._driven(operation, partial(self._send, session, operation.request, payload))

    async def download(self, url: str, sink: BinaryIO, on_progress: OnProgress | None = None) -> None:
        """Write what a delivery URL answers into a file; see `RequestsTransport.download`.

        The file is written in threads; `on_progress` is called in the thread of the loop.
        """
        source = delivery(url)
        with self._connections.current() or await self._connections.opened() as session:
            download = Download(session, source, self._timeout, self._limits, sink, on_progress)
            await self._driven(source.operation, download.send)

    async def _driven(
        self, operation: Operation[T], send: Callable[[Request], Awaitable[Response | ImageKitException]]
    ) -> T:
        steps = attempts(operation, self._retry, gate=self._gate, logger=self._logger)
        reply: Response | ImageKitException | None = None
        while True:
            try:
                step = steps.send(reply)
            except StopIteration as done:
                result: T = done.value
                return result
            if isinstance(step, Wait):
                await asyncio.sleep(step.seconds)
                reply = None
            else:
                reply = await send(step)

    async def close(self, *, at_once: bool = False) -> None:
        """Close the connections in the running loop, also those of all copies; a later call makes new ones.

        Waits for the calls under way. `at_once` ends them instead, with a `NetworkException`.
        """
        await self._connections.close(at_once=at_once)

    def _new_connections(self) -> Connections:
        return Connections(self._session)

    @cached_property
    def _sending(self) -> Sending:
        return Sending(basic_authorization(self._private_key))

    @cached_property
    def _limits(self) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(total=None, sock_connect=self._timeout.connect, sock_read=self._timeout.read)

    def __getstate__(self) -> dict[str, Any]:
        if self._session is not None:
            raise TypeError("a session of the caller cannot be pickled: it belongs to an event loop of this process")
        return super().__getstate__()

    async def _send(
        self, session: LoopSession, first: Request, payload: bytes | MultipartBody | None, request: Request
    ) -> Response | ImageKitException:
        """Send once; return the answer, or the exception of ours that says why there is none.

        `payload` is the body of the request `first`, opened; no other one has a body.
        """
        body = payload if request is first else None
        what = self._what(request)
        answer = None
        data: Any = body
        headers = _HEADERS
        failure: BaseException | None
        try:
            if isinstance(body, MultipartBody):
                headers = {**headers, "Content-Type": body.content_type}
                data = StreamedBody(body, what) if len(body) > BLOCK_BYTES else await in_one_piece(body)
            elif body is not None:
                headers = {**headers, "Content-Type": "application/json"}
            base_url = self._base_urls[request.host]
            answer = await session.send(request, base_url, headers, data, sending=self._sending, timeout=self._limits)
            content = await content_of(answer, what, self._timeout.read)
            failure = data.error if isinstance(data, StreamedBody) else None
            if failure is None:
                return Response(answer.status, Headers(answer.headers), content)
        except SourceError as exc:
            failure = exc.__cause__
        except ImageKitException as exc:
            failure = exc
        except ERRORS as exc:
            failure = translated(exc, what, self._timeout, is_closed=session.is_closed)
            failure.__cause__ = exc
            if isinstance(data, StreamedBody) and data.error is not None:
                failure = data.error
        finally:
            if isinstance(data, StreamedBody):
                await data.settled()
        if not isinstance(failure, ImageKitException):
            assert failure is not None  # SourceError always has a cause
            raise failure
        if answer is not None:
            failure.response_metadata = ResponseMetadata(None, answer.status, Headers(answer.headers))
        return failure
