from __future__ import annotations

import asyncio
import gc
import inspect
import io
import os
import pickle
import ssl
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import aiohttp
import aiohttp.http_exceptions
import pytest

from imagekitio.exceptions import (
    BadRequestException,
    ImageKitException,
    NetworkException,
    UnauthorizedException,
)
from imagekitio.policies import Retry
from imagekitio.transports.aiohttp.sessions import CONCURRENT_CALLS

from ..leftovers import count_resources
from .calls import IN_A_LOOP, LARGE_BYTES, OK, ONCE, READ, WRITE, drain, key_of, run_quietly, upload
from .faults import CERTIFICATE, PATIENCE_SECONDS, Connection, Server, answer, find_closed_port, run_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from imagekitio.transports.aiohttp.transport import AiohttpTransport

run, transport = IN_A_LOOP.run, IN_A_LOOP.transport


@asynccontextmanager
async def open_transport(url: str, **options: Any) -> AsyncIterator[AiohttpTransport]:
    client = transport(url, **options)
    try:
        yield client
    finally:
        await client.close()


# What is sent


def test_only_encodings_that_can_always_be_decoded_are_accepted() -> None:
    with run_server(OK) as server:
        run(server)
    assert server.seen[0].headers["accept-encoding"] == "gzip, deflate"


# What goes wrong on the way


# Every exception


def list_errors() -> list[Exception]:
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


EVERY_ERROR = list_errors()


def name_of(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__name__}"


def test_the_list_of_errors_covers_every_kind() -> None:
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


class SlowFile:
    """A file whose reads are slow; records the threads that read it."""

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
def test_the_loop_keeps_running_while_a_slow_file_is_read(size: int) -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.005)
            ticks += 1

    async def main(url: str) -> None:
        async with open_transport(url) as client:
            ticking = asyncio.create_task(tick())
            await client.run(upload(cast("BinaryIO", file)))
            ticking.cancel()
            await asyncio.wait([ticking])

    file = SlowFile(size)
    with run_server(OK) as server:
        run_quietly(main(server.url))
    assert threading.get_ident() not in file.readers
    assert ticks > 3


def test_an_answer_ends_the_upload_even_if_the_server_stops_reading() -> None:
    def refuse(connection: Connection) -> None:
        connection.send(answer(401, b'{"message": "no key"}'))
        connection.hang()

    with run_server(refuse, reads_bodies=False) as server, pytest.raises(UnauthorizedException, match="no key"):
        run(server, upload(bytes(LARGE_BYTES)))


# Cancellation


async def cancel_and_wait(task: asyncio.Task[Any]) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.005)


def test_a_cancelled_call_closes_its_connection_and_leaves_the_client_usable() -> None:
    gone = threading.Event()

    def hang(connection: Connection) -> None:
        connection.body(1)  # returns when the client closes
        gone.set()

    async def main(server: Server) -> None:
        async with open_transport(server.url) as client:
            call = asyncio.create_task(client.run(READ))
            await wait_until(lambda: server.seen)
            await cancel_and_wait(call)
            await wait_until(gone.is_set)
            assert await client.run(READ) == {"ok": True}

    with run_server(hang, OK) as server:
        run_quietly(main(server))
    assert server.connections == 2


def test_a_call_cancelled_while_it_waits_for_the_next_attempt_sends_no_more() -> None:
    async def main(server: Server) -> None:
        async with open_transport(server.url) as client:
            call = asyncio.create_task(client.run(READ))
            await wait_until(lambda: server.seen)
            await asyncio.sleep(0.02)
            await cancel_and_wait(call)

    with run_server(answer(503, b"{}", "Retry-After: 30")) as server:
        run_quietly(main(server))
    assert len(server.seen) == 1


def test_a_call_cancelled_while_it_reads_the_answer_closes_its_connection() -> None:
    async def main(server: Server) -> None:
        async with open_transport(server.url) as client:
            call = asyncio.create_task(client.run(READ))
            await wait_until(lambda: server.seen)
            await asyncio.sleep(0.05)
            await cancel_and_wait(call)
            assert await client.run(READ) == {"ok": True}

    with run_server(OK[:-4], OK) as server:
        run_quietly(main(server))
    assert server.connections == 2


@pytest.mark.parametrize("size", [10, 30 << 20])
def test_a_cancelled_upload_ends_when_its_file_is_no_longer_read(size: int) -> None:
    file = SlowFile(size, seconds=0.1)

    async def main(server: Server) -> None:
        async with open_transport(server.url) as client:
            call = asyncio.create_task(client.run(upload(cast("BinaryIO", file))))
            await wait_until(file.reading.is_set)
            assert file.is_read_now
            call.cancel()
            await asyncio.sleep(0)
            await cancel_and_wait(call)  # a second time makes no difference
            assert not file.is_read_now

    with run_server(drain, reads_bodies=False) as server:
        run_quietly(main(server))


@pytest.mark.parametrize("delay_seconds", [0.0, 0.001, 0.003, 0.01, 0.03])
def test_an_upload_of_a_path_can_be_cancelled_at_any_time(delay_seconds: float, tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    with path.open("wb") as file:
        file.truncate(LARGE_BYTES)
    before = count_resources()

    async def main(server: Server) -> None:
        async with open_transport(server.url) as client:
            calls = [asyncio.create_task(client.run(upload(path))) for _ in range(4)]
            await asyncio.sleep(delay_seconds)
            for call in calls:
                call.cancel()
            results = await asyncio.gather(*calls, return_exceptions=True)
            assert all(isinstance(result, asyncio.CancelledError) for result in results)
            assert str(path) not in open_files()

    with run_server(Connection.hang, reads_bodies=False) as server:
        run_quietly(main(server))
    assert count_resources() - before == {}


def open_files() -> list[str]:
    found = []
    for number in os.listdir("/proc/self/fd"):
        with suppress(OSError):  # closed meanwhile
            found.append(os.readlink(f"/proc/self/fd/{number}"))
    return found


def test_the_callers_timeout_ends_a_call() -> None:
    async def main(url: str) -> None:
        async with open_transport(url) as client:
            await asyncio.wait_for(client.run(READ), 0.1)

    with run_server(Connection.hang) as server, pytest.raises(asyncio.TimeoutError):
        run_quietly(main(server.url))


def test_calls_open_files_only_when_it_is_their_turn(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(200_000))
    count = CONCURRENT_CALLS * 2
    most = 0

    async def main(server: Server) -> None:
        nonlocal most
        async with open_transport(server.url) as client:
            calls = [asyncio.create_task(client.run(upload(path))) for _ in range(count)]
            while not all(call.done() for call in calls):
                most = max(most, open_files().count(str(path)))
                await asyncio.sleep(0.002)
            assert [call.result() for call in calls] == [{"ok": True}] * count

    with run_server(OK) as server:
        run_quietly(main(server))
    assert 0 < most <= CONCURRENT_CALLS
    assert server.connections <= CONCURRENT_CALLS


def test_a_call_cancelled_while_it_waits_for_its_turn_gives_up_the_turn() -> None:
    async def main(server: Server) -> None:
        async with open_transport(server.url) as client:
            calls = [asyncio.create_task(client.run(READ)) for _ in range(CONCURRENT_CALLS + 5)]
            await wait_until(lambda: len(server.seen) == CONCURRENT_CALLS)
            for call in calls:
                call.cancel()
            await asyncio.gather(*calls, return_exceptions=True)
            server.replies[:] = [OK]
            assert await client.run(READ) == {"ok": True}

    with run_server(Connection.hang) as server:
        run_quietly(main(server))


# Sessions


def test_many_tasks_share_a_transport() -> None:
    async def main(url: str) -> list[Any]:
        async with open_transport(url) as client:
            return await asyncio.gather(*[client.run(READ) for _ in range(160)])

    with run_server(OK) as server:
        assert run_quietly(main(server.url)) == [{"ok": True}] * 160
    assert (len(server.seen), server.connections <= CONCURRENT_CALLS) == (160, True)


def test_closing_waits_for_the_calls_under_way() -> None:
    def slow(connection: Connection) -> None:
        connection.server.stopping.wait(0.2)
        connection.send(OK)

    async def main(server: Server) -> None:
        client = transport(server.url)
        calls = [asyncio.create_task(client.run(READ)) for _ in range(3)]
        await wait_until(lambda: len(server.seen) == 3)
        await client.close()
        assert all(call.done() and call.result() == {"ok": True} for call in calls)

    with run_server(slow) as server:
        run_quietly(main(server))


@pytest.mark.parametrize("cancel", [True, False])
def test_immediate_closing_ends_the_calls_under_way_with_a_network_exception(cancel: bool) -> None:
    async def main(server: Server) -> None:
        client = transport(server.url, retry=Retry(attempts=5, base_seconds=0))
        call = asyncio.create_task(client.run(READ))
        await wait_until(lambda: server.seen)
        if cancel:
            closing = asyncio.create_task(client.close())
            await asyncio.sleep(0.02)
            await cancel_and_wait(closing)
        else:
            await client.close(at_once=True)
        with pytest.raises(NetworkException, match="the client was closed"):
            await call

    with run_server(Connection.hang) as server:
        run_quietly(main(server))
    assert len(server.seen) == 1


def test_the_callers_session_cannot_be_pickled() -> None:
    async def main() -> None:
        async with aiohttp.ClientSession() as session:
            with pytest.raises(TypeError, match="a client with your own session cannot be pickled"):
                pickle.dumps(transport("https://api.example", session=session))

    run_quietly(main())


LOOPS = """
import asyncio, gc, os, sys
from imagekitio.flow.imagekit import ImageKitService
from imagekitio.operations.core import Operation, Request
from imagekitio.settings import Settings
from imagekitio.transports.aiohttp.transport import AiohttpTransport

client = AiohttpTransport(ImageKitService("private_fake", sys.argv[1], sys.argv[1]), Settings())
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


def test_a_transport_works_in_one_loop_after_another_without_warnings() -> None:
    with run_server(OK) as server:
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

    with run_server(OK) as server:
        client = transport(server.url)
        threads = [threading.Thread(target=lambda: asyncio.run(main())) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
    assert (len(server.seen), server.connections) == (4, 2)


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # for sockets whose loop has ended without closing the client
@pytest.mark.slow
def test_twenty_threads_with_their_own_loops_share_a_transport_and_leave_nothing_behind() -> None:
    """Like the asynchronous views of a WSGI server, which start a loop for each request."""

    async def main() -> None:
        assert await client.run(READ) == {"ok": True}

    def work(_: int) -> None:
        for _ in range(25):
            asyncio.run(main())

    async def last() -> None:
        await main()
        await client.close()

    with run_server(OK) as server:
        client = transport(server.url)
        asyncio.run(last())
        gc.collect()
        before = count_resources()
        with ThreadPoolExecutor(20) as pool:
            list(pool.map(work, range(20)))
        asyncio.run(last())
        gc.collect()
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        # The server closes its side when it notices.
        while count_resources() - before and time.monotonic() < give_up_at:
            time.sleep(0.01)
        assert not count_resources() - before
    assert len(server.seen) == 502


def test_the_tls_context_is_created_once_for_all_hosts_and_loops_and_outside_the_loops(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made_in: list[int] = []
    make = ssl.create_default_context

    def watched(**options: Any) -> ssl.SSLContext:
        made_in.append(threading.get_ident())
        return make(**options)

    async def main() -> None:
        assert await asyncio.gather(*[client.run(READ) for _ in range(5)]) == [{"ok": True}] * 5
        await client.run(upload(b"content"))
        await client.close()

    monkeypatch.setattr(ssl, "create_default_context", watched)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    with run_server(OK, tls=True) as api, run_server(OK, tls=True) as files:
        client = transport(api.url, upload_base_url=files.url)
        run_quietly(main())
        run_quietly(main())
    assert len(made_in) == 1
    assert threading.get_ident() not in made_in


FORKS = """
import asyncio, os, sys
from imagekitio.flow.imagekit import ImageKitService
from imagekitio.operations.core import Operation, Request
from imagekitio.settings import Settings
from imagekitio.transports.aiohttp.transport import AiohttpTransport

client = AiohttpTransport(ImageKitService("private_fake", sys.argv[1], sys.argv[1]), Settings())
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


def test_a_forked_child_makes_its_own_connections() -> None:
    with run_server(OK) as server:
        command = [sys.executable, "-W", "error", "-W", "ignore:This process:DeprecationWarning", "-c", FORKS]
        done = subprocess.run([*command, server.url], capture_output=True, text=True, timeout=20)
    assert (done.returncode, done.stderr) == (0, "")
    assert (len(server.seen), server.connections) == (16, 2)


def test_the_callers_session_is_used_with_its_headers_and_middlewares_and_stays_open() -> None:
    statuses: list[int] = []

    async def note(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        response = await handler(request)
        statuses.append(response.status)
        return response

    async def main(url: str) -> None:
        headers = {"X-Shop": "7", "Authorization": "Bearer other", "Accept-Encoding": "br"}
        async with aiohttp.ClientSession(headers=headers, middlewares=(note,), raise_for_status=True) as session:
            async with open_transport(url, session=session) as client:
                assert await client.run(READ) == {"ok": True}
                with pytest.raises(BadRequestException, match="bad path"):
                    await client.run(READ)
            async with session.get(url) as response:
                assert response.status == 200

    with run_server(OK, answer(400, b'{"message": "bad path"}'), OK) as server:
        run_quietly(main(server.url))
    assert server.seen[0].headers["x-shop"] == "7"
    assert key_of(server.seen[0].headers) == b"private_fake=:"
    assert statuses == [200, 400, 200]
    assert server.connections == 1


def test_the_limit_of_the_callers_connector_sets_the_number_of_concurrent_calls() -> None:
    async def main(server: Server) -> None:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=3)) as session:
            client = transport(server.url, session=session)
            await asyncio.gather(*[client.run(READ) for _ in range(20)])

    with run_server(OK) as server:
        run_quietly(main(server))
    assert server.connections <= 3


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_without_a_scheme_that_is_down_means_that_nothing_was_sent(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{scheme}_proxy", f"user:word@127.0.0.1:{find_closed_port()}")
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(NetworkException) as error:
        run(f"{scheme}://api.example", WRITE)
    assert (error.value.request_sent, error.value.attempts) == (False, 3)
    assert "word" not in str(error.value)


def test_a_proxy_that_refuses_to_connect_means_that_nothing_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    with run_server(answer(403, b"no")) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "")
        with pytest.raises(NetworkException, match="403") as error:
            run("https://api.example", WRITE)
    assert not error.value.request_sent
    assert {seen.method for seen in proxy.seen} == {"CONNECT"}
    assert "authorization" not in proxy.seen[0].headers


def test_a_proxy_that_aiohttp_cannot_use_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "socks5://user:word@127.0.0.1:1080")
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(NetworkException, match="socks5") as error:
        run("http://api.example")
    assert (error.value.attempts, error.value.request_sent) == (1, False)
    assert "word" not in str(error.value)


def test_a_folder_of_ca_certificates_is_trusted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))
    with run_server(OK, tls=True) as server, pytest.raises(NetworkException, match="certificate"):
        run(server)  # the folder is empty
