"""Pydantic models of the files and tokens that an API returns, with OpenAPI descriptions.

They contain only what a visitor may see: no tags, which mark who uploaded a file, and no embedded metadata, where
cameras record locations.
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

    ``FileOut.model_validate(file)`` accepts a `FileResult` or an `UploadFileResult`. Subclass it to return more.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        from_attributes=True, populate_by_name=True, json_schema_extra={"description": "A file.", "examples": [_FILE]}
    )

    file_id: str = Field(description="Id of the file.")
    name: str = Field(description="File name, the last part of the path.")
    file_path: str = Field(description="Path in the media library.")
    url: str = Field(description="URL of the file; for a private file, it must be signed before it works.")
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
    """The file that a browser wants to upload."""

    file_name: str = Field(description="Name of the file.", examples=["shoe.jpg"])
    size: int | None = Field(None, description="Size in bytes.", ge=0, examples=[102_117])
    type: str | None = Field(None, description="MIME type.", examples=["image/jpeg"])


class UploadTokenOut(BaseModel):
    """The data that a browser needs for one upload."""

    url: str = Field(description="URL to post a form with `fields` and `file` to.")
    fields: dict[str, str] = Field(description="Other fields of the form, to be sent unchanged.")
    token: str = Field(description="The token, which works once; one of the fields.")
    expire: int = Field(description="Unix time in seconds until which the token is valid.")


class ErrorOut(BaseModel):
    """The reason why a request was refused or failed."""

    detail: str = Field(description="One or two sentences for the visitor.", examples=["The file is empty."])
    message: str = Field(description="The same as `detail`.", examples=["The file is empty."])


def describe_error(description: str, message: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the description of a response for the argument `responses` of a route, with an example.

    Args:
        description: Explanation of when this response is sent.
        message: Example of a message to visitors.
        headers: Examples of additional headers.
    """
    described: dict[str, Any] = {
        "model": ErrorOut,
        "description": description,
        "content": {"application/json": {"example": {"detail": message, "message": message}}},
    }
    if headers:
        described["headers"] = {name: {"schema": {"type": "string"}, "example": text} for name, text in headers.items()}
    return described


def _describe_response(description: str, error: ImageKitException | UploadRefusedError) -> tuple[int, dict[str, Any]]:
    answer = answer_for(error)
    return answer.status, describe_error(description, answer.message, answer.headers)


ERROR_RESPONSES: dict[int | str, dict[str, Any]] = dict(
    (
        _describe_response(
            "The file is empty or not accepted, or the request is not valid", UploadRefusedError("No file was chosen.")
        ),
        _describe_response("The file does not exist", NotFoundException("")),
        _describe_response("A file with this name already exists", FileExistsConflictException("")),
        _describe_response("The file is too large", UploadTooLargeError(26_200_000, 10_000_000)),
        _describe_response("The image service is not available", NetworkException("")),
        _describe_response("Too many requests at the moment", TooManyRequestsException("")),
        _describe_response("The image service did not respond in time", TimeoutException("")),
    )
)
"""The responses of `install_error_handlers`, for the argument `responses` of routes, routers and `FastAPI`."""
