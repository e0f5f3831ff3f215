"""uvicorn in its own thread."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from .answers import JSON
from .exchange import CONNECTION, MAX_URL_BYTES, TOO_LONG

if TYPE_CHECKING:
    import socket

    from starlette.types import ASGIApp

    from .site import Site

GRACE_SECONDS = 3  # for requests in progress when the server stops
KEEP_ALIVE_SECONDS = 75  # longer than clients pause: a request sent while the connection is being closed fails
LINGER_SECONDS = 1  # for a client that is still sending a refused request
MAX_HEAD_BYTES = MAX_URL_BYTES + 16_384  # of the request line and the headers

# The clock of `time.monotonic`. Tests that freeze the time (freezegun) replace that function in all modules.
if sys.platform == "win32":
    _read_monotonic_clock = partial(time.monotonic)
else:
    _read_monotonic_clock = partial(time.clock_gettime, time.CLOCK_MONOTONIC)


class _Config(uvicorn.Config):
    def __init__(self, app: ASGIApp, site: Site, **options: Any) -> None:
        super().__init__(app, **options)
        self.site = site


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_ready: threading.Event = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        # With a frozen clock, waiting for the end would never finish.
        asyncio.get_running_loop().time = _read_monotonic_clock  # type: ignore[method-assign]
        await super().startup(sockets=sockets)
        self.is_ready.set()


class _Protocol(H11Protocol):
    """A protocol that lets the application cut a connection, unlike ASGI, and refuses malformed requests in JSON."""

    _is_refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, CONNECTION: transport}

    def data_received(self, data: bytes) -> None:
        if not self._is_refused:  # the rest of a refused request is ignored
            super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        self._is_refused = True
        received, _ = self.conn.trailing_data
        if len(received) <= MAX_HEAD_BYTES:
            status, message = b"400 Bad Request", msg
        elif b"\n" in received[:MAX_HEAD_BYTES]:
            status, message = b"431 Request Header Fields Too Large", "The headers of your request are too large."
        else:
            status, message = b"414 URI Too Long", TOO_LONG
        assert isinstance(self.config, _Config)
        body = json.dumps(self.config.site.http_error_body(int(status[:3]), message, None)).encode()
        headers = b"content-type: %b\r\ncontent-length: %d" % (JSON.encode(), len(body))
        self.transport.write(b"HTTP/1.1 %b\r\n%b\r\nconnection: close\r\n\r\n%b" % (status, headers, body))
        # Do not close yet: bytes that the client is still sending would reset the connection and lose the response.
        self.transport.write_eof()
        self.loop.call_later(LINGER_SECONDS, self.transport.close)


class ServerThread:
    """A thread that serves `app` on a listening socket until `stop`; it is ready when the constructor returns."""

    def __init__(self, app: ASGIApp, site: Site, listener: socket.socket) -> None:
        config = _Config(
            app,
            site,
            loop="asyncio",
            http=_Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,  # see `addresses.ForwardedAddress`
            server_header=False,
            date_header=False,  # see `exchange`, which uses the server's clock
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
            h11_max_incomplete_event_size=MAX_HEAD_BYTES,
        )
        self._server = _Server(config)
        self._listener = listener
        name = f"local {site.service}"
        self._thread = threading.Thread(target=self._server.run, args=([listener],), name=name, daemon=True)
        self._thread.start()
        while not self._server.is_ready.wait(0.1):
            if not self._thread.is_alive():
                raise RuntimeError(f"{name} could not start; see its log for the reason")

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._listener.close()
