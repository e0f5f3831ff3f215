"""Files of a submitted form, streamed to the service."""

from __future__ import annotations

import os
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING, Any, overload

from starlette.datastructures import UploadFile

from ..browser_uploads import check_max_bytes, check_overwriting
from ..errors import UploadRefusedError, check_size

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from typing_extensions import Unpack

    from ...aio import AsyncImageKit
    from ...client import ImageKit
    from ...models.uploads import UploadFileKeywords, UploadFileResult


@overload
def upload(
    client: ImageKit,
    file: UploadFile | None,
    *,
    file_name: str | None = None,
    max_bytes: int | None = None,
    **options: Unpack[UploadFileKeywords],
) -> UploadFileResult: ...
@overload
def upload(
    client: AsyncImageKit,
    file: UploadFile | None,
    *,
    file_name: str | None = None,
    max_bytes: int | None = None,
    **options: Unpack[UploadFileKeywords],
) -> Coroutine[Any, Any, UploadFileResult]: ...
def upload(
    client: ImageKit | AsyncImageKit,
    file: UploadFile | None,
    *,
    file_name: str | None = None,
    max_bytes: int | None = None,
    **options: Unpack[UploadFileKeywords],
) -> UploadFileResult | Coroutine[Any, Any, UploadFileResult]:
    """Upload a file of a submitted form; await the result if `client` is an `AsyncImageKit`.

    ::

        @app.post("/photos")
        async def create_photo(photo: UploadFile, imagekit: AsyncImageKitDep) -> FileOut:
            file = await upload(imagekit, photo, folder="/photos", max_bytes=10_000_000)
            return FileOut.model_validate(file)

    The whole file is sent, also if part of it was read before. It is streamed, so that memory use does not grow with
    its size; an `AsyncImageKit` reads it in threads, which leaves the event loop free.

    Args:
        client: An `AsyncImageKit` in asynchronous functions, an `ImageKit` in others.
        file: The file, as FastAPI and Starlette pass it, or None if the form had none.
        file_name: Name of the file; by default the one that the browser sent, without its folders.
        max_bytes: Maximum size in bytes, checked before anything is sent. The application has received the file by
            then: to stop larger ones earlier, limit requests by the route's ``max_body_size=…``, which older versions
            of FastAPI do not have, or in the server before it, as nginx does with ``client_max_body_size``.
        options: Options of `ImageKit.upload_file`: `folder`, `tags`, `is_private_file`, …
    Returns:
        The uploaded file, or with an `AsyncImageKit` a coroutine that gives it.
    Raises:
        UploadTooLargeError: The file is larger than `max_bytes`.
        UploadRefusedError: No file was chosen, or the file has no name.
        EmptyFileError: The file is empty.
        TypeError, ValueError: An argument is not valid, or visitors could replace files: they name them,
            `use_unique_file_name` is False, and `overwrite_file` is not given.
        ImageKitException: The upload failed.
    """
    limit = check_max_bytes(max_bytes)
    if file is None:
        raise UploadRefusedError("No file was chosen.")
    if not isinstance(file, UploadFile):
        raise TypeError(f"file must be an UploadFile (got {type(file).__name__}); client.upload_file takes others")
    # PureWindowsPath parts at both slashes. Source: RFC 7578, section 4.2: "do not use directory path information".
    name = file_name or PureWindowsPath(file.filename or "").name
    file.file.seek(0, os.SEEK_END)
    size_bytes = file.file.tell()
    if not name:
        # Nameless and empty is what browsers send for a file input without a file.
        raise UploadRefusedError("The file has no name." if size_bytes else "No file was chosen.")
    check_size(size_bytes, limit)
    if file_name is None:
        check_overwriting(options)
    file.file.seek(0)
    return client.upload_file(file, name, **options)
