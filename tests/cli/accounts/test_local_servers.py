"""How ``--local`` finds a server: verified records, the latest first, then the default URL."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from imagekitio.cli.accounts import local_servers
from imagekitio.cli.accounts.local_servers import find_folder, find_local_server, keep_record
from imagekitio.cli.base.failures import Failure
from imagekitio.local import KeyPair, LocalImageKit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ..conftest import Run


@pytest.fixture(autouse=True)
def nothing_at_the_default_url(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("no_proxy", "")  # which --local changes
    with socket.socket() as reserved:  # bound, but not listening: whoever connects is refused
        reserved.bind(("127.0.0.1", 0))
        set_default(monkeypatch, f"http://127.0.0.1:{reserved.getsockname()[1]}")
        yield


def set_default(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setattr("imagekitio.local.base.settings.Settings.address", url)


def records() -> list[Path]:
    return sorted(find_folder().glob("*.json"))


@pytest.fixture
def other() -> Iterator[LocalImageKit]:
    with LocalImageKit(keys=[KeyPair("public_other", "private_other", "read")], imagekit_id="acme") as started:
        yield started


@contextmanager
def other_program(answer: bytes | None) -> Iterator[str]:
    """A program that is not local ImageKit; with None it never answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if answer is None:
                ended.wait(60)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer or b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    ended = threading.Event()
    with HTTPServer(("127.0.0.1", 0), Handler) as program:
        thread = threading.Thread(target=program.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{program.server_port}"
        finally:
            ended.set()
            program.shutdown()
            thread.join()


def test_a_record_is_private_has_the_keys_and_goes_with_its_server(other: LocalImageKit) -> None:
    with keep_record(other):
        (path,) = records()
        assert path.stat().st_mode & 0o777 == 0o600
        assert find_local_server() == {
            "public_key": "public_other",
            "private_key": "private_other",
            "url_endpoint": f"{other.url}/acme",
            "api_base_url": other.url,
            "upload_base_url": other.url,
        }
    assert records() == []


def move_record(name: str, **changes: object) -> Path:
    """Keep the one record under another name, so that this process may keep a second one."""
    (path,) = records()
    new = path.with_name(name)
    new.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
    return new


def test_the_latest_of_two_wins_unless_the_variable_names_the_other(
    server: LocalImageKit, other: LocalImageKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    with keep_record(other):
        move_record("1.json")
    with keep_record(server):
        assert find_local_server()["api_base_url"] == server.url
        monkeypatch.setenv("IMAGEKIT_LOCAL_URL", f"{other.url}/")
        assert find_local_server()["private_key"] == "private_other"


def test_the_record_of_a_server_that_was_killed_is_removed(run: Run) -> None:
    with LocalImageKit() as killed, keep_record(killed):
        path = move_record("1.json")
    ended = run("--local", "ls")
    assert (ended.code, ended.out) == (4, "")
    assert ended.err.count("\n") == 1
    assert "imagekit local" in ended.err
    assert not path.exists()


@pytest.mark.parametrize("answer", [b"", b"hello", b'{"now": 1', b"[]", b'{"status": "ok"}'])
def test_another_program_on_the_port_is_not_taken_for_it(
    server: LocalImageKit, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    with other_program(answer) as url:
        with keep_record(server):
            record = json.loads(records()[0].read_text())
            move_record("1.json", settings={**record["settings"], "api_base_url": url})
        set_default(monkeypatch, url)
        with pytest.raises(Failure, match="no local ImageKit is running"):
            find_local_server()
    assert records() == []


def test_a_server_that_does_not_answer_in_time_keeps_its_record(
    server: LocalImageKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_servers, "_TIMEOUT_SECONDS", 0.05)
    with other_program(None) as url:
        with keep_record(server):
            record = json.loads(records()[0].read_text())
            path = move_record("1.json", settings={**record["settings"], "api_base_url": url})
        set_default(monkeypatch, url)
        with pytest.raises(Failure, match="no local ImageKit is running"):
            find_local_server()
        assert path.exists()


@pytest.mark.parametrize(
    "changes", [{"machine": "elsewhere"}, {"startedAt": "soon"}, {"settings": {}}, {"settings": []}]
)
def test_a_record_of_another_machine_or_release_is_left_alone(
    server: LocalImageKit, changes: dict[str, object]
) -> None:
    with keep_record(server):
        path = move_record("1.json", **changes)
    with pytest.raises(Failure, match="no local ImageKit is running"):
        find_local_server()
    assert path.exists()


def test_a_server_with_the_default_keys_is_found_at_the_default_url(
    server: LocalImageKit, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    set_default(monkeypatch, server.url)
    for name in ("PUBLIC_KEY", "PRIVATE_KEY", "URL_ENDPOINT", "API_BASE_URL", "UPLOAD_BASE_URL"):
        monkeypatch.delenv(f"IMAGEKIT_{name}")
    assert find_local_server()["url_endpoint"] == server.url_endpoint
    assert run("ls", "--local").code == 0


def test_other_keys_at_the_url_are_told(other: LocalImageKit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGEKIT_LOCAL_URL", other.url)
    with pytest.raises(Failure, match="has other keys"):
        find_local_server()


@pytest.mark.parametrize(("url", "code"), [("127.0.0.1:8080", 2), ("http://127.0.0.1:1", 4)])
def test_a_variable_that_leads_nowhere_is_named(run: Run, monkeypatch: pytest.MonkeyPatch, url: str, code: int) -> None:
    monkeypatch.setenv("IMAGEKIT_LOCAL_URL", url)
    ended = run("--local", "ls")
    assert ended.code == code
    assert "IMAGEKIT_LOCAL_URL" in ended.err


def test_a_proxy_of_the_environment_does_not_come_between(
    server: LocalImageKit, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "example.com")
    with keep_record(server):
        assert run("--local", "ls").code == 0


def test_local_and_another_account_contradict_each_other(run: Run) -> None:
    ended = run("--local", "--profile", "shop", "ls")
    assert ended.code == 2
    assert "--local and --profile name two accounts" in ended.err
