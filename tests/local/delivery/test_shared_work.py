from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import anyio
import pytest

from imagekitio.local import LocalImageKit
from imagekitio.local.delivery.shared_work import SharedWork
from imagekitio.local.rendering import Cancellation, Rendered, TransformationError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

PICTURE = Rendered(b"picture", "image/png", 1, 1)
PATIENCE_SECONDS = 30


class Client:
    """A client that waits until it hangs up."""

    def __init__(self) -> None:
        self._messages = [{"type": "http.request", "body": b""}]
        self.hangs_up = anyio.Event()

    async def receive(self) -> Any:
        if self._messages:
            return self._messages.pop()
        await self.hangs_up.wait()
        return {"type": "http.disconnect"}


class Work:
    """Work that continues until it may end or is cancelled."""

    def __init__(self) -> None:
        self.began, self.may_end, self.stopped = threading.Event(), threading.Event(), threading.Event()
        self.times = 0

    def __call__(self, cancellation: Cancellation) -> Rendered:
        self.times += 1
        self.began.set()
        try:
            while not self.may_end.wait(0.001):
                cancellation.check()
        except TransformationError:
            self.stopped.set()
            raise
        return PICTURE


async def wait(event: threading.Event) -> None:
    assert await anyio.to_thread.run_sync(event.wait, PATIENCE_SECONDS)


def run(scenario: Callable[[SharedWork, Work], Awaitable[None]]) -> Work:
    work = Work()

    async def start() -> None:
        await scenario(SharedWork(), work)

    anyio.run(start)
    return work


def test_work_stops_when_its_only_client_hangs_up() -> None:
    async def scenario(shared: SharedWork, work: Work) -> None:
        client = Client()

        async def leave() -> None:
            await wait(work.began)
            client.hangs_up.set()

        async with anyio.create_task_group() as group:
            group.start_soon(leave)
            assert await shared.wait_for("a", work, client.receive) is None
        await wait(work.stopped)

    assert run(scenario).times == 1


def test_work_continues_while_another_client_waits() -> None:
    async def scenario(shared: SharedWork, work: Work) -> None:
        first, second = Client(), Client()
        answers: dict[str, Rendered | None] = {}

        async def ask(name: str, client: Client) -> None:
            answers[name] = await shared.wait_for("a", work, client.receive)

        async with anyio.create_task_group() as group:
            group.start_soon(ask, "first", first)
            group.start_soon(ask, "second", second)
            await wait(work.began)
            first.hangs_up.set()
            while "first" not in answers:
                await anyio.sleep(0)
            work.may_end.set()
        assert answers == {"first": None, "second": PICTURE}

    work = run(scenario)
    assert work.times == 1
    assert not work.stopped.is_set()


def test_cancelled_work_starts_again_for_the_next_request() -> None:
    async def scenario(shared: SharedWork, work: Work) -> None:
        client = Client()
        client.hangs_up.set()
        assert await shared.wait_for("a", work, client.receive) is None
        work.may_end.set()
        assert await shared.wait_for("a", work, Client().receive) == PICTURE

    run(scenario)


def test_a_refusal_reaches_every_waiting_client() -> None:
    def refuse(cancellation: Cancellation) -> Rendered:
        raise TransformationError(400, "EINVAL", "no")

    async def scenario(shared: SharedWork, work: Work) -> None:
        async def ask() -> None:
            with pytest.raises(TransformationError, match="no"):
                await shared.wait_for("a", refuse, Client().receive)

        async with anyio.create_task_group() as group:
            group.start_soon(ask)
            group.start_soon(ask)

    run(scenario)


def test_work_is_shared_only_under_the_same_name() -> None:
    async def scenario(shared: SharedWork, work: Work) -> None:
        work.may_end.set()
        for etag in "ab":
            assert await shared.wait_for(etag, work, Client().receive) == PICTURE

    assert run(scenario).times == 2


def test_over_sockets_hanging_up_stops_the_rendering(jpeg: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    work = Work()

    def render(*args: object, cancellation: Cancellation, **options: object) -> Rendered:
        return work(cancellation)

    monkeypatch.setattr("imagekitio.local.delivery.renditions.render", render)
    with LocalImageKit() as server:
        server.client().upload_file(file=jpeg, file_name="a.jpg", options={"use_unique_file_name": False})
        target = urlsplit(f"{server.url_endpoint}/tr:w-5/a.jpg")
        assert target.hostname
        with socket.create_connection((target.hostname, target.port or 80)) as connection:
            connection.sendall(f"GET {target.path} HTTP/1.1\r\nHost: {target.netloc}\r\n\r\n".encode())
            assert work.began.wait(PATIENCE_SECONDS)
        assert work.stopped.wait(PATIENCE_SECONDS)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (statuses := list_delivery_statuses(server)) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert statuses == [499]


def list_delivery_statuses(server: LocalImageKit) -> list[int | None]:
    return [each.status for each in server.requests if each.operation == "delivery"]
