"""Webhooks as an account configures them (api.md, chapter 25)."""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING, Any, NamedTuple

from ...base.errors import ApiError
from ...library import presets
from ...library.present import iso_date
from .collection import Collection
from .members import read_members, shape

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from ...library.presets import Preset
    from ...storage.rows import Work

# api.md, section 28.4
EVENT_TYPES = (
    "video.transformation.accepted",
    "video.transformation.ready",
    "video.transformation.error",
    "upload.pre-transform.success",
    "upload.pre-transform.error",
    "upload.post-transform.success",
    "upload.post-transform.error",
    "file.created",
    "file.updated",
    "file.deleted",
    "file-version.created",
    "file-version.deleted",
    "folder.created",
    "folder.updated",
    "folder.deleted",
)
MAX_WEBHOOKS = 3
SECRET_BYTES = 24

SCHEMA: dict[str, Any] = shape(
    {
        "endpoint": {"type": "string", "format": "uri"},
        "events": {"type": "array", "items": {"type": "string", "enum": [*EVENT_TYPES]}, "minItems": 1},
    },
    {"enabled": {"type": "boolean", "default": True}},
)


class Webhook(NamedTuple):
    """Where to send an event, and what to sign it with."""

    id: str
    endpoint: str
    secret: str


def enabled_for(connection: sqlite3.Connection, event_type: str) -> list[Webhook]:
    """The webhooks that want events of this type."""
    return [
        Webhook(preset.id, preset.members["endpoint"], preset.members["secret"])
        for preset in presets.all_of(connection, "webhook")
        if preset.members["enabled"] and event_type in preset.members["events"]
    ]


def _read(work: Work, body: Mapping[str, Any], old: Preset | None) -> dict[str, Any]:
    """The whole webhook; what an update leaves out stays, and the secret stays in any case."""
    given = read_members(SCHEMA, body, partial=old is not None)
    if "events" in given:
        given["events"] = list(dict.fromkeys(given["events"]))
    others = [each for each in presets.all_of(work.connection, "webhook") if old is None or each.id != old.id]
    if any(other.members["endpoint"] == given.get("endpoint") for other in others):
        raise ApiError(400, "A webhook with this endpoint already exists.")
    return {**(old.members if old is not None else {"secret": _new_secret()}), **given}


def _new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def _show(preset: Preset) -> dict[str, Any]:
    dates = {"createdAt": iso_date(preset.created_at), "updatedAt": iso_date(preset.updated_at)}
    return {"id": preset.id, **preset.members, **dates}


WEBHOOKS = Collection(
    kind="webhook",
    id_prefix="wh_",
    read=_read,
    show=_show,
    missing="Webhook not found.",
    most=(MAX_WEBHOOKS, f"A maximum of {MAX_WEBHOOKS} webhooks can be created."),
)
