"""Folders, and the jobs that copy, move and rename them. Source: ImageKit docs, media API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..models.files import FolderResult
from ..models.folders import (
    CopyFolderRequestOptions,
    CreateFolderRequestOptions,
    DeleteFolderRequestOptions,
    GetBulkJobStatusResult,
    MoveFolderRequestOptions,
    RenameFolderRequestOptions,
)
from ..models.result import ResponseMetadataResult
from .core import Operation, Request
from .encoding import build_json_request, quote_segment, require_options
from .responses import parse_as

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Unpack

    from ..models.folders import (
        CopyFolderKeywords,
        CreateFolderKeywords,
        DeleteFolderKeywords,
        MoveFolderKeywords,
        RenameFolderKeywords,
    )

_parse_nothing = parse_as(ResponseMetadataResult)
_parse_job = parse_as(FolderResult)
_parse_job_status = parse_as(GetBulkJobStatusResult)


def create_folder(
    options: CreateFolderRequestOptions | Mapping[str, Any] | None = None,
    **keywords: Unpack[CreateFolderKeywords],
) -> Operation[ResponseMetadataResult]:
    """Create a folder. If it exists, nothing changes."""
    create = CreateFolderRequestOptions.of(options, keywords)
    require_options(create, "folder_name", "parent_folder_path")
    return Operation(build_json_request("POST", "/v1/folder", create.to_json(), idempotent=True), _parse_nothing)


def delete_folder(
    options: DeleteFolderRequestOptions | Mapping[str, Any] | None = None,
    **keywords: Unpack[DeleteFolderKeywords],
) -> Operation[ResponseMetadataResult]:
    """Delete a folder with everything in it."""
    delete = DeleteFolderRequestOptions.of(options, keywords)
    require_options(delete, "folder_path")
    return Operation(build_json_request("DELETE", "/v1/folder", delete.to_json(), idempotent=True), _parse_nothing)


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
        raise ValueError("include_versions and include_file_versions are names for the same option and must not differ")
    if flags:
        # ImageKit docs disagree about the name: includeFileVersions in 4.x, includeVersions in the schema.
        body["includeVersions"] = body["includeFileVersions"] = flags[0]
    return Operation(build_json_request("POST", "/v1/bulkJobs/copyFolder", body, idempotent=False), _parse_job)


def move_folder(
    options: MoveFolderRequestOptions | Mapping[str, Any] | None = None,
    **keywords: Unpack[MoveFolderKeywords],
) -> Operation[FolderResult]:
    """Start moving a folder into another one."""
    move = MoveFolderRequestOptions.of(options, keywords)
    require_options(move, "source_folder_path", "destination_path")
    return Operation(
        build_json_request("POST", "/v1/bulkJobs/moveFolder", move.to_json(), idempotent=False), _parse_job
    )


def rename_folder(
    options: RenameFolderRequestOptions | Mapping[str, Any] | None = None,
    **keywords: Unpack[RenameFolderKeywords],
) -> Operation[FolderResult]:
    """Start renaming a folder."""
    rename = RenameFolderRequestOptions.of(options, keywords)
    require_options(rename, "folder_path", "new_folder_name")
    return Operation(
        build_json_request("POST", "/v1/bulkJobs/renameFolder", rename.to_json(), idempotent=False), _parse_job
    )


def get_bulk_job_status(job_id: str) -> Operation[GetBulkJobStatusResult]:
    """Return the progress of a job."""
    return Operation(Request("GET", f"/v1/bulkJobs/{quote_segment(job_id, 'job_id')}"), _parse_job_status)
