"""The last requests, as the page shows them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from imagekitio.local.page.journal import MAX_ENTRIES, Journal, error_of
from imagekitio.local.web.exchange import MAX_URL_BYTES

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send


def ask(journal: Journal, path: str = "/v1/files", query: str = "", status: int = 200, **headers: str) -> None:
    """One request that an application answers with `status`; 0 ends the connection instead."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if not status:
            raise ConnectionResetError
        body = b'{"message": "It is wrong."}'
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": body[:5], "more_body": True})
        await send({"type": "http.response.body", "body": body[5:]})

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        pass

    encoded = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": encoded,
    }

    async def run() -> None:
        await journal.watching(app)(scope, receive, send)

    asyncio.run(run())


def test_a_request_is_remembered_with_what_went_wrong_and_without_its_signature() -> None:
    journal = Journal()
    ask(journal)
    ask(journal, "/local/a.jpg", "tr=w-5&ik-s=abc&x=1", status=401)
    good, bad = journal.after(0)
    assert (good.number, good.method, good.path, good.status, good.error) == (1, "GET", "/v1/files", 200, "")
    assert (bad.number, bad.query, bad.status, bad.error) == (2, "tr=w-5&ik-s=***&x=1", 401, "It is wrong.")
    assert good.at <= bad.at
    assert 0 <= bad.milliseconds < 1000
    assert [entry.number for entry in journal.after(1)] == [2]


def test_a_connection_that_ends_without_an_answer_is_remembered_too() -> None:
    journal = Journal()
    with pytest.raises(ConnectionResetError):
        ask(journal, status=0)
    (entry,) = journal.after(0)
    assert (entry.status, entry.error) == (0, "The connection ended without an answer.")


def test_the_pages_own_requests_are_left_out_but_not_the_links_that_people_follow() -> None:
    journal = Journal()
    ask(journal, "/")
    ask(journal, "/_local/page/requests")
    ask(journal, "/local/a.jpg", sec_fetch_site="same-origin", sec_fetch_mode="no-cors")
    assert journal.after(0) == []
    ask(journal, "/local/a.jpg", sec_fetch_site="same-origin", sec_fetch_mode="navigate")
    ask(journal, "/local/b.jpg", sec_fetch_site="same-site", sec_fetch_mode="no-cors")
    assert [entry.path for entry in journal.after(0)] == ["/local/a.jpg", "/local/b.jpg"]


def test_only_the_last_requests_are_kept() -> None:
    journal = Journal()
    for _ in range(MAX_ENTRIES + 3):
        ask(journal)
    assert [entry.number for entry in journal.after(0)] == list(range(4, MAX_ENTRIES + 4))


def test_a_long_address_is_not_kept_whole() -> None:
    journal = Journal()
    ask(journal, "/" + "a" * 1_000_000, "b" * 1_000_000)
    (entry,) = journal.after(0)
    assert (len(entry.path), len(entry.query)) == (MAX_URL_BYTES, MAX_URL_BYTES)


@pytest.mark.parametrize(
    ("headers", "body", "error"),
    [
        ({b"ik-error": b"EINVAL - w must be > 0 (got 50%25)"}, b"?", "EINVAL - w must be > 0 (got 50%)"),
        ({}, b'{"message": "No.", "help": "Yes."}', "No."),
        ({}, b"[1]", ""),
        ({}, b"<html>", ""),
        ({}, b'{"message"', ""),
        ({}, b"\xff", ""),
    ],
)
def test_an_error_is_found_in_the_header_or_the_body(headers: dict[bytes, bytes], body: bytes, error: str) -> None:
    assert error_of(headers, body) == error
