"""The subscriptions of webhooks to events (api.md, section 28.4)."""

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
    """The endpoint, secret and event types of a webhook."""

    id: str
    endpoint: str
    secret: str
    event_types: frozenset[str]


def list_enabled_webhooks(connection: sqlite3.Connection) -> list[Webhook]:
    """Return the enabled webhooks."""
    return [
        Webhook(preset.id, preset.members["endpoint"], preset.members["secret"], frozenset(preset.members["events"]))
        for preset in presets.all_of(connection, "webhook")
        if preset.members["enabled"]
    ]
