"""Local ImageKit as an object, and the behaviour that all local servers share."""

from __future__ import annotations

import importlib.util
import json
import os
import pickle
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from datetime import timedelta
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any

import pytest
import requests

from imagekitio.exceptions import ForbiddenException, NetworkException
from imagekitio.local import KeyPair, LocalImageKit, LocalImgsrc
from imagekitio.local.web import serving

from ..leftovers import count_resources
from .disks import fill_database

if TYPE_CHECKING:
    from pathlib import Path

    from tests.local.conftest import Api


def test_it_starts_answers_and_leaves_nothing_behind() -> None:
    threads = set(threading.enumerate())
    with LocalImageKit() as server:
        data, url = server.settings.data, server.url
        assert requests.get(f"{url}/_local/health", timeout=30).json()["urlEndpoint"] == server.url_endpoint
        auth = (server.private_key, "")
        files: dict[str, Any] = {"file": ("a.txt", b"hello"), "fileName": (None, "a.txt")}
        answer = requests.post(f"{url}/api/v1/files/upload", files=files, auth=auth, timeout=30).json()
        assert requests.get(answer["url"], timeout=30).content == b"hello"
        assert data.is_dir()
    assert not data.exists()
    assert set(threading.enumerate()) <= threads
    host, _, port = url.removeprefix("http://").partition(":")
    with socket.socket() as probe:
        assert probe.connect_ex((host, int(port))) != 0


def test_a_full_run_leaves_no_thread_descriptor_or_file_behind(
    jpeg: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def live() -> None:
        with LocalImageKit() as server, server.client(retry=1) as client:
            picture = client.upload_file(file=jpeg, file_name="a.jpg")
            url = client.url(path=picture.file_path, transformation=[{"width": 20}], signed=True)
            assert requests.get(url, timeout=30).status_code == 200
            server.faults.add(reset=True)
            with pytest.raises(NetworkException):
                client.list_files()

    live()  # modules loaded by the first run stay loaded
    before = count_resources()
    for _ in range(3):
        live()
    assert count_resources() - before == {}
    assert os.listdir(tmp_path) == []


@pytest.mark.slow
def test_it_stops_after_a_grace_period_if_a_request_does_not_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(serving, "GRACE_SECONDS", 1)
    server = LocalImageKit().start()
    server.faults.add(delay=60)
    host, _, port = server.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"GET /v1/files HTTP/1.1\r\nHost: a\r\n\r\n")
        while server.faults.list() != []:
            time.sleep(0.01)
        started_at = time.perf_counter()
        server.stop()
        assert time.perf_counter() - started_at < 5


@pytest.mark.slow
@pytest.mark.parametrize("since", ["before it starts", "while it runs", "while a request does not end"])
def test_it_stops_even_if_a_test_has_frozen_the_time(monkeypatch: pytest.MonkeyPatch, since: str) -> None:
    monkeypatch.setattr(serving, "GRACE_SECONDS", 1)
    server = LocalImageKit()
    now = time.monotonic()
    with monkeypatch.context() as frozen, requests.Session() as session:
        if since == "before it starts":
            frozen.setattr(time, "monotonic", lambda: now)
        server.start()
        frozen.setattr(time, "monotonic", lambda: now)
        session.get(f"{server.url}/_local/health", timeout=30)
        if since == "while a request does not end":
            server.faults.add(delay=60)
            with pytest.raises(requests.Timeout):
                session.get(f"{server.url}/v1/files", timeout=0.1)
        stopping = threading.Thread(target=server.stop)
        stopping.start()
        stopping.join(60)
        has_stopped = not stopping.is_alive()
    stopping.join()  # once the clock runs again, it ends anyway
    assert has_stopped


@pytest.mark.parametrize("bytes_", [20_000, 100_000, 1_000_000])
def test_a_url_that_is_too_long_gets_an_error_response(api: Api, bytes_: int) -> None:
    response = api("GET", f"{api.server.url_endpoint}/{'a' * bytes_}")
    assert response.status_code == 414
    assert response.json() == {"message": "The URL of your request is longer than 16384 bytes."}


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GARBAGE\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\n: nothing\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nx: " + b"y" * 1_000_000 + b"\r\n\r\n", 431),
    ],
)
def test_a_malformed_request_gets_a_json_response(api: Api, request_: bytes, status: int) -> None:
    host, _, port = api.server.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(request_)
        response = HTTPResponse(connection)
        response.begin()
        assert response.status == status
        assert json.loads(response.read())["message"]
        response.close()


def test_its_client_ignores_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nothing listens there
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with LocalImageKit() as server:
        for _ in range(2):
            with server.client(retry=1) as client:
                assert client.list_files().list == []


FORKED = {
    "exits": "sys.exit()",
    "stops it": "server.stop()",
    "leaves the with block": "server.__exit__()",
    "starts and stops one of its own": "server.stop(); server.start(); server.stop()",
}


@pytest.mark.parametrize("what", FORKED)
@pytest.mark.slow
def test_a_forked_child_leaves_the_server_of_its_parent_alone(what: str) -> None:
    program = f"""
import os, sys
from imagekitio.local import LocalImageKit
with LocalImageKit() as server:
    client = server.client()
    client.upload_file(file=b"hello", file_name="a.txt")
    if (child := os.fork()) == 0:
        {FORKED[what]}
        sys.exit()
    _, status = os.waitpid(child, 0)
    client.upload_file(file=b"hello", file_name="b.txt")
    data = server.settings.data
    print(status, data.exists(), len(client.list_files().list))
print(data.exists())
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-c", program]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert ended.stdout.splitlines() == ["0 True 2", "False"]


def test_it_stops_while_a_client_keeps_its_connection_open() -> None:
    with requests.Session() as session, LocalImageKit() as server:
        session.get(f"{server.url}/_local/health", timeout=30)


def test_it_can_be_restarted(tmp_path: Path) -> None:
    server = LocalImageKit(data=tmp_path)
    server.start()
    first = server.url
    with pytest.raises(RuntimeError, match="already running"):
        server.start()
    server.stop()
    server.stop()
    with pytest.raises(RuntimeError, match="not running"):
        _ = server.url
    with server:
        assert server.url.startswith("http://127.0.0.1:")
    assert first.startswith("http://127.0.0.1:")


def test_a_port_in_use_raises_an_error_that_names_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"cannot listen on 127.0.0.1 port {port}"):
            LocalImageKit(port=port).start()


def test_a_port_can_be_chosen_and_reused_immediately() -> None:
    with LocalImageKit() as server:
        port = int(server.url.rpartition(":")[2])
        requests.get(f"{server.url}/_local/health", timeout=30)
    with LocalImageKit(port=port) as server:
        assert server.url == f"http://127.0.0.1:{port}"


def test_data_in_use_by_another_server_raises_an_error_and_releases_the_port(tmp_path: Path) -> None:
    with LocalImageKit(data=tmp_path), pytest.raises(OSError, match="in use by another local server"):
        LocalImageKit(data=tmp_path).start()


def test_data_in_a_given_folder_is_kept(tmp_path: Path, api: Api) -> None:
    with LocalImageKit(data=tmp_path / "new" / "folder") as server:
        first = type(api)(server)
        with first.session:
            first.upload("a.txt", b"1", folder="/f", tags="t")
            first.upload("a.txt", b"2", folder="/f", tags="t")
            field = {"name": "price", "label": "Price", "schema": {"type": "Number"}}
            first("POST", "/v1/customMetadataFields", json=field)
    with LocalImageKit(data=tmp_path / "new" / "folder") as server:
        second = type(api)(server)
        with second.session:
            (file,) = second.assets()
            assert (file["filePath"], file["tags"], file["versionInfo"]["name"]) == ("/f/a.txt", ["t"], "Version 2")
            assert file["url"].startswith(server.url_endpoint)
            assert second("GET", file["url"]).content == b"2"
            assert second.upload("a.txt", b"3", folder="/f")["versionInfo"]["name"] == "Version 3"
            assert len(second("GET", "/v1/customMetadataFields").json()) == 1


def test_keys_and_the_imagekit_id_can_be_chosen() -> None:
    keys = [KeyPair("public_a", "private_a"), KeyPair("public_b", "private_b")]
    with LocalImageKit(keys=keys, imagekit_id="acme") as server:
        assert (server.public_key, server.private_key) == ("public_a", "private_a")
        assert server.url_endpoint == server.url + "/acme"
        for pair in keys:
            assert requests.get(f"{server.url}/v1/files", auth=(pair.private_key, ""), timeout=30).status_code == 200
        assert "private_a" not in repr(server.settings)


@pytest.mark.parametrize("make", [LocalImageKit, LocalImgsrc])
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_uplaod_bytes": 5}, r"{name}\(\) has no argument 'max_uplaod_bytes'; did you mean 'max_upload_bytes'\?"),
        ({"address": "http://a.test"}, r"{name}\(\) has no argument 'address'; expected one of "),  # from the port
        ({"port": "8080"}, r"port must be a number from 0 to 65535 \(got '8080'\)"),
        ({"port": True}, r"port must be a number from 0 to 65535 \(got True\)"),
        ({"port": None}, r"port must be a number from 0 to 65535 \(got None\)"),
        ({"host": None}, r"host must be an address such as 127.0.0.1 \(got None\)"),
        ({"data": 5}, r"data must be a str or a Path, or None \(got 5\)"),
        ({"clock": 5}, r"clock must be a Clock \(got 5\)"),
        ({"public_url": 5}, r"public_url must be a str or None \(got 5\)"),
    ],
)
def test_unknown_arguments_and_wrong_types_are_refused_before_it_starts(
    make: type[LocalImageKit | LocalImgsrc], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(TypeError, match="^" + message.replace("{name}", make.__name__)):
        make(**options)


@pytest.mark.parametrize("make", [LocalImageKit, LocalImgsrc])
@pytest.mark.parametrize(("name", "value"), [("port", 65_536), ("port", -1), ("host", ""), ("data", "")])
def test_an_invalid_argument_is_refused_before_it_starts(
    make: type[LocalImageKit | LocalImgsrc], name: str, value: object
) -> None:
    options: dict[str, Any] = {name: value}
    with pytest.raises(ValueError, match=f"^{name} must be "):
        make(**options)


@pytest.mark.parametrize("make", [LocalImageKit, LocalImgsrc])
def test_settings_can_be_read_before_it_starts_but_addresses_cannot(
    make: type[LocalImageKit | LocalImgsrc], tmp_path: Path
) -> None:
    server = make(data=tmp_path, max_pixels=5)
    assert (server.settings.data, server.settings.max_pixels, server.settings.address) == (tmp_path, 5, "")
    for name in ("url", "environment", *(("delivery_url",) if make is LocalImgsrc else ("url_endpoint", "page_url"))):
        with pytest.raises(RuntimeError, match="is not running"):
            getattr(server, name)
    with server:
        assert (server.settings.data, server.settings.max_pixels, server.settings.address) == (tmp_path, 5, server.url)
    assert server.settings.address == ""


def test_the_error_for_missing_packages_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_spec(name: str) -> object:
        return None if name in ("uvicorn", "pyvips") else True

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)
    with pytest.raises(ImportError, match=r'\(uvicorn, pyvips\)(?s:.)* pip install uvicorn "pyvips\[binary\]"\n'):
        LocalImageKit()


def test_its_client_can_call_it(api: Api) -> None:
    with api.server.client() as client:
        file_id = api.upload("a.txt", b"hello", tags="t")["fileId"]
        details = client.get_file_details(file_id)
        assert (details.name, details.tags) == ("a.txt", ["t"])
        assert client.url({"path": "/a.txt"}).startswith(api.server.url_endpoint)
    with (
        api.server.client(private_key="private_other") as stranger,
        pytest.raises(ForbiddenException, match="only the keys it was started with"),
    ):
        stranger.list_files()


def test_a_folder_of_this_machine_can_be_seeded(api: Api, tmp_path: Path, png: bytes) -> None:
    (tmp_path / "shop" / "new stuff").mkdir(parents=True)
    (tmp_path / "a.txt").write_bytes(b"a")
    (tmp_path / "shop" / "new stuff" / "red shoe.png").write_bytes(png)
    stored = api.server.seed(tmp_path)
    assert stored == ["/a.txt", "/shop/new_stuff/red_shoe.png"]
    assert api.paths() == stored
    assert api.assets(fileType="image")[0]["width"] == 20
    with pytest.raises(NotADirectoryError, match="seed needs a folder"):
        api.server.seed(tmp_path / "a.txt")


def test_hidden_files_are_not_seeded(api: Api, tmp_path: Path) -> None:
    folder = tmp_path / ".fixtures"
    (folder / ".git").mkdir(parents=True)
    (folder / ".git" / "HEAD").write_bytes(b"ref")
    (folder / ".gitkeep").write_bytes(b"")
    (folder / "a.txt").write_bytes(b"a")
    assert api.server.seed(folder) == ["/a.txt"]


def test_an_empty_file_in_a_seed_is_named_before_anything_is_stored(api: Api, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a")
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    with pytest.raises(ValueError, match=re.escape(str(empty))):
        api.server.seed(tmp_path)
    assert api.paths() == []


@pytest.mark.parametrize("make", [LocalImageKit, LocalImgsrc])
def test_a_stop_that_cannot_write_raises_an_error_and_leaves_nothing_behind(
    make: type[LocalImageKit | LocalImgsrc], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = make().start()
    data = server.settings.data
    prefix = server.url_endpoint if isinstance(server, LocalImageKit) else f"{server.delivery_url}/local"
    assert requests.get(f"{prefix}/none.jpg", timeout=60).status_code == 404  # it has not been counted yet
    monkeypatch.setattr(server._backend.store, "write", fill_database)
    with pytest.raises(sqlite3.OperationalError, match="disk is full"):
        server.stop()
    assert not data.exists()
    server.stop()  # does nothing: it has already stopped


def test_ipv6_addresses_have_brackets_in_urls() -> None:
    with LocalImageKit(host="::1") as server:
        assert server.url.startswith("http://[::1]:")
        assert requests.get(f"{server.url}/_local/health", timeout=30).status_code == 200


@pytest.mark.parametrize("kind", ["client", "async_client"])
def test_a_client_uses_the_clock_of_its_server(server: LocalImageKit, kind: str) -> None:
    client = getattr(server, kind)()
    server.clock.freeze(1_900_000_000)
    server.clock.advance(timedelta(hours=1))
    url = client.url(path="/a.jpg", signed=True, expire_seconds=60)
    assert f"ik-t={1_900_003_660}" in url
    assert client.verify_url(url).expires_at == 1_900_003_660
    assert client.get_authentication_parameters()["expire"] == 1_900_003_600 + 1800
    again = pickle.loads(pickle.dumps(client))
    assert again.url(path="/a.jpg", signed=True, expire_seconds=60) == url
    server.clock.advance(1)
    assert client.url(path="/a.jpg", signed=True, expire_seconds=60) != url


@pytest.mark.parametrize("kind", ["client", "async_client"])
def test_a_client_accepts_every_setting(server: LocalImageKit, kind: str) -> None:
    make = getattr(server, kind)
    for client in (make(clock=lambda: 1_800_000_000), make(options={"clock": lambda: 1_800_000_000})):
        assert "ik-t=1800000060" in client.url(path="/a.jpg", signed=True, expire_seconds=60)
    client = make(
        transformation_position="query", options={"query_parameters": {"v": 1}}, retry=1, timeout=3, clock=None
    )
    assert client.url(path="/a.jpg", transformation={"width": 1}) == f"{server.url_endpoint}/a.jpg?v=1&tr=w-1"
    assert make(url_endpoint="https://ik.example.com/x").url(path="/a.jpg") == "https://ik.example.com/x/a.jpg"
    with pytest.raises(TypeError, match="there is no setting 'tiemout'; did you mean 'timeout'"):
        make(tiemout=3)
