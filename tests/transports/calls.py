"""Calls for tests, and drivers that make them with either transport."""

from __future__ import annotations

import asyncio
import base64
import gc
import io
import json
import pickle
from abc import ABC, abstractmethod
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, BinaryIO

import aiohttp
import requests

from imagekitio.flow.imagekit import ImageKitService
from imagekitio.operations.core import FilePart, Multipart, Operation, Request, Response
from imagekitio.operations.responses import build_exception, read_metadata
from imagekitio.policies import Retry
from imagekitio.settings import Settings
from imagekitio.transports.aiohttp.transport import AiohttpTransport
from imagekitio.transports.requests.transport import RequestsTransport

from .faults import Connection, Server, answer

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

KEY = "private_fake="
ONCE = Retry(attempts=1)
OK = answer(200, b'{"ok": true}', "Content-Type: application/json")
LARGE_BYTES = 50 << 20


def parse(response: Response) -> Any:
    if response.status >= 300:
        raise build_exception(response, read_metadata(response))
    return json.loads(response.body)


READ = Operation(Request("GET", "/v1/files?limit=1"), parse)
WRITE = Operation(Request("POST", "/v1/files/copy", b'{"a": 1}', idempotent=False), parse)


def upload(source: bytes | Path | BinaryIO, on_progress: Callable[[int, int], object] | None = None) -> Operation[Any]:
    body = Multipart((("fileName", "a.bin"),), FilePart(source, "a.bin"), on_progress)
    return Operation(Request("POST", "/api/v1/files/upload", body, "upload", idempotent=False), parse)


class Pipe(io.RawIOBase):
    """A stream that has no length and cannot be rewound."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._content.readinto(buffer)


def drain(connection: Connection) -> None:
    """Read an upload block by block, and discard it."""
    left_bytes = int(connection.last_headers["content-length"])
    while left_bytes > 0:
        received = connection.body(min(left_bytes, 1 << 20))
        if not received:
            return  # the client has disconnected
        left_bytes -= len(received)
    connection.send(OK)


def key_of(headers: dict[str, str]) -> bytes:
    return base64.b64decode(headers["authorization"].removeprefix("Basic "))


class Client:
    """A transport, and a function that waits for its results."""

    def __init__(self, transport: Any, wait: Callable[[Any], Any]) -> None:
        self._transport, self._wait = transport, wait

    def run(self, operation: Operation[Any]) -> Any:
        return self._wait(self._transport.run(operation))

    def close(self) -> None:
        self._wait(self._transport.close())

    def with_options(self, private_key: str | None = None, **options: Any) -> Client:
        settings = self._transport._settings.change(**options)
        service = None if private_key is None else replace(self._transport._service, private_key=private_key)
        return Client(self._transport.with_settings(settings, service), self._wait)

    def copy_by_pickling(self) -> Client:
        return Client(pickle.loads(pickle.dumps(self._transport)), self._wait)


class Driver(ABC):
    """Runs operations with one of the transports."""

    library: str

    @abstractmethod
    def transport(self, url: str, **options: Any) -> Any:
        """Make a transport that retries without a pause."""

    @abstractmethod
    def open_client(
        self, server: Server | str, *, own_session: bool = True, **options: Any
    ) -> AbstractContextManager[Client]:
        """Open a client while the block runs; unless `own_session`, it uses the caller's session."""

    def run(self, server: Server | str, *operations: Operation[Any], **options: Any) -> Any:
        """Run operations one after another with a new client, and return the last result."""
        with self.open_client(server, **options) as client:
            return [client.run(operation) for operation in operations or (READ,)][-1]


def make_service(private_key: str, api_base_url: str, upload_base_url: str | None) -> ImageKitService:
    return ImageKitService(private_key, api_base_url, upload_base_url or api_base_url)


def make_settings(options: dict[str, Any]) -> Settings:
    return Settings.read({"retry": Retry(base_seconds=0.0), "timeout": (10.0, 10.0)}, options)


@dataclass
class Requests(Driver):
    """The driver for requests.

    With `over_a_kept_connection`, the client has already called the server, unless a session or only a URL is given.
    """

    over_a_kept_connection: bool
    library = "requests"

    def transport(
        self, url: str, private_key: str = KEY, upload_base_url: str | None = None, **options: Any
    ) -> RequestsTransport:
        return RequestsTransport(make_service(private_key, url, upload_base_url), make_settings(options))

    @contextmanager
    def open_client(
        self,
        server: Server | str,
        *,
        own_session: bool = True,
        session: requests.Session | None = None,
        **options: Any,
    ) -> Iterator[Client]:
        with (
            nullcontext(session) if own_session else requests.Session() as given,
            self.transport(url_of(server), session=given, **options) as transport,
        ):
            client = Client(transport, lambda result: result)
            if self.over_a_kept_connection and given is None and isinstance(server, Server):
                server.replies.insert(0, OK)
                client.run(READ)
                server.seen.clear()
            yield client


class Aiohttp(Driver):
    """The driver for aiohttp, in its own event loop, which must be left clean; see `open_quiet_loop`."""

    library = "aiohttp"

    def transport(
        self, url: str, private_key: str = KEY, upload_base_url: str | None = None, **options: Any
    ) -> AiohttpTransport:
        return AiohttpTransport(make_service(private_key, url, upload_base_url), make_settings(options))

    @contextmanager
    def open_client(self, server: Server | str, *, own_session: bool = True, **options: Any) -> Iterator[Client]:
        async def make_session() -> aiohttp.ClientSession:
            return aiohttp.ClientSession(trust_env=True)  # like sessions of requests

        with open_quiet_loop() as wait:
            given = None if own_session else wait(make_session())
            client = Client(self.transport(url_of(server), session=given, **options), wait)
            try:
                yield client
            finally:
                client.close()
                if given is not None:
                    wait(given.close())


def url_of(server: Server | str) -> str:
    return server if isinstance(server, str) else server.url


@contextmanager
def open_quiet_loop() -> Iterator[Callable[[Coroutine[Any, Any, Any]], Any]]:
    """Yield a function that runs a coroutine in one event loop until it ends.

    Afterwards nothing may be left that warns when it is freed, or that the loop reports.
    """
    complaints: list[object] = []
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda _, context: complaints.append(context))
    try:
        yield loop.run_until_complete
    finally:
        left = asyncio.all_tasks(loop)
        complaints.extend(left)
        loop.run_until_complete(cancel_all(left))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
        gc.collect(1)  # the objects of a test are young; a full collection would take as long as the test
        assert complaints == []


async def cancel_all(tasks: set[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def run_quietly(main: Coroutine[Any, Any, Any]) -> Any:
    with open_quiet_loop() as wait:
        return wait(main)


OVER_A_NEW_CONNECTION = Requests(over_a_kept_connection=False)
OVER_A_KEPT_CONNECTION = Requests(over_a_kept_connection=True)
IN_A_LOOP = Aiohttp()
