"""The handling of every request, and the notification of listeners."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.local.base.clock import Clock
from imagekitio.local.web.exchange import MAX_URL_BYTES, Exchange, Observed, find_error
from imagekitio.local.web.faults import Faults
from imagekitio.local.web.imagekit import ImageKitSite

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


SITE = ImageKitSite("local")


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Refuse every request with a response in two pieces."""
    await send({"type": "http.response.start", "status": 400, "headers": [(b"ETag", b"e")]})
    await send({"type": "http.response.body", "body": b'{"message": ', "more_body": True})
    await send({"type": "http.response.body", "body": b'"It is wrong."}'})


class Served:
    """An application behind an `Exchange` with two listeners."""

    def __init__(self, app: ASGIApp = refuse) -> None:
        self.told: list[Observed] = []
        self.sent: list[Message] = []
        self.told_before_the_end: list[int] = []
        clock = Clock()
        clock.freeze(1_700_000_000)
        self._exchange = Exchange(app, SITE, clock, Faults(SITE.operations), [self.told.append, self.told.append])

    def ask(self, path: str, method: str = "GET", query: str = "", **headers: str) -> None:
        scope: dict[str, Any] = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }

        async def receive() -> Message:
            raise AssertionError

        async def send(message: Message) -> None:
            self.told_before_the_end.append(len(self.told))
            self.sent.append(message)

        asyncio.run(self._exchange(scope, receive, send))


def test_every_listener_is_notified_once_before_the_response_is_complete() -> None:
    served = Served()
    served.ask("/v1/files", query="a=1&ik-s=secret", authorization="Basic x")
    assert served.told_before_the_end == [0, 0, 2]
    first, second = served.told
    assert first is second
    assert (first.operation, first.status, first.error, first.sent_bytes) == ("list_files", 400, "It is wrong.", 27)
    assert (first.path, first.query, first.at) == ("/v1/files", "a=1&ik-s=***", 1_700_000_000)
    assert (first.headers, first.answer_headers) == ({"authorization": "Basic x"}, {"etag": "e"})
    assert 0 <= first.milliseconds < 60_000


@pytest.mark.parametrize(
    ("method", "path", "headers", "operation"),
    [
        ("GET", "/v1/files/", {}, "list_files"),
        ("HEAD", "/v1/files", {}, "list_files"),
        ("PUT", "/v1/files", {}, None),
        ("POST", "/api/v1/files/upload", {"authorization": "Basic x"}, "upload_file"),
        ("POST", "/api/v1/files/upload", {}, "upload_file_client_side"),
        ("GET", "/local/a.jpg", {}, "delivery"),
        ("GET", "/other/a.jpg", {}, None),
        ("GET", "/", {}, None),
    ],
)
def test_a_request_has_the_name_of_its_operation(
    method: str, path: str, headers: dict[str, str], operation: str | None
) -> None:
    served = Served()
    served.ask(path, method, **headers)
    assert served.told[0].operation == operation


@pytest.mark.parametrize(
    ("method", "status", "headers", "told"),
    [
        ("GET", 200, [], [0, 0, 2]),
        ("GET", 200, [(b"content-length", b"4")], [0, 2, 2]),
        ("GET", 200, [(b"content-length", b"5")], [0, 0, 2]),
        ("DELETE", 204, [], [2, 2, 2]),
        ("HEAD", 200, [(b"content-length", b"4")], [2, 2, 2]),
    ],
)
def test_listeners_are_notified_before_the_last_byte_of_a_known_length(
    method: str, status: int, headers: list[tuple[bytes, bytes]], told: list[int]
) -> None:
    async def stream(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if status == 204 else b"body", "more_body": True})
        await send({"type": "http.response.body"})

    served = Served(stream)
    served.ask("/v1/files", method)
    assert served.told_before_the_end == told
    assert len(served.told) == 2


def test_listeners_are_not_notified_of_requests_to_the_control_api() -> None:
    served = Served()
    served.ask("/_local/health")
    assert served.told == []


def test_the_body_that_a_head_request_does_not_get_is_not_counted() -> None:
    served = Served()
    served.ask("/local/a.jpg", "HEAD")
    assert served.told[0].sent_bytes == 0


def test_a_failing_application_results_in_a_500() -> None:
    async def fail(scope: Scope, receive: Receive, send: Send) -> None:
        raise ZeroDivisionError

    served = Served(fail)
    with pytest.raises(ZeroDivisionError):
        served.ask("/v1/files")
    assert served.told[0].status == 500


def test_a_request_still_running_when_the_server_stops_gets_a_response() -> None:
    async def wait(scope: Scope, receive: Receive, send: Send) -> None:
        raise asyncio.CancelledError

    served = Served(wait)
    served.ask("/v1/files")
    assert [message.get("status") for message in served.sent] == [503, None]
    assert (served.told[0].status, served.told[0].error) == (503, "Local ImageKit is stopping.")


def test_a_url_that_is_too_long_is_refused_and_truncated_for_listeners() -> None:
    served = Served()
    served.ask("/" + "a" * 1_000_000, query="b" * 1_000_000)
    (told, _) = served.told
    assert (told.status, len(told.path), len(told.query)) == (414, MAX_URL_BYTES, MAX_URL_BYTES)


@pytest.mark.parametrize(
    ("headers", "body", "error"),
    [
        ({"ik-error": "EINVAL - w must be > 0 (got 50%25)"}, b"?", "EINVAL - w must be > 0 (got 50%)"),
        ({}, b'{"message": "No.", "help": "Yes."}', "No."),
        ({}, b"[1]", ""),
        ({}, b"<html>", ""),
        ({}, b'{"message"', ""),
        ({}, b"\xff", ""),
    ],
)
def test_an_error_is_found_in_the_header_or_the_body(headers: dict[str, str], body: bytes, error: str) -> None:
    assert find_error(SITE, 400, headers, body) == error
    assert find_error(SITE, 200, headers, body) == ""
    assert find_error(SITE, None, headers, body) == "The connection ended without a response."
