"""Four different requests, made through the clients and through plain sessions of their HTTP libraries."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import aiohttp
import requests

from imagekitio import AsyncImageKit, ImageKit, Retry
from imagekitio.transports.multipart import BLOCK_BYTES

from ..transports.calls import open_quiet_loop
from ..transports.faults import PATIENCE_SECONDS, answer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
    from contextlib import AbstractAsyncContextManager, AbstractContextManager
    from pathlib import Path

    Calls = list[Callable[[], object]]
    # Takes the URL of the service and a folder to download to.
    Caller = Callable[[str, Path], AbstractContextManager[Calls]]
    AsyncCalls = list[Callable[[], Coroutine[Any, Any, object]]]
    AsyncCaller = Callable[[str, Path], AbstractAsyncContextManager[AsyncCalls]]

FILE_ID = "65e6c5a9b7d1f2034a5b6c7d"
DETAILS = {"fileId": FILE_ID, "type": "file", "name": "a.bin"}
ANSWER = answer(200, json.dumps(DETAILS).encode(), "Content-Type: application/json")
# The requests that the calls of every caller send.
REQUESTS = [
    ("GET", f"/v1/files/{FILE_ID}/details"),
    ("DELETE", f"/v1/files/{FILE_ID}"),
    ("POST", "/api/v1/files/upload"),
    ("GET", "/acme/a.bin"),
]
# With the form around it, more than one block; aiohttp would warn about larger bytes in the plain session.
CONTENT = bytes(range(256)) * (BLOCK_BYTES // 256)


def make_settings(url: str, **others: Any) -> dict[str, Any]:
    return {
        "public_key": "public_test",
        "private_key": "private_test",
        "url_endpoint": f"{url}/acme",
        "api_base_url": url,
        "upload_base_url": url,
        "timeout": PATIENCE_SECONDS,
        "retry": Retry(attempts=2, base_seconds=0.0),
        **others,
    }


def list_calls(client: ImageKit | AsyncImageKit, url: str, folder: Path) -> list[Callable[[], Any]]:
    """Return the calls that send `REQUESTS`."""
    return [
        partial(client.get_file_details, FILE_ID),
        partial(client.delete_file, FILE_ID),
        partial(client.upload_file, file=CONTENT, file_name="a.bin"),
        partial(client.download, f"{url}/acme/a.bin", folder),
    ]


@contextmanager
def requests_session(url: str, _: Path) -> Iterator[Calls]:
    def send(method: str, path: str) -> None:
        session.request(method, url + path, data=CONTENT if method == "POST" else None).raise_for_status()

    with requests.Session() as session:
        yield [partial(send, *request) for request in REQUESTS]


@contextmanager
def imagekit(url: str, folder: Path, session: requests.Session | None = None) -> Iterator[Calls]:
    with ImageKit(**make_settings(url), session=session) as client:
        yield list_calls(client, url, folder)


@contextmanager
def imagekit_over_a_given_session(url: str, folder: Path) -> Iterator[Calls]:
    with requests.Session() as session, imagekit(url, folder, session) as calls:
        yield calls


@asynccontextmanager
async def aiohttp_session(url: str, _: Path) -> AsyncIterator[AsyncCalls]:
    async def send(method: str, path: str) -> None:
        async with session.request(method, url + path, data=CONTENT if method == "POST" else None) as received:
            received.raise_for_status()
            await received.read()

    async with aiohttp.ClientSession() as session:
        yield [partial(send, *request) for request in REQUESTS]


@asynccontextmanager
async def async_imagekit(
    url: str, folder: Path, session: aiohttp.ClientSession | None = None
) -> AsyncIterator[AsyncCalls]:
    async with AsyncImageKit(**make_settings(url), session=session) as client:
        yield list_calls(client, url, folder)


@asynccontextmanager
async def async_imagekit_over_a_given_session(url: str, folder: Path) -> AsyncIterator[AsyncCalls]:
    async with aiohttp.ClientSession() as session, async_imagekit(url, folder, session) as calls:
        yield calls


def make_blocking(caller: AsyncCaller) -> Caller:
    """Turn an asynchronous caller into one that blocks, with its own event loop."""

    @contextmanager
    def open_caller(url: str, folder: Path) -> Iterator[Calls]:
        with open_quiet_loop() as wait:
            opened = caller(url, folder)
            calls = wait(opened.__aenter__())
            try:
                yield [partial(lambda call: wait(call()), call) for call in calls]
            finally:
                wait(opened.__aexit__(None, None, None))

    return open_caller


# The plain sessions show what a tool can see at all.
SYNC_CALLERS: dict[str, Caller] = {
    "requests.Session": requests_session,
    "ImageKit": imagekit,
    "ImageKit(session)": imagekit_over_a_given_session,
}
ASYNC_CALLERS: dict[str, Caller] = {
    "aiohttp.ClientSession": make_blocking(aiohttp_session),
    "AsyncImageKit": make_blocking(async_imagekit),
    "AsyncImageKit(session)": make_blocking(async_imagekit_over_a_given_session),
}
