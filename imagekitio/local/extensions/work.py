"""The background work of extensions, and the report of its result to `webhookUrl`."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from ..base.errors import ApiError
from ..delivery.sources import fetch
from ..events import outbox, tasks
from ..library import files
from ..library.attributes import read_tags
from ..library.field_schemas import read_values
from ..library.present import file_json
from .recognition import answer, describe, select_entries
from .requests import convert_value, vocabulary_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..events.tasks import Task
    from ..library.store import Store
    from ..library.tables.rows import FileRow
    from ..library.tables.transactions import Transaction
    from ..storage.contents import Incoming
    from ..web.outgoing.connections import Connections
    from .requests import Extension, Schemas


def run_extension(store: Store, task: Task, connections: Connections) -> None:
    """Run one extension on the current version of its file. A refusal counts as a failure and is not retried."""
    extension: Extension = task.payload["extension"]
    with store.read() as connection:
        row = files.find(connection, task.payload["fileId"])
    with ExitStack() as stack:
        error, made = None, None
        if row is None:
            error = "The file was deleted."
        elif not row.is_image:
            error = f"{extension['name']} works on images only."
        elif extension["name"] == "remove-bg":
            made = stack.enter_context(store.incoming())
            error = _remove_background(store, row, extension, made, connections)
        with store.write() as transaction:
            now = None if row is None else files.find(transaction.connection, row.id)
            if made is not None and now is not None and row is not None and now.version_id != row.version_id:
                return  # overwritten in the meantime: the task stays queued and then handles the new version
            if not tasks.finish(transaction, task):
                return  # a reset removed the task
            if now is not None and error is None:
                error = _apply(transaction, now, extension, made, store.account().field_schemas)
            _call_back(transaction, task, error)


def _remove_background(
    store: Store, row: FileRow, extension: Extension, made: Incoming, connections: Connections
) -> str | None:
    """Write the new version into `made`; return an error message if that is not possible."""
    from .background_removal import NotAPicture, remove_background  # loads all of rendering, so only when needed

    options: Mapping[str, Any] = extension.get("options", {})
    try:
        with store.incoming() as backdrop:
            url = options.get("bg_image_url")
            if url:
                fetch(store, url, backdrop, connections, store.settings.url_endpoints())
            path = backdrop.path if url else None
            made.write(remove_background(store.content(row.content_hash), options, path, settings=store.settings))
    except (ApiError, NotAPicture, FileNotFoundError) as exc:
        return str(exc)
    return None


def _apply(
    transaction: Transaction, row: FileRow, extension: Extension, made: Incoming | None, schemas: Schemas
) -> str | None:
    """Apply the result of the extension to the file; return an error message if that is not possible."""
    try:
        with transaction.part():
            if made is not None:
                _put_version(transaction, row, made)
            elif extension["name"] == "ai-auto-description":
                transaction.update(row, description=describe(row), updated_at=transaction.now)
            else:
                original = row  # every task sees the original, without the changes of earlier tasks
                for task in extension["tasks"]:
                    row = _do_task(row, original, task, schemas)
                changes: dict[str, Any] = {"tags": row.tags, "custom_metadata": row.custom_metadata}
                transaction.update(row, updated_at=transaction.now, **changes)
    except ApiError as exc:
        return exc.message
    return None


def _put_version(transaction: Transaction, row: FileRow, made: Incoming) -> None:
    from ..media.probe import probe  # slow to load, so only when needed

    found = probe(made.path, row.name, now=transaction.settings.clock.now(), head=made.head)
    transaction.keep(made)
    changes: dict[str, Any] = {
        "content_hash": made.content_hash,
        "size": made.size,
        "mime": found.type.mime,
        "format": found.type.format,
        "width": found.width,
        "height": found.height,
        "has_alpha": found.has_alpha,
        "orientation": found.orientation,
    }
    files.put(transaction, row._replace(**changes), row)


def _do_task(row: FileRow, original: FileRow, task: Mapping[str, Any], schemas: Schemas) -> FileRow:
    """Return the file after one AI task."""
    if task["type"] == "yes_no":
        actions: Mapping[str, Any] = task.get(answer(original, task["instruction"]), {})
        unwanted = set(actions.get("remove_tags", ()))
        tags = [tag for tag in row.tags if tag not in unwanted]
        values = {item["field"]: _convert(schemas, item["field"], item["value"]) for item in _items(actions, "set")}
        values |= {item["field"]: None for item in _items(actions, "unset")}
        return _change(row, [*tags, *actions.get("add_tags", ())], values, schemas)
    if task["type"] == "select_tags":
        return _change(row, [*row.tags, *_select(original, task, task["vocabulary"])], {}, schemas)
    field = task["field"]
    if field not in schemas:
        raise ApiError(400, f"There is no custom metadata field {field!r} any more.")
    chosen = _select(original, task, vocabulary_of(task, schemas))
    if not chosen:
        return row
    value = chosen if schemas[field]["type"] == "MultiSelect" else chosen[0]
    return _change(row, row.tags, {field: value}, schemas)


def _select(row: FileRow, task: Mapping[str, Any], vocabulary: list[Any]) -> list[Any]:
    least, most = task.get("min_selections", 0), task.get("max_selections", len(vocabulary))
    return select_entries(row, vocabulary, at_least=least, at_most=most)


def _items(actions: Mapping[str, Any], verb: str) -> list[Any]:
    found: list[Any] = actions.get(f"{verb}_metadata", [])
    return found


def _convert(schemas: Schemas, field: str, value: Any) -> Any:
    return convert_value(schemas[field], value) if field in schemas else value


def _change(row: FileRow, tags: Any, values: Mapping[str, Any], schemas: Schemas) -> FileRow:
    """Return `row` with these tags and values; raise a 400 if they break the limits of tags or a field's schema."""
    metadata = read_values(schemas, values, stored=row.custom_metadata) if values else row.custom_metadata
    return row._replace(tags=read_tags(list(tags)), custom_metadata=metadata)


def _call_back(transaction: Transaction, task: Task, error: str | None) -> None:
    if task.payload["callback"] is None:
        return
    callback = outbox.Callback(*task.payload["callback"])
    service, file_id = task.payload["extension"]["name"], task.payload["fileId"]
    row = files.find(transaction.connection, file_id)
    if error is None and row is not None:
        body: dict[str, Any] = {
            "service": service,
            "status": "SUCCESS",
            "fileObject": file_json(row, transaction.settings.url_endpoints().primary),
        }
    else:
        body = {"service": service, "status": "FAILURE", "fileId": file_id, "error": {"message": error}}
    outbox.add_callback(transaction, callback, body)
