"""Images and their paths: find, list, search, put, move, delete (img-src API, "Upload image" and "Delete image path").

Paths are decoded and have no slash at either end. Functions that read take a connection, functions that write take the
transaction.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from ...imgsrc.parameters import split_extension
from .rows import COLUMNS, read_image

if TYPE_CHECKING:
    import sqlite3

    from ..storage.transactions import DataTransaction
    from .rows import ImageRow, Visibility


class Folder(NamedTuple):
    """A folder in a listing: its last segment, and the number of images in it and its subfolders."""

    name: str
    image_count: int


class Page(NamedTuple):
    """A page of images, newest first, and the total number of matches."""

    images: list[ImageRow]
    total: int


def find(connection: sqlite3.Connection, image_id: str) -> ImageRow | None:
    return read_image(connection.execute(f"SELECT {COLUMNS} FROM images WHERE id = ?", (image_id,)).fetchone())


def has_path(connection: sqlite3.Connection, path: str) -> bool:
    """Return whether an image has exactly this path."""
    return connection.execute("SELECT 1 FROM paths WHERE path = ?", (path,)).fetchone() is not None


def find_at(connection: sqlite3.Connection, path: str) -> ImageRow | None:
    """Return the image with exactly this path."""
    query = f"SELECT {COLUMNS} FROM images JOIN paths ON image_id = images.id WHERE path = ?"
    return read_image(connection.execute(query, (path,)).fetchone())


def find_image(connection: sqlite3.Connection, path: str) -> ImageRow | None:
    """Return the image that a delivery URL with this path names.

    An image with exactly that path takes precedence. Otherwise, as the extension of a URL chooses the output format, it
    is the image whose path has another extension or none; of several, the one that was uploaded first.
    """
    found = find_at(connection, path)
    stem, extension = split_extension(path)
    if found is not None or not extension:
        return found
    query = (
        f"SELECT {COLUMNS} FROM images JOIN paths ON image_id = images.id WHERE stem = ? "
        "ORDER BY uploaded_at, paths.row_id LIMIT 1"
    )
    return read_image(connection.execute(query, (stem,)).fetchone())


def list_paths(connection: sqlite3.Connection, image_id: str) -> list[str]:
    """Return the paths of an image in the order in which it got them."""
    query = "SELECT path FROM paths WHERE image_id = ? ORDER BY row_id"
    return [path for (path,) in connection.execute(query, (image_id,))]


def list_images(connection: sqlite3.Connection, folder: str, *, limit: int, offset: int) -> Page:
    """Return the images at the path `folder` or below it; all images if it is empty."""
    condition, values = "1", {}
    if folder:
        condition = f"images.id IN (SELECT image_id FROM paths WHERE path = :folder OR {_BELOW})"
        values = _below(folder) | {"folder": folder}
    return _page(connection, condition, values, limit=limit, offset=offset)


def list_folders(connection: sqlite3.Connection, folder: str) -> list[Folder]:
    """Return the folders directly in `folder`, sorted by name; the root if it is empty."""
    start = f"{folder}/" if folder else ""
    rest = "substr(path, :skipped)"
    query = (
        f"SELECT substr({rest}, 1, instr({rest}, '/') - 1) AS name, count(DISTINCT image_id) AS image_count "
        f"FROM paths WHERE instr({rest}, '/') > 0 AND {_BELOW if folder else '1'} GROUP BY name ORDER BY name"
    )
    values = {"skipped": len(start) + 1, **(_below(folder) if folder else {})}
    return [Folder(row["name"], row["image_count"]) for row in connection.execute(query, values)]


def search(connection: sqlite3.Connection, text: str, *, limit: int) -> Page:
    """Return the images with `text` in their original file name or one of their paths, regardless of case."""
    condition = (
        "instr(folded_filename, :text) > 0 "
        "OR images.id IN (SELECT image_id FROM paths WHERE instr(folded_path, :text) > 0)"
    )
    return _page(connection, condition, {"text": _fold(text)}, limit=limit, offset=0)


def insert(transaction: DataTransaction, row: ImageRow) -> None:
    """Store a new image; `put` must then give it its first path."""
    names, marks = ", ".join(row._fields), ", ".join("?" * len(row._fields))
    transaction.connection.execute(
        f"INSERT INTO images ({names}, folded_filename) VALUES ({marks}, ?)", (*row, _fold(row.original_filename))
    )


def put(transaction: DataTransaction, row: ImageRow, path: str) -> bool:
    """Give the image `row` the path `path`; return whether that is a change.

    A path of another image moves to this one; if the other image has no path left, it is deleted.
    """
    connection = transaction.connection
    old = find_at(connection, path)
    if old is not None and old.id == row.id:
        return False
    if old is not None:
        delete_path(transaction, old, path)
    connection.execute(
        "INSERT INTO paths (path, stem, image_id, folded_path) VALUES (?, ?, ?, ?)",
        (path, split_extension(path)[0], row.id, _fold(path)),
    )
    return True


def set_visibility(transaction: DataTransaction, row: ImageRow, visibility: Visibility) -> ImageRow:
    transaction.connection.execute("UPDATE images SET visibility = ? WHERE id = ?", (visibility, row.id))
    return row._replace(visibility=visibility)


def delete(transaction: DataTransaction, row: ImageRow) -> list[str]:
    """Delete an image with all its paths; return the paths."""
    paths = list_paths(transaction.connection, row.id)
    for table in ("paths", "signed_urls"):
        transaction.connection.execute(f"DELETE FROM {table} WHERE image_id = ?", (row.id,))
    transaction.connection.execute("DELETE FROM images WHERE id = ?", (row.id,))
    transaction.lost.add(row.content_hash)
    return paths


def delete_path(transaction: DataTransaction, row: ImageRow, path: str) -> list[str]:
    """Delete a path of the image `row`, and the image with its last path; return the remaining paths."""
    for table in ("paths", "signed_urls"):
        transaction.connection.execute(f"DELETE FROM {table} WHERE path = ?", (path,))
    remaining = list_paths(transaction.connection, row.id)
    if not remaining:
        delete(transaction, row)
    return remaining


# A range query can use the index on paths: "0" is the character after "/".
_BELOW = "(path > :first AND path < :last)"


def _below(folder: str) -> dict[str, str]:
    return {"first": f"{folder}/", "last": f"{folder}0"}


def _page(connection: sqlite3.Connection, condition: str, values: dict[str, str], *, limit: int, offset: int) -> Page:
    (total,) = connection.execute(f"SELECT count(*) FROM images WHERE {condition}", values).fetchone()
    query = (
        f"SELECT {COLUMNS} FROM images WHERE {condition} "
        "ORDER BY uploaded_at DESC, row_id DESC LIMIT :limit OFFSET :offset"
    )
    rows = connection.execute(query, {**values, "limit": limit, "offset": offset})
    return Page([row for row in map(read_image, rows) if row is not None], total)


def _fold(text: str) -> str:
    """Return `text` without differences in case and in the encoding of accents."""
    return unicodedata.normalize("NFC", text).casefold()
