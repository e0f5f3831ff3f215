"""Permissions for uploads from the browser directly to the service, and checks of uploaded files."""

from __future__ import annotations

from dataclasses import KW_ONLY, InitVar, dataclass, field
from typing import TYPE_CHECKING, Any, overload

from ...aio import AsyncImageKit
from ..browser_uploads import NOT_UPLOADED, UploadRules, make_uploader_tag, refuse_unknown_ids
from ..errors import LoginRequiredError, UploadRefusedError

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from ...client import ImageKit
    from ...models.files import FileResult

_MIN_CHARACTERS = 16  # of an id that cannot be guessed; secrets.token_urlsafe(16) has 22


@dataclass(frozen=True)
class UploadPermission:
    """The permission of a visitor to upload from the browser.

    ::

        def get_upload_permission(user: CurrentUser) -> UploadPermission:
            rules = UploadRules(f"/users/{user.id}", max_bytes=10_000_000, accept=["image/*"])
            return UploadPermission(rules, uploader=str(user.id), secret=settings.secret_key)

    Attributes:
        rules: Folder, size and types of the files.
        tag: Tag that marks the files of this visitor; it cannot be made without the secret.

    Args:
        rules: Folder, size and types of the files.
        uploader: Id of the user.
        secret: Secret of the application, such as the key that signs its sessions.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: `uploader` or `secret` is empty, which would make all visitors the same.
    """

    rules: UploadRules
    _: KW_ONLY
    uploader: InitVar[str]
    secret: InitVar[str]
    tag: str = field(init=False)

    def __post_init__(self, uploader: str, secret: str) -> None:
        if not isinstance(self.rules, UploadRules):
            raise TypeError(f"rules must be UploadRules (got {type(self.rules).__name__})")
        object.__setattr__(self, "tag", make_uploader_tag(secret, uploader))

    @classmethod
    def for_stranger(cls, rules: UploadRules, *, random_id: str, secret: str) -> UploadPermission:
        """Return the permission of a visitor who is not logged in. Anyone can then upload to your account.

        Args:
            rules: Folder, size and types of the files.
            random_id: Random id of the visitor, such as ``secrets.token_urlsafe(16)``, kept in the session.
            secret: Secret of the application.
        Raises:
            TypeError: `random_id` is not a str.
            ValueError: `random_id` is so short that it can be guessed.
        """
        if not isinstance(random_id, str):
            raise TypeError(f"random_id must be a str (got {type(random_id).__name__})")
        if len(random_id) < _MIN_CHARACTERS:
            raise ValueError(f"random_id must have at least {_MIN_CHARACTERS} characters: secrets.token_urlsafe(16)")
        return cls(rules, uploader=f"stranger:{random_id}", secret=secret)


def require_permission(permission: object) -> UploadPermission:
    """Check the permission that a dependency returned for a visitor, and return it.

    Raises:
        LoginRequiredError: `permission` is None.
        TypeError: `permission` is something else.
    """
    if permission is None:
        raise LoginRequiredError
    if not isinstance(permission, UploadPermission):
        raise TypeError(f"the dependency must return an UploadPermission (got {type(permission).__name__})")
    return permission


@overload
def check_upload(client: ImageKit, file_id: str | None, permission: UploadPermission | None) -> FileResult: ...
@overload
def check_upload(
    client: AsyncImageKit, file_id: str | None, permission: UploadPermission | None
) -> Coroutine[Any, Any, FileResult]: ...
def check_upload(
    client: ImageKit | AsyncImageKit, file_id: str | None, permission: UploadPermission | None
) -> FileResult | Coroutine[Any, Any, FileResult]:
    """Return the file with an id that a browser sent, if this visitor uploaded it.

    ::

        @app.post("/shoes")
        async def create_shoe(
            file_id: Annotated[str, Form()],
            permission: Annotated[UploadPermission | None, Depends(get_upload_permission)],
            imagekit: AsyncImageKitDep,
        ) -> FileOut:
            return FileOut.model_validate(await check_upload(imagekit, file_id, permission))

    Costs one request. Await the result if `client` is an `AsyncImageKit`.

    Args:
        client: An `AsyncImageKit` in asynchronous functions, an `ImageKit` in others.
        file_id: The id, as the browser sent it, or None if it sent none.
        permission: The permission with which the visitor got the token; None for visitors who may not upload.
    Returns:
        The file, or with an `AsyncImageKit` a coroutine that returns it.
    Raises:
        LoginRequiredError: `permission` is None.
        UploadTooLargeError: The file is too large.
        UploadRefusedError: There is no such file, it is in another folder, has the wrong type, or was uploaded by
            another visitor; or the visitor has no permission, for which the status is 401.
        TypeError: `permission` is something else.
        ImageKitException: The request failed.
    """
    permission = require_permission(permission)
    if not isinstance(file_id, str):
        raise UploadRefusedError(NOT_UPLOADED)
    if isinstance(client, AsyncImageKit):
        return _check_upload(client, file_id, permission)
    with refuse_unknown_ids():
        file = client.get_file_details(file_id)
    permission.rules.check_file(file, tag=permission.tag)
    return file


async def _check_upload(client: AsyncImageKit, file_id: str, permission: UploadPermission) -> FileResult:
    with refuse_unknown_ids():
        file = await client.get_file_details(file_id)
    permission.rules.check_file(file, tag=permission.tag)
    return file
