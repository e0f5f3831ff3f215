"""Options and result of uploads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypedDict

from ..suggestions import did_you_mean
from .details import AITags, EmbeddedMetadata, Metadata, VersionInfo
from .options import UNSET, Options, Unset, comma_joined, extensions, option, texts, yes_or_no
from .result import ALWAYS, Result, nested, nested_list
from .spelling import camel_case, snake_case

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# ImageKit docs, upload API, parameter responseFields.
RESPONSE_FIELDS = (
    "tags",
    "custom_coordinates",
    "is_private_file",
    "is_published",
    "embedded_metadata",
    "custom_metadata",
    "metadata",
    "selected_fields_schema",
)


@dataclass(frozen=True, kw_only=True, repr=False)
class UploadFileResult(Result):
    """The file that an upload made.

    A video with a pre-transformation is only queued (status 202): there is no file yet, `message` says so, and
    everything else reads as None. The outcome comes as a webhook event.

    Attributes:
        size: Bytes.
        width, height: Pixels; images and videos only.
        orientation: EXIF orientation, 1 to 8.
        bit_rate: Bits per second; videos only, as are `duration` (seconds), `video_codec` and `audio_codec`.
        tags, custom_coordinates, is_private_file, is_published, custom_metadata, embedded_metadata, metadata,
        selected_fields_schema: Only when `response_fields` asked for them.
        extension_status: Extension → ``success``, ``pending`` or ``failed``; only when extensions were asked for.
        message: Only when the upload was queued.
    """

    file_id: str = ALWAYS
    name: str = ALWAYS
    size: int = ALWAYS
    version_info: VersionInfo = field(default=ALWAYS, metadata=nested(VersionInfo))
    file_path: str = ALWAYS
    url: str = ALWAYS
    file_type: str = ALWAYS
    height: int | None = None
    width: int | None = None
    orientation: int | None = None
    thumbnail_url: str | None = None
    ai_tags: list[AITags] | None = field(default=None, metadata=nested_list(AITags))
    description: str | None = None
    bit_rate: float | None = None
    duration: float | None = None
    video_codec: str | None = None
    audio_codec: str | None = None
    tags: list[str] | None = None
    custom_coordinates: str | None = None
    is_private_file: bool | None = None
    is_published: bool | None = None
    custom_metadata: dict[str, Any] | None = None
    embedded_metadata: EmbeddedMetadata | None = field(default=None, metadata=nested(EmbeddedMetadata))
    metadata: Metadata | None = field(default=None, metadata=nested(Metadata))
    selected_fields_schema: dict[str, Any] | None = None
    extension_status: dict[str, str] | None = None
    message: str | None = None


def _response_fields(value: Sequence[str] | str) -> str:
    names = [name.strip() for name in value.split(",")] if isinstance(value, str) else texts(value)
    for name in names:
        if snake_case(name) not in RESPONSE_FIELDS:
            raise ValueError(f"has no field {name!r}{did_you_mean(name, RESPONSE_FIELDS)}")
    return ",".join(camel_case(snake_case(name)) for name in names)


def _extensions(value: Sequence[Mapping[str, Any]] | str) -> list[dict[str, Any]] | str:
    return value if isinstance(value, str) else extensions(value)


class UploadFileKeywords(TypedDict, total=False):
    """The options of `upload_file` as keywords."""

    use_unique_file_name: bool | None
    tags: Sequence[str] | str | None
    folder: str | None
    is_private_file: bool | None
    is_published: bool | None
    custom_coordinates: str | None
    response_fields: Sequence[str] | str | None
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
    """How an uploaded file is stored and what the answer tells about it.

    `extensions`, `custom_metadata` and `transformation` may be JSON text already.

    Attributes:
        use_unique_file_name: Add a random suffix to the name (default True).
        tags: A list, or a text such as ``red,summer``.
        folder: Where to store it (default ``/``); missing folders are created.
        is_private_file: Deliver it only with a signed URL or a named transformation.
        is_published: False stores a draft; a feature of enterprise plans.
        custom_coordinates: ``x,y,width,height`` in pixels.
        response_fields: What the answer carries besides the usual, such as ``["tags", "metadata"]``; all names are in
            `RESPONSE_FIELDS`, camelCase will do.
        extensions: ``[{"name": "remove-bg"}, …]``.
        webhook_url: Is called for extensions that finish later.
        overwrite_file, overwrite_ai_tags, overwrite_tags, overwrite_custom_metadata: What an upload to an existing path
            replaces; the default is True.
        custom_metadata: Field name → value.
        transformation: ``{"pre": "w-1000", "post": [{"type": "thumbnail"}]}``.
        checks: The upload is refused unless this expression is true, such as ``"file.size" < "5mb"``.
    """

    use_unique_file_name: bool | Unset | None = field(default=UNSET, metadata=option(encode=yes_or_no))
    tags: Sequence[str] | str | Unset | None = field(default=UNSET, metadata=option(encode=comma_joined))
    folder: str | Unset | None = UNSET
    is_private_file: bool | Unset | None = field(default=UNSET, metadata=option(encode=yes_or_no))
    is_published: bool | Unset | None = field(default=UNSET, metadata=option(encode=yes_or_no))
    custom_coordinates: str | Unset | None = UNSET
    response_fields: Sequence[str] | str | Unset | None = field(default=UNSET, metadata=option(encode=_response_fields))
    extensions: Sequence[Mapping[str, Any]] | str | Unset | None = field(
        default=UNSET, metadata=option(encode=_extensions)
    )
    webhook_url: str | Unset | None = UNSET
    overwrite_file: bool | Unset | None = field(default=UNSET, metadata=option(encode=yes_or_no))
    overwrite_ai_tags: bool | Unset | None = field(default=UNSET, metadata=option(encode=yes_or_no))
    overwrite_tags: bool | Unset | None = field(default=UNSET, metadata=option(encode=yes_or_no))
    overwrite_custom_metadata: bool | Unset | None = field(default=UNSET, metadata=option(encode=yes_or_no))
    custom_metadata: Mapping[str, Any] | str | Unset | None = UNSET
    transformation: Mapping[str, Any] | str | Unset | None = UNSET
    checks: str | Unset | None = UNSET
    description: str | Unset | None = UNSET
