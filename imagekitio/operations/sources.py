"""What may be uploaded: tells contents, paths, file objects and texts apart, and refuses what cannot be read."""

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

from .encoding import required


class Readable(Protocol):
    """A binary file object; `seek` and `tell` are used where they are there."""

    def read(self, size: int = ..., /) -> bytes: ...


class HoldsStream(Protocol):
    """A file that a form brought, as Werkzeug keeps it."""

    @property
    def stream(self) -> Readable: ...


class HoldsFile(Protocol):
    """A file that a form brought, as Starlette keeps it."""

    @property
    def file(self) -> Readable: ...


Uploadable = Union[str, bytes, bytearray, "memoryview[int]", "os.PathLike[str]", Readable, HoldsStream, HoldsFile]

_BASE64 = re.compile(rb"[A-Za-z0-9+/]*={0,2}")
_DATA_URI = re.compile(rb"data:[\w.+-]+/[\w.+-]+;base64,")

# How files begin that people upload; enough to know that a base64 text is one of them.
_SIGNATURES = re.compile(
    rb"\xff\xd8\xff|\x89PNG\r\n|GIF8[79]a|RIFF....(?:WEBP|AVI |WAVE)|....ftyp|II\*\x00|MM\x00\*|\x00\x00\x01\x00"
    rb"|%PDF-|PK\x03\x04|\x1aE\xdf\xa3|OggS|ID3|fLaC|\s*<svg|\s*<\?xml",
    re.DOTALL,
)
_PREFIX_BYTES = 64  # of base64, so 48 of content: more than any signature needs


def uploadable(source: Uploadable) -> str | bytes | Path | BinaryIO:
    """Return what `source` stands for: text for a form field, or contents for a file part.

    - A ``str`` is a URL, a data URI or base64, never a path: a path is a `pathlib.Path`.
    - ``bytes`` are the contents. Only where they are the base64 of a known file type (or a base64 data URI) are they
      taken as that text, because code for older releases passes ``base64.b64encode(…)``.
    - A file object is read from where it stands. Werkzeug's ``FileStorage`` and Starlette's ``UploadFile`` are taken
      for the file that they hold.

    Raises:
        TypeError: It is missing (with a dict, as published), a text file, or nothing that can be read.
        ValueError: It is empty, at its end, or closed.
        FileNotFoundError, IsADirectoryError: The path leads to no file.
    """
    if cast("object", source) is None:
        raise TypeError({"message": "file is missing", "help": "Pass bytes, a pathlib.Path, a file object or a URL."})
    if isinstance(source, str):
        return required(source, "file")
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _content(bytes(cast("bytes", source)))
    if isinstance(source, os.PathLike):
        return _path(Path(os.fsdecode(source)))
    return _stream(source)


def _content(content: bytes) -> str | bytes:
    if not content:
        raise ValueError("file is empty, which the service refuses")
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


def _path(path: Path) -> Path:
    status = path.stat()  # FileNotFoundError names the path
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if stat.S_ISREG(status.st_mode) and status.st_size == 0:
        raise ValueError(f"file is empty, which the service refuses: {path}")
    return path


def _stream(source: object) -> BinaryIO:
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
        raise ValueError("file is closed: upload it inside its with block")
    try:
        nothing = stream.read(0)
    except OSError as exc:  # io.UnsupportedOperation: open for writing
        raise TypeError(f"file cannot be read: {exc}") from exc
    if isinstance(nothing, str):
        raise TypeError("file is open as text: open it with mode 'rb'")
    if not isinstance(nothing, (bytes, bytearray)):
        raise TypeError(f"file.read() must return bytes (got {type(nothing).__name__})")
    if bytes_left(stream) == 0:
        raise ValueError("file is empty or was read to its end: seek(0) starts it again")
    return cast("BinaryIO", stream)


def bytes_left(stream: Any) -> int | None:
    """Return how many bytes follow where a stream stands; None when nobody knows yet."""
    try:
        start = stream.tell()
        end = stream.seek(0, os.SEEK_END)
        if end is None:  # Django's and others' do not say where they went
            end = stream.tell()
        stream.seek(start)
    except (AttributeError, OSError, TypeError, ValueError):
        return None  # a pipe, a socket
    return int(end) - int(start)
