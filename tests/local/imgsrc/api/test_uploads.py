"""Uploads: identity by content, paths, visibility and limits."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from tests.local.imgsrc.conftest import make_picture, run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.local.imgsrc.conftest import Api


def test_the_response_to_an_upload_has_the_shape_of_the_service(api: Api) -> None:
    content = make_picture(1, width=12, height=8)
    digest = hashlib.sha256(content).hexdigest()
    link = f"/api/v1/images/{digest[:16]}"
    assert api.upload(content, "oslo.png", target_path="trips") == {
        "id": digest[:16],
        "hash": digest,
        "url": f"{api.root}/trips/oslo.png",
        "paths": ["trips/oslo.png"],
        "is_new": True,
        "size": len(content),
        "format": "png",
        "dimensions": {"width": 12, "height": 8},
        "available_formats": {
            "webp": f"{api.root}/trips/oslo.webp",
            "avif": f"{api.root}/trips/oslo.avif",
            "jpeg": f"{api.root}/trips/oslo.jpg",
            "png": f"{api.root}/trips/oslo.png",
            "jxl": f"{api.root}/trips/oslo.jxl",
        },
        "uploaded_at": "2025-01-27T17:46:40Z",
        "visibility": "public",
        "_links": {"self": link, "delete": link},
    }
    assert api.store.content(digest).read_bytes() == content


def test_the_same_bytes_under_another_path_are_the_same_image(api: Api) -> None:
    first = api.upload(name="a.png")
    api.settings.clock.advance(60)
    second = api.upload(name="other.png", target_path="b/c.png")
    assert second == {
        **first,
        "is_new": False,
        "paths": ["a.png", "b/c.png"],
        "url": f"{api.root}/b/c.png",
        "available_formats": second["available_formats"],
    }
    assert second["available_formats"]["webp"] == f"{api.root}/b/c.webp"
    assert api.json("GET", f"/api/v1/images/{first['id']}")["metadata"]["original_filename"] == "a.png"


def test_a_repeated_upload_changes_nothing_and_is_not_counted(api: Api) -> None:
    first = api.upload()
    assert api.upload() == {**first, "is_new": False}
    assert api.json("GET", "/api/v1/usage")["current_period"]["uploads"] == 1


def test_an_existing_path_moves_to_the_new_image(api: Api) -> None:
    old = api.upload(make_picture(1), "a.png")
    api.upload(make_picture(1), "b.png")
    new = api.upload(make_picture(2), "a.png")
    assert (new["is_new"], new["paths"]) == (True, ["a.png"])
    assert api.paths() == [["a.png"], ["b.png"]]
    api.upload(make_picture(2), "b.png")  # the old image loses its last path
    assert api.paths() == [["a.png", "b.png"]]
    assert api.error("GET", f"/api/v1/images/{old['id']}", 404) == "Image not found"
    assert not api.store.content(old["hash"]).exists()


@pytest.mark.parametrize(
    ("target_path", "name", "path"),
    [
        ("", "a.png", "a.png"),
        ("blog/2024", "a.png", "blog/2024/a.png"),
        ("/blog/2024/", "a.png", "blog/2024/a.png"),
        ("photos/b.JPG", "a.png", "photos/b.JPG"),
        ("photos/b.jpg/", "a.png", "photos/b.jpg/a.png"),
        ("v1.2", "a.png", "v1.2/a.png"),
        ("a//b", "c.png", "a/b/c.png"),
        ("", "été 日本.png", "été 日本.png"),
        ("100%", "a?b#c.png", "100%/a?b#c.png"),
        ("x", "folder/a.png", "x/a.png"),
        ("x", "no extension", "x/no extension"),
    ],
)
def test_the_path_comes_from_target_path_and_the_file_name(api: Api, target_path: str, name: str, path: str) -> None:
    assert api.upload(name=name, target_path=target_path)["paths"] == [path]


def test_urls_are_percent_encoded_and_names_are_sanitised(api: Api) -> None:
    answer = api.upload(name="100% été?.png")
    assert answer["url"] == f"{api.root}/100%25%20%C3%A9t%C3%A9%3F.png"
    (item,) = api.json("GET", "/api/v1/images")["images"]
    assert (item["original_filename"], item["sanitized_filename"]) == ("100% été?.png", "100-été.png")


def test_parts_may_come_in_any_order_and_unknown_parts_are_ignored(api: Api) -> None:
    parts = [
        ("visibility", (None, "private")),
        ("file", ("a.png", make_picture(), "text/plain")),
        ("path", (None, "ignored")),
        ("target_path", (None, "z")),
    ]
    answer = api.json("POST", "/api/v1/images", 201, files=parts)
    assert (answer["paths"], answer["visibility"], answer["format"]) == (["z/a.png"], "private", "png")


def test_a_file_without_a_name_needs_a_name_in_target_path(api: Api) -> None:
    head = b'--b\r\ncontent-disposition: form-data; name="file"\r\ncontent-type: image/png\r\n\r\n' + make_picture()
    target = b'\r\n--b\r\ncontent-disposition: form-data; name="target_path"\r\n\r\nx/y.png'
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    message = api.error("POST", "/api/v1/images", 400, data=head + b"\r\n--b--\r\n", headers=headers)
    assert message == "file must have a file name, unless target_path ends with one, such as photo.jpg"
    answer = api.json("POST", "/api/v1/images", 201, data=head + target + b"\r\n--b--\r\n", headers=headers)
    assert answer["paths"] == ["x/y.png"]
    assert api.json("GET", "/api/v1/images")["images"][0]["original_filename"] == "y.png"


@pytest.mark.parametrize("target_path", ["..", "a/../b", "./a.png", "a\0b", "line\nfeed", "x" * 1025])
def test_an_invalid_target_path_is_refused(api: Api, target_path: str) -> None:
    files = {"file": ("a.png", make_picture()), "target_path": (None, target_path)}
    assert "must" in api.error("POST", "/api/v1/images", 400, files=files)
    assert api.paths() == []


@pytest.mark.parametrize(
    "body", [{}, {"data": {"target_path": "a.png"}}, {"json": {"file": "x"}}, {"files": {"other": b"x"}}]
)
def test_an_upload_needs_a_file(api: Api, body: dict[str, object]) -> None:
    assert "file is missing" in api.error("POST", "/api/v1/images", 400, **body)


def test_the_size_of_a_file_is_limited(tmp_path: Path) -> None:
    with run(tmp_path, max_upload_bytes=300, min_upload_bytes=100) as api:
        padded = make_picture().ljust(300, b"\0")
        assert api.upload(padded, "a.png")["size"] == 300
        assert api.upload(padded + b"\0", "b.png", 413)["error"]["code"] == "PAYLOAD_TOO_LARGE"
        assert "at least 100 bytes" in api.upload(make_picture()[:99], "c.png", 400)["error"]["message"]
        assert "at least 100 bytes" in api.upload(b"", "d.png", 400)["error"]["message"]
        assert api.paths() == [["a.png"]]


def test_a_file_that_is_not_an_image_is_refused_whatever_its_name(api: Api) -> None:
    assert "must be an image" in api.upload(b"x" * 200, "a.png", 400)["error"]["message"]
    assert "must be an image" in api.upload(b"%PDF-1.7".ljust(200), "a.png", 400)["error"]["message"]


def test_the_format_is_detected_from_the_bytes(api: Api, jpeg: bytes) -> None:
    answer = api.upload(jpeg, "a.png")
    assert (answer["format"], answer["dimensions"]) == ("jpeg", {"width": 64, "height": 48})
    assert api.json("GET", f"/api/v1/images/{answer['id']}")["metadata"]["mime_type"] == "image/jpeg"


def test_an_upload_may_make_an_image_private_but_not_public(api: Api) -> None:
    assert api.upload(visibility="public")["visibility"] == "public"
    assert api.upload(visibility="private")["visibility"] == "private"
    assert api.upload(visibility="public")["visibility"] == "private"
    assert api.upload()["visibility"] == "private"
    assert "public, private" in api.upload(status=400, visibility="secret")["error"]["message"]


def test_an_unreadable_picture_has_no_dimensions(api: Api) -> None:
    answer = api.upload(b"qoif".ljust(120, b"\0"), "a.qoi")
    assert answer["format"] == "qoi"
    assert "dimensions" not in answer
    assert not {"width", "height"} & api.json("GET", f"/api/v1/images/{answer['id']}")["metadata"].keys()


def test_an_upload_beyond_a_quota_is_refused_and_stores_nothing(tmp_path: Path) -> None:
    size = len(make_picture())
    with run(tmp_path, max_uploads_per_month=3, max_storage_bytes=2 * size) as api:
        api.upload(make_picture(1), "1.png")
        api.upload(make_picture(2), "2.png")
        files = {"file": ("3.png", make_picture(3))}
        response = api("POST", "/api/v1/images", files=files)
        assert (response.status_code, response.json()["error"]["code"]) == (429, "RATE_LIMITED")
        assert f"{2 * size} bytes of storage" in response.json()["error"]["message"]
        api.upload(make_picture(2), "again.png")
        response = api("POST", "/api/v1/images", files={"file": ("more.png", make_picture(2))})
        assert response.status_code == 429
        assert "Retry-After" not in response.headers
        assert response.headers["X-RateLimit-Reset"] == "1738368000"  # the end of the month
        assert api.paths() == [["2.png", "again.png"], ["1.png"]]
        assert {path.name for path in (tmp_path / "contents").glob("*/*")} == {
            hashlib.sha256(make_picture(number)).hexdigest() for number in (1, 2)
        }
        assert not list((tmp_path / "incoming").iterdir())
        api.settings.clock.freeze(1738368000)
        api.upload(make_picture(2), "more.png")


def test_a_repeated_upload_is_accepted_when_quotas_are_used_up(tmp_path: Path) -> None:
    with run(tmp_path, max_uploads_per_month=2, max_storage_bytes=len(make_picture())) as api:
        first = api.upload(make_picture(1), "1.png")
        api.upload(make_picture(1), "again.png")
        assert api.upload(make_picture(1), "1.png")["paths"] == ["1.png", "again.png"]
        assert api.upload(make_picture(1), "other.png", target_path="again.png")["is_new"] is False
        assert api.upload(make_picture(1), "1.png", visibility="private") == {
            **first,
            "is_new": False,
            "paths": ["1.png", "again.png"],
            "visibility": "private",
        }
        assert "2 uploads a month" in api.upload(make_picture(1), "more.png", 429)["error"]["message"]
        assert api.json("GET", "/api/v1/usage")["current_period"]["uploads"] == 2
