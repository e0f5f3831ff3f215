"""Image metadata over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.local.conftest import Api


def test_metadata_has_the_shape_of_the_service(api: Api, jpeg: bytes) -> None:
    file_id = api.upload("a.jpg", jpeg)["fileId"]
    response = api("GET", f"/v1/files/{file_id}/metadata")
    assert response.status_code == 200
    metadata = response.json()
    exif = metadata.pop("exif")
    assert len(metadata.pop("pHash")) == 16
    assert metadata == {
        "height": 48,
        "width": 64,
        "size": len(jpeg),
        "format": "jpg",
        "hasColorProfile": False,
        "quality": 82,
        "density": 72,
        "hasTransparency": False,
    }
    assert exif["image"]["Make"] == "Canon"
    assert exif["exif"]["DateTimeOriginal"] == "2023:05:30 15:56:01"
    assert (exif["exif"]["ISO"], exif["gps"]["GPSLatitude"], exif["makernote"]) == (200, [48, 12, 30], {})


@pytest.mark.parametrize("path", ["/v1/metadata", "/v1/files/metadata"])
def test_metadata_by_url_describes_the_original_or_the_transformed_image(api: Api, jpeg: bytes, path: str) -> None:
    answer = api.upload("a.jpg", jpeg)
    by_id = api("GET", f"/v1/files/{answer['fileId']}/metadata").json()
    assert api("GET", path, params={"url": answer["url"]}).json() == by_id
    transformed = answer["url"].replace("/a.jpg", "/tr:w-32,f-png/a.jpg")
    metadata = api("GET", path, params={"url": transformed}).json()
    assert (metadata["width"], metadata["height"], metadata["format"]) == (32, 24, "png")


def test_metadata_of_unreadable_files_is_refused(api: Api) -> None:
    text = api.upload("a.txt")
    video = api.upload("a.mp4", b"\x00\x00\x00\x1cftypisom")
    endpoint = api.server.url_endpoint
    corrupt = api.upload("a.jpg", b"\xff\xd8\xff\xe0 broken")
    for path, query, status, message in (
        (f"/v1/files/{text['fileId']}/metadata", "", 400, "The requested file is corrupt or invalid."),
        (f"/v1/files/{corrupt['fileId']}/metadata", "", 400, "The requested file is corrupt or invalid."),
        (f"/v1/files/{video['fileId']}/metadata", "", 400, "The requested file is corrupt or invalid."),
        ("/v1/metadata", "", 400, "Your request is missing url parameter."),
        (
            "/v1/metadata",
            "https://example.com/a.jpg",
            400,
            "The url should be accessible using your ImageKit.io account.",
        ),
        ("/v1/metadata", "http://[", 400, "The url should be accessible using your ImageKit.io account."),
        (
            "/v1/metadata",
            f"{endpoint}/none.jpg",
            404,
            "The requested file does not exist or is inaccessible at this time.",
        ),
        ("/v1/metadata", text["url"], 400, "The requested file is corrupt or invalid."),
    ):
        response = api("GET", path, params={"url": query} if query else {})
        assert (response.status_code, response.json()["message"]) == (status, message), path
