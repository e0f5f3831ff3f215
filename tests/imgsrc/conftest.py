"""One server for all tests of the clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .server import CLIENTS, Server, drive, make_client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .server import Driver


@pytest.fixture(scope="session")
def running_server() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


@pytest.fixture
def server(running_server: Server) -> Server:
    running_server.reset()
    return running_server


@pytest.fixture(params=CLIENTS)
def driver(request: Any, server: Server) -> Iterator[Driver]:
    with drive(request.param, make_client(request.param, server)) as found:
        yield found
