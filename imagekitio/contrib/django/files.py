"""The files that a storage hands out and takes."""

from __future__ import annotations

import io
import os
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.base import File

from ...disk import is_seekable
from ..errors import Answer, UploadRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from typing_extensions import Self

    from ...models.uploads import UploadFileResult
    from ...streams import FileStream

    BinaryFile = File[bytes]
else:
    BinaryFile = File  # has no type parameters at run time

_IN_MEMORY_BYTES = 2_500_000  # as for uploads in Django (FILE_UPLOAD_MAX_MEMORY_SIZE)


class InvalidUploadError(ValidationError, UploadRefusedError):
    """A file is not accepted: it is empty, too large, or the service found fault.

    A `ValidationError`, whose `message` is written for the visitor. What was raised first is its ``__cause__``.
    """

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.message, code="invalid_upload")
        self.status = answer.status

    def __str__(self) -> str:
        return str(self.message)


class ImageKitFile(BinaryFile):
    """A file of the media library, open for reading: what `ImageKitStorage.open` returns.

    It reads the original bytes, part by part, and can seek. After `close`, `open` opens it again.

    Args:
        open_stream: Opens the stream.
        name: Name of the file in its storage.
    """

    def __init__(self, open_stream: Callable[[], FileStream], name: str) -> None:
        super().__init__(open_stream(), name)
        self._open_stream = open_stream
        self.mode = "rb"

    def open(self, mode: str | None = None, *args: Any, **kwargs: Any) -> Self:
        """Go back to the start, and open the file again if it is closed.

        Raises:
            ValueError: `mode` is not ``rb``.
            FileNotFoundError: The file is gone.
        """
        check_mode(mode or "rb")
        if self.closed:
            self.file = self._open_stream()
        self.seek(0)
        return self


def check_mode(mode: str) -> None:
    """Refuse a mode in which files of the media library cannot be opened.

    Raises:
        ValueError: It is not ``rb``.
    """
    if mode != "rb":
        raise ValueError(f"mode must be 'rb': files are read as bytes, and written by save() (got {mode!r})")


class Upload(BinaryFile):
    """A content that a storage is saving, and afterwards the answer of the service.

    Django's `Storage.save` hands nothing but name and content to `_save`, and returns nothing but the name.

    Attributes:
        content: The content as it was given.
        max_length: Maximum number of characters of the name; None if there is no limit.
        result: Answer of the service; None before it.
    """

    def __init__(self, content: Any, max_length: int | None = None) -> None:
        super().__init__(content, getattr(content, "name", None))
        self.content: File[Any] = content if hasattr(content, "chunks") else File(content)
        self.max_length = max_length
        self.result: UploadFileResult | None = None


@contextmanager
def open_body(content: File[Any]) -> Iterator[Any]:
    """Yield a content as a binary file that can seek, whatever its position: text as UTF-8, other streams spooled."""
    if getattr(content, "closed", False):
        content.open()  # such as the file of a model, which opens on demand
    if not hasattr(content, "read") or not is_seekable(content):
        with SpooledTemporaryFile(_IN_MEMORY_BYTES) as spool:
            for chunk in content.chunks():
                spool.write(chunk.encode() if isinstance(chunk, str) else chunk)
            yield spool
        return
    content.seek(0)
    is_text = isinstance(content.read(0), str)
    yield io.BytesIO(content.read().encode()) if is_text else content


def measure(body: Any) -> int:
    """Return the size of a file in bytes; moves its position."""
    body.seek(0, os.SEEK_END)
    size: int = body.tell()
    return size
