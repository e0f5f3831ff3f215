"""Images: listings, searches, metadata, deletions, signed URLs and visibility. Source: img-src API, "Images"."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from ...models.options import encode_int, encode_option
from ...operations.core import Operation, Request
from ...operations.encoding import build_get, build_json_request, encode_text, quote_segment, require_text
from ..models.images import (
    DeleteResponse,
    MetadataResponse,
    PathDeleteResponse,
    SearchResult,
    SignedURLResponse,
    UpdateVisibilityResponse,
    UploadResponse,
)
from ..models.listings import ImageListResponse, SearchResponse
from ..models.requests import Transformation, encode_transformation, encode_visibility
from .responses import parse_as

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..models.base import Visibility
    from ..models.requests import TransformationTypedDict

IMAGES_PATH = "/api/v1/images"
ID_CHARACTERS = 16
MAX_PAGE_SIZE = 100
LONGEST_QUERY = 100  # characters
# One source about the API says that a URL may be valid for a day, another says a week: the service decides.
EXPIRES_IN_SECONDS = (60, 604_800)

# The id of an image, or the image as returned by a call.
ImageId = str | UploadResponse | SearchResult | MetadataResponse | UpdateVisibilityResponse
ExpiresIn = int | timedelta

_encode_limit = partial(encode_int, minimum=1, maximum=MAX_PAGE_SIZE)
_encode_offset = partial(encode_int, minimum=0)

_parse_list = parse_as(ImageListResponse)
_parse_search = parse_as(SearchResponse, 400)
_parse_image = parse_as(MetadataResponse, 404)
_parse_deletion = parse_as(DeleteResponse, 404)
_parse_path_deletion = parse_as(PathDeleteResponse, 400, 403, 404)
_parse_signed_url = parse_as(SignedURLResponse, 403, 404)
_parse_visibility = parse_as(UpdateVisibilityResponse, 403, 404)


def list_images(
    limit: int | None = 50, offset: int | None = 0, path: str | None = None
) -> Operation[ImageListResponse]:
    """List a page of images."""
    query: dict[str, object] = {}
    if limit is not None:
        query["limit"] = encode_option("limit", _encode_limit, limit)
    if offset is not None:
        query["offset"] = encode_option("offset", _encode_offset, offset)
    if path is not None:
        if not isinstance(path, str):
            raise TypeError(f"path must be a str (got {type(path).__name__})")
        query["path"] = path
    return Operation(build_get(IMAGES_PATH, query), _parse_list)


def search_images(q: str, limit: int | None = 20) -> Operation[SearchResponse]:
    """Search images by file name."""
    if not isinstance(q, str):
        raise TypeError(f"q must be a str (got {type(q).__name__})")
    query: dict[str, object] = {"q": q}
    if not 1 <= len(q) <= LONGEST_QUERY:
        raise ValueError(f"q must have from 1 to {LONGEST_QUERY} characters (got {len(q)})")
    if limit is not None:
        query["limit"] = encode_option("limit", _encode_limit, limit)
    return Operation(build_get(f"{IMAGES_PATH}/search", query), _parse_search)


def get_image(id: ImageId) -> Operation[MetadataResponse]:
    """Return an image."""
    return Operation(Request("GET", _image_path(id)), _parse_image)


def delete_image(id: ImageId) -> Operation[DeleteResponse]:
    """Delete an image with all its paths."""
    return Operation(Request("DELETE", _image_path(id)), _parse_deletion)


def create_signed_url(
    id: ImageId,
    expires_in_seconds: ExpiresIn | None = 3600,
    transformation: Transformation | TransformationTypedDict | Mapping[str, Any] | None = None,
) -> Operation[SignedURLResponse]:
    """Create a signed URL."""
    path = f"{_image_path(id)}/signed-url"
    body: dict[str, Any] = {}
    if expires_in_seconds is not None:
        body["expires_in_seconds"] = encode_option("expires_in_seconds", _encode_expiry, expires_in_seconds)
    if transformation is not None:
        body["transformation"] = encode_transformation(transformation)
    return Operation(build_json_request("POST", path, body, idempotent=True), _parse_signed_url)


def update_visibility(id: ImageId, visibility: Visibility) -> Operation[UpdateVisibilityResponse]:
    """Make an image public or private."""
    path = f"{_image_path(id)}/visibility"
    body = {"visibility": encode_option("visibility", encode_visibility, visibility)}
    return Operation(build_json_request("PATCH", path, body, idempotent=True), _parse_visibility)


def delete_image_path(username: str, filepath: str) -> Operation[PathDeleteResponse]:
    """Delete one path of an image."""
    owner = quote_segment(username, "username")
    segments = require_text(filepath, "filepath").removeprefix("/").split("/")
    if not all(segments):
        raise ValueError(f"filepath must not have empty segments (got {filepath!r})")
    encode_text(username, "username")
    encode_text(filepath, "filepath")
    quoted = "/".join(quote_segment(segment, "every segment of filepath") for segment in segments)
    return Operation(Request("DELETE", f"{IMAGES_PATH}/path/{owner}/{quoted}"), _parse_path_deletion)


def read_image_id(image: object) -> str:
    """Return the id of an image.

    Raises:
        TypeError: `image` is neither a str nor an image.
        ValueError: The id does not have 16 characters.
    """
    given: object = image
    if isinstance(image, (UploadResponse, SearchResult, MetadataResponse, UpdateVisibilityResponse)):
        given = image.id
    elif image is not None and not isinstance(image, str):
        raise TypeError(f"id must be a str, or an image as returned by a call (got {type(image).__name__})")
    text = require_text(given, "id")
    if len(text) != ID_CHARACTERS:
        raise ValueError(
            f"id must have {ID_CHARACTERS} characters, such as '3f0c7a91d2b45e68' (got {text!r}); "
            "list_images(path=…) finds an image by its path"
        )
    return text


def _image_path(image: object) -> str:
    return f"{IMAGES_PATH}/{quote_segment(read_image_id(image), 'id')}"


def _encode_expiry(value: object) -> int:
    seconds = value
    if isinstance(value, timedelta):
        if value % timedelta(seconds=1):
            raise ValueError(f"must be whole seconds (got {value!r})")
        seconds = value // timedelta(seconds=1)
    minimum, maximum = EXPIRES_IN_SECONDS
    return encode_int(seconds, minimum, maximum)
