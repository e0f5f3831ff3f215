"""Folders, and the jobs that copy, move and rename them. A folder in a listing is defined in `files`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypedDict

from .options import UNSET, Options, Unset, encode_flag, option
from .result import ALWAYS, Result


@dataclass(frozen=True, kw_only=True, repr=False)
class GetBulkJobStatusResult(Result):
    """The progress of a job.

    Attributes:
        job_id: ID of the job.
        type: ``COPY_FOLDER``, ``MOVE_FOLDER`` or ``RENAME_FOLDER``.
        status: ``Pending`` or ``Completed``.
        purge_request_id: ID of the cache purge; only for a rename that purges.
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
    """Options of `create_folder`.

    Attributes:
        folder_name: Name of the new folder; required.
        parent_folder_path: Folder in which to create it, ``/`` for the root; required. Missing parents are created.
    """

    folder_name: str | Unset = UNSET
    parent_folder_path: str | Unset = UNSET


class DeleteFolderKeywords(TypedDict, total=False):
    """The options of `delete_folder` as keywords."""

    folder_path: str


@dataclass(repr=False)
class DeleteFolderRequestOptions(Options):
    """Options of `delete_folder`.

    Attributes:
        folder_path: Folder to delete, together with everything in it; required.
    """

    folder_path: str | Unset = UNSET


class CopyFolderKeywords(TypedDict, total=False):
    """The options of `copy_folder` as keywords."""

    source_folder_path: str
    destination_path: str
    include_file_versions: bool | None
    include_versions: bool | None


@dataclass(repr=False)
class CopyFolderRequestOptions(Options):
    """Options of `copy_folder`.

    Attributes:
        source_folder_path: Folder to copy; required.
        destination_path: Folder into which to copy it; required.
        include_file_versions, include_versions: Whether to copy all versions of each file rather than only the current
            one; two names of the same option.
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
    """Options of `move_folder`.

    Attributes:
        source_folder_path: Folder to move; required.
        destination_path: Folder into which to move it; required.
    """

    source_folder_path: str | Unset = UNSET
    destination_path: str | Unset = UNSET


class RenameFolderKeywords(TypedDict, total=False):
    """The options of `rename_folder` as keywords."""

    folder_path: str
    new_folder_name: str
    purge_cache: bool | None


@dataclass(repr=False)
class RenameFolderRequestOptions(Options):
    """Options of `rename_folder`.

    Attributes:
        folder_path: Folder to rename; required.
        new_folder_name: New name of the folder; required.
        purge_cache: Whether to purge the old URLs of everything in the folder from the caches (default False).
    """

    folder_path: str | Unset = UNSET
    new_folder_name: str | Unset = UNSET
    purge_cache: bool | Unset | None = field(default=UNSET, metadata=option(encode=encode_flag))
