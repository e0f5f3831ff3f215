"""The script of `docs/migration/cloudinary.md` writes a table that `imagekit migrate` reads."""

from __future__ import annotations

import re
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from tests.documents import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from imagekitio import ImageKit

    from ..conftest import Run

PAGE = (ROOT / "docs" / "migration" / "cloudinary.md").read_text(encoding="utf-8")


def test_files_arrive_with_their_folders_tags_and_context(
    run: Run, client: ImageKit, shell: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one.jpg", "two.png"):
        client.upload_file(name.encode(), name, folder="/origin", use_unique_file_name=False)
    client.create_custom_metadata_fields(name="year", label="Year", schema={"type": "Number"})
    one = {
        "asset_id": "b5e6d2b39ba3e0869d67141ba7dba6cf",
        "public_id": "shop/one",
        "format": "jpg",
        "version": 1312461204,
        "bytes": 7,
        "tags": ["red", "shoe"],
        "context": {"custom": {"alt": "A red shoe", "year": "2026"}},
        "secure_url": f"{client.url_endpoint}/origin/one.jpg",
    }
    two = {"public_id": "two", "format": "png", "bytes": 7, "secure_url": f"{client.url_endpoint}/origin/two.png"}
    pages: dict[str | None, dict[str, Any]] = {
        None: {"resources": [one], "next_cursor": "next"},
        "next": {"resources": [two]},
    }

    def list_resources(*, next_cursor: str | None, **_: Any) -> dict[str, Any]:
        return pages[next_cursor]

    package, module = ModuleType("cloudinary"), ModuleType("cloudinary.api")
    monkeypatch.setattr(module, "resources", list_resources, raising=False)
    monkeypatch.setattr(package, "api", module, raising=False)
    monkeypatch.setitem(sys.modules, "cloudinary", package)
    monkeypatch.setitem(sys.modules, "cloudinary.api", module)
    (script,) = re.findall(r"^(import csv\n.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    exec(script, {})

    (commands,) = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    for line in commands.splitlines():
        ended = run(*line.partition("#")[0].split()[1:])
        assert (ended.code, "2 files" in ended.err) == (0, True), ended.err
    copy = client.get_file_by_path("/shop/one.jpg")
    assert (copy.tags, copy.description, copy.custom_metadata) == (["red", "shoe"], "A red shoe", {"year": 2026})
    assert client.get_file_by_path("/two.png").size == 7
