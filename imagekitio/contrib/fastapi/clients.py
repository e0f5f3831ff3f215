"""The clients of an application, which are opened when it starts and closed when it stops."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Literal

from starlette.applications import Starlette

from ...aio import AsyncImageKit
from ...client import ImageKit

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping
    from contextlib import AbstractAsyncContextManager

    from starlette.requests import HTTPConnection
    from typing_extensions import Unpack

    from ...settings import CommonKeywords

    class ClientSettings(CommonKeywords, total=False):
        """The arguments that both clients have."""

        public_key: str | None
        private_key: str | None
        url_endpoint: str | None
        transformation_position: str | None
        options: Mapping[str, Any] | None


def lifespan(
    own: Callable[[Any], AbstractAsyncContextManager[Mapping[str, Any] | None]] | None = None,
    /,
    **settings: Unpack[ClientSettings],
) -> Callable[[Any], AbstractAsyncContextManager[Mapping[str, Any]]]:
    """Return a lifespan that opens an `ImageKit` and an `AsyncImageKit`, and closes them when the application stops.

    ::

        app = FastAPI(lifespan=lifespan())
        app = FastAPI(lifespan=lifespan(connect_database))  # your own lifespan runs inside

    Requests have the clients in their state (Starlette docs, "Lifespan State"): `request.state.imagekit` and
    `request.state.async_imagekit`, even in mounted applications. In FastAPI, use `ImageKitDep` and `AsyncImageKitDep`.
    If your own lifespan needs a client at startup, let it enter this one::

        @asynccontextmanager
        async def prepare(app):
            async with lifespan()(app) as state:
                await state["async_imagekit"].get_file_by_path("/logo.png")
                yield state

    Args:
        own: Your lifespan. It starts when the clients are open, and stops before they are closed. Its state is kept; a
            client in it under one of the two names, such as one with its own session, takes precedence.
        settings: Arguments of both clients, such as `private_key` or `timeout`; missing ones are read from the
            environment when the application starts.
    Returns:
        The argument `lifespan` of `FastAPI`, `Starlette` or `APIRouter`.
    Raises:
        TypeError: `own` is an application, because `lifespan` was passed instead of ``lifespan()``; or `session` is
            given, but the clients need different ones.
        TypeError, ValueError: At startup: a setting is not valid or missing; see `ImageKit`.
    """
    if isinstance(own, Starlette):
        raise TypeError("call lifespan to get a lifespan: FastAPI(lifespan=lifespan())")
    if "session" in settings:
        raise TypeError(
            "session is a requests.Session for one client and an aiohttp.ClientSession for the other: make that client "
            'in your own lifespan, and yield it as {"imagekit": …} or {"async_imagekit": …}'
        )

    @asynccontextmanager
    async def open_clients(app: Any) -> AsyncGenerator[Mapping[str, Any], None]:
        with ImageKit(**settings) as imagekit:
            async with AsyncImageKit(**settings) as async_imagekit:
                state: dict[str, Any] = {"imagekit": imagekit, "async_imagekit": async_imagekit}
                if own is None:
                    yield state
                else:
                    async with own(app) as more:
                        yield {**state, **(more or {})}

    return open_clients


def find_client(connection: HTTPConnection, name: Literal["imagekit", "async_imagekit"]) -> Any:
    """Return the client that has this name in the state of a request or a WebSocket.

    Raises:
        RuntimeError: The application was started without `lifespan`.
    """
    client = getattr(connection.state, name, None)
    if client is None:
        raise RuntimeError(
            "the ImageKit clients are not open: pass lifespan=imagekitio.contrib.fastapi.lifespan() to the app; "
            "in tests, use TestClient(app) as a context manager, which runs the lifespan"
        )
    return client
