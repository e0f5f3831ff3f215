"""Every Python block of the page about img-src runs, against local img-src."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from ..documents import ROOT, run_python

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
def test_every_python_block_prints_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(ROOT / "sample" / "pictures" / "coffee.jpg", tmp_path / "oslo.jpg")
    monkeypatch.chdir(tmp_path)
    run_python(ROOT / "docs" / "guides" / "img-src.md")
