"""uvicorn in a thread of its own."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import uvicorn

if TYPE_CHECKING:
    import socket

    from starlette.types import ASGIApp

GRACE_SECONDS = 3  # for requests that are under way when the server stops


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.is_ready.set()


class ServerThread:
    """Serves `app` on a listening socket until `stop`; requests are answered when the constructor returns."""

    def __init__(self, app: ASGIApp, listener: socket.socket) -> None:
        config = uvicorn.Config(
            app,
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        self._server = _Server(config)
        self._listener = listener
        self._thread = threading.Thread(target=self._server.run, args=([listener],), name="local ImageKit", daemon=True)
        self._thread.start()
        while not self._server.is_ready.wait(0.1):
            if not self._thread.is_alive():
                raise RuntimeError("local ImageKit could not start; its log says why")

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._listener.close()
