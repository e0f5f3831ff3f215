"""Options and results of uploads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypedDict, get_args

from ..suggestions import did_you_mean
from .details import AITags, EmbeddedMetadata, ExtensionStatus, Metadata, VersionInfo, read_extension_status
from .options import (
    UNSET,
    Options,
    Unset,
    encode_bool,
    encode_coordinates,
    encode_extensions,
    encode_object,
    encode_texts,
    join_with_commas,
    option,
)
from .result import ALWAYS, Result, list_of, object_of
from .spelling import to_camel_case, to_snake_case

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Source: ImageKit docs, upload API, parameter responseFields.
_ResponseField: TypeAlias = Literal[
    "tags",
    "custom_coordinates",
    "is_private_file",
    "is_published",
    "embedded_metadata",
    "custom_metadata",
    "metadata",
    "selected_fields_schema",
]
RESPONSE_FIELDS: tuple[str, ...] = get_args(_ResponseField)
ResponseField: TypeAlias = (
    _ResponseField
    | Literal[
        "customCoordinates",
        "isPrivateFile",
        "isPublished",
        "embeddedMetadata",
        "customMetadata",
        "selectedFieldsSchema",
    ]
)


@dataclass(frozen=True, kw_only=True, repr=False)
class UploadFileResult(Result):
    """The file that an upload created.

    An upload of a video with a pre-transformation is only queued (status 202): the file does not exist yet, `message`
    explains it, and all other attributes are None. A webhook event reports the outcome later.

    Attributes:
        file_id: ID of the file.
        name: Name under which the file is stored, including a random suffix if it has one.
        size: Size in bytes.
        version_info: ID and name of the version that the upload created.
        file_path: Canonical path in the media library.
        url: URL of the file.
        file_type: ``image`` or ``non-image``; videos are ``non-image``.
        width, height: Size in pixels; images and videos only.
        orientation: EXIF orientation, from 1 to 8.
        thumbnail_url: URL of a small preview image; images only.
        ai_tags: Tags that extensions added; empty if there are none.
        description: Description of the file.
        bit_rate: Bit rate in bits per second; videos only.
        duration: Duration in seconds; videos only.
        video_codec, audio_codec: Names of the codecs; videos only.
        tags, custom_coordinates, is_private_file, is_published, custom_metadata, embedded_metadata, metadata,
        selected_fields_schema: Attributes of the file that are present only if `response_fields` names them. Otherwise
            `is_private_file` reads False, as in release 4.2, and `embedded_metadata` is empty.
        extension_status: Status of each extension by its name: ``success``, ``pending`` or ``failed``; empty unless the
            upload named extensions.
        message: Message of the service; only if the upload was queued.
    """

    file_id: str = ALWAYS
    name: str = ALWAYS
    size: int = ALWAYS
    version_info: VersionInfo = field(default=ALWAYS, metadata=object_of(VersionInfo))
    file_path: str = ALWAYS
    url: str = ALWAYS
    file_type: str = ALWAYS
    height: int | None = None
    width: int | None = None
    orientation: int | None = None
    thumbnail_url: str | None = None
    ai_tags: list[AITags] = field(default_factory=list, metadata=list_of(AITags))
    description: str | None = None
    bit_rate: float | None = None
    duration: float | None = None
    video_codec: str | None = None
    audio_codec: str | None = None
    tags: list[str] | None = None
    custom_coordinates: str | None = None
    is_private_file: bool = False
    is_published: bool | None = None
    custom_metadata: dict[str, Any] | None = None
    embedded_metadata: EmbeddedMetadata = field(
        default_factory=EmbeddedMetadata.empty, metadata=object_of(EmbeddedMetadata)
    )
    metadata: Metadata | None = field(default=None, metadata=object_of(Metadata))
    selected_fields_schema: dict[str, Any] | None = None
    extension_status: ExtensionStatus = field(
        default_factory=ExtensionStatus, metadata={"decode": read_extension_status}
    )
    message: str | None = None


def _encode_response_fields(value: Sequence[str] | str) -> str:
    names = [name.strip() for name in value.split(",")] if isinstance(value, str) else encode_texts(value)
    for name in names:
        if to_snake_case(name) not in RESPONSE_FIELDS:
            raise ValueError(f"must not contain the unknown field {name!r}{did_you_mean(name, RESPONSE_FIELDS)}")
    return ",".join(to_camel_case(to_snake_case(name)) for name in names)


def _encode_extensions(value: Sequence[Mapping[str, Any]] | str) -> list[dict[str, Any]] | str:
    return value if isinstance(value, str) else encode_extensions(value)


def _encode_object(value: Mapping[str, Any] | str) -> Mapping[str, Any] | str:
    return value if isinstance(value, str) else encode_object(value)


def _encode_coordinates(value: Sequence[int] | str) -> str:
    return "" if value == "" else encode_coordinates(value)  # an empty form field counts as absent


class UploadFileKeywords(TypedDict, total=False):
    """The options of `upload_file` as keywords."""

    use_unique_file_name: bool | None
    tags: Sequence[str] | str | None
    folder: str | None
    is_private_file: bool | None
    is_published: bool | None
    custom_coordinates: Sequence[int] | str | None
    response_fields: Sequence[ResponseField] | str | None
    extensions: Sequence[Mapping[str, Any]] | str | None
    webhook_url: str | None
    overwrite_file: bool | None
    overwrite_ai_tags: bool | None
    overwrite_tags: bool | None
    overwrite_custom_metadata: bool | None
    custom_metadata: Mapping[str, Any] | str | None
    transformation: Mapping[str, Any] | str | None
    checks: str | None
    description: str | None


@dataclass(repr=False)
class UploadFileRequestOptions(Options):
    """Options of `upload_file`: how the file is stored and which attributes the result contains.

    `extensions`, `custom_metadata` and `transformation` may also be given as JSON text.

    Attributes:
        use_unique_file_name: Whether to add a random suffix to the name (default True).
        tags: Tags of the file, as a list or as ``red,summer``.
        folder: Folder in which to store the file (default ``/``); missing folders are created.
        is_private_file: Whether delivery requires a signed URL or a named transformation (default False).
        is_published: Whether to publish the file (default True); False stores a draft, a feature of enterprise plans.
        custom_coordinates: Area of interest in pixels, ``(x, y, width, height)`` or ``x,y,width,height`` as a str.
        response_fields: Extra fields to return, such as ``["tags", "metadata"]``; `RESPONSE_FIELDS` lists all names,
            which may also be given in camelCase.
        extensions: Extensions to run: ``[{"name": "remove-bg"}, …]``.
        webhook_url: URL that the service calls when pending extensions finish.
        overwrite_file, overwrite_ai_tags, overwrite_tags, overwrite_custom_metadata: Whether an upload to an existing
            path replaces the file, its AI tags, its tags and its custom metadata (default True).
        custom_metadata: Values of custom metadata fields by field name.
        transformation: Transformations before and after storing, such as
            ``{"pre": "w-1000", "post": [{"type": "thumbnail"}]}``.
        checks: Expression that must be true for the upload to be accepted, such as ``"file.size" < "5mb"``.
        description: Description of the file.
    """

    use_unique_file_name: bool | Unset | None = field(default=UNSET, metadata=option(encode=encode_bool))
    tags: Sequence[str] | str | Unset | None = field(default=UNSET, metadata=option(encode=join_with_commas))
    folder: str | Unset | None = UNSET
    is_private_file: bool | Unset | None = field(default=UNSET, metadata=option(encode=encode_bool))
    is_published: bool | Unset | None = field(default=UNSET, metadata=option(encode=encode_bool))
    custom_coordinates: Sequence[int] | str | Unset | None = field(
        default=UNSET, metadata=option(encode=_encode_coordinates)
    )
    response_fields: Sequence[ResponseField | str] | str | Unset | None = field(
        default=UNSET, metadata=option(encode=_encode_response_fields)
    )
    extensions: Sequence[Mapping[str, Any]] | str | Unset | None = field(
        default=UNSET, metadata=option(encode=_encode_extensions)
    )
    webhook_url: str | Unset | None = UNSET
    overwrite_file: bool | Unset | None = field(default=UNSET, metadata=option(encode=encode_bool))
    overwrite_ai_tags: bool | Unset | None = field(default=UNSET, metadata=option(encode=encode_bool))
    overwrite_tags: bool | Unset | None = field(default=UNSET, metadata=option(encode=encode_bool))
    overwrite_custom_metadata: bool | Unset | None = field(default=UNSET, metadata=option(encode=encode_bool))
    custom_metadata: Mapping[str, Any] | str | Unset | None = field(
        default=UNSET, metadata=option(encode=_encode_object)
    )
    transformation: Mapping[str, Any] | str | Unset | None = field(
        default=UNSET, metadata=option(encode=_encode_object)
    )
    checks: str | Unset | None = UNSET
    description: str | Unset | None = UNSET
