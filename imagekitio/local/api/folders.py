"""Handlers for folders and folder jobs (api.md, chapter 16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..base.errors import HELP, ApiError
from ..base.names import clean_folder_name, clean_folder_path, is_inside, join_path, source_path, split_path
from ..library import folder_jobs, folders
from ..library.folder_jobs import Job
from ..web.calls import NO_CONTENT, Answer, body_flag, body_text, check_missing

if TYPE_CHECKING:
    from ..library.store import Store
    from ..library.tables.transactions import Transaction
    from ..web.calls import Call


def create_folder(store: Store, call: Call) -> Answer:
    check_missing(call, "folderName", "parentFolderPath")
    name, parent = body_text(call, "folderName"), clean_folder_path(body_text(call, "parentFolderPath"))
    _check_folder_name("folderName", name)
    path = clean_folder_path(join_path(parent, name))
    with store.write() as transaction:
        folders.ensure(transaction, path)
    return Answer(201, {})


def delete_folder(store: Store, call: Call) -> Answer:
    check_missing(call, "folderPath")
    path = source_path(body_text(call, "folderPath"))
    if path == "/":
        raise ApiError(400, "The root folder cannot be deleted.", "INVALID_PARAMETER")
    with store.write() as transaction:
        if not folders.exists(transaction.connection, path):
            raise ApiError(404, f"No folder found with folderPath {path}", "FOLDER_NOT_FOUND")
        _check_size(transaction, path)
        folder_jobs.check_unlocked(transaction.connection, path)
        folders.delete(transaction, path)
    return NO_CONTENT


def copy_folder(store: Store, call: Call) -> Answer:
    # The name depends on the generation of the client; clients for both send both (api.md, point 30).
    flag = "includeVersions" if "includeVersions" in call.body else "includeFileVersions"
    source, target = _source_and_target(call)
    return _start(store, Job("COPY_FOLDER", source, target, include_versions=body_flag(call, flag)))


def move_folder(store: Store, call: Call) -> Answer:
    return _start(store, Job("MOVE_FOLDER", *_source_and_target(call)))


def _source_and_target(call: Call) -> tuple[str, str]:
    """Return the source folder of a job, and its new path: in the destination, under the same name."""
    check_missing(call, "sourceFolderPath", "destinationPath")
    source = source_path(body_text(call, "sourceFolderPath"))
    destination = clean_folder_path(body_text(call, "destinationPath"))
    if source == "/":
        raise ApiError(400, "sourceFolderPath cannot be root.", "SOURCE_IS_ROOT")
    parent, name = split_path(source)
    if destination in (source, parent):
        raise ApiError(400, "sourceFolderPath and destinationPath is same", "SAME_SOURCE_AND_DESTINATION")
    if is_inside(destination, source):
        message = "This operation is not allowed because parent folder cannot be moved into child folder."
        raise ApiError(400, message, "INVALID_DESTINATION_PATH")
    return source, join_path(destination, name)


def _start(store: Store, job: Job) -> Answer:
    with store.write() as transaction:
        if not folders.exists(transaction.connection, job.source):
            raise ApiError(404, f"No files & folder found at sourceFolderPath {job.source}", "NO_FILES_FOLDER")
        _check_size(transaction, job.source)
        return Answer(200, {"jobId": folder_jobs.start_job(transaction, job)})


def rename_folder(store: Store, call: Call) -> Answer:
    for name in ("folderPath", "newFolderName"):
        if not call.body.get(name):
            raise ApiError(400, f"{name} parameter is missing.")
    path, given = source_path(body_text(call, "folderPath")), body_text(call, "newFolderName")
    purge_cache = body_flag(call, "purgeCache")
    if path == "/":
        raise ApiError(400, "folderPath cannot be root.")
    _check_folder_name("newFolderName", given)
    target = join_path(split_path(path)[0], clean_folder_name(given))
    with store.write() as transaction:
        if not folders.exists(transaction.connection, path):
            raise ApiError(404, "Source folder not found.")
        _check_size(transaction, path)
        if folders.is_taken(transaction.connection, target):
            message = f"Folder with name {split_path(target)[1]} already exists at the same location."
            raise ApiError(409, message)
        job = Job(type="RENAME_FOLDER", source=path, destination=target, purge_cache=purge_cache)
        return Answer(202, {"jobId": folder_jobs.start_job(transaction, job)})


def get_job(store: Store, call: Call) -> Answer:
    with store.read() as connection:
        found = folder_jobs.status(connection, call.path["jobId"])
    if found is None:
        raise ApiError(404, "The requested job does not exist.")
    body = {"jobId": found.id, "type": found.type, "status": found.status}
    if found.status == "Partial success":
        message = "Folder renamed successfully but purging cache on nested files failed."
        return Answer(207, {**body, "message": message, "help": HELP})
    return Answer(200, body | ({"purgeRequestId": found.purge_request_id} if found.purge_request_id else {}))


def _check_folder_name(parameter: str, name: str) -> None:
    if name in (".", ".."):
        raise ApiError(400, "'.' & '..' can not be used as folder-name", "INVALID_FOLDER_PATH")
    if "/" in name:
        raise ApiError(400, f"{parameter} parameter cannot have a slash.")


def _check_size(transaction: Transaction, path: str) -> None:
    limit = transaction.settings.max_folder_assets
    if folders.count_below(transaction.connection, path) > limit:
        message = "Total nested assets (files, folders and file versions) are more than allowed limit of"
        raise ApiError(400, f"{message} {limit} items.", "TOO_MANY_OBJECTS")
