"""Webhooks of the service, from its signature to the function of the application."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import requests
from anyio import CancelScope, from_thread
from fastapi import FastAPI

from imagekitio.contrib.events import identify_event
from imagekitio.contrib.fastapi import EventState, MemoryEventStore, lifespan, webhook_router
from imagekitio.webhooks import FileDeletedEvent

from ...webhooks.signing import BODY, IMAGEKIT, SECRET, sign_imagekit, sign_standard
from .serving import serve

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from imagekitio.webhooks import WebhookEvent


def make_app(
    account: dict[str, Any],
    on_event: Callable[[WebhookEvent], object],
    client_secret: str | None = SECRET,
    **options: Any,
) -> FastAPI:
    app = FastAPI(lifespan=lifespan(**{**account, "webhook_secret": client_secret}))
    app.include_router(webhook_router(on_event, **options))
    return app


def post(url: str, body: bytes = BODY, headers: dict[str, str] | None = None) -> requests.Response:
    now = {**sign_imagekit(body, milliseconds=int(time.time() * 1000)), "Content-Type": "application/json"}
    return requests.post(f"{url}/imagekit-webhook", data=body, headers=now if headers is None else headers, timeout=60)


def make_body(event_id: object) -> bytes:
    return json.dumps({**json.loads(BODY), "id": event_id}).encode()


def test_an_event_reaches_an_asynchronous_function_and_one_that_runs_in_a_thread(account: dict[str, Any]) -> None:
    seen: list[tuple[WebhookEvent, bool]] = []

    async def handle(event: WebhookEvent) -> None:
        await asyncio.sleep(0)
        seen.append((event, threading.current_thread().name.startswith("AnyIO")))

    def handle_in_thread(event: WebhookEvent) -> None:
        seen.append((event, threading.current_thread().name.startswith("AnyIO")))

    class Handler:
        async def __call__(self, event: WebhookEvent) -> None:
            await handle(event)

    for on_event in (handle, handle_in_thread, Handler()):
        with serve(make_app(account, on_event)) as url:
            answer = post(url)
        assert (answer.status_code, answer.content) == (200, b"")
    assert [in_thread for _, in_thread in seen] == [False, True, False]
    for event, _ in seen:
        assert isinstance(event, FileDeletedEvent)
        assert (event.id, event.data.file_id) == ("evt_01", "6650a1b2c3d4e5f607182930")


def test_both_signatures_and_a_secret_of_the_router_are_accepted(account: dict[str, Any]) -> None:
    seen: list[WebhookEvent] = []
    with serve(make_app(account, seen.append, None, secret=["whsec_b2xk", SECRET])) as url:
        assert post(url, headers=sign_standard(BODY, seconds=int(time.time()))).status_code == 200
    assert len(seen) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        IMAGEKIT,  # of another year
        {"x-ik-signature": "nonsense"},
        sign_imagekit(BODY, "whsec_of_another", milliseconds=int(time.time() * 1000)),
    ],
)
def test_what_the_service_did_not_send_is_refused_without_details(
    account: dict[str, Any], headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[WebhookEvent] = []
    with serve(make_app(account, seen.append)) as url:
        answer = post(url, headers=headers)
    assert (answer.status_code, answer.json()["message"]) == (400, "This is not an ImageKit webhook.")
    assert not seen
    assert "Webhook refused: " in caplog.text
    assert SECRET not in caplog.text


def test_a_body_that_is_huge_is_refused(account: dict[str, Any]) -> None:
    with serve(make_app(account, print)) as url:
        answer = post(url, bytes(5_000_001))
    assert (answer.status_code, answer.json()["message"]) == (413, "The file is too large: the maximum is 5 MB.")


def test_without_a_secret_the_log_says_what_is_missing(
    account: dict[str, Any], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IMAGEKIT_WEBHOOK_SECRET", raising=False)
    with serve(make_app(account, print, None)) as url:
        answer = post(url)
    assert (answer.status_code, answer.text) == (500, "Internal Server Error")
    assert "IMAGEKIT_WEBHOOK_SECRET" in caplog.text


@pytest.mark.parametrize("event_id", ["evt_01", "", None, 7])
def test_an_event_that_comes_twice_is_handled_once(account: dict[str, Any], event_id: object) -> None:
    seen: list[WebhookEvent] = []
    with serve(make_app(account, seen.append)) as url:
        assert [post(url, make_body(event_id)).status_code for _ in range(3)] == [200, 200, 200]
        assert post(url, make_body("another")).status_code == 200
    assert len(seen) == 2


def test_an_event_that_failed_is_handled_when_it_comes_again(account: dict[str, Any]) -> None:
    seen: list[WebhookEvent] = []

    def handle(event: WebhookEvent) -> None:
        seen.append(event)
        if len(seen) == 1:
            raise RuntimeError("the database is down")

    with serve(make_app(account, handle)) as url:
        assert [post(url).status_code for _ in range(3)] == [500, 200, 200]
    assert len(seen) == 2


def test_an_event_that_comes_while_it_is_handled_is_put_off(account: dict[str, Any]) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def handle(event: WebhookEvent) -> None:
        begun.set()
        assert may_end.wait(60)

    with serve(make_app(account, handle)) as url, ThreadPoolExecutor(1) as executor:
        first = executor.submit(post, url)
        assert begun.wait(60)
        second = post(url)
        may_end.set()
        assert (first.result().status_code, post(url).status_code) == (200, 200)
    assert (second.status_code, second.headers["retry-after"]) == (503, "5")


def test_your_own_store_is_used(account: dict[str, Any]) -> None:
    class Store(MemoryEventStore):
        def begin(self, event_id: str) -> EventState:
            asked.append(event_id)
            return super().begin(event_id)

    asked: list[str] = []
    store = Store()
    with serve(make_app(account, print, store=store)) as url, serve(make_app(account, print, store=store)) as other:
        assert (post(url).status_code, post(other).status_code) == (200, 200)
    assert asked == [identify_event("evt_01", b"")] * 2


def test_an_event_whose_request_is_cancelled_at_its_beginning_is_new_again(account: dict[str, Any]) -> None:
    class Store(MemoryEventStore):
        def begin(self, event_id: str) -> EventState:
            state = super().begin(event_id)
            if scopes:
                from_thread.run_sync(scopes.pop().cancel)
            return state

    class Limit:  # as a middleware does that ends a request after some time
        def __init__(self, app: ASGIApp) -> None:
            self.app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            with CancelScope() as limit:
                if scope["type"] == "http" and not seen:
                    seen.append("cancelled")
                    scopes.append(limit)
                await self.app(scope, receive, send)

    scopes: list[CancelScope] = []
    seen: list[object] = []

    async def handle(event: WebhookEvent) -> None:
        await asyncio.sleep(0)
        seen.append(event)

    app = make_app(account, handle, store=Store())
    app.add_middleware(Limit)
    with serve(app) as url:
        assert [post(url).status_code for _ in range(3)] == [500, 200, 200]
    assert len(seen) == 2


def test_several_secrets_hold_for_every_request(account: dict[str, Any]) -> None:
    with serve(make_app(account, print, None, secret=iter(["whsec_b2xk", SECRET]))) as url:
        assert [post(url, make_body(name)).status_code for name in ("a", "b")] == [200, 200]


@pytest.mark.parametrize("secret", [5, "", [], ["whsec_b2xk", 7]])
def test_a_secret_that_is_not_valid_is_an_error_at_startup(secret: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IMAGEKIT_WEBHOOK_SECRET", raising=False)
    with pytest.raises((TypeError, ValueError), match="secret"):
        webhook_router(print, secret=secret)


@pytest.mark.parametrize("wrong", [None, "handle"])
def test_a_router_needs_a_function(wrong: Any) -> None:
    with pytest.raises(TypeError, match="on_event must be a function"):
        webhook_router(wrong)


def test_the_documentation_of_the_route_lists_its_answers(account: dict[str, Any]) -> None:
    route = make_app(account, print).openapi()["paths"]["/imagekit-webhook"]["post"]
    assert route["responses"].keys() == {"200", "400", "413", "503"}
    assert route["description"] == "Handle an event that the image service reports."
