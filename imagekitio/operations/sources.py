"""Sources of uploads: distinguishes contents, paths, file objects and text, and refuses what cannot be read."""

from __future__ import annotations

import base64
import binascii
import errno
import inspect
import os
import re
import stat
from pathlib import Path
from typing import Any, BinaryIO, Protocol, Union, cast

from .encoding import require_text


class Readable(Protocol):
    """A binary file object; `seek` and `tell` are used if it has them."""

    def read(self, size: int = ..., /) -> bytes: ...


class HoldsStream(Protocol):
    """A file from a submitted form, as Werkzeug represents it."""

    @property
    def stream(self) -> Readable: ...


class HoldsFile(Protocol):
    """A file from a submitted form, as Starlette represents it."""

    @property
    def file(self) -> Readable: ...


Uploadable = Union[str, bytes, bytearray, "memoryview[int]", "os.PathLike[str]", Readable, HoldsStream, HoldsFile]

_BASE64 = re.compile(rb"[A-Za-z0-9+/]*={0,2}")
_DATA_URI = re.compile(rb"data:[\w.+-]+/[\w.+-]+;base64,")

# The first bytes of common file types, to recognize a file that is given as base64.
_SIGNATURES = re.compile(
    rb"\xff\xd8\xff|\x89PNG\r\n|GIF8[79]a|RIFF....(?:WEBP|AVI |WAVE)|....ftyp|II\*\x00|MM\x00\*|\x00\x00\x01\x00"
    rb"|%PDF-|PK\x03\x04|\x1aE\xdf\xa3|OggS|ID3|fLaC|\s*<svg|\s*<\?xml",
    re.DOTALL,
)
_PREFIX_BYTES = 64  # of base64, which is 48 bytes of content: more than any signature needs


def resolve_source(source: Uploadable) -> str | bytes | Path | BinaryIO:
    """Return the form that `source` is sent in: text for a form field, anything else for a file part.

    - A ``str`` is a URL, a data URI or base64, never a path; pass a path as `pathlib.Path`.
    - ``bytes`` are the contents, except that the base64 of a known file type and a base64 data URI become text, because
      code for older releases passes ``base64.b64encode(…)``.
    - A file object is read from its current position. For Werkzeug's ``FileStorage`` and Starlette's ``UploadFile``,
      the file inside is returned.

    Raises:
        TypeError: `source` is missing (the argument is a dict, as published), a text file, or not readable.
        ValueError: `source` is empty, at its end, or closed.
        FileNotFoundError, IsADirectoryError: The path does not lead to a file.
    """
    if cast("object", source) is None:
        raise TypeError({"message": "file is missing", "help": "Pass bytes, a pathlib.Path, a file object or a URL."})
    if isinstance(source, str):
        return require_text(source, "file")
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _resolve_content(bytes(cast("bytes", source)))
    if isinstance(source, os.PathLike):
        return _check_path(Path(os.fsdecode(source)))
    return _resolve_stream(source)


def _resolve_content(content: bytes) -> str | bytes:
    if not content:
        raise ValueError("file must not be empty")
    return content.decode("ascii") if _is_base64_of_a_file(content) else content


def _is_base64_of_a_file(content: bytes) -> bool:
    if _DATA_URI.match(content):
        return content.isascii()
    prefix = content[:_PREFIX_BYTES]
    try:
        decoded = base64.b64decode(prefix, validate=True)
    except binascii.Error:
        return False
    return bool(_SIGNATURES.match(decoded)) and len(content) % 4 == 0 and bool(_BASE64.fullmatch(content))


def _check_path(path: Path) -> Path:
    status = path.stat()  # a FileNotFoundError names the path
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if stat.S_ISREG(status.st_mode) and status.st_size == 0:
        raise ValueError(f"file must not be empty: {path}")
    return path


def _resolve_stream(source: object) -> BinaryIO:
    stream: Any = source
    if hasattr(getattr(stream, "stream", None), "read"):
        stream = stream.stream
    elif inspect.iscoroutinefunction(getattr(stream, "read", None)) and hasattr(stream, "file"):
        stream = stream.file
    if not callable(getattr(stream, "read", None)):
        raise TypeError(
            f"file must be bytes, a pathlib.Path, a binary file object, a URL or base64 (got {type(source).__name__})"
        )
    if getattr(stream, "closed", False):
        raise ValueError("file is closed: upload it inside the with block that opens it")
    try:
        nothing = stream.read(0)
    except OSError as exc:  # io.UnsupportedOperation, a subclass: the file is open for writing
        raise TypeError(f"file cannot be read: {exc}") from exc
    if isinstance(nothing, str):
        raise TypeError("file is open in text mode: open it with mode 'rb'")
    if not isinstance(nothing, (bytes, bytearray)):
        raise TypeError(f"file.read() must return bytes (got {type(nothing).__name__})")
    if count_bytes_left(stream) == 0:
        raise ValueError("file is empty or has been read to its end: call seek(0) to rewind it")
    return cast("BinaryIO", stream)


def count_bytes_left(stream: Any) -> int | None:
    """Return the number of bytes after the current position of a stream; None if the stream cannot tell."""
    try:
        start = stream.tell()
        end = stream.seek(0, os.SEEK_END)
        if end is None:  # the seek() of Django's files, for example, returns nothing
            end = stream.tell()
        stream.seek(start)
    except (AttributeError, OSError, TypeError, ValueError):
        return None  # a pipe or a socket
    return int(end) - int(start)
