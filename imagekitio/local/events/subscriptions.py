"""Which webhooks want which events (api.md, section 28.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..library import presets

if TYPE_CHECKING:
    import sqlite3

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
