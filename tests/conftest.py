"""One local ImageKit for the tests of a module, emptied for each, and clients of both kinds that do not wait long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from imagekitio import Retry
from imagekitio.local import LocalImageKit

from .both_clients import BOTH, client_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imagekitio import ImageKit

QUICK = Retry(attempts=6, base_seconds=0.001, max_seconds=0.01)


@pytest.fixture(scope="module")
def running() -> Iterator[LocalImageKit]:
    with LocalImageKit() as server:
        yield server


@pytest.fixture
def server(running: LocalImageKit) -> LocalImageKit:
    running.reset()
    return running


@pytest.fixture(params=BOTH)
def ik(server: LocalImageKit, request: pytest.FixtureRequest) -> Iterator[ImageKit]:
    with client_of(server, request.param, retry=QUICK) as client:
        yield client


@pytest.fixture
def threads(server: LocalImageKit) -> Iterator[ImageKit]:
    with client_of(server, "threads", retry=QUICK) as client:
        yield client
