"""Copy, move and rename folders with everything below them (api.md, chapter 16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..base.errors import ApiError
from ..base.names import join_path, split_path
from ..storage.rows import FileRow, FolderRow, Work, read_row
from . import files, folders
from .folders import BELOW

if TYPE_CHECKING:
    import sqlite3


def copy(work: Work, source: str, target: str, *, include_versions: bool) -> None:
    """Copy the folder `source` to the path `target`, merging with what is there."""
    folders.ensure(work, target)
    for row in _contents(work.connection, source):
        place = target + row.full_path[len(source) :]
        if isinstance(row, FileRow):
            files.copy(work, row, split_path(place)[0], include_versions=include_versions)
        else:
            folders.ensure(work, place)


def move(work: Work, source: str, target: str) -> None:
    """Move the folder `source` to the path `target`, merging with what is there. Ids are kept."""
    if not folders.exists(work.connection, target):
        _relocate(work, source, target)
        return
    for row in _contents(work.connection, source):
        place = target + row.full_path[len(source) :]
        if isinstance(row, FileRow):
            files.move(work, row, split_path(place)[0])
        else:
            folders.ensure(work, place)
    folders.delete(work, source)


def _contents(connection: sqlite3.Connection, path: str) -> list[FileRow | FolderRow]:
    query = f"SELECT * FROM assets WHERE {BELOW} AND kind <> 'file-version' ORDER BY full_path"
    return [read_row(row) for row in connection.execute(query, {"folder": path})]


def _relocate(work: Work, source: str, target: str) -> None:
    """Give a folder, and with it everything below, a path at which nothing is."""
    parent, name = split_path(target)
    folders.ensure(work, parent)
    if folders.is_taken(work.connection, target):
        raise ApiError(400, f"A file already exists at {target}.")
    below = f"""UPDATE assets SET path = :target || substr(path, :rest), full_path = :target || substr(full_path, :rest)
                WHERE {BELOW}"""
    rest = len(source) + 1  # of SQL's substr, which counts characters from 1
    work.connection.execute(below, {"folder": source, "target": target, "rest": rest})
    itself = "UPDATE assets SET name = ?, path = ?, full_path = ?, updated_at = ? WHERE full_path = ?"
    work.connection.execute(itself, (name, parent, join_path(parent, name), work.now, source))
