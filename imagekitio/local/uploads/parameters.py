"""The parameters of an upload, from form fields to checked values (api.md, section 20.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..base.errors import ApiError
from ..base.json_values import read_json
from ..base.names import clean_file_name, clean_folder_path
from ..extensions.requests import read_extensions, read_webhook_url
from ..library.attributes import read_coordinates, read_tags
from ..web.calls import read_flag, split_list
from .transformations import read_transformation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..extensions.requests import Extension
    from .transformations import PostTransformation


class UploadParameters(NamedTuple):
    """The parameters of an upload. `tags` and `custom_metadata` are None if the request does not have them."""

    file_name: str
    requested_name: str = ""  # as it was sent, for `checks`
    folder: str = "/"  # canonical
    requested_folder: str = "/"
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
    post_transformations: tuple[PostTransformation, ...] = ()
    extensions: tuple[Extension, ...] = ()
    webhook_url: str | None = None
    checks: str | None = None
    response_fields: frozenset[str] = frozenset()


def read_parameters(fields: Mapping[str, str]) -> UploadParameters:
    """Check the syntax of every parameter; empty ones count as absent, unknown ones are ignored.

    Raises:
        ApiError: 400 for the first one that is not valid.
    """
    given = {name: text for name, text in fields.items() if text}
    if "fileName" not in given:
        raise ApiError(400, "Your request is missing fileName parameter.")
    file_name = clean_file_name(given["fileName"])
    if file_name in (".", ".."):
        raise ApiError(400, "Your request contains invalid fileName parameter. It cannot be '.' or '..'.")
    coordinates = given.get("customCoordinates")
    pre, post = read_transformation(given["transformation"]) if "transformation" in given else (None, ())
    return UploadParameters(
        file_name=file_name,
        requested_name=given["fileName"],
        requested_folder=given.get("folder", "/"),
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
        pre_transformation=pre,
        post_transformations=post,
        extensions=read_extensions(_json(given, "extensions", list)) if "extensions" in given else (),
        webhook_url=read_webhook_url(given.get("webhookUrl")),
        checks=given.get("checks"),
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
