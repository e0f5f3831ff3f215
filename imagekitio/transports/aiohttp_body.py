"""Bodies as aiohttp sends and receives them: files are read in threads, answers are unpacked with bounded memory."""

from __future__ import annotations

import asyncio
import zlib
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, cast

from aiohttp.payload import Payload

from ..exceptions import TimeoutException
from ..threads import ended, entered_in_thread, in_thread
from .aiohttp_failures import UnpackingError
from .multipart import BLOCK_BYTES, SourceError, opened

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from aiohttp.abc import AbstractStreamWriter

    from ..operations.core import Multipart
    from .multipart import MultipartBody

# What a thread reads at a time, while as much is sent: handing it over to the loop takes as long as reading 500 KB.
READ_BYTES = 2 * 1024 * 1024
# What asyncio gets at a time. A turn of the loop costs more than a system call: twice the block of the sync transport.
SEND_BYTES = 2 * BLOCK_BYTES
UNPACK_BYTES = 1024 * 1024


@asynccontextmanager
async def opened_in_thread(multipart: Multipart, send_seconds: float) -> AsyncGenerator[MultipartBody, None]:
    """Make the body as `multipart.opened` does, without blocking the loop."""
    manager = opened(multipart, send_seconds)
    if multipart.file is None or isinstance(multipart.file.source, bytes):
        with manager as body:
            yield body
    else:
        async with entered_in_thread(manager) as body:
            yield body


async def in_one_piece(body: MultipartBody) -> bytes:
    """Return a small body whole; `on_progress` is told of its blocks in the thread of the loop.

    Raises:
        SourceError: from what the file or `on_progress` raised.
    """
    try:
        blocks = body.blocks(BLOCK_BYTES)
        read = list(blocks) if body.is_in_memory else await in_thread(list, blocks)
        sent_bytes = 0
        for block in read:
            sent_bytes += len(block)
            body.report(sent_bytes)
    except Exception as exc:
        raise SourceError from exc
    return b"".join(read)


class StreamedBody(Payload):
    """Gives a body to aiohttp, reading the next block in a thread while one is sent.

    Attributes:
        error: Why the body was not sent whole, where it is not the network's fault: what the file or `on_progress`
            raised, or a TimeoutException for a service that takes nothing. aiohttp raises something else then.
    """

    def __init__(self, body: MultipartBody, what: str) -> None:
        super().__init__(body, content_type=body.content_type)
        self.error: Exception | None = None
        self._body = body
        self._what = what
        self._reading: asyncio.Future[bytes] | None = None
        self._written: asyncio.Future[None] | None = None
        self._connection: asyncio.WriteTransport | None = None

    @property
    def size(self) -> int:
        return len(self._body)

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        raise TypeError("a body that is streamed cannot be shown as text")

    async def write(self, writer: AbstractStreamWriter) -> None:
        loop = asyncio.get_running_loop()
        self._written = loop.create_future()
        self._connection = cast("Any", writer).transport  # now: aiohttp forgets it before it is closed
        blocks = self._body.blocks(READ_BYTES)
        sent_bytes, read_bytes = 0, 0
        try:
            self._reading = loop.run_in_executor(None, next, blocks)
            while read_bytes < len(self._body):
                block = await self._read(self._reading)
                read_bytes += len(block)
                if read_bytes < len(self._body):
                    self._reading = loop.run_in_executor(None, next, blocks)
                for start in range(0, len(block), SEND_BYTES):
                    piece = memoryview(block)[start : start + SEND_BYTES]
                    await self._send(writer, piece, loop)
                    sent_bytes += len(piece)
                    with self._keeping_the_error():
                        self._body.report(sent_bytes)
        except BaseException:
            self._hang_up()
            raise
        finally:
            try:
                if self._reading is not None:
                    await ended(self._reading)
            finally:
                self._written.set_result(None)

    async def settled(self) -> None:
        """Wait until nothing reads the file and nothing is sent any more; what is still being sent is given up."""
        if self._written is not None and not self._written.done():
            self._hang_up()
            await ended(self._written)

    async def _read(self, reading: asyncio.Future[bytes]) -> bytes:
        with self._keeping_the_error():
            return await asyncio.shield(reading)

    @contextmanager
    def _keeping_the_error(self) -> Iterator[None]:
        try:
            yield
        except Exception as exc:
            self.error = exc
            raise

    async def _send(self, writer: AbstractStreamWriter, piece: memoryview, loop: asyncio.AbstractEventLoop) -> None:
        # Lets the loop look for an answer first; a `ReadingSocket` needs it not, what a session of the caller or uvloop
        # connects does. It looks in the first turn, after this task, and reads in the second.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        seconds = cast("float", self._body.send_seconds)
        patience = loop.call_later(seconds, self._give_up, seconds)
        try:
            await writer.write(piece)
        finally:
            patience.cancel()

    def _give_up(self, seconds: float) -> None:
        self.error = TimeoutException(f"{self._what}: the service took no more of the upload within {seconds:g} s")
        self._hang_up()

    def _hang_up(self) -> None:
        # Not close(): that first sends what asyncio has buffered, for ever if nobody takes it.
        if self._connection is not None:
            self._connection.abort()


class Unpacking:
    """Undoes the Content-Encoding of an answer, a bounded piece at a time.

    aiohttp could unpack by itself, but what it received as a whole: a gzip bomb would fill the memory.

    Raises:
        UnpackingError: It is packed in another way than was asked for.
    """

    def __init__(self, content_encoding: str) -> None:
        encoding = content_encoding.strip().lower()
        if encoding not in ("identity", "gzip", "x-gzip"):
            raise UnpackingError(f"its Content-Encoding is {encoding!r}, and gzip was asked for")
        self._is_packed = encoding.endswith("gzip")
        self._unpacker: Any = None

    def pieces(self, block: bytes) -> Iterator[bytes]:
        """Give what a block of the answer holds.

        Raises:
            UnpackingError: It is no gzip.
        """
        if not self._is_packed:
            yield block
            return
        while block:
            if self._unpacker is None or self._unpacker.eof:  # members may follow each other (RFC 1952, section 2.2)
                self._unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
            try:
                piece = self._unpacker.decompress(block, UNPACK_BYTES)
            except zlib.error as exc:
                raise UnpackingError(str(exc)) from exc
            yield piece
            block = self._unpacker.unconsumed_tail or self._unpacker.unused_data

    def end(self) -> None:
        """Raise UnpackingError when the end is missing; no content at all is none that is packed."""
        if self._unpacker is not None and not self._unpacker.eof:
            raise UnpackingError("it ends in the middle")
