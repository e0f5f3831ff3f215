"""The clients: arguments, sessions, copies, pickling and logs, and a check that nothing shows the key."""

from __future__ import annotations

import asyncio
import copy
import gc
import inspect
import logging
import os
import pickle
import subprocess
import sys
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import httpx
import pytest
import requests

import imagekitio.imgsrc
from imagekitio.imgsrc import UNSET, AsyncImgsrc, BackoffStrategy, Imgsrc, RetryConfig, errors
from imagekitio.imgsrc.sending.keywords import ARGUMENTS, UPLOAD_KEYWORDS
from imagekitio.policies import Retry

from .answers import ID, LISTING, METADATA, UPLOAD, USAGE
from .server import CLIENTS, KEY, drive, make_client

if TYPE_CHECKING:
    from .server import Driver, Server


def run_python(code: str, *arguments: str) -> str:
    """Run code in a process of its own, and return what it prints."""
    environment = {**os.environ, "PYTHONPATH": str(Path(imagekitio.imgsrc.__file__).parents[2])}
    command = [sys.executable, "-W", "error", "-c", code, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment, timeout=60).stdout


def test_a_client_needs_no_key_until_its_first_call(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    monkeypatch.delenv("IMGSRC_API_KEY", raising=False)
    calls: list[dict[str, Any]] = [
        {"client": requests.Session()},
        {"debug_logger": logging.getLogger("a")},
        {"bearer_auth": ""},
    ]
    for arguments in calls:
        client = Imgsrc(server_url=server.url, **arguments)
        with pytest.raises(ValueError, match="the API key is missing: pass bearer_auth"):
            client.usage.get_usage()
    assert not server.requests
    monkeypatch.setenv("IMGSRC_API_KEY", "imgsrc_env")
    server.add(USAGE)
    with Imgsrc(server_url=server.url) as client:
        client.usage.get_usage()
    assert server.requests[0].headers["authorization"] == "Bearer imgsrc_env"


def test_the_environment_names_what_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMGSRC_SERVER_URL", "http://127.0.0.1:5000/")
    monkeypatch.setenv("IMGSRC_USERNAME", "ada")
    monkeypatch.setenv("IMGSRC_DELIVERY_URL", "http://127.0.0.1:5000/i")
    client = Imgsrc()
    assert repr(client) == "Imgsrc(server_url='http://127.0.0.1:5000', username='ada')"
    assert client.url(path="a.png") == "http://127.0.0.1:5000/i/ada/a.png"
    assert "api.img-src.io" in repr(Imgsrc(server_idx=0))
    other = Imgsrc(server_url="https://{zone}.example/v", url_params={"zone": "eu"}, username="bob")
    assert repr(other) == "Imgsrc(server_url='https://eu.example/v', username='bob')"


def test_a_url_needs_a_username(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IMGSRC_USERNAME", raising=False)
    with pytest.raises(ValueError, match="username"):
        Imgsrc(bearer_auth=KEY).url(path="a.png")
    assert Imgsrc(bearer_auth=KEY, username="ada").url({"path": "a b.png"}, w=300, format="webp") == (
        "https://img-src.io/i/ada/a%20b.webp?w=300"
    )


def test_responsive_images_have_candidates() -> None:
    attributes = Imgsrc(username="ada").get_responsive_image_attributes({"path": "a.png"}, width=300)
    assert attributes.srcset is not None
    assert attributes.srcset.startswith("https://img-src.io/i/ada/a.png?")


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"bearer_auth": 5}, TypeError, "bearer_auth must be a str or a function"),
        ({"server_idx": 1}, ValueError, "server_idx must be 0"),
        ({"server_idx": "0"}, TypeError, "server_idx must be a whole number"),
        ({"server_url": "ftp://a"}, ValueError, "server_url must start with https://"),
        ({"server_url": ""}, ValueError, "server_url must not be empty"),
        ({"server_url": 5}, TypeError, "server_url must be a str"),
        ({"server_url": "https://{zone}.example"}, ValueError, "a name in braces that is missing from url_params"),
        ({"url_params": "eu"}, TypeError, "url_params must be a dict"),
        ({"async_client": requests.Session()}, TypeError, "async_client must be an aiohttp.ClientSession"),
        ({"retry_config": "backoff"}, TypeError, "retry_config must be a RetryConfig"),
        ({"timeout_ms": -1}, ValueError, "timeout_ms must be a number of milliseconds above 0"),
        ({"timeout_ms": True}, TypeError, "timeout_ms must be a number"),
        ({"debug_logger": print}, TypeError, "debug_logger must have a method debug"),
        ({"username": 5}, TypeError, "username must be a str"),
        ({"delivery_url": "img-src.io/i"}, ValueError, "delivery_url must start with https://"),
    ],
)
@pytest.mark.parametrize("kind", [Imgsrc, AsyncImgsrc])
def test_a_wrong_argument_is_refused(
    kind: Any, arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        kind(**{"bearer_auth": KEY, **arguments})


@pytest.mark.parametrize("session", [object(), httpx.AsyncClient()])
def test_a_session_of_another_kind_is_refused(session: Any) -> None:
    with pytest.raises(TypeError, match=r"client must be a requests\.Session or an httpx\.Client \(got "):
        Imgsrc(bearer_auth=KEY, client=session)


def test_a_client_for_event_loops_refuses_a_session_that_it_would_never_use() -> None:
    with pytest.raises(TypeError, match="pass async_client"):
        AsyncImgsrc(bearer_auth=KEY, client=requests.Session())


@pytest.mark.parametrize("kind", [Imgsrc, AsyncImgsrc])
@pytest.mark.parametrize(
    ("name", "nearest"),
    [("bearer", "bearer_auth"), ("api_key", "bearer_auth"), ("timeout", "timeout_ms"), ("base_url", "server_url")],
)
def test_an_unknown_argument_is_refused_with_the_nearest_one(kind: Any, name: str, nearest: str) -> None:
    with pytest.raises(TypeError) as caught:
        kind(**{name: KEY})
    assert str(caught.value) == f"{kind.__name__} has no argument {name!r}; did you mean {nearest!r}?"


def test_every_argument_of_a_client_is_known() -> None:
    arguments = inspect.signature(Imgsrc).parameters
    assert [name for name in arguments if name != "unknown"] == list(ARGUMENTS)
    for kind in (Imgsrc, AsyncImgsrc):
        known = set(inspect.signature(kind.upload_many).parameters) - {"self", "items", "executor", "unknown"}
        assert known == set(UPLOAD_KEYWORDS)


@pytest.mark.parametrize("kind", [Imgsrc, AsyncImgsrc])
def test_an_unknown_argument_of_a_method_is_refused_with_advice(kind: Any) -> None:
    client = kind(KEY, username="ada")
    with pytest.raises(TypeError, match=r"with_options\(\) has no argument 'timeout'; did you mean 'timeout_ms'"):
        client.with_options(timeout=3)
    with pytest.raises(TypeError, match=r"upload_many\(\) has no argument 'targetpath'; did you mean 'target_path'"):
        client.upload_many([], targetpath="a")
    with pytest.raises(TypeError, match=r"has no argument 'retries': with_options\(retry_config=…\) sets it"):
        client.upload_many([], retries=1)
    with pytest.raises(TypeError, match=r"a download has no argument 'retries': with_options\(retry_config=…\)"):
        client.download_many([], "a", retries=1)
    with pytest.raises(TypeError, match=r"has no argument 'timeout_ms': with_options\(timeout_ms=…\) sets it"):
        client.download_many([], "a", timeout_ms=1)
    with pytest.raises(TypeError, match="unknown option 'wdth'"):
        client.download_many([], "a", wdth=1)


def test_an_async_function_is_not_a_key() -> None:
    async def fetch_key() -> str:
        return KEY

    wanted = "a function that returns the key, not an async one"
    with pytest.raises(TypeError, match=wanted):
        Imgsrc(fetch_key)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=wanted):  # without the warning that it was never awaited
        Imgsrc(lambda: fetch_key()).usage.get_usage()  # type: ignore[arg-type]


def test_responsive_images_take_keywords_as_urls_do() -> None:
    client = Imgsrc(username="ada")
    found = client.get_responsive_image_attributes(path="a.png", width=300, quality=80)
    assert found == client.get_responsive_image_attributes({"path": "a.png", "quality": 80}, width=300)
    with pytest.raises(TypeError, match=r"unknown option 'qualty' of url\(\); did you mean 'quality'"):
        client.get_responsive_image_attributes(path="a.png", qualty=80)  # type: ignore[call-arg]


def test_the_retries_of_the_client_are_those_of_its_calls(server: Server) -> None:
    config = RetryConfig("backoff", BackoffStrategy(1, 2, 1.1, 60_000), True)
    for retries, attempts in ((None, 1), (2, 2), (config, 4), (UNSET, 1)):
        server.reset()
        for _ in range(attempts - 1):
            server.hang_up()
        if retries is None:
            server.hang_up()
        server.add(USAGE)
        with make_client("blocking", server, retry_config=retries) as client:
            if retries is None:
                with pytest.raises(errors.NoResponseError):
                    client.usage.get_usage()
            else:
                client.usage.get_usage()
        assert len(server.requests) == attempts


def test_a_response_that_does_not_come_in_time_is_a_timeout(driver: Driver, server: Server) -> None:
    release = threading.Event()

    def respond(seen: object) -> Any:
        release.wait(30)
        return 200, USAGE, {}

    server.respond = respond
    try:
        with pytest.raises(errors.RequestTimeoutError, match=r"within 0\.05 s"):
            driver.call("usage.get_usage", timeout_ms=50, retries=None)
    finally:
        release.set()


def test_nothing_shows_the_key(driver: Driver, server: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server.add(b"", 503)
    server.add(b"", 400)
    with pytest.raises(errors.BadRequestError) as caught:
        driver.call("images.get_image", ID)
    assert f"GET /api/v1/images/{ID}: 503" in caplog.text
    for text in (caplog.text, repr(caught.value), str(caught.value), repr(driver.client), repr(vars(driver.client))):
        assert KEY not in text


class Lines:
    """A debug logger that is no logging.Logger."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def debug(self, msg: str, *args: Any, **kwargs: Any) -> None:
        self.lines.append(msg % args)


@pytest.mark.parametrize("kind", CLIENTS)
def test_a_debug_logger_receives_requests_and_responses(kind: str, server: Server) -> None:
    lines = Lines()
    with drive(kind, make_client(kind, server, debug_logger=lines, retry_config=None)) as driver:
        server.add(USAGE, X_RateLimit_Remaining="7")
        driver.call("usage.get_usage", http_headers={"X-Trace": "1", "cookie": "session=secret"})
        server.add(UPLOAD, 201)
        driver.call("images.upload_image", file=("a.png", b"content"), target_path="trips")
        server.add({"error": {"code": "NOT_FOUND", "message": "gone", "status": 404}}, 404)
        with pytest.raises(errors.NotFoundError):
            driver.call("images.update_visibility", ID, "private")
        server.hang_up()
        with pytest.raises(errors.NoResponseError):
            driver.call("usage.get_usage")
    text = "\n".join(lines.lines)
    for wanted in (
        f"URL: {server.url}/api/v1/usage",
        "'x-trace': '1', 'cookie': '[secure]', 'authorization': '[secure]'",
        "'x-ratelimit-remaining': '7'",
        '"plan_name": "Free Plan"',
        "{'target_path': 'trips'} and the file 'a.png'",
        'Body: {"visibility":"private"}',
        "Status Code: 404",
        '"message": "gone"',
        "No response: GET",
        "attempt 1",
    ):
        assert wanted in text
    assert KEY not in text
    assert "content'" not in text
    assert "session=secret" not in text


def test_a_client_pickles_without_its_connections(server: Server) -> None:
    with make_client("blocking", server) as client:
        server.add(USAGE)
        client.usage.get_usage()
        other = pickle.loads(pickle.dumps(client))
        server.add(METADATA)
        with other:
            assert other.images.get_image(ID).id == ID
        assert other.url(path="a.png") == client.url(path="a.png")


class Tenant(Imgsrc):
    """A client with an attribute of its own, as applications make them."""

    def __init__(self, tenant: str, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.tenant = tenant


def test_a_subclass_keeps_its_attributes_in_copies_and_pickles(server: Server) -> None:
    server.respond = lambda seen: (200, METADATA, {})
    with Tenant("oslo", bearer_auth=KEY, server_url=server.url) as client:
        client.images.get_image(ID)
        others = [copy.copy(client), copy.deepcopy(client), pickle.loads(pickle.dumps(client)), client.with_options()]
        for other in others:
            with other:
                assert (other.tenant, other.images.get_image(ID).id) == ("oslo", ID)
                assert other.images is not client.images


def test_a_key_from_the_environment_is_not_pickled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMGSRC_API_KEY", "imgsrc_from_the_environment")
    assert b"imgsrc_from_the_environment" not in pickle.dumps(Imgsrc())


def test_a_session_of_an_event_loop_cannot_be_pickled() -> None:
    client = AsyncImgsrc(KEY, async_client=httpx.AsyncClient())
    with pytest.raises(TypeError, match="belongs to a loop of this process"):
        pickle.dumps(client)


FORKS = """
import os, sys
from imagekitio.imgsrc import Imgsrc

client = Imgsrc(bearer_auth="imgsrc_a", server_url=sys.argv[1])
client.usage.get_usage()
child = os.fork()
assert client.usage.get_usage().plan == "free"
if child == 0:
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
client.close()
"""


def test_a_client_works_after_a_fork(server: Server) -> None:
    server.respond = lambda seen: (200, USAGE, {})
    run_python(FORKS, server.url)
    assert len(server.requests) == 3


def test_threads_share_a_client(server: Server) -> None:
    server.respond = lambda seen: (200, METADATA, {})
    with make_client("blocking", server) as client, ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: client.images.get_image(ID).id, range(40)))
    assert results == [ID] * 40


def test_a_client_is_gone_with_its_last_reference(server: Server) -> None:
    server.respond = lambda seen: (200, METADATA, {})
    client = Imgsrc(KEY, server_url=server.url)
    assert client.images.get_image(ID).id == ID
    client.close()
    reference = weakref.ref(client)
    gc.disable()
    try:
        del client
        assert reference() is None  # without a cycle that waits for the garbage collector
    finally:
        gc.enable()


def test_groups_are_made_once_for_each_client_and_copy(server: Server) -> None:
    with make_client("blocking", server) as client:
        copy = client.with_options(http_headers={"X-Trace": "1"})
        assert client.images is client.images
        assert client.images.get_image is client.images.get_image
        assert client.images.get_image is not client.images.get_image_async
        assert copy.images is not client.images
        server.respond = lambda seen: (200, METADATA, {})
        for one in (client, client.with_options(), copy, copy.with_options()):
            one.images.get_image(ID)
    assert ["x-trace" in seen.headers for seen in server.requests] == [False, False, True, True]


def test_a_call_that_is_replaced_in_its_class_is_replaced_in_every_client(
    monkeypatch: pytest.MonkeyPatch, server: Server
) -> None:
    server.respond = lambda seen: (200, METADATA, {})
    with make_client("blocking", server) as client:
        client.images.get_image(ID)
        monkeypatch.setattr(type(client.images), "get_image", lambda _, image: f"replaced {image}")
        assert client.images.get_image(ID) == f"replaced {ID}"
    assert len(server.requests) == 1


def test_a_copy_has_other_settings_and_the_same_connections(server: Server) -> None:
    with make_client("blocking", server) as client:
        copy = client.with_options(retry_config=None, timeout_ms=10_000, http_headers={"X-Trace": "1"})
        server.respond = lambda seen: (200, USAGE, {})
        client.usage.get_usage()
        copy.usage.get_usage()
        assert client._connections._transports is copy._connections._transports
        assert len(client._connections._transports) == 1
        server.respond = lambda seen: (503, b"", {})
        with pytest.raises(errors.InternalServerError):
            copy.usage.get_usage()
    assert ["x-trace" in seen.headers for seen in server.requests] == [False, True, True]


def test_a_session_of_requests_is_used_and_not_closed(server: Server) -> None:
    closed: list[bool] = []

    class Session(requests.Session):
        def close(self) -> None:
            closed.append(True)
            super().close()

    session = Session()
    session.headers["X-Mine"] = "1"
    server.add(USAGE)
    with Imgsrc(bearer_auth=KEY, server_url=server.url, client=session) as client:
        client.usage.get_usage()
    assert server.requests[0].headers["x-mine"] == "1"
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert not closed
    session.close()


def test_a_client_of_httpx_is_used_and_not_closed(server: Server) -> None:
    server.add(USAGE)
    server.add(UPLOAD, 201)
    with httpx.Client(headers={"X-Mine": "1"}) as session:
        with Imgsrc(bearer_auth=KEY, server_url=server.url, client=session) as client:
            client.usage.get_usage()
            assert client.images.upload_image(file=("a.png", b"abc")).id == ID
        assert not session.is_closed
    assert server.requests[0].headers["x-mine"] == "1"


def test_asynchronous_sessions_are_used_and_not_closed(server: Server) -> None:
    server.respond = lambda seen: (200, USAGE, {})

    async def work() -> None:
        async with aiohttp.ClientSession(headers={"X-Mine": "1"}) as session:
            async with Imgsrc(bearer_auth=KEY, server_url=server.url, async_client=session) as client:
                await client.usage.get_usage_async()
            assert not session.closed
        async with httpx.AsyncClient(headers={"X-Mine": "2"}) as own:
            async with AsyncImgsrc(bearer_auth=KEY, server_url=server.url, async_client=own) as tasks:
                await tasks.usage.get_usage()
            assert not own.is_closed

    asyncio.run(work())
    assert [seen.headers["x-mine"] for seen in server.requests] == ["1", "2"]


def test_one_client_serves_threads_and_a_loop(server: Server) -> None:
    server.respond = lambda seen: (200, LISTING, {})

    async def work() -> None:
        async with make_client("twins", server) as client:
            page = client.images.list_images()
            assert page.next() is None
            other = await client.images.list_images_async()
            assert await other.next() is None
            found = [image.id async for image in client.images.iter_images_async()]
            assert found == [image.id for image in client.images.iter_images()] == [ID]

    asyncio.run(work())


def test_a_pickled_page_has_no_next_one(server: Server) -> None:
    server.add({**LISTING, "has_more": True})
    with make_client("blocking", server) as client:
        page = pickle.loads(pickle.dumps(client.images.list_images()))
    assert page[0].id == ID
    assert page.http_meta.request.method == "GET"
    with pytest.raises(RuntimeError, match="offset"):
        page.next()


def test_a_closed_client_opens_new_connections(server: Server) -> None:
    client = make_client("blocking", server, retry_config=Retry(attempts=1))
    server.add(USAGE)
    server.add(USAGE)
    client.close()
    client.usage.get_usage()
    client.close()
    client.usage.get_usage()
    client.close()


def test_public_names_are_loaded_when_they_are_used() -> None:
    assert {*imagekitio.imgsrc.__all__} <= {*dir(imagekitio.imgsrc)}
    for name in imagekitio.imgsrc.__all__:
        assert getattr(imagekitio.imgsrc, name) is not None
    with pytest.raises(AttributeError, match="Imgsrk"):
        _ = imagekitio.imgsrc.Imgsrk


def test_building_a_url_loads_no_http_library() -> None:
    code = (
        "import sys\nfrom imagekitio.imgsrc import Imgsrc\n"
        "print(Imgsrc(bearer_auth='imgsrc_a', username='ada').url(path='a.png', w=5))\n"
        "assert not {'requests', 'urllib3', 'aiohttp', 'httpx', 'imagekitio.transports'} & {*sys.modules}"
    )
    assert run_python(code) == "https://img-src.io/i/ada/a.png?w=5\n"
