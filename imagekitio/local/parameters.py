"""The parameters of an upload: form fields in, checked values out (api.md, section 20.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .api_files import read_coordinates, read_tags
from .calls import read_flag, split_list
from .errors import ApiError, not_implemented
from .json_values import as_array, as_object, read_json
from .names import clean_file_name, clean_folder_path

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_POST_TRANSFORMATIONS = 5
_POST_TYPES = ("transformation", "gif-to-video", "thumbnail", "abs")


@dataclass(frozen=True, kw_only=True)
class UploadParameters:
    """What an upload asks for. `tags` and `custom_metadata` are None when the request does not have them."""

    file_name: str
    folder: str = "/"  # canonical
    use_unique_file_name: bool = True
    overwrite_file: bool = True
    overwrite_tags: bool = True
    overwrite_ai_tags: bool = True
    overwrite_custom_metadata: bool = True
    is_private: bool = False
    is_published: bool = True
    tags: tuple[str, ...] | None = None
    custom_coordinates: str | None = None
    custom_metadata: Mapping[str, Any] | None = None
    description: str | None = None
    pre_transformation: str | None = None
    response_fields: frozenset[str] = frozenset()


def read_parameters(fields: Mapping[str, str]) -> UploadParameters:
    """Check the syntax of every parameter; empty ones count as absent, unknown ones are ignored.

    Raises:
        ApiError: 400 for the first that is wrong, or that local ImageKit does not implement yet.
    """
    given = {name: text for name, text in fields.items() if text}
    if "fileName" not in given:
        raise ApiError(400, "Your request is missing fileName parameter.")
    file_name = clean_file_name(given["fileName"])
    if file_name in (".", ".."):
        raise ApiError(400, "Your request contains invalid fileName parameter. It cannot be '.' or '..'.")
    if "extensions" in given and _json(given, "extensions", list):
        raise not_implemented("Extensions are")
    if "checks" in given:
        raise not_implemented("The checks parameter is")
    coordinates = given.get("customCoordinates")
    return UploadParameters(
        file_name=file_name,
        folder=clean_folder_path(given.get("folder", "/")),
        use_unique_file_name=_flag(given, "useUniqueFileName", True),
        overwrite_file=_flag(given, "overwriteFile", True),
        overwrite_tags=_flag(given, "overwriteTags", True),
        overwrite_ai_tags=_flag(given, "overwriteAITags", True),
        overwrite_custom_metadata=_flag(given, "overwriteCustomMetadata", True),
        is_private=_flag(given, "isPrivateFile", False),
        is_published=_flag(given, "isPublished", True),
        tags=read_tags(split_list(given["tags"])) if "tags" in given else None,
        custom_coordinates=None if coordinates is None else read_coordinates(coordinates),
        custom_metadata=_json(given, "customMetadata", dict) if "customMetadata" in given else None,
        description=given.get("description"),
        pre_transformation=_pre_transformation(given) if "transformation" in given else None,
        response_fields=frozenset(split_list(given.get("responseFields", ""))),
    )


def _flag(given: Mapping[str, str], name: str, default: bool) -> bool:
    return read_flag(name, given[name]) if name in given else default


def _json(given: Mapping[str, str], name: str, wanted: type) -> Any:
    try:
        value = read_json(given[name])
    except ValueError:
        value = None
    if not isinstance(value, wanted):
        raise ApiError(400, f"Your request contains invalid {name} parameter.")
    return value


def _pre_transformation(given: Mapping[str, str]) -> str | None:
    invalid = ApiError(400, "The file could not be uploaded because the transformation field is invalid.")
    try:
        value = _json(given, "transformation", dict)
    except ApiError:
        raise invalid from None
    pre, post = value.get("pre"), as_array(value.get("post") or [])
    if not isinstance(pre, (str, type(None))) or post is None or len(post) > MAX_POST_TRANSFORMATIONS:
        raise invalid
    if not all((as_object(step) or {}).get("type") in _POST_TYPES for step in post):
        raise invalid
    if post:
        raise not_implemented("Post-transformations are")
    return pre or None
