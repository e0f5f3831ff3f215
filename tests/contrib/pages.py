"""The pages in `docs/guides/` about frameworks as projects: a block that begins with a file name is that file."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
GUIDES = ROOT / "docs" / "guides"
# The first line of a block is a comment with the name of the file.
_BLOCK = re.compile(r"^```(python|html)\n(?:# |<!-- )([\w./-]+)(?: -->)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def read_files(page: Path) -> dict[str, str]:
    """Return the text of each file that a page shows; blocks of one name follow each other in it."""
    text = page.read_text(encoding="utf-8")
    blocks = _BLOCK.findall(text)
    count = text.count("\n```python") + text.count("\n```html")
    assert page == README or len(blocks) == count, f"a block of {page} names no file"
    found: dict[str, str] = {}
    for _, name, code in blocks:
        found[name] = found.get(name, "") + code
    return found


def write_files(page: Path, folder: Path) -> None:
    """Write the files that a page shows."""
    for name, code in read_files(page).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, encoding="utf-8")


def load_app(page: Path, file: str, folder: Path, monkeypatch: pytest.MonkeyPatch, variables: Mapping[str, str]) -> Any:
    """Write the files that a page shows, and return the application of one of them, with these variables set."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    write_files(page, folder)
    return runpy.run_path(str(folder / file))["app"]


def run_project(folder: Path, environment: Mapping[str, str], *arguments: str, code: str = "") -> str:
    """Run Python in the folder of a project, with `code` as its input, and return what it prints."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        input=code,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
