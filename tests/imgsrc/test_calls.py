"""Every call, with every kind of client: what is sent, and what comes back."""

from __future__ import annotations

import io
import pickle
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.imgsrc import BackoffStrategy, RetryConfig, errors, models

from .answers import (
    DELETION,
    ID,
    ITEM,
    LISTING,
    METADATA,
    PATH_DELETION,
    PRESET,
    PRESET_DELETION,
    PRESETS,
    SEARCH,
    SETTINGS,
    SETTINGS_UPDATE,
    SIGNED,
    UPLOAD,
    USAGE,
    VISIBILITY,
    error_body,
)
from .server import KEY, make_client

if TYPE_CHECKING:
    from .server import Driver, Seen, Server

IMAGE = f"/api/v1/images/{ID}"
PRESET_PATH = "/api/v1/settings/presets"
PARAMS = {"w": 300, "fit": "cover"}

# Call, arguments, answer, status, and what is sent: method, path, JSON.
CALLS: list[tuple[str, dict[str, Any], Any, int, str, str, Any]] = [
    ("images.list_images", {}, LISTING, 200, "GET", "/api/v1/images?limit=50&offset=0", None),
    (
        "images.list_images",
        {"limit": 5, "offset": 10, "path": "trips/är &"},
        LISTING,
        200,
        "GET",
        "/api/v1/images?limit=5&offset=10&path=trips%2F%C3%A4r%20%26",
        None,
    ),
    ("images.list_images", {"limit": None, "offset": None}, LISTING, 200, "GET", "/api/v1/images", None),
    ("images.search_images", {"q": "oslo"}, SEARCH, 200, "GET", "/api/v1/images/search?q=oslo&limit=20", None),
    ("images.search_images", {"q": " "}, SEARCH, 200, "GET", "/api/v1/images/search?q=%20&limit=20", None),
    ("images.get_image", {"id": ID}, METADATA, 200, "GET", IMAGE, None),
    ("images.delete_image", {"id": ID}, DELETION, 200, "DELETE", IMAGE, None),
    (
        "images.create_signed_url",
        {"id": ID},
        SIGNED,
        200,
        "POST",
        f"{IMAGE}/signed-url",
        {"expires_in_seconds": 3600},
    ),
    (
        "images.create_signed_url",
        {"id": ID, "expires_in_seconds": timedelta(hours=2), "transformation": {"w": 300, "format": "webp"}},
        SIGNED,
        200,
        "POST",
        f"{IMAGE}/signed-url",
        {"expires_in_seconds": 7200, "transformation": {"width": 300, "format": "webp"}},
    ),
    (
        "images.create_signed_url",
        {"id": ID, "transformation": models.Transformation(width=300, format_="webp")},
        SIGNED,
        200,
        "POST",
        f"{IMAGE}/signed-url",
        {"expires_in_seconds": 3600, "transformation": {"width": 300, "format": "webp"}},
    ),
    (
        "images.update_visibility",
        {"id": ID, "visibility": "private"},
        VISIBILITY,
        200,
        "PATCH",
        f"{IMAGE}/visibility",
        {"visibility": "private"},
    ),
    (
        "images.delete_image_path",
        {"username": "ada", "filepath": "a b/ü?#%2F.png"},
        PATH_DELETION,
        200,
        "DELETE",
        "/api/v1/images/path/ada/a%20b/%C3%BC%3F%23%252F.png",
        None,
    ),
    ("presets.list_presets", {}, PRESETS, 200, "GET", PRESET_PATH, None),
    (
        "presets.create_preset",
        {"request": {"name": "thumbnail", "params": PARAMS}},
        PRESET,
        201,
        "POST",
        PRESET_PATH,
        {"name": "thumbnail", "params": PARAMS},
    ),
    (
        "presets.create_preset",
        {"name": "thumbnail", "params": {"width": 300}, "description": "Small"},
        PRESET,
        201,
        "POST",
        PRESET_PATH,
        {"name": "thumbnail", "params": {"w": 300}, "description": "Small"},
    ),
    ("presets.get_preset", {"id": "a/b"}, PRESET, 200, "GET", f"{PRESET_PATH}/a%2Fb", None),
    (
        "presets.update_preset",
        {"id": "preset_a", "description": None},
        PRESET,
        200,
        "PUT",
        f"{PRESET_PATH}/preset_a",
        {"description": None},
    ),
    (
        "presets.update_preset",
        {"id": "preset_a", "name": "b", "params": {"odd": 1}, "check_params": False},
        PRESET,
        200,
        "PUT",
        f"{PRESET_PATH}/preset_a",
        {"name": "b", "params": {"odd": 1}},
    ),
    ("presets.delete_preset", {"name": "thumb"}, PRESET_DELETION, 200, "DELETE", f"{PRESET_PATH}/thumb", None),
    ("settings.get_settings", {}, SETTINGS, 200, "GET", "/api/v1/settings", None),
    (
        "settings.update_settings",
        {"request": {"default_quality": 70}, "default_max_width": None, "delivery_formats": ("avif", "webp")},
        SETTINGS_UPDATE,
        200,
        "PUT",
        "/api/v1/settings",
        {"default_quality": 70, "default_max_width": None, "delivery_formats": ["avif", "webp"]},
    ),
    ("usage.get_usage", {}, USAGE, 200, "GET", "/api/v1/usage", None),
]


@pytest.mark.parametrize(
    ("name", "arguments", "answer", "status", "method", "path", "body"),
    CALLS,
    ids=[f"{one[0]} {index}" for index, one in enumerate(CALLS)],
)
def test_a_call_sends_what_the_api_describes(
    driver: Driver,
    server: Server,
    name: str,
    arguments: dict[str, Any],
    answer: Any,
    status: int,
    method: str,
    path: str,
    body: Any,
) -> None:
    server.add(answer, status, X_RateLimit_Remaining="99")
    result = driver.call(name, **arguments)
    (seen,) = server.requests
    assert (seen.method, seen.path) == (method, path)
    assert seen.headers["authorization"] == f"Bearer {KEY}"
    assert seen.headers["accept"] == "application/json"
    assert (seen.json if seen.body else None) == body
    assert result.raw == answer
    assert result.http_meta.response.headers["X-RateLimit-Remaining"] == "99"
    assert result.http_meta.request.url == server.url + path
    assert result.http_meta.request.method == method
    assert KEY not in repr(result.http_meta)


def read_form(seen: Seen) -> dict[str, tuple[str, bytes]]:
    """Return the parts of a multipart body: name, what follows it in the header, and content."""
    boundary = seen.headers["content-type"].partition("boundary=")[2].encode()
    parts: dict[str, tuple[str, bytes]] = {}
    for part in seen.body.split(b"--" + boundary)[1:-1]:
        head, _, content = part.strip(b"\r\n").partition(b"\r\n\r\n")
        found = re.search(r'name="([^"]*)"(.*)', head.decode(), re.DOTALL)
        assert found is not None
        parts[found[1]] = (found[2], content)
    return parts


class Named(io.BytesIO):
    name = "/home/ada/oslo.png"


UPLOADS: list[tuple[dict[str, Any], str, dict[str, bytes]]] = [
    (
        {"request": {"file": {"file_name": "a.png", "content": b"abc"}, "target_path": "trips"}},
        "a.png",
        {"target_path": b"trips"},
    ),
    ({"request": {"file": {"fileName": "a.png", "content": io.BytesIO(b"abc")}}}, "a.png", {}),
    ({"request": models.UploadImageRequestBody(file=models.File("a.png", b"abc"))}, "a.png", {}),
    ({"file": ("a.png", b"abc"), "target_path": "/a/b.png"}, "a.png", {"target_path": b"a/b.png"}),
    (
        {"file": b"abc", "target_path": "trips/b.PNG", "visibility": "private"},
        "b.PNG",
        {"target_path": b"trips/b.PNG", "visibility": b"private"},
    ),
    ({"file": Named(b"abc"), "target_path": "photos/2024"}, "oslo.png", {"target_path": b"photos/2024"}),
    (
        {"request": {"file": b"no", "visibility": "public"}, "file": ("ä.png", b"abc", "image/png")},
        "ä.png",
        {"visibility": b"public"},
    ),
]


@pytest.mark.parametrize(("arguments", "file_name", "fields"), UPLOADS, ids=range(len(UPLOADS)))
def test_an_upload_is_a_form_with_the_file(
    driver: Driver, server: Server, arguments: dict[str, Any], file_name: str, fields: dict[str, bytes]
) -> None:
    for value in [arguments.get("file"), *_contents(arguments.get("request"))]:
        if isinstance(value, io.BytesIO):
            value.seek(0)
    server.add(UPLOAD, 201)
    result = driver.call("images.upload_image", **arguments)
    parts = read_form(server.requests[0])
    head, content = parts.pop("file")
    assert f'filename="{file_name}"' in head
    assert content == b"abc"
    assert {name: value for name, (_, value) in parts.items()} == fields
    assert result.url == result.upload_response.url == UPLOAD["url"]
    assert result.is_new is True


def _contents(request: Any) -> list[Any]:
    file = request.get("file") if isinstance(request, Mapping) else None
    return [file.get("content")] if isinstance(file, Mapping) else []


def test_a_duplicate_may_be_answered_with_200(driver: Driver, server: Server) -> None:
    server.add({**UPLOAD, "is_new": False, "url": "/ada/trips/oslo.png"}, 200)
    result = driver.call("images.upload_image", file=("a.png", b"abc"))
    assert result.is_new is False
    assert result.url == f"{server.url}/i/ada/trips/oslo.png"


def test_an_upload_reports_progress_and_is_repeated_from_its_start(driver: Driver, server: Server) -> None:
    server.hang_up()
    server.add(b"", 503)
    server.add(UPLOAD, 201)
    reports: list[tuple[int, int]] = []
    file = io.BytesIO(b"xyz" + b"a" * 300_000)
    file.seek(3)
    result = driver.call(
        "images.upload_image", file={"file_name": "a.png", "content": file}, on_progress=lambda *n: reports.append(n)
    )
    assert result.id == ID
    assert [read_form(seen)["file"][1] for seen in server.requests] == [b"a" * 300_000] * 3
    assert reports[-1][0] == reports[-1][1] == len(server.requests[-1].body)


def test_next_returns_the_pages_until_there_are_no_more(driver: Driver, server: Server) -> None:
    def respond(seen: Seen) -> Any:
        offset = int(seen.path.partition("offset=")[2].partition("&")[0])
        count = min(2, 4 - offset)
        return 200, {**LISTING, "images": [ITEM] * count, "offset": offset, "has_more": offset + count < 4}, {}

    server.respond = respond
    page = driver.call("images.list_images", limit=2, path="trips", http_headers={"X-Trace": "7"})
    pages = 0
    while page is not None:
        pages += 1
        assert type(page).__name__ == ("ImageListResponse" if driver.kind == "blocking" else "AsyncImageListResponse")
        assert pickle.loads(pickle.dumps(page)) == page
        page = driver.finish(page.next())
    # The last page is full, and yet no request is made to find that out.
    assert pages == 2
    assert [seen.path for seen in server.requests] == [
        f"/api/v1/images?limit=2&offset={offset}&path=trips" for offset in (0, 2)
    ]
    assert {seen.headers["x-trace"] for seen in server.requests} == {"7"}


@pytest.mark.parametrize(
    ("page", "has_next"),
    [
        ({**LISTING, "images": [], "has_more": True}, False),
        ({**LISTING, "has_more": True}, True),
        ({name: value for name, value in LISTING.items() if name != "has_more"}, False),
    ],
)
def test_a_page_that_is_empty_or_short_is_the_last(driver: Driver, server: Server, page: Any, has_next: bool) -> None:
    server.add(page)
    server.add(LISTING)
    found = driver.finish(driver.call("images.list_images").next())
    assert (found is not None) is has_next


def test_iter_images_goes_through_all_pages_although_images_are_deleted(driver: Driver, server: Server) -> None:
    ids = [f"{number:016x}" for number in range(250)]

    def respond(seen: Seen) -> Any:
        query = dict(pair.split("=") for pair in seen.path.partition("?")[2].split("&"))
        offset, limit = int(query["offset"]), int(query["limit"])
        if offset:
            ids[:] = ids[10:] if len(ids) == 250 else ids
        found = [{**ITEM, "id": one} for one in ids[offset : offset + limit]]
        return 200, {**LISTING, "images": found, "has_more": offset + limit < len(ids)}, {}

    server.respond = respond
    found = driver.call("images.iter_images", path="trips")
    assert [image.id for image in found] == [f"{number:016x}" for number in range(250)]
    assert len({image.id for image in driver.call("images.iter_images", limit=7, page_size=3)}) == 7


def test_iter_images_refuses_wrong_arguments_immediately(driver: Driver, server: Server) -> None:
    with pytest.raises(TypeError, match=r"iter_images\(\) has no argument 'pth'; did you mean 'path'"):
        driver.call("images.iter_images", pth="trips")
    with pytest.raises(TypeError, match=r"iter_images\(\) has no argument 'pagesize'; did you mean 'page_size'"):
        driver.call("images.iter_images", pagesize=1)
    with pytest.raises(TypeError, match=r"iter_images\(\) has no argument 'offset'"):
        driver.call("images.iter_images", offset=1)
    with pytest.raises(ValueError, match="page_size must be from 1 to 100"):
        driver.call("images.iter_images", page_size=101)
    assert not server.requests


def test_a_preset_is_deleted_by_its_id(driver: Driver, server: Server) -> None:
    server.add(PRESET)
    server.add(PRESET_DELETION)
    result = driver.call("presets.delete_preset", id="preset_abc123")
    assert [(seen.method, seen.path) for seen in server.requests] == [
        ("GET", f"{PRESET_PATH}/preset_abc123"),
        ("DELETE", f"{PRESET_PATH}/thumbnail"),
    ]
    assert result.success is True
    assert result.http_meta.request.method == "DELETE"


@pytest.mark.parametrize("arguments", [{}, {"name": "a", "id": "b"}])
def test_a_preset_is_deleted_by_its_name_or_its_id(driver: Driver, arguments: dict[str, str]) -> None:
    with pytest.raises(TypeError, match="the name of a preset, or its id"):
        driver.call("presets.delete_preset", **arguments)


def test_what_a_call_returned_names_an_image_too(driver: Driver, server: Server) -> None:
    server.add(LISTING)
    image = driver.call("images.list_images")[0]
    server.add(DELETION)
    driver.call("images.delete_image", image)
    server.add(PRESET)
    preset = driver.call("presets.get_preset", "preset_a")
    server.add(PRESET)
    driver.call("presets.update_preset", preset, name="b")
    assert server.requests[1].path == IMAGE
    assert server.requests[3].path == f"{PRESET_PATH}/preset_abc123"


def test_options_of_one_call_take_precedence_over_those_of_the_client(driver: Driver, server: Server) -> None:
    server.add(b"", 503)
    with pytest.raises(errors.InternalServerError) as caught:
        driver.call(
            "usage.get_usage",
            retries=None,
            server_url=f"{server.url}/proxy/",
            timeout_ms=30_000,
            http_headers={"X-Trace": "1", "authorization": "Bearer imgsrc_other"},
        )
    (seen,) = server.requests
    assert seen.names.count("authorization") == 1
    assert seen.path == "/proxy/api/v1/usage"
    assert (seen.headers["x-trace"], seen.headers["authorization"]) == ("1", "Bearer imgsrc_other")
    assert caught.value.attempts == 1
    server.add(USAGE)
    driver.call("usage.get_usage")
    assert "x-trace" not in server.requests[1].headers


def test_retries_may_be_given_by_position(driver: Driver, server: Server) -> None:
    server.add(b"", 503)
    server.add(USAGE)
    config = RetryConfig("backoff", BackoffStrategy(1, 2, 1.1, 100_000), False)
    assert driver.call("usage.get_usage", config).plan == "free"
    with pytest.raises(TypeError, match="given twice"):
        driver.call("usage.get_usage", config, retries=config)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"retries": "backoff"}, TypeError, "retries must be a RetryConfig"),
        ({"timeout_ms": 0}, ValueError, "timeout_ms must be a number of milliseconds above 0"),
        ({"timeout_ms": "5"}, TypeError, "timeout_ms must be a number"),
        ({"server_url": "api.img-src.io"}, ValueError, "server_url must start with https://"),
        ({"http_headers": [("a", "b")]}, TypeError, "http_headers must be a dict"),
        ({"http_headers": {"a": "b\r\nc: d"}}, ValueError, "printable ASCII on one line"),
        ({"http_headers": {"a b": "c"}}, ValueError, "a name that is not valid"),
        ({"http_headers": {"x": None}}, TypeError, r"http_headers\['x'\] must be a str \(got NoneType\)"),
        ({"http_headers": {5: "a"}}, TypeError, r"http_headers must have str as names \(got 5\)"),
        ({"timeout": 5}, TypeError, "did you mean 'timeout_ms'"),
    ],
)
def test_a_wrong_option_of_a_call_is_refused_before_anything_is_sent(
    driver: Driver, server: Server, options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        driver.call("usage.get_usage", **options)
    assert not server.requests


@pytest.mark.parametrize(
    ("name", "arguments", "error", "message"),
    [
        ("images.list_images", {"limit": 101}, ValueError, "limit must be from 1 to 100 .got 101."),
        ("images.list_images", {"limit": 0}, ValueError, "limit must be from 1 to 100"),
        ("images.list_images", {"limit": True}, TypeError, "limit must be a whole number"),
        ("images.list_images", {"offset": -1}, ValueError, "offset must be at least 0"),
        ("images.list_images", {"path": b"a"}, TypeError, "path must be a str"),
        ("images.list_images", {"path": "\ud800"}, ValueError, "path must not contain a lone surrogate"),
        ("images.search_images", {"q": ""}, ValueError, r"q must have from 1 to 100 characters \(got 0\)"),
        ("images.search_images", {"q": None}, TypeError, r"q must be a str \(got NoneType\)"),
        ("images.search_images", {"q": "a" * 101}, ValueError, "q must have from 1 to 100 characters"),
        ("images.get_image", {"id": "a"}, ValueError, "id must have 16 characters"),
        ("images.get_image", {"id": 5}, TypeError, "id must be a str, or an image"),
        ("images.get_image", {"id": None}, TypeError, "id is missing"),
        ("images.create_signed_url", {"id": ID, "expires_in_seconds": 59}, ValueError, "from 60 to 604800 .got 59."),
        ("images.create_signed_url", {"id": ID, "expires_in_seconds": timedelta(seconds=60.5)}, ValueError, "whole"),
        ("images.create_signed_url", {"id": ID, "transformation": {"blur": 5}}, TypeError, "a signed URL takes only"),
        ("images.create_signed_url", {"id": ID, "transformation": {"w": 0}}, ValueError, "w must be a whole number"),
        ("images.create_signed_url", {"id": ID, "transformation": "w=3"}, TypeError, "a Transformation or a dict"),
        ("images.update_visibility", {"id": ID, "visibility": "hidden"}, ValueError, "'public' or 'private'"),
        ("images.update_visibility", {"id": ID, "visibility": None}, TypeError, "'public' or 'private'"),
        ("images.delete_image_path", {"username": "", "filepath": "a"}, ValueError, "username must not be empty"),
        ("images.delete_image_path", {"username": "a", "filepath": "a//b"}, ValueError, "empty segments"),
        ("images.delete_image_path", {"username": "a", "filepath": "a/\ud800"}, ValueError, "lone surrogate"),
        ("images.upload_image", {}, TypeError, "file is missing"),
        ("images.upload_image", {"file": "https://example.com/a.png"}, TypeError, "got a str.; pass Path"),
        ("images.upload_image", {"file": b""}, ValueError, "must not be empty"),
        ("images.upload_image", {"file": b"a"}, ValueError, "the file has no name"),
        ("images.upload_image", {"file": b"a", "target_path": "blog/2024"}, ValueError, "the file has no name"),
        (
            "images.upload_image",
            {"file": b"a", "target_path": "a/name.txt"},
            ValueError,
            "'a/name.txt' is treated as a folder, because '.txt' is not the extension of an image",
        ),
        ("images.upload_image", {"file": ("a.png", "text")}, TypeError, "got a str.; pass Path"),
        ("images.upload_image", {"file": ("a", b"a"), "visibility": "x"}, ValueError, "visibility must be 'public'"),
        ("images.upload_image", {"file": ("a", b"a"), "target_path": ""}, ValueError, "target_path must not be empty"),
        ("images.upload_image", {"file": ("\ud800", b"a")}, ValueError, "file_name must not contain a lone surrogate"),
        ("images.upload_image", {"file": io.StringIO("a")}, TypeError, "text mode"),
        ("images.upload_image", {"file": {"content": b"a", "nam": "b"}}, ValueError, "File has no option 'nam'"),
        ("images.upload_image", {"fil": b"a"}, TypeError, "did you mean 'file'"),
        ("images.upload_image", {"request": "a.png"}, TypeError, "UploadImageRequestBody, a dict or None"),
        ("images.upload_image", {"file": ("a", b"a"), "on_progress": 5}, TypeError, "on_progress must be a function"),
        ("presets.create_preset", {}, TypeError, "name is missing"),
        ("presets.create_preset", {"name": "a"}, TypeError, "params is missing"),
        ("presets.create_preset", {"name": "my preset", "params": {}}, ValueError, "ASCII letters, digits, _ and -"),
        ("presets.create_preset", {"name": "a", "params": {"wdth": 5}}, TypeError, "did you mean 'width'"),
        ("presets.create_preset", {"name": "a", "params": {"w": 0}}, ValueError, "w must be a whole number"),
        ("presets.create_preset", {"name": "a", "params": "w"}, TypeError, "params must be a dict"),
        ("presets.create_preset", {"name": "a", "params": {}, "description": "a" * 201}, ValueError, "at most 200"),
        ("presets.get_preset", {"id": ""}, ValueError, "id must not be empty"),
        ("presets.get_preset", {"id": 5}, TypeError, "id must be a str, or a Preset"),
        ("presets.delete_preset", {"name": "@avatar"}, ValueError, "ASCII letters"),
        ("settings.update_settings", {"default_quality": 0}, ValueError, "default_quality must be from 1 to 100"),
        ("settings.update_settings", {"delivery_formats": "webp"}, TypeError, "must be a list of str"),
        ("settings.update_settings", {"default_fit_mode": "crop"}, ValueError, "must be one of cover, contain"),
        ("settings.update_settings", {"default_max_width": 0}, ValueError, "must be at least 1"),
        ("settings.update_settings", {"them": "dark"}, TypeError, "did you mean 'theme'"),
        ("settings.update_settings", {"request": {"them": "dark"}}, ValueError, "did you mean 'theme'"),
    ],
)
def test_a_wrong_argument_is_refused_before_anything_is_sent(
    driver: Driver, server: Server, name: str, arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        driver.call(name, **arguments)
    assert not server.requests


@pytest.mark.parametrize("status", [401, 404, 500])
def test_a_refusal_is_an_exception_of_its_status(driver: Driver, server: Server, status: int) -> None:
    for _ in range(3):
        server.add(error_body(status, "SOME_CODE", "Image not found"), status)
    kinds = {401: errors.UnauthorizedError, 404: errors.NotFoundError, 500: errors.InternalServerError}
    with pytest.raises(kinds[status], match=r"^Image not found$") as caught:
        driver.call("images.get_image", ID)
    assert isinstance(caught.value, errors.ErrorResponse)
    assert caught.value.attempts == len(server.requests) == (3 if status == 500 else 1)


def test_no_response_is_an_exception_too(driver: Driver, server: Server) -> None:
    for _ in range(3):
        server.hang_up()
    with pytest.raises(errors.NoResponseError, match="after 3 attempts") as caught:
        driver.call("images.get_image", ID)
    assert caught.value.__cause__ is not None
    assert not isinstance(caught.value, errors.RequestTimeoutError)


def test_a_new_preset_is_not_repeated_when_its_outcome_is_unknown(driver: Driver, server: Server) -> None:
    server.hang_up()
    with pytest.raises(errors.NoResponseError):
        driver.call("presets.create_preset", name="a", params={})
    assert len(server.requests) == 1


def test_a_minute_is_waited_for_but_a_month_is_not(driver: Driver, server: Server) -> None:
    server.add(error_body(429, "RATE_LIMITED", "Too many requests"), 429, Retry_After="0.01")
    server.add(METADATA)
    assert driver.call("images.get_image", ID).id == ID
    server.add(error_body(429, "RATE_LIMITED", "Monthly limit"), 429, X_RateLimit_Reset="9999999999")
    with pytest.raises(errors.RateLimitedError, match="Monthly limit") as caught:
        driver.call("images.get_image", ID)
    assert isinstance(caught.value, errors.ImgsrcDefaultError)
    assert caught.value.attempts == 1
    assert caught.value.retry_after_seconds is not None
    assert caught.value.retry_after_seconds > 86_400


def test_a_key_is_requested_before_every_attempt(server: Server) -> None:
    keys = iter(["imgsrc_a", "imgsrc_b"])
    server.add(b"", 503)
    server.add(USAGE)
    with make_client("blocking", server, bearer_auth=lambda: next(keys)) as client:
        client.usage.get_usage()
    assert [seen.headers["authorization"] for seen in server.requests] == ["Bearer imgsrc_a", "Bearer imgsrc_b"]
