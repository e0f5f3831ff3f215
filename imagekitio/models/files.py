"""Files, folders as they are listed among them, and what changes them one by one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from .details import AITags, EmbeddedMetadata, VersionInfo
from .options import UNSET, Options, Unset, comma_joined, extensions, option, texts, texts_or_all
from .result import ALWAYS, ListResult, Model, Result, nested, nested_list

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True, kw_only=True, repr=False)
class FileResult(Model):
    """A file, or a version of one.

    Attributes:
        type: ``file``; ``file-version`` for one that is not current.
        file_path: Canonical path in the media library.
        created_at, updated_at: ISO 8601 in UTC with milliseconds.
        custom_coordinates: ``x,y,width,height`` in pixels.
        custom_metadata: Field name → value; the names are yours and stay as they are.
        file_type: ``image`` or ``non-image``, which videos are too.
        size: Bytes.
        width, height: Pixels; images and videos only.
        bit_rate: Bits per second; videos only, as are `duration` (seconds), `video_codec` and `audio_codec`.
        extension_status: Extension → ``success``, ``pending`` or ``failed``; only after an update with extensions.
        selected_fields_schema: Field name → schema; only with path policies.
    """

    type: str = ALWAYS
    name: str = ALWAYS
    file_id: str = ALWAYS
    file_path: str = ALWAYS
    version_info: VersionInfo = field(default=ALWAYS, metadata=nested(VersionInfo))
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
    is_private_file: bool = ALWAYS
    is_published: bool | None = None
    tags: list[str] | None = None
    ai_tags: list[AITags] | None = field(default=None, metadata=nested_list(AITags))
    custom_coordinates: str | None = None
    custom_metadata: dict[str, Any] = ALWAYS
    embedded_metadata: EmbeddedMetadata | None = field(default=None, metadata=nested(EmbeddedMetadata))
    description: str | None = None
    bit_rate: float | None = None
    duration: float | None = None
    video_codec: str | None = None
    audio_codec: str | None = None
    selected_fields_schema: dict[str, Any] | None = None
    extension_status: dict[str, str] | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class FileResultWithResponseMetadata(FileResult, Result):
    """A file or a version, as the only content of an answer."""


@dataclass(frozen=True, kw_only=True, repr=False)
class CreatedBy(Model):
    """Who made a folder; the name as it was then."""

    name: str | None = None
    email: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class FolderResult(FileResult, Result):
    """A folder in a list, or the job that copies, moves or renames one: the published class has both roles.

    It is a `FileResult`, so that a list has items of one type, as published. In a folder the fields that only files
    have read as None; a job has nothing but `job_id`, for `get_bulk_job_status`.
    """

    folder_id: str = ALWAYS
    folder_path: str = ALWAYS
    created_by: CreatedBy | None = field(default=None, metadata=nested(CreatedBy))
    job_id: str = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class ListFileResult(ListResult[FileResult]):
    """Files, file versions and folders; a folder is a `FolderResult`."""

    @classmethod
    def _item(cls, data: Any) -> FileResult:
        is_folder = type(data) is dict and data.get("type") == "folder"
        return FolderResult.from_json(data) if is_folder else FileResult.from_json(data)


@dataclass(frozen=True, kw_only=True, repr=False)
class RenameFileResult(Result):
    """A file has its new name; `purge_request_id` is there when its cache is being purged."""

    purge_request_id: str | None = None


def whole_number(minimum: int, maximum: int | None = None) -> Callable[[object], int]:
    """Return what reads an option that is such a number, also as decimal digits in a text."""
    wanted = f"at least {minimum}" if maximum is None else f"from {minimum} to {maximum}"

    def encode(value: object) -> int:
        number = int(value) if isinstance(value, str) and value.isdecimal() else value
        if not isinstance(number, int) or isinstance(number, bool):
            raise TypeError(f"must be a whole number (got {value!r})")
        if number < minimum or (maximum is not None and number > maximum):
            raise ValueError(f"must be {wanted} (got {number})")
        return number

    return encode


class ListAndSearchFileKeywords(TypedDict, total=False):
    """The options of `list_files` as keywords."""

    type: str | None
    sort: str | None
    path: str | None
    search_query: str | None
    file_type: str | None
    limit: int | None
    skip: int | None
    tags: Sequence[str] | str | None
    include_folder: bool | None
    name: str | None


@dataclass(repr=False)
class ListAndSearchFileRequestOptions(Options):
    """What to list, in which order. The server knows the values, and may learn more than are named here.

    Attributes:
        type: ``file`` (default), ``file-version``, ``folder`` or ``all``.
        sort: ``ASC_`` or ``DESC_`` and ``NAME``, ``CREATED``, ``UPDATED``, ``HEIGHT``, ``WIDTH``, ``SIZE``,
            ``DURATION`` or ``RELEVANCE``; the default is ``ASC_CREATED``.
        path: Only what lies directly in this folder; by default the whole library.
        search_query: An expression of ImageKit's search language; the server ignores `type`, `tags` and `name` then.
        file_type: ``all`` (default), ``image`` or ``non-image``.
        limit: Items in the answer, 1 to 1000 (default).
        skip: Items to leave out at the beginning.
        tags: Any of these, as a list or as ``a,b``.
        include_folder: Folders too; `type` is the newer way.
        name: Exact name.
    """

    type: str | Unset | None = UNSET
    sort: str | Unset | None = UNSET
    path: str | Unset | None = UNSET
    search_query: str | Unset | None = UNSET
    file_type: str | Unset | None = UNSET
    limit: int | Unset | None = field(default=UNSET, metadata=option(encode=whole_number(1, 1000)))
    skip: int | Unset | None = field(default=UNSET, metadata=option(encode=whole_number(0)))
    tags: Sequence[str] | str | Unset | None = field(default=UNSET, metadata=option(encode=comma_joined))
    include_folder: bool | Unset | None = UNSET
    name: str | Unset | None = UNSET


@dataclass(repr=False)
class PublishOptions(Options):
    """Publish or unpublish a file; a feature of enterprise plans."""

    is_published: bool | Unset = UNSET
    include_file_versions: bool | Unset | None = UNSET


def _publish(value: object) -> dict[str, Any]:
    return PublishOptions.of(value).to_json()


class UpdateFileKeywords(TypedDict, total=False):
    """The options of `update_file_details` as keywords."""

    remove_ai_tags: Sequence[str] | Literal["all"] | None
    webhook_url: str | None
    extensions: Sequence[Mapping[str, Any]] | None
    tags: Sequence[str] | None
    custom_coordinates: str | None
    custom_metadata: Mapping[str, Any] | None
    description: str | None
    publish: PublishOptions | Mapping[str, Any] | None


@dataclass(repr=False)
class UpdateFileRequestOptions(Options):
    """What to change of a file. What is not set stays.

    Attributes:
        remove_ai_tags: Names of AI tags, or ``all``; done before the extensions.
        webhook_url: Is called for extensions that finish later.
        extensions: ``[{"name": "google-auto-tagging", "minConfidence": 80, "maxTags": 10}, …]``.
        tags: Replace all tags; None or an empty list clears them.
        custom_coordinates: ``x,y,width,height`` in pixels; None clears them.
        custom_metadata: Field name → value, merged with what is there; a value of None unsets the field.
        description: None clears it.
        publish: Cannot be mixed with the other options.
    """

    remove_ai_tags: Sequence[str] | Literal["all"] | Unset | None = field(
        default=UNSET, metadata=option(encode=texts_or_all)
    )
    webhook_url: str | Unset | None = UNSET
    extensions: Sequence[Mapping[str, Any]] | Unset | None = field(default=UNSET, metadata=option(encode=extensions))
    tags: Sequence[str] | Unset | None = field(default=UNSET, metadata=option(nullable=True, encode=texts))
    custom_coordinates: str | Unset | None = field(default=UNSET, metadata=option(nullable=True))
    custom_metadata: Mapping[str, Any] | Unset | None = UNSET
    description: str | Unset | None = field(default=UNSET, metadata=option(nullable=True))
    publish: PublishOptions | Mapping[str, Any] | Unset | None = field(default=UNSET, metadata=option(encode=_publish))


class CopyFileKeywords(TypedDict, total=False):
    """The options of `copy_file` as keywords."""

    source_file_path: str
    destination_path: str
    include_file_versions: bool | None


@dataclass(repr=False)
class CopyFileRequestOptions(Options):
    """Which file to copy into which folder, and whether with all its versions (default: only the current one)."""

    source_file_path: str | Unset = UNSET
    destination_path: str | Unset = UNSET
    include_file_versions: bool | Unset | None = UNSET


class MoveFileKeywords(TypedDict, total=False):
    """The options of `move_file` as keywords."""

    source_file_path: str
    destination_path: str


@dataclass(repr=False)
class MoveFileRequestOptions(Options):
    """Which file to move into which folder; all its versions go with it."""

    source_file_path: str | Unset = UNSET
    destination_path: str | Unset = UNSET


class RenameFileKeywords(TypedDict, total=False):
    """The options of `rename_file` as keywords."""

    file_path: str
    new_file_name: str
    purge_cache: bool | None


@dataclass(repr=False)
class RenameFileRequestOptions(Options):
    """Which file gets which name, and whether the caches of its old URL are purged (default: they are not)."""

    file_path: str | Unset = UNSET
    new_file_name: str | Unset = UNSET
    purge_cache: bool | Unset | None = UNSET
