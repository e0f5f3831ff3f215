"""`imagekit.folders`: folders, and the jobs that copy, move and rename them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..models.folders import GetBulkJobStatusResult
from ..operations import folders
from .call import Call, Group, ModeT, RawT
from .results import read_as

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ..models.files import FolderResult
    from ..models.folders import (
        CopyFolderKeywords,
        CreateFolderKeywords,
        DeleteFolderKeywords,
        MoveFolderKeywords,
        RenameFolderKeywords,
    )
    from ..models.result import ResponseMetadataResult
    from ..operations.core import Operation


@Call
def get_job(job_id: str) -> Operation[GetBulkJobStatusResult]:
    """Return the status of a job; see `ImageKit.get_bulk_job_status`."""
    return read_as(folders.get_bulk_job_status(job_id), GetBulkJobStatusResult.from_answer)


class JobGroup(Group[ModeT, RawT]):
    """`imagekit.folders.job`: jobs."""

    get = get_job

    @property
    def with_raw_response(self) -> JobGroup[RawT, RawT]:
        """The same calls, but returning the raw response instead of the result."""
        return JobGroup(self._raw, self._raw)


@Call
def create_folder(**options: Unpack[CreateFolderKeywords]) -> Operation[ResponseMetadataResult]:
    """Create a folder and any missing parents; see `ImageKit.create_folder`."""
    return folders.create_folder(**options)


@Call
def delete_folder(**options: Unpack[DeleteFolderKeywords]) -> Operation[ResponseMetadataResult]:
    """Delete a folder and everything in it; see `ImageKit.delete_folder`."""
    return folders.delete_folder(**options)


@Call
def copy_folder(**options: Unpack[CopyFolderKeywords]) -> Operation[FolderResult]:
    """Start a job that copies a folder; see `ImageKit.copy_folder`."""
    return folders.copy_folder(**options)


@Call
def move_folder(**options: Unpack[MoveFolderKeywords]) -> Operation[FolderResult]:
    """Start a job that moves a folder; see `ImageKit.move_folder`."""
    return folders.move_folder(**options)


@Call
def rename_folder(**options: Unpack[RenameFolderKeywords]) -> Operation[FolderResult]:
    """Start a job that renames a folder; see `ImageKit.rename_folder`."""
    return folders.rename_folder(**options)


class FoldersGroup(Group[ModeT, RawT]):
    """`imagekit.folders`: folders."""

    create = create_folder
    delete = delete_folder
    copy = copy_folder
    move = move_folder
    rename = rename_folder

    @property
    def job(self) -> JobGroup[ModeT, RawT]:
        """Jobs that copy, move and rename folders."""
        return JobGroup(self._mode, self._raw)

    @property
    def with_raw_response(self) -> FoldersGroup[RawT, RawT]:
        """The same calls, but returning the raw response instead of the result."""
        return FoldersGroup(self._raw, self._raw)
