"""The view that receives webhooks."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

import django
import pytest
from asgiref.sync import async_to_sync
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import AsyncClient, Client
from django.urls import path

from imagekitio.contrib.django.configuration import get_client
from imagekitio.contrib.django.signals import file_created, file_deleted, webhook_received
from imagekitio.contrib.django.views import WebhookView
from imagekitio.webhooks import FileCreatedEvent, WebhookEvent
from tests.webhooks.signing import SECRET, sign_standard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.dispatch import Signal
    from pytest_django import Settings
    from pytest_django.live_server_helper import LiveServer

    from imagekitio.local import LocalImageKit

    Connect = Callable[[Signal, Callable[[Any], object]], None]


class OtherWebhookView(WebhookView):
    secret = ("whsec_old", "whsec_new")


urlpatterns = [
    path("webhook/", WebhookView.as_view()),
    path("other/webhook/", OtherWebhookView.as_view()),
]

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def _secret(account: LocalImageKit, settings: Settings) -> None:
    cache.clear()
    settings.IMAGEKIT = {**settings.IMAGEKIT, "webhook_secret": SECRET}


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Connect functions to signals for the test."""
    connected: list[tuple[Signal, Any]] = []

    def connect(signal: Signal, function: Callable[[Any], object]) -> None:
        def receive(sender: object, event: WebhookEvent, **_: object) -> None:
            assert isinstance(sender, type)
            assert issubclass(sender, WebhookView)
            function(event)

        signal.connect(receive, weak=False)
        connected.append((signal, receive))

    yield connect
    for signal, receive in connected:
        assert signal.disconnect(receive)


def make_body(id_: Any = "evt_1", type_: Any = "file.deleted") -> bytes:
    event = {"type": type_, "id": id_, "created_at": "2025-01-02T03:04:05.678Z", "data": {"fileId": "abc"}}
    return json.dumps({name: value for name, value in event.items() if value is not None}).encode()


def deliver(client: Client, body: bytes, *, secret: str = SECRET, url: str = "/webhook/", age: int = 0) -> Any:
    headers = sign_standard(body, secret, seconds=int(time.time()) - age)
    return client.post(url, body, content_type="application/json", headers=headers)


@pytest.mark.django_db(transaction=True)
def test_an_upload_arrives_as_a_signal(
    live_server: LiveServer, account: LocalImageKit, settings: Settings, connect: Connect
) -> None:
    hook = get_client().create_webhook(endpoint=f"{live_server.url}/webhook/", events=["file.created"])
    settings.IMAGEKIT = {**settings.IMAGEKIT, "webhook_secret": hook.secret}
    events: list[WebhookEvent] = []
    connect(file_created, events.append)
    file = get_client().upload_file(file=b"a", file_name="a.txt")
    assert [sent.attempts for sent in account.flush_webhooks()] == [1]
    [event] = events
    assert isinstance(event, FileCreatedEvent)
    assert event.data.file_id == file.file_id


def test_an_event_reaches_the_signal_of_its_kind_and_the_one_for_all(client: Client, connect: Connect) -> None:
    seen: list[str] = []
    connect(webhook_received, lambda event: seen.append(f"all {event.id}"))
    connect(file_deleted, lambda event: seen.append(f"deleted {event.id}"))
    connect(file_created, lambda event: seen.append(f"created {event.id}"))
    assert deliver(client, make_body()).status_code == 200
    assert seen == ["all evt_1", "deleted evt_1"]


def test_an_event_of_an_unknown_kind_reaches_the_signal_for_all(client: Client, connect: Connect) -> None:
    seen: list[str] = []
    connect(webhook_received, lambda event: seen.append(event.type))
    assert deliver(client, make_body(type_="file.painted")).status_code == 200
    assert seen == ["file.painted"]


@pytest.mark.parametrize(("id_", "type_"), [("\ud800", "file.deleted"), (7, ["file.deleted"]), ("", None)])
def test_an_odd_event_reaches_the_signal_for_all_once(client: Client, connect: Connect, id_: Any, type_: Any) -> None:
    seen: list[Any] = []
    connect(webhook_received, lambda event: seen.append(event.raw["id"]))
    for _ in range(2):
        assert deliver(client, make_body(id_, type_)).status_code == 200
    assert seen == [id_]


def test_a_duplicate_is_acknowledged_and_not_handled_again(client: Client, connect: Connect) -> None:
    seen: list[str] = []
    connect(webhook_received, lambda event: seen.append(event.id))
    for id_ in ("evt_1", "evt_1", "evt_2"):
        assert deliver(client, make_body(id_)).status_code == 200
    assert seen == ["evt_1", "evt_2"]


def test_events_without_an_id_are_told_apart_by_their_content(client: Client, connect: Connect) -> None:
    seen: list[str] = []
    connect(webhook_received, lambda event: seen.append(event.type))
    for type_ in ("file.deleted", "file.deleted", "folder.deleted"):
        assert deliver(client, make_body(None, type_)).status_code == 200
    assert seen == ["file.deleted", "folder.deleted"]


def test_an_event_whose_receiver_fails_answers_500_and_is_handled_at_the_next_delivery(connect: Connect) -> None:
    seen: list[str] = []

    def fail_first(event: WebhookEvent) -> None:
        seen.append("failing")
        if seen.count("failing") == 1:
            raise RuntimeError("no space left")

    connect(webhook_received, fail_first)
    connect(file_deleted, lambda _: seen.append("other"))
    client = Client(raise_request_exception=False)
    assert [deliver(client, make_body()).status_code for _ in range(3)] == [500, 200, 200]
    assert seen == ["failing", "other", "failing", "other"]


def test_one_of_two_simultaneous_deliveries_is_handled_and_the_other_is_sent_again(
    client: Client, connect: Connect
) -> None:
    started, may_end = threading.Event(), threading.Event()
    seen: list[str] = []
    answers: list[int] = []

    def receive(event: WebhookEvent) -> None:
        seen.append(event.id)
        started.set()
        assert may_end.wait(60)

    connect(webhook_received, receive)
    thread = threading.Thread(target=lambda: answers.append(deliver(Client(), make_body()).status_code))
    thread.start()
    assert started.wait(60)
    second = deliver(client, make_body())
    may_end.set()
    thread.join()
    assert (second.status_code, second.headers["Retry-After"]) == (503, "5")
    assert answers == [200]
    assert deliver(client, make_body()).status_code == 200
    assert seen == ["evt_1"]


@pytest.mark.parametrize("given", [{"secret": "whsec_wrong"}, {"age": 3600}])
def test_a_request_that_the_service_did_not_just_send_is_a_400_without_the_reason(
    client: Client, connect: Connect, caplog: pytest.LogCaptureFixture, given: dict[str, Any]
) -> None:
    seen: list[WebhookEvent] = []
    connect(webhook_received, seen.append)
    answer = deliver(client, make_body(), **given)
    assert (answer.status_code, answer.content) == (400, b"This is not an ImageKit webhook.")
    assert seen == []
    assert "Webhook refused: " in caplog.text
    assert "whsec_" not in caplog.text


def test_a_request_without_a_signature_is_a_400(client: Client) -> None:
    assert client.post("/webhook/", make_body(), content_type="application/json").status_code == 400
    assert client.get("/webhook/").status_code == 405


def test_no_csrf_token_and_no_login_are_needed(settings: Settings) -> None:
    if django.VERSION >= (5, 1):
        settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.contrib.auth.middleware.LoginRequiredMiddleware"]
    assert deliver(Client(enforce_csrf_checks=True), make_body()).status_code == 200


def test_a_view_may_have_its_own_secrets(client: Client) -> None:
    for secret, status in (("whsec_old", 200), ("whsec_new", 200), (SECRET, 400)):
        assert deliver(client, make_body(), secret=secret, url="/other/webhook/").status_code == status


def test_without_a_secret_the_setting_is_named(client: Client, account: LocalImageKit, settings: Settings) -> None:
    settings.IMAGEKIT = {name: value for name, value in settings.IMAGEKIT.items() if name != "webhook_secret"}
    with pytest.raises(ImproperlyConfigured, match=r'IMAGEKIT\["webhook_secret"\]'):
        deliver(client, make_body())


def test_the_view_works_under_asgi(connect: Connect) -> None:
    seen: list[str] = []
    connect(file_deleted, lambda event: seen.append(event.id))
    body = make_body()
    headers = sign_standard(body, seconds=int(time.time()))

    async def post() -> Any:
        return await AsyncClient().post("/webhook/", body, content_type="application/json", headers=headers)

    assert async_to_sync(post)().status_code == 200
    assert seen == ["evt_1"]


@pytest.mark.django_db(transaction=True)
def test_data_of_receivers_is_committed_before_the_event_counts_as_handled(
    settings: Settings, connect: Connect
) -> None:
    in_transaction: list[bool] = []
    connect(webhook_received, lambda _: in_transaction.append(connection.in_atomic_block))
    connection.settings_dict["ATOMIC_REQUESTS"] = True
    try:
        assert deliver(Client(), make_body()).status_code == 200
    finally:
        connection.settings_dict["ATOMIC_REQUESTS"] = False
    assert in_transaction == [False]
