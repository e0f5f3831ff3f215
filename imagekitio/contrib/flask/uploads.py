"""Files that visitors send to the application, streamed to the service."""

from __future__ import annotations

from pathlib import PureWindowsPath
from typing import TYPE_CHECKING

from werkzeug.datastructures import FileStorage

from ...disk import is_seekable
from ...operations.sources import count_bytes_left
from ..errors import UploadRefusedError, check_size
from .bodies import LimitedFile, open_body

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ...client import ImageKit
    from ...models.uploads import UploadFileKeywords, UploadFileResult


def upload_from_form(
    client: ImageKit,
    file: FileStorage | None,
    *,
    file_name: str | None,
    max_bytes: int | None,
    **options: Unpack[UploadFileKeywords],
) -> UploadFileResult:
    """Upload a file of a submitted form; see `ImageKit.upload` of the extension."""
    if file is None:
        raise UploadRefusedError("No file was chosen.")
    if not isinstance(file, FileStorage):
        raise TypeError(
            f"file must be a file of request.files (got {type(file).__name__}); client.upload_file takes others"
        )
    if is_seekable(file.stream):
        file.stream.seek(0)
        size_bytes = count_bytes_left(file.stream)
        if not (file.filename or size_bytes):
            raise UploadRefusedError("No file was chosen.")  # what browsers send for an empty file input
        check_size(size_bytes, max_bytes)
        source: FileStorage | LimitedFile = file
    else:  # from a `stream_factory` of the application
        source = LimitedFile(file.stream, None, max_bytes)
    if file_name is None:
        # PureWindowsPath parts at both slashes. Source: RFC 7578, section 4.2: "do not use directory path information".
        file_name = PureWindowsPath(file.filename or "").name.strip()
        if not file_name:
            raise UploadRefusedError("The file has no name.")
        if options.get("use_unique_file_name") is False and options.get("overwrite_file") is None:
            raise ValueError(
                "use_unique_file_name=False lets visitors replace files: add overwrite_file=False, or pass file_name=…"
            )
    return client.upload_file(source, file_name, **options)


def upload_body(
    client: ImageKit, file_name: str, *, max_bytes: int | None, **options: Unpack[UploadFileKeywords]
) -> UploadFileResult:
    """Upload the body of the current request; see `ImageKit.upload_body` of the extension."""
    return client.upload_file(open_body(max_bytes), file_name, **options)
