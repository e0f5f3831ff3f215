"""Presets: named sets of transformation parameters (img-src API, "Create preset")."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from ..storage.transactions import DataTransaction


class Preset(NamedTuple):
    """A preset. Its id is a UUID; its name is unique and case-sensitive."""

    id: str
    name: str
    description: str | None
    params: Mapping[str, Any]
    created_at: float  # Unix time in seconds
    updated_at: float
    usage_count: int = 0


_COLUMNS = ", ".join(Preset._fields)


def list_presets(connection: sqlite3.Connection) -> list[Preset]:
    """Return all presets in order of creation."""
    return [_read(row) for row in connection.execute(f"SELECT {_COLUMNS} FROM presets ORDER BY row_id")]


def find(connection: sqlite3.Connection, preset_id: str) -> Preset | None:
    return _find(connection, "id", preset_id)


def find_by_name(connection: sqlite3.Connection, name: str) -> Preset | None:
    return _find(connection, "name", name)


def find_params(connection: sqlite3.Connection, name: str) -> Mapping[str, object] | None:
    """Return the parameters of the preset with this name unchanged, including nulls; None if there is none."""
    preset = find_by_name(connection, name)
    return None if preset is None else preset.params


def save(transaction: DataTransaction, preset: Preset) -> None:
    """Store a new preset, or replace the one with its id."""
    params = json.dumps(preset.params, ensure_ascii=False)
    transaction.connection.execute(
        f"INSERT INTO presets ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
        "name = excluded.name, description = excluded.description, params = excluded.params, "
        "updated_at = excluded.updated_at",
        [params if name == "params" else value for name, value in zip(preset._fields, preset, strict=True)],
    )


def delete(transaction: DataTransaction, preset: Preset) -> None:
    transaction.connection.execute("DELETE FROM presets WHERE id = ?", (preset.id,))


def count_use(transaction: DataTransaction, name: str) -> None:
    """Count one use of the preset."""
    transaction.connection.execute("UPDATE presets SET usage_count = usage_count + 1 WHERE name = ?", (name,))


def _find(connection: sqlite3.Connection, column: str, value: str) -> Preset | None:
    row = connection.execute(f"SELECT {_COLUMNS} FROM presets WHERE {column} = ?", (value,)).fetchone()
    return None if row is None else _read(row)


def _read(row: sqlite3.Row) -> Preset:
    preset = Preset._make(row)
    return preset._replace(params=json.loads(row["params"]))
