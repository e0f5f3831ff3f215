"""The application that `docs/guides/flask.md` shows, against local ImageKit."""

from __future__ import annotations

import io
import logging
import time
from typing import TYPE_CHECKING, Any

import pytest
import requests

from ...webhooks.signing import SECRET, sign_imagekit
from ..pages import GUIDES, load_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from imagekitio.local import LocalImageKit

PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


@pytest.fixture
def client(server: LocalImageKit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    secrets = {"FLASK_SECRET_KEY": "of the tests", "IMAGEKIT_WEBHOOK_SECRET": SECRET}
    app = load_app(GUIDES / "flask.md", "app.py", tmp_path, monkeypatch, {**server.environment, **secrets})
    client: FlaskClient = app.test_client()
    with client.session_transaction() as session:
        session["user_id"] = "anna"
    return client


def test_the_form_sends_a_photo(client: FlaskClient) -> None:
    answer = client.post("/photos", data={"photo": (io.BytesIO(PICTURE), "me.png")})
    assert answer.status_code == 200
    assert "/photos/me_" in answer.get_json()["url"]
    assert client.post("/photos").status_code == 400


def test_the_browser_uploads_an_avatar(client: FlaskClient) -> None:
    token = client.post("/imagekit/upload-token", json={"file_name": "me.png", "size": len(PICTURE)}).get_json()
    sent = requests.post(token["url"], data=token["fields"], files={"file": PICTURE}, timeout=60)
    answer = client.post("/avatar", data={"photo-id": sent.json()["fileId"]})
    assert answer.get_json()["file_path"].startswith("/users/anna/me_")


def test_the_form_sends_an_avatar_without_javascript(client: FlaskClient) -> None:
    answer = client.post("/avatar", data={"photo": (io.BytesIO(PICTURE), "me.png")})
    assert answer.get_json()["file_path"].startswith("/users/anna/me_")
    answer = client.post("/avatar", data={"photo": (io.BytesIO(b"text"), "me.txt")})
    assert (answer.status_code, "wrong type" in answer.text) == (400, True)


def test_an_invoice_is_shown_through_a_signed_url(client: FlaskClient, server: LocalImageKit) -> None:
    with server.client() as imagekit:
        options: dict[str, Any] = {"folder": "/invoices", "is_private_file": True, "use_unique_file_name": False}
        invoice = imagekit.upload_file(file=PICTURE, file_name="1.png", **options)
        assert requests.get(imagekit.url(path=invoice.file_path), timeout=60).status_code == 401
    answer = client.get("/invoices/1.png")
    assert answer.status_code == 302
    assert requests.get(answer.headers["Location"], timeout=60).content == PICTURE


def test_no_one_else_gets_a_token_or_an_invoice(client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session.clear()
    assert client.get("/invoices/1.png").status_code == 401
    assert client.post("/imagekit/upload-token", json={"file_name": "me.png"}).status_code == 401


def test_the_profile_shows_the_picture_and_the_form(client: FlaskClient) -> None:
    page = client.get("/profile").text
    assert 'alt="Me"' in page
    assert 'sizes="(max-width: 600px) 100vw, 400px"' in page
    assert "upload.js" in page


def test_a_script_sends_a_photo_as_a_body(client: FlaskClient) -> None:
    answer = client.put("/photos/me.png", data=PICTURE)
    assert answer.get_json()["file_path"].startswith("/photos/me_")


def test_a_webhook_reaches_the_function(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    body = (
        b'{"type": "file.created", "id": "evt_1", "created_at": "2026-01-31T12:00:00Z", "data": {"filePath": "/a.jpg"}}'
    )
    client.application.logger.setLevel(logging.INFO)
    headers = sign_imagekit(body, milliseconds=int(time.time() * 1000))
    assert client.post("/imagekit/webhook", data=body, headers=headers).status_code == 200
    assert "file.created: /a.jpg" in caplog.text
