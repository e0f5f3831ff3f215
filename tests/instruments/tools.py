"""The tools, each enabled for a block, after which it reports the requests that it has seen."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock
from urllib.parse import urlsplit

import aiohttp
import requests
import requests_mock
import responses
import sentry_sdk
import vcr
from aioresponses import aioresponses
from opentelemetry.instrumentation.aiohttp_client import AioHttpClientInstrumentor
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.instrumentation.urllib3 import URLLib3Instrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sentry_sdk.integrations.aiohttp import AioHttpIntegration
from sentry_sdk.integrations.stdlib import StdlibIntegration
from vcr.errors import CannotOverwriteExistingCassetteException

from .callers import DETAILS, REQUESTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    # Returns the method and path of each request, in order.
    Report = Callable[[], list[tuple[str, str]]]


@dataclass(frozen=True)
class Tool:
    """A tool that watches requests, or a mock, which answers them in place of the service.

    Attributes:
        switch_on: Function to call with the URL of the service and an empty folder.
        refusal: Exception that a mock raises for an unexpected request; None for a tool that only watches.
        watches_new_sessions_only: Whether the tool does not see sessions created before it was enabled.
    """

    switch_on: Callable[[str, Path], AbstractContextManager[Report]]
    refusal: type[Exception] | None = None
    watches_new_sessions_only: bool = False

    @property
    def is_mock(self) -> bool:
        return self.refusal is not None


@contextmanager
def mock_with_requests_mock(url: str, _: Path) -> Iterator[Report]:
    with requests_mock.Mocker() as mock:
        for method, path in REQUESTS:
            mock.register_uri(method, url + path, json=DETAILS)
        yield lambda: [(request.method, request.path) for request in mock.request_history]


@contextmanager
def mock_with_responses(url: str, _: Path) -> Iterator[Report]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        for method, path in REQUESTS:
            mock.add(method, url + path, json=DETAILS)
        yield lambda: [(str(call.request.method), call.request.path_url) for call in mock.calls]


@contextmanager
def mock_with_aioresponses(url: str, _: Path) -> Iterator[Report]:
    with aioresponses() as mock:
        for method, path in REQUESTS:
            mock.add(url + path, method, payload=DETAILS, response_class=MockedResponse)
        yield lambda: [(method, to.path) for (method, to), requests in mock.requests.items() for _ in requests]


class MockedResponse(aiohttp.ClientResponse):
    """The response class for aioresponses 0.7.9, which does not pass `stream_writer`; aiohttp 3.14 requires it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, stream_writer=Mock(output_size=0), **kwargs)


@contextmanager
def record_with_vcr(_: str, folder: Path) -> Iterator[Report]:
    with vcr.use_cassette(folder / "cassette.yaml", record_mode="once") as cassette:
        yield lambda: [(request.method, request.path) for request in cassette.requests]


@contextmanager
def replay_with_vcr(url: str, folder: Path) -> Iterator[Report]:
    with record_with_vcr(url, folder):
        for method, path in REQUESTS:
            requests.request(method, url + path, timeout=10.0)
    with vcr.use_cassette(folder / "cassette.yaml", record_mode="none") as cassette:
        yield lambda: [
            (request.method, request.path)
            for index, request in enumerate(cassette.requests)
            for _ in range(cassette.play_counts[index])
        ]


def trace_with(instrumentor: Any) -> Callable[[str, Path], AbstractContextManager[Report]]:
    """Return a function that enables an OpenTelemetry instrumentor."""

    @contextmanager
    def switch_on(_: str, __: Path) -> Iterator[Report]:
        def report() -> list[tuple[str, str]]:
            spans: list[Any] = [span.attributes for span in exporter.get_finished_spans()]
            return [(span["http.method"], urlsplit(span["http.url"]).path) for span in spans]

        exporter = InMemorySpanExporter()
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        instrumentor.instrument(tracer_provider=provider)
        try:
            yield report
        finally:
            instrumentor.uninstrument()

    return switch_on


@contextmanager
def watch_with_sentry(_: str, __: Path) -> Iterator[Report]:
    """Collect the breadcrumbs. Sentry never removes its patches, but without a client they do nothing."""
    crumbs: list[dict[str, Any]] = []
    sentry_sdk.init(
        "http://key@127.0.0.1:9/1",  # nothing is sent there: breadcrumbs are sent with events, and there are none
        before_breadcrumb=lambda crumb, _: crumbs.append(crumb["data"]),
        default_integrations=False,
        integrations=[StdlibIntegration(), AioHttpIntegration()],
        auto_session_tracking=False,
    )
    try:
        yield lambda: [(crumb["http.method"], urlsplit(crumb["url"]).path) for crumb in crumbs]
    finally:
        sentry_sdk.get_client().close()
        sentry_sdk.get_global_scope().set_client(None)


REQUESTS_MOCK = Tool(mock_with_requests_mock, refusal=requests_mock.NoMockAddress)
RESPONSES = Tool(mock_with_responses, refusal=requests.ConnectionError)
AIORESPONSES = Tool(mock_with_aioresponses, refusal=aiohttp.ClientConnectionError)
VCR_RECORDING = Tool(record_with_vcr)
VCR_REPLAYING = Tool(replay_with_vcr, refusal=CannotOverwriteExistingCassetteException)

SYNC_TOOLS: dict[str, Tool] = {
    "requests-mock": REQUESTS_MOCK,
    "responses": RESPONSES,
    "VCR recording": VCR_RECORDING,
    "VCR replaying": VCR_REPLAYING,
    "OpenTelemetry requests": Tool(trace_with(RequestsInstrumentor())),
    "OpenTelemetry urllib3": Tool(trace_with(URLLib3Instrumentor())),
    "Sentry": Tool(watch_with_sentry),
}
ASYNC_TOOLS: dict[str, Tool] = {
    "aioresponses": AIORESPONSES,
    "VCR recording": VCR_RECORDING,
    "VCR replaying": VCR_REPLAYING,
    # These two add a TraceConfig to each session when it is made.
    "OpenTelemetry aiohttp-client": Tool(trace_with(AioHttpClientInstrumentor()), watches_new_sessions_only=True),
    "Sentry": Tool(watch_with_sentry, watches_new_sessions_only=True),
}
