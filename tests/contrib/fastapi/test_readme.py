"""The application that the README shows, against local ImageKit."""

from __future__ import annotations

import runpy
from typing import TYPE_CHECKING, Any

import requests

from ..pages import README, write_files
from .serving import serve

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from imagekitio.local import LocalImageKit


def test_a_photo_is_uploaded(server: LocalImageKit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    write_files(README, tmp_path)
    app: Any = runpy.run_path(str(tmp_path / "fastapi_app.py"))["app"]
    with serve(app) as url:
        answer = requests.post(f"{url}/photos", files={"photo": ("me.png", b"...")}, timeout=60)
    assert answer.json()["file_path"].startswith("/photos/me_")
