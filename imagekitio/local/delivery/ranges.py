"""Responses with the whole content, or with the parts that a Range header requests (RFC 9110, section 14)."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from starlette.responses import Response

from ..base.threads import run_in_thread
from ..web.outgoing.connections import CHUNK_BYTES

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from pathlib import Path

    from starlette.types import Receive, Scope, Send

MAX_PARTS = 100

_PART = re.compile(r"[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*\Z")


def requested_parts(header: str, size: int) -> list[range] | None:
    """Return the parts of a content of `size` bytes that the Range header requests, in the order of the header.

    Returns:
        None for the whole content: if there is no header, or one that a server ignores (section 14.2) because it has
        another unit, is malformed, or requests more than the whole. An empty list if all parts are out of range.
    """
    unit, _, specs = header.partition("=")
    found = [_PART.match(spec) for spec in specs.split(",") if spec.strip(" \t")]
    if unit.lower() != "bytes" or not 0 < len(found) <= MAX_PARTS:
        return None
    parts: list[range] = []
    for match in found:
        first, last = match.groups() if match else ("", "")
        if not (first or last) or (first and last and int(first) > int(last)):
            return None
        if first:
            parts.append(range(int(first), min(int(last) + 1, size) if last else size))
        else:
            parts.append(range(max(size - int(last), 0), size))
    parts = [part for part in parts if part]
    return None if sum(map(len, parts)) > size else parts


def content_response(
    content: Path | bytes,
    size: int,
    parts: Sequence[range] | None,
    *,
    media_type: str,
    headers: Mapping[str, str],
    is_head: bool,
) -> Response:
    """Return a 200 with the whole content, or a 206 with one or more parts; a file is read while it is sent.

    Args:
        size: Size of the content in bytes.
        parts: Result of `requested_parts`, but not an empty list.
        is_head: Whether to send only the headers.
    """
    own_headers = {"Accept-Ranges": "bytes"}
    pieces: Sequence[bytes | range] = [range(size)] if parts is None else parts
    if parts is not None and len(parts) == 1:
        own_headers["Content-Range"] = _content_range(parts[0], size)
    elif parts is not None:
        boundary = secrets.token_hex(16)
        pieces = _multipart(parts, size, media_type, boundary)
        media_type = f"multipart/byteranges; boundary={boundary}"
    all_headers = {**headers, **own_headers, "Content-Length": str(sum(map(len, pieces)))}
    status = 200 if parts is None else 206
    if is_head:
        return Response(None, status, all_headers, media_type)
    if isinstance(content, bytes):
        body = b"".join(content[piece.start : piece.stop] if isinstance(piece, range) else piece for piece in pieces)
        return Response(body, status, all_headers, media_type)
    return _FileParts(content, pieces, status, all_headers, media_type)


class _FileParts(Response):
    """A response with pieces of a file, the last of which is marked as the last.

    `StreamingResponse` marks the end in an extra message. By then a client has all the bytes of Content-Length, and may
    request figures that are recorded only at the end.
    """

    def __init__(
        self, path: Path, pieces: Sequence[bytes | range], status: int, headers: Mapping[str, str], media_type: str
    ) -> None:
        super().__init__(None, status, headers, media_type)
        self._path, self._chunks = path, _read(path, pieces)
        self._left_bytes = sum(map(len, pieces))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        chunk = await run_in_thread(self._next_chunk)  # before the status, as the file may be gone
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        while True:
            self._left_bytes -= len(chunk)
            await send({"type": "http.response.body", "body": chunk, "more_body": self._left_bytes > 0})
            if self._left_bytes <= 0:
                return
            chunk = await run_in_thread(self._next_chunk)

    def _next_chunk(self) -> bytes:
        chunk = next(self._chunks, b"")
        if not chunk:
            self._chunks.close()  # otherwise the exception would keep the file open
            raise OSError(f"{self._path} was changed while it was sent: it is shorter than before")
        return chunk


def _content_range(part: range, size: int) -> str:
    return f"bytes {part.start}-{part.stop - 1}/{size}"


def _multipart(parts: Sequence[range], size: int, media_type: str, boundary: str) -> list[bytes | range]:
    pieces: list[bytes | range] = []
    for part in parts:
        head = f"Content-Type: {media_type}\r\nContent-Range: {_content_range(part, size)}"
        pieces += [f"\r\n--{boundary}\r\n{head}\r\n\r\n".encode("latin-1"), part]
    return [*pieces, f"\r\n--{boundary}--\r\n".encode("latin-1")]


def _read(path: Path, pieces: Sequence[bytes | range]) -> Generator[bytes]:
    with path.open("rb") as file:
        for piece in pieces:
            if isinstance(piece, bytes):
                yield piece
                continue
            file.seek(piece.start)
            for start in range(piece.start, piece.stop, CHUNK_BYTES):
                yield file.read(min(CHUNK_BYTES, piece.stop - start))
