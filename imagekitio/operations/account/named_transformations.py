"""Named transformations. Source: ImageKit docs, named transformations API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...models.account.named_transformations import (
    ListNamedTransformationsResult,
    NamedTransformationRequestOptions,
    NamedTransformationResult,
)
from ...models.result import ResponseMetadataResult
from ..core import Operation, Request
from ..encoding import build_json_request, quote_segment, require_options, require_value
from ..responses import parse_as

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Unpack

    from ...models.account.named_transformations import NamedTransformationKeywords

_parse_transformation = parse_as(NamedTransformationResult)
_parse_transformations = parse_as(ListNamedTransformationsResult)
_parse_nothing = parse_as(ResponseMetadataResult)

_PATH = "/v1/named-transformations"


def create_named_transformation(
    options: NamedTransformationRequestOptions | Mapping[str, Any] | None = None,
    **keywords: Unpack[NamedTransformationKeywords],
) -> Operation[NamedTransformationResult]:
    """Give a transformation a name."""
    create = NamedTransformationRequestOptions.of(options, keywords)
    require_options(create, "name")
    require_value(create, "transformation", "a list of dicts, one for each step, or text such as 'w-300'")
    return Operation(build_json_request("POST", _PATH, create.to_json(), idempotent=False), _parse_transformation)


def list_named_transformations() -> Operation[ListNamedTransformationsResult]:
    """List the named transformations of the account."""
    return Operation(Request("GET", _PATH), _parse_transformations)


def get_named_transformation(named_transformation_id: str) -> Operation[NamedTransformationResult]:
    """Return a named transformation."""
    return Operation(Request("GET", _build_path(named_transformation_id)), _parse_transformation)


def update_named_transformation(
    named_transformation_id: str,
    options: NamedTransformationRequestOptions | Mapping[str, Any] | None = None,
    **keywords: Unpack[NamedTransformationKeywords],
) -> Operation[NamedTransformationResult]:
    """Change a named transformation."""
    path = _build_path(named_transformation_id)
    body = NamedTransformationRequestOptions.of(options, keywords).to_json()
    return Operation(build_json_request("PATCH", path, body, idempotent=True), _parse_transformation)


def delete_named_transformation(named_transformation_id: str) -> Operation[ResponseMetadataResult]:
    """Delete a named transformation."""
    return Operation(Request("DELETE", _build_path(named_transformation_id)), _parse_nothing)


def _build_path(named_transformation_id: str) -> str:
    return f"{_PATH}/{quote_segment(named_transformation_id, 'named_transformation_id')}"
