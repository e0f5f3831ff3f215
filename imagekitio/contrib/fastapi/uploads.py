"""Files of a submitted form, streamed to the service."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, overload

from starlette.datastructures import UploadFile

from ..browser_uploads import check_max_bytes
from ..errors import UploadRefusedError, check_size
from ..forms import forbid_replacing, read_file_name
from .permissions import require_permission

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from typing_extensions import Unpack

    from ...aio import AsyncImageKit
    from ...client import ImageKit
    from ...models.uploads import UploadFileKeywords, UploadFileResult
    from .permissions import UploadPermission


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

    The whole file is sent, even if part of it has already been read. It is streamed, so memory use does not grow with
    its size; an `AsyncImageKit` reads it in threads, which keeps the event loop free.

    Args:
        client: An `AsyncImageKit` in asynchronous functions, an `ImageKit` in others.
        file: The file, as FastAPI and Starlette pass it, or None if the form had none.
        file_name: Name of the file (default: the name that the browser sent, without folders).
        max_bytes: Maximum size in bytes, checked before anything is sent. By then, the application has received the
            file. To stop larger ones earlier, limit requests with the route's ``max_body_size=…``, which older versions
            of FastAPI do not have, or in the server in front of it, such as with nginx's ``client_max_body_size``.
        options: Options of `ImageKit.upload_file`: `folder`, `tags`, `is_private_file`, …
    Returns:
        The uploaded file, or with an `AsyncImageKit` a coroutine that returns it.
    Raises:
        UploadTooLargeError: The file is larger than `max_bytes`.
        UploadRefusedError: No file was chosen, or it has no name.
        EmptyFileError: The file is empty.
        TypeError, ValueError: An argument is not valid, or visitors could replace files because they choose the name,
            `use_unique_file_name` is False, and `overwrite_file` is not given.
        ImageKitException: The upload failed.
    """
    limit = check_max_bytes(max_bytes)
    chosen, size_bytes = _check_file(file)
    check_size(size_bytes, limit)
    if file_name is None:
        forbid_replacing(options)
        file_name = read_file_name(chosen.filename)
    return client.upload_file(chosen, file_name, **options)


@overload
def upload_by_rules(
    client: ImageKit, file: UploadFile | None, permission: UploadPermission | None
) -> UploadFileResult: ...
@overload
def upload_by_rules(
    client: AsyncImageKit, file: UploadFile | None, permission: UploadPermission | None
) -> Coroutine[Any, Any, UploadFileResult]: ...
def upload_by_rules(
    client: ImageKit | AsyncImageKit, file: UploadFile | None, permission: UploadPermission | None
) -> UploadFileResult | Coroutine[Any, Any, UploadFileResult]:
    """Upload a file of a submitted form under the same rules as uploads from the browser.

    This makes forms work without JavaScript too::

        @app.post("/avatar")
        async def set_avatar(
            permission: Annotated[UploadPermission | None, Depends(get_upload_permission)],
            imagekit: AsyncImageKitDep,
            photo: UploadFile | None = None,
            photo_id: Annotated[str, Form(alias="photo-id")] = "",
        ) -> FileOut:
            if photo_id:
                return FileOut.model_validate(await check_upload(imagekit, photo_id, permission))
            return FileOut.model_validate(await upload_by_rules(imagekit, photo, permission))

    The service checks the type of the content; if it refuses it, a `BadRequestException` is raised. Await the result if
    `client` is an `AsyncImageKit`.

    Args:
        client: An `AsyncImageKit` in asynchronous functions, an `ImageKit` in others.
        file: The file, or None if the form had none.
        permission: What the visitor may upload, as for tokens; None for visitors who may not upload.
    Returns:
        The uploaded file, or with an `AsyncImageKit` a coroutine that returns it.
    Raises:
        LoginRequiredError: `permission` is None.
        UploadTooLargeError: The file is larger than the rules allow.
        UploadRefusedError: No file was chosen, or it is empty, has no name or has the wrong type.
        TypeError: An argument has the wrong type.
        ImageKitException: The upload failed.
    """
    permission = require_permission(permission)
    chosen, size_bytes = _check_file(file)
    permission.rules.check_announced(size_bytes, chosen.content_type)
    return client.upload_file(
        chosen, read_file_name(chosen.filename), permission.rules.make_options(tag=permission.tag)
    )


def _check_file(file: UploadFile | None) -> tuple[UploadFile, int]:
    """Rewind a file of a form, and return it with its size in bytes.

    Raises:
        UploadRefusedError: No file was chosen.
        TypeError: `file` is not a file of a form.
    """
    if file is None:
        raise UploadRefusedError("No file was chosen.")
    if not isinstance(file, UploadFile):
        raise TypeError(f"file must be an UploadFile (got {type(file).__name__}); client.upload_file takes others")
    file.file.seek(0, os.SEEK_END)
    size_bytes = file.file.tell()
    if not (file.filename or size_bytes):
        raise UploadRefusedError("No file was chosen.")  # what browsers send for an empty file input
    file.file.seek(0)
    return file, size_bytes
