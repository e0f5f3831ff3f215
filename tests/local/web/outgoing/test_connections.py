"""Outgoing requests of local ImageKit."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from imagekitio.local import LocalImageKit
from imagekitio.local.base.web_urls import is_web_url
from imagekitio.local.web.outgoing.connections import Connections, RequestFailed
from imagekitio.local.web.outgoing.reach import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.local.conftest import Api

HERE = Reach(loopback=True, elsewhere=False)
OUTSIDE = Reach(loopback=False, elsewhere=True)


@contextmanager
def serve_responses(*answers: bytes, seconds: float = 0.0) -> Iterator[str]:
    """Run a server that sends each of `answers` once; with `seconds`, byte by byte with a pause after each."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for answer in answers:
                connection, _ = listener.accept()
                with connection:
                    connection.recv(65536)
                    try:
                        for at in range(0, len(answer), 1 if seconds else max(len(answer), 1)):
                            connection.sendall(answer[at : at + 1] if seconds else answer)
                            time.sleep(seconds)
                    except OSError:
                        pass

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


def fetch(url: str, *, reach: Reach = HERE, seconds: float = 5.0, max_bytes: int = 1_000_000) -> bytes:
    found = bytearray()
    Connections().get(url, found.extend, reach=reach, seconds=seconds, max_bytes=max_bytes)
    return bytes(found)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a", "http://", "//a/b", "http://a:99999/", "http://[::1"])
def test_only_web_urls_are_requested(url: str) -> None:
    assert not is_web_url(url)
    with pytest.raises(RequestFailed, match="only http and https URLs"):
        fetch(url)


def test_no_connection_is_made_to_an_address_out_of_reach() -> None:
    with pytest.raises(RequestFailed, match="are not allowed"):
        fetch("http://localhost:9/", reach=OUTSIDE)


def test_a_body_is_read_to_its_end_or_to_the_limit() -> None:
    with serve_responses(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello") as url:
        assert fetch(url) == b"hello"
    with serve_responses(b"HTTP/1.1 200 OK\r\n\r\n" + bytes(2_000_000)) as url:
        assert 1_000 < len(fetch(url, max_bytes=1_000)) < 1_000_000


def test_an_incomplete_body_is_a_failure() -> None:
    with (
        serve_responses(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello") as url,
        pytest.raises(RequestFailed, match="closed after 5 of 50 bytes"),
    ):
        fetch(url)


def test_a_few_redirects_are_followed_within_reach() -> None:
    hop = b"HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n"
    with serve_responses(*[hop] * 5, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") as url:
        assert fetch(url) == b"ok"
    with serve_responses(*[hop] * 6) as url, pytest.raises(RequestFailed, match="more than 5 redirects"):
        fetch(url)
    for target in (b"file:///etc/passwd", b"http://169.254.169.254/"):
        reply = b"HTTP/1.1 302 Found\r\nLocation: " + target + b"\r\nContent-Length: 0\r\n\r\n"
        with serve_responses(reply) as url, pytest.raises(RequestFailed, match=r"only http|are not allowed"):
            fetch(url)


@pytest.mark.parametrize("answer", [b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", b"", b"nonsense\r\n\r\n"])
def test_other_responses_are_failures(answer: bytes) -> None:
    with serve_responses(answer) as url, pytest.raises(RequestFailed):
        fetch(url)


def test_headers_that_arrive_too_slowly_time_out() -> None:
    started = time.monotonic()
    with (
        serve_responses(b"HTTP/1.1 200 OK\r\n" + b"x" * 500, seconds=0.02) as url,
        pytest.raises(RequestFailed, match=r"no response within 0\.2 s"),
    ):
        fetch(url, seconds=0.2)
    assert time.monotonic() - started < 5


def test_closing_stops_current_requests_and_refuses_new_ones() -> None:
    connections = Connections()
    with serve_responses(b"x" * 1000, seconds=0.01) as url:
        timer = threading.Timer(0.1, connections.close)
        timer.start()
        started = time.monotonic()
        with pytest.raises(RequestFailed):
            connections.post(url, b"{}", {}, reach=HERE, seconds=30)
        timer.join()
        assert time.monotonic() - started < 5
        with pytest.raises(RequestFailed, match="stopping"):
            connections.post(url, b"{}", {}, reach=HERE, seconds=30)


def test_an_upload_fetches_only_from_where_the_settings_allow(api: Api, jpeg: bytes, tmp_path: Path) -> None:
    source = api.upload("a.jpg", jpeg)["url"]
    (tmp_path / "hero.jpg").write_bytes(jpeg)
    fixture = "https://shop.example/hero.jpg"
    with LocalImageKit(allow_remote=True, remote_files={fixture: tmp_path / "hero.jpg"}) as server:
        other = type(api)(server)
        with other.session:
            assert other.upload("b.jpg", fixture)["width"] == 64
            for url in (source, "http://169.254.169.254/latest", "http://localhost:1/"):
                response = other.try_upload("c.jpg", url)
                assert response.status_code == 400
                assert "are not allowed" in response.json()["message"]
            assert other.upload("d.txt", "file:///etc/passwd")["size"] == len(
                "file:///etc/passwd"
            )  # text like any other
