"""The webhook events that a transaction raises, and their bodies (ImageKit docs, "Webhook events").

Triggers record every change that a transaction makes in the table of assets, and the events of files and folders are
made from these records. So all changes of an asset raise its events, and changes that are rolled back raise none. A
file that a transaction changes several times raises one event. Where the docs are silent, these rules apply: an
operation on a folder also raises the events of the files in it; a restored version counts as an overwrite with an older
one; if a file is moved onto another, it counts as deleted and the other as updated.

The code that handles uploads raises their events. Events of videos (``video.transformation.*``) are never raised, as
local ImageKit delivers videos unchanged.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

from ..base.dates import iso_date
from ..base.names import split_path
from ..library import files
from ..library.present import file_json, folder_json
from ..library.tables.rows import FolderRow, read_row
from . import outbox
from .subscriptions import EVENT_TYPES, list_enabled_webhooks

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence

    from ..library.account import Account
    from ..library.tables.transactions import Transaction
    from .subscriptions import Webhook

_OF_ASSETS = {type_ for type_ in EVENT_TYPES if type_.startswith(("file", "folder"))}

# The first condition makes SQLite use the unique index on ids; without it, SQLite would scan all folders.
_FOLDER = "SELECT * FROM assets WHERE id = ? AND kind <> 'file-version' AND kind = 'folder'"


class _Change(NamedTuple):
    """The change of a row in the table of assets from the start to the end of a transaction."""

    id: str
    version_id: str | None
    old_kind: str | None
    old_path: str | None
    new_kind: str | None
    new_path: str | None


def queue_event(
    transaction: Transaction, type_: str, data: Mapping[str, Any], request: Mapping[str, Any] | None = None
) -> None:
    """Queue an event for every webhook that subscribes to its type."""
    _send(transaction, list_enabled_webhooks(transaction.connection), type_, data, request)


def _send(
    transaction: Transaction,
    webhooks: Sequence[Webhook],
    type_: str,
    data: Mapping[str, Any],
    request: Mapping[str, Any] | None = None,
) -> None:
    subscribed = [webhook for webhook in webhooks if type_ in webhook.event_types]
    if not subscribed:
        return
    event: dict[str, Any] = {"type": type_, "id": str(uuid.uuid4()), "created_at": iso_date(transaction.now)}
    if request is not None:
        event["request"] = request
    event["data"] = data
    for webhook in subscribed:
        outbox.add_event(transaction, event["id"], type_, webhook.endpoint, webhook.secret, event)


def queue_changes(transaction: Transaction, before: Account) -> None:
    """Queue the events for the changes of `transaction`. Call this at its end.

    Args:
        before: The account before the transaction. If it had no webhooks, no changes were recorded.
    """
    if not (before.has_webhooks or transaction.account_changed):
        return
    connection = transaction.connection
    webhooks = list_enabled_webhooks(connection)
    if any(webhook.event_types & _OF_ASSETS for webhook in webhooks):
        query = "SELECT id, version_id, old_kind, old_path, new_kind, new_path FROM changes ORDER BY number"
        for type_, data in _events(transaction, _net([_Change(*row) for row in connection.execute(query)])):
            _send(transaction, webhooks, type_, data)
    connection.execute("DELETE FROM changes")


def _net(steps: Sequence[_Change]) -> list[_Change]:
    """Return one change for each row, from its first state to its last."""
    found: dict[tuple[str, str | None], _Change] = {}
    for step in steps:
        key = (step.id, step.version_id)
        first = found.get(key, step)
        found[key] = _Change(*key, first.old_kind, first.old_path, step.new_kind, step.new_path)
    return [change for change in found.values() if change.old_kind or change.new_kind]


def _events(transaction: Transaction, changes: Sequence[_Change]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    moved = _moved_folders(changes)
    of_file: dict[str, list[_Change]] = {}
    for change in changes:
        if "folder" in (change.old_kind, change.new_kind):
            yield from _folder_events(transaction.connection, change, is_moved=change.id in moved)
        else:
            of_file.setdefault(change.id, []).append(change)
    for file_id, versions in of_file.items():
        yield from _file_events(transaction, file_id, versions)


def _folder_events(
    connection: sqlite3.Connection, change: _Change, *, is_moved: bool
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if change.old_kind and (is_moved or not change.new_kind):
        yield "folder.deleted", {"folderId": change.id}
    if change.new_kind:
        found = connection.execute(_FOLDER, (change.id,)).fetchone()
        row = read_row(found)
        assert isinstance(row, FolderRow)
        yield "folder.updated" if change.old_kind and not is_moved else "folder.created", folder_json(row)


def _moved_folders(changes: Sequence[_Change]) -> set[str]:
    """Return the ids of folders that got another parent or are below such a folder. A rename moves nothing."""
    moved: dict[str, bool] = {}  # by old path
    ids: set[str] = set()
    relocated = [change for change in changes if change.old_kind == change.new_kind == "folder"]
    for change in sorted(relocated, key=lambda change: change.old_path or ""):  # parents first
        if change.old_path is None or change.new_path is None or change.old_path == change.new_path:
            continue
        parent = split_path(change.old_path)[0]
        is_moved = moved[parent] if parent in moved else parent != split_path(change.new_path)[0]
        moved[change.old_path] = is_moved
        if is_moved:
            ids.add(change.id)
    return ids


def _file_events(
    transaction: Transaction, file_id: str, versions: Sequence[_Change]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    row = files.find(transaction.connection, file_id)
    if row is None:
        # A file that was created and deleted within the transaction raises nothing.
        if any(change.old_kind for change in versions):
            yield "file.deleted", {"fileId": file_id}
        return
    is_new = not any(change.old_kind == "file" for change in versions) and any(
        change.new_kind == "file" and change.old_kind is None for change in versions
    )
    endpoint = transaction.settings.url_endpoints().primary
    for change in versions:
        if change.new_kind == "file-version" and change.old_kind != "file-version":
            archived = files.version(transaction.connection, file_id, str(change.version_id))
            assert archived is not None
            yield "file-version.created", file_json(archived, endpoint)
        elif change.new_kind is None:
            yield "file-version.deleted", {"fileId": file_id, "versionId": change.version_id}
    if any(change.new_kind == "file" for change in versions):
        yield "file.created" if is_new else "file.updated", file_json(row, endpoint)
