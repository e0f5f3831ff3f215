"""The application that the README shows, against local ImageKit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import requests

from ..pages import README, load_app
from .serving import serve

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from imagekitio.local import LocalImageKit


def test_a_photo_is_uploaded(server: LocalImageKit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = load_app(README, "fastapi_app.py", tmp_path, monkeypatch, server.environment)
    with serve(app) as url:
        answer = requests.post(f"{url}/photos", files={"photo": ("me.png", b"...")}, timeout=60)
    assert answer.json()["file_path"].startswith("/photos/me_")
