"""The presets of an account in the database: origins, URL endpoints, webhooks and so on.

Each is a JSON object with an id. There are a few hundred at most, so they share one table, and rules across several of
them (such as unique names) are checked by reading all of one kind.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from ..base.names import is_object_id
from . import presets

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from .tables.transactions import Transaction


Kind = Literal["origin", "url-endpoint", "webhook", "saved-extension", "named-transformation"]


@dataclass(frozen=True)
class Preset:
    kind: Kind
    id: str
    members: Mapping[str, Any]
    created_at: float  # Unix time in seconds
    updated_at: float


def all_of(connection: sqlite3.Connection, kind: Kind) -> list[Preset]:
    """Return the presets of a kind in order of creation."""
    rows = connection.execute("SELECT * FROM presets WHERE kind = ? ORDER BY row_id", (kind,))
    return [_read(row) for row in rows]


def find(connection: sqlite3.Connection, kind: Kind, preset_id: str) -> Preset | None:
    row = connection.execute("SELECT * FROM presets WHERE kind = ? AND id = ?", (kind, preset_id)).fetchone()
    return None if row is None else _read(row)


def save(transaction: Transaction, preset: Preset, members: Mapping[str, Any]) -> Preset:
    """Store a new or existing `preset` with these members."""
    saved = replace(preset, members=members, updated_at=transaction.now)
    transaction.connection.execute(
        "INSERT INTO presets (kind, id, members, created_at, updated_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET members = excluded.members, updated_at = excluded.updated_at",
        (saved.kind, saved.id, json.dumps(members, ensure_ascii=False), saved.created_at, saved.updated_at),
    )
    transaction.account_changed = True
    return saved


def delete(transaction: Transaction, preset: Preset) -> None:
    transaction.connection.execute("DELETE FROM presets WHERE id = ?", (preset.id,))
    transaction.account_changed = True


def _read(row: sqlite3.Row) -> Preset:
    return Preset(row["kind"], row["id"], json.loads(row["members"]), row["created_at"], row["updated_at"])


def is_id(text: str, prefix: str) -> bool:
    """Return whether `text` has the form of ids with this prefix."""
    return text.startswith(prefix) and is_object_id(text.removeprefix(prefix))


def saved_extension_config(connection: sqlite3.Connection, extension_id: str) -> dict[str, Any] | None:
    """Return the extension object of the saved extension with this id, or None."""
    found = presets.find(connection, "saved-extension", extension_id)
    return None if found is None else dict(found.members["config"])
