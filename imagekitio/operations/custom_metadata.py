"""Custom metadata fields. Source: ImageKit docs, custom metadata fields API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..models.custom_metadata import (
    CreateCustomMetadataFieldsRequestOptions,
    CustomMetadataFieldsResultWithResponseMetadata,
    ListCustomMetadataFieldsResult,
    UpdateCustomMetadataFieldsRequestOptions,
)
from ..models.options import encode_bool, encode_option
from ..models.result import ResponseMetadataResult
from .core import Operation, Request
from .encoding import build_get, build_json_request, quote_segment, require_options, require_value
from .responses import parse_as

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Unpack

    from ..models.custom_metadata import CreateCustomMetadataFieldsKeywords, UpdateCustomMetadataFieldsKeywords

_parse_field = parse_as(CustomMetadataFieldsResultWithResponseMetadata)
_parse_fields = parse_as(ListCustomMetadataFieldsResult)
_parse_nothing = parse_as(ResponseMetadataResult)


def create_custom_metadata_fields(
    options: CreateCustomMetadataFieldsRequestOptions | Mapping[str, Any] | None = None,
    **keywords: Unpack[CreateCustomMetadataFieldsKeywords],
) -> Operation[CustomMetadataFieldsResultWithResponseMetadata]:
    """Create a custom metadata field."""
    create = CreateCustomMetadataFieldsRequestOptions.of(options, keywords)
    require_options(create, "name", "label")
    require_value(create, "schema", "a CustomMetadataFieldsSchema or a dict")
    request = build_json_request("POST", "/v1/customMetadataFields", create.to_json(), idempotent=False)
    return Operation(request, _parse_field)


def get_custom_metadata_fields(
    include_deleted: bool = False, folder_path: str | None = None
) -> Operation[ListCustomMetadataFieldsResult]:
    """List the custom metadata fields, optionally with deleted ones, or those that apply to a folder by path policy."""
    deleted = include_deleted is not None and encode_option("include_deleted", encode_bool, include_deleted)
    query: dict[str, object] = {"includeDeleted": True} if deleted in (True, "true") else {}
    if folder_path is not None:
        query["folderPath"] = folder_path
    return Operation(build_get("/v1/customMetadataFields", query), _parse_fields)


def update_custom_metadata_fields(
    field_id: str,
    options: UpdateCustomMetadataFieldsRequestOptions | Mapping[str, Any] | None = None,
    **keywords: Unpack[UpdateCustomMetadataFieldsKeywords],
) -> Operation[CustomMetadataFieldsResultWithResponseMetadata]:
    """Change the label, schema or description of a custom metadata field."""
    path = f"/v1/customMetadataFields/{quote_segment(field_id, 'field_id')}"
    body = UpdateCustomMetadataFieldsRequestOptions.of(options, keywords).to_json()
    return Operation(build_json_request("PATCH", path, body, idempotent=True), _parse_field)


def delete_custom_metadata_field(field_id: str) -> Operation[ResponseMetadataResult]:
    """Delete a custom metadata field; its name cannot be used again."""
    path = f"/v1/customMetadataFields/{quote_segment(field_id, 'field_id')}"
    return Operation(Request("DELETE", path), _parse_nothing)
