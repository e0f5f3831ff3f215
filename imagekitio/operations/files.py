"""Files and their versions: list, read, update, delete, copy, move, rename. Source: ImageKit docs, media API."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..exceptions import NotFoundException
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
from .encoding import build_get, build_json_request, require_options, require_text
from .ids import quote_file_id, quote_version_id
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
    from .core import Response
    from .ids import FileId, VersionId

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


def get_file_details(file_id: FileId) -> Operation[FileResultWithResponseMetadata]:
    """Read the current version of a file."""
    return Operation(Request("GET", f"/v1/files/{quote_file_id(file_id)}/details"), _parse_file)


def get_file_by_path(path: str) -> Operation[FileResultWithResponseMetadata]:
    """Find a file by its path in the media library.

    The API looks up files only by their ID, so this lists the folder of the file, filtered by its name.
    """
    wanted = f"/{require_text(path, 'path').strip('/')}"
    folder, _, name = wanted.rpartition("/")

    def parse(response: Response) -> FileResultWithResponseMetadata:
        files = _parse_files(response)
        for file in files:
            if file.file_path == wanted and file.type == "file":
                return FileResultWithResponseMetadata.from_answer(replace(files.response_metadata, raw=file.raw))
        raise NotFoundException(f"there is no file {wanted!r} in the media library", "", files.response_metadata)

    return Operation(build_get("/v1/files", {"path": folder or "/", "name": require_text(name, "path")}), parse)


def get_file_versions(file_id: FileId) -> Operation[ListFileResult]:
    """List the versions of a file: the current one first, then the others from newest to oldest."""
    return Operation(Request("GET", f"/v1/files/{quote_file_id(file_id)}/versions"), _parse_files)


def get_file_version_details(file_id: FileId, version_id: VersionId) -> Operation[FileResultWithResponseMetadata]:
    """Read a version of a file."""
    return Operation(Request("GET", _build_version_path(file_id, version_id)), _parse_file)


def update_file_details(
    file_id: FileId,
    options: UpdateFileRequestOptions | Mapping[str, Any] | None = None,
    **keywords: Unpack[UpdateFileKeywords],
) -> Operation[FileResultWithResponseMetadata]:
    """Change the tags, coordinates, custom metadata, description or publication of a file, or run extensions on it."""
    path = f"/v1/files/{quote_file_id(file_id)}/details"
    body = UpdateFileRequestOptions.of(options, keywords).to_json()
    return Operation(build_json_request("PATCH", path, body, idempotent=False), _parse_file)


def delete_file(file_id: FileId) -> Operation[ResponseMetadataResult]:
    """Delete a file with all its versions. Caches keep the file until they are purged."""
    return Operation(Request("DELETE", f"/v1/files/{quote_file_id(file_id)}"), _parse_nothing)


def delete_file_version(file_id: FileId, version_id: VersionId) -> Operation[ResponseMetadataResult]:
    """Delete a version of a file that is not the current one."""
    return Operation(Request("DELETE", _build_version_path(file_id, version_id)), _parse_nothing)


def restore_file_version(file_id: FileId, version_id: VersionId) -> Operation[FileResultWithResponseMetadata]:
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
    """Rename a file within its folder."""
    rename = RenameFileRequestOptions.of(options, keywords)
    require_options(rename, "file_path", "new_file_name")
    return Operation(build_json_request("PUT", "/v1/files/rename", rename.to_json(), idempotent=False), _parse_renaming)


def _build_version_path(file_id: FileId, version_id: VersionId) -> str:
    return f"/v1/files/{quote_file_id(file_id)}/versions/{quote_version_id(version_id)}"
