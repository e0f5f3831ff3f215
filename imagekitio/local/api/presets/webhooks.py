"""Handlers for the webhooks of an account (api.md, chapter 25)."""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING, Any

from ...base.errors import ApiError
from ...events.subscriptions import EVENT_TYPES
from ...library import presets
from .collection import Collection, show_with_dates
from .members import read_members, shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...library.presets import Preset
    from ...library.tables.transactions import Transaction

MAX_WEBHOOKS = 3
SECRET_BYTES = 24

SCHEMA: dict[str, Any] = shape(
    {
        "endpoint": {"type": "string", "format": "uri"},
        "events": {"type": "array", "items": {"type": "string", "enum": [*EVENT_TYPES]}, "minItems": 1},
    },
    {"enabled": {"type": "boolean", "default": True}},
)


def _read(transaction: Transaction, body: Mapping[str, Any], old: Preset | None) -> dict[str, Any]:
    """Return all members of a webhook; an update keeps those that it leaves out, and always the secret."""
    given = read_members(SCHEMA, body, partial=old is not None)
    if "events" in given:
        given["events"] = list(dict.fromkeys(given["events"]))
    others = [each for each in presets.all_of(transaction.connection, "webhook") if old is None or each.id != old.id]
    if any(other.members["endpoint"] == given.get("endpoint") for other in others):
        raise ApiError(400, "A webhook with this endpoint already exists.")
    return {**(old.members if old is not None else {"secret": _new_secret()}), **given}


def _new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


WEBHOOKS = Collection(
    kind="webhook",
    id_prefix="wh_",
    read=_read,
    show=show_with_dates,
    missing="Webhook not found.",
    most=(MAX_WEBHOOKS, f"A maximum of {MAX_WEBHOOKS} webhooks can be created."),
)
