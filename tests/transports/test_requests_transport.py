from __future__ import annotations

import pickle
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest
import requests
import responses

from imagekitio.exceptions import BadRequestException, TimeoutException
from imagekitio.operations.core import Operation, Request
from imagekitio.transports.multipart import BLOCK_BYTES

from .calls import OK, OVER_A_KEPT_CONNECTION, OVER_A_NEW_CONNECTION, READ, Driver, parse, upload
from .faults import answer, run_server

run, transport = OVER_A_NEW_CONNECTION.run, OVER_A_NEW_CONNECTION.transport

either_connection = pytest.mark.parametrize(
    "driver", [OVER_A_NEW_CONNECTION, OVER_A_KEPT_CONNECTION], ids=["a new connection", "a kept connection"]
)


def test_an_id_of_two_dots_stays_one_segment_in_the_callers_session_too() -> None:
    with run_server(OK) as server, requests.Session() as session, transport(server.url, session=session) as client:
        session.params = {"traced": "1"}
        client.run(Operation(Request("GET", "/v1/files/%2E%2E/details?x=1"), parse))
    assert server.seen[0].target == "/v1/files/%2E%2E/details?x=1&traced=1"


@either_connection
@pytest.mark.parametrize("size", [10, 5 * BLOCK_BYTES])
def test_an_interrupt_in_the_callback_propagates_and_ends_the_connection(driver: Driver, size: int) -> None:
    def stop(sent: int, total: int) -> None:
        raise KeyboardInterrupt("enough")

    with run_server(OK) as server, driver.open_client(server) as client:
        with pytest.raises(KeyboardInterrupt, match="enough"):
            client.run(upload(bytes(size), stop))
        assert client.run(READ) == {"ok": True}
    assert [seen.target for seen in server.seen if seen.method == "GET"] == ["/v1/files?limit=1"]


def relay(listener: socket.socket) -> None:
    """Act as a SOCKS5 proxy (RFC 1928) for one connection."""
    client, _ = listener.accept()
    with client:
        assert client.recv(100)[0] == 5
        client.sendall(b"\5\0")
        asked = client.recv(100)
        assert asked[:4] == b"\5\1\0\1"  # CONNECT to an IPv4 address
        target = socket.inet_ntoa(asked[4:8]), int.from_bytes(asked[8:10], "big")
        with socket.create_connection(target) as server:
            client.sendall(b"\5\0\0\1" + bytes(6))
            for _ in range(2):
                server.sendall(client.recv(10_000))
                client.sendall(server.recv(10_000))


def test_a_socks_proxy_from_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with run_server(OK) as server, socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = threading.Thread(target=relay, args=[listener])
        proxy.start()
        monkeypatch.setenv("HTTP_PROXY", f"socks5://127.0.0.1:{listener.getsockname()[1]}")
        monkeypatch.setenv("NO_PROXY", "")
        assert run(server, READ, READ) == {"ok": True}
        proxy.join(10)
    assert len(server.seen) == 2


# Sessions


@either_connection
def test_sixteen_threads_share_a_transport(driver: Driver) -> None:
    with run_server(OK) as server, driver.open_client(server) as client:
        barrier = threading.Barrier(16)

        def work(_: int) -> Any:
            barrier.wait()
            return [client.run(READ) for _ in range(10)]

        with ThreadPoolExecutor(16) as pool:
            results = list(pool.map(work, range(16)))
    assert results == [[{"ok": True}] * 10] * 16
    assert (len(server.seen), server.connections <= 16) == (160, True)


@either_connection
def test_closing_does_not_affect_calls_in_other_threads(driver: Driver) -> None:
    with run_server(OK) as server, driver.open_client(server) as client, ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(client.run, READ) for _ in range(200)]
        for _ in range(20):
            client.close()
        assert all(call.result() == {"ok": True} for call in calls)


def test_the_callers_session_is_pickled_with_the_transport() -> None:
    with run_server(OK) as server, requests.Session() as session:
        session.headers["X-Shop"] = "7"
        again = pickle.loads(pickle.dumps(transport(server.url, session=session)))
        again.run(READ)
        again._settings.session.close()
    assert server.seen[0].headers["x-shop"] == "7"


FORKS = """
import os, sys
from concurrent.futures import ThreadPoolExecutor
import requests
from imagekitio.flow.imagekit import ImageKitService
from imagekitio.operations.core import Operation, Request
from imagekitio.settings import Settings
from imagekitio.transports.requests.transport import RequestsTransport

url, own = sys.argv[1], sys.argv[2] == "own"
session = None if own else requests.Session()
client = RequestsTransport(ImageKitService("private_fake", url, url), Settings(session=session))
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


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["own", "given"])
def test_a_forked_child_makes_its_own_connections(kind: str) -> None:
    with run_server(OK) as server:
        subprocess.run([sys.executable, "-W", "error", "-c", FORKS, server.url, kind], check=True, timeout=20)
    assert (len(server.seen), server.connections) == (11, 2)


def test_the_callers_session_is_used_with_its_headers_and_hooks_and_stays_open() -> None:
    statuses: list[int] = []
    with run_server(OK) as server, requests.Session() as session:
        session.headers["X-Shop"] = "7"
        session.hooks["response"].append(lambda response, **_: statuses.append(response.status_code))
        assert run(server, session=session) == {"ok": True}
        assert session.get(server.url).status_code == 200
    assert server.seen[0].headers["x-shop"] == "7"
    assert statuses == [200, 200]
    assert server.connections == 1


def test_a_hook_can_read_the_answer_before_the_library_does() -> None:
    with run_server(OK) as server, requests.Session() as session:
        session.hooks["response"].append(lambda response, **_: response.content and None)
        assert run(server, session=session) == {"ok": True}


def test_a_hook_that_raises_for_the_status_does_not_hide_the_message_of_the_service() -> None:
    with run_server(answer(400, b'{"message": "bad path"}')) as server, requests.Session() as session:
        session.hooks["response"].append(lambda response, **_: response.raise_for_status())
        with pytest.raises(BadRequestException, match="bad path"):
            run(server, session=session)


def test_the_callers_adapter_can_answer_without_a_connection() -> None:
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
def test_the_responses_library_can_replace_the_service() -> None:
    responses.add(responses.GET, "https://api.example/v1/files", json=[1, 2])
    responses.add(responses.POST, "https://api.example/api/v1/files/upload", json={"fileId": "a"})
    with transport("https://api.example") as client:
        assert client.run(READ) == [1, 2]
        assert client.run(upload(b"content")) == {"fileId": "a"}
    request = responses.calls[1].request
    assert b"content" in cast("bytes", request.body)
    assert request.headers["authorization"].startswith("Basic ")


@responses.activate
def test_an_exception_raised_by_the_responses_library_is_translated() -> None:
    responses.add(responses.GET, "https://api.example/v1/files", body=requests.ConnectTimeout("played"))
    with transport("https://api.example") as client, pytest.raises(TimeoutException) as error:
        client.run(READ)
    assert error.value.attempts == 3
