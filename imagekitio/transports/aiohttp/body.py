"""Bodies for aiohttp: files are read in threads, and memory use is bounded."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING

from aiohttp.payload import Payload

from ...exceptions import TimeoutException
from ...flow.exchange import wrap_caller_errors
from ...threads import enter_in_thread, run_in_thread, wait_for_end
from ..multipart import SMALL_BYTES, MultipartBody, open_body

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from aiohttp.abc import AbstractStreamWriter

    from ...flow.exchange import Outgoing
    from ...operations.core import Multipart


@asynccontextmanager
async def open_body_in_thread(multipart: Multipart) -> AsyncGenerator[MultipartBody, None]:
    """Create a body as `multipart.open_body` does, without blocking the loop."""
    manager = open_body(multipart)
    if multipart.file is None or isinstance(multipart.file.source, bytes):
        with manager as body:
            yield body
    else:
        async with enter_in_thread(manager) as body:
            yield body


async def load_body(outgoing: Outgoing) -> bytes | StreamedBody | None:
    """Return a body for aiohttp: a small one whole, a large one as a stream.

    Raises:
        CallerError: The file or `on_progress` raised an exception.
    """
    body: bytes | MultipartBody | None = outgoing.body
    if not isinstance(body, MultipartBody):
        return body
    if len(body) > SMALL_BYTES:
        return StreamedBody(body, outgoing)
    with wrap_caller_errors():
        blocks = body.read_blocks()
        content = b"".join(blocks if body.is_in_memory else await run_in_thread(list, blocks))
        body.report(len(content))
    return content


class StreamedBody(Payload):
    """A body for aiohttp, which reads the next block in a thread while one is sent.

    It is also an asynchronous iterable, because test doubles and recorders read bodies this way.

    Attributes:
        error: Reason why the body was not fully sent, unless the connection broke: the exception of the file or of
            `on_progress`, or a TimeoutException if the service accepts no data. aiohttp raises another exception then.
    """

    def __init__(self, body: MultipartBody, outgoing: Outgoing) -> None:
        super().__init__(body, content_type=body.content_type)
        self.error: Exception | None = None
        self._body, self._what, self._send_seconds = body, outgoing.what, outgoing.timeout.read
        self._written: asyncio.Future[None] | None = None
        self._connection: asyncio.WriteTransport | None = None

    @property
    def size(self) -> int:
        return len(self._body)

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        raise TypeError("a body that is streamed cannot be shown as text")

    async def __aiter__(self) -> AsyncGenerator[bytes, None]:
        """Yield the body from its beginning, and report progress; exceptions are also kept in `error`."""
        loop = asyncio.get_running_loop()
        blocks = self._body.read_blocks()
        sent_bytes, read_bytes = 0, 0
        reading = loop.run_in_executor(None, next, blocks)
        try:
            while read_bytes < len(self._body):
                block = await asyncio.shield(reading)
                read_bytes += len(block)
                if read_bytes < len(self._body):
                    reading = loop.run_in_executor(None, next, blocks)
                yield block
                sent_bytes += len(block)
                self._body.report(sent_bytes)
        except Exception as exc:
            self.error = exc
            raise
        finally:
            await wait_for_end(reading)

    async def write(self, writer: AbstractStreamWriter) -> None:
        self._written = asyncio.get_running_loop().create_future()
        self._connection = writer.transport  # stored now, because aiohttp drops it before it is closed
        try:
            async with aclosing(self.__aiter__()) as blocks:
                async for block in blocks:
                    await self._send(writer, block)
        except BaseException:
            self._hang_up()
            raise
        finally:
            self._written.set_result(None)

    async def finish(self) -> None:
        """Abort sending, if it is still in progress, and wait until the file is no longer read."""
        if self._written is not None and not self._written.done():
            self._hang_up()
            await wait_for_end(self._written)

    async def _send(self, writer: AbstractStreamWriter, block: bytes) -> None:
        # A service that refuses an upload early responds and closes the connection; once sending fails, asyncio drops
        # unread data. So the loop gets a chance to read first: it polls for data in the first turn, and reads in the
        # second.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        patience = asyncio.get_running_loop().call_later(self._send_seconds, self._give_up)
        try:
            await writer.write(block)
        finally:
            patience.cancel()

    def _give_up(self) -> None:
        seconds = f"{self._send_seconds:g} s"
        self.error = TimeoutException(f"{self._what}: the service accepted no more of the upload within {seconds}")
        self._hang_up()

    def _hang_up(self) -> None:
        # Not close(), which first sends the data that asyncio has buffered, and never ends if the service does not
        # accept it.
        if self._connection is not None:
            self._connection.abort()
