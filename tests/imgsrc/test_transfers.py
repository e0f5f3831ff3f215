"""Many uploads and downloads, and private images among them."""

from __future__ import annotations

import io
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.imgsrc import errors, models
from imagekitio.models.response_metadata import ResponseMetadata

from .answers import ID, ITEM, LISTING, METADATA, UPLOAD, error_body
from .server import make_client
from .test_calls import read_form

if TYPE_CHECKING:
    from pathlib import Path

    from .server import Answer, Driver, Seen, Server

REFUSED: Answer = (403, error_body(403, "FORBIDDEN", "This image is private"), {})


class Account:
    """Delivers one public and one private image, and signs."""

    def __init__(self, server: Server) -> None:
        self.url = server.url
        self.public = {**ITEM, "cdn_url": f"{server.url}/i/ada/trips/oslo.png"}
        self.private = {
            **ITEM,
            "id": "f" * 16,
            "paths": ["trips/secret.png"],
            "visibility": "private",
            "cdn_url": f"{server.url}/i/ada/trips/secret.png",
        }
        server.respond = self.respond

    def respond(self, seen: Seen) -> Answer:
        path, _, query = seen.path.partition("?")
        if path.startswith("/i/"):
            assert "authorization" not in seen.headers
            if path == "/i/ada/trips/secret.png" and query != "sig=a":
                return REFUSED
            if path.endswith("missing.png"):
                return 404, error_body(404, "NOT_FOUND", "Image not found"), {}
            return 200, f"{path}?{query}".encode(), {"ETag": '"a"'}
        if path.endswith("/signed-url"):
            signed = f"{self.url}/i/ada/trips/secret.png?sig=a"
            return 200, {"signed_url": signed, "expires_at": 1, "expires_in_seconds": 3600}, {}
        if path.startswith("/api/v1/images/"):
            return 200, {**METADATA, "visibility": "private"}, {}
        return 200, {**LISTING, "images": [self.public, self.private]}, {}

    def item(self, data: dict[str, Any]) -> models.ImageListItem:
        return models.ImageListItem.from_json(data)


@pytest.fixture
def account(server: Server) -> Account:
    return Account(server)


def paths_of(server: Server) -> list[str]:
    return [seen.path for seen in server.requests]


def test_an_image_is_downloaded_by_its_path(driver: Driver, server: Server, account: Account, tmp_path: Path) -> None:
    path = driver.call("download", "trips/oslo.png", tmp_path / "a.png")
    assert path == tmp_path / "a.png"
    assert path.read_bytes() == b"/i/ada/trips/oslo.png?"
    assert driver.call("download", "/trips/oslo.png", tmp_path, width=300, format="webp") == tmp_path / "oslo.webp"
    assert (tmp_path / "oslo.webp").read_bytes() == b"/i/ada/trips/oslo.webp?w=300"
    target = io.BytesIO()
    assert driver.call("download", {"path": "trips/oslo.png", "w": 5}, target) is None
    assert target.getvalue() == b"/i/ada/trips/oslo.png?w=5"


def test_a_private_image_is_downloaded_by_a_signed_url(
    driver: Driver, server: Server, account: Account, tmp_path: Path
) -> None:
    wanted = b"/i/ada/trips/secret.png?sig=a"
    assert driver.call("download", "trips/secret.png", tmp_path / "a").read_bytes() == wanted
    assert paths_of(server) == [
        "/i/ada/trips/secret.png",
        "/api/v1/images?limit=100&offset=0&path=trips%2Fsecret.png",
        f"/api/v1/images/{'f' * 16}/signed-url",
        "/i/ada/trips/secret.png?sig=a",
    ]
    server.requests.clear()
    driver.call("download", account.item(account.private), tmp_path / "b", width=300)
    assert (tmp_path / "b").read_bytes() == wanted
    assert paths_of(server) == [f"/api/v1/images/{'f' * 16}/signed-url", "/i/ada/trips/secret.png?sig=a"]
    assert server.requests[0].json == {"expires_in_seconds": 3600, "transformation": {"width": 300}}


def test_an_image_that_has_become_private_since_is_downloaded_by_a_signed_url(
    driver: Driver, server: Server, account: Account, tmp_path: Path
) -> None:
    source = account.item({**account.private, "visibility": "public"})
    for options in ({}, {"width": 300}):
        server.requests.clear()
        driver.call("download", source, tmp_path / "a", **options)
        assert (tmp_path / "a").read_bytes() == b"/i/ada/trips/secret.png?sig=a"
        assert [path.partition("?")[0] for path in paths_of(server)] == [
            "/i/ada/trips/secret.png",
            f"/api/v1/images/{'f' * 16}",
            f"/api/v1/images/{'f' * 16}/signed-url",
            "/i/ada/trips/secret.png",
        ]


def test_options_that_cannot_be_signed_are_refused_for_a_private_image(
    driver: Driver, server: Server, account: Account, tmp_path: Path
) -> None:
    wanted = r"this image is private, and a signed URL takes only width, .* \(got 'blur'\)"
    for source in ("trips/secret.png", account.item(account.private)):
        with pytest.raises(TypeError, match=wanted):
            driver.call("download", source, tmp_path / "a", width=5, blur=4)
    driver.call("download", "trips/secret.png", tmp_path / "a", transformation={"w": 5}, username="ada")
    (signing,) = [seen for seen in server.requests if seen.method == "POST"]
    assert signing.json["transformation"] == {"width": 5}


def test_an_image_that_is_missing_is_not_found(
    driver: Driver, server: Server, account: Account, tmp_path: Path
) -> None:
    with pytest.raises(errors.NotFoundError, match=r"GET .*missing\.png: Image not found"):
        driver.call("download", "missing.png", tmp_path / "a")
    assert not list(tmp_path.iterdir())


def test_an_image_returned_by_a_call_is_downloaded(
    driver: Driver, server: Server, account: Account, tmp_path: Path
) -> None:
    url = f"{server.url}/i/ada/trips/oslo.png"
    upload = models.UploadResponse.from_answer(ResponseMetadata({**UPLOAD, "url": url}))
    image = models.MetadataResponse.from_answer(ResponseMetadata({**METADATA, "urls": {"original": url}}))
    for source in (upload, image, account.item(account.public)):
        assert driver.call("download", source, tmp_path / "a").read_bytes() == b"/i/ada/trips/oslo.png?"
        assert driver.call("download", source, tmp_path / "a", w=5).read_bytes() == b"/i/ada/trips/oslo.png?w=5"
    assert driver.call("download", f"{url}?w=7", tmp_path / "a").read_bytes() == b"/i/ada/trips/oslo.png?w=7"


@pytest.mark.parametrize(
    ("source", "options", "error", "message"),
    [
        ("https://img-src.io/i/ada/a.png", {"w": 5}, TypeError, "a URL is downloaded unchanged"),
        ("", {}, ValueError, "needs the path of an image"),
        (5, {}, TypeError, "a download must be the path of an image, a URL"),
        ("a.png", {"wdth": 5}, TypeError, "did you mean 'width'"),
        ("a.png", {"path": "b.png"}, TypeError, "pass it as the source"),
        ("a/../b.png", {}, ValueError, "must not have . or .."),
    ],
)
def test_a_wrong_download_is_refused(
    driver: Driver, server: Server, tmp_path: Path, source: Any, options: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        driver.call("download", source, tmp_path / "a", **options)
    assert not server.requests


def test_many_images_are_downloaded_into_folders(
    driver: Driver, server: Server, account: Account, tmp_path: Path
) -> None:
    items = ["trips/oslo.png", account.item(account.private), ("trips/oslo.png", "b/c.png"), "missing.png", "../a.png"]
    done = {str(one.item): one for one in driver.call("download_many", items, tmp_path, at_once=2)}
    assert (tmp_path / "trips/oslo.png").is_file()
    assert (tmp_path / "trips/secret.png").read_bytes() == b"/i/ada/trips/secret.png?sig=a"
    assert (tmp_path / "b/c.png").is_file()
    assert isinstance(done["missing.png"].error, errors.NotFoundError)
    assert isinstance(done["../a.png"].error, ValueError)
    server.requests.clear()
    again = driver.call("download_many", items[:3], tmp_path, skip_existing=True)
    assert all(one.error is None for one in again)
    assert not server.requests


def test_many_images_are_uploaded(driver: Driver, server: Server, tmp_path: Path) -> None:
    server.respond = lambda seen: (201, UPLOAD, {})
    (tmp_path / "a.png").write_bytes(b"a")
    reports: list[Any] = []
    items: list[Any] = [
        tmp_path / "a.png",
        (("b.png", b"b"), "own/b.png"),
        {"file": {"file_name": "c.png", "content": b"c"}, "visibility": "public"},
        models.UploadImageRequestBody(file=("d.png", b"d")),
        tmp_path / "none.png",
        "a.png",
        {"file": b"e", "fil": 5},
    ]
    found = driver.call(
        "upload_many",
        items,
        target_path="trips",
        visibility="private",
        on_progress=lambda *numbers: reports.append(numbers),
    )
    assert reports[-1] == (7, 7)
    assert {type(one.error) for one in found} == {type(None), FileNotFoundError, TypeError, ValueError}
    sent = {}
    for seen in server.requests:
        parts = read_form(seen)
        sent[parts["file"][1]] = (parts["target_path"][1], parts["visibility"][1])
    assert sent == {
        b"a": (b"trips", b"private"),
        b"b": (b"own/b.png", b"private"),
        b"c": (b"trips", b"public"),
        b"d": (b"trips", b"private"),
    }
    (result,) = [one.unwrap() for one in found if one.item == tmp_path / "a.png"]
    assert result.http_meta.request.method == "POST"


def test_two_uploads_to_one_path_do_not_lose_an_image(driver: Driver, server: Server, tmp_path: Path) -> None:
    server.respond = lambda seen: (201, UPLOAD, {})
    for name in ("d1", "d2"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.png").write_bytes(name.encode())
    first, second = tmp_path / "d1" / "x.png", tmp_path / "d2" / "x.png"
    items: list[Any] = [
        first,
        second,
        first,  # the same content at the same path: nothing is lost
        (first, "both/X.png"),
        (second, "both//x.png"),
        (("x.png", b"a"), "/both/"),
        (("y.png", b"a"), "both"),
        (("y.png", b"a"), "both"),
        (("z.png", io.BytesIO(b"a")), "both"),
        (("z.png", io.BytesIO(b"b")), "both"),
    ]
    found = driver.call("upload_many", items, target_path="both")
    refused = [one.item for one in found if one.error is not None]
    assert sorted(map(items.index, refused)) == [1, 4, 5, 9]
    for one in found:
        if one.error is not None:
            assert isinstance(one.error, ValueError)
            assert "is already the path of another file in this call: give another target_path" in str(one.error)
    assert len(server.requests) == 6


def test_the_path_of_an_upload_given_as_text_gets_advice(driver: Driver, server: Server) -> None:
    (one,) = driver.call("upload_many", ["photos/cat.jpg"])
    assert str(one.error).endswith("(got str); pass Path('photos/cat.jpg') for a file on this machine")
    assert not server.requests


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"items": "a.png"}, TypeError, "items must be a list"),
        ({"items": [], "target_path": "a.png"}, ValueError, "target_path of many uploads must be a folder"),
        ({"items": [], "target_path": ""}, ValueError, "target_path must not be empty"),
        ({"items": [], "visibility": "x"}, ValueError, "visibility must be 'public'"),
        ({"items": [], "start_transfer": 5}, TypeError, "start_transfer must be a function"),
        ({"items": [], "at_once": 0}, ValueError, "at_once must be 1 or more"),
    ],
)
def test_wrong_arguments_of_many_uploads_are_refused(
    driver: Driver, arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        driver.call("upload_many", **arguments)


def test_an_upload_of_many_reports_its_own_progress(driver: Driver, server: Server) -> None:
    server.respond = lambda seen: (201, UPLOAD, {})
    reports: list[Any] = []
    item = (("a.png", b"a" * 1000), "a.png")
    found = driver.call(
        "upload_many", [item], start_transfer=lambda given: lambda sent, total: reports.append((given, sent == total))
    )
    assert found[0].result.id == ID
    assert reports[-1] == (item, True)


def test_an_executor_of_processes_works(server: Server, account: Account, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"a")
    with make_client("blocking", server) as client, ProcessPoolExecutor(1, get_context("spawn")) as pool:
        (done,) = client.download_many([account.item(account.private)], tmp_path, executor=pool)
        assert done.unwrap().read_bytes() == b"/i/ada/trips/secret.png?sig=a"
        server.respond = lambda seen: (201, UPLOAD, {})
        (sent,) = client.upload_many([tmp_path / "a.png"], executor=pool)
        assert sent.unwrap().id == ID
