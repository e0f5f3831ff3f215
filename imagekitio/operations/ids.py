"""Read the IDs of files and versions, for which callers may also pass the file itself."""

from __future__ import annotations

from ..models.details import VersionInfo
from ..models.files import FileResult, FolderResult
from ..models.uploads import UploadFileResult
from .encoding import quote_segment, require_entries, require_text

# The ID of a file, or the file as it was listed or uploaded.
FileId = str | FileResult | UploadFileResult
# The ID of a version, its `VersionInfo`, or the file or version that contains it.
VersionId = str | VersionInfo | FileResult | UploadFileResult


def read_file_id(file: object, name: str = "file_id") -> str:
    """Return the ID of a file; `name` is the name of the argument in messages.

    Raises:
        TypeError: `file` is neither a str nor a file.
        ValueError: `file` is an empty str, a folder, or an upload that is still queued.
    """
    if isinstance(file, (FileResult, UploadFileResult)):
        if file.file_id:
            return file.file_id
        if isinstance(file, FolderResult):
            raise ValueError(f"a folder has no file ID (got {file.folder_path!r})")
        raise ValueError("this file has no ID yet: its upload is still queued")
    if file is not None and not isinstance(file, str):
        raise TypeError(f"{name} must be a str, or a file as listed or uploaded (got {type(file).__name__})")
    return require_text(file, name)


def read_file_ids(files: object) -> list[str]:
    """Return the IDs of one file or more; raises what `read_file_id` raises."""
    return require_entries(files, "file_ids", read_file_id, "IDs or files")


def quote_file_id(file: object) -> str:
    """Return the ID of a file as a segment of a path."""
    return quote_segment(read_file_id(file), "file_id")


def quote_version_id(version: object) -> str:
    """Return the ID of a version as a segment of a path.

    Raises:
        TypeError: `version` is neither a str nor a version.
        ValueError: `version` is an empty str.
    """
    if isinstance(version, (FileResult, UploadFileResult)):
        version = version.version_info
    if isinstance(version, VersionInfo):
        version = version.id
    if version is not None and not isinstance(version, str):
        raise TypeError(f"version_id must be a str, a VersionInfo or a file (got {type(version).__name__})")
    return quote_segment(version, "version_id")
