"""Read the body of a request once, up to a limit, and detect when the client has disconnected."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import request
from werkzeug.exceptions import ClientDisconnected, LengthRequired

from ..browser_uploads import check_max_bytes
from ..errors import UploadTooLargeError, check_size

if TYPE_CHECKING:
    from typing import IO

_BLOCK_BYTES = 64 * 1024
_MAX_MESSAGE_BYTES = 5_000_000  # far more than a token request, or a webhook with the metadata of a file


class LimitedFile:
    """A binary file that can be read once, from its current position.

    Args:
        stream: The file.
        size_bytes: Number of bytes in the header; None if unknown.
        max_bytes: Maximum number of bytes; None for no limit.
    """

    def __init__(self, stream: IO[bytes], size_bytes: int | None, max_bytes: int | None) -> None:
        self._stream = stream
        self._size_bytes, self._max_bytes = size_bytes, max_bytes
        self._read_bytes = 0

    def read(self, size: int = _BLOCK_BYTES) -> bytes:
        """Return up to `size` bytes; an empty result means the end.

        Raises:
            UploadTooLargeError: There are more than `max_bytes`.
            ClientDisconnected: There are fewer bytes than `size_bytes`.
        """
        try:
            block = self._stream.read(size)
        except OSError as exc:
            raise ClientDisconnected from exc
        self._read_bytes += len(block)
        if self._max_bytes is not None and self._read_bytes > self._max_bytes:
            raise UploadTooLargeError(None, self._max_bytes)
        # Not every server reports this: Gunicorn ends the stream of a broken connection as if it were complete.
        if size and not block and self._read_bytes < (self._size_bytes or 0):
            raise ClientDisconnected
        return block


def open_body(max_bytes: int | None) -> LimitedFile:
    """Return the body of the current request as a file.

    Raises:
        UploadTooLargeError: The Content-Length is above `max_bytes`.
        LengthRequired: The body has no length, and the server cannot read it without one.
        TypeError, ValueError: `max_bytes` is not valid.
    """
    check_size(request.content_length, check_max_bytes(max_bytes))
    is_chunked = request.content_length is None and "Transfer-Encoding" in request.headers
    if is_chunked and "wsgi.input_terminated" not in request.environ:
        raise LengthRequired  # here, Werkzeug would return an empty stream
    return LimitedFile(request.stream, request.content_length, max_bytes)


def read_message() -> bytes:
    """Return the body of the current request, which is not a file, exactly as received.

    Raises:
        UploadTooLargeError: It is larger than 5 MB.
        ClientDisconnected, LengthRequired: See `LimitedFile.read` and `open_body`.
    """
    body = open_body(_MAX_MESSAGE_BYTES)
    if request.content_length is None:
        return b"".join(iter(partial(body.read, _BLOCK_BYTES), b""))
    return request.get_data()  # code that runs before the view, such as logging, may already have read it
