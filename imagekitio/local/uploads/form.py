"""Streaming reader of ``multipart/form-data``: fields go into memory, and the part ``file`` to disk, except its end.

The use of memory does not depend on the size of the file. Bytes over the limit are read but not stored, so that the
client can receive the response.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError, MultipartParseError
from python_multipart.multipart import MultipartParser

from ..base.errors import ApiError
from ..base.threads import run_in_thread
from .part_headers import parameter, read_header

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ..storage.contents import Incoming

MAX_FORM_BYTES = 1 << 20  # the whole form except the content of the file: fields, headers and boundaries
MAX_PARTS = 1000
_WRITE_BYTES = 1 << 18  # per write, so that small chunks do not each need a thread switch


@dataclass
class Form:
    """The fields by name, with the last of repeated ones, and the data of the part ``file``.

    The end of the file, or all of a small file, is in `tail` and not in `Incoming`. The thread that handles the form
    writes it, so that an upload needs only one thread switch.
    """

    fields: dict[str, str] = field(default_factory=dict[str, str])
    has_file: bool = False
    file_name: str = ""  # file name in the part; empty without one
    file_is_binary: bool = False  # the part had a file name or a type other than text
    file_is_cut: bool = False  # there was more than the limit
    tail: bytearray = field(default_factory=bytearray)


async def read_form(content_type: str, body: AsyncIterator[bytes], incoming: Incoming, *, max_bytes: int) -> Form:
    """Read a whole body.

    Args:
        content_type: The request header. A body of another type than multipart is an empty form.
        incoming: File to write the part ``file`` to, except `Form.tail`.
        max_bytes: Maximum number of bytes to store.
    Raises:
        ApiError: 400 for a malformed body, 413 for too many parts or too many bytes outside the file.
        OSError: `incoming` cannot be written. As with the other errors, the body has then been read.
    """
    kind, options = read_header(content_type)
    if kind != "multipart/form-data":
        await _drain(body)
        return Form()
    if not options.get("boundary"):
        raise ApiError(400, "The Content-Type of your request is missing its boundary.")
    try:
        reader = _Reader(options["boundary"].encode("latin-1"), max_bytes)
        async for chunk in body:
            if chunk:  # the last one is empty
                reader.read(chunk)
            if len(reader.form.tail) >= _WRITE_BYTES:
                await run_in_thread(incoming.write, reader.take_tail())
        if not reader.is_complete:
            raise MultipartParseError("it ends early")
    except FormParserError as exc:
        await _drain(body)
        raise ApiError(400, f"Your request contains an invalid multipart body ({exc}).") from exc
    except _TooLargeError as exc:
        await _drain(body)
        raise ApiError(413, f"The form of your request is too large. {exc}") from None
    except OSError:  # the disk is full
        await _drain(body)
        raise
    return reader.form


async def _drain(body: AsyncIterator[bytes]) -> None:
    """Discard the rest of the body, so that the client can receive the response."""
    async for _ in body:
        pass


class _TooLargeError(Exception):
    """The form has too many parts or bytes."""


class _Reader:
    """The callbacks of the parser. They only collect data; a thread writes it to disk."""

    def __init__(self, boundary: bytes, max_bytes: int) -> None:
        self.form = Form()
        self.is_complete = False
        self._room = max_bytes
        self._form_bytes = self._delimiters = 0  # read so far
        self._delimiter = b"\r\n--" + boundary
        self._end_of_last = b"\r\n"  # the end of the previous chunk, which may begin a delimiter
        self._name = ""
        self._value = bytearray()
        self._header = (bytearray(), bytearray())
        self._headers: dict[bytes, bytes] = {}
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._part_begin,
                "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_part_data": self._part_data,
                "on_part_end": self._part_end,
                "on_end": self._end,
            },
        )

    def read(self, chunk: bytes) -> None:
        """Parse the next bytes of the form.

        Raises:
            MultipartParseError: The bytes are not well-formed.
            _TooLargeError: There are too many parts, or too many bytes outside the file.
        """
        # Counted before the slow parser sees them, as a whole upload may consist of delimiters.
        window = self._end_of_last + chunk
        self._delimiters += window.count(self._delimiter)
        self._end_of_last = window[-len(self._delimiter) + 1 :]
        if self._delimiters > MAX_PARTS + 1:  # there is one more than parts
            raise _TooLargeError(f"It must have at most {MAX_PARTS} parts.")
        self._form_bytes += len(chunk)
        self._parser.write(chunk)
        if self._form_bytes > MAX_FORM_BYTES:
            raise _TooLargeError(f"Without the content of the file it must have at most {MAX_FORM_BYTES} bytes.")

    def take_tail(self) -> bytearray:
        """Return the bytes of the file since the last call."""
        tail, self.form.tail = self.form.tail, bytearray()
        return tail

    def _part_begin(self) -> None:
        self._name, self._value, self._headers = "", bytearray(), {}

    def _header_end(self) -> None:
        name, value = self._header
        self._headers[bytes(name).lower()] = bytes(value)
        self._header = (bytearray(), bytearray())

    def _headers_finished(self) -> None:
        _, options = self._read_header(b"content-disposition")
        self._name = parameter(options, "name") or ""
        if self._name != "file":
            return
        content_type = self._read_header(b"content-type")[0] or "text/plain"
        if self.form.has_file:
            raise MultipartParseError("more than one part is called file")
        self.form.has_file = True
        # filename*=… and filename*0=… mark a file too.
        has_file_name = any(name.partition("*")[0] == "filename" for name in options)
        self.form.file_name = parameter(options, "filename") or ""
        self.form.file_is_binary = has_file_name or not content_type.startswith("text/")

    def _read_header(self, name: bytes) -> tuple[str, dict[str, str]]:
        # Browsers send names in UTF-8 (HTML, "multipart/form-data").
        return read_header(self._headers.get(name, b"").decode("utf-8", "replace"))

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if self._name == "file":
            self.form.file_is_cut = self.form.file_is_cut or end - start > self._room
            kept = min(end - start, self._room)
            self._room -= kept
            self._form_bytes -= end - start
            self.form.tail += memoryview(data)[start : start + kept]
            return
        self._value.extend(data[start:end])

    def _part_end(self) -> None:
        if self._name != "file":
            self.form.fields[self._name] = self._value.decode("utf-8", "replace")

    def _end(self) -> None:
        self.is_complete = True
