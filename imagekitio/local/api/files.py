"""Handlers for single files and their versions (api.md, chapters 13 and 15)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ..base.errors import HELP, ApiError, invalid_parameter
from ..base.json_values import as_object, as_texts
from ..base.names import clean_file_name, clean_folder_path, join_path, source_path
from ..events.outbox import Callback
from ..extensions.requests import read_extensions, read_webhook_url, resolve_extensions
from ..extensions.start import start_extensions
from ..library import files, folders, purges
from ..library.attributes import filter_ai_tags, read_coordinates, read_tags
from ..library.field_schemas import read_values
from ..library.present import file_json
from ..library.presets import saved_extension_config
from ..web.calls import NO_CONTENT, Answer, body_flag, body_text, check_missing, path_id

if TYPE_CHECKING:
    import sqlite3

    from ..library.store import Store
    from ..library.tables.rows import FileRow
    from ..library.tables.transactions import Transaction
    from ..web.calls import Call


_DETAILS = ("removeAITags", "tags", "customCoordinates", "customMetadata", "description", "extensions", "webhookUrl")


def get_details(store: Store, call: Call) -> Answer:
    file_id = path_id(call, "fileId")
    with store.read() as connection:
        return Answer(200, file_json(existing_file(connection, file_id), call.endpoints.primary))


def list_versions(store: Store, call: Call) -> Answer:
    file_id = path_id(call, "fileId")
    with store.read() as connection:
        existing_file(connection, file_id)
        return Answer(200, [file_json(row, call.endpoints.primary) for row in files.versions(connection, file_id)])


def get_version(store: Store, call: Call) -> Answer:
    file_id, version_id = path_id(call, "fileId"), path_id(call, "versionId")
    with store.read() as connection:
        existing_file(connection, file_id)
        return Answer(200, file_json(_existing_version(connection, file_id, version_id), call.endpoints.primary))


def delete_file(store: Store, call: Call) -> Answer:
    file_id = path_id(call, "fileId")
    with store.write() as transaction:
        existing_file(transaction.connection, file_id)
        files.delete(transaction, file_id)
    return NO_CONTENT


def delete_version(store: Store, call: Call) -> Answer:
    file_id, version_id = path_id(call, "fileId"), path_id(call, "versionId")
    with store.write() as transaction:
        row = files.version(transaction.connection, file_id, version_id)
        if row is None:
            raise ApiError(404, "The requested asset does not exist.")
        if row.kind == "file":
            raise ApiError(400, "You cannot delete current version of a file.")
        transaction.delete("id = ? AND version_id = ?", file_id, version_id)
    return NO_CONTENT


def restore_version(store: Store, call: Call) -> Answer:
    file_id, version_id = path_id(call, "fileId"), path_id(call, "versionId")
    with store.write() as transaction:
        existing_file(transaction.connection, file_id)
        row = _existing_version(transaction.connection, file_id, version_id)
        if row.kind == "file":
            raise ApiError(400, "The requested version is the current version of the file already.")
        return Answer(200, file_json(files.restore(transaction, row), call.endpoints.primary))


def update_details(store: Store, call: Call) -> Answer:
    """Update the details of the current version, or publish or unpublish it with the body member ``publish``."""
    file_id = path_id(call, "fileId")
    if "publish" not in call.body:
        return _change_details(store, file_id, call)
    if any(name in call.body for name in _DETAILS):
        raise ApiError(400, "Your request cannot contain publish together with other parameters.")
    publish = as_object(call.body["publish"]) or {}
    if not isinstance(publish.get("isPublished"), bool):
        raise invalid_parameter("publish", "It should be an object whose isPublished is true or false.")
    include_versions = publish.get("includeFileVersions", False)
    if not isinstance(include_versions, bool):
        raise invalid_parameter("publish.includeFileVersions", "It should be true or false.")
    with store.write() as transaction:
        row = existing_file(transaction.connection, file_id)
        rows = files.versions(transaction.connection, file_id) if include_versions else [row]
        files.publish(transaction, rows, is_published=publish["isPublished"])
        transaction.update(row, updated_at=transaction.now)
        return Answer(200, file_json(existing_file(transaction.connection, file_id), call.endpoints.primary))


def _change_details(store: Store, file_id: str, call: Call) -> Answer:
    body = call.body
    requested = read_extensions(body.get("extensions") or [])
    webhook_url = read_webhook_url(body.get("webhookUrl"))
    callback = None if webhook_url is None else Callback(webhook_url, is_of_account=True)
    changes: dict[str, Any] = {}
    if "tags" in body:
        changes["tags"] = read_tags(body["tags"] or [])
    if "customCoordinates" in body:
        coordinates = body["customCoordinates"]
        changes["custom_coordinates"] = None if coordinates is None else read_coordinates(coordinates)
    if "description" in body:
        description = body["description"]
        if not isinstance(description, (str, type(None))):
            raise invalid_parameter("description", "It should be a string or null.")
        changes["description"] = description
    unwanted = body.get("removeAITags", [])
    if unwanted != "all" and as_texts(unwanted) is None:
        raise invalid_parameter("removeAITags", 'It should be an array of strings or "all".')
    with store.write() as transaction:
        row = existing_file(transaction.connection, file_id)
        schemas = store.account().field_schemas
        extensions = resolve_extensions(requested, partial(saved_extension_config, transaction.connection), schemas)
        if "customMetadata" in body:
            changes["custom_metadata"] = read_values(schemas, body["customMetadata"], stored=row.custom_metadata)
        if unwanted:
            changes["ai_tags"] = () if unwanted == "all" else filter_ai_tags(row, unwanted)
        if changes:
            transaction.update(row, updated_at=transaction.now, **changes)
        status = start_extensions(transaction, row, extensions, callback)
        answer = file_json(existing_file(transaction.connection, file_id), call.endpoints.primary)
        return Answer(200, answer | ({"extensionStatus": status} if status else {}))


def copy_file(store: Store, call: Call) -> Answer:
    path, folder = _read_paths(call)
    include_versions = body_flag(call, "includeFileVersions")
    with store.write() as transaction:
        files.copy(transaction, _source(transaction, path, folder), folder, include_versions=include_versions)
    return NO_CONTENT


def move_file(store: Store, call: Call) -> Answer:
    path, folder = _read_paths(call)
    with store.write() as transaction:
        files.move(transaction, _source(transaction, path, folder), folder)
    return NO_CONTENT


def _read_paths(call: Call) -> tuple[str, str]:
    check_missing(call, "sourceFilePath", "destinationPath")
    return source_path(body_text(call, "sourceFilePath")), clean_folder_path(body_text(call, "destinationPath"))


def _source(transaction: Transaction, path: str, folder: str) -> FileRow:
    source = files.find_at_path(transaction.connection, path)
    if source is None:
        raise ApiError(404, f"No file found with filePath {path}", "SOURCE_FILE_MISSING")
    if source.path == folder:
        message = "sourceFilePath and destinationPath cannot be same."
        raise ApiError(400, message, "SAME_SOURCE_AND_DESTINATION")
    return source


def rename_file(store: Store, call: Call) -> Answer:
    check_missing(call, "filePath", "newFileName")
    path, given = source_path(body_text(call, "filePath")), body_text(call, "newFileName")
    purge_cache = body_flag(call, "purgeCache")
    if "/" in given or given in (".", ".."):
        raise ApiError(400, f"newFileName should be a name without slashes (got {given}).", "INVALID_PARAMETER")
    name = clean_file_name(given)
    with store.write() as transaction:
        row = files.find_at_path(transaction.connection, path)
        if row is None:
            raise ApiError(404, f"No file found in media library at filePath {path}", "FILE_MISSING")
        if row.name == name:
            message = "newFileName cannot be the same as its existing name."
            raise ApiError(400, message, "SAME_OLD_AND_NEW_NAME")
        target = join_path(row.path, name)
        if folders.is_taken(transaction.connection, target):
            message = f"File with name {name} already exists at the same location."
            raise ApiError(409, message, "FILE_ALREADY_EXISTS")
        files.move(transaction, row, row.path, name)
        if not purge_cache:
            return Answer(200, {})
        try:
            return Answer(
                200, {"purgeRequestId": purges.request_purge(transaction, f"{call.endpoints.primary}{path}*")}
            )
        except ApiError:
            message = (
                "File renamed successfully but we could not purge the CDN cache for old URL because of rate limits "
                "on purge API."
            )
            return Answer(207, {"message": message, "help": HELP, "reason": "PURGE_FAILED"})


def existing_file(connection: sqlite3.Connection, file_id: str) -> FileRow:
    """Return the current version of the file; raise a 404 if there is none."""
    row = files.find(connection, file_id)
    if row is None:
        raise ApiError(404, "The requested file does not exist.")
    return row


def _existing_version(connection: sqlite3.Connection, file_id: str, version_id: str) -> FileRow:
    row = files.version(connection, file_id, version_id)
    if row is None:
        raise ApiError(404, "The requested file version does not exist.")
    return row
