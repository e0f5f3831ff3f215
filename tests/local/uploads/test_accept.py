"""Uploads over HTTP: all forms of content, parameters, overwrites and limits."""

from __future__ import annotations

import base64
import io
import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import requests

from imagekitio.local import LocalImageKit

if TYPE_CHECKING:
    from pathlib import Path

    from tests.local.conftest import Api


def download(api: Api, answer: dict[str, Any]) -> bytes:
    response = requests.get(answer["url"], timeout=30)
    assert response.status_code == 200, response.text
    return response.content


def test_the_response_to_an_upload_has_the_shape_of_the_service(api: Api, jpeg: bytes) -> None:
    answer = api.upload("red shoe.jpg", jpeg, folder="shop/new")
    endpoint = api.server.url_endpoint
    assert answer == {
        "fileId": answer["fileId"],
        "name": "red_shoe.jpg",
        "size": len(jpeg),
        "versionInfo": {"id": answer["fileId"], "name": "Version 1"},
        "filePath": "/shop/new/red_shoe.jpg",
        "url": f"{endpoint}/shop/new/red_shoe.jpg",
        "fileType": "image",
        "height": 48,
        "width": 64,
        "orientation": 1,
        "thumbnailUrl": f"{endpoint}/tr:n-ik_ml_thumbnail/shop/new/red_shoe.jpg",
        "AITags": None,
        "description": None,
    }
    assert re.fullmatch("[0-9a-f]{24}", answer["fileId"])
    assert download(api, answer) == jpeg


def test_a_file_that_is_not_an_image_has_no_dimensions_and_no_thumbnail(api: Api) -> None:
    answer = api.upload("notes.txt", b"hello")
    assert answer["fileType"] == "non-image"
    assert not {"height", "width", "orientation", "thumbnailUrl"} & answer.keys()


def test_response_fields_extend_the_response_and_unknown_ones_do_not(api: Api, jpeg: bytes) -> None:
    fields = "tags, customCoordinates,isPrivateFile,isPublished,customMetadata,embeddedMetadata,metadata,colour"
    answer = api.upload("a.jpg", jpeg, responseFields=fields, isPrivateFile="TRUE", isPublished="false")
    assert (answer["tags"], answer["customCoordinates"], answer["customMetadata"]) == (None, None, {})
    assert (answer["isPrivateFile"], answer["isPublished"]) == (True, False)
    assert answer["embeddedMetadata"]["Make"] == "Canon"
    assert answer["metadata"]["quality"] == 82
    assert answer["metadata"]["exif"]["exif"]["FNumber"] == 5.6
    assert "colour" not in answer


@pytest.mark.parametrize("padding", [True, False])
def test_base64_is_decoded_with_and_without_padding_and_line_breaks(api: Api, jpeg: bytes, padding: bool) -> None:
    text = base64.encodebytes(jpeg[:-1]).decode() if padding else base64.b64encode(jpeg[:-1]).decode().rstrip("=")
    assert download(api, api.upload("a.jpg", text)) == jpeg[:-1]


def test_a_data_uri_is_decoded(api: Api, png: bytes) -> None:
    answer = api.upload("a.png", "data:image/png;base64," + base64.b64encode(png).decode())
    assert download(api, answer) == png


def test_a_data_uri_that_is_not_base64_is_refused(api: Api) -> None:
    response = api.try_upload("a.png", "data:image/png;base64,***")
    assert response.status_code == 400
    assert "not in base64" in response.json()["message"]


def test_other_text_is_stored_unchanged(api: Api) -> None:
    assert download(api, api.upload("a.txt", "Grüße, no base64!")) == "Grüße, no base64!".encode()


def test_a_url_of_this_server_is_read_from_the_library_transformed_or_not(api: Api, jpeg: bytes) -> None:
    source = api.upload("a.jpg", jpeg)
    copy = api.upload("b.jpg", source["url"] + "?updatedAt=1")
    assert download(api, copy) == jpeg
    smaller = api.upload("c.jpg", source["url"] + "?tr=w-32")
    assert (smaller["width"], smaller["height"]) == (32, 24)
    local = source["url"].replace("127.0.0.1", "localhost")
    assert api.upload("d.jpg", local)["size"] == len(jpeg)


def test_a_url_of_this_server_without_a_file_is_refused(api: Api) -> None:
    response = api.try_upload("b.jpg", api.server.url_endpoint + "/none.jpg")
    assert response.status_code == 400
    assert "there is no file at /none.jpg" in response.json()["message"]


@pytest.mark.parametrize("what", ["the file itself", "a layer"])
def test_a_file_deleted_during_its_transformation_is_refused(api: Api, jpeg: bytes, png: bytes, what: str) -> None:
    api.upload("a.jpg", jpeg)
    for path in (api.server.settings.data / "contents").rglob("*"):  # as a deletion at that moment does
        if path.is_file():
            path.unlink()
    if what == "a layer":
        pre = json.dumps({"pre": "l-image,i-a.jpg,w-5,l-end"})
        response = api.try_upload("b.png", png, transformation=pre)
    else:
        response = api.try_upload("b.jpg", f"{api.server.url_endpoint}/tr:w-5/a.jpg")
    assert response.status_code == 400, response.text
    assert "deleted in the meantime" in response.json()["message"]


def test_a_foreign_url_is_refused_unless_remote_fetches_are_allowed(api: Api, jpeg: bytes) -> None:
    source = api.upload("a.jpg", jpeg)["url"]
    with LocalImageKit() as strict, LocalImageKit(allow_loopback=True, max_upload_bytes=100) as open_:
        fields = {"fileName": (None, "b.jpg"), "file": (None, source)}
        paths = [(other.url + "/api/v1/files/upload", (other.private_key, "")) for other in (strict, open_)]
        refused, too_large = (requests.post(url, files=fields, auth=auth, timeout=30) for url, auth in paths)
        assert refused.status_code == 400
        assert "allow_remote" in refused.json()["message"]
        assert too_large.json()["message"].endswith("The file size exceeds limits.")
        small = api.upload("small.txt", b"small")["url"]
        fetched = requests.post(paths[1][0], files={**fields, "file": (None, small)}, auth=paths[1][1], timeout=30)
        assert fetched.json()["size"] == 5
        gone = requests.post(paths[1][0], files={**fields, "file": (None, small + "x")}, auth=paths[1][1], timeout=30)
        assert gone.status_code == 400


@pytest.mark.parametrize("content", [b"", ""])
def test_an_empty_file_counts_as_missing(api: Api, content: Any) -> None:
    response = api.try_upload("a.txt", content)
    assert (response.status_code, response.json()["message"]) == (400, "Your request is missing file parameter.")


def test_a_file_without_a_name_is_refused(api: Api) -> None:
    response = api.try_upload("a.txt", b"x", fileName="")
    assert response.json()["message"] == "Your request is missing fileName parameter."


def test_a_body_that_is_not_a_form_has_no_file(api: Api) -> None:
    response = api("POST", "/api/v1/files/upload", data={"fileName": "a.txt", "file": "x"})
    assert (response.status_code, response.json()["message"]) == (400, "Your request is missing file parameter.")


def test_names_are_unique_by_default(api: Api) -> None:
    names = {api.upload("a.txt", b"x", useUniqueFileName="")["name"] for _ in range(5)}
    assert len(names) == 5
    assert all(re.fullmatch(r"a_[\w-]{9}\.txt", name) for name in names)


def test_an_overwrite_makes_a_version_and_drops_fields_that_it_does_not_repeat(api: Api, jpeg: bytes) -> None:
    given = {"tags": "x,y", "customCoordinates": "1,2,3,4", "description": "old", "isPrivateFile": "true"}
    first = api.upload("a.jpg", jpeg, **given)
    second = api.upload("a.jpg", jpeg + b"\0")
    assert second["fileId"] == first["fileId"]
    assert second["versionInfo"]["name"] == "Version 2"
    assert second["versionInfo"]["id"] != first["versionInfo"]["id"]
    now = api.details(first["fileId"])
    assert (now["tags"], now["customCoordinates"], now["description"], now["isPrivateFile"]) == (
        None,
        None,
        None,
        False,
    )


def test_an_overwrite_keeps_tags_and_custom_metadata_on_request(api: Api) -> None:
    schema = {"type": "Number"}
    api("POST", "/v1/customMetadataFields", json={"name": "price", "label": "Price", "schema": schema})
    first = api.upload("a.txt", b"1", tags="x,y", customMetadata='{"price": 5}')
    api.upload("a.txt", b"2", overwriteTags="false", overwriteCustomMetadata="false")
    now = api.details(first["fileId"])
    assert (now["tags"], now["customMetadata"]) == (["x", "y"], {"price": 5})
    api.upload("a.txt", b"3", tags="z", overwriteTags="false")
    now = api.details(first["fileId"])
    assert (now["tags"], now["customMetadata"]) == (["z"], {})


def test_a_file_is_not_overwritten_if_the_request_forbids_it(api: Api) -> None:
    api.upload("a.txt", b"1")
    response = api.try_upload("a.txt", b"2", overwriteFile="false")
    assert response.status_code == 400
    assert response.json()["message"].startswith("A file with the same name already exists at the exact location.")
    assert [item["size"] for item in api.assets()] == [1]
    assert len(api("GET", f"/v1/files/{api.assets()[0]['fileId']}/versions").json()) == 1


def test_tags_are_trimmed_and_deduplicated(api: Api) -> None:
    assert api.upload("a.txt", tags="b, a ,b,,", responseFields="tags")["tags"] == ["b", "a"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"useUniqueFileName": "yes"}, "invalid value for useUniqueFileName parameter. It should be true or false."),
        ({"tags": "50%"}, "A tag should not contain %."),
        ({"tags": ",".join(f"{n:03d}" + "x" * 47 for n in range(11))}, "Combined length of all tags should be less"),
        ({"customCoordinates": "1,2,3"}, "customCoordinates parameter. It should be x,y,width,height"),
        ({"customCoordinates": "-1,2,3,4"}, "customCoordinates"),
        ({"customMetadata": "{"}, "Your request contains invalid customMetadata parameter."),
        ({"customMetadata": "[]"}, "Your request contains invalid customMetadata parameter."),
        ({"customMetadata": '{"nope": 1}'}, "Invalid custom metadata."),
        ({"extensions": "{"}, "Your request contains invalid extensions parameter."),
        ({"extensions": '[{"name":"magic"}]'}, "Your request contains invalid extensions parameter."),
        ({"extensions": "{}"}, "Your request contains invalid extensions parameter."),
        ({"webhookUrl": "ftp://a"}, "webhookUrl parameter. It should be an http or https URL."),
        ({"checks": '"file.size" < 5'}, "Your request failed 'checks' validation."),
        ({"checks": "5 <"}, "Your request contains invalid syntax for the checks parameter."),
        ({"transformation": "w-100"}, "because the transformation field is invalid."),
        ({"transformation": '{"pre": 5}'}, "because the transformation field is invalid."),
        ({"transformation": '{"post": [{"type": "magic"}]}'}, "because the transformation field is invalid."),
        ({"transformation": '{"post": [{"type": "thumbnail"}]}'}, "are supported only for image and video files."),
        ({"transformation": '{"pre": "w-10"}'}, "transformations are supported only for image and video files."),
        ({"folder": "/a/../b"}, "'.' & '..' can not be used as folder-name"),
        ({"fileName": ".."}, "invalid fileName parameter"),
    ],
)
def test_an_invalid_parameter_is_refused_and_nothing_is_stored(api: Api, fields: dict[str, str], message: str) -> None:
    response = api.try_upload("a.txt", b"hello", **fields)
    assert response.status_code == 400
    assert message in response.json()["message"]
    assert api.assets(type="all") == []


def test_too_many_post_transformations_are_refused(api: Api) -> None:
    post = [{"type": "transformation", "value": "w-1"}] * 6
    response = api.try_upload("a.txt", b"hello", transformation=json.dumps({"post": post}))
    assert response.json()["message"].endswith("because the transformation field is invalid.")


def test_a_pre_transformation_changes_what_is_stored(api: Api, jpeg: bytes) -> None:
    answer = api.upload("a.jpg", jpeg, transformation='{"pre": "w-32,h-10,cm-extract"}')
    assert (answer["width"], answer["height"]) == (32, 10)
    assert answer["size"] == len(download(api, answer)) != len(jpeg)


def test_a_pre_transformation_that_the_renderer_refuses_stores_nothing(api: Api, jpeg: bytes) -> None:
    response = api.try_upload("a.jpg", jpeg, transformation='{"pre": "w-wide"}')
    assert response.status_code == 400
    assert "w" in response.json()["message"]
    assert api.assets() == []


def test_custom_metadata_defaults_are_stored(api: Api) -> None:
    schema = {"type": "Text", "isValueRequired": True, "defaultValue": "none"}
    api("POST", "/v1/customMetadataFields", json={"name": "brand", "label": "Brand", "schema": schema})
    assert api.upload("a.txt", responseFields="customMetadata")["customMetadata"] == {"brand": "none"}


def test_the_size_limit_depends_on_the_kind_of_file(api: Api, tmp_path: Path) -> None:
    video = b"\x00\x00\x00\x1cftypisom" + bytes(1500)
    with LocalImageKit(max_upload_bytes=1000, max_video_upload_bytes=2000) as server:
        small = type(api)(server)
        with small.session:
            assert small.upload("a.txt", b"x" * 1000)["size"] == 1000
            assert small.upload("a.mp4", video)["fileType"] == "non-image"
            too_large = [
                small.try_upload("a.txt", b"x" * 1001),
                small.try_upload("a.txt", base64.b64encode(bytes(1001)).decode()),
                small.try_upload("a.mp4", video + bytes(1000)),
                small.try_upload("a.mp4", video + bytes(1_000_000)),
            ]
            for response in too_large:
                assert response.status_code == 400
                assert response.json()["message"].endswith("The file size exceeds limits.")
            assert len(small.assets()) == 2


def test_storage_is_limited_by_the_plan(api: Api) -> None:
    with LocalImageKit(max_storage_bytes=1000) as server:
        small = type(api)(server)
        with small.session:
            small.upload("a.txt", b"x" * 600)
            response = small.try_upload("a.txt", b"x" * 401)  # all versions are counted
            assert (response.status_code, response.json()["message"]) == (400, "Upload Limit Exceeded.")
            small.upload("b.txt", b"x" * 400)


def test_rapid_overwrites_are_refused_if_the_setting_is_on(api: Api) -> None:
    with LocalImageKit(min_overwrite_seconds=1.0) as server:
        slow = type(api)(server)
        with slow.session:
            server.clock.freeze()
            slow.upload("a.txt", b"1")
            slow.upload("b.txt", b"1")
            response = slow.try_upload("a.txt", b"2")
            assert response.status_code == 400
            assert response.json()["message"].startswith("You have sent too many requests to update the file recently.")
            server.clock.advance(1)
            slow.upload("a.txt", b"2")


def test_a_large_file_is_streamed_unchanged(api: Api) -> None:
    content = bytes(range(256)) * 4096 * 20  # 20 MB
    answer = api.upload("big.bin", io.BytesIO(content))
    assert answer["size"] == len(content)
    assert download(api, answer) == content


def test_thirty_two_clients_can_upload_at_the_same_time(api: Api) -> None:
    def upload(number: int) -> Any:
        client = type(api)(api.server)
        with client.session:
            for turn in range(3):
                client.upload("shared.txt", b"%d %d" % (number, turn))
            return client.upload(f"{number}.txt", b"%d" % number, folder=f"/f{number % 4}")

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(upload, range(32)))
    assert len({answer["fileId"] for answer in answers}) == 32
    assert len(api.assets(path="/f1")) == 8
    (shared,) = api.assets(path="/")
    versions = api("GET", f"/v1/files/{shared['fileId']}/versions").json()
    assert [version["versionInfo"]["name"] for version in versions] == [f"Version {n}" for n in range(96, 0, -1)]


def test_a_video_that_cannot_be_read_is_stored(api: Api) -> None:
    answer = api.upload("clip.mp4", b"\x00\x00\x00\x1cftypisom" + bytes(100))
    details = api.details(answer["fileId"])
    assert (details["mime"], details["fileType"]) == ("video/mp4", "non-image")
    assert details["thumbnail"].endswith("tr=n-ik_ml_thumbnail")


def test_preflight_requests_of_browsers_are_answered(api: Api) -> None:
    headers = {"Origin": "https://shop.example", "Access-Control-Request-Headers": "x-custom"}
    response = requests.options(api.server.url + "/api/v1/files/upload", headers=headers, timeout=30)
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["access-control-allow-methods"] == "OPTIONS, POST"
    assert response.headers["access-control-allow-headers"] == "x-custom"


def test_an_interrupted_upload_leaves_nothing_behind(api: Api) -> None:
    import socket
    import time

    head = (
        b"POST /api/v1/files/upload HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n"
        b"Content-Type: multipart/form-data; boundary=x\r\n\r\n"
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    )
    host, _, port = api.server.url.removeprefix("http://").partition(":")
    incoming = api.server.settings.data / "incoming"
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(head + bytes(500_000))  # smaller uploads are written only when they end
        deadline = time.monotonic() + 60
        while not list(incoming.iterdir()) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(list(incoming.iterdir())) == 1
    while list(incoming.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert list(incoming.iterdir()) == []
    assert api.assets() == []


def test_a_part_whose_file_name_is_in_another_character_set_is_stored_unchanged(api: Api) -> None:
    parts = ['name="fileName"\r\n\r\na.txt', "name=\"file\"; filename*=UTF-8''%C3%BC.txt\r\n\r\naGVsbG8="]
    body = "".join(f"--x\r\nContent-Disposition: form-data; {part}\r\n" for part in parts) + "--x--\r\n"
    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = api("POST", "/api/v1/files/upload", data=body, headers=headers).json()
    assert api("GET", answer["url"]).content == b"aGVsbG8="


def test_many_comments_before_an_svg_do_not_block_the_server(api: Api) -> None:
    assert api.upload("a.bin", b"<!---->" * 25)["fileType"] == "non-image"
