"""Local ImageKit as an object."""

from __future__ import annotations

import importlib.util
import socket
import threading
from typing import TYPE_CHECKING, Any

import pytest
import requests

from imagekitio.exceptions import ForbiddenException
from imagekitio.local import KeyPair, LocalImageKit
from imagekitio.local.errors import ApiError

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


def test_it_stops_while_a_client_keeps_its_connection_open() -> None:
    with requests.Session() as session, LocalImageKit() as server:
        session.get(f"{server.url}/_local/health", timeout=30)


def test_it_can_be_started_and_stopped_again(tmp_path: Path) -> None:
    server = LocalImageKit(data=tmp_path)
    server.start()
    first = server.url
    with pytest.raises(RuntimeError, match="running already"):
        server.start()
    server.stop()
    server.stop()
    with pytest.raises(RuntimeError, match="not running"):
        _ = server.url
    with server:
        assert server.url.startswith("http://127.0.0.1:")
    assert first.startswith("http://127.0.0.1:")


def test_a_taken_port_is_an_error_at_once_that_names_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"cannot listen on 127.0.0.1 port {port}"):
            LocalImageKit(port=port).start()


def test_a_port_can_be_chosen_and_used_again_at_once() -> None:
    with LocalImageKit() as server:
        port = int(server.url.rpartition(":")[2])
        requests.get(f"{server.url}/_local/health", timeout=30)
    with LocalImageKit(port=port) as server:
        assert server.url == f"http://127.0.0.1:{port}"


def test_data_in_use_by_another_are_an_error_and_free_the_port(tmp_path: Path) -> None:
    with LocalImageKit(data=tmp_path), pytest.raises(OSError, match="in use by another local ImageKit"):
        LocalImageKit(data=tmp_path).start()


def test_data_that_were_given_are_kept(tmp_path: Path, api: Api) -> None:
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


def test_an_unknown_setting_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="max_uplaod_bytes"):
        LocalImageKit(max_uplaod_bytes=5)


def test_missing_packages_name_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_spec(name: str) -> object:
        return None if name in ("uvicorn", "pyvips") else True

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)
    with pytest.raises(ImportError, match=r'\(uvicorn, pyvips\): pip install "imagekitio\[local\]"'):
        LocalImageKit()


def test_its_client_talks_to_it(api: Api) -> None:
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
    (tmp_path / "empty").write_bytes(b"")
    with pytest.raises(ApiError, match="missing file"):
        api.server.seed(tmp_path)


def test_ipv6_has_its_brackets() -> None:
    with LocalImageKit(host="::1") as server:
        assert server.url.startswith("http://[::1]:")
        assert requests.get(f"{server.url}/_local/health", timeout=30).status_code == 200
