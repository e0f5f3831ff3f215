"""Run the Python blocks of documents line by line, as a reader would type them, with the reader's own account."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imagekitio.local import LocalImageKit
from imagekitio.local.base.settings import KeyPair

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "sample" / "pictures"
EXPECTED = "# → "
# The first line of a block that is a file of the reader's project.
_FILE_NAME = re.compile(r"# ([\w/-]+\.py)\n")


@contextlib.contextmanager
def open_account(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalImageKit]:
    """Prepare what documents assume: an account in the environment, ``shoe.jpg`` and ``invoice.png`` in the folder."""
    shutil.copy(PICTURES / "coffee.jpg", folder / "shoe.jpg")
    shutil.copy(PICTURES / "cat.jpg", folder / "invoice.png")
    monkeypatch.chdir(folder)
    keys = [KeyPair("your_public_key", "your_private_key")]
    with LocalImageKit(keys=keys, imagekit_id="your_imagekit_id") as server:
        monkeypatch.setenv("IMAGEKIT_PUBLIC_KEY", "your_public_key")
        monkeypatch.setenv("IMAGEKIT_PRIVATE_KEY", "your_private_key")
        monkeypatch.setenv("IMAGEKIT_URL_ENDPOINT", "https://ik.imagekit.io/your_imagekit_id")
        monkeypatch.setenv("IMAGEKIT_API_BASE_URL", server.url)
        monkeypatch.setenv("IMAGEKIT_UPLOAD_BASE_URL", server.url)
        yield server


def read_blocks(document: Path, language: str) -> list[tuple[int, str]]:
    """Return the line number and the text of every block in a language."""
    text = document.read_text(encoding="utf-8")
    return [
        (text.count("\n", 0, match.start()) + 2, match[1])
        for match in re.finditer(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    ]


def run_python(document: Path) -> dict[str, Any]:
    """Run all Python blocks in one namespace, and return it; each block must print what its comments say.

    A block that begins with the name of a file is written to that file instead; if some of these files are tests,
    pytest runs them.
    """
    namespace: dict[str, Any] = {}
    tests: list[str] = []
    for line, code in read_blocks(document, "python"):
        if file := _FILE_NAME.match(code):
            Path(file[1]).parent.mkdir(parents=True, exist_ok=True)
            Path(file[1]).write_text(code, encoding="utf-8")
            tests += [file[1]] if Path(file[1]).name.startswith("test_") else []
            continue
        expected = [text.removeprefix(EXPECTED) for text in code.splitlines() if text.startswith(EXPECTED)]
        stdout = io.StringIO()
        with contextlib.redirect_stdout(stdout):
            exec(compile("\n" * (line - 1) + code, str(document), "exec"), namespace)
        printed = stdout.getvalue().splitlines()
        if len(expected) == 1:  # one … may stand for several lines, such as the steps of a progress report
            printed = ["\n".join(printed)]
        where = f"{document.name} line {line}"
        assert len(printed) == len(expected), f"{where}: printed {printed}, expected {expected}"
        for got, wanted in zip(printed, expected, strict=True):
            assert _matches(got, wanted), f"{where}: printed {got!r}, expected {wanted!r}"
    if tests:
        _run_pytest(tests)
    return namespace


def _run_pytest(tests: list[str]) -> None:
    """Run the tests of a document in the current folder, as its reader would."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _matches(printed: str, expected: str) -> bool:
    """Return whether a line is the expected one; … stands for anything."""
    return re.fullmatch(".*".join(map(re.escape, expected.split("…"))), printed, re.DOTALL) is not None
