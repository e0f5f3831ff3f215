"""Folders, and the jobs that copy, move and rename them. A listed folder is in `files`, beside the files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from .options import UNSET, Options, Unset
from .result import ALWAYS, Result


@dataclass(frozen=True, kw_only=True, repr=False)
class GetBulkJobStatusResult(Result):
    """How far a job is.

    Attributes:
        type: ``COPY_FOLDER``, ``MOVE_FOLDER`` or ``RENAME_FOLDER``.
        status: ``Pending`` or ``Completed``.
        purge_request_id: Only for a rename that purges.
    """

    job_id: str = ALWAYS
    type: str = ALWAYS
    status: str = ALWAYS
    purge_request_id: str | None = None


class CreateFolderKeywords(TypedDict, total=False):
    """The options of `create_folder` as keywords."""

    folder_name: str
    parent_folder_path: str


@dataclass(repr=False)
class CreateFolderRequestOptions(Options):
    """The name of the new folder and where it lies; ``/`` is the root, missing parents are created."""

    folder_name: str | Unset = UNSET
    parent_folder_path: str | Unset = UNSET


class DeleteFolderKeywords(TypedDict, total=False):
    """The options of `delete_folder` as keywords."""

    folder_path: str


@dataclass(repr=False)
class DeleteFolderRequestOptions(Options):
    """Which folder to delete, with everything below it."""

    folder_path: str | Unset = UNSET


class CopyFolderKeywords(TypedDict, total=False):
    """The options of `copy_folder` as keywords."""

    source_folder_path: str
    destination_path: str
    include_file_versions: bool | None
    include_versions: bool | None


@dataclass(repr=False)
class CopyFolderRequestOptions(Options):
    """Which folder to copy into which other one, and whether with all versions of the files.

    `include_file_versions` and `include_versions` are two names of one option.
    """

    source_folder_path: str | Unset = UNSET
    destination_path: str | Unset = UNSET
    include_file_versions: bool | Unset | None = UNSET
    include_versions: bool | Unset | None = UNSET


class MoveFolderKeywords(TypedDict, total=False):
    """The options of `move_folder` as keywords."""

    source_folder_path: str
    destination_path: str


@dataclass(repr=False)
class MoveFolderRequestOptions(Options):
    """Which folder to move into which other one."""

    source_folder_path: str | Unset = UNSET
    destination_path: str | Unset = UNSET
