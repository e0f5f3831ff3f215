from __future__ import annotations

import copy
import json
import pickle
from datetime import datetime, timezone
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio import webhooks
from imagekitio.local.events.subscriptions import EVENT_TYPES
from imagekitio.models.results import FileResult, FolderResult, UploadFileResult
from imagekitio.webhooks import (
    FileCreatedEvent,
    UnknownEvent,
    UploadPostTransformErrorEvent,
    VideoTransformationAcceptedEvent,
    VideoTransformationErrorEvent,
    VideoTransformationReadyEvent,
    WebhookEvent,
    parse_webhook,
)

CLASSES: tuple[Any, ...] = get_args(WebhookEvent)
TYPES = [cls.type for cls in CLASSES if cls is not UnknownEvent]

# The examples of the documentation, and the two other video events, which differ as the table shows.
POST_TRANSFORM_ERROR = r"""
{"type":"upload.post-transform.error","id":"0b3c…","created_at":"2025-01-02T03:04:05.678Z",
 "request":{"x_request_id":"9f0e…","transformation":{"type":"abs","value":"240_360","protocol":"hls"}},
 "data":{"fileId":"65e6c5a9b7d1f2034a5b6c7d","url":"https://ik.imagekit.io/acme/clip.mp4/ik-master.m3u8?tr=sr-240_360",
         "name":"clip.mp4","path":"/clip.mp4","transformation":{"error":{"reason":"encoding_failed"}}}}
"""
READY = r"""
{"type":"video.transformation.ready","id":"1c4d…","created_at":"2025-01-02T03:04:05.678Z",
 "request":{"x_request_id":"7a2b…","url":"https://ik.imagekit.io/acme/clip.mp4?tr=w-640","user_agent":"curl/8.5"},
 "timings":{"download_duration":210,"encoding_duration":5400},
 "data":{"asset":{"url":"https://ik.imagekit.io/acme/clip.mp4"},
  "transformation":{"type":"video-transformation","options":{"video_codec":"h264","audio_codec":"aac","format":"mp4"},
   "output":{"url":"https://ik.imagekit.io/acme/clip.mp4?tr=w-640",
    "video_metadata":{"duration":70.5,"width":640,"height":360,"bitrate":546524}}}}}
"""
ACCEPTED = r"""
{"type":"video.transformation.accepted","id":"1c4e…","created_at":"2025-01-02T03:04:05.678Z",
 "request":{"x_request_id":"7a2b…","url":"https://ik.imagekit.io/acme/clip.mp4/ik-master.m3u8?tr=sr-240_360"},
 "data":{"asset":{"url":"https://ik.imagekit.io/acme/clip.mp4"},
  "transformation":{"type":"video-transformation","options":{"stream_protocol":"HLS","variants":["240","360"]}}}}
"""
ERROR = r"""
{"type":"video.transformation.error","id":"1c4f…","created_at":"2025-01-02T03:04:05.678Z",
 "request":{"x_request_id":"7a2b…","url":"https://ik.imagekit.io/acme/clip.mp4?tr=w-640"},
 "data":{"asset":{"url":"https://ik.imagekit.io/acme/clip.mp4"},
  "transformation":{"type":"video-thumbnail","options":{"format":"jpg","auto_rotate":true,"quality":80},
   "error":{"reason":"download_failed"}}}}
"""


def test_every_type_of_the_documentation_has_a_class_and_each_class_is_public() -> None:
    assert sorted(TYPES) == sorted(EVENT_TYPES)
    assert {cls.__name__ for cls in CLASSES} <= set(webhooks.__all__)
    for cls in CLASSES:
        assert parse_webhook(json.dumps({"type": cls.type})).__class__ is cls


def test_the_event_for_a_ready_video_is_parsed() -> None:
    event = parse_webhook(READY)
    assert isinstance(event, VideoTransformationReadyEvent)
    assert event.type == "video.transformation.ready"
    assert (event.request.x_request_id, event.request.user_agent) == ("7a2b…", "curl/8.5")
    assert event.request.url == "https://ik.imagekit.io/acme/clip.mp4?tr=w-640"
    assert event.timings
    assert (event.timings.download_duration, event.timings.encoding_duration) == (210, 5400)
    transformation = event.data.transformation
    assert event.data.asset.url == "https://ik.imagekit.io/acme/clip.mp4"
    assert transformation.type == "video-transformation"
    options = transformation.options
    assert (options.video_codec, options.audio_codec, options.format) == ("h264", "aac", "mp4")
    assert transformation.output.url == "https://ik.imagekit.io/acme/clip.mp4?tr=w-640"
    metadata = transformation.output.video_metadata
    assert metadata
    assert (metadata.duration, metadata.width, metadata.height, metadata.bitrate) == (70.5, 640, 360, 546524)


def test_the_event_for_an_accepted_video_is_parsed() -> None:
    event = parse_webhook(ACCEPTED)
    assert isinstance(event, VideoTransformationAcceptedEvent)
    assert event.request.user_agent is None
    assert event.data.asset.url == "https://ik.imagekit.io/acme/clip.mp4"
    assert event.data.transformation.options.stream_protocol == "HLS"
    assert event.data.transformation.options.variants == ["240", "360"]


def test_the_event_for_a_failed_video_is_parsed() -> None:
    event = parse_webhook(ERROR)
    assert isinstance(event, VideoTransformationErrorEvent)
    assert event.data.transformation.error.reason == "download_failed"
    options = event.data.transformation.options
    assert (options.format, options.auto_rotate, options.quality) == ("jpg", True, 80)
    assert event.data.asset.url == "https://ik.imagekit.io/acme/clip.mp4"


def test_the_event_for_a_failed_transformation_after_an_upload_is_parsed() -> None:
    event = parse_webhook(POST_TRANSFORM_ERROR)
    assert isinstance(event, UploadPostTransformErrorEvent)
    assert event.id == "0b3c…"
    assert event.created == datetime(2025, 1, 2, 3, 4, 5, 678000, timezone.utc)
    wanted = event.request.transformation
    assert (wanted.type, wanted.value, wanted.protocol) == ("abs", "240_360", "hls")
    assert event.request.x_request_id == "9f0e…"
    assert (event.data.file_id, event.data.name, event.data.path) == (
        "65e6c5a9b7d1f2034a5b6c7d",
        "clip.mp4",
        "/clip.mp4",
    )
    assert event.data.url.endswith("?tr=sr-240_360")
    assert event.data.transformation.error.reason == "encoding_failed"


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        ("upload.pre-transform.success", UploadFileResult),
        ("file.created", FileResult),
        ("file.updated", FileResult),
        ("file-version.created", FileResult),
        ("folder.created", FolderResult),
        ("folder.updated", FolderResult),
    ],
)
def test_data_that_has_a_result_class_becomes_an_object_of_it(type_: str, data: type) -> None:
    event: Any = parse_webhook(json.dumps({"type": type_, "data": {"name": "a", "AITags": None, "newField": 5}}))
    assert (event.data.name, event.data.ai_tags, event.data.new_field) == ("a", [], 5)
    assert type(event.data) is data


def test_an_event_of_an_unknown_type_contains_everything_that_was_sent() -> None:
    sent = {
        "type": "file.archived",
        "id": "e",
        "createdAt": "2025-01-02T03:04:05Z",
        "data": {"fileId": "f"},
        "request": 5,
        "actorName": "x",
    }
    event: Any = parse_webhook(json.dumps(sent))
    assert (event.type, event.id, event.data, event.request) == ("file.archived", "e", {"fileId": "f"}, 5)
    assert (event.timings, event.actor_name, event.raw) == (None, "x", sent)
    assert event.created == datetime(2025, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
    assert type(event) is UnknownEvent


def test_an_event_has_a_repr_and_becomes_a_dict() -> None:
    event: Any = parse_webhook('{"type":"file.deleted","id":"e","data":{"fileId":"f"},"created_at":null}')
    assert repr(event) == "FileDeletedEvent(id='e', data=DeletedFile(file_id='f'))"
    assert event.created is None
    assert event.to_dict() == {"type": "file.deleted", "id": "e", "created_at": None, "data": {"fileId": "f"}}
    assert event == copy.deepcopy(event) == pickle.loads(pickle.dumps(event))


JSON: st.SearchStrategy[Any] = st.sampled_from([None, True, 5, "text", "", [], [{}], {}, {"a": []}])
NAMES = st.sampled_from(
    ["id", "created_at", "data", "request", "timings", "transformation", "output", "asset", "error"]
)


@given(
    st.sampled_from([*TYPES, "new"]) | JSON,
    st.dictionaries(NAMES, JSON | st.dictionaries(NAMES, JSON | st.dictionaries(NAMES, JSON)), max_size=4),
)
def test_unexpected_content_is_never_an_error_and_is_kept(type_: Any, members: dict[str, Any]) -> None:
    sent = {"type": type_, **members}
    event = parse_webhook(json.dumps(sent))
    assert event.raw == sent
    assert event.type == type_
    assert isinstance(event, UnknownEvent) == (type_ not in TYPES)
    for name, value in members.items():
        if not isinstance(value, dict):
            assert getattr(event, name) == value
    json.dumps(event.to_dict())
    assert repr(event)


def test_the_data_of_an_event_becomes_an_object_once_on_first_access() -> None:
    event: Any = parse_webhook('{"type":"file.created","data":{"fileId":"f"}}')
    assert "data" not in vars(event)
    assert event.data is event.data
    assert event.data.file_id == "f"
    cls: Any = FileCreatedEvent
    assert cls(id="e", data=event.data).data is event.data
    assert cls(id="e").data is cls.data is cls.from_json({}).data is None


def test_a_field_of_an_unexpected_shape_stays_as_it_was_sent() -> None:
    event: Any = parse_webhook('{"type":"file.created","data":"gone","id":5}')
    assert (event.data, event.id) == ("gone", 5)
    assert type(event) is FileCreatedEvent
