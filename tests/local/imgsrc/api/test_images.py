"""Listings, searches, metadata, deletion, visibility and signed URLs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import pytest

from imagekitio.local.imgsrc.account import read_signing_secret
from imagekitio.local.imgsrc.library import find_image
from imagekitio.local.imgsrc.signatures import check
from tests.local.imgsrc.conftest import NOW, make_picture

if TYPE_CHECKING:
    from tests.local.imgsrc.conftest import Api

MISSING = "/api/v1/images/0011223344556677"


def seed(api: Api, *paths: str) -> list[Any]:
    """Upload a different picture to each path, one second apart."""
    answers = []
    for number, path in enumerate(paths):
        api.settings.clock.freeze(NOW + number)
        answers.append(api.upload(make_picture(number), target_path=path))
    return answers


def test_a_list_has_the_shape_of_the_service(api: Api) -> None:
    (uploaded,) = seed(api, "trips/oslo.png")
    api.upload(make_picture(0), target_path="trips/2025/oslo.png")
    assert api.json("GET", "/api/v1/images", params={"path": "/trips/"}) == {
        "images": [
            {
                "id": uploaded["id"],
                "original_filename": "a.png",
                "sanitized_filename": "a.png",
                "size": uploaded["size"],
                "uploaded_at": uploaded["uploaded_at"],
                "url": f"/api/v1/images/{uploaded['id']}",
                "cdn_url": f"{api.root}/trips/oslo.png",
                "paths": ["trips/oslo.png", "trips/2025/oslo.png"],
                "visibility": "public",
            }
        ],
        "folders": [{"name": "2025", "image_count": 1}],
        "total": 1,
        "limit": 50,
        "offset": 0,
        "has_more": False,
        "path_filter": "trips",
    }


def test_a_list_without_a_path_contains_all_images_newest_first(api: Api) -> None:
    assert api.json("GET", "/api/v1/images") == {
        "images": [],
        "folders": [],
        "total": 0,
        "limit": 50,
        "offset": 0,
        "has_more": False,
    }
    seed(api, "a.png", "b/c.png", "b/d/e.png", "z/f.png")
    answer = api.json("GET", "/api/v1/images")
    assert [image["paths"] for image in answer["images"]] == [["z/f.png"], ["b/d/e.png"], ["b/c.png"], ["a.png"]]
    assert answer["folders"] == [{"name": "b", "image_count": 2}, {"name": "z", "image_count": 1}]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("b", [["b/d/e.png"], ["b/c.png"]]),
        ("b/c.png", [["b/c.png"]]),
        ("b/c", []),
        ("b/d", [["b/d/e.png"]]),
        ("été/日本", [["été/日本/1.png"]]),
        ("%", [["%/a.png"]]),
        ("_", []),
    ],
)
def test_a_path_filters_by_whole_segments(api: Api, path: str, found: list[list[str]]) -> None:
    seed(api, "b/c.png", "b/d/e.png", "b.png", "b0/x.png", "bc/y.png", "été/日本/1.png", "%/a.png")
    assert api.paths(path=path) == found


def test_pages_together_make_the_whole_list(api: Api) -> None:
    seed(api, *(f"{number}.png" for number in range(5)))
    pages = [api.json("GET", f"/api/v1/images?limit=2&offset={offset}") for offset in (0, 2, 4, 6)]
    assert [page["has_more"] for page in pages] == [True, True, False, False]
    assert {page["total"] for page in pages} == {5}
    assert [image["paths"] for page in pages for image in page["images"]] == api.paths()


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "limit=1.5", "limit=-1", "limit=٣", "offset=-1", f"offset={10**30}"]
)
def test_a_page_out_of_range_is_refused(api: Api, query: str) -> None:
    name = query.partition("=")[0]
    assert f"{name} must be a whole number" in api.error("GET", f"/api/v1/images?{query}", 400)


def test_a_missing_limit_and_a_null_offset_get_the_defaults(api: Api) -> None:
    answer = api.json("GET", "/api/v1/images?limit=&offset=null&folder=x&path=")
    assert (answer["limit"], answer["offset"]) == (50, 0)
    assert "path_filter" not in answer


def test_a_search_finds_names_and_paths_in_any_case(api: Api) -> None:
    (uploaded,) = seed(api, "Blog/Été.png")
    api.upload(make_picture(1), "Hero.PNG", target_path="x")
    assert api.json("GET", "/api/v1/images/search", params={"q": "e\u0301TÉ"}) == {
        "results": [
            {
                "id": uploaded["id"],
                "original_filename": "a.png",
                "sanitized_filename": "a.png",
                "size": uploaded["size"],
                "uploaded_at": uploaded["uploaded_at"],
                "url": f"/api/v1/images/{uploaded['id']}",
                "cdn_url": f"{api.root}/Blog/%C3%89t%C3%A9.png",
                "paths": ["Blog/Été.png"],
                "visibility": "public",
            }
        ],
        "total": 1,
        "query": "e\u0301TÉ",
    }

    def search(text: str, **query: str) -> tuple[list[str], int]:
        answer = api.json("GET", "/api/v1/images/search", params={"q": text, **query})
        return [result["paths"][0] for result in answer["results"]], answer["total"]

    assert search("hero") == (["x/Hero.PNG"], 1)
    assert search("png", limit="1") == (["x/Hero.PNG"], 2)
    assert search("%") == ([], 0)


@pytest.mark.parametrize("query", ["", "q=", f"q={'x' * 101}", "q=x&limit=0", "q=x&limit=101"])
def test_a_search_out_of_range_is_refused(api: Api, query: str) -> None:
    assert "must be" in api.error("GET", f"/api/v1/images/search?{query}", 400)


def test_metadata_has_the_urls_of_all_formats(api: Api) -> None:
    (uploaded,) = seed(api, "trips/oslo.png")
    link = f"/api/v1/images/{uploaded['id']}"
    assert api.json("GET", link) == {
        "id": uploaded["id"],
        "metadata": {
            "hash": uploaded["hash"],
            "original_filename": "a.png",
            "size": uploaded["size"],
            "uploaded_at": uploaded["uploaded_at"],
            "mime_type": "image/png",
            "width": 3,
            "height": 2,
        },
        "urls": {"original": f"{api.root}/trips/oslo.png", **uploaded["available_formats"]},
        "visibility": "public",
        "_links": {"self": link, "delete": link},
    }


def test_the_url_of_the_uploaded_format_keeps_the_extension_of_the_path(api: Api, jpeg: bytes) -> None:
    urls = api.upload(jpeg, "a.tar.jpeg")["available_formats"]
    assert (urls["jpeg"], urls["png"]) == (f"{api.root}/a.tar.jpeg", f"{api.root}/a.tar.png")
    assert api.upload(make_picture(), "v1.2")["available_formats"]["webp"] == f"{api.root}/v1.2.webp"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("DELETE", "", None),
        ("POST", "/signed-url", {}),
        ("PATCH", "/visibility", {"visibility": "public"}),
    ],
)
def test_a_missing_image_is_not_found(api: Api, method: str, path: str, body: object) -> None:
    assert api.error(method, MISSING + path, 404, json=body) == "Image not found"


def test_deleting_an_image_deletes_all_its_paths_and_its_content(api: Api) -> None:
    (uploaded,) = seed(api, "a.png")
    api.upload(make_picture(0), "b.png")
    link = f"/api/v1/images/{uploaded['id']}"
    assert api.json("DELETE", link) == {
        "success": True,
        "message": "Image deleted successfully",
        "deleted_at": "2025-01-27T17:46:40Z",
        "deleted_paths": ["a.png", "b.png"],
    }
    assert api.paths() == []
    assert not api.store.content(uploaded["hash"]).exists()
    api.error("DELETE", link, 404)


def test_deleting_the_last_path_deletes_the_image(api: Api) -> None:
    (uploaded,) = seed(api, "x/été 1.png")
    api.upload(make_picture(0), "b.png")
    answer = api.json("DELETE", f"/api/v1/images/path/local/{quote('x/été 1.png')}")
    assert answer == {
        "success": True,
        "message": "Path deleted successfully",
        "remaining_paths": ["b.png"],
        "image_deleted": False,
        "deleted_at": "2025-01-27T17:46:40Z",
    }
    api.error("DELETE", f"/api/v1/images/path/local/{quote('x/été 1.png')}", 404)
    answer = api.json("DELETE", "/api/v1/images/path/local/b.png")
    assert (answer["remaining_paths"], answer["image_deleted"]) == ([], True)
    assert not api.store.content(uploaded["hash"]).exists()


def test_only_the_owner_of_a_path_can_delete_it(api: Api) -> None:
    seed(api, "b.png")
    api.error("DELETE", "/api/v1/images/path/other/b.png", 403)
    api.error("DELETE", "/api/v1/images/path/other/..%2Fb.png", 403)
    api.error("DELETE", "/api/v1/images/path/local/a/..%2Fb.png", 400)
    assert api.error("DELETE", "/api/v1/images/path/local/B.png", 404) == "Path not found"
    assert api.paths() == [["b.png"]]


def test_a_slash_in_a_segment_may_be_encoded(api: Api) -> None:
    seed(api, "a/b/c.png")
    assert api.json("DELETE", "/api/v1/images/path/local/a%2Fb%2Fc.png")["image_deleted"]


def test_visibility_changes_for_all_paths(api: Api) -> None:
    (uploaded,) = seed(api, "a.png")
    link = f"/api/v1/images/{uploaded['id']}"
    assert api.json("PATCH", f"{link}/visibility", json={"visibility": "private"}) == {
        "id": uploaded["id"],
        "visibility": "private",
        "message": "Visibility updated to private",
    }
    assert api.json("GET", link)["visibility"] == "private"
    assert api.json("GET", "/api/v1/images")["images"][0]["visibility"] == "private"
    assert api.json("PATCH", f"{link}/visibility", json={"visibility": "public"})["visibility"] == "public"


@pytest.mark.parametrize("body", [{}, {"visibility": "secret"}, {"visibility": None}, {"visibility": ["private"]}])
def test_visibility_is_public_or_private(api: Api, body: object) -> None:
    (uploaded,) = seed(api, "a.png")
    link = f"/api/v1/images/{uploaded['id']}/visibility"
    assert api.error("PATCH", link, 400, json=body) == "visibility must be one of public, private"


def create_signed_url(api: Api, uploaded: Any, **body: Any) -> Any:
    return api.json("POST", f"/api/v1/images/{uploaded['id']}/signed-url", json=body)


def check_url(api: Api, path: str, url: str, now: float) -> str:
    with api.store.read() as connection:
        image = find_image(connection, path)
        assert image is not None
        return check(path, urlsplit(url).query, read_signing_secret(connection, image.id), now)


def test_a_signed_url_is_valid_until_it_expires(api: Api) -> None:
    (uploaded,) = seed(api, "trips/été.png")
    answer = create_signed_url(api, uploaded, expires_in_seconds=300)
    assert (answer["expires_at"], answer["expires_in_seconds"]) == (NOW + 300, 300)
    url = answer["signed_url"]
    assert url.startswith(f"{api.root}/trips/%C3%A9t%C3%A9.png?exp={NOW + 300}&sig=")
    assert check_url(api, "trips/été.png", url, NOW + 299) == "good"
    assert check_url(api, "trips/été.png", url, NOW + 300) == "expired"


def test_a_signed_url_needs_no_body(api: Api) -> None:
    (uploaded,) = seed(api, "a.png")
    answer = api.json("POST", f"/api/v1/images/{uploaded['id']}/signed-url")
    assert answer["expires_in_seconds"] == 3600


def test_a_signed_url_may_have_a_transformation(api: Api) -> None:
    (uploaded,) = seed(api, "trips/oslo.png")
    transformation = {"width": 400, "height": 300.0, "fit": "scale-down", "quality": 75, "format": "webp", "blur": 3}
    url = create_signed_url(api, uploaded, transformation=transformation)["signed_url"]
    assert url.startswith(f"{api.root}/trips/oslo.webp?w=400&h=300&q=75&fit=scale-down&exp=")
    assert check_url(api, "trips/oslo.webp", url, NOW) == "good"
    assert check_url(api, "trips/oslo.webp", url.replace("w=400", "w=401"), NOW) == "bad"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"expires_in_seconds": 59}, "expires_in_seconds must be a whole number from 60 to 604800"),
        ({"expires_in_seconds": 604_801}, "expires_in_seconds must"),
        ({"expires_in_seconds": "300"}, "expires_in_seconds must"),
        ({"expires_in_seconds": True}, "expires_in_seconds must"),
        ({"expires_in_seconds": None}, "expires_in_seconds must"),
        ({"transformation": []}, "transformation must be an object"),
        ({"transformation": {"width": 0}}, "width must be a whole number from 1 to 10000"),
        ({"transformation": {"height": 1.5}}, "height must"),
        ({"transformation": {"quality": 101}}, "quality must be a whole number from 1 to 100"),
        ({"transformation": {"fit": "crop"}}, "fit must be one of cover, contain, fill, scale-down"),
        ({"transformation": {"format": "gif"}}, "format must be one of webp, avif, jpeg, png, jxl"),
    ],
)
def test_a_signed_url_with_invalid_values_is_refused(api: Api, body: object, message: str) -> None:
    (uploaded,) = seed(api, "a.png")
    assert message in api.error("POST", f"/api/v1/images/{uploaded['id']}/signed-url", 400, json=body)
    # The request is checked before the image is looked up.
    assert message in api.error("POST", f"{MISSING}/signed-url", 400, json=body)


def test_a_signed_url_never_shows_another_image(api: Api) -> None:
    png, webp = seed(api, "a.png", "a.webp")
    transformation = {"format": "webp"}
    link = f"/api/v1/images/{png['id']}/signed-url"
    assert "as webp" in api.error("POST", link, 409, json={"transformation": transformation})
    assert create_signed_url(api, webp, transformation=transformation)["signed_url"].startswith(f"{api.root}/a.webp?")
    assert create_signed_url(api, png, transformation={"width": 1})["signed_url"].startswith(f"{api.root}/a.png?w=1")
    api.upload(make_picture(0), target_path="b.png")
    assert create_signed_url(api, png, transformation=transformation)["signed_url"].startswith(f"{api.root}/b.webp?")


def test_a_private_image_shows_its_newest_valid_signed_url(api: Api) -> None:
    (uploaded,) = seed(api, "a.png")
    shown = "active_signed_url"

    def read_item() -> Any:
        return api.json("GET", "/api/v1/images")["images"][0]

    long = create_signed_url(api, uploaded, expires_in_seconds=600)
    assert shown not in read_item()  # it is public
    api.json("PATCH", f"/api/v1/images/{uploaded['id']}/visibility", json={"visibility": "private"})
    assert read_item()[shown] == {"signed_url": long["signed_url"], "expires_at": NOW + 600}
    short = create_signed_url(api, uploaded, expires_in_seconds=60)
    assert read_item()[shown]["signed_url"] == short["signed_url"] != long["signed_url"]
    assert shown not in api.json("GET", "/api/v1/images/search?q=a.png")["results"][0]
    api.settings.clock.advance(60)
    assert read_item()[shown]["signed_url"] == long["signed_url"]
    api.settings.clock.advance(540)
    assert shown not in read_item()


def test_deleting_a_path_invalidates_its_signed_url(api: Api) -> None:
    (uploaded,) = seed(api, "a.png")
    api.upload(make_picture(0), "b.png", visibility="private")
    create_signed_url(api, uploaded)
    api.json("DELETE", "/api/v1/images/path/local/a.png")
    assert "active_signed_url" not in api.json("GET", "/api/v1/images")["images"][0]


def test_deleting_an_image_invalidates_its_signed_urls(api: Api) -> None:
    (uploaded,) = seed(api, "a.png")
    create_signed_url(api, uploaded)
    api.json("DELETE", f"/api/v1/images/{uploaded['id']}")
    api.upload(make_picture(0), "a.png", visibility="private")
    assert "active_signed_url" not in api.json("GET", "/api/v1/images")["images"][0]


def test_urls_in_responses_start_with_the_requested_address(api: Api) -> None:
    (uploaded,) = seed(api, "a.png")
    create_signed_url(api, uploaded)
    api.json("PATCH", f"/api/v1/images/{uploaded['id']}/visibility", json={"visibility": "private"})
    (read_item,) = api.json("GET", "/api/v1/images", headers={"Host": "images.example.test:81"})["images"]
    root = "http://images.example.test:81/i/local"
    assert read_item["cdn_url"] == f"{root}/a.png"
    assert read_item["active_signed_url"]["signed_url"].startswith(f"{root}/a.png?exp=")
    (read_item,) = api.json("GET", "/api/v1/images", headers={"Host": "api.img-src.io"})["images"]
    assert read_item["cdn_url"] == f"{api.root}/a.png"
