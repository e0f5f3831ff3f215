"""Files and their versions: list, read, update, delete, copy, move, rename. Source: ImageKit docs, media API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..models.files import (
    CopyFileRequestOptions,
    FileResultWithResponseMetadata,
    ListAndSearchFileRequestOptions,
    ListFileResult,
    MoveFileRequestOptions,
    RenameFileRequestOptions,
    RenameFileResult,
    UpdateFileRequestOptions,
)
from ..models.result import ResponseMetadataResult
from .core import Operation, Request
from .encoding import build_get, build_json_request, quote_segment, require_options
from .responses import parse_as

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Unpack

    from ..models.files import (
        CopyFileKeywords,
        ListAndSearchFileKeywords,
        MoveFileKeywords,
        RenameFileKeywords,
        UpdateFileKeywords,
    )

_parse_file = parse_as(FileResultWithResponseMetadata)
_parse_files = parse_as(ListFileResult)
_parse_renaming = parse_as(RenameFileResult)
_parse_nothing = parse_as(ResponseMetadataResult)


def list_files(
    options: ListAndSearchFileRequestOptions | Mapping[str, Any] | None = None,
    **keywords: Unpack[ListAndSearchFileKeywords],
) -> Operation[ListFileResult]:
    """List or search files, versions and folders."""
    query = ListAndSearchFileRequestOptions.of(options, keywords).to_json()
    return Operation(build_get("/v1/files", query), _parse_files)


def get_file_details(file_id: str) -> Operation[FileResultWithResponseMetadata]:
    """Read the current version of a file."""
    return Operation(Request("GET", f"/v1/files/{quote_segment(file_id, 'file_id')}/details"), _parse_file)


def get_file_versions(file_id: str) -> Operation[ListFileResult]:
    """List the versions of a file: the current one first, then the others from newest to oldest."""
    return Operation(Request("GET", f"/v1/files/{quote_segment(file_id, 'file_id')}/versions"), _parse_files)


def get_file_version_details(file_id: str, version_id: str) -> Operation[FileResultWithResponseMetadata]:
    """Read a version of a file."""
    return Operation(Request("GET", _build_version_path(file_id, version_id)), _parse_file)


def update_file_details(
    file_id: str,
    options: UpdateFileRequestOptions | Mapping[str, Any] | None = None,
    **keywords: Unpack[UpdateFileKeywords],
) -> Operation[FileResultWithResponseMetadata]:
    """Change the tags, coordinates, custom metadata, description or publication of a file, or run extensions on it."""
    path = f"/v1/files/{quote_segment(file_id, 'file_id')}/details"
    body = UpdateFileRequestOptions.of(options, keywords).to_json()
    return Operation(build_json_request("PATCH", path, body, idempotent=False), _parse_file)


def delete_file(file_id: str) -> Operation[ResponseMetadataResult]:
    """Delete a file with all its versions. Caches keep it until they are purged."""
    return Operation(Request("DELETE", f"/v1/files/{quote_segment(file_id, 'file_id')}"), _parse_nothing)


def delete_file_version(file_id: str, version_id: str) -> Operation[ResponseMetadataResult]:
    """Delete a version of a file that is not the current one."""
    return Operation(Request("DELETE", _build_version_path(file_id, version_id)), _parse_nothing)


def restore_file_version(file_id: str, version_id: str) -> Operation[FileResultWithResponseMetadata]:
    """Make an old version of a file the current one."""
    path = f"{_build_version_path(file_id, version_id)}/restore"
    return Operation(Request("PUT", path, idempotent=False), _parse_file)


def copy_file(
    options: CopyFileRequestOptions | Mapping[str, Any] | None = None, **keywords: Unpack[CopyFileKeywords]
) -> Operation[ResponseMetadataResult]:
    """Copy a file into another folder."""
    copy = CopyFileRequestOptions.of(options, keywords)
    require_options(copy, "source_file_path", "destination_path")
    return Operation(build_json_request("POST", "/v1/files/copy", copy.to_json(), idempotent=False), _parse_nothing)


def move_file(
    options: MoveFileRequestOptions | Mapping[str, Any] | None = None, **keywords: Unpack[MoveFileKeywords]
) -> Operation[ResponseMetadataResult]:
    """Move a file into another folder."""
    move = MoveFileRequestOptions.of(options, keywords)
    require_options(move, "source_file_path", "destination_path")
    return Operation(build_json_request("POST", "/v1/files/move", move.to_json(), idempotent=False), _parse_nothing)


def rename_file(
    options: RenameFileRequestOptions | Mapping[str, Any] | None = None,
    **keywords: Unpack[RenameFileKeywords],
) -> Operation[RenameFileResult]:
    """Give a file another name in its folder."""
    rename = RenameFileRequestOptions.of(options, keywords)
    require_options(rename, "file_path", "new_file_name")
    return Operation(build_json_request("PUT", "/v1/files/rename", rename.to_json(), idempotent=False), _parse_renaming)


def _build_version_path(file_id: str, version_id: str) -> str:
    return f"/v1/files/{quote_segment(file_id, 'file_id')}/versions/{quote_segment(version_id, 'version_id')}"
