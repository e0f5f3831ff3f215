"""What happens around every request, and what listeners are told of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.local.base.clock import Clock
from imagekitio.local.base.settings import Settings
from imagekitio.local.web.exchange import MAX_URL_BYTES, Exchange, Observed, error_of
from imagekitio.local.web.faults import Faults

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp, Message, Receive, Scope, Send


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that refuses everything, in two pieces."""
    await send({"type": "http.response.start", "status": 400, "headers": [(b"ETag", b"e")]})
    await send({"type": "http.response.body", "body": b'{"message": ', "more_body": True})
    await send({"type": "http.response.body", "body": b'"It is wrong."}'})


class Site:
    """An application behind an `Exchange` with two listeners."""

    def __init__(self, folder: Path, app: ASGIApp = answer) -> None:
        self.told: list[Observed] = []
        self.sent: list[Message] = []
        self.told_before_the_end: list[int] = []
        clock = Clock()
        clock.freeze(1_700_000_000)
        settings = Settings(data=folder, url_endpoint="http://127.0.0.1:1/local", clock=clock)
        self._exchange = Exchange(app, settings, Faults(), [self.told.append, self.told.append])

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


def test_every_listener_is_told_once_before_the_client_can_know_that_it_is_over(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.ask("/v1/files", query="a=1&ik-s=secret", authorization="Basic x")
    assert site.told_before_the_end == [0, 0, 2]
    first, second = site.told
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
    tmp_path: Path, method: str, path: str, headers: dict[str, str], operation: str | None
) -> None:
    site = Site(tmp_path)
    site.ask(path, method, **headers)
    assert site.told[0].operation == operation


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
def test_the_client_may_know_by_the_length_that_it_is_over(
    tmp_path: Path, method: str, status: int, headers: list[tuple[bytes, bytes]], told: list[int]
) -> None:
    async def stream(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if status == 204 else b"body", "more_body": True})
        await send({"type": "http.response.body"})

    site = Site(tmp_path, stream)
    site.ask("/v1/files", method)
    assert site.told_before_the_end == told
    assert len(site.told) == 2


def test_requests_to_the_control_api_are_nobodys_business(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.ask("/_local/health")
    assert site.told == []


def test_the_body_that_a_head_request_does_not_get_does_not_count(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.ask("/local/a.jpg", "HEAD")
    assert site.told[0].sent_bytes == 0


def test_an_application_that_fails_is_a_500(tmp_path: Path) -> None:
    async def fail(scope: Scope, receive: Receive, send: Send) -> None:
        raise ZeroDivisionError

    site = Site(tmp_path, fail)
    with pytest.raises(ZeroDivisionError):
        site.ask("/v1/files")
    assert site.told[0].status == 500


def test_a_request_that_is_under_way_when_the_server_stops_is_answered(tmp_path: Path) -> None:
    async def wait(scope: Scope, receive: Receive, send: Send) -> None:
        raise asyncio.CancelledError

    site = Site(tmp_path, wait)
    site.ask("/v1/files")
    assert [message.get("status") for message in site.sent] == [503, None]
    assert (site.told[0].status, site.told[0].error) == (503, "Local ImageKit is stopping.")


def test_a_url_that_is_too_long_is_refused_and_not_kept_whole(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.ask("/" + "a" * 1_000_000, query="b" * 1_000_000)
    (told, _) = site.told
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
    assert error_of(400, headers, body) == error
    assert error_of(200, headers, body) == ""
    assert error_of(None, headers, body) == "The connection ended without an answer."
