"""Rows of the `assets` table. They are tuples: making a frozen dataclass of thirty fields takes four times as long."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ...base.names import join_path

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

_NOTHING: Mapping[str, Any] = {}


class FolderRow(NamedTuple):
    """A folder. The root has no row."""

    id: str
    name: str
    path: str  # of the parent folder
    created_at: float
    updated_at: float
    kind: Literal["folder"] = "folder"
    custom_metadata: Mapping[str, Any] = _NOTHING

    @property
    def full_path(self) -> str:
        return join_path(self.path, self.name)


class FileRow(NamedTuple):
    """One version of a file, current (`kind` is ``file``) or archived; see `imagekitio.local.library.tables.schema`."""

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
    custom_metadata: Mapping[str, Any] = _NOTHING
    embedded_metadata: Mapping[str, Any] = _NOTHING
    custom_coordinates: str | None = None
    description: str | None = None

    @property
    def full_path(self) -> str:
        return join_path(self.path, self.name)


Row = FileRow | FolderRow

_LISTS = {"tags", "ai_tags"}
_OBJECTS = {"custom_metadata", "embedded_metadata"}
_FLAGS = {"is_image", "has_alpha", "is_private", "is_published"}


def read_row(row: sqlite3.Row) -> Row:
    """Return the row for a result of ``SELECT *`` on `assets`."""
    kind = FolderRow if row["kind"] == "folder" else FileRow
    return kind._make(_from_sql(name, row[name]) for name in kind._fields)


def read_file(row: sqlite3.Row | None) -> FileRow | None:
    """Return the row if it is a file, else None."""
    found = None if row is None else read_row(row)
    return found if isinstance(found, FileRow) else None


def _from_sql(name: str, value: Any) -> Any:
    if name in _LISTS:
        return () if value is None else tuple(json.loads(value))
    if name in _OBJECTS:
        return {} if value is None else json.loads(value)
    return bool(value) if name in _FLAGS and value is not None else value


def to_sql(name: str, value: Any) -> Any:
    """Return the value of a column in the form for SQLite."""
    if name in _LISTS or name in _OBJECTS:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else None
    return value
