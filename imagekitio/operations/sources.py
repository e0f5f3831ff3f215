"""Distinguish sources of uploads: content, paths, file objects and text. Unreadable sources are refused."""

from __future__ import annotations

import errno
import inspect
import io
import json
import os
import stat
from pathlib import Path
from typing import Any, BinaryIO, Protocol, Union, cast
from urllib.parse import unquote

from ..disk import is_seekable
from ..exceptions import EmptyFileError
from .base64_files import find_base64_fault, join_lines, read_content
from .core import FilePart


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


CONTENT_FORMS = "bytes, a pathlib.Path or a binary file object"
_FORMS = "bytes, a pathlib.Path, a binary file object, a URL or base64"

Content = Union[bytes, bytearray, "memoryview[int]", "os.PathLike[str]", Readable, HoldsStream, HoldsFile]
# A file with a name and a MIME type, as requests and release 5 accept it.
NamedContent = tuple[str | None, Content] | tuple[str | None, Content, str | None]
Uploadable = str | Content | NamedContent

# Longer text is not looked up as a path.
_MAX_PATH_CHARACTERS = 1024
_MAX_SHOWN_CHARACTERS = 60


def resolve_file(file: Uploadable, file_name: str) -> str | FilePart:
    """Return the form that a file is sent in: text for a form field, or a file part.

    A tuple of name, content and MIME type, as in release 5 and in requests, labels the file part. The service reads
    neither label: it stores the file as `file_name` and detects its type from its content. A tuple whose content is
    text is refused, because the text could be content or a URL.

    Args:
        file: The file, or a tuple (name, content) or (name, content, MIME type); None leaves a label unset.
        file_name: Name of the part unless the tuple has one.
    Raises:
        TypeError: The tuple has another length, or a member has the wrong type.
        TypeError, ValueError, OSError: See `resolve_source`.
    """
    if not isinstance(file, tuple):
        source = resolve_source(file)
        return source if isinstance(source, str) else FilePart(source, file_name)
    name, content, content_type = split_named_content(file)
    resolved = None if isinstance(cast("object", content), (str, tuple)) else resolve_source(content)
    if resolved is None or isinstance(resolved, str):
        raise TypeError(f"the content of file must be {CONTENT_FORMS} (got {type(content).__name__})")
    return FilePart(resolved, name or file_name, *([content_type] if content_type else []))


def split_named_content(file: NamedContent) -> tuple[str | None, Content, str | None]:
    """Return name, content and MIME type of a tuple.

    Raises:
        TypeError: The tuple has another length, or a label is not a str.
    """
    if len(file) not in (2, 3):
        raise TypeError(
            f"file must be (name, content) or (name, content, MIME type) if it is a tuple (got {len(file)} members)"
        )
    name, content, content_type = (*file, None) if len(file) == 2 else file
    for label, value in (("name", name), ("MIME type", content_type)):
        if value is not None and not isinstance(cast("object", value), str):
            raise TypeError(f"the {label} of file must be a str or None (got {type(value).__name__})")
    return name, content, content_type


def resolve_source(source: str | Content) -> str | bytes | Path | BinaryIO:
    """Return the form that `source` is sent in: text for a form field, anything else for a file part.

    - A ``str`` is a URL, a data URI or base64, never a path; pass a path as `pathlib.Path`.
    - ``bytes`` are the content, except that the base64 of a known file type and a base64 data URI are decoded, because
      code for older releases passes ``base64.b64encode(…)``; see `base64_files.read_content`.
    - A file object is read from its current position. For Werkzeug's ``FileStorage`` and Starlette's ``UploadFile``,
      the file inside is returned. Only a seekable one is tested; others are not read before the upload.

    Raises:
        TypeError: `source` is missing, a str that is none of these, a text file, or not readable.
        EmptyFileError: `source` is empty or at its end.
        ValueError: `source` is closed, or bytes that may be either base64 text or the content itself.
        FileNotFoundError, IsADirectoryError: The path does not lead to a file.
    """
    if isinstance(source, str):
        return _resolve_text(source.strip())
    content = resolve_content(source, _FORMS)
    return read_content(content) if isinstance(content, bytes) else content


def resolve_content(source: Content, forms: str = CONTENT_FORMS) -> bytes | Path | BinaryIO:
    """Return the form that `source`, which is not text, is sent in; bytes are the content itself.

    Args:
        source: See `resolve_source`.
        forms: Forms that are accepted, for messages.
    Raises:
        TypeError: `source` is missing, a text file, or not readable.
        EmptyFileError, ValueError, FileNotFoundError, IsADirectoryError: See `resolve_source`.
    """
    if cast("object", source) is None:
        raise TypeError(f"file is missing: pass {forms}")
    if isinstance(source, (bytes, bytearray, memoryview)):
        content = bytes(cast("bytes", source))
        if not content:
            raise EmptyFileError("file must not be empty")
        return content
    if isinstance(source, os.PathLike):
        return _check_path(Path(os.fsdecode(source)))
    return _resolve_stream(source, forms)


def _resolve_text(text: str) -> str:
    if not text:
        raise EmptyFileError("file must not be empty")
    scheme, is_url, rest = text.partition("://")
    if is_url and scheme.lower() in ("http", "https"):
        return f"{scheme.lower()}://{rest}"
    if is_url and scheme.isalnum():
        raise _make_text_error(text, f"it is a {scheme}:// URL, which the service does not fetch")
    if text.startswith("data:"):
        return _check_data_uri(text)
    joined = join_lines(text)
    fault = find_base64_fault(joined)
    if fault is not None:
        raise _make_text_error(text, fault)
    if _may_be_path(text) and os.path.exists(text):
        raise _make_text_error(text, "it is a path that exists")
    return joined


def _check_data_uri(uri: str) -> str:
    head, comma, payload = uri.partition(",")
    joined = join_lines(payload)
    fault = find_base64_fault(joined) if comma and head.endswith(";base64") else "it is a data URI without ';base64,'"
    if fault is not None:
        raise _make_text_error(uri, fault)
    if not joined:
        raise EmptyFileError(f"file must not be empty (got {uri!r})")
    return f"{head},{joined}"


def _make_text_error(text: str, fault: str) -> TypeError:
    shown = repr(text if len(text) <= _MAX_SHOWN_CHARACTERS else text[: _MAX_SHOWN_CHARACTERS - 1] + "…")
    path = unquote(text.removeprefix("file://").removeprefix("localhost")) if text.startswith("file://") else text
    advice = [f"Path({json.dumps(path, ensure_ascii=False)}) for a path"] if _may_be_path(path) else []
    advice.append("bytes for the contents")
    return TypeError(
        f"file must be a URL (https:// or http://), a data URI in base64, or base64 if it is a str, but {fault} "
        f"(got {shown}); pass {', '.join(advice)}"
    )


def _may_be_path(text: str) -> bool:
    return (
        len(text) <= _MAX_PATH_CHARACTERS and text.isprintable() and "://" not in text and not text.startswith("data:")
    )


def _check_path(path: Path) -> Path:
    status = path.stat()  # a FileNotFoundError names the path
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if stat.S_ISREG(status.st_mode) and status.st_size == 0:
        raise EmptyFileError(f"file must not be empty: {path}")
    return path


def _resolve_stream(source: object, forms: str) -> BinaryIO:
    stream: Any = source
    if hasattr(getattr(stream, "stream", None), "read"):
        stream = stream.stream
    elif inspect.iscoroutinefunction(getattr(stream, "read", None)) and hasattr(stream, "file"):
        stream = stream.file
    read = getattr(stream, "read", None)
    if not callable(read):
        raise TypeError(f"file must be {forms} (got {type(source).__name__})")
    if inspect.iscoroutinefunction(read):
        raise TypeError(f"file.read() is asynchronous: pass {forms} (got {type(source).__name__})")
    if getattr(stream, "closed", False):
        raise ValueError("file is closed: upload it inside the with block that opens it")
    if isinstance(stream, io.TextIOBase):
        raise TypeError("file is open in text mode: open it with mode 'rb'")
    readable = getattr(stream, "readable", None)
    if callable(readable) and not readable():
        raise TypeError("file cannot be read: open it with mode 'rb'")
    if is_seekable(stream):  # a stream that cannot seek may treat even read(0) as its end, as Werkzeug's do
        _try_reading(stream)
    return cast("BinaryIO", stream)


def _try_reading(stream: Any) -> None:
    try:
        nothing = stream.read(0)
    except OSError as exc:  # includes io.UnsupportedOperation: the file is open for writing
        raise TypeError(f"file cannot be read: {exc}") from exc
    if isinstance(nothing, str):
        raise TypeError("file is open in text mode: open it with mode 'rb'")
    if not isinstance(nothing, (bytes, bytearray)):
        raise TypeError(f"file.read() must return bytes (got {type(nothing).__name__})")
    if count_bytes_left(stream) == 0:
        raise EmptyFileError("file is empty or has been read to its end: call seek(0) to rewind it")


def count_bytes_left(stream: Any) -> int | None:
    """Return the number of bytes after the current position of a stream; None if it is unknown."""
    try:
        start = stream.tell()
        end = stream.seek(0, os.SEEK_END)
        if end is None:  # the seek() of Django's files, for example, returns nothing
            end = stream.tell()
        stream.seek(start)
    except (AttributeError, OSError, TypeError, ValueError):
        return None  # a pipe or a socket
    return int(end) - int(start)
