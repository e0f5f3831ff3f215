"""One local ImageKit for each module, reset for each test, and clients of both kinds with short waits."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from imagekitio import Retry
from imagekitio.local import LocalImageKit

from .both_clients import BOTH, client_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imagekitio import ImageKit

# The tests of the wheel check that nothing is missing from it; the other runs try many inputs.
with suppress(ImportError):  # the environment `instruments` has no Hypothesis
    from hypothesis import HealthCheck, settings

    settings.register_profile(
        "few-examples", max_examples=3, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )

QUICK = Retry(attempts=6, base_seconds=0.001, max_seconds=0.01)


@pytest.fixture(scope="module")
def module_server() -> Iterator[LocalImageKit]:
    with LocalImageKit() as server:
        yield server


@pytest.fixture
def server(module_server: LocalImageKit) -> LocalImageKit:
    module_server.reset()
    return module_server


@pytest.fixture(params=BOTH)
def ik(server: LocalImageKit, request: pytest.FixtureRequest) -> Iterator[ImageKit]:
    with client_of(server, request.param, retry=QUICK) as client:
        yield client


@pytest.fixture
def threads(server: LocalImageKit) -> Iterator[ImageKit]:
    with client_of(server, "threads", retry=QUICK) as client:
        yield client
