"""Files that visitors send to the application, streamed to the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.datastructures import FileStorage

from ...disk import is_seekable
from ...operations.sources import count_bytes_left
from ..browser_uploads import check_max_bytes
from ..errors import UploadRefusedError, check_size
from ..forms import forbid_replacing, read_file_name
from .bodies import LimitedFile

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ...client import ImageKit
    from ...models.uploads import UploadFileKeywords, UploadFileResult
    from ..browser_uploads import UploadRules


def upload_from_form(
    client: ImageKit,
    file: FileStorage | None,
    *,
    file_name: str | None,
    max_bytes: int | None,
    **options: Unpack[UploadFileKeywords],
) -> UploadFileResult:
    """Upload a file of a submitted form; see `ImageKit.upload` of the extension."""
    limit = check_max_bytes(max_bytes)
    chosen, size_bytes = _check_file(file)
    check_size(size_bytes, limit)
    if file_name is None:
        forbid_replacing(options)
        file_name = read_file_name(chosen.filename)
    source = chosen if size_bytes is not None else LimitedFile(chosen.stream, None, limit)
    return client.upload_file(source, file_name, **options)


def upload_by_rules(client: ImageKit, file: FileStorage | None, rules: UploadRules, tag: str) -> UploadFileResult:
    """Upload a file of a submitted form; see `ImageKit.upload_by_rules` of the extension."""
    chosen, size_bytes = _check_file(file)
    rules.check_announced(size_bytes, chosen.mimetype)
    source = chosen if size_bytes is not None else LimitedFile(chosen.stream, None, rules.max_bytes)
    return client.upload_file(source, read_file_name(chosen.filename), rules.make_options(tag=tag))


def _check_file(file: FileStorage | None) -> tuple[FileStorage, int | None]:
    """Rewind a file of a form, and return it with its size in bytes; None if it cannot seek.

    Raises:
        UploadRefusedError: No file was chosen.
        TypeError: `file` is not a file of a form.
    """
    if file is None:
        raise UploadRefusedError("No file was chosen.")
    if not isinstance(file, FileStorage):
        raise TypeError(
            f"file must be a file of request.files (got {type(file).__name__}); client.upload_file takes others"
        )
    if not is_seekable(file.stream):  # from a `stream_factory` of the application
        return file, None
    file.stream.seek(0)
    size_bytes = count_bytes_left(file.stream)
    if not (file.filename or size_bytes):
        raise UploadRefusedError("No file was chosen.")  # what browsers send for an empty file input
    return file, size_bytes
