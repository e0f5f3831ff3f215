"""Pydantic models of results: what an API shows of a file or a token, with the OpenAPI descriptions.

They hold what a visitor may know: no tags, which mark who uploaded a file, and no embedded metadata, in which cameras
write places.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, JsonValue

from ...exceptions import (
    FileExistsConflictException,
    ImageKitException,
    NetworkException,
    NotFoundException,
    TimeoutException,
    TooManyRequestsException,
)
from ..errors import UploadRefusedError, UploadTooLargeError, answer_for

__all__ = ["ERROR_RESPONSES", "ErrorOut", "FileOut", "UploadTokenIn", "UploadTokenOut"]

_FILE: dict[str, JsonValue] = {
    "file_id": "6650a1b2c3d4e5f607182930",
    "name": "shoe_f3Xq2.jpg",
    "file_path": "/photos/shoe_f3Xq2.jpg",
    "url": "https://ik.imagekit.io/your_imagekit_id/photos/shoe_f3Xq2.jpg",
    "file_type": "image",
    "size": 102_117,
    "width": 1200,
    "height": 900,
    "thumbnail": "https://ik.imagekit.io/your_imagekit_id/tr:n-ik_ml_thumbnail/photos/shoe_f3Xq2.jpg",
    "mime": "image/jpeg",
    "created_at": "2026-01-31T12:00:00.000Z",
    "is_private_file": False,
}


class FileOut(BaseModel):
    """A file in the media library.

    ``FileOut.model_validate(file)`` takes a `FileResult` and an `UploadFileResult`. Subclass it to show more.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        from_attributes=True, populate_by_name=True, json_schema_extra={"description": "A file.", "examples": [_FILE]}
    )

    file_id: str = Field(description="Id of the file.")
    name: str = Field(description="File name, the last part of the path.")
    file_path: str = Field(description="Path in the media library.")
    url: str = Field(description="URL of the file; that of a private file has to be signed before it works.")
    file_type: str = Field(description="`image` or `non-image`; videos are `non-image`.")
    size: int = Field(description="Size in bytes.")
    width: int | None = Field(None, description="Width in pixels; images and videos only.")
    height: int | None = Field(None, description="Height in pixels; images and videos only.")
    thumbnail: str | None = Field(
        None,
        validation_alias=AliasChoices("thumbnail", "thumbnail_url"),  # the names in a listing and in an upload
        description="URL of a small preview image.",
    )
    mime: str | None = Field(None, description="MIME type, such as `image/jpeg`; unknown right after an upload.")
    created_at: str | None = Field(
        None, description="Time of the upload in UTC, in ISO 8601; unknown right after an upload."
    )
    is_private_file: bool = Field(False, description="Whether delivery needs a signed URL.")


class UploadTokenIn(BaseModel):
    """What a browser says of the file that it wants to upload."""

    file_name: str = Field(description="Name of the file.", examples=["shoe.jpg"])
    size: int | None = Field(None, description="Size in bytes.", ge=0, examples=[102_117])
    type: str | None = Field(None, description="MIME type.", examples=["image/jpeg"])


class UploadTokenOut(BaseModel):
    """What a browser needs for one upload."""

    url: str = Field(description="Where to post a form with `fields` and `file`.")
    fields: dict[str, str] = Field(description="Fields of the form besides `file`, exactly as they must be sent.")
    token: str = Field(description="The token, which works once; one of the fields.")
    expire: int = Field(description="Unix time in seconds until which the token is valid.")


class ErrorOut(BaseModel):
    """Why a request was refused or failed."""

    detail: str = Field(description="One or two sentences for the visitor.", examples=["The file is empty."])
    message: str = Field(description="The same as `detail`.", examples=["The file is empty."])


def describe_error(description: str, message: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the description of an answer for the argument `responses` of a route, with an example.

    Args:
        description: When this answer comes.
        message: A message that visitors get.
        headers: Examples of further headers.
    """
    described: dict[str, Any] = {
        "model": ErrorOut,
        "description": description,
        "content": {"application/json": {"example": {"detail": message, "message": message}}},
    }
    if headers:
        described["headers"] = {name: {"schema": {"type": "string"}, "example": text} for name, text in headers.items()}
    return described


def _describe_answer(description: str, error: ImageKitException | UploadRefusedError) -> tuple[int, dict[str, Any]]:
    answer = answer_for(error)
    return answer.status, describe_error(description, answer.message, answer.headers)


ERROR_RESPONSES: dict[int | str, dict[str, Any]] = dict(
    (
        _describe_answer(
            "The file is empty or not accepted, or the request is not valid", UploadRefusedError("No file was chosen.")
        ),
        _describe_answer("The file does not exist", NotFoundException("")),
        _describe_answer("A file of this name exists already", FileExistsConflictException("")),
        _describe_answer("The file is too large", UploadTooLargeError(26_200_000, 10_000_000)),
        _describe_answer("The image service is not available", NetworkException("")),
        _describe_answer("Too many requests at the moment", TooManyRequestsException("")),
        _describe_answer("The image service did not answer in time", TimeoutException("")),
    )
)
"""The answers of `install_error_handlers`, for the argument `responses` of routes, routers and `FastAPI`."""
