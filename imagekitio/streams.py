"""Files of the media library as streams that are read part by part, as `open_stream` returns them."""

from __future__ import annotations

import asyncio
import io
import os
import tempfile
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from .bulk import tasks, workers
from .bulk.downloads import path_of, source_url
from .bulk.work import Blocking, Fetch
from .disk import Sink
from .flow.parts import FIRST_BYTES, MAX_BYTES, Parts
from .flow.resuming import read_delivery
from .threads import run_in_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from types import TracebackType

    from typing_extensions import Self

    from .bulk.downloads import DownloadSource
    from .bulk.work import AsyncRunner, Job, Runner
    from .models.response_metadata import Headers
    from .urls.builder import UrlBuilder

T = TypeVar("T")

# Lines and short reads are served from a buffer of this size.
_BUFFER_BYTES = 64 * 1024


class Reader:
    """The common basis of both kinds of streams: a position, the part held in memory, and jobs that read.

    A part is held in memory. If the service answers with the whole of a large file instead, it is written to a
    temporary file.

    Attributes:
        name: Name of the file.
        position: Position in the stream from which the next byte is read.

    Args:
        builder: Builder of the URL.
        source: Source to read, as for `download`.
        start: Position in the file at which the stream begins.
        length: Maximum number of bytes of the stream; None reads to the end of the file.
        options: Options of `url`.

    Raises:
        TypeError, ValueError: An argument is not valid, or the URL cannot be built.
    """

    def __init__(
        self, builder: UrlBuilder, source: DownloadSource, start: int, length: int | None, options: Mapping[str, Any]
    ) -> None:
        self._delivery = read_delivery(source_url(builder, source, options))
        self._parts = Parts(self._delivery.what, start, length)
        self._held = range(0)
        self._spool: _Spool | None = None
        self.name: str = path_of(source).rpartition("/")[2]
        self.position: int = 0

    @property
    def is_open(self) -> bool:
        """Whether the first response has arrived."""
        return self._parts.size is not None

    @property
    def size(self) -> int:
        if self._parts.size is None:
            raise ValueError("the stream is not open yet: await it, or enter it with `async with`")
        return self._parts.size

    @property
    def headers(self) -> Headers:
        return self._parts.headers

    def open(self) -> Job[None]:
        """Request the first part."""
        if not self.is_open:
            yield from self._load(0)

    def read(self, count: int) -> Job[bytes]:
        """Read up to `count` bytes; return no bytes only at the end."""
        yield from self.open()
        if self.position >= self.size:
            return b""
        if self.position not in self._held:
            yield from self._load(self.position)
        block: bytes = yield Blocking(partial(self._read_held, count))
        self.position += len(block)
        return block

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move the position, which may be past the end, and return it."""
        if whence not in (os.SEEK_SET, os.SEEK_CUR, os.SEEK_END):
            raise ValueError(f"whence must be 0 (start), 1 (current position) or 2 (end) (got {whence!r})")
        position = offset + (0, self.position, self.size)[whence]
        if position < 0:
            raise ValueError(f"the position must not be before the start of the stream (got {position})")
        self.position = position
        return position

    def drop(self) -> None:
        """Release the part held in memory."""
        if self._spool is not None:
            self._spool.file.close()
        self._spool, self._held = None, range(0)

    def _load(self, position: int) -> Job[None]:
        self.drop()
        part, self._spool = self._parts.part_at(position), _Spool()
        delivery = self._delivery._replace(operation=part.operation(self._delivery.operation))
        try:
            yield Fetch(delivery, part, Sink(self._spool))
        except BaseException:
            self.drop()
            raise
        self._held = self._parts.note(part)

    def _read_held(self, count: int) -> bytes:
        assert self._spool is not None
        self._spool.file.seek(self.position - self._held.start)
        return self._spool.file.read(count)


class _Spool:
    """A buffer that holds a part in memory, and anything larger than a part in a temporary file.

    `tempfile.SpooledTemporaryFile` would warn about a stream that was not closed, although there is only memory to
    free.
    """

    def __init__(self) -> None:
        self.file: BinaryIO = io.BytesIO()

    def write(self, block: bytes) -> None:
        self.file.write(block)
        if isinstance(self.file, io.BytesIO) and self.file.tell() > MAX_BYTES:
            on_disk: Any = tempfile.TemporaryFile()  # noqa: SIM115  # `drop` closes it
            on_disk.write(self.file.getbuffer())
            self.file = on_disk


class _RawStream(io.RawIOBase):
    def __init__(self, runner: Runner, reader: Reader) -> None:
        self._runner, self._reader = runner, reader
        self.name: str = reader.name
        workers.carry_out(runner, reader.open())

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        block = workers.carry_out(self._runner, self._reader.read(len(buffer)))
        buffer[: len(block)] = block
        return len(block)

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        return self._reader.seek(offset, whence)

    def close(self) -> None:
        self._reader.drop()
        super().close()


class _Described:
    """The description of the file in the first response. A stream for asyncio has none before it is open."""

    _reader: Reader

    @property
    def size(self) -> int:
        """The length of the stream in bytes; reading it raises a ValueError before the stream is open."""
        return self._reader.size

    @property
    def headers(self) -> Headers:
        """The headers of the first response, such as ``ETag`` or ``Last-Modified``; empty until the stream is open."""
        return self._reader.headers

    @property
    def content_type(self) -> str | None:
        """The MIME type of the file; None if the service does not say, or before the stream is open."""
        return self.headers.get("content-type")


class FileStream(_Described, io.BufferedReader):
    """A file of the media library, or a part of it, as a binary file object that can seek.

    `ImageKit.open_stream` returns it. It works wherever Python accepts a file that is open for reading:
    `shutil.copyfileobj`, `zipfile.ZipFile`, `io.TextIOWrapper`, `for line in`, `PIL.Image.open`, … Positions count from
    the start of the stream. Data is requested when it is read, a little ahead and in short requests, so no connection
    stays open; `close`, or leaving the ``with`` block, only frees memory.

    Reading raises `ImageKitException`, as every call does, and `UnknownException` if the file has been replaced since
    the stream was opened.
    """

    def __init__(self, runner: Runner, reader: Reader) -> None:
        self._reader = reader
        super().__init__(_RawStream(runner, reader), _BUFFER_BYTES)

    def __repr__(self) -> str:
        return f"<FileStream {self._reader.name!r}, {self.size} bytes>"


class AsyncFileStream(_Described):
    """A file of the media library, or a part of it, to read in an event loop.

    `AsyncImageKit.open_stream` returns it. ``async with``, `await` or the first read opens it by requesting the first
    part. ``async for`` iterates over blocks of up to 256 KiB. Positions count from the start of the stream. Data is
    requested when it is read, a little ahead and in short requests, so no connection stays open; `aclose`, or leaving
    the ``async with`` block, only frees memory. Tasks that read from one stream take turns.

    Reading raises `ImageKitException`, as every call does, and `UnknownException` if the file has been replaced since
    the stream was opened. Reading a closed stream raises a ValueError.

    Attributes:
        name: Name of the file.
        closed: Whether the stream has been closed.
    """

    def __init__(self, runner: AsyncRunner, reader: Reader) -> None:
        self._runner, self._reader = runner, reader
        self._turn = asyncio.Lock()
        self.name: str = reader.name
        self.closed: bool = False

    async def read(self, size: int | None = -1) -> bytes:
        """Read `size` bytes, or fewer at the end.

        Args:
            size: Number of bytes; None or a negative number reads to the end.
        """
        blocks: list[bytes] = []
        async with self._turn:
            left_bytes = -1 if size is None else size
            while left_bytes != 0 and (block := await self._read_block(MAX_BYTES if left_bytes < 0 else left_bytes)):
                blocks.append(block)
                left_bytes -= len(block) if left_bytes > 0 else 0
        return b"".join(blocks)

    async def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move the position, which may be past the end.

        Args:
            offset: Number of bytes after the reference point; negative for bytes before it.
            whence: Reference point: 0 is the start of the stream, 1 the current position, 2 the end.
        Returns:
            The new position.
        Raises:
            ValueError: `whence` is not valid, the new position is before the start, or the stream is closed.
        """
        async with self._turn:
            await self._open()
            return self._reader.seek(offset, whence)

    def tell(self) -> int:
        """Return the position from which the next byte is read."""
        return self._reader.position

    async def aclose(self) -> None:
        """Close the stream."""
        async with self._turn:
            self.closed = True
            await run_in_thread(self._reader.drop)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        async with self._turn:
            block = await self._read_block(FIRST_BYTES)
        if not block:
            raise StopAsyncIteration
        return block

    def __await__(self) -> Generator[Any, None, Self]:
        return self.__aenter__().__await__()

    async def __aenter__(self) -> Self:
        async with self._turn:
            await self._open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        size = f"{self.size} bytes" if self._reader.is_open else "not open yet"
        return f"<AsyncFileStream {self.name!r}, {size}>"

    async def _open(self) -> None:
        await self._carry_out(self._reader.open)

    async def _read_block(self, count: int) -> bytes:
        return await self._carry_out(partial(self._reader.read, count))

    async def _carry_out(self, job: Callable[[], Job[T]]) -> T:
        if self.closed:
            raise ValueError("the stream is closed")
        return await tasks.carry_out(self._runner, job())
