"""Saved extensions. Source: ImageKit docs, saved extensions API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...models.account.saved_extensions import (
    ListSavedExtensionsResult,
    SavedExtensionRequestOptions,
    SavedExtensionResult,
)
from ...models.result import ResponseMetadataResult
from ..core import Operation, Request
from ..encoding import build_json_request, quote_segment, require_options, require_value
from ..responses import parse_as

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Unpack

    from ...models.account.saved_extensions import SavedExtensionKeywords

_parse_extension = parse_as(SavedExtensionResult)
_parse_extensions = parse_as(ListSavedExtensionsResult)
_parse_nothing = parse_as(ResponseMetadataResult)

_PATH = "/v1/saved-extensions"


def create_saved_extension(
    options: SavedExtensionRequestOptions | Mapping[str, Any] | None = None,
    **keywords: Unpack[SavedExtensionKeywords],
) -> Operation[SavedExtensionResult]:
    """Save the configuration of an extension."""
    create = SavedExtensionRequestOptions.of(options, keywords)
    require_options(create, "name", "description")
    require_value(create, "config", "an extension, such as {'name': 'remove-bg'}")
    return Operation(build_json_request("POST", _PATH, create.to_json(), idempotent=False), _parse_extension)


def list_saved_extensions() -> Operation[ListSavedExtensionsResult]:
    """List the saved extensions of the account."""
    return Operation(Request("GET", _PATH), _parse_extensions)


def get_saved_extension(saved_extension_id: str) -> Operation[SavedExtensionResult]:
    """Return a saved extension."""
    return Operation(Request("GET", _build_path(saved_extension_id)), _parse_extension)


def update_saved_extension(
    saved_extension_id: str,
    options: SavedExtensionRequestOptions | Mapping[str, Any] | None = None,
    **keywords: Unpack[SavedExtensionKeywords],
) -> Operation[SavedExtensionResult]:
    """Change a saved extension."""
    path = _build_path(saved_extension_id)
    body = SavedExtensionRequestOptions.of(options, keywords).to_json()
    return Operation(build_json_request("PATCH", path, body, idempotent=True), _parse_extension)


def delete_saved_extension(saved_extension_id: str) -> Operation[ResponseMetadataResult]:
    """Delete a saved extension."""
    return Operation(Request("DELETE", _build_path(saved_extension_id)), _parse_nothing)


def _build_path(saved_extension_id: str) -> str:
    return f"{_PATH}/{quote_segment(saved_extension_id, 'saved_extension_id')}"
