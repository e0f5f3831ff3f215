"""The application that the README shows, against local ImageKit."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from ..pages import README, load_app

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from imagekitio.local import LocalImageKit


def test_a_photo_is_uploaded(server: LocalImageKit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = load_app(README, "flask_app.py", tmp_path, monkeypatch, server.environment)
    answer = app.test_client().post("/photos", data={"photo": (io.BytesIO(b"..."), "me.png")})
    assert "/tr:w-400/photos/me_" in answer.get_json()["url"]
