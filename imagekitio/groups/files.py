"""`imagekit.files` and `imagekit.assets`: files, many files at once, versions, metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..models.bulk import BulkDeleteFileResult, TagsResult
from ..models.files import RenameFileResult
from ..operations import bulk, files, metadata, uploads
from .call import Call, Group, ModeT, RawT
from .results import AssetList, File, Folder, read_as, read_list, read_nothing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from typing_extensions import Unpack

    from ..models.details import GetMetadataResult
    from ..models.files import (
        CopyFileKeywords,
        ListAndSearchFileKeywords,
        MoveFileKeywords,
        RenameFileKeywords,
        UpdateFileKeywords,
    )
    from ..models.result import ResponseMetadataResult
    from ..models.uploads import UploadFileKeywords, UploadFileResult
    from ..operations.core import Operation
    from ..operations.ids import FileId, VersionId
    from ..operations.sources import Uploadable


@Call
def list_assets(**options: Unpack[ListAndSearchFileKeywords]) -> Operation[list[File | Folder]]:
    """List or search files, versions and folders; see `ImageKit.list_files`."""
    return read_list(files.list_files(**options), AssetList)


class AssetsGroup(Group[ModeT, RawT]):
    """`imagekit.assets`: files and folders."""

    list = list_assets

    @property
    def with_raw_response(self) -> AssetsGroup[RawT, RawT]:
        """The same calls, but returning the raw response instead of the result."""
        return AssetsGroup(self._raw, self._raw)


@Call
def add_tags(*, file_ids: Iterable[FileId], tags: Iterable[str]) -> Operation[TagsResult]:
    """Add tags to files; see `ImageKit.add_tags`."""
    return read_as(bulk.add_tags(file_ids, tags), TagsResult.from_answer)


@Call
def delete_files(*, file_ids: Iterable[FileId]) -> Operation[BulkDeleteFileResult]:
    """Delete files and all their versions; see `ImageKit.bulk_file_delete`."""
    return read_as(bulk.bulk_file_delete(file_ids), BulkDeleteFileResult.from_answer)


@Call
def remove_ai_tags(*, ai_tags: Iterable[str], file_ids: Iterable[FileId]) -> Operation[TagsResult]:
    """Remove AI tags from files; see `ImageKit.remove_ai_tags`."""
    return read_as(bulk.remove_ai_tags(file_ids, ai_tags), TagsResult.from_answer)


@Call
def remove_tags(*, file_ids: Iterable[FileId], tags: Iterable[str]) -> Operation[TagsResult]:
    """Remove tags from files; see `ImageKit.remove_tags`."""
    return read_as(bulk.remove_tags(file_ids, tags), TagsResult.from_answer)


class BulkGroup(Group[ModeT, RawT]):
    """`imagekit.files.bulk`: many files at once."""

    add_tags = add_tags
    delete = delete_files
    remove_ai_tags = remove_ai_tags
    remove_tags = remove_tags

    @property
    def with_raw_response(self) -> BulkGroup[RawT, RawT]:
        """The same calls, but returning the raw response instead of the result."""
        return BulkGroup(self._raw, self._raw)


@Call
def list_versions(file_id: FileId) -> Operation[list[File | Folder]]:
    """Return all versions of a file, the current one first; see `ImageKit.get_file_versions`."""
    return read_list(files.get_file_versions(file_id), AssetList)


@Call
def get_version(version_id: VersionId, *, file_id: FileId) -> Operation[File]:
    """Return one version of a file; see `ImageKit.get_file_version_details`."""
    return read_as(files.get_file_version_details(file_id, version_id), File.from_answer)


@Call
def restore_version(version_id: VersionId, *, file_id: FileId) -> Operation[File]:
    """Make a version of a file the current one; see `ImageKit.restore_file_version`."""
    return read_as(files.restore_file_version(file_id, version_id), File.from_answer)


@Call
def delete_version(version_id: VersionId, *, file_id: FileId) -> Operation[ResponseMetadataResult]:
    """Delete a version of a file; see `ImageKit.delete_file_version`."""
    return files.delete_file_version(file_id, version_id)


class VersionsGroup(Group[ModeT, RawT]):
    """`imagekit.files.versions`: versions of a file."""

    list = list_versions
    get = get_version
    restore = restore_version
    delete = delete_version

    @property
    def with_raw_response(self) -> VersionsGroup[RawT, RawT]:
        """The same calls, but returning the raw response instead of the result."""
        return VersionsGroup(self._raw, self._raw)


@Call
def get_metadata(file_id: FileId) -> Operation[GetMetadataResult]:
    """Return the metadata of a file's content; see `ImageKit.get_file_metadata`."""
    return metadata.get_file_metadata(file_id)


@Call
def get_metadata_from_url(*, url: str) -> Operation[GetMetadataResult]:
    """Return the metadata of the file that a URL delivers; see `ImageKit.get_remote_file_url_metadata`."""
    return metadata.get_remote_file_url_metadata(url)


class MetadataGroup(Group[ModeT, RawT]):
    """`imagekit.files.metadata`: metadata of the content of files."""

    get = get_metadata
    get_from_url = get_metadata_from_url

    @property
    def with_raw_response(self) -> MetadataGroup[RawT, RawT]:
        """The same calls, but returning the raw response instead of the result."""
        return MetadataGroup(self._raw, self._raw)


@Call
def get_file(file_id: FileId) -> Operation[File]:
    """Return the current version of a file; see `ImageKit.get_file_details`."""
    return read_as(files.get_file_details(file_id), File.from_answer)


@Call
def update_file(file_id: FileId, **options: Unpack[UpdateFileKeywords]) -> Operation[File]:
    """Change a file, or run extensions on it; see `ImageKit.update_file_details`."""
    return read_as(files.update_file_details(file_id, **options), File.from_answer)


@Call
def delete_file(file_id: FileId) -> Operation[None]:
    """Delete a file and all its versions; see `ImageKit.delete_file`."""
    return read_nothing(files.delete_file(file_id))


@Call
def copy_file(**options: Unpack[CopyFileKeywords]) -> Operation[ResponseMetadataResult]:
    """Copy a file into another folder; see `ImageKit.copy_file`."""
    return files.copy_file(**options)


@Call
def move_file(**options: Unpack[MoveFileKeywords]) -> Operation[ResponseMetadataResult]:
    """Move a file into another folder; see `ImageKit.move_file`."""
    return files.move_file(**options)


@Call
def rename_file(**options: Unpack[RenameFileKeywords]) -> Operation[RenameFileResult]:
    """Rename a file; see `ImageKit.rename_file`."""
    return read_as(files.rename_file(**options), RenameFileResult.from_answer)


@Call
def upload_file(
    *, file: Uploadable, file_name: str, **options: Unpack[UploadFileKeywords]
) -> Operation[UploadFileResult]:
    """Upload a file; see `ImageKit.upload_file`."""
    return uploads.upload_file(file, file_name, **options)


class FilesGroup(Group[ModeT, RawT]):
    """`imagekit.files`: files."""

    get = get_file
    update = update_file
    delete = delete_file
    copy = copy_file
    move = move_file
    rename = rename_file
    upload = upload_file

    @property
    def bulk(self) -> BulkGroup[ModeT, RawT]:
        """Many files at once."""
        return BulkGroup(self._mode, self._raw)

    @property
    def versions(self) -> VersionsGroup[ModeT, RawT]:
        """Versions of a file."""
        return VersionsGroup(self._mode, self._raw)

    @property
    def metadata(self) -> MetadataGroup[ModeT, RawT]:
        """Metadata of the content of files."""
        return MetadataGroup(self._mode, self._raw)

    @property
    def with_raw_response(self) -> FilesGroup[RawT, RawT]:
        """The same calls, but returning the raw response instead of the result."""
        return FilesGroup(self._raw, self._raw)
