"""Helpers for saving a file: reading its content, refusing it, and the state of the current save."""

from __future__ import annotations

import io
import os
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.uploadedfile import InMemoryUploadedFile

from ....disk import is_seekable
from ....exceptions import BadRequestException, EmptyFileError, FileExistsException
from ...errors import Answer, UploadRefusedError, answer_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ....models.uploads import UploadFileResult

_IN_MEMORY_BYTES = 2_500_000  # as for uploads in Django (FILE_UPLOAD_MAX_MEMORY_SIZE)


class InvalidUploadError(ValidationError, UploadRefusedError):
    """A file was not accepted: it is empty or too large, or the service refused it.

    A `ValidationError` whose `message` is written for the visitor. The original error is its ``__cause__``.
    """

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.message, code="invalid_upload")
        self.status: int = answer.status

    def __str__(self) -> str:
        return str(self.message)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (Answer(self.status, str(self)),)


@dataclass
class Save:
    """State that `save` and `_save` of a storage share: Django passes only the name and the content between them.

    Attributes:
        max_length: Maximum number of characters of the name; None if there is no limit.
        result: Response of the service to the upload.
    """

    max_length: int | None = None
    result: UploadFileResult | None = None


current_save: ContextVar[Save] = ContextVar("imagekitio.current_save")


@contextmanager
def begin_save(max_length: int | None) -> Iterator[Save]:
    """Make a new `Save` the current one."""
    save = Save(max_length)
    token = current_save.set(save)
    try:
        yield save
    finally:
        current_save.reset(token)


@contextmanager
def refuse_as_invalid() -> Iterator[None]:
    """Raise an `InvalidUploadError` when the application or the service refuses a file."""
    try:
        yield
    except FileExistsException:
        raise
    except (UploadRefusedError, EmptyFileError, BadRequestException) as exc:
        answer = answer_for(exc)
        assert answer is not None
        raise InvalidUploadError(answer) from exc


@contextmanager
def open_body(content: File[Any]) -> Iterator[Any]:
    """Yield a content as a seekable binary file: text as UTF-8, and content that cannot seek as a spooled copy.

    Raises:
        TypeError: `content` is not a file.
    """
    if type(content) is File and not hasattr(content.file, "read"):  # Django wraps whatever is not a `File`
        raise TypeError(
            f"content must be a File, such as ContentFile(…), or a file object (got {type(content.file).__name__})"
        )
    if content.closed:
        content.open()  # such as the file of a model, which opens on demand
    # Where chunks() and read() differ, use chunks(), as Django's own storages do.
    has_own_chunks = getattr(content.chunks, "__func__", None) not in (File.chunks, InMemoryUploadedFile.chunks)
    if has_own_chunks or not is_seekable(content):
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
