"""Ids of files and versions, which callers may give as the file that has them."""

from __future__ import annotations

from ..models.details import VersionInfo
from ..models.files import FileResult, FolderResult
from ..models.uploads import UploadFileResult
from .encoding import quote_segment, require_entries, require_text

# The id of a file, or the file as it was listed or uploaded.
FileId = str | FileResult | UploadFileResult
# The id of a version, its `VersionInfo`, or the file or version that has it.
VersionId = str | VersionInfo | FileResult | UploadFileResult


def read_file_id(file: object, name: str = "file_id") -> str:
    """Return the id of a file; `name` names the argument in messages.

    Raises:
        TypeError: `file` is neither a str nor a file.
        ValueError: It is an empty str, a folder, or an upload that is only queued.
    """
    if isinstance(file, (FileResult, UploadFileResult)):
        if file.file_id:
            return file.file_id
        if isinstance(file, FolderResult):
            raise ValueError(f"a folder has no file id (got {file.folder_path!r})")
        raise ValueError("this file has no id yet: its upload is only queued")
    if file is not None and not isinstance(file, str):
        raise TypeError(f"{name} must be a str, or a file as listed or uploaded (got {type(file).__name__})")
    return require_text(file, name)


def read_file_ids(files: object) -> list[str]:
    """Return the ids of the files, of which there must be one at least; raises what `read_file_id` raises."""
    return require_entries(files, "file_ids", read_file_id, "ids or files")


def quote_file_id(file: object) -> str:
    """Return the id of a file as a segment of a path."""
    return quote_segment(read_file_id(file), "file_id")


def quote_version_id(version: object) -> str:
    """Return the id of a version as a segment of a path.

    Raises:
        TypeError: `version` is neither a str nor a version.
        ValueError: It is an empty str.
    """
    if isinstance(version, (FileResult, UploadFileResult)):
        version = version.version_info
    if isinstance(version, VersionInfo):
        version = version.id
    if version is not None and not isinstance(version, str):
        raise TypeError(f"version_id must be a str, a VersionInfo or a file (got {type(version).__name__})")
    return quote_segment(version, "version_id")
