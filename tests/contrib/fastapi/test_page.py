"""The application that `docs/guides/fastapi.md` shows, against local ImageKit."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
import requests

from ...webhooks.signing import SECRET, sign_imagekit
from ..pages import GUIDES, load_app
from .serving import serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from imagekitio.local import LocalImageKit

PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
ANNA = {"X-User": "anna"}


@pytest.fixture
def url(server: LocalImageKit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    secrets = {"SESSION_SECRET": "of the tests", "IMAGEKIT_WEBHOOK_SECRET": SECRET}
    app = load_app(GUIDES / "fastapi.md", "app.py", tmp_path, monkeypatch, {**server.environment, **secrets})
    with serve(app) as url:
        yield url


def test_the_form_sends_a_photo(url: str) -> None:
    answer = requests.post(f"{url}/photos", files={"photo": ("me.png", PICTURE)}, timeout=60)
    assert answer.status_code == 200
    assert answer.json()["file_path"].startswith("/photos/me_")


def test_the_browser_uploads_an_avatar(url: str) -> None:
    request = {"file_name": "me.png", "size": len(PICTURE)}
    token = requests.post(f"{url}/upload-token", json=request, headers=ANNA, timeout=60).json()
    sent = requests.post(token["url"], data=token["fields"], files={"file": PICTURE}, timeout=60)
    form = {"photo-id": sent.json()["fileId"]}
    answer = requests.post(f"{url}/avatar", data=form, headers=ANNA, timeout=60)
    assert answer.json()["file_path"].startswith("/users/anna/me_")
    assert requests.post(f"{url}/avatar", data=form, headers={"X-User": "ben"}, timeout=60).status_code == 400


def test_the_form_sends_an_avatar_without_javascript(url: str) -> None:
    answer = requests.post(f"{url}/avatar", files={"photo": ("me.png", PICTURE)}, headers=ANNA, timeout=60)
    assert answer.json()["file_path"].startswith("/users/anna/me_")
    assert requests.post(f"{url}/avatar", files={"photo": ("me.png", PICTURE)}, timeout=60).status_code == 401
    text = requests.post(f"{url}/avatar", files={"photo": ("me.txt", b"text", "text/plain")}, headers=ANNA, timeout=60)
    assert text.json()["message"] == "The file has the wrong type; allowed: image/*."


def test_no_one_else_gets_a_token(url: str) -> None:
    assert requests.post(f"{url}/upload-token", json={"file_name": "me.png"}, timeout=60).status_code == 401


def test_a_visitor_who_is_not_logged_in_hands_in_no_avatar(url: str) -> None:
    form = {"photo-id": "6650a1b2c3d4e5f607182930"}
    assert requests.post(f"{url}/avatar", data=form, timeout=60).status_code == 401


def test_a_webhook_reaches_the_function(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    body = (
        b'{"type": "file.created", "id": "evt_1", "created_at": "2026-01-31T12:00:00Z", "data": {"filePath": "/a.jpg"}}'
    )
    headers = sign_imagekit(body, milliseconds=int(time.time() * 1000))
    assert requests.post(f"{url}/imagekit-webhook", data=body, headers=headers, timeout=60).status_code == 200
    assert capsys.readouterr().out == "/a.jpg\n"
