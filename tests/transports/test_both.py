"""What both transports have in common; each transport has its own file for the rest."""

from __future__ import annotations

import gzip
import io
import json
import logging
import os
import random
import re
import socket
import threading
import traceback
import tracemalloc
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import aiohttp
import pytest
import requests

from imagekitio.exceptions import (
    ImageKitException,
    InternalServerException,
    NetworkException,
    TimeoutException,
    UnauthorizedException,
    UnknownException,
)
from imagekitio.flow.imagekit import ImageKitService
from imagekitio.operations.core import Operation, Request
from imagekitio.policies import Retry
from imagekitio.transports.multipart import BLOCK_BYTES
from imagekitio.transports.requests.sessions import READ_BYTES

from . import calls
from .calls import (
    IN_A_LOOP,
    KEY,
    LARGE_BYTES,
    OK,
    ONCE,
    OVER_A_KEPT_CONNECTION,
    OVER_A_NEW_CONNECTION,
    READ,
    WRITE,
    Driver,
    Pipe,
    drain,
    key_of,
    parse,
    upload,
)
from .faults import CERTIFICATE, Connection, answer, find_closed_port, make_slow_reply, run_server

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
RENAME = Operation(Request("PUT", "/v1/files/rename", b'{"a": 1}', idempotent=False), parse)
RESTORE = Operation(Request("PUT", "/v1/files/a/versions/b/restore", idempotent=False), parse)


@pytest.fixture(
    params=[OVER_A_NEW_CONNECTION, OVER_A_KEPT_CONNECTION, IN_A_LOOP],
    ids=["requests", "requests over a kept connection", "aiohttp"],
)
def driver(request: pytest.FixtureRequest) -> Driver:
    made: Driver = request.param
    return made


either_session = pytest.mark.parametrize("own_session", [True, False], ids=["own session", "given session"])


# What is sent


def test_a_request_sends_the_key_as_basic_authentication_and_names_the_library(driver: Driver) -> None:
    with run_server(OK) as server:
        assert driver.run(server) == {"ok": True}
    (seen,) = server.seen
    assert (seen.method, seen.target, seen.body) == ("GET", "/v1/files?limit=1", b"")
    assert key_of(seen.headers) == b"private_fake=:"
    assert seen.headers["user-agent"].startswith("imagekitio")
    assert seen.headers["accept"] == "application/json"


def test_a_json_body_is_sent_with_its_type_and_length_and_does_not_affect_the_next_request(driver: Driver) -> None:
    with run_server(OK) as server:
        driver.run(server, WRITE, READ)
    written, read = server.seen
    assert (written.body, written.headers["content-type"]) == (b'{"a": 1}', "application/json")
    assert written.headers["content-length"] == "8"
    assert not {"content-type", "content-length"} & read.headers.keys()


@pytest.mark.parametrize(
    "path", ["/v1/files/a%2Fb%20c/../%C3%BC/details?x=%27%2B+'&y=a,b", "/v1/files/%2E%2E/details?x=1"]
)
def test_the_path_is_sent_unchanged(driver: Driver, path: str) -> None:
    with run_server(OK) as server:
        driver.run(server, Operation(Request("GET", path), parse))
    assert server.seen[0].target == path


def test_uploads_go_to_the_upload_host(driver: Driver) -> None:
    with run_server(OK) as api, run_server(OK) as files:
        driver.run(api, upload(b"content"), READ, upload_base_url=files.url)
    assert [seen.target for seen in files.seen] == ["/api/v1/files/upload"]
    assert [seen.target for seen in api.seen] == ["/v1/files?limit=1"]


def test_a_path_below_the_base_url_is_kept(driver: Driver) -> None:
    with run_server(OK) as server:
        driver.run(server.url + "/prefix")
    assert server.seen[0].target == "/prefix/v1/files?limit=1"


def test_a_netrc_file_does_not_replace_the_key(driver: Driver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with run_server(OK) as server:
        driver.run(server)
        if driver.library == "requests":
            driver.run(server, own_session=False)
        else:
            with pytest.raises(TypeError, match=r"an entry of ~/\.netrc.* pass AsyncImageKit a session without them"):
                driver.run(server, own_session=False)
    assert {key_of(seen.headers) for seen in server.seen} == {b"private_fake=:"}


@either_session
def test_no_redirect_sends_the_key_to_another_host(driver: Driver, own_session: bool) -> None:
    with (
        run_server(OK) as other,
        run_server(answer(302, b"", f"Location: {other.url}/stolen")) as server,
        pytest.raises(UnknownException, match=r"127\.0\.0\.1") as error,
    ):
        driver.run(server, own_session=own_session)
    assert error.value.response_metadata.http_status_code == 302
    assert other.seen == []


def test_cookies_are_not_kept_between_calls(driver: Driver) -> None:
    with run_server(answer(200, b"1", "Set-Cookie: a=b")) as server:
        driver.run(server, READ, READ)
    assert "cookie" not in server.seen[1].headers


def test_calls_one_after_another_share_a_connection(driver: Driver) -> None:
    with run_server(answer(204), OK) as server:
        driver.run(server, Operation(Request("DELETE", "/v1/files/a"), lambda response: response.status), *[READ] * 5)
    assert server.connections == 1


# What comes back


def test_an_answer_has_a_status_a_body_and_case_insensitive_headers(driver: Driver) -> None:
    with run_server(answer(201, b"{}", "X-Ik-RequestId: 7")) as server:
        response = driver.run(server, Operation(READ.request, lambda response: response))
    assert (response.status, response.body, response.headers["x-ik-requestid"]) == (201, b"{}", "7")


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(b'{"ok": true}'), "gzip"),
        (gzip.compress(b'{"ok": ') + gzip.compress(b"true}"), "gzip"),
        (b'{"ok": true}', "identity"),
    ],
    ids=["gzip", "two of gzip", "identity"],
)
def test_a_compressed_answer_is_decompressed(driver: Driver, body: bytes, encoding: str) -> None:
    with run_server(answer(200, body, f"Content-Encoding: {encoding}")) as server:
        assert driver.run(server) == {"ok": True}


def test_an_empty_answer_can_be_marked_as_compressed(driver: Driver) -> None:
    with run_server(answer(204, b"", "Content-Encoding: gzip")) as server:
        assert driver.run(server, Operation(READ.request, lambda response: response.body)) == b""


def test_a_chunked_answer_is_joined(driver: Driver) -> None:
    with run_server(CHUNKED + b"3\r\n[1,\r\n2\r\n2]\r\n0\r\n\r\n") as server, driver.open_client(server) as client:
        assert [client.run(READ), client.run(READ)] == [[1, 2], [1, 2]]
    assert server.connections == 1


def test_a_large_answer_arrives_whole(driver: Driver) -> None:
    content = json.dumps(["x" * 1000] * 3000).encode()
    with run_server(answer(200, content)) as server:
        assert len(driver.run(server)) == 3000


@pytest.mark.parametrize("size", [1, READ_BYTES - 1, READ_BYTES, READ_BYTES + 1, 3 * READ_BYTES])
@pytest.mark.parametrize("encoding", ["identity", "gzip", "deflate"])
def test_an_answer_of_any_size_arrives_whole_over_a_connection_that_is_kept(
    driver: Driver, encoding: str, size: int
) -> None:
    content = random.Random(size).randbytes(size // 2) + b"a" * (size - size // 2)  # half of it hardly compresses
    packers: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "deflate": zlib.compress}
    body = packers[encoding](content) if encoding in packers else content
    read_body = Operation(READ.request, lambda response: response.body)
    with run_server(answer(200, body, f"Content-Encoding: {encoding}")) as server, driver.open_client(server) as client:
        assert [client.run(read_body), client.run(read_body)] == [content, content]
    assert server.connections == 1


def test_the_html_page_of_a_gateway_raises_the_exception_of_its_status(driver: Driver) -> None:
    with (
        run_server(answer(502, b"<html>Bad gateway</html>")) as server,
        pytest.raises(InternalServerException) as error,
    ):
        driver.run(server, WRITE)
    assert error.value.attempts == 1


@pytest.mark.slow
@either_session
def test_a_gzip_bomb_is_refused_with_bounded_memory(driver: Driver, own_session: bool) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    bomb = b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + block * 1024  # 1 GiB
    assert len(bomb) < 2 << 20
    with run_server(answer(200, bomb, "Content-Encoding: gzip")) as server:
        tracemalloc.start()
        try:
            with pytest.raises(UnknownException, match="larger than 64 MiB") as error:
                driver.run(server, own_session=own_session, timeout=60)
            _, peak_bytes = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak_bytes < 100 << 20
    assert error.value.response_metadata.http_status_code == 200


def test_an_exception_does_not_keep_an_incomplete_answer_in_memory(driver: Driver) -> None:
    def break_off(connection: Connection) -> None:
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 40000000\r\n\r\n" + bytes(30_000_000))

    with run_server(OK, break_off) as server:
        driver.run(server)  # loads what a first call loads
        tracemalloc.start()
        try:
            with pytest.raises(NetworkException) as error:
                driver.run(server, retry=ONCE)
            held_bytes, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert held_bytes < 10_000_000
    assert ": 400" not in error.value.message


def test_tracebacks_show_no_signature(driver: Driver) -> None:
    signed = Operation(Request("GET", "/a.jpg?ik-t=1&ik-s=abcdef"), parse)
    with pytest.raises(NetworkException) as error:
        driver.run(f"http://127.0.0.1:{find_closed_port()}", signed, retry=ONCE)
    assert "abcdef" not in "".join(traceback.format_exception(error.value))


def test_an_answer_that_does_not_match_its_encoding_is_an_unknown_exception(driver: Driver) -> None:
    reason = {"requests": "incorrect header check", "aiohttp": "Can not decode content-encoding: gzip"}[driver.library]
    with (
        run_server(answer(200, b"not gzip", "Content-Encoding: gzip")) as server,
        pytest.raises(UnknownException, match=f"cannot be decoded: .*{reason}") as error,
    ):
        driver.run(server)
    assert error.value.attempts == 1


# What goes wrong on the way

REFUSED = {
    "requests": ("Connection refused", requests.ConnectionError),
    "aiohttp": ("Connect call failed", aiohttp.ClientConnectorError),
}


def test_a_refused_connection_is_retried_and_then_a_network_exception(driver: Driver) -> None:
    reason, cause = REFUSED[driver.library]
    with pytest.raises(NetworkException, match=rf"{reason}.*, after 3 attempts in") as error:
        driver.run(f"http://127.0.0.1:{find_closed_port()}", WRITE)
    assert isinstance(error.value.__cause__, cause)
    assert "limit" not in str(error.value)
    assert not error.value.request_sent


def test_a_host_that_does_not_exist_is_a_network_exception(driver: Driver) -> None:
    with pytest.raises(NetworkException) as error:
        driver.run("http://host.invalid", retry=ONCE)
    assert not error.value.request_sent


@pytest.mark.slow
def test_a_service_that_does_not_finish_the_tls_handshake_is_a_connect_timeout(driver: Driver) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        pytest.raises(TimeoutException, match=r"no connection within 0\.1 s") as error,
    ):
        driver.run(f"https://127.0.0.1:{listener.getsockname()[1]}", WRITE, timeout=(0.1, 2.0))
    assert (error.value.attempts, error.value.request_sent) == (3, False)


def test_a_server_that_says_nothing_is_a_timeout(driver: Driver) -> None:
    with run_server(Connection.hang) as server:
        with pytest.raises(TimeoutException, match=r"no response within 0\.1 s, after 2 attempts"):
            driver.run(server, timeout=(10.0, 0.1), retry=Retry(attempts=2, base_seconds=0))
        assert server.has_seen(2)


def test_a_body_that_stops_half_way_is_a_timeout(driver: Driver) -> None:
    def stall(connection: Connection) -> None:
        connection.send(OK[:-4])
        connection.hang()

    with run_server(stall) as server, pytest.raises(TimeoutException):
        driver.run(server, timeout=0.1, retry=ONCE)


@pytest.mark.slow
@pytest.mark.parametrize("head", ["Content-Length: 100000", "Connection: close", "Transfer-Encoding: chunked"])
def test_a_body_that_arrives_too_slowly_is_abandoned(driver: Driver, head: str) -> None:
    drop = b"1\r\n \r\n" if "chunked" in head else b" "
    reply = make_slow_reply(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode(), drop)
    with run_server(reply) as server, pytest.raises(TimeoutException, match="not complete within"):
        driver.run(server, timeout=(10.0, 0.5), retry=ONCE)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Connection.reset, "reset|without response"),
        (lambda connection: None, "without response"),
        (lambda connection: connection.send(OK[:-4]), "IncompleteRead|more expected"),
        (lambda connection: connection.send(answer(200, b"{}", "Content-Length: 90")), "unmatching values"),
        (lambda connection: connection.send(CHUNKED + b"9\r\n{"), "IncompleteRead|more expected|broken"),
        (lambda connection: connection.send(CHUNKED + b"zz\r\n"), "IncompleteRead"),
        (lambda connection: connection.send(b"SSH-2.0-OpenSSH_9.2\r\n"), "SSH-2.0"),
        (lambda connection: connection.send(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000 + b"\r\n"), "100 headers"),
        (lambda connection: connection.send(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n"), "header line"),
    ],
    ids=["reset", "closed", "half", "two lengths", "half chunk", "bad chunk", "no HTTP", "headers", "long header"],
)
def test_an_incomplete_answer_is_a_network_exception(
    driver: Driver, reply: Callable[[Connection], None], reason: str
) -> None:
    with run_server(reply) as server, pytest.raises(NetworkException, match=r"GET http.*/v1/files: .") as error:
        driver.run(server, retry=ONCE)
    assert error.value.request_sent
    if driver.library == "requests":  # aiohttp has its own messages, which vary with its parser
        assert re.search(reason, str(error.value))
    else:
        assert error.value.retryable


def test_a_call_is_retried_after_an_incomplete_answer(driver: Driver) -> None:
    with run_server(Connection.reset, OK) as server:
        assert driver.run(server) == {"ok": True}
    assert len(server.seen) == 2


@pytest.mark.parametrize("operation", [WRITE, RENAME, RESTORE], ids=["POST", "PUT", "PUT without body"])
@pytest.mark.parametrize("calls_before", [0, 1])
@either_session
def test_a_non_idempotent_operation_is_not_sent_again_after_a_lost_answer(
    driver: Driver, operation: Operation[Any], calls_before: int, own_session: bool
) -> None:
    """Not even by aiohttp, which repeats a PUT by itself when a reused connection breaks."""
    with (
        run_server(*[OK] * calls_before, Connection.reset, OK) as server,
        driver.open_client(server, own_session=own_session) as client,
    ):
        for _ in range(calls_before):
            client.run(READ)
        with pytest.raises(NetworkException) as error:
            client.run(operation)
    assert (error.value.attempts, error.value.request_sent) == (1, True)
    assert (len(server.seen), server.connections) == (calls_before + 1, 1)


def test_a_busy_service_is_called_again_after_a_wait(driver: Driver) -> None:
    with run_server(answer(429, b"{}", "X-RateLimit-Reset: 20"), answer(503, b"{}", "Retry-After: 0"), OK) as server:
        assert driver.run(server, WRITE, retry=Retry(base_seconds=100, max_seconds=100)) == {"ok": True}
    assert len(server.seen) == 3


def test_the_last_retry_raises_the_error_of_the_last_answer(driver: Driver) -> None:
    with (
        run_server(answer(500, b'{"message": "first"}'), answer(503, b'{"message": "last"}')) as server,
        pytest.raises(InternalServerException, match="last") as error,
    ):
        driver.run(server)
    assert (error.value.attempts, len(server.seen)) == (3, 3)


def test_a_connection_with_an_unread_answer_is_not_reused(driver: Driver) -> None:
    stalls = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}"
    with run_server(stalls, OK) as server, driver.open_client(server) as client:
        with pytest.raises(TimeoutException):
            client.with_options(timeout=0.3, retry=ONCE).run(READ)
        assert client.run(READ) == {"ok": True}
    assert server.connections == 2


# A limit for the whole call


@pytest.mark.slow
def test_a_call_ends_within_its_limit_however_long_the_timeouts_are(driver: Driver) -> None:
    with run_server(Connection.hang) as server, pytest.raises(TimeoutException) as error:
        driver.run(server, retry=Retry(total_seconds=0.4), timeout=(60, 60))
    assert error.value.elapsed_seconds < 3


@pytest.mark.slow
def test_a_slow_answer_ends_with_the_limit_of_the_call(driver: Driver) -> None:
    reply = make_slow_reply(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b" ")
    with run_server(reply) as server, pytest.raises(TimeoutException) as error:
        driver.run(server, retry=Retry(total_seconds=0.4), timeout=(60, 60))
    assert error.value.elapsed_seconds < 3


@pytest.mark.slow
def test_a_slow_upload_ends_with_the_limit_of_the_call(driver: Driver) -> None:
    def sip(connection: Connection) -> None:
        while not connection.server.stopping.wait(0.01) and connection.body(1 << 16):
            pass

    with run_server(sip, reads_bodies=False) as server, pytest.raises(TimeoutException) as error:
        driver.run(server, upload(bytes(LARGE_BYTES)), retry=Retry(total_seconds=0.5), timeout=(60, 60))
    assert error.value.elapsed_seconds < 5


# Uploads


@pytest.mark.parametrize("size", [300_000, 3_000_000])
def test_an_upload_arrives_whole_with_its_length(driver: Driver, size: int, tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(os.urandom(size))
    with run_server(OK) as server:
        assert driver.run(server, upload(path)) == {"ok": True}
    (seen,) = server.seen
    assert seen.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert int(seen.headers["content-length"]) == len(seen.body)
    assert path.read_bytes() in seen.body


@pytest.mark.parametrize("size", [10, 3 * BLOCK_BYTES])
def test_a_retried_upload_is_sent_from_its_start(driver: Driver, size: int) -> None:
    source = io.BytesIO(b"skipped" + os.urandom(size))
    source.seek(7)
    with run_server(answer(503), OK) as server:
        driver.run(server, upload(source))
    first, second = server.seen
    assert first.body == second.body
    assert source.getvalue()[7:] in second.body
    assert b"skipped" not in second.body
    assert not source.closed


def test_a_stream_that_cannot_be_rewound_is_sent_once_with_its_length(driver: Driver) -> None:
    with run_server(answer(503, b"{}"), OK) as server, pytest.raises(InternalServerException):
        driver.run(server, upload(cast("BinaryIO", Pipe(b"x" * 100_000))))
    (seen,) = server.seen
    assert b"x" * 100_000 in seen.body
    assert "transfer-encoding" not in seen.headers


@either_session
def test_an_upload_through_a_session_of_either_kind_is_the_same(driver: Driver, own_session: bool) -> None:
    with run_server(OK) as server:
        driver.run(server, upload(io.BytesIO(b"y" * 200_000)), own_session=own_session)
    (seen,) = server.seen
    assert int(seen.headers["content-length"]) == len(seen.body)
    assert b"y" * 200_000 in seen.body


@pytest.mark.parametrize("tls", [False, True])
def test_an_answer_before_the_upload_is_complete_raises_its_own_exception(
    driver: Driver, tls: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(connection: Connection) -> None:
        connection.send(answer(401, b'{"message": "no key"}', "Connection: close"))
        while connection.body(1 << 20):  # like web servers, so that the answer is not lost
            pass

    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    with (
        run_server(refuse, reads_bodies=False, tls=tls) as server,
        pytest.raises(UnauthorizedException, match="no key"),
    ):
        driver.run(server, upload(bytes(LARGE_BYTES)))


@pytest.mark.parametrize("taken_bytes", [0, 8 << 20])
@pytest.mark.parametrize("tls", [False, True])
def test_an_early_answer_on_a_connection_that_closes_immediately_is_always_a_failure(
    driver: Driver, tls: bool, taken_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over TLS urllib3 does not look for the answer, and asyncio may notice the closed connection first."""

    def refuse(connection: Connection) -> None:
        connection.body(taken_bytes)
        connection.send(answer(401, b'{"message": "no key"}', "Connection: close"))

    is_always_seen = driver.library == "requests" and not tls
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    with (
        run_server(refuse, reads_bodies=False, tls=tls) as server,
        pytest.raises(UnauthorizedException if is_always_seen else (UnauthorizedException, NetworkException)) as error,
    ):
        driver.run(server, upload(bytes(LARGE_BYTES)))
    assert error.value.attempts == 1


def test_an_upload_that_the_server_does_not_read_is_a_timeout(driver: Driver) -> None:
    with (
        run_server(Connection.hang, reads_bodies=False) as server,
        pytest.raises(TimeoutException, match=r"accepted no more of the upload within 0\.2 s, after 1 attempt"),
    ):
        driver.run(server, upload(bytes(LARGE_BYTES)), timeout=(0.1, 0.2))


@pytest.mark.slow
def test_an_upload_can_pause_for_longer_than_the_connect_timeout(driver: Driver) -> None:
    def pause(connection: Connection) -> None:
        connection.server.stopping.wait(0.5)
        drain(connection)

    with run_server(pause, reads_bodies=False) as server:
        assert driver.run(server, upload(bytes(LARGE_BYTES)), timeout=(0.2, 5.0)) == {"ok": True}


@pytest.mark.parametrize("size", [10, 5 * BLOCK_BYTES])
@pytest.mark.parametrize("is_file", [False, True])
def test_progress_ends_with_the_size_of_the_body_and_is_reported_in_the_callers_thread(
    driver: Driver, is_file: bool, size: int, tmp_path: Path
) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(size))
    seen: list[tuple[int, int]] = []
    threads: set[int] = set()

    def on_progress(sent: int, total: int) -> None:
        seen.append((sent, total))
        threads.add(threading.get_ident())

    with run_server(answer(503), OK) as server:
        driver.run(server, upload(path if is_file else path.read_bytes(), on_progress))
    assert seen == sorted(set(seen))
    assert seen[-1] == (len(server.seen[1].body),) * 2
    assert threads == {threading.get_ident()}


@pytest.mark.parametrize("kind", [KeyError, BrokenPipeError, TimeoutError])
@pytest.mark.parametrize("size", [10, 5 * BLOCK_BYTES])
def test_an_exception_of_the_callback_propagates_and_ends_the_connection(
    driver: Driver, kind: type[Exception], size: int
) -> None:
    def stop(sent: int, total: int) -> None:
        raise kind("enough")

    with run_server(OK) as server, driver.open_client(server) as client:
        with pytest.raises(kind, match="enough"):
            client.run(upload(bytes(size), stop))
        assert client.run(READ) == {"ok": True}
    assert [seen.target for seen in server.seen if seen.method == "GET"] == ["/v1/files?limit=1"]


@pytest.mark.parametrize("size", [20, 200_000])
def test_a_file_that_cannot_be_read_raises_its_own_error(driver: Driver, size: int) -> None:
    class Torn(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    with run_server(OK) as server, pytest.raises(OSError, match="Input/output error") as error:
        driver.run(server, upload(Torn(bytes(size))))
    assert not isinstance(error.value, ImageKitException)
    assert error.value.__context__ is None


def test_a_file_that_shrinks_while_it_is_sent_is_an_error_and_does_not_hang(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(5 << 20))
    with run_server(OK) as server, pytest.raises(NetworkException, match="shrank while it was sent") as error:
        driver.run(server, upload(path, lambda *_: path.write_bytes(b"two lengths")))
    assert error.value.attempts == 1


def test_a_missing_file_raises_before_a_connection_is_made(driver: Driver, tmp_path: Path) -> None:
    with run_server(OK) as server, pytest.raises(FileNotFoundError):
        driver.run(server.url, upload(tmp_path / "missing"))
    assert server.connections == 0


# This includes the server's own buffer and, with asyncio, the part of the body between client and server.
UPLOADING_BYTES = {"requests": 8 << 20, "aiohttp": 20 << 20}


def test_memory_does_not_grow_with_the_upload(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "large.bin"
    with path.open("wb") as file:
        file.truncate(64 << 20)
    with run_server(OK) as server:
        driver.run(server, upload(b"loads what a first call loads"))
        with driver.open_client(server) as client:
            server.reads_bodies = False
            server.replies[:] = [drain]
            tracemalloc.start()
            try:
                client.run(upload(path))
                _, peak_bytes = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
    assert peak_bytes < UPLOADING_BYTES[driver.library]


# Sessions


def test_a_closed_transport_connects_again(driver: Driver) -> None:
    with run_server(OK) as server, driver.open_client(server.url) as client:
        client.close()
        for _ in range(2):
            assert client.run(READ) == {"ok": True}
            client.close()
            client.close()
    assert server.connections == 2


@pytest.mark.parametrize("key", [None, "private_other"])
def test_a_copy_with_other_options_shares_the_connections(driver: Driver, key: str | None) -> None:
    with run_server(OK, Connection.hang) as server, driver.open_client(server) as client:
        client.run(READ)
        hasty = client.with_options(timeout=0.1, retry=ONCE, private_key=key)
        with pytest.raises(TimeoutException, match=r"within 0\.1 s"):
            hasty.run(READ)
        assert server.has_seen(2)
    assert server.connections == 1
    assert [key_of(seen.headers) for seen in server.seen] == [b"private_fake=:", f"{key or KEY}:".encode()]


def test_a_copy_with_another_key_sends_that_key(driver: Driver) -> None:
    with run_server(OK) as server, driver.open_client(server) as client:
        client.run(READ)
        client.with_options(private_key="private_other").run(READ)
        client.run(READ)
    assert [key_of(seen.headers) for seen in server.seen] == [b"private_fake=:", b"private_other:", b"private_fake=:"]


def test_a_pickled_transport_works_with_its_own_connections(driver: Driver) -> None:
    with run_server(OK) as server, driver.open_client(server) as client:
        client.run(READ)
        again = client.copy_by_pickling()
        assert again.run(READ) == {"ok": True}
        again.close()
    assert server.connections == 2


@pytest.mark.parametrize("login", ["", "user:word@"])
@either_session
def test_a_proxy_from_the_environment_is_used(
    driver: Driver, own_session: bool, login: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with run_server(OK) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url.replace("http://", f"http://{login}"))
        monkeypatch.setenv("no_proxy", "")
        with driver.open_client("http://api.example", own_session=own_session) as client:
            assert [client.run(READ), client.run(READ)] == [{"ok": True}] * 2
    assert [seen.target for seen in proxy.seen] == ["http://api.example/v1/files?limit=1"] * 2
    assert proxy.seen[0].headers.get("proxy-authorization") == ("Basic dXNlcjp3b3Jk" if login else None)  # user:word
    assert key_of(proxy.seen[0].headers) == b"private_fake=:"
    assert proxy.connections == 1


def test_hosts_in_no_proxy_are_reached_without_the_proxy(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{find_closed_port()}")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with run_server(OK) as server:
        assert driver.run(server) == {"ok": True}


def test_a_change_of_the_environment_takes_effect_with_the_next_call(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imagekitio.transports.environment.RECHECK_SECONDS", 0.0)
    monkeypatch.delenv("http_proxy", raising=False)
    monkeypatch.setenv("no_proxy", "")
    with run_server(OK) as server, run_server(OK) as proxy, driver.open_client(server) as client:
        client.run(READ)
        monkeypatch.setenv("http_proxy", proxy.url)
        client.run(READ)
        monkeypatch.delenv("http_proxy")
        client.run(READ)
    assert (len(server.seen), len(proxy.seen)) == (2, 1)


def test_a_ca_bundle_added_to_the_environment_later_is_trusted(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imagekitio.transports.environment.RECHECK_SECONDS", 0.0)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    with run_server(OK, tls=True) as server, driver.open_client(server.url) as client:
        with pytest.raises(NetworkException, match="certificate"):
            client.run(READ)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
        assert client.run(READ) == {"ok": True}


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_down_means_that_nothing_was_sent(
    driver: Driver, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{scheme}_proxy", f"http://user:word@127.0.0.1:{find_closed_port()}")
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(NetworkException) as error:
        driver.run(f"{scheme}://api.example", WRITE)
    assert (error.value.request_sent, error.value.attempts) == (False, 3)
    assert "word" not in str(error.value)


def test_a_missing_ca_bundle_from_the_environment_is_named(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/bundle.pem")
    with pytest.raises(NetworkException, match=r"/no/bundle\.pem") as error:
        driver.run("https://127.0.0.1:9")
    assert error.value.attempts == 1


def test_a_ca_bundle_from_the_environment_is_trusted(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    with run_server(OK, tls=True) as server, driver.open_client(server) as client:
        assert [client.run(READ), client.run(READ)] == [{"ok": True}] * 2
        assert client.run(upload(bytes(1 << 20))) == {"ok": True}
    assert server.connections == 1


def test_an_untrusted_certificate_ends_the_call_immediately(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    with run_server(OK, tls=True) as server, pytest.raises(NetworkException, match=r"self.signed certificate") as error:
        driver.run(server)
    assert error.value.attempts == 1
    assert server.seen == []


# Secrets and mistakes


def test_the_log_contains_no_secret(driver: Driver, caplog: pytest.LogCaptureFixture) -> None:
    secret = Operation(Request("POST", "/v1/x?signature=hidden1", b'{"token": "hidden2"}'), parse)
    caplog.set_level(logging.DEBUG, "imagekitio")
    with (
        run_server(answer(503, b"hidden3"), OK) as server,
        driver.open_client(server, private_key="private_hidden4") as client,
    ):
        before = len(caplog.records)
        client.run(secret)
        lines = [record for record in caplog.records[before:] if record.name != "asyncio"]
    assert {record.name for record in caplog.records} - {"asyncio"} == {"imagekitio"}
    assert [record.levelname for record in lines] == ["DEBUG", "WARNING", "DEBUG"]
    assert "hidden" not in caplog.text
    assert "POST /v1/x: 503 in" in caplog.text


def test_the_warning_about_a_failed_connection_contains_no_secret(
    driver: Driver, caplog: pytest.LogCaptureFixture
) -> None:
    secret = Operation(Request("POST", "/v1/x?signature=hidden1", b'{"token": "hidden2"}'), parse)
    url = f"http://127.0.0.1:{find_closed_port()}"
    with driver.open_client(url, private_key="private_hidden4") as client, pytest.raises(NetworkException):
        client.run(secret)
    lines = [record.getMessage() for record in caplog.records if record.name == "imagekitio"]
    assert len(lines) == 2
    assert all(line.startswith(f"POST {url}/v1/x: ") and "hidden" not in line for line in lines)


def test_a_transport_shows_no_key(driver: Driver) -> None:
    assert KEY not in repr(driver.transport("https://api.example"))


class OwnError(Exception):
    """The exception that another service raises for every failure."""


@dataclass(frozen=True)
class OtherService(ImageKitService):
    """A service with its own headers and errors."""

    def request_headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.private_key}", "X-Shop": "7"}

    def convert_error(self, error: ImageKitException) -> Exception:
        return OwnError(f"{error.attempts}: {error}")


@pytest.fixture
def other_service(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> Driver:
    monkeypatch.setattr(calls, "ImageKitService", OtherService)
    return driver


def test_a_service_sets_the_headers_of_each_attempt(other_service: Driver) -> None:
    with run_server(answer(503, b"{}"), OK) as server:
        other_service.run(server, private_key="fake")
    assert [seen.headers["authorization"] for seen in server.seen] == ["Bearer fake"] * 2
    assert server.seen[1].headers["x-shop"] == "7"


def test_a_service_raises_its_own_errors_for_refusals_and_lost_connections(other_service: Driver) -> None:
    with run_server(answer(404, b'{"message": "gone"}')) as server, pytest.raises(OwnError, match=r"\A1: gone\Z"):
        other_service.run(server)
    with pytest.raises(OwnError, match=r"\A3: GET http") as caught:
        other_service.run(f"http://127.0.0.1:{find_closed_port()}")
    assert caught.value.__cause__ is not None
    assert caught.value.__suppress_context__
