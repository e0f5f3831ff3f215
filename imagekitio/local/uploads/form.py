"""Reading ``multipart/form-data`` as it comes in: fields into memory, the part ``file`` onto disk.

Memory does not grow with the file, and what is over the limit is read to its end but not stored, so that the client
gets to see the answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anyio import to_thread
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from ..base.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ..storage.contents import Incoming

MAX_FIELD_BYTES = 1 << 20  # all fields but the file together
MAX_PARTS = 1000
_WRITE_BYTES = 1 << 18  # written at once, so that small chunks do not cost a thread switch each


@dataclass
class Form:
    """The fields by name (of a repeated one the last), and what is known of the part ``file`` in `Incoming`."""

    fields: dict[str, str] = field(default_factory=dict[str, str])
    has_file: bool = False
    file_is_binary: bool = False  # the part had a file name or a type other than text
    file_is_cut: bool = False  # there was more than the limit


async def read_form(content_type: str, body: AsyncIterator[bytes], incoming: Incoming, *, max_bytes: int) -> Form:
    """Read a whole body.

    Args:
        content_type: The request header. A body of another type than multipart is an empty form.
        incoming: Where the bytes of the part ``file`` go.
        max_bytes: As many of them are stored.
    Raises:
        ApiError: 400 for a malformed body, 413 for fields that are too long.
    """
    kind, options = parse_options_header(content_type)
    if kind != b"multipart/form-data":
        async for _ in body:
            pass
        return Form()
    if not options.get(b"boundary"):
        raise ApiError(400, "The Content-Type of your request is missing its boundary.")
    reader = _Reader(options[b"boundary"], max_bytes)
    try:
        async for chunk in body:
            reader.parser.write(chunk)
            if len(reader.pending) >= _WRITE_BYTES:
                await to_thread.run_sync(reader.flush, incoming)
        reader.parser.finalize()
    except MultipartParseError as exc:
        raise ApiError(400, f"Your request contains an invalid multipart body ({exc}).") from exc
    finally:
        await to_thread.run_sync(reader.flush, incoming)
    if not reader.is_complete:
        raise ApiError(400, "Your request contains an invalid multipart body (it ends early).")
    if reader.is_too_long:
        raise ApiError(413, f"The fields of your request are larger than {MAX_FIELD_BYTES} bytes.")
    return reader.form


class _Reader:
    """Callbacks of the parser. They only collect: writing to disk is for a thread."""

    def __init__(self, boundary: bytes, max_bytes: int) -> None:
        self.form = Form()
        self.pending = bytearray()  # of the file, not written yet
        self.is_complete = self.is_too_long = False
        self._room = max_bytes
        self._field_room, self._parts = MAX_FIELD_BYTES, 0
        self._name = ""
        self._value = bytearray()
        self._header = (bytearray(), bytearray())
        self._headers: dict[bytes, bytes] = {}
        self.parser = MultipartParser(
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

    def flush(self, incoming: Incoming) -> None:
        data, self.pending = self.pending, bytearray()
        incoming.write(data)
        incoming.flush()

    def _part_begin(self) -> None:
        self._name, self._value, self._headers = "", bytearray(), {}
        self._parts += 1

    def _header_end(self) -> None:
        name, value = self._header
        self._headers[bytes(name).lower()] = bytes(value)
        self._header = (bytearray(), bytearray())

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition"))
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        if self._name != "file":
            return
        content_type, _ = parse_options_header(self._headers.get(b"content-type", b"text/plain"))
        if self.form.has_file:
            raise MultipartParseError("more than one part is called file")
        self.form.has_file = True
        self.form.file_is_binary = b"filename" in options or not content_type.startswith(b"text/")

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if self._name == "file":
            self.form.file_is_cut = self.form.file_is_cut or end - start > self._room
            kept = min(end - start, self._room)
            self._room -= kept
            self.pending.extend(data[start : start + kept])
            return
        self._field_room -= end - start
        self.is_too_long = self.is_too_long or self._field_room < 0 or self._parts > MAX_PARTS
        if not self.is_too_long:
            self._value.extend(data[start:end])

    def _part_end(self) -> None:
        if self._name != "file" and not self.is_too_long:
            self.form.fields[self._name] = self._value.decode("utf-8", "replace")

    def _end(self) -> None:
        self.is_complete = True
