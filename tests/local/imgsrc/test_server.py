"""Local img-src as an object: started, called over real sockets, and stopped."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import tempfile
import threading
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any

import pytest
import requests

from imagekitio.imgsrc import Imgsrc
from imagekitio.imgsrc.errors import UnauthorizedError
from imagekitio.local import ApiKey, Clock, LocalImageKit, LocalImgsrc
from tests.leftovers import count_resources
from tests.local.imgsrc.conftest import NOW, Api, make_picture
from tests.local.test_control import Bearer

if TYPE_CHECKING:
    from pathlib import Path


def test_it_starts_answers_and_leaves_nothing_behind() -> None:
    threads = set(threading.enumerate())
    with LocalImgsrc() as server:
        data, headers = server.settings.data, {"Authorization": f"Bearer {server.api_key}"}
        files = {"file": ("a.png", make_picture())}
        answer = requests.post(f"{server.url}/api/v1/images", files=files, headers=headers, timeout=60).json()
        assert answer["url"] == f"{server.delivery_url}/{server.username}/a.png"
        assert requests.get(answer["url"], timeout=60).content == make_picture()
        assert data.is_dir()
    assert not data.exists()
    assert set(threading.enumerate()) <= threads
    with pytest.raises(requests.ConnectionError):
        requests.get(answer["url"], timeout=60)


def test_a_full_run_leaves_no_thread_descriptor_or_file_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def live() -> None:
        with LocalImgsrc() as server:
            api = Api(server)
            with api.session:
                api.upload(make_picture(width=30), "a.png")
                assert api("GET", "/i/local/a.webp?w=20").status_code == 200
                server.faults.add(reset=True)
                with pytest.raises(requests.ConnectionError):
                    api("GET", "/api/v1/images")

    live()  # modules loaded by the first run stay loaded
    before = count_resources()
    for _ in range(3):
        live()
    assert count_resources() - before == {}
    assert os.listdir(tmp_path) == []


def test_two_servers_run_alongside_a_local_imagekit_and_share_nothing() -> None:
    with LocalImgsrc() as first, LocalImgsrc(username="ada", plan="free") as second, LocalImageKit() as imagekit:
        one, other = Api(first), Api(second)
        with one.session, other.session:
            one.upload()
            assert (one.paths(), other.paths()) == ([["a.png"]], [])
            second.faults.add(status=503)
            second.clock.freeze(NOW)
            assert one("GET", "/api/v1/images").status_code == 200
            assert other("GET", "/api/v1/images").status_code == 503
            auth = (imagekit.private_key, "")
            assert requests.get(f"{imagekit.url}/v1/files", auth=auth, timeout=60).json() == []
            assert [len(server.requests) for server in (first, second, imagekit)] == [3, 2, 1]


def test_it_can_be_restarted_and_keeps_its_data_in_a_given_folder(tmp_path: Path) -> None:
    server = LocalImgsrc(data=tmp_path)
    with pytest.raises(RuntimeError, match="local img-src is not running"):
        _ = server.url
    with server:
        with pytest.raises(RuntimeError, match="local img-src is already running"):
            server.start()
        api = Api(server)
        with api.session:
            api.upload(target_path="f/a.png")
    with server:
        api = Api(server)
        with api.session:
            assert api.paths() == [["f/a.png"]]
            assert api("GET", "/i/local/f/a.png").content == make_picture()
            assert api.upload(name="b.png")["is_new"] is False
        with pytest.raises(BlockingIOError, match="in use by another local server"):
            LocalImgsrc(data=tmp_path).start()


def test_the_data_of_local_imagekit_is_refused_and_kept(tmp_path: Path) -> None:
    with LocalImageKit(data=tmp_path) as imagekit, imagekit.client() as client:
        client.upload_file(file=b"hello", file_name="a.txt", use_unique_file_name=False)
    with pytest.raises(ValueError, match=r"has the data of another service \(imagekit.db\)"):
        LocalImgsrc(data=tmp_path).start()
    with LocalImageKit(data=tmp_path) as imagekit:
        assert requests.get(f"{imagekit.url_endpoint}/a.txt", timeout=60).content == b"hello"


def test_a_reset_restores_the_initial_state(api: Api) -> None:
    server = api.server
    api.upload()
    server.faults.add(status=500, times=None, operation="delivery")
    server.rate_limits.set((1, 60))
    server.reset()
    assert server.clock.time() > NOW
    assert (server.requests, server.faults.list(), server.rate_limits.limits) == ([], [], ((500, 60.0),))
    assert api.paths() == []
    assert [request.operation for request in server.requests] == ["images.list_images"]


def test_a_fault_hits_before_or_after_the_server_acts(api: Api) -> None:
    upload: Any = {"files": {"file": ("a.png", make_picture())}}
    api.server.faults.add(status=500, operation="images.upload_image")
    refused = api("POST", "/api/v1/images", **upload)
    assert (refused.status_code, refused.json()["error"]["code"]) == (500, "INTERNAL_ERROR")
    assert api.paths() == []
    api.server.faults.add(reset=True, when="after", operation="images.upload_image")
    with pytest.raises(requests.ConnectionError):
        api("POST", "/api/v1/images", **upload)
    assert api.paths() == [["a.png"]]
    api.server.faults.add(truncate=True, path="/i/local/*.png")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        api("GET", "/i/local/a.png")
    assert api("GET", "/i/local/a.png").content == make_picture()


def test_other_programs_can_control_faults_and_the_clock_and_list_requests(api: Api) -> None:
    token: Any = {"key": None, "auth": Bearer(api.server.control_token)}
    assert api.json("POST", "/_local/clock", json={"freeze": "2025-03-05T07:08:09Z"}, **token) == {
        "now": "2025-03-05T07:08:09.000Z"
    }
    assert api.upload()["uploaded_at"] == "2025-03-05T07:08:09Z"
    fault = {"status": 502, "times": 1, "operation": "images.list_images"}
    assert api.json("POST", "/_local/faults", json=fault, **token)["hits"] == 0
    assert api("GET", "/api/v1/images").status_code == 502
    error = api.json("POST", "/_local/faults", 400, json={"status": 502, "operation": "list_images"}, **token)["error"]
    assert "did you mean 'images.list_images'?" in error["message"]
    listed = [(seen["operation"], seen["status"]) for seen in api.json("GET", "/_local/requests", **token)]
    assert listed == [("images.upload_image", 201), ("images.list_images", 502)]
    assert api.json("DELETE", "/_local/requests", **token) == {}
    assert api.server.requests == []
    assert (
        api("POST", "/_local/seed", json={"folder": "/"}, **token).status_code == 404
    )  # only local ImageKit has seeds


def test_web_pages_and_unknown_host_names_cannot_control_it(api: Api) -> None:
    for headers in ({"Origin": "https://shop.example"}, {"Host": "shop.example"}):
        assert api("POST", "/_local/reset", headers=headers).status_code == 403


def test_the_date_of_a_response_comes_from_the_given_clock() -> None:
    clock = Clock()
    clock.freeze(1_000_000_000)
    with LocalImgsrc(clock=clock) as server:
        assert requests.get(f"{server.url}/health", timeout=60).headers["date"] == "Sun, 09 Sep 2001 01:46:40 GMT"


@pytest.mark.parametrize("request_", [b"GARBAGE\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\n: nothing\r\n\r\n"])
def test_a_malformed_request_gets_the_error_format_of_the_service(api: Api, request_: bytes) -> None:
    host, _, port = api.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(request_)
        response = HTTPResponse(connection)
        response.begin()
        error = json.loads(response.read())["error"]
        response.close()
    assert (response.status, error["status"], error["code"]) == (400, 400, "VALIDATION_ERROR")


def test_settings_are_checked_before_it_starts() -> None:
    with pytest.raises(ValueError, match="username must consist of letters"):
        LocalImgsrc(username="a b")
    with pytest.raises(ValueError, match="port must be a number from 0 to 65535"):
        LocalImgsrc(port=70_000)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"api_keys": "imgsrc_secret"}, TypeError, r"api_keys must be a list such as \['imgsrc_abc'\] .*\(got str\)"),
        ({"api_keys": ["imgsrc_a", 5]}, TypeError, r"api_keys must be a list such as .*\(got an item of type int\)"),
        ({"api_keys": None}, TypeError, r"api_keys must be a list"),
        ({"api_keys": ["secret key"]}, ValueError, "an API key must be imgsrc_ followed by letters or digits"),
        ({"api_keys": []}, ValueError, "api_keys must have at least one key"),
    ],
)
def test_an_invalid_key_is_refused_before_it_starts_and_not_shown(
    options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=f"^{message}") as caught:
        LocalImgsrc(**options)
    assert "secret" not in str(caught.value)


def test_keys_are_never_shown(api: Api) -> None:
    assert api.key not in repr(api.settings)


def test_its_client_can_call_it(api: Api) -> None:
    with api.server.client() as client:
        uploaded = client.images.upload_image(file=make_picture(), target_path="f/a.png")
        assert client.url(path="f/a.png").startswith(f"{api.root}/f/a.")
        assert api.paths() == [["f/a.png"]]
        assert uploaded.paths == ["f/a.png"]
    with api.server.client(bearer_auth="imgsrc_other", username="ada") as stranger:
        assert stranger.url(path="a.png").startswith(f"{api.server.delivery_url}/ada/a.")
        with pytest.raises(UnauthorizedError, match="Invalid or missing API key"):
            stranger.images.list_images()


def test_its_asynchronous_client_can_call_it(api: Api) -> None:
    api.upload()

    async def list_paths() -> list[list[str]]:
        async with api.server.async_client() as client:
            return [image.paths for image in await client.images.list_images()]

    assert asyncio.run(list_paths()) == [["a.png"]]


def test_a_client_finds_it_through_environment_variables(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    api.upload()
    for name, value in api.server.environment.items():
        assert re.fullmatch(r"IMGSRC_[A-Z_]+", name)
        monkeypatch.setenv(name, value)
    with Imgsrc() as client:
        assert [image.cdn_url for image in client.images.list_images()] == [f"{api.root}/a.png"]
        assert client.url(path="a.png").startswith(f"{api.root}/a.")


def test_its_client_ignores_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nothing listens there
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with LocalImgsrc() as server, server.client(retry_config=None) as client:
        assert client.images.list_images().total == 0


def test_several_keys_are_accepted_and_the_first_is_returned() -> None:
    with LocalImgsrc(api_keys=["imgsrc_a", ApiKey("imgsrc_b", ("read",))]) as server:
        assert server.api_key == "imgsrc_a"
        api = Api(server)
        with api.session:
            api.upload()
            api.json("GET", "/api/v1/images", key="imgsrc_b")
            api.error("PUT", "/api/v1/settings", 403, key="imgsrc_b", json={})
