"""Handlers for URL endpoints, which deliver under ``/{imagekit_id}/{urlPrefix}/…`` (api.md, chapters 1 and 24).

The origins and the rewriter of an endpoint are stored but have no effect: local ImageKit delivers only its library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...base.errors import ApiError
from ...library import presets
from ...library.presets import Preset
from .collection import Collection
from .members import read_members, shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...library.tables.transactions import Transaction

DEFAULT_ID = "default"

_REWRITERS: Mapping[str, dict[str, Any]] = {
    "CLOUDINARY": {"preserveAssetDeliveryTypes": {"type": "boolean", "default": False}},
    "IMGIX": {},
    "AKAMAI": {},
}
REWRITER_SCHEMAS: Mapping[str, dict[str, Any]] = {
    name: shape({"type": {"type": "string", "enum": [name]}}, options, strict=True)
    for name, options in _REWRITERS.items()
}
SCHEMA: dict[str, Any] = shape(
    {"description": {"type": "string", "minLength": 1, "maxLength": 1000}},
    {
        "urlPrefix": {
            "type": "string",
            "maxLength": 100,
            "pattern": "^[A-Za-z0-9-]*$",
            "description": "letters, digits and hyphens",
            "default": "",
        },
        "origins": {"type": "array", "items": {"type": "string"}, "maxItems": 10, "default": []},
        "urlRewriter": {"type": "object"},
    },
    strict=True,
)


def _read(transaction: Transaction, body: Mapping[str, Any], old: Preset | None) -> dict[str, Any]:
    members = read_members(SCHEMA, body, required="{name} is required")
    _check_prefix(transaction, members["urlPrefix"], old)
    for origin_id in members["origins"]:
        if presets.find(transaction.connection, "origin", origin_id) is None:
            raise ApiError(400, "Origin does not exists. Please create origin before using it in URL-endpoint.")
    if "urlRewriter" in members:
        members["urlRewriter"] = _read_rewriter(members["urlRewriter"])
    return members


def _check_prefix(transaction: Transaction, prefix: str, old: Preset | None) -> None:
    if old is not None and old.id == DEFAULT_ID:
        if prefix:
            raise ApiError(400, "urlPrefix of the default URL-endpoint must stay an empty string.")
        return
    if not prefix:
        raise ApiError(
            400,
            "urlPrefix cannot be empty string. This is reserved for the default URL-endpoint created by ImageKit.",
        )
    others = [
        each for each in presets.all_of(transaction.connection, "url-endpoint") if old is None or each.id != old.id
    ]
    if any(other.members["urlPrefix"] == prefix for other in others):
        raise ApiError(400, f"urlPrefix must be unique; another URL-endpoint has '{prefix}'.")


def _read_rewriter(given: Mapping[str, Any]) -> dict[str, Any]:
    kind = given.get("type")
    if not isinstance(kind, str) or kind not in REWRITER_SCHEMAS:
        raise ApiError(400, f"urlRewriter must be an object whose type is one of {', '.join(REWRITER_SCHEMAS)}")
    return read_members(REWRITER_SCHEMAS[kind], given)


def _check_delete(transaction: Transaction, preset: Preset) -> None:
    if preset.id == DEFAULT_ID:
        raise ApiError(400, "Default URL-endpoint cannot be deleted.")


URL_ENDPOINTS = Collection(
    kind="url-endpoint",
    id_prefix="ep_",
    read=_read,
    show=lambda preset: {"id": preset.id, **preset.members},
    missing="URL-endpoint not found.",
    check_delete=_check_delete,
    built_in=Preset(
        kind="url-endpoint",
        id=DEFAULT_ID,
        members={"description": "Default URL-endpoint", "urlPrefix": "", "origins": []},
        created_at=0.0,
        updated_at=0.0,
    ),
)
