"""Webhooks: verified, told apart, and sent on as signals."""

from __future__ import annotations

import json
import logging
import threading
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask

from imagekitio.webhooks import FileDeletedEvent, UnknownEvent

from ...webhooks.signing import sign_imagekit
from .conftest import WEBHOOK_SECRET

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from imagekitio.contrib.flask import ImageKit
    from imagekitio.local import LocalImageKit

URL = "/imagekit/webhook"


@pytest.fixture(autouse=True)
def views(app: Flask, imagekit: ImageKit) -> None:
    app.register_blueprint(imagekit.webhook_blueprint())


def send(browser: FlaskClient, server: LocalImageKit, secret: str = WEBHOOK_SECRET, **event: Any) -> int:
    body = json.dumps({"type": "file.deleted", "id": "evt_1", "data": {"fileId": "a"}, **event}).encode()
    headers = sign_imagekit(body, secret, milliseconds=int(server.clock.time() * 1000))
    return browser.post(URL, data=body, headers=headers).status_code


def test_an_event_reaches_the_functions_for_its_type_and_for_all(
    app: Flask, imagekit: ImageKit, browser: FlaskClient, server: LocalImageKit
) -> None:
    calls: list[tuple[str, Flask, Any]] = []

    def connect_local_functions() -> None:  # nothing else refers to them afterwards
        @imagekit.on_webhook("file.deleted")
        def forget(app: Flask, event: FileDeletedEvent) -> None:
            calls.append(("deleted", app, event))

        @imagekit.on_webhook("file.created", "file.updated")
        def remember(app: Flask, event: Any) -> None:
            calls.append(("changed", app, event))

        @imagekit.on_webhook()
        async def log(app: Flask, event: Any) -> None:
            calls.append(("all", app, event))

    connect_local_functions()
    assert send(browser, server) == 200
    assert send(browser, server, type="file.created", id="evt_2") == 200
    assert send(browser, server, type="moon.full", id="evt_3") == 200
    assert [name for name, _, _ in calls] == ["all", "deleted", "all", "changed", "all"]
    assert all(sender is app for _, sender, _ in calls)
    assert isinstance(calls[1][2], FileDeletedEvent)
    assert isinstance(calls[4][2], UnknownEvent)


def test_a_duplicate_is_handled_once(imagekit: ImageKit, browser: FlaskClient, server: LocalImageKit) -> None:
    seen: list[Any] = []
    imagekit.on_webhook()(lambda app, event: seen.append(event.id))
    assert [send(browser, server) for _ in range(3)] == [200, 200, 200]
    assert seen == ["evt_1"]
    assert [send(browser, server, id=None) for _ in range(2)] == [200, 200]  # known by its body
    assert seen == ["evt_1", None]


def test_an_event_that_could_not_be_handled_is_handled_when_it_comes_again(
    imagekit: ImageKit, browser: FlaskClient, server: LocalImageKit
) -> None:
    calls: list[str] = []

    @imagekit.on_webhook("file.deleted")
    def forget(app: Flask, event: Any) -> None:
        calls.append(event.id)
        if len(calls) == 1:
            raise OSError("the database is away")

    assert [send(browser, server) for _ in range(3)] == [500, 200, 200]
    assert calls == ["evt_1", "evt_1"]


def test_an_event_that_is_being_handled_is_busy(app: Flask, imagekit: ImageKit, server: LocalImageKit) -> None:
    started, go_on = threading.Event(), threading.Event()

    @imagekit.on_webhook("file.deleted")
    def forget(app: Flask, event: Any) -> None:
        started.set()
        assert go_on.wait(30)

    statuses: list[int] = []
    thread = threading.Thread(target=lambda: statuses.append(send(app.test_client(), server)))
    thread.start()
    assert started.wait(30)
    assert send(app.test_client(), server) == 503
    go_on.set()
    thread.join()
    assert statuses == [200]


def test_a_request_that_the_service_did_not_send_is_a_400_without_the_reason(
    imagekit: ImageKit, browser: FlaskClient, server: LocalImageKit, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[Any] = []
    imagekit.on_webhook()(lambda app, event: seen.append(event))
    with caplog.at_level(logging.WARNING):
        assert send(browser, server, secret="whsec_another") == 400
        answer = browser.post(URL, data=b"{}")
    assert (answer.status_code, answer.json) == (400, {"message": "This is not an ImageKit webhook."})
    assert "Webhook refused" in caplog.text
    assert browser.post(URL, data=b" " * 5_000_001).status_code == 413
    assert browser.get(URL).status_code == 405
    assert seen == []


def test_a_body_in_chunks_is_read(imagekit: ImageKit, browser: FlaskClient, server: LocalImageKit) -> None:
    body = b'{"type": "file.deleted", "id": "evt_1"}'
    headers = sign_imagekit(body, WEBHOOK_SECRET, milliseconds=int(server.clock.time() * 1000))
    chunked = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = browser.post(URL, data=body, headers=headers, environ_overrides={**chunked, "CONTENT_LENGTH": ""})
    assert answer.status_code == 200


def test_a_missing_secret_is_an_error_at_startup(
    bare_app: Flask, imagekit: ImageKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IMAGEKIT_WEBHOOK_SECRET", raising=False)
    app = Flask("other")
    app.config.update(bare_app.config, IMAGEKIT_WEBHOOK_SECRET=None)
    imagekit.init_app(app)
    with pytest.raises(ValueError, match="IMAGEKIT_WEBHOOK_SECRET"):
        app.register_blueprint(imagekit.webhook_blueprint())


def test_an_unknown_type_of_event_is_an_error_that_names_the_nearest(imagekit: ImageKit) -> None:
    with pytest.raises(ValueError, match=r"did you mean 'file\.created'"):
        imagekit.on_webhook("file.craeted")
