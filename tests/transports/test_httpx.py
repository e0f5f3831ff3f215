"""Requests through a client of httpx; `test_both` tests what the other transports have in common."""

from __future__ import annotations

import io
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from imagekitio.exceptions import (
    NetworkException,
    NotFoundException,
    TimeoutException,
    UnauthorizedException,
    UnknownException,
)
from imagekitio.flow.imagekit import ImageKitService
from imagekitio.flow.resuming import Progress, read_delivery
from imagekitio.operations.core import Operation, Request
from imagekitio.policies import Timeout
from imagekitio.settings import Settings
from imagekitio.transports.failures import translate_error
from imagekitio.transports.httpx.failures import ERRORS, KINDS
from imagekitio.transports.httpx.transports import AsyncHttpxTransport, HttpxTransport
from imagekitio.transports.multipart import BLOCK_BYTES

from .calls import (
    KEY,
    LARGE_BYTES,
    OK,
    ONCE,
    READ,
    WRITE,
    Client,
    Driver,
    drain,
    key_of,
    make_service,
    make_settings,
    open_quiet_loop,
    upload,
    url_of,
)
from .faults import Connection, answer, find_closed_port, run_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .faults import Server


class Httpx(Driver):
    """The driver for the caller's client of httpx."""

    library = "httpx"

    def transport(
        self, url: str, private_key: str = KEY, upload_base_url: str | None = None, **options: Any
    ) -> HttpxTransport:
        return HttpxTransport(make_service(private_key, url, upload_base_url), make_settings(options))

    @contextmanager
    def open_client(self, server: Server | str, *, own_session: bool = True, **options: Any) -> Iterator[Client]:
        with httpx.Client() as given, self.transport(url_of(server), session=given, **options) as transport:
            yield Client(transport, lambda result: result)


class AsyncHttpx(Driver):
    """The driver for an asynchronous client of httpx, in its own event loop."""

    library = "httpx in a loop"

    def transport(
        self, url: str, private_key: str = KEY, upload_base_url: str | None = None, **options: Any
    ) -> AsyncHttpxTransport:
        return AsyncHttpxTransport(make_service(private_key, url, upload_base_url), make_settings(options))

    @contextmanager
    def open_client(self, server: Server | str, *, own_session: bool = True, **options: Any) -> Iterator[Client]:
        with open_quiet_loop() as wait:
            given = httpx.AsyncClient()
            try:
                yield Client(self.transport(url_of(server), session=given, **options), wait)
            finally:
                wait(given.aclose())


@pytest.fixture(params=[Httpx(), AsyncHttpx()], ids=["sync", "async"])
def driver(request: pytest.FixtureRequest) -> Driver:
    made: Driver = request.param
    return made


def test_a_request_has_the_key_and_the_headers_of_the_httpx_client(driver: Driver) -> None:
    with run_server(OK) as server:
        assert driver.run(server, WRITE) == {"ok": True}
    (seen,) = server.seen
    assert (seen.method, seen.target, seen.body) == ("POST", "/v1/files/copy", b'{"a": 1}')
    assert key_of(seen.headers) == f"{KEY}:".encode()
    assert seen.headers["user-agent"].startswith("python-httpx/")
    assert seen.headers["content-type"] == "application/json"


def test_a_path_segment_of_two_dots_stays_one_segment(driver: Driver) -> None:
    with run_server(OK) as server:
        driver.run(server, Operation(Request("GET", "/v1/files/%2E%2E/a%2Fb%3F/details?x=%27%2B"), READ.parse))
    assert server.seen[0].target == "/v1/files/%2E%2E/a%2Fb%3F/details?x=%27%2B"


def test_a_redirect_is_not_followed_even_if_the_client_would(driver: Driver) -> None:
    with (
        run_server(answer(302, b"", "Location: https://elsewhere.example/")) as server,
        pytest.raises(UnknownException, match="redirects are not followed"),
    ):
        driver.run(server)
    assert len(server.seen) == 1


def test_a_failure_is_retried_and_a_refusal_is_not(driver: Driver) -> None:
    with (
        run_server(answer(503), answer(404, b'{"message": "gone"}')) as server,
        pytest.raises(NotFoundException) as error,
    ):
        driver.run(server)
    assert error.value.attempts == 2


def test_a_refused_connection_is_a_network_exception_and_nothing_was_sent(driver: Driver) -> None:
    with pytest.raises(NetworkException, match=r"GET http://127\.0\.0\.1:\d+/v1/files: .*after 3 attempts") as error:
        driver.run(f"http://127.0.0.1:{find_closed_port()}")
    assert not error.value.request_sent
    assert isinstance(error.value.__cause__, httpx.ConnectError)


def test_no_answer_in_time_is_a_timeout(driver: Driver) -> None:
    with run_server(Connection.hang) as server, pytest.raises(TimeoutException, match=r"no response within 0\.2 s"):
        driver.run(server, timeout=0.2, retry=ONCE)


def test_an_untrusted_certificate_is_refused_at_the_first_attempt(driver: Driver) -> None:
    with (
        run_server(OK, tls=True) as server,
        pytest.raises(NetworkException, match="CERTIFICATE_VERIFY_FAILED") as error,
    ):
        driver.run(server)
    assert error.value.attempts == 1


def test_an_upload_that_the_server_does_not_read_is_a_timeout(driver: Driver) -> None:
    with (
        run_server(Connection.hang, reads_bodies=False) as server,
        pytest.raises(TimeoutException, match=r"accepted no more of the upload within 0\.2 s, after 1 attempt"),
    ):
        driver.run(server, upload(bytes(LARGE_BYTES)), timeout=(0.1, 0.2))


def test_an_answer_before_the_upload_is_complete_raises_its_own_exception(driver: Driver) -> None:
    def refuse(connection: Connection) -> None:
        connection.send(answer(401, b'{"message": "no key"}', "Connection: close"))
        while connection.body(1 << 20):
            pass

    with run_server(refuse, reads_bodies=False) as server, pytest.raises(UnauthorizedException, match="no key"):
        driver.run(server, upload(bytes(LARGE_BYTES)))


@pytest.mark.parametrize("size", [10, 5 * BLOCK_BYTES])
def test_progress_ends_with_the_size_of_the_body_and_is_reported_in_the_callers_thread(
    driver: Driver, size: int, tmp_path: Path
) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(size))
    seen: list[tuple[int, int]] = []
    threads: set[int] = set()

    def on_progress(sent: int, total: int) -> None:
        seen.append((sent, total))
        threads.add(threading.get_ident())

    with run_server(answer(503), OK) as server:
        driver.run(server, upload(path, on_progress))
    assert seen == sorted(set(seen))
    assert seen[-1] == (len(server.seen[1].body),) * 2
    assert server.seen[1].headers["content-length"] == str(len(server.seen[1].body))
    assert threads == {threading.get_ident()}


@pytest.mark.parametrize("size", [10, 5 * BLOCK_BYTES])
@pytest.mark.parametrize("kind", [KeyError, BrokenPipeError, TimeoutError])
def test_an_exception_of_the_callback_propagates(driver: Driver, kind: type[Exception], size: int) -> None:
    def stop(sent: int, total: int) -> None:
        raise kind("enough")

    with run_server(OK) as server, driver.open_client(server) as client:
        with pytest.raises(kind, match="enough"):
            client.run(upload(bytes(size), stop))
        assert client.run(READ) == {"ok": True}


def test_a_file_that_cannot_be_read_raises_its_own_error(driver: Driver) -> None:
    class Torn(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    with run_server(OK) as server, pytest.raises(OSError, match="Input/output error"):
        driver.run(server, upload(Torn(bytes(200_000))))


def test_an_upload_streams_from_a_file(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(3 * BLOCK_BYTES))
    with run_server(drain, reads_bodies=False) as server:
        assert driver.run(server, upload(path)) == {"ok": True}


def test_a_download_is_written_to_its_end() -> None:
    class Sink:
        can_rewind = True
        written = b""

        def write(self, block: bytes) -> None:
            self.written += block

        def rewind(self) -> None:
            self.written = b""

    sink: Any = Sink()
    content = bytes(range(256)) * 1000
    with run_server(answer(200, content, "Content-Type: image/png")) as server, httpx.Client() as given:
        transport = HttpxTransport(ImageKitService(KEY, server.url, server.url), Settings(session=given))
        delivery = read_delivery(f"{server.url}/a.png")
        transport.fetch(delivery, Progress(delivery.what), sink)
    assert sink.written == content
    assert "authorization" not in server.seen[0].headers


def list_errors() -> list[Exception]:
    names = [getattr(httpx, name) for name in httpx.__all__]
    kinds = [each for each in names if isinstance(each, type) and issubclass(each, Exception)]
    request = httpx.Request("GET", "https://api.example/")
    made: list[Exception] = []
    for kind in kinds:
        if issubclass(kind, httpx.HTTPStatusError):
            made.append(kind("failed", request=request, response=httpx.Response(500)))
        elif issubclass(kind, (httpx.StreamConsumed, httpx.StreamClosed, httpx.ResponseNotRead, httpx.RequestNotRead)):
            made.append(kind())
        elif not issubclass(kind, httpx.CookieConflict):  # raised only when cookies are read
            made.append(kind("failed"))
    return made


@pytest.mark.parametrize("error", list_errors(), ids=lambda error: type(error).__name__)
def test_every_exception_of_httpx_becomes_one_of_the_library(error: Exception) -> None:
    assert isinstance(error, ERRORS)
    assert str(translate_error(error, "GET https://api.example/v1", Timeout(), KINDS)).startswith("GET https://api")
