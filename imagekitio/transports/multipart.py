"""Bodies in ``multipart/form-data`` (RFC 7578), read while they are sent, so that memory does not grow with the file.

requests-toolbelt's `MultipartEncoder` writes them. It reads from a `Window` instead of the file itself, because it
would copy a whole `BytesIO` from its beginning, and would never stop waiting for the rest of a file that has shrunk.
"""

from __future__ import annotations

import re
import secrets
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from requests_toolbelt import MultipartEncoder

from ..disk import is_seekable
from ..exceptions import EmptyFileError, NetworkException
from ..flow.exchange import wrap_caller_errors

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from ..flow.limits import Deadline
    from ..operations.core import FilePart, Multipart

# The size of the blocks that are read and sent. With a quarter of it, the encoder takes twice as long; a larger block
# might not be sent within the timeout over a slow line.
BLOCK_BYTES = 1024 * 1024
# The largest body that is sent in one piece. Its progress is reported before it is sent, so it must be small.
SMALL_BYTES = 64 * 1024
SPOOL_BYTES = 1024 * 1024

DEFAULT_CONTENT_TYPE = "application/octet-stream"


@contextmanager
def open_body(multipart: Multipart) -> Generator[MultipartBody, None, None]:
    """Create a body; a path is opened, and closed at the end.

    The length of a stream that cannot seek is unknown, so it is first read into a temporary file: in memory up to
    1 MiB, on disk beyond. (Chunked transfer would need no length, but many upload hosts refuse it.)

    Raises:
        OSError: A path cannot be opened.
        TypeError: A stream that cannot seek is not binary.
        EmptyFileError: A stream that cannot seek is empty, which only reading reveals.
    """
    with ExitStack() as stack:
        source = None
        if multipart.file is not None:
            source = _open_source(multipart.file, stack)
            if not is_seekable(source):
                source = _spool(source, stack)
        yield MultipartBody(multipart, source)


class Window:
    """The part of a file that an upload sends, in the form that `MultipartEncoder` reads.

    Args:
        source: The file.
        start: Position at which the part begins.
        size_bytes: Length of the part. Data that is added to the file later is not sent.
    """

    def __init__(self, source: BinaryIO, start: int, size_bytes: int) -> None:
        source.seek(start)
        self._source, self._size_bytes = source, size_bytes
        self.len: int = size_bytes  # bytes left to read, as the encoder expects

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes.

        Raises:
            NetworkException: The file ends early.
            Exception: The exception of the file.
        """
        block = _read(self._source, self.len if size < 0 else min(size, self.len))
        if self.len and not block:
            raise _make_shrunk_error(self._size_bytes - self.len, self._size_bytes)
        self.len -= len(block)
        return block


class MultipartBody:
    """The body of one request. `len()` is its exact size in bytes, and each iteration sends it from its beginning.

    The file is sent from the position that it had when the body was created, with the length that it had then.

    Attributes:
        content_type: The Content-Type header, with the boundary.
        is_in_memory: Whether reading the body never blocks.
        deadline: Time limit of the current attempt.
    """

    def __init__(self, multipart: Multipart, source: BinaryIO | None) -> None:
        self._boundary = secrets.token_hex(16)
        self._multipart, self._source = multipart, source
        self._start, self._source_bytes = _measure(source) if source is not None else (0, 0)
        self._length: int = self._make_encoder().len
        self._reported_bytes = 0
        self.content_type: str = f"multipart/form-data; boundary={self._boundary}"
        self.is_in_memory: bool = source is None or isinstance(source, BytesIO)
        self.deadline: Deadline | None = None

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[bytes]:
        """Yield the body in blocks, and report progress.

        Raises:
            CallerError: The file or `on_progress` raised an exception, the file has shrunk, or the deadline has passed.
        """
        sent_bytes = 0
        with wrap_caller_errors():
            for block in self.read_blocks():
                yield block
                sent_bytes += len(block)
                self.report(sent_bytes)
                if self.deadline is not None:
                    self.deadline.check()

    def for_sending(self) -> bytes | MultipartBody:
        """Return a small body in one piece, which saves system calls and lets test doubles inspect it."""
        return b"".join(self) if len(self) <= SMALL_BYTES else self

    def read_blocks(self) -> Iterator[bytes]:
        """Yield the body in blocks of `BLOCK_BYTES`, the last one shorter, without reporting progress.

        Raises:
            NetworkException: The file has shrunk.
            Exception: The exception of the file.
        """
        encoder = self._make_encoder()
        while block := encoder.read(BLOCK_BYTES):
            yield block

    def report(self, sent_bytes: int) -> None:
        """Report to `on_progress` how much has been sent; raises what it raises."""
        # A repeated attempt starts at zero again, but the reported number only grows.
        if self._multipart.on_progress is not None and sent_bytes > self._reported_bytes:
            self._reported_bytes = sent_bytes
            self._multipart.on_progress(sent_bytes, len(self))

    def _make_encoder(self) -> MultipartEncoder:
        fields: list[tuple[str, Any]] = list(self._multipart.fields)
        file = self._multipart.file
        if file is not None and self._source is not None:
            window = Window(self._source, self._start, self._source_bytes)
            fields.append(("file", (file.file_name, window, _read_content_type(file))))
        return MultipartEncoder(fields, boundary=self._boundary)


def _open_source(part: FilePart, stack: ExitStack) -> BinaryIO:
    if isinstance(part.source, bytes):
        return BytesIO(part.source)  # shares the bytes, copies nothing
    if isinstance(part.source, Path):
        return stack.enter_context(part.source.open("rb", buffering=0))
    return part.source


def _spool(source: BinaryIO, stack: ExitStack) -> BinaryIO:
    spool = cast("BinaryIO", SpooledTemporaryFile(max_size=SPOOL_BYTES))  # noqa: SIM115
    stack.callback(spool.close)
    while block := _read(source, BLOCK_BYTES):
        spool.write(block)
    if not spool.tell():
        raise EmptyFileError("file is empty or has been read to its end")
    spool.seek(0)
    return spool


def _read(source: BinaryIO, size_bytes: int) -> bytes:
    block: Any = source.read(size_bytes)
    if not isinstance(block, (bytes, bytearray)):
        raise TypeError(
            f"the file must be opened in binary mode; its read() must return bytes (got {type(block).__name__})"
        )
    return bytes(block)


def _measure(source: BinaryIO) -> tuple[int, int]:
    """Return the position of a source and the number of bytes that follow, without changing the position."""
    start = source.tell()
    source.seek(0, 2)
    end = source.tell()
    source.seek(start)
    return start, max(0, end - start)


def _make_shrunk_error(sent_bytes: int, expected_bytes: int) -> NetworkException:
    error = NetworkException(
        f"the file shrank while it was sent: expected {expected_bytes} bytes, but it ended after {sent_bytes}"
    )
    error.retryable = False
    return error


def _read_content_type(part: FilePart) -> str:
    # It may come from a browser, so it is replaced if it has characters that could end the header early.
    return part.content_type if re.fullmatch(r"[\x20-\x7e]+", part.content_type) else DEFAULT_CONTENT_TYPE
