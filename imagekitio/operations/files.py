"""Files and their versions: list, read, change, delete, copy, move, rename. ImageKit docs, media API."""

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
from .encoding import get, require_options, segment, with_json
from .responses import reads

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

_file = reads(FileResultWithResponseMetadata)
_files = reads(ListFileResult)
_renamed = reads(RenameFileResult)
_done = reads(ResponseMetadataResult)


def list_files(
    options: ListAndSearchFileRequestOptions | Mapping[str, Any] | None = None,
    **keywords: Unpack[ListAndSearchFileKeywords],
) -> Operation[ListFileResult]:
    """List or search files, versions and folders."""
    query = ListAndSearchFileRequestOptions.of(options, keywords).to_json()
    return Operation(get("/v1/files", query), _files)


def get_file_details(file_id: str) -> Operation[FileResultWithResponseMetadata]:
    """Read a file, that is its current version."""
    return Operation(Request("GET", f"/v1/files/{segment(file_id, 'file_id')}/details"), _file)


def get_file_versions(file_id: str) -> Operation[ListFileResult]:
    """List the versions of a file: the current one, then from new to old."""
    return Operation(Request("GET", f"/v1/files/{segment(file_id, 'file_id')}/versions"), _files)


def get_file_version_details(file_id: str, version_id: str) -> Operation[FileResultWithResponseMetadata]:
    """Read a version of a file."""
    return Operation(Request("GET", _version(file_id, version_id)), _file)


def update_file_details(
    file_id: str,
    options: UpdateFileRequestOptions | Mapping[str, Any] | None = None,
    **keywords: Unpack[UpdateFileKeywords],
) -> Operation[FileResultWithResponseMetadata]:
    """Change tags, coordinates, custom metadata, description or publication of a file, or run extensions on it."""
    path = f"/v1/files/{segment(file_id, 'file_id')}/details"
    body = UpdateFileRequestOptions.of(options, keywords).to_json()
    return Operation(with_json("PATCH", path, body, idempotent=False), _file)


def delete_file(file_id: str) -> Operation[ResponseMetadataResult]:
    """Delete a file with its versions. Caches keep it until they are purged."""
    return Operation(Request("DELETE", f"/v1/files/{segment(file_id, 'file_id')}"), _done)


def delete_file_version(file_id: str, version_id: str) -> Operation[ResponseMetadataResult]:
    """Delete a version that is not the current one."""
    return Operation(Request("DELETE", _version(file_id, version_id)), _done)


def restore_file_version(file_id: str, version_id: str) -> Operation[FileResultWithResponseMetadata]:
    """Make an old version the current one."""
    return Operation(Request("PUT", f"{_version(file_id, version_id)}/restore", idempotent=False), _file)


def copy_file(
    options: CopyFileRequestOptions | Mapping[str, Any] | None = None, **keywords: Unpack[CopyFileKeywords]
) -> Operation[ResponseMetadataResult]:
    """Copy a file into another folder."""
    copy = CopyFileRequestOptions.of(options, keywords)
    require_options(copy, "source_file_path", "destination_path")
    return Operation(with_json("POST", "/v1/files/copy", copy.to_json(), idempotent=False), _done)


def move_file(
    options: MoveFileRequestOptions | Mapping[str, Any] | None = None, **keywords: Unpack[MoveFileKeywords]
) -> Operation[ResponseMetadataResult]:
    """Move a file into another folder."""
    move = MoveFileRequestOptions.of(options, keywords)
    require_options(move, "source_file_path", "destination_path")
    return Operation(with_json("POST", "/v1/files/move", move.to_json(), idempotent=False), _done)


def rename_file(
    options: RenameFileRequestOptions | Mapping[str, Any] | None = None,
    **keywords: Unpack[RenameFileKeywords],
) -> Operation[RenameFileResult]:
    """Give a file another name in its folder."""
    rename = RenameFileRequestOptions.of(options, keywords)
    require_options(rename, "file_path", "new_file_name")
    return Operation(with_json("PUT", "/v1/files/rename", rename.to_json(), idempotent=False), _renamed)


def _version(file_id: str, version_id: str) -> str:
    return f"/v1/files/{segment(file_id, 'file_id')}/versions/{segment(version_id, 'version_id')}"
