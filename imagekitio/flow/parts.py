"""Choose the parts of a file that a stream requests, and check that they belong to one file. Nothing is sent here."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ..exceptions import NetworkException, UnknownException
from ..models.response_metadata import Headers
from .resuming import is_compressed, raise_refusal, read_length, refuse_page

if TYPE_CHECKING:
    from ..operations.core import Operation, Response

# Parts grow while a stream is read sequentially: reading only the head of a file transfers little more than that, and
# reading all of it takes few requests.
FIRST_BYTES = 256 * 1024
MAX_BYTES = 4 * 1024 * 1024

_CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})")


class Version(NamedTuple):
    """The identity of a version of a file.

    Attributes:
        validator: ETag of the file, or else its modification time; empty if the service sends neither.
        is_strong: Whether the validator is an ETag that identifies the exact bytes (RFC 9110, section 8.8.1).
        size: Size of the whole file in bytes; None if the service does not send it.
    """

    validator: str
    is_strong: bool
    size: int | None

    @classmethod
    def read(cls, headers: Headers, size: int | None) -> Version:
        etag = headers.get("etag", "")
        validator = etag.removeprefix("W/") or headers.get("last-modified", "")
        return cls(validator, etag.startswith('"'), size)


class Part:
    """A part of a file that a stream requests, over all attempts.

    A service may answer with the whole file instead. Then the part extends to the end of the stream, so that nothing
    has to be requested twice.

    Attributes:
        start: Position in the file at which the part begins.
        version: The version of the file; None until a response identifies it.
        headers: The headers of the last response.
        is_last: Whether the file, or the stream, ends with the part.

    Args:
        what: Method and URL of the request, for messages.
        start: Position in the file of the first requested byte.
        stop: Position after the last requested byte.
        limit: Position at which the stream ends; None if it ends with the file.
        version: The version that the stream has started to read; None for its first part.
    """

    def __init__(self, what: str, start: int, stop: int, limit: int | None, version: Version | None) -> None:
        self._what, self._limit = what, limit
        self.start: int = start
        self._asked_stop: int | None = stop
        self._stop: int | None = stop  # of the bytes in the current response; None if unknown
        self._to_skip_bytes = 0
        self._received_bytes = 0
        self.version: Version | None = version
        self.headers: Headers = Headers()
        self.is_last: bool = False

    @property
    def stop(self) -> int:
        """The position after the bytes that have been received."""
        return self.start + self._received_bytes

    def operation(self, operation: Operation[None]) -> Operation[None]:
        """Return the operation that requests this part, based on the operation for the whole file."""
        return replace(operation, parse=self._accept)

    def request_headers(self) -> dict[str, str]:
        """Return the headers that request the missing bytes."""
        last = "" if self._asked_stop is None else self._asked_stop - 1
        headers = {"Accept": "*/*", "Accept-Encoding": "identity", "Range": f"bytes={self.stop}-{last}"}
        if self.version is not None and self.version.is_strong:  # RFC 9110, section 13.1.5
            headers["If-Range"] = self.version.validator
        return headers

    def begin(self, status: int, headers: Headers) -> bool:
        """Process the head of a response that contains the part or its rest; return False: nothing has to be dropped.

        Raises:
            UnknownException: The response does not match the request, or belongs to another version of the file.
        """
        refuse_page(self._what, headers)
        if is_compressed(headers):
            raise UnknownException(f"{self._what}: the service sent the file compressed, although asked not to")
        size: int | None
        if status == 200:
            self._check_version(Version.read(headers, read_length(headers)), is_whole=True)
            size = self.version.size if self.version else None
            self._to_skip_bytes, self._stop = self.stop, None if size is None else _limit_position(size, self._limit)
            self._asked_stop, self.is_last = self._limit, True
        else:
            found = _CONTENT_RANGE.fullmatch(headers.get("content-range", ""))
            start, last, size = map(int, found.groups()) if found else (-1, -1, -1)
            if not self.stop == start <= last < size:
                raise UnknownException(f"{self._what}: the service sent a different part of the file than requested")
            self._check_version(Version.read(headers, size), is_whole=False)
            self._to_skip_bytes, self._stop = 0, _limit_position(last + 1, self._asked_stop)
            self.is_last = self._stop == _limit_position(size, self._limit)
        self.headers = headers
        return False

    def take(self, block: bytes) -> bytes | None:
        """Return the missing bytes in a block; None if the block lies after them."""
        skipped = min(self._to_skip_bytes, len(block))
        self._to_skip_bytes -= skipped
        end = self._limit if self._stop is None else self._stop
        if end is not None and self.stop >= end:
            return None
        return block[skipped : None if end is None else skipped + end - self.stop]

    def add(self, count: int) -> None:
        """Count bytes that have been written."""
        self._received_bytes += count

    def end(self) -> None:
        """Process the end of a response.

        Raises:
            NetworkException: The response ended early.
        """
        if self._stop is not None and self.stop < self._stop:
            raise NetworkException(f"{self._what}: the response ended at byte {self.stop} instead of {self._stop}")

    def _check_version(self, found: Version, *, is_whole: bool) -> None:
        known = self.version
        if known is None:
            self.version = found
            return
        is_same = found.validator == known.validator
        # After If-Range, a part need not repeat the ETag; if the ETag no longer matches, the whole file is sent.
        if not is_same and not is_whole:
            is_same = not found.validator or not known.validator
        if not is_same or (found.size is not None and known.size is not None and found.size != known.size):
            raise self._make_replaced_error()

    def _accept(self, response: Response) -> None:
        """Accept a response whose body has been written; 416 means that the file ends before the part begins."""
        if response.status != 416:
            raise_refusal(self._what, response)
        elif self.version is not None:
            raise self._make_replaced_error()
        else:
            self.version, self.headers, self.is_last = Version.read(response.headers, None), response.headers, True

    def _make_replaced_error(self) -> UnknownException:
        return UnknownException(f"{self._what}: the file was replaced while it was read; open it again")


class Parts:
    """The parts in which a stream is read.

    Attributes:
        size: Size of the stream in bytes; None before the first response.
        headers: The headers of the first response.

    Args:
        what: Method and URL of the request, for messages.
        start: Position in the file at which the stream begins.
        length: Maximum length of the stream in bytes; None reads to the end of the file.

    Raises:
        TypeError, ValueError: `start` is not a whole number of 0 or more, or `length` is not one of 1 or more.
    """

    def __init__(self, what: str, start: int = 0, length: int | None = None) -> None:
        check_number("start", start, lowest=0)
        if length is not None:
            check_number("length", length, lowest=1)
        self._what, self._start = what, start
        self._limit = None if length is None else start + length
        self._version: Version | None = None
        self._read_on_at = start
        self._next_bytes = FIRST_BYTES
        self.size: int | None = None
        self.headers: Headers = Headers()

    def part_at(self, position: int) -> Part:
        """Return the part to request for reading at a position of the stream."""
        start = self._start + position
        if start != self._read_on_at:
            self._next_bytes = FIRST_BYTES
            if self._limit is not None:
                # Formats such as ZIP have a table at their end, which is read backwards.
                start = max(self._start, min(start, self._limit - FIRST_BYTES))
        stop = _limit_position(start + self._next_bytes, self._limit)
        self._next_bytes = min(2 * self._next_bytes, MAX_BYTES)
        return Part(self._what, start, stop, self._limit, self._version)

    def note(self, part: Part) -> range:
        """Note a part that has been received; return the positions of the stream that it contains."""
        assert part.version is not None
        self._read_on_at = part.stop
        if self.size is None:
            self._version, self.headers = part.version, part.headers
            size = part.version.size
            self._limit = part.stop if part.is_last or size is None else _limit_position(size, self._limit)
            self.size = self._limit - self._start
        return range(part.start - self._start, part.stop - self._start)


def check_number(name: str, value: object, *, lowest: int) -> None:
    """Raise a TypeError or a ValueError if a number of bytes is not valid."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} must be a whole number of bytes (got {value!r})")
    if value < lowest:
        raise ValueError(f"{name} must be {lowest} or more (got {value})")


def _limit_position(position: int, limit: int | None) -> int:
    return position if limit is None else min(position, limit)
