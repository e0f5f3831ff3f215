"""Tools that watch requests see each of them, and with a mock none reaches the service."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import product
from typing import TYPE_CHECKING

import pytest
import pytest_socket

from imagekitio import NetworkException

from ..transports.faults import run_server
from .callers import ANSWER, ASYNC_CALLERS, CONTENT, REQUESTS, SYNC_CALLERS
from .tools import ASYNC_TOOLS, SYNC_TOOLS, Tool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ..transports.faults import Server
    from .callers import Caller

CALLERS = {**SYNC_CALLERS, **ASYNC_CALLERS}
TOOLS_AND_CALLERS = {
    f"{tool}-{caller}": (tools[tool], callers[caller])
    for tools, callers in ((SYNC_TOOLS, SYNC_CALLERS), (ASYNC_TOOLS, ASYNC_CALLERS))
    for tool, caller in product(tools, callers)
}
MOCKS_AND_CALLERS = {name: pair for name, pair in TOOLS_AND_CALLERS.items() if pair[0].is_mock}

each_connection = pytest.mark.parametrize("connection", ["new", "kept"])
each_caller = pytest.mark.parametrize("caller", CALLERS.values(), ids=CALLERS.keys())
each_tool = pytest.mark.parametrize(("tool", "caller"), TOOLS_AND_CALLERS.values(), ids=TOOLS_AND_CALLERS.keys())
each_mock = pytest.mark.parametrize(("mock", "caller"), MOCKS_AND_CALLERS.values(), ids=MOCKS_AND_CALLERS.keys())


@pytest.fixture
def service() -> Iterator[Server]:
    with run_server(ANSWER) as server:
        yield server


@each_connection
@each_tool
def test_a_tool_sees_every_request(
    tool: Tool, caller: Caller, connection: str, service: Server, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        if tool.watches_new_sessions_only:
            report = stack.enter_context(tool.switch_on(service.url, tmp_path))
        calls = stack.enter_context(caller(service.url, tmp_path))
        if connection == "kept":
            for call in calls:
                call()
            assert service.connections == 1
        if not tool.watches_new_sessions_only:
            report = stack.enter_context(tool.switch_on(service.url, tmp_path))
        reported_before, sent_before = len(report()), len(service.seen)

        for call in calls:
            call()

        assert report()[reported_before:] == REQUESTS
        sent = service.seen[sent_before:]
        assert [(request.method, request.target) for request in sent] == ([] if tool.is_mock else REQUESTS)
        assert tool.is_mock or CONTENT in sent[2].body


@pytest.mark.parametrize("name", [name for name, tool in ASYNC_TOOLS.items() if tool.watches_new_sessions_only])
def test_a_client_made_before_a_tracer_is_watched_from_its_first_call(
    name: str, service: Server, tmp_path: Path
) -> None:
    with (
        ASYNC_CALLERS["AsyncImageKit"](service.url, tmp_path) as calls,
        ASYNC_TOOLS[name].switch_on(service.url, tmp_path) as report,
    ):
        for call in calls:
            call()
        assert report() == REQUESTS


@each_connection
@each_mock
def test_a_request_that_a_mock_does_not_expect_does_not_reach_the_service(
    mock: Tool, caller: Caller, connection: str, service: Server, tmp_path: Path
) -> None:
    with caller(service.url, tmp_path) as calls, run_server(ANSWER) as another_service:
        if connection == "kept":
            calls[0]()
        service.seen.clear()
        assert mock.refusal
        with mock.switch_on(another_service.url, tmp_path):
            for call in calls:
                with pytest.raises((mock.refusal, NetworkException)):
                    call()
    assert service.seen == []


@pytest.mark.filterwarnings("ignore:A test tried to use socket:UserWarning")  # pytest-socket warns and raises
@each_caller
def test_with_pytest_socket_no_connection_is_opened(caller: Caller, service: Server, tmp_path: Path) -> None:
    with caller(service.url, tmp_path) as calls:
        pytest_socket.disable_socket()
        try:
            for call in calls:
                with pytest.raises(pytest_socket.SocketBlockedError):
                    call()
        finally:
            pytest_socket.enable_socket()
    assert service.connections == 0


@each_caller
def test_with_pytest_socket_an_open_connection_still_works_and_no_other_is_opened(
    caller: Caller, service: Server, tmp_path: Path
) -> None:
    """pytest-socket only guards the creation of sockets, as the plain sessions show."""
    with caller(service.url, tmp_path) as calls:
        calls[0]()
        pytest_socket.disable_socket()
        try:
            for call in calls:
                call()
        finally:
            pytest_socket.enable_socket()
    assert service.connections == 1
