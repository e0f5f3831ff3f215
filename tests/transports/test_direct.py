"""The shortcut over kept connections; tests/transports/test_base.py runs everything over it as well."""

from __future__ import annotations

import http.client
import io
import logging
from contextlib import suppress
from functools import wraps
from typing import Any

import pytest
import requests
import responses
import urllib3
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.exceptions import ImageKitException
from imagekitio.flow import Retry
from imagekitio.operations.core import Operation, Request, Response
from imagekitio.transports import direct
from imagekitio.transports.requests_transport import RequestsTransport

from .faults import Connection, answer, serving

OK = answer(200, b"{}", "Content-Type: application/json")
READ = Operation(Request("GET", "/v1/files?limit=1"), lambda response: response)


def transport(url: str) -> RequestsTransport:
    settings: dict[str, Any] = {"private_key": "private_fake", "timeout": (2.0, 2.0), "retry": Retry(attempts=1)}
    return RequestsTransport(api_base_url=url, upload_base_url=url, **settings)


def shortcuts_taken(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Return a list that gets what goes the short way."""
    sent: list[bytes] = []
    exchange = direct.exchange

    def watched(connection: Any, data: bytes, seconds: float) -> bytes:
        sent.append(data)
        return exchange(connection, data, seconds)

    monkeypatch.setattr(direct, "exchange", watched)
    return sent


@pytest.mark.parametrize(
    ("request_", "length"),
    [
        (Request("GET", "/v1/files?limit=1"), None),
        (Request("DELETE", "/v1/files/a%20b"), None),
        (Request("POST", "/v1/files/purge", b'{"a":1}'), "7"),
        (Request("POST", "/v1/nothing"), "0"),
        (Request("PUT", "/v1/nothing"), "0"),
    ],
)
def test_the_same_goes_over_a_kept_connection_as_over_a_new_one(
    request_: Request, length: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = shortcuts_taken(monkeypatch)
    operation = Operation(request_, lambda response: response)
    with serving(OK) as server, transport(server.url + "/behind/a/gateway") as client:
        first, second = client.run(operation), client.run(operation)
    assert first == second
    assert len(sent) == server.connections == 1
    new, kept = server.seen
    assert new == kept
    assert kept.target == "/behind/a/gateway" + request_.path
    assert kept.headers.get("content-length") == length


@pytest.mark.parametrize("path", ["/a b", "/a\r\nX-Injected: 1", "/ü", "/a\0"])
def test_a_path_that_needs_care_takes_no_shortcut(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = shortcuts_taken(monkeypatch)
    with serving(OK) as server, transport(server.url) as client:
        client.run(READ)
        with suppress(ImageKitException, ValueError):
            client.run(Operation(Request("GET", path), lambda response: response))
        assert all("x-injected" not in seen.headers for seen in server.seen)
    assert sent == []


def test_with_a_proxy_between_there_is_no_shortcut(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = shortcuts_taken(monkeypatch)
    with serving(OK) as server:
        monkeypatch.setenv("http_proxy", server.url)
        with transport("http://api.example") as client:
            client.run(READ)
            client.run(READ)
    assert [seen.target for seen in server.seen] == ["http://api.example/v1/files?limit=1"] * 2
    assert sent == []


@pytest.mark.parametrize("says_whom_it_wraps", [False, True])
@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (requests.Session, "get_adapter"),
        (requests.adapters.HTTPAdapter, "send"),
        (urllib3.connectionpool.HTTPConnectionPool, "urlopen"),
        (urllib3.connection.HTTPConnection, "request"),
        (http.client.HTTPConnection, "putrequest"),
        (http.client.HTTPConnection, "getresponse"),
    ],
)
def test_who_replaces_what_requests_go_through_sees_them_all(
    owner: Any, name: str, says_whom_it_wraps: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    original = getattr(owner, name)

    def seen(*arguments: Any, **options: Any) -> Any:
        calls.append(name)
        return original(*arguments, **options)

    with serving(OK) as server, transport(server.url) as client:
        client.run(READ)
        assert not direct.is_watched()
        monkeypatch.setattr(owner, name, wraps(original)(seen) if says_whom_it_wraps else seen)
        assert direct.is_watched()
        client.run(READ)
        client.run(READ)
    assert len(calls) >= 2


def test_a_test_double_that_comes_later_answers_instead_of_the_kept_connection() -> None:
    with serving(OK) as server, transport(server.url) as client:
        client.run(READ)
        with responses.RequestsMock() as double:
            double.get(server.url + "/v1/files", b"of the double")
            assert client.run(READ).body == b"of the double"
        assert client.run(READ).body == b"{}"
    assert len(server.seen) == 2


def test_who_logs_urllib3_reads_of_each_request(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "urllib3")
    with serving(OK) as server, transport(server.url) as client:
        client.run(READ)
        client.run(READ)
    assert caplog.text.count('"GET /v1/files?limit=1 HTTP/1.1" 200') == 2


def test_a_connection_that_the_service_closed_meanwhile_is_replaced() -> None:
    def once(connection: Connection) -> None:
        connection.send(OK)

    with serving(once, OK) as server, transport(server.url) as client:
        client.run(READ)
        while any(thread.is_alive() for thread in server._threads):
            pass
        client.run(READ)
    assert server.connections == 2


def test_an_answer_in_pieces_is_read_to_its_end() -> None:
    def in_pieces(connection: Connection) -> None:
        whole = answer(200, b"0123456789" * 10_000, "X-One: 1")
        for start in range(0, len(whole), 7_001):
            connection.send(whole[start : start + 7_001])
        connection.head()
        connection.send(OK)

    with serving(OK, in_pieces) as server, transport(server.url) as client:
        client.run(READ)
        found: Response = client.run(READ)
        assert (found.body, found.headers["x-one"]) == (b"0123456789" * 10_000, "1")
        assert client.run(READ).body == b"{}"
    assert server.connections == 1


@pytest.mark.parametrize(
    "piece",
    [
        b"",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2",
        b"HTTP/1.1 200 OK\r\ncontent-length: 0",
        b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-length: +2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nContent-Encoding: gzip\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nConnection: close\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-length : 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\na: b\r\n content-length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\n{}",
        b"HTTP/1.1 100 Continue\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\na: b\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\na: b\nc: d\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 abc\r\ncontent-length: 0\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
    ],
)
def test_whatever_is_out_of_the_ordinary_is_left_to_urllib3(piece: bytes) -> None:
    assert direct.whole(piece) is None


NAMES = st.from_regex(r"[A-Za-z][A-Za-z-]{0,8}", fullmatch=True).filter(
    lambda name: name.lower() not in ("content-length", "transfer-encoding", "content-encoding", "connection")
)
VALUES = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=9)


@given(
    st.sampled_from([200, 207, 404, 429, 503]), st.dictionaries(NAMES.map(str.lower), VALUES), st.binary(max_size=99)
)
def test_an_answer_in_one_piece_is_read_as_http_client_reads_it(
    status: int, headers: dict[str, str], content: bytes
) -> None:
    piece = answer(status, content, *(f"{name}: {value}" for name, value in headers.items()))

    class Socket:
        def makefile(self, _mode: str) -> io.BytesIO:
            return io.BytesIO(piece)

    found = direct.whole(piece)
    reference = http.client.HTTPResponse(Socket())  # type: ignore[arg-type]
    reference.begin()
    assert found is not None
    assert (found.status_code, found.content) == (reference.status, reference.read()) == (status, content)
    assert found.headers == {name.lower(): value for name, value in reference.headers.items()}
    for end in range(0, len(piece), 7):
        assert direct.whole(piece[:end]) is None


@given(st.binary(), st.lists(st.integers(1, 9)))
def test_a_piece_that_was_received_is_read_before_the_rest(data: bytes, sizes: list[int]) -> None:
    class Socket:
        def makefile(self, _mode: str, buffering: int) -> io.BytesIO:
            assert buffering == 0
            return io.BytesIO(b"the rest")

    replayed = direct._Replayed(data, Socket())  # type: ignore[arg-type]
    with replayed.makefile("rb") as file:
        assert b"".join([file.read(size) for size in sizes] + [file.read()]) == data + b"the rest"
