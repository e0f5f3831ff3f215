"""Handlers that change many files in one call. If any id is unknown, the whole call fails (api.md, chapter 14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..base.errors import ApiError, invalid_parameter
from ..base.json_values import as_array, as_texts
from ..library import files
from ..library.attributes import filter_ai_tags, read_tags
from ..web.calls import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..library.store import Store
    from ..library.tables.rows import FileRow
    from ..library.tables.transactions import Transaction
    from ..web.calls import Call

MAX_EDITED, MAX_DELETED = 50, 100  # files in one call


def add_tags(store: Store, call: Call) -> Answer:
    ids, tags = _file_ids(call, MAX_EDITED, _too_many_files()), _tags(call)
    return _edit(store, ids, lambda row: {"tags": read_tags([*row.tags, *tags])})


def remove_tags(store: Store, call: Call) -> Answer:
    ids, tags = _file_ids(call, MAX_EDITED, _too_many_files()), _tags(call)
    return _edit(store, ids, lambda row: {"tags": [tag for tag in row.tags if tag not in tags]})


def remove_ai_tags(store: Store, call: Call) -> Answer:
    ids = _file_ids(call, MAX_EDITED, _too_many_files())
    names = as_texts(_require(call, "AITags"))
    if names is None:
        raise ApiError(
            400,
            "Your request contains invalid value for AITags. Please provide an array of strings. "
            "Example - ['t-shirt','summer-sale'].",
        )
    return _edit(store, ids, lambda row: {"ai_tags": filter_ai_tags(row, names)})


def delete_files(store: Store, call: Call) -> Answer:
    ids = _file_ids(call, MAX_DELETED, f"fileIds cannot have more than {MAX_DELETED} items.")
    with store.write() as transaction:
        for row in _find_all(transaction, ids):
            files.delete(transaction, row.id)
    return Answer(200, {"successfullyDeletedFileIds": ids})


def _too_many_files() -> str:
    return f"A maximum of {MAX_EDITED} files can be edited at a time."


def _edit(store: Store, ids: list[str], changes_of: Callable[[FileRow], dict[str, Any]]) -> Answer:
    with store.write() as transaction:
        for row in _find_all(transaction, ids):
            transaction.update(row, updated_at=transaction.now, **changes_of(row))
    return Answer(200, {"successfullyUpdatedFileIds": ids})


def _file_ids(call: Call, maximum: int, too_many: str) -> list[str]:
    """Return the ids in the body, without duplicates."""
    if call.body.get("fileIds") is None:
        raise ApiError(400, "fileIds parameter is missing.")
    ids = as_array(call.body["fileIds"])
    if ids is None:
        raise ApiError(400, "fileIds should be an Array.")
    if not ids:
        raise ApiError(400, "fileIds is empty.")
    if len(ids) > maximum:
        raise ApiError(400, too_many)
    return list(dict.fromkeys(map(str, ids)))


def _require(call: Call, name: str) -> object:
    names = call.body.get(name)
    if names is None:
        raise ApiError(400, f"{name} parameter is missing.")
    if names == []:
        raise ApiError(400, f"{name} array cannot be empty.")
    return names


def _tags(call: Call) -> tuple[str, ...]:
    tags = read_tags(_require(call, "tags"))
    if not tags:
        raise invalid_parameter("tags", "A tag should not be empty.")
    return tags


def _find_all(transaction: Transaction, ids: list[str]) -> list[FileRow]:
    found = {file_id: files.find(transaction.connection, file_id) for file_id in ids}
    missing = [file_id for file_id, row in found.items() if row is None]
    if missing:
        raise ApiError(404, "The requested file(s) does not exist.", missingFileIds=missing)
    return [row for row in found.values() if row is not None]
