"""Pre- and post-transformations of uploads, and their events."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.local.uploads.transformations import PostTransformation

if TYPE_CHECKING:
    from tests.local.conftest import Api, Receiver

VIDEO = b"\x00\x00\x00\x1cftypisom" + bytes(100)
INVALID = "The file could not be uploaded because the transformation field is invalid."
INCOMPATIBLE = "The file could not be uploaded because the detected file type & post-transformation are incompatible."
EVENTS = [f"upload.{when}-transform.{how}" for when in ("pre", "post") for how in ("success", "error")]


@pytest.fixture
def events(api: Api, receiver: Receiver) -> Receiver:
    response = api("POST", "/v1/accounts/webhooks", json={"endpoint": receiver.url, "events": EVENTS})
    assert response.status_code == 201, response.text
    return receiver


def encode_transformation(**members: Any) -> dict[str, str]:
    return {"transformation": json.dumps(members)}


def make_gif() -> bytes:
    import pyvips

    image: Any = pyvips.Image.black(8, 8, bands=3).cast("uchar").copy(interpretation="srgb")
    return bytes(image.gifsave_buffer())


@pytest.mark.parametrize(
    "post",
    [
        [{"type": "transformation"}],
        [{"type": "transformation", "value": ""}],
        [{"type": "transformation", "value": 5}],
        [{"type": "transformation", "value": "w-1", "protocol": "hls"}],
        [{"type": "abs", "value": "240_360"}],
        [{"type": "abs", "value": "240_360", "protocol": "rtmp"}],
        [{"type": "abs", "protocol": "dash"}],
        [{"type": "abs", "value": "small", "protocol": "dash"}],
        [{"type": "thumbnail", "protocol": "hls"}],
        ["w-100"],
        {"type": "thumbnail"},
    ],
)
def test_an_invalid_post_transformation_is_refused(api: Api, post: Any) -> None:
    response = api.try_upload("a.mp4", VIDEO, **encode_transformation(post=post))
    assert (response.status_code, response.json()["message"]) == (400, INVALID)


def test_a_post_transformation_must_fit_the_file(api: Api, jpeg: bytes) -> None:
    abs_, gif_to_video = {"type": "abs", "value": "sr-240_360", "protocol": "hls"}, {"type": "gif-to-video"}
    thumbnail = {"type": "thumbnail", "value": "w-100"}
    for name, content, post in (
        ("a.jpg", jpeg, abs_),
        ("a.jpg", jpeg, thumbnail),
        ("a.jpg", jpeg, gif_to_video),
        ("a.mp4", VIDEO, gif_to_video),
    ):
        response = api.try_upload(name, content, **encode_transformation(post=[post]))
        assert (response.status_code, response.json()["message"]) == (400, INCOMPATIBLE)
    assert api.assets() == []
    api.upload(
        "a.mp4", VIDEO, **encode_transformation(post=[abs_, thumbnail, {"type": "transformation", "value": "w-1"}])
    )
    api.upload("a.gif", make_gif(), **encode_transformation(post=[gif_to_video]))


def test_post_transformations_are_made_later_and_each_raises_an_event(api: Api, events: Receiver, jpeg: bytes) -> None:
    post = [{"type": "transformation", "value": "w-32,h-10"}, {"type": "transformation", "value": "w-wide"}]
    answer = api.upload("a b.jpg", jpeg, **encode_transformation(post=post))
    done, failed = [delivery.body for delivery in api.server.flush_webhooks()]
    assert (done["type"], failed["type"]) == ("upload.post-transform.success", "upload.post-transform.error")
    url = f"{api.server.url_endpoint}/a_b.jpg?tr=w-32,h-10"
    assert done["data"] == {"fileId": answer["fileId"], "url": url, "name": "a_b.jpg"}
    assert done["request"]["transformation"] == post[0]
    assert failed["data"]["path"] == "/a_b.jpg"
    assert failed["data"]["transformation"] == {"error": {"reason": "encoding_failed"}}
    assert api("GET", done["data"]["url"], auth=None).status_code == 200
    assert api("GET", failed["data"]["url"], auth=None).status_code == 400
    assert [received.json for received in events.received] == [done, failed]


def test_events_repeat_the_request_id_of_the_answer(api: Api, events: Receiver, jpeg: bytes) -> None:
    fields = encode_transformation(pre="w-32", post=[{"type": "transformation", "value": "w-1"}])
    response = api.try_upload("a.jpg", jpeg, **fields)
    deliveries = api.server.flush_webhooks()
    assert [delivery.type for delivery in deliveries] == [EVENTS[0], EVENTS[2]]
    for delivery in deliveries:
        assert delivery.body["request"]["x_request_id"] == response.headers["x-ik-requestid"]
    assert deliveries[0].body["request"]["transformation"] == "w-32"
    assert deliveries[0].body["data"] == response.json()


def test_a_pre_transformation_that_fails_raises_an_event(api: Api, events: Receiver, jpeg: bytes) -> None:
    assert api.try_upload("a.jpg", jpeg, folder="x", **encode_transformation(pre="w-wide")).status_code == 400
    (delivery,) = api.server.flush_webhooks()
    assert delivery.type == "upload.pre-transform.error"
    error = {"error": {"reason": "encoding_failed"}}
    assert delivery.body["data"] == {"name": "a.jpg", "path": "/x/a.jpg", "transformation": error}
    assert delivery.body["request"]["transformation"] == "w-wide"


def test_a_pre_transformation_of_a_video_is_queued_and_fails_without_an_encoder(api: Api, events: Receiver) -> None:
    response = api.try_upload("a.mp4", VIDEO, **encode_transformation(pre="w-100"))
    assert response.status_code == 202
    assert response.json() == {"message": "The pre-transformation has been queued successfully."}
    (delivery,) = api.server.flush_webhooks()
    assert (delivery.type, delivery.body["data"]["path"]) == ("upload.pre-transform.error", "/a.mp4")
    assert api.assets() == []


def test_transformations_that_need_an_encoder_are_accepted_and_fail_later(api: Api, events: Receiver) -> None:
    post = [{"type": "abs", "value": "sr-240_360", "protocol": "hls"}]
    answer = api.upload("clip.mp4", VIDEO, **encode_transformation(post=post))
    (delivery,) = api.server.flush_webhooks()
    assert delivery.type == "upload.post-transform.error"
    assert delivery.body["data"] == {
        "fileId": answer["fileId"],
        "url": f"{api.server.url_endpoint}/clip.mp4/ik-master.m3u8?tr=sr-240_360",
        "name": "clip.mp4",
        "path": "/clip.mp4",
        "transformation": {"error": {"reason": "encoding_failed"}},
    }


def test_named_transformations_and_layers_work_on_uploads(api: Api, jpeg: bytes) -> None:
    api.upload("logo.jpg", jpeg, isPrivateFile="true")
    named = {"name": "small", "transformation": "w-16:l-image,i-logo.jpg,w-4,l-end"}
    assert api("POST", "/v1/named-transformations", json=named).status_code == 201
    assert api.upload("a.jpg", jpeg, **encode_transformation(pre="n-small"))["width"] == 16


@pytest.mark.parametrize(
    ("post", "url"),
    [
        (PostTransformation("transformation", "w-1:rt-90"), "/v/a%20b.gif?tr=w-1:rt-90"),
        (PostTransformation("gif-to-video"), "/v/a%20b.gif/ik-gif-video.mp4"),
        (PostTransformation("thumbnail", "w-1"), "/v/a%20b.gif/ik-thumbnail.jpg?tr=w-1"),
        (PostTransformation("abs", "240_360", "dash"), "/v/a%20b.gif/ik-master.mpd?tr=sr-240_360"),
    ],
)
def test_results_of_post_transformations_have_urls(post: PostTransformation, url: str) -> None:
    assert post.url("https://ik.example", "/v/a b.gif") == "https://ik.example" + url
