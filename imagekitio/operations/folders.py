"""Folders, and the jobs that copy and move them. ImageKit docs, media API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..models.files import FolderResult
from ..models.folders import (
    CopyFolderRequestOptions,
    CreateFolderRequestOptions,
    DeleteFolderRequestOptions,
    GetBulkJobStatusResult,
    MoveFolderRequestOptions,
)
from ..models.result import ResponseMetadataResult
from .core import Operation, Request
from .encoding import require_options, segment, with_json
from .responses import reads

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Unpack

    from ..models.folders import (
        CopyFolderKeywords,
        CreateFolderKeywords,
        DeleteFolderKeywords,
        MoveFolderKeywords,
    )

_done = reads(ResponseMetadataResult)
_job = reads(FolderResult)
_job_status = reads(GetBulkJobStatusResult)


def create_folder(
    options: CreateFolderRequestOptions | Mapping[str, Any] | None = None,
    **keywords: Unpack[CreateFolderKeywords],
) -> Operation[ResponseMetadataResult]:
    """Create a folder; one that exists already is a success."""
    create = CreateFolderRequestOptions.of(options, keywords)
    require_options(create, "folder_name", "parent_folder_path")
    return Operation(with_json("POST", "/v1/folder", create.to_json(), idempotent=True), _done)


def delete_folder(
    options: DeleteFolderRequestOptions | Mapping[str, Any] | None = None,
    **keywords: Unpack[DeleteFolderKeywords],
) -> Operation[ResponseMetadataResult]:
    """Delete a folder with everything below it."""
    delete = DeleteFolderRequestOptions.of(options, keywords)
    require_options(delete, "folder_path")
    return Operation(with_json("DELETE", "/v1/folder", delete.to_json(), idempotent=True), _done)


def copy_folder(
    options: CopyFolderRequestOptions | Mapping[str, Any] | None = None,
    **keywords: Unpack[CopyFolderKeywords],
) -> Operation[FolderResult]:
    """Start copying a folder into another one."""
    copy = CopyFolderRequestOptions.of(options, keywords)
    require_options(copy, "source_folder_path", "destination_path")
    body = copy.to_json()
    flags = [body[name] for name in ("includeVersions", "includeFileVersions") if name in body]
    if len(flags) == 2 and flags[0] != flags[1]:
        raise ValueError("include_versions and include_file_versions are one option and must not contradict each other")
    if flags:
        # ImageKit docs disagree about the name: 4.x says includeFileVersions, the schema includeVersions.
        body["includeVersions"] = body["includeFileVersions"] = flags[0]
    return Operation(with_json("POST", "/v1/bulkJobs/copyFolder", body, idempotent=False), _job)


def move_folder(
    options: MoveFolderRequestOptions | Mapping[str, Any] | None = None,
    **keywords: Unpack[MoveFolderKeywords],
) -> Operation[FolderResult]:
    """Start moving a folder into another one."""
    move = MoveFolderRequestOptions.of(options, keywords)
    require_options(move, "source_folder_path", "destination_path")
    return Operation(with_json("POST", "/v1/bulkJobs/moveFolder", move.to_json(), idempotent=False), _job)


def get_bulk_job_status(job_id: str) -> Operation[GetBulkJobStatusResult]:
    """Ask how far a job is."""
    return Operation(Request("GET", f"/v1/bulkJobs/{segment(job_id, 'job_id')}"), _job_status)
