"""Handlers for origins, the places outside the media library where an account has files (api.md, chapter 23).

Local ImageKit checks and stores them like the service, but never fetches from them: it delivers only its media library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...base.errors import ApiError
from ...library import presets
from .collection import Collection
from .members import read_members, shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...library.presets import Preset
    from ...library.tables.transactions import Transaction

_NAME: Mapping[str, Any] = {
    "type": "string",
    "minLength": 1,
    "maxLength": 100,
    "pattern": "^[A-Za-z0-9 ]+$",
    "description": "letters, digits and blanks",
}
_TEXT: Mapping[str, Any] = {"type": "string", "minLength": 1, "maxLength": 100}
_SECRET = {**_TEXT, "writeOnly": True}
# Google's PEM keys and Azure's tokens are longer than the 100 characters allowed in other members.
_LONG_SECRET = {"type": "string", "minLength": 1, "maxLength": 10_000, "writeOnly": True}
_URL = {"type": "string", "format": "uri"}
_PREFIX = {"type": "string", "maxLength": 100, "default": ""}
_FLAG = {"type": "boolean", "default": False}

_BUCKET: dict[str, Any] = {"bucket": _TEXT, "accessKey": _SECRET, "secretKey": _SECRET}
_BUCKET_OPTIONS: dict[str, Any] = {"prefix": _PREFIX, "useIAMRole": {"type": "boolean"}}


def _type(name: str, required: Mapping[str, Any], optional: Mapping[str, Any]) -> dict[str, Any]:
    canonical: Mapping[str, Any] = {"includeCanonicalHeader": _FLAG, "baseUrlForCanonicalHeader": _URL}
    kind: Mapping[str, Any] = {"type": "string", "enum": [name]}
    return shape({"type": kind, "name": _NAME, **required}, {**optional, **canonical}, strict=True)


TYPES: Mapping[str, dict[str, Any]] = {
    "S3": _type("S3", _BUCKET, _BUCKET_OPTIONS),
    "S3_COMPATIBLE": _type(
        "S3_COMPATIBLE", {"endpoint": _URL, **_BUCKET}, {"prefix": _PREFIX, "s3ForcePathStyle": _FLAG}
    ),
    "CLOUDINARY_BACKUP": _type("CLOUDINARY_BACKUP", _BUCKET, _BUCKET_OPTIONS),
    "WEB_FOLDER": _type("WEB_FOLDER", {"baseUrl": _URL}, {"forwardHostHeaderToOrigin": _FLAG}),
    "WEB_PROXY": _type("WEB_PROXY", {}, {}),
    "GCS": _type("GCS", {"bucket": _TEXT, "clientEmail": _TEXT, "privateKey": _LONG_SECRET}, {"prefix": _PREFIX}),
    "AZURE_BLOB": _type(
        "AZURE_BLOB", {"accountName": _TEXT, "container": _TEXT, "sasToken": _LONG_SECRET}, {"prefix": _PREFIX}
    ),
    "AKENEO_PIM": _type(
        "AKENEO_PIM",
        {"baseUrl": _URL, "clientId": _SECRET, "clientSecret": _SECRET, "username": _SECRET, "password": _SECRET},
        {},
    ),
}


def _read(transaction: Transaction, body: Mapping[str, Any], old: Preset | None) -> dict[str, Any]:
    """Return the members of an origin; an update replaces all of them, so the secrets must be sent again."""
    kind = body.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        raise ApiError(400, f"Invalid origin type. Must be one of {', '.join(TYPES)}.")
    schema = TYPES[kind]
    if body.get("useIAMRole") is True and "useIAMRole" in schema["properties"]:
        # The role replaces the keys, which are sent as empty strings.
        empty = {"type": "string", "maxLength": 100}
        schema = {**schema, "properties": {**schema["properties"], "accessKey": empty, "secretKey": empty}}
    return read_members(schema, body)


def _show(preset: Preset) -> dict[str, Any]:
    properties = TYPES[preset.members["type"]]["properties"]
    shown = {name: value for name, value in preset.members.items() if not properties[name].get("writeOnly")}
    return {"id": preset.id, **shown}


def _check_delete(transaction: Transaction, preset: Preset) -> None:
    endpoints = presets.all_of(transaction.connection, "url-endpoint")
    if any(preset.id in endpoint.members["origins"] for endpoint in endpoints):
        raise ApiError(409, "Origin is in use by a URL-endpoint.")


ORIGINS = Collection(
    kind="origin",
    id_prefix="orig_",
    read=_read,
    show=_show,
    missing="Origin not found.",
    check_delete=_check_delete,
)
