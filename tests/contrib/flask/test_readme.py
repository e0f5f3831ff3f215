"""The application that the README shows, against local ImageKit."""

from __future__ import annotations

import io
import runpy
from typing import TYPE_CHECKING, Any

from ..pages import README, write_files

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from imagekitio.local import LocalImageKit


def test_a_photo_is_uploaded(server: LocalImageKit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    write_files(README, tmp_path)
    app: Any = runpy.run_path(str(tmp_path / "flask_app.py"))["app"]
    answer = app.test_client().post("/photos", data={"photo": (io.BytesIO(b"..."), "me.png")})
    assert "/tr:w-400/photos/me_" in answer.get_json()["url"]
