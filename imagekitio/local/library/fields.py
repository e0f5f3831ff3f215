"""The custom metadata fields of the account in the database, including deleted ones."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3

    from .tables.transactions import Transaction


@dataclass(frozen=True, kw_only=True)
class Field:
    id: str
    name: str
    label: str
    schema: dict[str, Any]
    description: str | None = None
    is_deleted: bool = False


def all_fields(connection: sqlite3.Connection, *, include_deleted: bool = False) -> list[Field]:
    """Return the fields in order of creation."""
    condition = "1" if include_deleted else "deleted_at IS NULL"
    query = f"SELECT * FROM custom_fields WHERE {condition} ORDER BY row_id"
    return [_read(row) for row in connection.execute(query)]


def schemas(connection: sqlite3.Connection) -> dict[str, dict[str, Any]]:
    """Return the schemas of all fields that are not deleted, by name."""
    return {field.name: field.schema for field in all_fields(connection)}


def find(connection: sqlite3.Connection, field_id: str) -> Field | None:
    row = connection.execute("SELECT * FROM custom_fields WHERE id = ?", (field_id,)).fetchone()
    return None if row is None else _read(row)


def insert(transaction: Transaction, field: Field) -> None:
    query = "INSERT INTO custom_fields (id, name, label, description, schema) VALUES (?, ?, ?, ?, ?)"
    values = (field.id, field.name, field.label, field.description, json.dumps(field.schema))
    transaction.connection.execute(query, values)
    transaction.account_changed = True


def update(transaction: Transaction, field: Field) -> None:
    query = "UPDATE custom_fields SET label = ?, description = ?, schema = ? WHERE id = ?"
    transaction.connection.execute(query, (field.label, field.description, json.dumps(field.schema), field.id))
    transaction.account_changed = True


def delete(transaction: Transaction, field: Field) -> None:
    """Mark the field as deleted, and remove its values from all files and versions."""
    transaction.account_changed = True
    transaction.connection.execute("UPDATE custom_fields SET deleted_at = ? WHERE id = ?", (transaction.now, field.id))
    query = "SELECT row_id, custom_metadata FROM assets WHERE custom_metadata NOTNULL"
    for row_id, text in transaction.connection.execute(query).fetchall():
        values = json.loads(text)
        if values.pop(field.name, None) is not None:
            stored = json.dumps(values, ensure_ascii=False) if values else None
            transaction.connection.execute("UPDATE assets SET custom_metadata = ? WHERE row_id = ?", (stored, row_id))


def _read(row: sqlite3.Row) -> Field:
    return Field(
        id=row["id"],
        name=row["name"],
        label=row["label"],
        schema=json.loads(row["schema"]),
        description=row["description"],
        is_deleted=row["deleted_at"] is not None,
    )
