"""Custom metadata fields. ImageKit docs, custom metadata fields API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..models.custom_metadata import (
    CreateCustomMetadataFieldsRequestOptions,
    CustomMetadataFieldsResultWithResponseMetadata,
    ListCustomMetadataFieldsResult,
    UpdateCustomMetadataFieldsRequestOptions,
)
from ..models.options import UNSET
from ..models.result import ResponseMetadataResult
from .core import Operation, Request
from .encoding import get, require_options, segment, with_json
from .responses import reads

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Unpack

    from ..models.custom_metadata import CreateCustomMetadataFieldsKeywords, UpdateCustomMetadataFieldsKeywords

_field = reads(CustomMetadataFieldsResultWithResponseMetadata)
_fields = reads(ListCustomMetadataFieldsResult)
_done = reads(ResponseMetadataResult)


def create_custom_metadata_fields(
    options: CreateCustomMetadataFieldsRequestOptions | Mapping[str, Any] | None = None,
    **keywords: Unpack[CreateCustomMetadataFieldsKeywords],
) -> Operation[CustomMetadataFieldsResultWithResponseMetadata]:
    """Create a field."""
    create = CreateCustomMetadataFieldsRequestOptions.of(options, keywords)
    require_options(create, "name", "label")
    if create.schema is UNSET or create.schema is None:
        raise TypeError("schema is missing: pass a CustomMetadataFieldsSchema or a dict")
    return Operation(with_json("POST", "/v1/customMetadataFields", create.to_json(), idempotent=False), _field)


def get_custom_metadata_fields(
    include_deleted: bool = False, folder_path: str | None = None
) -> Operation[ListCustomMetadataFieldsResult]:
    """List the fields, if asked for with the deleted ones, or those selected for a folder by a path policy."""
    query: dict[str, object] = {"includeDeleted": True} if include_deleted else {}
    if folder_path is not None:
        query["folderPath"] = folder_path
    return Operation(get("/v1/customMetadataFields", query), _fields)


def update_custom_metadata_fields(
    field_id: str,
    options: UpdateCustomMetadataFieldsRequestOptions | Mapping[str, Any] | None = None,
    **keywords: Unpack[UpdateCustomMetadataFieldsKeywords],
) -> Operation[CustomMetadataFieldsResultWithResponseMetadata]:
    """Change label, schema or description of a field."""
    path = f"/v1/customMetadataFields/{segment(field_id, 'field_id')}"
    body = UpdateCustomMetadataFieldsRequestOptions.of(options, keywords).to_json()
    return Operation(with_json("PATCH", path, body, idempotent=True), _field)


def delete_custom_metadata_field(field_id: str) -> Operation[ResponseMetadataResult]:
    """Delete a field; its name stays taken."""
    path = f"/v1/customMetadataFields/{segment(field_id, 'field_id')}"
    return Operation(Request("DELETE", path), _done)
