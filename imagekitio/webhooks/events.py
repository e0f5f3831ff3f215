"""The events of webhooks: a class for each type, which type checkers distinguish by `isinstance` or ``match``.

Like results, events never fail because of their content: fields that the service adds later are attributes too, and a
field with an unexpected shape keeps the value as it was sent. `raw` is the decoded JSON. `data` and `request` are
decoded when they are first read, because decoding takes as long as verifying a webhook, and not every event is of
interest.

Source: ImageKit docs, "Webhook events".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

from ..models.files import FileResult, FolderResult
from ..models.moments import to_datetime
from ..models.result import ALWAYS, Model, lazy_object_of, object_of
from ..models.uploads import UploadFileResult

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, kw_only=True, repr=False)
class Event(Model):
    """The base of all events.

    Attributes:
        type: Type of the event, such as ``file.created``.
        id: ID of the event. A webhook may be sent again: an event whose ID was seen before is a duplicate.
        created_at: Timestamp in UTC, in ISO 8601 with milliseconds.
    """

    type: str = ALWAYS
    id: str = ALWAYS
    created_at: str = ALWAYS

    @property
    def created(self) -> datetime | None:
        """The time of `created_at` as an aware datetime; None if that is None."""
        return None if self.created_at is None else to_datetime(self.created_at)


@dataclass(frozen=True, kw_only=True, repr=False)
class UnknownEvent(Event):
    """An event of a type that this release does not know.

    Attributes:
        data, request, timings: Parts of the event, as they were sent. `raw` is the whole event.
    """

    data: Any = None
    request: Any = None
    timings: Any = None


# Files and folders


@dataclass(frozen=True, kw_only=True, repr=False)
class FileCreatedEvent(Event):
    """A file was uploaded to a new path, or copied; `data` is the file."""

    type: Literal["file.created"] = "file.created"
    data: FileResult = field(default=ALWAYS, metadata=lazy_object_of(FileResult))


@dataclass(frozen=True, kw_only=True, repr=False)
class FileUpdatedEvent(Event):
    """A file was changed, moved, renamed or overwritten; `data` is the file after the change."""

    type: Literal["file.updated"] = "file.updated"
    data: FileResult = field(default=ALWAYS, metadata=lazy_object_of(FileResult))


@dataclass(frozen=True, kw_only=True, repr=False)
class DeletedFile(Model):
    """The file that was deleted."""

    file_id: str = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class FileDeletedEvent(Event):
    """A file was deleted with all its versions."""

    type: Literal["file.deleted"] = "file.deleted"
    data: DeletedFile = field(default=ALWAYS, metadata=lazy_object_of(DeletedFile))


@dataclass(frozen=True, kw_only=True, repr=False)
class FileVersionCreatedEvent(Event):
    """A file was overwritten; `data` is the version that was archived."""

    type: Literal["file-version.created"] = "file-version.created"
    data: FileResult = field(default=ALWAYS, metadata=lazy_object_of(FileResult))


@dataclass(frozen=True, kw_only=True, repr=False)
class DeletedFileVersion(Model):
    """The version that was deleted."""

    file_id: str = ALWAYS
    version_id: str = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class FileVersionDeletedEvent(Event):
    """A version of a file was deleted."""

    type: Literal["file-version.deleted"] = "file-version.deleted"
    data: DeletedFileVersion = field(default=ALWAYS, metadata=lazy_object_of(DeletedFileVersion))


@dataclass(frozen=True, kw_only=True, repr=False)
class FolderCreatedEvent(Event):
    """A folder was created, copied or moved; `data` is the folder."""

    type: Literal["folder.created"] = "folder.created"
    data: FolderResult = field(default=ALWAYS, metadata=lazy_object_of(FolderResult))


@dataclass(frozen=True, kw_only=True, repr=False)
class FolderUpdatedEvent(Event):
    """A folder, or one above it, was renamed; `data` is the folder after the change."""

    type: Literal["folder.updated"] = "folder.updated"
    data: FolderResult = field(default=ALWAYS, metadata=lazy_object_of(FolderResult))


@dataclass(frozen=True, kw_only=True, repr=False)
class DeletedFolder(Model):
    """The folder that was deleted."""

    folder_id: str = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class FolderDeletedEvent(Event):
    """A folder was deleted, or moved."""

    type: Literal["folder.deleted"] = "folder.deleted"
    data: DeletedFolder = field(default=ALWAYS, metadata=lazy_object_of(DeletedFolder))


# Transformations before and after an upload


@dataclass(frozen=True, kw_only=True, repr=False)
class TransformationError(Model):
    """The reason why a transformation failed.

    Attributes:
        reason: ``encoding_failed``, ``download_failed``, ``internal_server_error``, or one that the service adds later.
    """

    reason: str = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class FailedTransformation(Model):
    """A transformation that failed."""

    error: TransformationError = field(default=ALWAYS, metadata=object_of(TransformationError))


@dataclass(frozen=True, kw_only=True, repr=False)
class PreTransformRequest(Model):
    """The upload.

    Attributes:
        x_request_id: ID of the request, as in `ImageKitException.request_id`.
        transformation: The transformation as text, such as ``w-1000``.
    """

    x_request_id: str = ALWAYS
    transformation: str = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class UploadPreTransformSuccessEvent(Event):
    """A file was transformed and then stored; `data` is what `upload_file` returns."""

    type: Literal["upload.pre-transform.success"] = "upload.pre-transform.success"
    request: PreTransformRequest = field(default=ALWAYS, metadata=lazy_object_of(PreTransformRequest))
    data: UploadFileResult = field(default=ALWAYS, metadata=lazy_object_of(UploadFileResult))


@dataclass(frozen=True, kw_only=True, repr=False)
class FailedPreTransform(Model):
    """The file that was not stored, because it could not be transformed."""

    name: str = ALWAYS
    path: str = ALWAYS
    transformation: FailedTransformation = field(default=ALWAYS, metadata=object_of(FailedTransformation))


@dataclass(frozen=True, kw_only=True, repr=False)
class UploadPreTransformErrorEvent(Event):
    """A file was not stored, because it could not be transformed."""

    type: Literal["upload.pre-transform.error"] = "upload.pre-transform.error"
    request: PreTransformRequest = field(default=ALWAYS, metadata=lazy_object_of(PreTransformRequest))
    data: FailedPreTransform = field(default=ALWAYS, metadata=lazy_object_of(FailedPreTransform))


@dataclass(frozen=True, kw_only=True, repr=False)
class PostTransformation(Model):
    """An entry of ``post`` in the option `transformation` of an upload.

    Attributes:
        type: ``transformation``, ``abs``, ``gif-to-video`` or ``thumbnail``.
        value: The transformation as text, or the resolutions of ``abs``.
        protocol: ``hls`` or ``dash``; only for ``abs``.
    """

    type: str = ALWAYS
    value: str | None = None
    protocol: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class PostTransformRequest(Model):
    """The upload, and the entry of ``post`` to which the event belongs."""

    x_request_id: str = ALWAYS
    transformation: PostTransformation = field(default=ALWAYS, metadata=object_of(PostTransformation))


@dataclass(frozen=True, kw_only=True, repr=False)
class PostTransform(Model):
    """The file, and the URL of its transformation."""

    file_id: str = ALWAYS
    url: str = ALWAYS
    name: str = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class UploadPostTransformSuccessEvent(Event):
    """A transformation in ``post`` succeeded; there is one event for each entry."""

    type: Literal["upload.post-transform.success"] = "upload.post-transform.success"
    request: PostTransformRequest = field(default=ALWAYS, metadata=lazy_object_of(PostTransformRequest))
    data: PostTransform = field(default=ALWAYS, metadata=lazy_object_of(PostTransform))


@dataclass(frozen=True, kw_only=True, repr=False)
class FailedPostTransform(PostTransform):
    """The file, the URL that does not work, and the reason."""

    path: str = ALWAYS
    transformation: FailedTransformation = field(default=ALWAYS, metadata=object_of(FailedTransformation))


@dataclass(frozen=True, kw_only=True, repr=False)
class UploadPostTransformErrorEvent(Event):
    """A transformation in ``post`` failed; the file itself is stored."""

    type: Literal["upload.post-transform.error"] = "upload.post-transform.error"
    request: PostTransformRequest = field(default=ALWAYS, metadata=lazy_object_of(PostTransformRequest))
    data: FailedPostTransform = field(default=ALWAYS, metadata=lazy_object_of(FailedPostTransform))


# Videos that delivery transforms


@dataclass(frozen=True, kw_only=True, repr=False)
class VideoRequest(Model):
    """The first request for the video.

    Attributes:
        x_request_id: ID of the request.
        url: URL that was requested.
        user_agent: Client that sent the request, if known.
    """

    x_request_id: str = ALWAYS
    url: str = ALWAYS
    user_agent: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class VideoAsset(Model):
    """The video that is transformed."""

    url: str = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class VideoOptions(Model):
    """How the video is transformed.

    Attributes:
        video_codec: ``h264``, ``vp9`` or ``av1``.
        audio_codec: ``aac`` or ``opus``.
        auto_rotate: Whether the video is rotated according to its metadata.
        quality: Quality of the output.
        format: ``mp4``, ``webm``, ``jpg``, ``png`` or ``webp``.
        stream_protocol: ``HLS`` or ``DASH``.
        variants: Variants of a stream.
    """

    video_codec: str | None = None
    audio_codec: str | None = None
    auto_rotate: bool | None = None
    quality: int | None = None
    format: str | None = None
    stream_protocol: str | None = None
    variants: list[str] | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class VideoTransformation(Model):
    """The transformation of a video.

    Attributes:
        type: ``video-transformation``, ``gif-to-video`` or ``video-thumbnail``.
        options: How the video is transformed.
    """

    type: str = ALWAYS
    options: VideoOptions = field(default=ALWAYS, metadata=object_of(VideoOptions))


@dataclass(frozen=True, kw_only=True, repr=False)
class AcceptedVideo(Model):
    """The video, and how it is transformed."""

    asset: VideoAsset = field(default=ALWAYS, metadata=object_of(VideoAsset))
    transformation: VideoTransformation = field(default=ALWAYS, metadata=object_of(VideoTransformation))


@dataclass(frozen=True, kw_only=True, repr=False)
class VideoTransformationAcceptedEvent(Event):
    """A video is being transformed."""

    type: Literal["video.transformation.accepted"] = "video.transformation.accepted"
    request: VideoRequest = field(default=ALWAYS, metadata=lazy_object_of(VideoRequest))
    data: AcceptedVideo = field(default=ALWAYS, metadata=lazy_object_of(AcceptedVideo))


@dataclass(frozen=True, kw_only=True, repr=False)
class VideoMetadata(Model):
    """Metadata of the transformed video.

    Attributes:
        duration: Duration in seconds.
        width, height: Size in pixels.
        bitrate: Bit rate in bits per second.
    """

    duration: float = ALWAYS
    width: int = ALWAYS
    height: int = ALWAYS
    bitrate: float = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class VideoOutput(Model):
    """The output of a transformation.

    Attributes:
        url: URL of the transformed video.
        video_metadata: Its metadata; None for a thumbnail.
    """

    url: str = ALWAYS
    video_metadata: VideoMetadata | None = field(default=None, metadata=object_of(VideoMetadata))


@dataclass(frozen=True, kw_only=True, repr=False)
class ReadyVideoTransformation(VideoTransformation):
    """A transformation that is done."""

    output: VideoOutput = field(default=ALWAYS, metadata=object_of(VideoOutput))


@dataclass(frozen=True, kw_only=True, repr=False)
class ReadyVideo(AcceptedVideo):
    """The video, and the output of its transformation."""

    transformation: ReadyVideoTransformation = field(default=ALWAYS, metadata=object_of(ReadyVideoTransformation))


@dataclass(frozen=True, kw_only=True, repr=False)
class VideoTimings(Model):
    """The durations of a transformation.

    Attributes:
        download_duration, encoding_duration: Milliseconds.
    """

    download_duration: float | None = None
    encoding_duration: float | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class VideoTransformationReadyEvent(Event):
    """A video was transformed and is delivered from now on."""

    type: Literal["video.transformation.ready"] = "video.transformation.ready"
    request: VideoRequest = field(default=ALWAYS, metadata=lazy_object_of(VideoRequest))
    data: ReadyVideo = field(default=ALWAYS, metadata=lazy_object_of(ReadyVideo))
    timings: VideoTimings | None = field(default=None, metadata=lazy_object_of(VideoTimings))


@dataclass(frozen=True, kw_only=True, repr=False)
class FailedVideoTransformation(VideoTransformation, FailedTransformation):
    """A transformation that failed."""


@dataclass(frozen=True, kw_only=True, repr=False)
class FailedVideo(AcceptedVideo):
    """The video that could not be transformed, and the reason."""

    transformation: FailedVideoTransformation = field(default=ALWAYS, metadata=object_of(FailedVideoTransformation))


@dataclass(frozen=True, kw_only=True, repr=False)
class VideoTransformationErrorEvent(Event):
    """A video could not be transformed."""

    type: Literal["video.transformation.error"] = "video.transformation.error"
    request: VideoRequest = field(default=ALWAYS, metadata=lazy_object_of(VideoRequest))
    data: FailedVideo = field(default=ALWAYS, metadata=lazy_object_of(FailedVideo))


WebhookEvent = (
    VideoTransformationAcceptedEvent
    | VideoTransformationReadyEvent
    | VideoTransformationErrorEvent
    | UploadPreTransformSuccessEvent
    | UploadPreTransformErrorEvent
    | UploadPostTransformSuccessEvent
    | UploadPostTransformErrorEvent
    | FileCreatedEvent
    | FileUpdatedEvent
    | FileDeletedEvent
    | FileVersionCreatedEvent
    | FileVersionDeletedEvent
    | FolderCreatedEvent
    | FolderUpdatedEvent
    | FolderDeletedEvent
    | UnknownEvent
)

_CLASSES: Mapping[Any, type[WebhookEvent]] = {cls.type: cls for cls in get_args(WebhookEvent) if cls.type}


def read_event(data: dict[str, Any]) -> WebhookEvent:
    """Return the event that the decoded JSON `data` describes."""
    type_ = data.get("type")
    return (_CLASSES.get(type_, UnknownEvent) if isinstance(type_, str) else UnknownEvent).from_json(data)
