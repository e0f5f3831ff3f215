"""Simultaneous requests, clients that disconnect, and the control API."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import requests

from imagekitio.local.imgsrc.settings import ApiKey
from imagekitio.local.imgsrc.store import ImgsrcStore
from imagekitio.local.web import serving
from tests.local.disks import fill_database, fill_disk
from tests.local.imgsrc.conftest import NOW, make_picture, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.local.imgsrc.conftest import Api


def call_together(api: Api, count: int, call: Callable[[requests.Session, int], requests.Response]) -> list[Any]:
    """Return the responses to `count` simultaneous calls."""

    def call_with_session(number: int) -> Any:
        with requests.Session() as session:
            session.trust_env = False
            session.headers["Authorization"] = f"Bearer {api.key}"
            return call(session, number).json()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(call_with_session, range(count)))


def test_the_same_content_uploaded_simultaneously_to_several_paths_is_one_image(api: Api) -> None:
    def upload(session: requests.Session, number: int) -> requests.Response:
        files = {"file": (f"{number}.png", make_picture())}
        return session.post(f"{api.url}/api/v1/images", files=files, timeout=60)

    answers = call_together(api, 8, upload)
    assert sorted(answer["is_new"] for answer in answers) == [False] * 7 + [True]
    (paths,) = api.paths()
    assert sorted(paths) == [f"{number}.png" for number in range(8)]
    assert api.json("GET", "/api/v1/usage")["current_period"]["uploads"] == 8


def test_different_contents_uploaded_simultaneously_to_one_path_leave_one_image(api: Api) -> None:
    def upload(session: requests.Session, number: int) -> requests.Response:
        return session.post(f"{api.url}/api/v1/images", files={"file": ("a.png", make_picture(number))}, timeout=60)

    answers = call_together(api, 8, upload)
    assert all(answer["is_new"] for answer in answers)
    assert api.paths() == [["a.png"]]
    assert len(list((api.settings.data / "contents").glob("*/*"))) == 1


def test_a_name_requested_simultaneously_is_taken_once(api: Api) -> None:
    def create(session: requests.Session, number: int) -> requests.Response:
        body = {"name": "thumb", "params": {"w": number + 1}}
        return session.post(f"{api.url}/api/v1/settings/presets", json=body, timeout=60)

    answers = call_together(api, 8, create)
    assert sum("id" in answer for answer in answers) == 1
    assert {answer["error"]["status"] for answer in answers if "error" in answer} == {409}


def begin_upload(connection: socket.socket, key: str) -> None:
    """Send the first part of an upload."""
    head = (
        f"POST /api/v1/images HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Length: 5000000\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        '--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    )
    connection.sendall(head.encode() + make_picture() + bytes(600_000))


def test_an_interrupted_upload_leaves_nothing_behind(api: Api) -> None:
    address = urlsplit(api.url)
    with socket.create_connection((address.hostname or "", address.port or 0)) as connection:
        begin_upload(connection, api.key)
    assert api.upload(make_picture(1), "b.png")["is_new"]
    assert api.paths() == [["b.png"]]


@pytest.mark.parametrize("size", [300, 3_000_000])
def test_an_upload_to_a_full_disk_gets_a_response_and_leaves_nothing_behind(
    api: Api, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    files = {"file": ("a.png", make_picture().ljust(size, b"\0"))}
    with monkeypatch.context() as full:
        full.setattr("imagekitio.local.storage.contents.Incoming.write", fill_disk)
        response = api("POST", "/api/v1/images", files=files)
    error = response.json()["error"]
    assert (response.status_code, error["message"]) == (500, "Local img-src failed; see its log for the reason.")
    assert response.headers["Connection"] == "close"  # so that no client reuses the connection
    assert api.paths() == []
    assert list((api.settings.data / "incoming").iterdir()) == []
    assert api("POST", "/api/v1/images", files=files).status_code == 201


def test_counts_that_cannot_be_written_are_kept_for_the_next_time(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    api.paths()
    with monkeypatch.context() as full:
        full.setattr(api.store, "write", fill_database)
        api.error("GET", "/api/v1/usage", 500)
    assert api.json("GET", "/api/v1/usage")["current_period"]["api_requests"] == 2


def test_simultaneous_first_requests_are_all_answered(tmp_path: Path) -> None:
    with run(tmp_path) as api:
        api.upload(make_picture(width=30), "a.png")
        paths = [f"/i/local/a.webp?w={width}" for width in (20, 10, 20, 10)]
        with ThreadPoolExecutor(len(paths)) as pool:
            answers = list(pool.map(lambda path: requests.get(api.url + path, timeout=60), paths))
        assert [answer.status_code for answer in answers] == [200] * len(paths)
        assert answers[0].content == answers[2].content != answers[1].content == answers[3].content
        assert api.json("GET", "/api/v1/usage")["current_period"]["transformations"] == 2


def test_resets_during_uploads_leave_no_partial_images(api: Api) -> None:
    def upload(session: requests.Session, number: int) -> requests.Response:
        for turn in range(10):
            if number == 0:
                api.server.reset()
            files = {"file": (f"{number}.png", make_picture(number * 10 + turn))}
            response = session.post(f"{api.url}/api/v1/images", files=files, timeout=60)
            assert response.status_code == 201, response.text
        return session.get(f"{api.url}/api/v1/images", timeout=60)

    call_together(api, 4, upload)
    listed = api.json("GET", "/api/v1/images")["images"]
    assert {path.name[:16] for path in (api.settings.data / "contents").glob("*/*")} == {
        image["id"] for image in listed
    }
    assert list((api.settings.data / "incoming").iterdir()) == []


@pytest.mark.slow
def test_stopping_during_an_upload_sends_a_response_and_stores_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "GRACE_SECONDS", 1)
    with run(tmp_path) as api:
        address = urlsplit(api.url)
        connection = socket.create_connection((address.hostname or "", address.port or 0), timeout=60)
        with connection:
            begin_upload(connection, api.key)
            while not list((tmp_path / "incoming").iterdir()):
                time.sleep(0.01)
            api.server.stop()
            assert connection.recv(12) == b"HTTP/1.1 503"
    with run(tmp_path) as api:
        assert api.paths() == []
        assert list((tmp_path / "incoming").iterdir()) == []


def test_an_upload_with_a_malformed_body_is_refused(api: Api) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n' + make_picture()
    assert "invalid multipart body" in api.error("POST", "/api/v1/images", 400, data=body, headers=headers)


def test_an_upload_without_a_key_is_read_to_its_end(api: Api) -> None:
    files = {"file": ("a.png", bytes(3_000_000))}
    assert "API key" in api.error("POST", "/api/v1/images", 401, key=None, files=files)


def test_images_signed_urls_and_usage_survive_a_restart(tmp_path: Path) -> None:
    with run(tmp_path) as api:
        uploaded = api.upload(make_picture(), "a.png", visibility="private")
        signed = api.json("POST", f"/api/v1/images/{uploaded['id']}/signed-url")["signed_url"]
        api("GET", "/api/v1/images")
    with run(tmp_path) as api:
        item = api.json("GET", "/api/v1/images")["images"][0]
        target = signed.partition("/i/local/")[2]
        assert item["active_signed_url"]["signed_url"] == f"{api.root}/{target}"
        assert api("GET", f"/i/local/{target}", key=None).content == make_picture()
        period = api.json("GET", "/api/v1/usage")["current_period"]
        assert (period["uploads"], period["api_requests"]) == (1, 4)
        assert api.json("GET", "/api/v1/settings")["settings"]["created_at"] == NOW
        with pytest.raises(BlockingIOError):
            ImgsrcStore(api.settings)


def test_a_reset_forgets_everything(api: Api) -> None:
    uploaded = api.upload()
    api.json("POST", "/api/v1/settings/presets", 201, json={"name": "a", "params": {}})
    api.json("PUT", "/api/v1/settings", json={"theme": "dark"})
    signed = api.json("POST", f"/api/v1/images/{uploaded['id']}/signed-url")["signed_url"]
    assert api.json("POST", "/_local/reset", key=api.server.control_token) == {}
    assert api.paths() == []
    assert not api.store.content(uploaded["hash"]).exists()
    assert api.json("GET", "/api/v1/settings/presets")["total"] == 0
    settings = api.json("GET", "/api/v1/settings")["settings"]
    assert settings["theme"] == "light"
    assert settings["created_at"] > NOW  # the real time
    api.settings.clock.freeze(NOW)
    api.upload()
    assert api.session.get(signed, timeout=60).status_code == 403  # the signing secret has changed


def test_the_control_api_accepts_its_token_or_a_key_with_all_scopes(tmp_path: Path) -> None:
    keys = ApiKey("imgsrc_all"), ApiKey("imgsrc_reader", ("read",))
    with run(tmp_path, api_keys=keys) as api:
        assert api.json("GET", "/_local/health", key=None) == {"status": "ok", "deliveryUrl": api.server.delivery_url}
        assert api.json("GET", "/_local/rate-limits", key=api.server.control_token) == {"limits": [[500, 60.0]]}
        assert api.json("PUT", "/_local/rate-limits", json={"limits": [[1, 5]]}) == {"limits": [[1, 5.0]]}
        api.error("GET", "/_local/requests", 401, key="imgsrc_unknown")
        api.error("GET", "/_local/requests", 403, key="imgsrc_reader")
        error = api.json("PUT", "/_local/rate-limits", 400, json={"limits": [[1, 5], [2, 9]]})["error"]
        assert "img-src has one rate limit" in error["message"]
