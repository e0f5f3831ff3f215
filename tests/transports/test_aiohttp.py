from __future__ import annotations

import asyncio
import base64
import gc
import gzip
import inspect
import io
import json
import logging
import os
import pickle
import socket
import subprocess
import sys
import threading
import time
import tracemalloc
import zlib
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import aiohttp
import aiohttp.http_exceptions
import pytest

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
from imagekitio.transports.aiohttp import AiohttpTransport
from imagekitio.transports.aiohttp_body import UNPACK_BYTES, Unpacking
from imagekitio.transports.aiohttp_failures import UnpackingError
from imagekitio.transports.aiohttp_sessions import CONCURRENT_CALLS, ReadingSocket
from imagekitio.transports.multipart import BLOCK_BYTES

from ..leftovers import held
from .faults import CERTIFICATE, PATIENCE_SECONDS, Connection, Server, answer, closed_port, dripping, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine
    from pathlib import Path

KEY = "private_fake="
ONCE = Retry(attempts=1)
AT_ONCE = Retry(base_seconds=0.0)
OK = answer(200, b'{"ok": true}', "Content-Type: application/json")
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
LARGE_BYTES = 50 << 20


def parse(response: Response) -> Any:
    if response.status >= 300:
        raise exception_for(response, metadata_of(response))
    return json.loads(response.body)


READ = Operation(Request("GET", "/v1/files?limit=1"), parse)
WRITE = Operation(Request("POST", "/v1/files/copy", b'{"a": 1}', idempotent=False), parse)
RENAME = Operation(Request("PUT", "/v1/files/rename", b'{"a": 1}', idempotent=False), parse)
RESTORE = Operation(Request("PUT", "/v1/files/a/versions/b/restore", idempotent=False), parse)


def transport(
    url: str,
    *,
    retry: Retry = AT_ONCE,
    timeout: Any = (2.0, 2.0),
    session: aiohttp.ClientSession | None = None,
    private_key: str = KEY,
) -> AiohttpTransport:
    return AiohttpTransport(
        private_key=private_key, api_base_url=url, upload_base_url=url, retry=retry, timeout=timeout, session=session
    )


@asynccontextmanager
async def using(url: str, **options: Any) -> AsyncIterator[AiohttpTransport]:
    client = transport(url, **options)
    try:
        yield client
    finally:
        await client.close()


def run(server: Server | str, *operations: Operation[Any], **options: Any) -> Any:
    """Carry operations out, one after another, in a loop of their own; return the last result."""

    async def main() -> Any:
        async with using(server if isinstance(server, str) else server.url, **options) as client:
            for operation in operations or (READ,):
                result = await client.run(operation)
            return result

    return quietly(main())


def quietly(main: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine to its end; nothing may be left that warns when it is freed, or that the loop complains of."""
    complaints: list[object] = []

    async def watched() -> Any:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
        try:
            return await main
        finally:
            await asyncio.sleep(0)
            complaints.extend(asyncio.all_tasks() - {asyncio.current_task()})

    try:
        return asyncio.run(watched())
    finally:
        gc.collect(1)  # what a test made is young; all there is would take as long as the test
        assert complaints == []


def upload(
    source: bytes | Path | BinaryIO,
    on_progress: Callable[[int, int], object] | None = None,
    *,
    idempotent: bool = False,
) -> Operation[Any]:
    body = Multipart((("fileName", "a.bin"),), FilePart(source, "a.bin"), on_progress)
    return Operation(Request("POST", "/api/v1/files/upload", body, "upload", idempotent), parse)


def key_of(headers: dict[str, str]) -> bytes:
    return base64.b64decode(headers["authorization"].removeprefix("Basic "))


# What is sent


def test_a_request_carries_the_key_as_basic_authentication_and_names_the_library() -> None:
    with serving(OK) as server:
        assert run(server) == {"ok": True}
    (seen,) = server.seen
    assert (seen.method, seen.target, seen.body) == ("GET", "/v1/files?limit=1", b"")
    assert key_of(seen.headers) == b"private_fake=:"
    assert seen.headers["user-agent"].startswith("imagekitio")
    assert seen.headers["accept"] == "application/json"
    assert seen.headers["accept-encoding"] == "gzip"


def test_a_json_body_goes_with_its_type_and_length_and_leaves_the_next_request_alone() -> None:
    with serving(OK) as server:
        run(server, WRITE, READ)
    written, read = server.seen
    assert (written.body, written.headers["content-type"]) == (b'{"a": 1}', "application/json")
    assert written.headers["content-length"] == "8"
    assert not {"content-type", "content-length"} & read.headers.keys()


@pytest.mark.parametrize(
    "path", ["/v1/files/a%2Fb%20c/../%C3%BC/details?x=%27%2B+'&y=a,b", "/v1/files/%2E%2E/details?x=1"]
)
def test_the_path_goes_out_as_it_is(path: str) -> None:
    with serving(OK) as server:
        run(server, Operation(Request("GET", path), parse))
    assert server.seen[0].target == path


def test_uploads_go_to_the_upload_host() -> None:
    async def main(api: Server, files: Server) -> None:
        client = AiohttpTransport(private_key=KEY, api_base_url=api.url, upload_base_url=files.url)
        await client.run(upload(b"content"))
        await client.run(READ)
        await client.close()

    with serving(OK) as api, serving(OK) as files:
        quietly(main(api, files))
    assert [seen.target for seen in files.seen] == ["/api/v1/files/upload"]
    assert [seen.target for seen in api.seen] == ["/v1/files?limit=1"]


def test_a_path_below_the_base_url_is_kept() -> None:
    with serving(OK) as server:
        run(server.url + "/prefix/")
    assert server.seen[0].target == "/prefix/v1/files?limit=1"


def test_a_netrc_file_does_not_replace_the_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))

    async def main(url: str) -> None:
        async with aiohttp.ClientSession(trust_env=True) as session:
            await transport(url, session=session).run(READ)

    with serving(OK) as server:
        run(server)
        quietly(main(server.url))
    assert [key_of(seen.headers) for seen in server.seen] == [b"private_fake=:"] * 2


@pytest.mark.parametrize("own_session", [True, False])
def test_no_redirect_carries_the_key_to_another_host(own_session: bool) -> None:
    async def main(url: str) -> None:
        async with aiohttp.ClientSession() as session, using(url, session=None if own_session else session) as client:
            await client.run(READ)

    with serving(OK) as other, serving(answer(302, b"", f"Location: {other.url}/stolen")) as server:
        with pytest.raises(UnknownException, match=r"127\.0\.0\.1") as error:
            quietly(main(server.url))
        assert error.value.response_metadata.http_status_code == 302
        assert other.seen == []


def test_cookies_are_not_kept_between_calls() -> None:
    with serving(answer(200, b"1", "Set-Cookie: a=b")) as server:
        run(server, READ, READ)
    assert "cookie" not in server.seen[1].headers


def test_calls_one_after_another_share_a_connection() -> None:
    with serving(answer(204), OK) as server:
        run(server, Operation(Request("DELETE", "/v1/files/a"), lambda response: response.status), *[READ] * 5)
    assert server.connections == 1


# What comes back


def test_an_answer_has_status_body_and_headers_of_any_letter_case() -> None:
    with serving(answer(201, b"{}", "X-Ik-RequestId: 7")) as server:
        response = run(server, Operation(READ.request, lambda response: response))
    assert (response.status, response.body, response.headers["x-ik-requestid"]) == (201, b"{}", "7")


def test_a_compressed_answer_is_unpacked() -> None:
    body = gzip.compress(b'{"ok": ') + gzip.compress(b"true}")
    with serving(
        answer(200, body, "Content-Encoding: gzip"), answer(200, b"1", "Content-Encoding: identity")
    ) as server:
        assert run(server) == {"ok": True}
        assert run(server) == 1


def test_an_empty_answer_may_claim_to_be_compressed() -> None:
    with serving(answer(204, b"", "Content-Encoding: gzip")) as server:
        assert run(server, Operation(READ.request, lambda response: response.body)) == b""


def test_a_chunked_answer_is_joined() -> None:
    with serving(CHUNKED + b"3\r\n[1,\r\n2\r\n2]\r\n0\r\n\r\n") as server:
        assert run(server, READ, READ) == [1, 2]
    assert server.connections == 1


def test_a_large_answer_arrives_whole() -> None:
    content = json.dumps(["x" * 1000] * 3000).encode()
    with serving(answer(200, content)) as server:
        assert len(run(server)) == 3000


def test_an_html_page_of_a_gateway_is_an_exception_of_its_status() -> None:
    with serving(answer(502, b"<html>Bad gateway</html>")) as server, pytest.raises(InternalServerException) as error:
        run(server, WRITE)
    assert error.value.attempts == 1


@pytest.mark.parametrize("own_session", [True, False])
def test_a_gzip_bomb_is_refused_with_bounded_memory(own_session: bool) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    bomb = b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + block * 1024  # 1 GiB
    assert len(bomb) < 2 << 20

    async def main(url: str) -> None:
        async with aiohttp.ClientSession() as session, using(url, session=None if own_session else session) as client:
            await client.run(READ)

    with serving(answer(200, bomb, "Content-Encoding: gzip")) as server:
        tracemalloc.start()
        try:
            with pytest.raises(UnknownException, match="larger than 64 MiB") as error:
                quietly(main(server.url))
            _, peak_bytes = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak_bytes < 100 << 20
    assert error.value.response_metadata.http_status_code == 200


@pytest.mark.parametrize(
    ("body", "encoding", "reason"),
    [
        (b"not gzip", "gzip", "incorrect header check"),
        (gzip.compress(b"[1]")[:-9], "gzip", "ends in the middle"),
        (b"x", "br", "is 'br', and gzip was asked for"),
    ],
)
def test_an_answer_that_is_not_what_its_encoding_says_is_unknown(body: bytes, encoding: str, reason: str) -> None:
    with (
        serving(answer(200, body, f"Content-Encoding: {encoding}")) as server,
        pytest.raises(UnknownException, match=f"cannot be decoded: .*{reason}") as error,
    ):
        run(server)
    assert error.value.attempts == 1


def test_unpacking_gives_no_more_than_a_bounded_piece_at_a_time() -> None:
    unpacking = Unpacking("GZIP")
    pieces = list(unpacking.pieces(gzip.compress(bytes(5 << 20))))
    unpacking.end()
    assert b"".join(pieces) == bytes(5 << 20)
    assert max(map(len, pieces)) <= UNPACK_BYTES
    with pytest.raises(UnpackingError):
        list(unpacking.pieces(b"rest"))


# What goes wrong on the way


def test_a_refused_connection_is_tried_again_and_then_a_network_exception() -> None:
    with pytest.raises(NetworkException, match=r"Connect call failed.*, after 3 attempts in") as error:
        run(f"http://127.0.0.1:{closed_port()}", WRITE)
    assert isinstance(error.value.__cause__, aiohttp.ClientConnectorError)
    assert "limit" not in str(error.value)
    assert not error.value.request_sent


def test_a_host_that_does_not_exist_is_a_network_exception() -> None:
    with pytest.raises(NetworkException) as error:
        run("http://host.invalid", retry=ONCE)
    assert not error.value.request_sent


def test_a_server_that_says_nothing_is_a_timeout() -> None:
    with (
        serving(Connection.hang) as server,
        pytest.raises(TimeoutException, match=r"no answer within 0\.1 s, after 2 attempts"),
    ):
        run(server, timeout=0.1, retry=Retry(attempts=2, base_seconds=0))
    assert len(server.seen) == 2


def test_a_service_that_does_not_finish_the_tls_handshake_is_a_connect_timeout() -> None:
    import socket

    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        pytest.raises(TimeoutException, match=r"no connection within 0\.1 s") as error,
    ):
        run(f"https://127.0.0.1:{listener.getsockname()[1]}", WRITE, timeout=(0.1, 2.0))
    assert (error.value.attempts, error.value.request_sent) == (3, False)


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
    "reply",
    [
        Connection.reset,
        lambda connection: None,
        lambda connection: connection.send(OK[:-4]),
        lambda connection: connection.send(answer(200, b"{}", "Content-Length: 90")),
        lambda connection: connection.send(CHUNKED + b"9\r\n{"),
        lambda connection: connection.send(CHUNKED + b"zz\r\n"),
        lambda connection: connection.send(b"SSH-2.0-OpenSSH_9.2\r\n"),
        lambda connection: connection.send(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000 + b"\r\n"),
        lambda connection: connection.send(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n"),
    ],
    ids=["reset", "closed", "half", "two lengths", "half chunk", "bad chunk", "no HTTP", "headers", "long header"],
)
def test_an_answer_that_breaks_off_is_a_network_exception(reply: Callable[[Connection], None]) -> None:
    with serving(reply) as server, pytest.raises(NetworkException, match=r"GET http.*/v1/files: .") as error:
        run(server, retry=ONCE)
    assert (error.value.request_sent, error.value.retryable) == (True, True)


def test_a_broken_answer_is_asked_for_again() -> None:
    with serving(Connection.reset, OK) as server:
        assert run(server) == {"ok": True}
    assert len(server.seen) == 2


@pytest.mark.parametrize("operation", [WRITE, RENAME, RESTORE], ids=["POST", "PUT", "PUT without body"])
@pytest.mark.parametrize("own_session", [True, False])
def test_what_must_not_happen_twice_is_not_sent_again_after_a_lost_answer(
    operation: Operation[Any], own_session: bool
) -> None:
    """Also not by aiohttp, which repeats a PUT by itself when a connection that was used before breaks."""

    async def main(url: str) -> None:
        async with aiohttp.ClientSession() as session, using(url, session=None if own_session else session) as client:
            await client.run(READ)
            with pytest.raises(NetworkException) as error:
                await client.run(operation)
            assert (error.value.attempts, error.value.request_sent) == (1, True)

    with serving(OK, Connection.reset, OK) as server:
        quietly(main(server.url))
    assert (len(server.seen), server.connections) == (2, 1)


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
    async def main(url: str) -> None:
        async with using(url, timeout=0.3, retry=ONCE) as client:
            with pytest.raises(TimeoutException):
                await client.run(READ)
            assert await client.run(READ) == {"ok": True}

    with serving(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}", OK) as server:
        quietly(main(server.url))
    assert server.connections == 2


# Every exception


def every_error() -> list[Exception]:
    key = aiohttp.client_reqrep.ConnectionKey("api.example", 443, True, True, None, None, None)
    info = aiohttp.RequestInfo(url=cast("Any", "https://x"), method="GET", headers=cast("Any", {}))
    connector = (key, OSError(5, "text"))
    arguments: dict[str, tuple[Any, ...]] = {
        "ServerFingerprintMismatch": (b"a", b"b", "api.example", 443),
        "UnixClientConnectorError": ("/path", *connector),
        "ClientConnectorCertificateError": (key, OSError("certificate")),
        "BadStatusLine": ("line",),
        "LineTooLong": (b"line",),
        "InvalidHeader": (b"name",),
        "HttpProcessingError": (),
    }
    made: list[Exception] = [
        OSError("text"),
        asyncio.TimeoutError(),
        TimeoutError("text"),
        ConnectionResetError(104, "x"),
    ]
    for module in (aiohttp.client_exceptions, aiohttp.http_exceptions):
        for name, kind in vars(module).items():
            if not inspect.isclass(kind) or not issubclass(kind, Exception) or kind.__module__ != module.__name__:
                continue
            if issubclass(kind, TypeError):  # of web sockets
                continue
            default: tuple[Any, ...] = ("text",)
            if issubclass(kind, aiohttp.ClientResponseError):
                default = (info, ())
            elif issubclass(kind, aiohttp.ClientConnectorError):
                default = connector
            made.append(kind(*arguments.get(name, default)))
    return made


EVERY_ERROR = every_error()


def name_of(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__name__}"


def test_the_list_of_errors_has_those_of_every_kind() -> None:
    names = {name_of(error) for error in EVERY_ERROR}
    assert {
        "aiohttp.client_exceptions.ClientHttpProxyError",
        "aiohttp.client_exceptions.ClientConnectorDNSError",
        "aiohttp.http_exceptions.LineTooLong",
        "builtins.TimeoutError",
    } < names
    assert len(names) > 35


@pytest.mark.parametrize("error", EVERY_ERROR, ids=name_of)
def test_every_exception_of_aiohttp_and_asyncio_becomes_one_of_the_library(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(aiohttp.ClientSession, "_request", fail)
    with pytest.raises(ImageKitException, match=r"/v1/files: .") as caught:
        run("http://api.example", retry=ONCE)
    assert caught.value.__cause__ is error
    assert "limit=1" not in str(caught.value)


# Uploads


def test_an_upload_arrives_whole_with_its_length(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(os.urandom(3_000_000))
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


class SlowFile:
    """A file of which each read takes its time; notes who reads."""

    def __init__(self, size_bytes: int, seconds: float = 0.05) -> None:
        self._content = io.BytesIO(bytes(size_bytes))
        self._seconds = seconds
        self.readers: set[int] = set()
        self.reading = threading.Event()
        self.is_read_now = False
        self.seek, self.tell, self.seekable = self._content.seek, self._content.tell, self._content.seekable

    def read(self, size: int = -1) -> bytes:
        self.readers.add(threading.get_ident())
        self.is_read_now = True
        self.reading.set()
        threading.Event().wait(self._seconds)
        self.is_read_now = False
        return self._content.read(size)


@pytest.mark.parametrize("size", [10, 3 << 20])
def test_the_loop_goes_on_while_a_slow_file_is_read(size: int) -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.005)
            ticks += 1

    async def main(url: str) -> None:
        async with using(url) as client:
            ticking = asyncio.create_task(tick())
            await client.run(upload(cast("BinaryIO", file)))
            ticking.cancel()
            await asyncio.wait([ticking])

    file = SlowFile(size)
    with serving(OK) as server:
        quietly(main(server.url))
    assert threading.get_ident() not in file.readers
    assert ticks > 3


@pytest.mark.parametrize("is_busy", [False, True])
@pytest.mark.parametrize("tls", [False, True])
def test_an_answer_before_the_upload_is_complete_is_raised_as_what_it_is(
    tls: bool, is_busy: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(connection: Connection) -> None:
        connection.body(8 << 20)
        connection.send(answer(401, b'{"message": "no key"}', "Connection: close"))

    async def keep_busy() -> None:
        while True:  # so that the answer comes, and the connection breaks, between two looks of the loop
            time.sleep(0.002)
            await asyncio.sleep(0)

    async def main(url: str) -> None:
        others = [asyncio.create_task(keep_busy())] if is_busy else []
        async with using(url) as client:
            with pytest.raises(UnauthorizedException, match="no key"):
                await client.run(upload(bytes(LARGE_BYTES)))
        for task in others:
            task.cancel()

    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    with serving(refuse, reads_bodies=False, tls=tls) as server:
        quietly(main(server.url))


def test_a_socket_fails_to_send_only_when_all_that_came_is_read() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = (socket.AF_INET, socket.SOCK_STREAM, 0, "", listener.getsockname())
        with ReadingSocket.of_address(address) as client:
            client.connect(listener.getsockname())
            server, _ = listener.accept()
            client.send(b"never read, so that closing resets")
            server.sendall(b"answer")
            server.close()
            with suppress(BlockingIOError):
                client.send(b"more")  # may be taken before the reset is noticed
            with pytest.raises(BlockingIOError):
                client.send(b"more")
            assert client.recv(100) == b"answer"
            with pytest.raises(ConnectionError):
                client.sendmsg([b"more"])


def test_an_answer_of_a_server_that_then_reads_nothing_ends_the_upload() -> None:
    def refuse(connection: Connection) -> None:
        connection.send(answer(401, b'{"message": "no key"}'))
        connection.hang()

    with serving(refuse, reads_bodies=False) as server, pytest.raises(UnauthorizedException, match="no key"):
        run(server, upload(bytes(LARGE_BYTES)))


def test_an_upload_that_nobody_takes_is_a_timeout() -> None:
    with (
        serving(Connection.hang, reads_bodies=False) as server,
        pytest.raises(TimeoutException, match=r"took no more of the upload within 0\.2 s"),
    ):
        run(server, upload(bytes(LARGE_BYTES)), timeout=(2.0, 0.2))


def test_an_upload_may_pause_for_longer_than_connecting_may_take() -> None:
    def pause(connection: Connection) -> None:
        connection.server.stopping.wait(0.5)
        drain(connection)

    with serving(pause, reads_bodies=False) as server:
        assert run(server, upload(bytes(LARGE_BYTES)), timeout=(0.2, 5.0)) == {"ok": True}


def drain(connection: Connection) -> None:
    left_bytes = int(connection.last_headers["content-length"])
    while left_bytes > 0:
        received = connection.body(min(left_bytes, 1 << 20))
        if not received:
            return  # the client has hung up
        left_bytes -= len(received)
    connection.send(OK)


@pytest.mark.parametrize("size", [10, 5 * BLOCK_BYTES])
def test_progress_ends_with_the_size_of_the_body_and_is_told_in_the_loops_thread(size: int, tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(size))
    seen: list[tuple[int, int]] = []
    threads: set[int] = set()

    def on_progress(sent: int, total: int) -> None:
        seen.append((sent, total))
        threads.add(threading.get_ident())

    with serving(answer(503), OK) as server:
        run(server, upload(path, on_progress))
    assert seen == sorted(set(seen))
    assert seen[-1] == (len(server.seen[1].body),) * 2
    assert threads == {threading.get_ident()}


@pytest.mark.parametrize("kind", [KeyError, BrokenPipeError, TimeoutError])
@pytest.mark.parametrize("size", [10, 5 * BLOCK_BYTES])
def test_what_the_callback_raises_comes_out_and_ends_the_connection(kind: type[Exception], size: int) -> None:
    def stop(sent: int, total: int) -> None:
        raise kind("enough")

    async def main(url: str) -> None:
        async with using(url) as client:
            with pytest.raises(kind, match="enough"):
                await client.run(upload(bytes(size), stop))
            assert await client.run(READ) == {"ok": True}

    with serving(OK) as server:
        quietly(main(server.url))
    assert [seen.target for seen in server.seen if seen.method == "GET"] == ["/v1/files?limit=1"]


@pytest.mark.parametrize("size", [20, 200_000])
def test_a_file_that_cannot_be_read_raises_its_own_error(size: int) -> None:
    class Torn(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    with serving(OK) as server, pytest.raises(OSError, match="Input/output error") as error:
        run(server, upload(Torn(bytes(size))))
    assert not isinstance(error.value, ImageKitException)


def test_a_file_that_shrinks_while_it_is_sent_is_an_error_and_no_hang(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(5 << 20))
    with serving(OK) as server, pytest.raises(NetworkException, match="shrank while it was sent") as error:
        run(server, upload(path, lambda *_: path.write_bytes(b"two lengths")))
    assert error.value.attempts == 1


def test_a_missing_file_raises_before_a_connection_is_made(tmp_path: Path) -> None:
    with serving(OK) as server, pytest.raises(FileNotFoundError):
        run(server, upload(tmp_path / "missing"))
    assert server.connections == 0


def test_memory_does_not_grow_with_the_upload(tmp_path: Path) -> None:
    path = tmp_path / "large.bin"
    with path.open("wb") as file:
        file.truncate(64 << 20)
    with serving(drain, reads_bodies=False) as server:
        run(server, upload(b"loads what a first call loads"))
        tracemalloc.start()
        try:
            run(server, upload(path))
            _, peak_bytes = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    # The server's own buffer is in it, and how much of the body lies between the two.
    assert peak_bytes < 20 << 20


# Cancellation


async def cancelled(task: asyncio.Task[Any]) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.005)


def test_a_call_that_is_cancelled_closes_its_connection_and_leaves_the_client_usable() -> None:
    gone = threading.Event()

    def hang(connection: Connection) -> None:
        connection.body(1)  # returns when the client closes
        gone.set()

    async def main(server: Server) -> None:
        async with using(server.url) as client:
            call = asyncio.create_task(client.run(READ))
            await until(lambda: server.seen)
            await cancelled(call)
            await until(gone.is_set)
            assert await client.run(READ) == {"ok": True}

    with serving(hang, OK) as server:
        quietly(main(server))
    assert server.connections == 2


def test_a_call_that_is_cancelled_while_it_waits_for_the_next_attempt_sends_no_more() -> None:
    async def main(server: Server) -> None:
        async with using(server.url) as client:
            call = asyncio.create_task(client.run(READ))
            await until(lambda: server.seen)
            await asyncio.sleep(0.02)
            await cancelled(call)

    with serving(answer(503, b"{}", "Retry-After: 30")) as server:
        quietly(main(server))
    assert len(server.seen) == 1


def test_a_call_that_is_cancelled_while_it_reads_the_answer_closes_its_connection() -> None:
    async def main(server: Server) -> None:
        async with using(server.url) as client:
            call = asyncio.create_task(client.run(READ))
            await until(lambda: server.seen)
            await asyncio.sleep(0.05)
            await cancelled(call)
            assert await client.run(READ) == {"ok": True}

    with serving(OK[:-4], OK) as server:
        quietly(main(server))
    assert server.connections == 2


@pytest.mark.parametrize("size", [10, 30 << 20])
def test_an_upload_that_is_cancelled_ends_when_its_file_is_not_read_any_more(size: int) -> None:
    file = SlowFile(size, seconds=0.1)

    async def main(server: Server) -> None:
        async with using(server.url) as client:
            call = asyncio.create_task(client.run(upload(cast("BinaryIO", file))))
            await until(file.reading.is_set)
            assert file.is_read_now
            call.cancel()
            await asyncio.sleep(0)
            await cancelled(call)  # twice changes nothing
            assert not file.is_read_now

    with serving(drain, reads_bodies=False) as server:
        quietly(main(server))


@pytest.mark.parametrize("delay_seconds", [0.0, 0.001, 0.003, 0.01, 0.03])
def test_an_upload_of_a_path_can_be_cancelled_at_any_moment(delay_seconds: float, tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    with path.open("wb") as file:
        file.truncate(LARGE_BYTES)
    before = held()

    async def main(server: Server) -> None:
        async with using(server.url) as client:
            calls = [asyncio.create_task(client.run(upload(path))) for _ in range(4)]
            await asyncio.sleep(delay_seconds)
            for call in calls:
                call.cancel()
            results = await asyncio.gather(*calls, return_exceptions=True)
            assert all(isinstance(result, asyncio.CancelledError) for result in results)
            assert str(path) not in open_files()

    with serving(Connection.hang, reads_bodies=False) as server:
        quietly(main(server))
    assert held() - before == {}


def open_files() -> list[str]:
    found = []
    for number in os.listdir("/proc/self/fd"):
        with suppress(OSError):  # closed meanwhile
            found.append(os.readlink(f"/proc/self/fd/{number}"))
    return found


def test_a_timeout_of_the_caller_ends_a_call() -> None:
    async def main(url: str) -> None:
        async with using(url) as client:
            await asyncio.wait_for(client.run(READ), 0.1)

    with serving(Connection.hang) as server, pytest.raises(asyncio.TimeoutError):
        quietly(main(server.url))


def test_calls_wait_their_turn_before_they_open_files(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(200_000))
    count = CONCURRENT_CALLS * 2
    most = 0

    async def main(server: Server) -> None:
        nonlocal most
        async with using(server.url) as client:
            calls = [asyncio.create_task(client.run(upload(path))) for _ in range(count)]
            while not all(call.done() for call in calls):
                most = max(most, open_files().count(str(path)))
                await asyncio.sleep(0.002)
            assert [call.result() for call in calls] == [{"ok": True}] * count

    with serving(OK) as server:
        quietly(main(server))
    assert 0 < most <= CONCURRENT_CALLS
    assert server.connections <= CONCURRENT_CALLS


def test_a_call_that_is_cancelled_while_it_waits_for_its_turn_gives_the_turn_away() -> None:
    async def main(server: Server) -> None:
        async with using(server.url) as client:
            calls = [asyncio.create_task(client.run(READ)) for _ in range(CONCURRENT_CALLS + 5)]
            await until(lambda: len(server.seen) == CONCURRENT_CALLS)
            for call in calls:
                call.cancel()
            await asyncio.gather(*calls, return_exceptions=True)
            server.replies[:] = [OK]
            assert await client.run(READ) == {"ok": True}

    with serving(Connection.hang) as server:
        quietly(main(server))


# Sessions


def test_many_tasks_share_a_transport() -> None:
    async def main(url: str) -> list[Any]:
        async with using(url) as client:
            return await asyncio.gather(*[client.run(READ) for _ in range(160)])

    with serving(OK) as server:
        assert quietly(main(server.url)) == [{"ok": True}] * 160
    assert (len(server.seen), server.connections <= CONCURRENT_CALLS) == (160, True)


def test_a_closed_transport_connects_again() -> None:
    async def main(url: str) -> None:
        client = transport(url)
        await client.close()
        for _ in range(2):
            assert await client.run(READ) == {"ok": True}
            await client.close()
            await client.close()

    with serving(OK) as server:
        quietly(main(server.url))
    assert server.connections == 2


def test_closing_waits_for_the_calls_under_way() -> None:
    def slow(connection: Connection) -> None:
        connection.server.stopping.wait(0.2)
        connection.send(OK)

    async def main(server: Server) -> None:
        client = transport(server.url)
        calls = [asyncio.create_task(client.run(READ)) for _ in range(3)]
        await until(lambda: len(server.seen) == 3)
        await client.close()
        assert all(call.done() and call.result() == {"ok": True} for call in calls)

    with serving(slow) as server:
        quietly(main(server))


@pytest.mark.parametrize("cancel", [True, False])
def test_closing_at_once_ends_the_calls_under_way_with_a_network_exception(cancel: bool) -> None:
    async def main(server: Server) -> None:
        client = transport(server.url, retry=Retry(attempts=5, base_seconds=0))
        call = asyncio.create_task(client.run(READ))
        await until(lambda: server.seen)
        if cancel:
            closing = asyncio.create_task(client.close())
            await asyncio.sleep(0.02)
            await cancelled(closing)
        else:
            await client.close(at_once=True)
        with pytest.raises(NetworkException, match="the client was closed"):
            await call

    with serving(Connection.hang) as server:
        quietly(main(server))
    assert len(server.seen) == 1


def test_a_copy_with_other_options_shares_the_connections() -> None:
    async def main(url: str) -> None:
        async with using(url) as client:
            await client.run(READ)
            hasty = client.with_options(timeout=0.1, retry=ONCE, private_key="private_other")
            with pytest.raises(TimeoutException, match=r"within 0\.1 s"):
                await hasty.run(READ)

    with serving(OK, Connection.hang) as server:
        quietly(main(server.url))
    assert server.connections == 1
    assert [key_of(seen.headers) for seen in server.seen] == [b"private_fake=:", b"private_other:"]


def test_a_pickled_transport_works_on_with_connections_of_its_own() -> None:
    async def main(url: str) -> None:
        async with using(url) as client:
            await client.run(READ)
            again = pickle.loads(pickle.dumps(client))
            assert await again.run(READ) == {"ok": True}
            await again.close()

    with serving(OK) as server:
        quietly(main(server.url))
    assert server.connections == 2


def test_a_session_of_the_caller_cannot_be_pickled() -> None:
    async def main() -> None:
        async with aiohttp.ClientSession() as session:
            with pytest.raises(TypeError, match="session of the caller cannot be pickled"):
                pickle.dumps(transport("https://api.example", session=session))

    quietly(main())


LOOPS = """
import asyncio, gc, os, sys
from imagekitio.operations.core import Operation, Request
from imagekitio.transports.aiohttp import AiohttpTransport

client = AiohttpTransport(private_key="private_fake", api_base_url=sys.argv[1], upload_base_url=sys.argv[1])
ask = Operation(Request("GET", "/v1/files"), lambda response: response.body)
async def main(close=False):
    assert await client.run(ask) == b'{"ok": true}'
    assert await client.run(ask) == b'{"ok": true}'
    if close:
        await client.close()
asyncio.run(main())
gc.collect()
asyncio.run(main(close=True))
gc.collect()
"""


def test_a_transport_works_in_one_loop_after_another_and_nobody_complains() -> None:
    with serving(OK) as server:
        done = subprocess.run([sys.executable, "-c", LOOPS, server.url], capture_output=True, text=True, timeout=20)
    assert (done.returncode, done.stderr) == (0, "")
    assert (len(server.seen), server.connections) == (4, 2)


def test_two_loops_in_two_threads_can_share_a_transport() -> None:
    both = threading.Barrier(2)

    async def main() -> None:
        await client.run(READ)
        both.wait(PATIENCE_SECONDS)
        assert await client.run(READ) == {"ok": True}
        await client.close()

    with serving(OK) as server:
        client = transport(server.url)
        threads = [threading.Thread(target=lambda: asyncio.run(main())) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
    assert (len(server.seen), server.connections) == (4, 2)


FORKS = """
import asyncio, os, sys
from imagekitio.operations.core import Operation, Request
from imagekitio.transports.aiohttp import AiohttpTransport

client = AiohttpTransport(private_key="private_fake", api_base_url=sys.argv[1], upload_base_url=sys.argv[1])
ask = Operation(Request("GET", "/v1/files"), lambda response: response.body)
async def several():
    for _ in range(5):
        assert await client.run(ask) == b'{"ok": true}'
async def child():
    await several()
    await client.close()
async def main():
    await client.run(ask)
    pid = os.fork()
    if pid == 0:
        asyncio.events._set_running_loop(None)
        asyncio.run(child())
        os._exit(0)
    await several()
    assert os.waitpid(pid, 0)[1] == 0
    await several()
    await client.close()
asyncio.run(main())
"""


def test_a_forked_child_makes_connections_of_its_own() -> None:
    with serving(OK) as server:
        command = [sys.executable, "-W", "error", "-W", "ignore:This process:DeprecationWarning", "-c", FORKS]
        done = subprocess.run([*command, server.url], capture_output=True, text=True, timeout=20)
    assert (done.returncode, done.stderr) == (0, "")
    assert (len(server.seen), server.connections) == (16, 2)


def test_a_session_of_the_caller_is_used_with_its_headers_and_middlewares_and_stays_open() -> None:
    statuses: list[int] = []

    async def note(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        response = await handler(request)
        statuses.append(response.status)
        return response

    async def main(url: str) -> None:
        headers = {"X-Shop": "7", "Authorization": "Bearer other", "Accept-Encoding": "br"}
        async with aiohttp.ClientSession(headers=headers, middlewares=(note,), raise_for_status=True) as session:
            async with using(url, session=session) as client:
                assert await client.run(READ) == {"ok": True}
                with pytest.raises(BadRequestException, match="bad path"):
                    await client.run(READ)
            async with session.get(url) as response:
                assert response.status == 200

    with serving(OK, answer(400, b'{"message": "bad path"}'), OK) as server:
        quietly(main(server.url))
    assert server.seen[0].headers["x-shop"] == "7"
    assert key_of(server.seen[0].headers) == b"private_fake=:"
    assert statuses == [200, 400, 200]
    assert server.connections == 1


def test_the_limit_of_the_callers_connector_decides_how_many_calls_are_under_way() -> None:
    async def main(server: Server) -> None:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=3)) as session:
            client = transport(server.url, session=session)
            await asyncio.gather(*[client.run(READ) for _ in range(20)])

    with serving(OK) as server:
        quietly(main(server))
    assert server.connections <= 3


def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(OK) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url.replace("http://", "http://user:word@"))
        monkeypatch.setenv("no_proxy", "")
        assert run("http://api.example", READ, READ) == {"ok": True}
    assert [seen.target for seen in proxy.seen] == ["http://api.example/v1/files?limit=1"] * 2
    assert base64.b64decode(proxy.seen[0].headers["proxy-authorization"].removeprefix("Basic ")) == b"user:word"
    assert key_of(proxy.seen[0].headers) == b"private_fake=:"
    assert proxy.connections == 1


def test_hosts_that_the_environment_excepts_are_reached_without_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port()}")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with serving(OK) as server:
        assert run(server) == {"ok": True}


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_down_means_that_nothing_was_sent(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{scheme}_proxy", f"user:word@127.0.0.1:{closed_port()}")
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(NetworkException) as error:
        run(f"{scheme}://api.example", WRITE)
    assert (error.value.request_sent, error.value.attempts) == (False, 3)
    assert "word" not in str(error.value)


def test_a_proxy_that_refuses_to_connect_means_that_nothing_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answer(403, b"no")) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "")
        with pytest.raises(NetworkException, match="403") as error:
            run("https://api.example", WRITE)
    assert not error.value.request_sent
    assert {seen.method for seen in proxy.seen} == {"CONNECT"}
    assert "authorization" not in proxy.seen[0].headers


def test_a_proxy_of_a_kind_that_aiohttp_cannot_use_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "socks5://user:word@127.0.0.1:1080")
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(NetworkException, match="socks5") as error:
        run("http://api.example")
    assert (error.value.attempts, error.value.request_sent) == (1, False)
    assert "word" not in str(error.value)


def test_a_ca_bundle_of_the_environment_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/bundle.pem")
    with pytest.raises(NetworkException, match=r"/no/bundle\.pem") as error:
        run("https://127.0.0.1:9")
    assert error.value.attempts == 1


def test_a_ca_bundle_of_the_environment_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    with serving(OK, tls=True) as server:
        assert run(server, READ, READ, upload(bytes(1 << 20))) == {"ok": True}
    assert server.connections == 1


def test_a_folder_of_ca_certificates_is_trusted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))
    with serving(OK, tls=True) as server, pytest.raises(NetworkException, match="certificate"):
        run(server)  # the folder is empty


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
    assert [record.name for record in caplog.records if record.name != "asyncio"] == ["imagekitio"] * 2
    assert "hidden" not in caplog.text
    assert "POST /v1/x: 503 in" in caplog.text


def test_a_transport_shows_no_key() -> None:
    assert KEY not in repr(transport("https://api.example"))


def test_a_base_url_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="api_base_url must start with https://"):
        transport("api.imagekit.io")
