"""Rows of the `assets` table as dataclasses, and the transaction in which they are written."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal

from ..base.names import join_path

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from ..base.ids import ObjectIds
    from ..base.settings import Settings
    from .contents import Contents, Incoming


@dataclass(frozen=True, kw_only=True)
class FolderRow:
    """A folder. The root has no row."""

    id: str
    name: str
    path: str  # of the folder that holds it
    created_at: float
    updated_at: float
    kind: Literal["folder"] = "folder"
    custom_metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def full_path(self) -> str:
        return join_path(self.path, self.name)


@dataclass(frozen=True, kw_only=True)
class FileRow:
    """One version of a file, current (`kind` is ``file``) or archived; see `imagekitio.local.storage.schema`."""

    kind: Literal["file", "file-version"]
    id: str
    version_id: str
    number: int
    last_number: int
    token: str
    name: str
    path: str
    created_at: float
    updated_at: float
    uploaded_at: float
    content_hash: str
    size: int
    mime: str
    format: str | None
    is_image: bool
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    bit_rate: int | None = None
    video_codec: str | None = None
    audio_codec: str | None = None
    has_alpha: bool | None = None
    orientation: int | None = None
    is_private: bool = False
    is_published: bool = True
    tags: tuple[str, ...] = ()
    ai_tags: tuple[Mapping[str, Any], ...] = ()
    custom_metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])
    embedded_metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])
    custom_coordinates: str | None = None
    description: str | None = None

    @property
    def full_path(self) -> str:
        return join_path(self.path, self.name)


Row = FileRow | FolderRow

_FLAGS = {"is_image", "has_alpha", "is_private", "is_published"}
_LISTS = {"tags", "ai_tags"}
_OBJECTS = {"custom_metadata", "embedded_metadata"}
_FILE_COLUMNS = tuple(f.name for f in fields(FileRow))
_FOLDER_COLUMNS = tuple(f.name for f in fields(FolderRow))


def read_row(row: sqlite3.Row) -> Row:
    """What a ``SELECT *`` on `assets` found."""
    columns = _FOLDER_COLUMNS if row["kind"] == "folder" else _FILE_COLUMNS
    values = {name: _from_sql(name, row[name]) for name in columns}
    return FolderRow(**values) if row["kind"] == "folder" else FileRow(**values)


def read_file(row: sqlite3.Row | None) -> FileRow | None:
    """Like `read_row` where only a file or nothing can be found."""
    found = None if row is None else read_row(row)
    return found if isinstance(found, FileRow) else None


def _from_sql(name: str, value: Any) -> Any:
    if name in _LISTS:
        return () if value is None else tuple(json.loads(value))
    if name in _OBJECTS:
        return {} if value is None else json.loads(value)
    return bool(value) if name in _FLAGS and value is not None else value


def _to_sql(name: str, value: Any) -> Any:
    if name in _LISTS or name in _OBJECTS:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else None
    return value


@dataclass
class Work:
    """One writing transaction: the connection, and what everything written in it needs.

    `now` is the one moment at which all of it happens. `touched` collects the hashes of contents that gained or lost a
    row; those that no row names at the end are removed from disk. `presets_changed` tells the store to read them again.
    `has_queued` tells it that there is work for the background.
    """

    connection: sqlite3.Connection
    contents: Contents
    ids: ObjectIds
    settings: Settings
    now: float
    touched: set[str] = field(default_factory=set[str])
    presets_changed: bool = False
    has_queued: bool = False

    def new_id(self) -> str:
        return self.ids.new(self.now)

    def keep(self, incoming: Incoming) -> str:
        """Take over the bytes of `incoming`; return their hash."""
        self.touched.add(incoming.content_hash)
        return self.contents.keep(incoming)

    def insert(self, row: Row) -> None:
        columns = _FILE_COLUMNS if isinstance(row, FileRow) else _FOLDER_COLUMNS
        values = [_to_sql(name, getattr(row, name)) for name in columns] + [row.full_path]
        names, marks = ", ".join((*columns, "full_path")), ", ".join("?" * len(values))
        self.connection.execute(f"INSERT INTO assets ({names}) VALUES ({marks})", values)

    def update(self, row: FileRow, **changes: Any) -> None:
        """Change columns of the version `row`."""
        names = ", ".join(f"{name} = ?" for name in changes)
        values = [_to_sql(name, value) for name, value in changes.items()]
        key = (row.id, row.version_id)
        self.connection.execute(f"UPDATE assets SET {names} WHERE id = ? AND version_id = ?", (*values, *key))

    def delete(self, condition: str, *parameters: object) -> None:
        """Delete the assets for which the SQL `condition` holds."""
        found = f"SELECT DISTINCT content_hash FROM assets WHERE content_hash NOTNULL AND ({condition})"
        self.touched.update(row[0] for row in self.connection.execute(found, parameters))
        self.connection.execute(f"DELETE FROM assets WHERE {condition}", parameters)
