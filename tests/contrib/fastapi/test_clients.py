"""The clients of an application, from its start to its end."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
import requests
from fastapi import FastAPI, WebSocket
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Mount, Route

from imagekitio import AsyncImageKit, ImageKit
from imagekitio.contrib.fastapi import AsyncImageKitDep, ImageKitDep, get_async_imagekit, get_imagekit, lifespan

from ...leftovers import count_resources
from .serving import make_test_client, serve

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.requests import Request
    from starlette.responses import Response

    from imagekitio.local import LocalImageKit


def add_routes(app: FastAPI) -> FastAPI:
    @app.get("/count")
    def count(imagekit: ImageKitDep) -> int:
        return len(imagekit.list_files())

    @app.get("/async-count")
    async def count_asynchronously(imagekit: AsyncImageKitDep) -> int:
        return len(await imagekit.list_files())

    @app.websocket("/chat")
    async def chat(websocket: WebSocket, imagekit: AsyncImageKitDep) -> None:
        await websocket.accept()
        await websocket.send_json(len(await imagekit.list_files()))
        await websocket.close()

    return app


async def start(app: FastAPI) -> None:
    """Start an application and stop it; Starlette's test client leaks streams if an application cannot start."""
    async with app.router.lifespan_context(app):
        pass


def test_both_clients_serve_requests(server: LocalImageKit, account: dict[str, Any]) -> None:
    server.client().upload_file(file=b"one", file_name="one.txt")
    with serve(add_routes(FastAPI(lifespan=lifespan(**account)))) as url:
        assert requests.get(f"{url}/count", timeout=60).json() == 1
        assert requests.get(f"{url}/async-count", timeout=60).json() == 1
    assert [request.operation for request in server.requests] == ["upload_file", "list_files", "list_files"]


def test_a_websocket_gets_a_client_too(account: dict[str, Any]) -> None:
    app = add_routes(FastAPI(lifespan=lifespan(**account)))
    with make_test_client(app) as client, client.websocket_connect("/chat") as websocket:
        assert websocket.receive_json() == 0


def test_settings_come_from_the_environment_when_the_application_starts(
    server: LocalImageKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = add_routes(FastAPI(lifespan=lifespan()))
    for name, text in server.environment.items():
        monkeypatch.setenv(name, text)
    with serve(app) as url:
        assert requests.get(f"{url}/count", timeout=60).json() == 0


def test_an_application_can_start_again_in_another_event_loop(account: dict[str, Any]) -> None:
    app = add_routes(FastAPI(lifespan=lifespan(**account)))
    for _ in range(2):
        with serve(app) as url:
            assert requests.get(f"{url}/async-count", timeout=60).json() == 0


def test_two_applications_have_their_own_accounts(account: dict[str, Any]) -> None:
    def make_app(endpoint: str) -> FastAPI:
        app = FastAPI(lifespan=lifespan(**{**account, "url_endpoint": endpoint}))

        @app.get("/url")
        async def write_url(imagekit: ImageKitDep) -> str:
            return imagekit.url(path="/a.jpg")

        return app

    with serve(make_app("https://ik.imagekit.io/one")) as one, serve(make_app("https://ik.imagekit.io/two")) as two:
        assert requests.get(f"{one}/url", timeout=60).json() == "https://ik.imagekit.io/one/a.jpg"
        assert requests.get(f"{two}/url", timeout=60).json() == "https://ik.imagekit.io/two/a.jpg"


def test_your_own_lifespan_runs_inside_and_keeps_its_state(account: dict[str, Any]) -> None:
    steps: list[str] = []

    @asynccontextmanager
    async def connect(app: Starlette) -> AsyncGenerator[dict[str, Any], None]:
        steps.append(f"open {type(app).__name__}")
        yield {"database": "shoes"}
        steps.append("close")

    async def show(request: Request) -> Response:
        assert isinstance(request.state.imagekit, ImageKit)
        assert isinstance(request.state.async_imagekit, AsyncImageKit)
        return PlainTextResponse(request.state.database)

    app = Starlette(routes=[Route("/", show)], lifespan=lifespan(connect, **account))
    with serve(app) as url:
        assert requests.get(url, timeout=60).text == "shoes"
    assert steps == ["open Starlette", "close"]


def test_a_lifespan_without_a_state_and_one_that_enters_ours(account: dict[str, Any]) -> None:
    @asynccontextmanager
    async def without_state(app: Any) -> AsyncGenerator[None, None]:
        yield

    @asynccontextmanager
    async def outside(app: Any) -> AsyncGenerator[dict[str, Any], None]:
        async with lifespan(without_state, **account)(app) as state:
            files = await state["async_imagekit"].list_files()
            yield {**state, "at_startup": len(files)}

    async def show(request: Request) -> Response:
        return JSONResponse([request.state.at_startup, len(await request.state.async_imagekit.list_files())])

    with serve(Starlette(routes=[Route("/", show)], lifespan=outside)) as url:
        assert requests.get(url, timeout=60).json() == [0, 0]


def test_a_client_in_your_own_state_takes_precedence(account: dict[str, Any]) -> None:
    own = ImageKit(**{**account, "url_endpoint": "https://own.example.com"})

    @asynccontextmanager
    async def bring(app: Any) -> AsyncGenerator[dict[str, Any], None]:
        yield {"imagekit": own}

    app = FastAPI(lifespan=lifespan(bring, **account))

    @app.get("/url")
    async def write_url(imagekit: ImageKitDep) -> str:
        return imagekit.url(path="/a.jpg")

    with serve(app) as url:
        assert requests.get(f"{url}/url", timeout=60).json() == "https://own.example.com/a.jpg"


def test_a_mounted_application_finds_the_clients_of_the_outer_one(account: dict[str, Any]) -> None:
    app = Starlette(routes=[Mount("/shop", add_routes(FastAPI()))], lifespan=lifespan(**account))
    with serve(app) as url:
        assert requests.get(f"{url}/shop/async-count", timeout=60).json() == 0


def test_connections_are_closed_at_the_end(server: LocalImageKit, account: dict[str, Any]) -> None:
    app = add_routes(FastAPI(lifespan=lifespan(**account)))
    before = count_resources()
    with serve(app) as url:
        for path in ("count", "async-count"):
            requests.get(f"{url}/{path}", timeout=60)
        assert count_resources() - before
    until = time.monotonic() + 60
    while count_resources() - before:  # local ImageKit, in this process too, closes its ends a little later
        assert time.monotonic() < until
        time.sleep(0.01)


def test_dependencies_can_be_overridden_without_a_lifespan(server: LocalImageKit) -> None:
    app = add_routes(FastAPI())
    with server.client() as imagekit:
        imagekit.upload_file(file=b"one", file_name="one.txt")
        app.dependency_overrides[get_imagekit] = lambda: imagekit
        app.dependency_overrides[get_async_imagekit] = server.async_client
        with make_test_client(app) as client:
            assert client.get("/count").json() == 1


@pytest.mark.parametrize("path", ["/count", "/async-count"])
def test_without_a_lifespan_the_error_explains_what_to_do(path: str) -> None:
    with pytest.raises(RuntimeError, match=r"pass lifespan=imagekitio\.contrib\.fastapi\.lifespan\(\)"):
        make_test_client(add_routes(FastAPI())).get(path)


def test_a_lifespan_that_was_not_called_is_an_error_that_says_so() -> None:
    with pytest.raises(TypeError, match=r"FastAPI\(lifespan=lifespan\(\)\)"):
        asyncio.run(start(FastAPI(lifespan=lifespan)))  # type: ignore[arg-type]


def test_a_session_is_refused_because_the_clients_need_two() -> None:
    with pytest.raises(TypeError, match="in your own lifespan"):
        lifespan(session=requests.Session())  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("settings", "kind", "message"),
    [({}, ValueError, "private_key"), ({"private_kay": "a"}, TypeError, "private_key")],
)
def test_wrong_settings_prevent_startup(
    settings: dict[str, Any], kind: type[Exception], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IMAGEKIT_PRIVATE_KEY", raising=False)
    with pytest.raises(kind, match=message):
        asyncio.run(start(FastAPI(lifespan=lifespan(**settings))))
