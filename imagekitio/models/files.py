"""Files, the folders in a listing, and the options of operations on a single file."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypedDict

from .details import AITags, EmbeddedMetadata, ExtensionStatus, VersionInfo, read_extension_status
from .moments import to_datetime
from .options import (
    UNSET,
    Options,
    Unset,
    encode_coordinates,
    encode_extensions,
    encode_int,
    encode_object,
    encode_texts,
    encode_texts_or_all,
    join_with_commas,
    option,
)
from .result import ALWAYS, ListResult, Model, Result, list_of, object_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ..search import Query


@dataclass(frozen=True, kw_only=True, repr=False)
class FileResult(Model):
    """A file, or a version of a file.

    Attributes:
        type: ``file``, or ``file-version`` for a version that is not current.
        name: File name, the last part of `file_path`.
        file_id: ID of the file, shared by all its versions.
        file_path: Canonical path in the media library.
        version_info: ID and name of this version.
        created_at, updated_at: Timestamps in UTC, in ISO 8601 with milliseconds.
        url: URL of the file.
        thumbnail: URL of a small preview image.
        file_type: ``image`` or ``non-image``; videos are ``non-image``.
        mime: MIME type, such as ``image/jpeg``.
        size: Size in bytes.
        width, height: Size in pixels; images and videos only.
        has_alpha: Whether the image has an alpha channel.
        is_private_file: Whether delivery requires a signed URL or a named transformation.
        is_published: Whether the file is published; False for a draft.
        tags: Tags that users set; None if there are none.
        ai_tags: Tags that extensions added; empty if there are none.
        custom_coordinates: Area of interest, ``x,y,width,height`` in pixels.
        custom_metadata: Values of custom metadata fields by field name; the names are not changed to snake_case.
        embedded_metadata: EXIF, IPTC and XMP data; empty, and so falsy, if there are none.
        description: Description of the file.
        bit_rate: Bit rate in bits per second; videos only.
        duration: Duration in seconds; videos only.
        video_codec, audio_codec: Names of the codecs; videos only.
        selected_fields_schema: Schemas of custom metadata fields by field name; only with path policies.
        extension_status: Status of each extension by its name: ``success``, ``pending`` or ``failed``; empty unless an
            update named extensions.
    """

    type: str = ALWAYS
    name: str = ALWAYS
    file_id: str = ALWAYS
    file_path: str = ALWAYS
    version_info: VersionInfo = field(default=ALWAYS, metadata=object_of(VersionInfo))
    created_at: str = ALWAYS
    updated_at: str = ALWAYS
    url: str = ALWAYS
    thumbnail: str | None = None
    file_type: str = ALWAYS
    mime: str | None = None
    size: int = ALWAYS
    width: int | None = None
    height: int | None = None
    has_alpha: bool | None = None
    is_private_file: bool = False
    is_published: bool | None = None
    tags: list[str] | None = None
    ai_tags: list[AITags] = field(default_factory=list, metadata=list_of(AITags))
    custom_coordinates: str | None = None
    custom_metadata: dict[str, Any] = ALWAYS
    embedded_metadata: EmbeddedMetadata = field(
        default_factory=EmbeddedMetadata.empty, metadata=object_of(EmbeddedMetadata)
    )
    description: str | None = None
    bit_rate: float | None = None
    duration: float | None = None
    video_codec: str | None = None
    audio_codec: str | None = None
    selected_fields_schema: dict[str, Any] | None = None
    extension_status: ExtensionStatus = field(
        default_factory=ExtensionStatus, metadata={"decode": read_extension_status}
    )

    @property
    def created(self) -> datetime | None:
        """The time of `created_at` as an aware datetime; None if that is None."""
        return None if self.created_at is None else to_datetime(self.created_at)

    @property
    def updated(self) -> datetime | None:
        """The time of `updated_at` as an aware datetime; None if that is None."""
        return None if self.updated_at is None else to_datetime(self.updated_at)


@dataclass(frozen=True, kw_only=True, repr=False)
class FileResultWithResponseMetadata(FileResult, Result):
    """A file or a version, with the response that contained it."""


@dataclass(frozen=True, kw_only=True, repr=False)
class CreatedBy(Model):
    """The user who created a folder.

    Attributes:
        name: Name of the user at that time.
        email: Email address of the user.
    """

    name: str | None = None
    email: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class FolderResult(FileResult, Result):
    """A folder in a listing, or the job that copies, moves or renames a folder.

    The class has both roles, and is a subclass of `FileResult`, as in the published SDK, so all items of a listing have
    one type. For a folder, the attributes that only files have are None. For a job, only `job_id` is set.

    Attributes:
        folder_id: ID of the folder.
        folder_path: Path of the folder, including its name.
        created_by: User who created the folder, if known.
        job_id: ID of the job, for `get_bulk_job_status`.
    """

    folder_id: str = ALWAYS
    folder_path: str = ALWAYS
    created_by: CreatedBy | None = field(default=None, metadata=object_of(CreatedBy))
    job_id: str = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class ListFileResult(ListResult[FileResult]):
    """A listing of files, file versions and folders; a folder is a `FolderResult`."""

    @classmethod
    def _decode_item(cls, data: Any) -> FileResult:
        return FolderResult.from_json(data) if is_folder(data) else FileResult.from_json(data)


def is_folder(data: Any) -> bool:
    """Return whether an item of a listing is a folder."""
    return type(data) is dict and data.get("type") == "folder"


@dataclass(frozen=True, kw_only=True, repr=False)
class RenameFileResult(Result):
    """The result of renaming a file.

    Attributes:
        purge_request_id: ID of the cache purge, for `get_purge_file_cache_status`; None if no purge was requested.
    """

    purge_request_id: str | None = None


def _encode_search_query(value: object) -> str:
    if isinstance(value, str):
        return value
    from ..search import Query  # most listings need no query

    if not isinstance(value, Query):
        raise TypeError(f"must be a query built with imagekitio.search.Q, or a str (got {type(value).__name__})")
    return str(value)


# Source: ImageKit docs, "List and search assets".
ItemType: TypeAlias = Literal["file", "file-version", "folder", "all"]
FileType: TypeAlias = Literal["all", "image", "non-image"]
SortOrder: TypeAlias = Literal[
    "ASC_NAME",
    "DESC_NAME",
    "ASC_CREATED",
    "DESC_CREATED",
    "ASC_UPDATED",
    "DESC_UPDATED",
    "ASC_HEIGHT",
    "DESC_HEIGHT",
    "ASC_WIDTH",
    "DESC_WIDTH",
    "ASC_SIZE",
    "DESC_SIZE",
    "ASC_DURATION",
    "DESC_DURATION",
    "ASC_RELEVANCE",
    "DESC_RELEVANCE",
    "ASC_ORIGINAL_CREATION_DATE",
    "DESC_ORIGINAL_CREATION_DATE",
]


class ListAndSearchFileKeywords(TypedDict, total=False):
    """The options of `list_files` as keywords."""

    type: ItemType | None
    sort: SortOrder | None
    path: str | None
    search_query: Query | str | None
    file_type: FileType | None
    limit: int | None
    skip: int | None
    tags: Sequence[str] | str | None
    include_folder: bool | None
    name: str | None


@dataclass(repr=False)
class ListAndSearchFileRequestOptions(Options):
    """Options of `list_files`. The server checks the values, so values that the API adds later work too.

    Attributes:
        type: Kind of items: ``file`` (default), ``file-version``, ``folder`` or ``all`` (files and folders).
        sort: Order of the items: ``ASC_`` or ``DESC_`` followed by ``NAME``, ``CREATED``, ``UPDATED``, ``HEIGHT``,
            ``WIDTH``, ``SIZE``, ``DURATION``, ``RELEVANCE`` or ``ORIGINAL_CREATION_DATE``; the default is
            ``ASC_CREATED``.
        path: Folder whose direct children are listed; by default the whole library is listed.
        search_query: Query built with `imagekitio.search.Q`, or text in ImageKit's search language; the server then
            ignores `type`, `tags` and `name`.
        file_type: Type of files: ``all`` (default), ``image`` or ``non-image``.
        limit: Maximum number of items, from 1 to 1000 (default).
        skip: Number of items to skip.
        tags: Tags of which a file must have at least one, as a list or as ``a,b``.
        include_folder: Whether to list folders too; `type` is the newer option.
        name: Exact name of the files.
    """

    type: ItemType | str | Unset | None = UNSET
    sort: SortOrder | str | Unset | None = UNSET
    path: str | Unset | None = UNSET
    search_query: Query | str | Unset | None = field(default=UNSET, metadata=option(encode=_encode_search_query))
    file_type: FileType | str | Unset | None = UNSET
    limit: int | Unset | None = field(
        default=UNSET, metadata=option(encode=partial(encode_int, minimum=1, maximum=1000))
    )
    skip: int | Unset | None = field(default=UNSET, metadata=option(encode=partial(encode_int, minimum=0)))
    tags: Sequence[str] | str | Unset | None = field(default=UNSET, metadata=option(encode=join_with_commas))
    include_folder: bool | Unset | None = UNSET
    name: str | Unset | None = UNSET


@dataclass(repr=False)
class PublishOptions(Options):
    """Options that publish or unpublish a file; a feature of enterprise plans.

    Attributes:
        is_published: Whether to publish the file; required.
        include_file_versions: Whether to change all older versions too (default False).
    """

    is_published: bool | Unset = UNSET
    include_file_versions: bool | Unset | None = UNSET


def _encode_publish(value: object) -> dict[str, Any]:
    return PublishOptions.of(value).to_json()


class UpdateFileKeywords(TypedDict, total=False):
    """The options of `update_file_details` as keywords."""

    remove_ai_tags: Sequence[str] | Literal["all"] | None
    webhook_url: str | None
    extensions: Sequence[Mapping[str, Any]] | None
    tags: Sequence[str] | None
    custom_coordinates: Sequence[int] | str | None
    custom_metadata: Mapping[str, Any] | None
    description: str | None
    publish: PublishOptions | Mapping[str, Any] | None


@dataclass(repr=False)
class UpdateFileRequestOptions(Options):
    """Options of `update_file_details`. Attributes that are not set stay unchanged.

    Attributes:
        remove_ai_tags: Names of the AI tags to remove, or ``all``; they are removed before the extensions run.
        webhook_url: URL that the service calls when pending extensions finish.
        extensions: Extensions to run: ``[{"name": "google-auto-tagging", "minConfidence": 80, "maxTags": 10}, …]``.
        tags: Tags that replace all existing ones; None or an empty list removes all tags.
        custom_coordinates: Area of interest in pixels, ``(x, y, width, height)`` or ``x,y,width,height`` as a str; None
            removes it.
        custom_metadata: Values by field name, merged with the existing ones; None as a value unsets the field.
        description: New description; None removes it.
        publish: A `PublishOptions` or a dict; cannot be combined with other options.
    """

    remove_ai_tags: Sequence[str] | Literal["all"] | Unset | None = field(
        default=UNSET, metadata=option(encode=encode_texts_or_all)
    )
    webhook_url: str | Unset | None = UNSET
    extensions: Sequence[Mapping[str, Any]] | Unset | None = field(
        default=UNSET, metadata=option(encode=encode_extensions)
    )
    tags: Sequence[str] | Unset | None = field(default=UNSET, metadata=option(nullable=True, encode=encode_texts))
    custom_coordinates: Sequence[int] | str | Unset | None = field(
        default=UNSET, metadata=option(nullable=True, encode=encode_coordinates)
    )
    custom_metadata: Mapping[str, Any] | Unset | None = field(default=UNSET, metadata=option(encode=encode_object))
    description: str | Unset | None = field(default=UNSET, metadata=option(nullable=True))
    publish: PublishOptions | Mapping[str, Any] | Unset | None = field(
        default=UNSET, metadata=option(encode=_encode_publish)
    )


class CopyFileKeywords(TypedDict, total=False):
    """The options of `copy_file` as keywords."""

    source_file_path: str
    destination_path: str
    include_file_versions: bool | None


@dataclass(repr=False)
class CopyFileRequestOptions(Options):
    """Options of `copy_file`.

    Attributes:
        source_file_path: Path of the file to copy; required.
        destination_path: Folder into which to copy it; required. Missing folders are created.
        include_file_versions: Whether to copy all versions rather than only the current one (default False).
    """

    source_file_path: str | Unset = UNSET
    destination_path: str | Unset = UNSET
    include_file_versions: bool | Unset | None = UNSET


class MoveFileKeywords(TypedDict, total=False):
    """The options of `move_file` as keywords."""

    source_file_path: str
    destination_path: str


@dataclass(repr=False)
class MoveFileRequestOptions(Options):
    """Options of `move_file`. All versions of the file are moved.

    Attributes:
        source_file_path: Path of the file to move; required.
        destination_path: Folder into which to move it; required. Missing folders are created.
    """

    source_file_path: str | Unset = UNSET
    destination_path: str | Unset = UNSET


class RenameFileKeywords(TypedDict, total=False):
    """The options of `rename_file` as keywords."""

    file_path: str
    new_file_name: str
    purge_cache: bool | None


@dataclass(repr=False)
class RenameFileRequestOptions(Options):
    """Options of `rename_file`.

    Attributes:
        file_path: Path of the file to rename; required.
        new_file_name: New name, without a folder; required.
        purge_cache: Whether to purge the old URL from the caches (default False).
    """

    file_path: str | Unset = UNSET
    new_file_name: str | Unset = UNSET
    purge_cache: bool | Unset | None = UNSET
