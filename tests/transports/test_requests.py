from __future__ import annotations

import base64
import gzip
import io
import json
import logging
import os
import pickle
import subprocess
import sys
import threading
import tracemalloc
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import pytest
import requests
import responses

from imagekitio.exceptions import (
    BadRequestException,
    ImageKitException,
    InternalServerException,
    NetworkException,
    TimeoutException,
    UnauthorizedException,
    UnknownException,
)
from imagekitio.flow import Retry
from imagekitio.operations.core import FilePart, Multipart, Operation, Request, Response
from imagekitio.operations.errors import exception_for, metadata_of
from imagekitio.transports.multipart import BLOCK_BYTES
from imagekitio.transports.requests import RequestsTransport

from .faults import CERTIFICATE, Connection, Server, answer, closed_port, dripping, serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KEY = "private_fake="
ONCE = Retry(attempts=1)
AT_ONCE = Retry(base_seconds=0.0)
OK = answer(200, b'{"ok": true}', "Content-Type: application/json")
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def parse(response: Response) -> Any:
    if response.status >= 300:
        raise exception_for(response, metadata_of(response))
    return json.loads(response.body)


READ = Operation(Request("GET", "/v1/files?limit=1"), parse)
WRITE = Operation(Request("POST", "/v1/files/copy", b'{"a": 1}', idempotent=False), parse)


def transport(
    url: str,
    *,
    retry: Retry = AT_ONCE,
    timeout: Any = (2.0, 2.0),
    session: requests.Session | None = None,
    private_key: str = KEY,
) -> RequestsTransport:
    return RequestsTransport(
        private_key=private_key, api_base_url=url, upload_base_url=url, retry=retry, timeout=timeout, session=session
    )


class Over:
    a_kept_connection = False


@pytest.fixture(autouse=True, params=["a new connection", "a kept connection"])
def _over(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes over a kept connection takes a shortcut, and must come to the same."""
    monkeypatch.setattr(Over, "a_kept_connection", request.param == "a kept connection")


def run(server: Server, operation: Operation[Any] = READ, **options: Any) -> Any:
    with transport(server.url, **options) as client:
        if Over.a_kept_connection and "session" not in options:
            server.replies.insert(0, OK)
            client.run(READ)
            server.seen.clear()
        return client.run(operation)


def upload(
    source: bytes | Path | BinaryIO,
    on_progress: Callable[[int, int], object] | None = None,
    *,
    idempotent: bool = False,
) -> Operation[Any]:
    body = Multipart((("fileName", "a.bin"),), FilePart(source, "a.bin"), on_progress)
    return Operation(Request("POST", "/api/v1/files/upload", body, "upload", idempotent), parse)


# What is sent


def test_a_request_carries_the_key_as_basic_authentication_and_names_the_library() -> None:
    with serving(OK) as server:
        assert run(server) == {"ok": True}
    (seen,) = server.seen
    assert (seen.method, seen.target, seen.body) == ("GET", "/v1/files?limit=1", b"")
    assert base64.b64decode(seen.headers["authorization"].removeprefix("Basic ")) == b"private_fake=:"
    assert seen.headers["user-agent"].startswith("imagekitio")
    assert seen.headers["accept"] == "application/json"


def test_a_json_body_goes_with_its_type_and_length() -> None:
    with serving(OK) as server:
        run(server, WRITE)
    (seen,) = server.seen
    assert (seen.body, seen.headers["content-type"]) == (b'{"a": 1}', "application/json")
    assert seen.headers["content-length"] == "8"


def test_requests_without_body_do_not_keep_the_headers_of_one_with_a_body() -> None:
    with serving(OK) as server, transport(server.url) as client:
        client.run(WRITE)
        client.run(READ)
    assert "content-type" not in server.seen[1].headers
    assert "content-length" not in server.seen[1].headers


def test_the_path_goes_out_as_it_is() -> None:
    path = "/v1/files/a%2Fb%20c/../%C3%BC/details?x=%27%2B+'&y=a,b"
    with serving(OK) as server:
        run(server, Operation(Request("GET", path), parse))
    assert server.seen[0].target == path


def test_an_id_of_two_dots_does_not_climb_in_a_session_of_the_caller_either() -> None:
    with serving(OK) as server, requests.Session() as session, transport(server.url, session=session) as client:
        session.params = {"traced": "1"}
        client.run(Operation(Request("GET", "/v1/files/%2E%2E/details?x=1"), parse))
    assert server.seen[0].target == "/v1/files/%2E%2E/details?x=1&traced=1"


def test_uploads_go_to_the_upload_host() -> None:
    with (
        serving(OK) as api,
        serving(OK) as files,
        RequestsTransport(private_key=KEY, api_base_url=api.url, upload_base_url=files.url) as client,
    ):
        client.run(upload(b"content"))
        client.run(READ)
    assert [seen.target for seen in files.seen] == ["/api/v1/files/upload"]
    assert [seen.target for seen in api.seen] == ["/v1/files?limit=1"]


def test_a_path_below_the_base_url_is_kept() -> None:
    with serving(OK) as server, transport(server.url + "/prefix/") as client:
        client.run(READ)
    assert server.seen[0].target == "/prefix/v1/files?limit=1"


def test_a_netrc_file_does_not_replace_the_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with serving(OK) as server, requests.Session() as session:
        run(server)
        run(server, session=session)
    keys = {base64.b64decode(seen.headers["authorization"].removeprefix("Basic ")) for seen in server.seen}
    assert keys == {b"private_fake=:"}


@pytest.mark.parametrize("own_session", [True, False])
def test_no_redirect_carries_the_key_to_another_host(own_session: bool) -> None:
    with (
        serving(OK) as other,
        serving(answer(302, b"", f"Location: {other.url}/stolen")) as server,
        requests.Session() as session,
        pytest.raises(UnknownException, match=r"127\.0\.0\.1") as error,
    ):
        run(server, session=None if own_session else session)
    assert error.value.response_metadata.http_status_code == 302
    assert other.seen == []


def test_cookies_are_not_kept_between_calls() -> None:
    with serving(answer(200, b"1", "Set-Cookie: a=b")) as server, transport(server.url) as client:
        client.run(READ)
        client.run(READ)
    assert "cookie" not in server.seen[1].headers


def test_calls_one_after_another_share_a_connection() -> None:
    with serving(answer(204), OK) as server, transport(server.url) as client:
        client.run(Operation(Request("DELETE", "/v1/files/a"), lambda response: response.status))
        for _ in range(5):
            client.run(READ)
    assert server.connections == 1


# What comes back


def test_an_answer_has_status_body_and_headers_of_any_letter_case() -> None:
    with serving(answer(201, b"{}", "X-Ik-RequestId: 7")) as server:
        response = run(server, Operation(READ.request, lambda response: response))
    assert (response.status, response.body, response.headers["x-ik-requestid"]) == (201, b"{}", "7")


def test_a_compressed_answer_is_unpacked() -> None:
    body = gzip.compress(b'{"ok": true}')
    with serving(answer(200, body, "Content-Encoding: gzip")) as server:
        assert run(server) == {"ok": True}


def test_a_chunked_answer_is_joined() -> None:
    with serving(CHUNKED + b"3\r\n[1,\r\n2\r\n2]\r\n0\r\n\r\n") as server, transport(server.url) as client:
        assert [client.run(READ), client.run(READ)] == [[1, 2], [1, 2]]
    assert server.connections == 1


def test_a_large_answer_arrives_whole() -> None:
    content = json.dumps(["x" * 1000] * 3000).encode()
    with serving(answer(200, content)) as server:
        assert len(run(server)) == 3000


def test_an_html_page_of_a_gateway_is_an_exception_of_its_status() -> None:
    with serving(answer(502, b"<html>Bad gateway</html>")) as server, pytest.raises(InternalServerException) as error:
        run(server, WRITE)
    assert error.value.attempts == 1


def test_a_gzip_bomb_is_refused_with_bounded_memory() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    bomb = b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + block * 1024  # 1 GiB
    assert len(bomb) < 2 << 20
    with serving(answer(200, bomb, "Content-Encoding: gzip")) as server, transport(server.url) as client:
        tracemalloc.start()
        try:
            with pytest.raises(UnknownException, match="larger than 64 MiB") as error:
                client.run(READ)
            _, peak_bytes = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak_bytes < 100 << 20
    assert error.value.response_metadata.http_status_code == 200


def test_an_answer_that_is_not_what_its_encoding_says_is_unknown() -> None:
    with (
        serving(answer(200, b"not gzip", "Content-Encoding: gzip")) as server,
        pytest.raises(UnknownException, match="cannot be decoded"),
    ):
        run(server)


# What goes wrong on the way


def test_a_refused_connection_is_tried_again_and_then_a_network_exception() -> None:
    with (
        transport(f"http://127.0.0.1:{closed_port()}") as client,
        pytest.raises(NetworkException, match="Connection refused, after 3 attempts in") as error,
    ):
        client.run(WRITE)
    assert isinstance(error.value.__cause__, requests.ConnectionError)
    assert "limit" not in str(error.value)


def test_a_host_that_does_not_exist_is_a_network_exception() -> None:
    with transport("http://host.invalid", retry=ONCE) as client, pytest.raises(NetworkException) as error:
        client.run(READ)
    assert not error.value.request_sent


def test_a_server_that_says_nothing_is_a_timeout() -> None:
    with (
        serving(Connection.hang) as server,
        pytest.raises(TimeoutException, match=r"no answer within 0\.1 s, after 2 attempts"),
    ):
        run(server, timeout=0.1, retry=Retry(attempts=2, base_seconds=0))
    assert len(server.seen) == 2


def test_a_body_that_stops_half_way_is_a_timeout() -> None:
    def stall(connection: Connection) -> None:
        connection.send(OK[:-4])
        connection.hang()

    with serving(stall) as server, pytest.raises(TimeoutException):
        run(server, timeout=0.1, retry=ONCE)


@pytest.mark.parametrize("head", ["Content-Length: 100000", "Connection: close", "Transfer-Encoding: chunked"])
def test_a_body_that_drips_is_given_up(head: str) -> None:
    drop = b"1\r\n \r\n" if "chunked" in head else b" "
    reply = dripping(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode(), drop)
    with serving(reply) as server, pytest.raises(TimeoutException, match="not complete within"):
        run(server, timeout=0.2, retry=ONCE)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Connection.reset, "reset|without response"),
        (lambda connection: None, "without response"),
        (lambda connection: connection.send(OK[:-4]), "IncompleteRead|more expected"),
        (lambda connection: connection.send(answer(200, b"{}", "Content-Length: 90")), "unmatching values"),
        (
            lambda connection: connection.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{"),
            "IncompleteRead|more expected|broken",
        ),
        (
            lambda connection: connection.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
            "IncompleteRead",
        ),
        (lambda connection: connection.send(b"SSH-2.0-OpenSSH_9.2\r\n"), "SSH-2.0"),
        (lambda connection: connection.send(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000 + b"\r\n"), "100 headers"),
        (lambda connection: connection.send(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n"), "header line"),
    ],
    ids=["reset", "closed", "half", "two lengths", "half chunk", "bad chunk", "no HTTP", "headers", "long header"],
)
def test_an_answer_that_breaks_off_is_a_network_exception(reply: Callable[[Connection], None], reason: str) -> None:
    with serving(reply) as server, pytest.raises(NetworkException, match=reason) as error:
        run(server, retry=ONCE)
    assert error.value.request_sent


def test_a_broken_answer_is_asked_for_again() -> None:
    with serving(Connection.reset, OK) as server:
        assert run(server) == {"ok": True}
    assert len(server.seen) == 2


def test_what_must_not_happen_twice_is_not_sent_again_after_a_lost_answer() -> None:
    with serving(Connection.reset, OK) as server, pytest.raises(NetworkException):
        run(server, WRITE)
    assert len(server.seen) == 1


def test_a_busy_service_is_waited_for() -> None:
    with serving(answer(429, b"{}", "X-RateLimit-Reset: 20"), answer(503, b"{}", "Retry-After: 0"), OK) as server:
        assert run(server, WRITE, retry=Retry(base_seconds=100, max_seconds=100)) == {"ok": True}
    assert len(server.seen) == 3


def test_retries_that_run_out_end_with_the_last_answer() -> None:
    with (
        serving(answer(500, b'{"message": "first"}'), answer(503, b'{"message": "last"}')) as server,
        pytest.raises(InternalServerException, match="last") as error,
    ):
        run(server)
    assert (error.value.attempts, len(server.seen)) == (3, 3)


def test_the_connection_of_an_answer_that_was_not_read_is_not_used_again() -> None:
    stalls = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}"
    with serving(stalls, OK) as server, transport(server.url, timeout=0.3, retry=ONCE) as client:
        with pytest.raises(TimeoutException):
            client.run(READ)
        assert client.run(READ) == {"ok": True}
    assert server.connections == 2


# Uploads


def test_an_upload_arrives_whole_with_its_length(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(os.urandom(300_000))
    with serving(OK) as server:
        assert run(server, upload(path)) == {"ok": True}
    (seen,) = server.seen
    assert seen.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert int(seen.headers["content-length"]) == len(seen.body)
    assert path.read_bytes() in seen.body


@pytest.mark.parametrize("size", [10, 3 * BLOCK_BYTES])
def test_an_upload_that_is_tried_again_is_sent_from_its_start(size: int) -> None:
    source = io.BytesIO(b"skipped" + os.urandom(size))
    source.seek(7)
    with serving(answer(503), OK) as server:
        run(server, upload(source))
    first, second = server.seen
    assert first.body == second.body
    assert source.getvalue()[7:] in second.body
    assert b"skipped" not in second.body
    assert not source.closed


class Pipe(io.RawIOBase):
    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._content.readinto(buffer)


def test_a_stream_without_a_way_back_is_sent_once_with_its_length() -> None:
    with serving(answer(503, b"{}"), OK) as server, pytest.raises(InternalServerException):
        run(server, upload(cast("BinaryIO", Pipe(b"x" * 100_000))))
    (seen,) = server.seen
    assert b"x" * 100_000 in seen.body
    assert "transfer-encoding" not in seen.headers


@pytest.mark.parametrize("own_session", [True, False])
def test_an_upload_through_a_session_of_either_kind_is_the_same(own_session: bool) -> None:
    with serving(OK) as server, requests.Session() as session:
        run(server, upload(io.BytesIO(b"y" * 200_000)), session=None if own_session else session)
    (seen,) = server.seen
    assert int(seen.headers["content-length"]) == len(seen.body)
    assert b"y" * 200_000 in seen.body


@pytest.mark.parametrize("taken_bytes", [0, 8 << 20])
@pytest.mark.parametrize("tls", [False, True])
def test_an_answer_before_the_upload_is_complete_is_raised_as_what_it_is(
    tls: bool, taken_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(connection: Connection) -> None:
        connection.body(taken_bytes)
        connection.send(answer(401, b'{"message": "no key"}', "Connection: close"))

    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    with (
        serving(refuse, reads_bodies=False, tls=tls) as server,
        pytest.raises(UnauthorizedException, match="no key"),
    ):
        run(server, upload(bytes(50 << 20)))


def test_an_upload_that_nobody_takes_is_a_timeout() -> None:
    with serving(Connection.hang, reads_bodies=False) as server, pytest.raises(TimeoutException):
        run(server, upload(bytes(50 << 20)), timeout=(2.0, 0.2))


def test_an_upload_may_pause_for_longer_than_connecting_may_take() -> None:
    def pause(connection: Connection) -> None:
        connection.server.stopping.wait(0.5)
        drain(connection)

    with serving(pause, reads_bodies=False) as server:
        assert run(server, upload(bytes(50 << 20)), timeout=(0.2, 5.0)) == {"ok": True}


def test_progress_ends_with_the_size_of_the_body() -> None:
    seen: list[tuple[int, int]] = []
    with serving(answer(503), OK) as server:
        run(server, upload(bytes(5 * BLOCK_BYTES), lambda sent, total: seen.append((sent, total))))
    assert seen == sorted(set(seen))
    assert seen[-1] == (len(server.seen[1].body),) * 2


@pytest.mark.parametrize("kind", [KeyError, BrokenPipeError, KeyboardInterrupt])
@pytest.mark.parametrize("size", [10, 5 * BLOCK_BYTES])
def test_what_the_callback_raises_comes_out_and_ends_the_connection(kind: type[BaseException], size: int) -> None:
    def stop(sent: int, total: int) -> None:
        raise kind("enough")

    with serving(OK) as server, transport(server.url) as client:
        with pytest.raises(kind, match="enough"):
            client.run(upload(bytes(size), stop))
        assert client.run(READ) == {"ok": True}
    assert [seen.target for seen in server.seen if seen.method == "GET"] == ["/v1/files?limit=1"]


def test_a_file_that_cannot_be_read_raises_its_own_error() -> None:
    class Torn(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    with serving(OK) as server, pytest.raises(OSError, match="Input/output error") as error:
        run(server, upload(Torn(bytes(200_000))))
    assert not isinstance(error.value, ImageKitException)
    assert error.value.__context__ is None


def test_a_file_that_shrinks_while_it_is_sent_is_an_error_and_no_hang(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(10 * BLOCK_BYTES))
    with serving(OK) as server, pytest.raises(NetworkException, match="shrank while it was sent") as error:
        run(server, upload(path, lambda *_: path.write_bytes(b"two lengths")))
    assert error.value.attempts == 1


def test_a_missing_file_raises_before_a_connection_is_made(tmp_path: Path) -> None:
    with serving(OK) as server, pytest.raises(FileNotFoundError):
        transport(server.url).run(upload(tmp_path / "missing"))
    assert server.connections == 0


def test_memory_does_not_grow_with_the_upload(tmp_path: Path) -> None:
    path = tmp_path / "large.bin"
    with path.open("wb") as file:
        file.truncate(64 << 20)
    with serving(OK) as server, transport(server.url) as client:
        client.run(READ)
        server.reads_bodies = False
        server.replies[:] = [drain]
        tracemalloc.start()
        try:
            client.run(upload(path))
            _, peak_bytes = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    # The server's own buffer is in it.
    assert peak_bytes < 8 << 20


def drain(connection: Connection) -> None:
    left_bytes = int(connection.last_headers["content-length"])
    while left_bytes > 0:
        left_bytes -= len(connection.body(min(left_bytes, 1 << 20)))
    connection.send(OK)


# Sessions


def test_sixteen_threads_share_a_transport() -> None:
    with serving(OK) as server, transport(server.url) as client:
        barrier = threading.Barrier(16)

        def work(_: int) -> Any:
            barrier.wait()
            return [client.run(READ) for _ in range(10)]

        with ThreadPoolExecutor(16) as pool:
            results = list(pool.map(work, range(16)))
    assert results == [[{"ok": True}] * 10] * 16
    assert (len(server.seen), server.connections <= 16) == (160, True)


def test_a_closed_transport_connects_again() -> None:
    with serving(OK) as server:
        client = transport(server.url)
        client.close()
        assert client.run(READ) == {"ok": True}
        client.close()
        assert client.run(READ) == {"ok": True}
        client.close()
    assert server.connections == 2


def test_closing_while_other_threads_call_harms_no_call() -> None:
    with serving(OK) as server, transport(server.url) as client, ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(client.run, READ) for _ in range(200)]
        for _ in range(20):
            client.close()
        assert all(call.result() == {"ok": True} for call in calls)


def test_a_copy_with_other_options_shares_the_connections() -> None:
    with serving(OK, Connection.hang) as server, transport(server.url) as client:
        client.run(READ)
        hasty = client.with_options(timeout=0.1, retry=ONCE)
        with pytest.raises(TimeoutException, match=r"within 0\.1 s"):
            hasty.run(READ)
    assert server.connections == 1


def test_a_copy_with_another_key_sends_that_key() -> None:
    with serving(OK) as server, transport(server.url) as client:
        client.run(READ)
        client.with_options(private_key="private_other").run(READ)
        client.run(READ)
    keys = [base64.b64decode(seen.headers["authorization"].removeprefix("Basic ")) for seen in server.seen]
    assert keys == [b"private_fake=:", b"private_other:", b"private_fake=:"]


def test_a_pickled_transport_works_on_with_connections_of_its_own() -> None:
    with serving(OK) as server, transport(server.url) as client:
        client.run(READ)
        with pickle.loads(pickle.dumps(client)) as again:
            assert again.run(READ) == {"ok": True}
    assert server.connections == 2


def test_a_session_of_the_caller_is_pickled_with_the_transport() -> None:
    with serving(OK) as server, requests.Session() as session:
        session.headers["X-Shop"] = "7"
        again = pickle.loads(pickle.dumps(transport(server.url, session=session)))
        again.run(READ)
        again._session.close()
    assert server.seen[0].headers["x-shop"] == "7"


FORKS = """
import os, sys
from concurrent.futures import ThreadPoolExecutor
import requests
from imagekitio.operations.core import Operation, Request
from imagekitio.transports.requests import RequestsTransport

url, own = sys.argv[1], sys.argv[2] == "own"
session = None if own else requests.Session()
client = RequestsTransport(private_key="private_fake", api_base_url=url, upload_base_url=url, session=session)
ask = Operation(Request("GET", "/v1/files"), lambda response: response.body)
client.run(ask)
child = os.fork()
for _ in range(5):
    assert client.run(ask) == b'{"ok": true}'
if child == 0:
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
client.close()
if session: session.close()
"""


@pytest.mark.parametrize("kind", ["own", "given"])
def test_a_forked_child_makes_connections_of_its_own(kind: str) -> None:
    with serving(OK) as server:
        subprocess.run([sys.executable, "-W", "error", "-c", FORKS, server.url, kind], check=True, timeout=20)
    assert (len(server.seen), server.connections) == (11, 2)


def test_a_session_of_the_caller_is_used_with_its_headers_and_hooks_and_stays_open() -> None:
    statuses: list[int] = []
    with serving(OK) as server, requests.Session() as session:
        session.headers["X-Shop"] = "7"
        session.hooks["response"].append(lambda response, **_: statuses.append(response.status_code))
        assert run(server, session=session) == {"ok": True}
        assert session.get(server.url).status_code == 200
    assert server.seen[0].headers["x-shop"] == "7"
    assert statuses == [200, 200]
    assert server.connections == 1


def test_a_hook_that_reads_the_answer_leaves_it_to_the_library() -> None:
    with serving(OK) as server, requests.Session() as session:
        session.hooks["response"].append(lambda response, **_: response.content and None)
        assert run(server, session=session) == {"ok": True}


def test_a_hook_that_raises_for_the_status_does_not_hide_what_the_service_says() -> None:
    with serving(answer(400, b'{"message": "bad path"}')) as server, requests.Session() as session:
        session.hooks["response"].append(lambda response, **_: response.raise_for_status())
        with pytest.raises(BadRequestException, match="bad path"):
            run(server, session=session)


def test_an_adapter_of_the_caller_may_answer_without_a_connection() -> None:
    class Canned(requests.adapters.BaseAdapter):
        def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
            response = requests.Response()
            response.status_code, response.request = 200, request
            response._content = b"[1]"
            return response

        def close(self) -> None: ...

    with requests.Session() as session:
        session.mount("http://", Canned())
        assert transport("http://api.example", session=session).run(READ) == [1]


@responses.activate
def test_the_responses_library_can_stand_in_for_the_service() -> None:
    responses.add(responses.GET, "https://api.example/v1/files", json=[1, 2])
    responses.add(responses.POST, "https://api.example/api/v1/files/upload", json={"fileId": "a"})
    with transport("https://api.example") as client:
        assert client.run(READ) == [1, 2]
        assert client.run(upload(b"content")) == {"fileId": "a"}
    request = responses.calls[1].request
    assert b"content" in cast("bytes", request.body)
    assert request.headers["authorization"].startswith("Basic ")


@responses.activate
def test_an_exception_that_the_responses_library_plays_is_translated() -> None:
    responses.add(responses.GET, "https://api.example/v1/files", body=requests.ConnectTimeout("played"))
    with transport("https://api.example") as client, pytest.raises(TimeoutException) as error:
        client.run(READ)
    assert error.value.attempts == 3


@pytest.mark.parametrize("own_session", [True, False])
def test_a_proxy_of_the_environment_is_used(own_session: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(OK) as proxy, requests.Session() as session:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "")
        with transport("http://api.example", session=None if own_session else session) as client:
            assert client.run(READ) == {"ok": True}
            assert client.run(READ) == {"ok": True}
    assert [seen.target for seen in proxy.seen] == ["http://api.example/v1/files?limit=1"] * 2
    assert proxy.connections == 1


def test_hosts_that_the_environment_excepts_are_reached_without_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port()}")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with serving(OK) as server:
        assert run(server) == {"ok": True}


def test_a_proxy_that_is_down_means_that_nothing_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://user:word@127.0.0.1:{closed_port()}")
    monkeypatch.setenv("no_proxy", "")
    with transport("http://api.example") as client, pytest.raises(NetworkException) as error:
        client.run(WRITE)
    assert (error.value.request_sent, error.value.attempts) == (False, 3)
    assert "word" not in str(error.value)


def test_a_ca_bundle_of_the_environment_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/bundle.pem")
    with transport("https://127.0.0.1:9") as client, pytest.raises(NetworkException, match=r"/no/bundle\.pem") as error:
        client.run(READ)
    assert error.value.attempts == 1


def test_a_ca_bundle_of_the_environment_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    with serving(OK, tls=True) as server, transport(server.url) as client:
        assert [client.run(READ), client.run(READ)] == [{"ok": True}] * 2
        assert client.run(upload(bytes(1 << 20))) == {"ok": True}
    assert server.connections == 1


def test_a_certificate_that_nobody_vouches_for_ends_the_call_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    with serving(OK, tls=True) as server, pytest.raises(NetworkException, match=r"self.signed certificate") as error:
        run(server)
    assert error.value.attempts == 1
    assert server.seen == []


# Secrets and mistakes


def test_nothing_that_is_logged_is_secret(caplog: pytest.LogCaptureFixture) -> None:
    secret = Operation(Request("POST", "/v1/x?signature=hidden1", b'{"token": "hidden2"}'), parse)
    caplog.set_level(logging.DEBUG, "imagekitio")
    with serving(answer(503, b"hidden3"), OK) as server:
        run(server, secret, private_key="private_hidden4")
    assert {record.name for record in caplog.records} == {"imagekitio"}
    assert "hidden" not in caplog.text
    assert "POST /v1/x: 503 in" in caplog.text


def test_a_transport_shows_no_key() -> None:
    assert KEY not in repr(transport("https://api.example"))


def test_a_base_url_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="api_base_url must start with https://"):
        transport("api.imagekit.io")
