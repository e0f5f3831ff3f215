"""Bodies as aiohttp sends them: files are read in threads, memory stays bounded."""

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
    """Make a body as `multipart.open_body` does, without blocking the loop."""
    manager = open_body(multipart)
    if multipart.file is None or isinstance(multipart.file.source, bytes):
        with manager as body:
            yield body
    else:
        async with enter_in_thread(manager) as body:
            yield body


async def load_body(outgoing: Outgoing) -> bytes | StreamedBody | None:
    """Return a body as aiohttp takes it: a small one whole, a large one as a stream.

    Raises:
        CallerError: From what the file or `on_progress` raised.
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
    """Gives a body to aiohttp, reading the next block in a thread while one is sent.

    It is asynchronously iterable too, which is how test doubles and recorders read a body.

    Attributes:
        error: Why the body was not sent whole, unless the connection broke: what the file or `on_progress` raised, or a
            TimeoutException for a service that accepts nothing. aiohttp raises something else then.
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
        """Yield the body from its beginning, and report progress; what goes wrong is kept in `error` as well."""
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
        self._connection = writer.transport  # now: aiohttp forgets it before it is closed
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
        """Wait until nothing reads the file and nothing is sent any more; what is still being sent is given up."""
        if self._written is not None and not self._written.done():
            self._hang_up()
            await wait_for_end(self._written)

    async def _send(self, writer: AbstractStreamWriter, block: bytes) -> None:
        # A service that refuses an upload early answers and hangs up; once sending fails, asyncio drops what it has not
        # read. So the loop gets a chance to read first: it looks for data in the first turn, and reads in the second.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        patience = asyncio.get_running_loop().call_later(self._send_seconds, self._give_up)
        try:
            await writer.write(block)
        finally:
            patience.cancel()

    def _give_up(self) -> None:
        seconds = f"{self._send_seconds:g} s"
        self.error = TimeoutException(f"{self._what}: the service took no more of the upload within {seconds}")
        self._hang_up()

    def _hang_up(self) -> None:
        # Not close(): that first sends what asyncio has buffered, and never ends if nobody takes it.
        if self._connection is not None:
            self._connection.abort()
