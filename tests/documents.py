"""Documents whose Python blocks run, line by line as a reader would type them."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
EXPECTED = "# → "


def read_blocks(document: Path, language: str) -> list[tuple[int, str]]:
    """Return line number and text of every block in a language."""
    text = document.read_text(encoding="utf-8")
    return [
        (text.count("\n", 0, match.start()) + 2, match[1])
        for match in re.finditer(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    ]


def run_python(document: Path) -> dict[str, Any]:
    """Run all Python blocks in one namespace, and return it; each must print what its comments say."""
    namespace: dict[str, Any] = {}
    for line, code in read_blocks(document, "python"):
        expected = [text.removeprefix(EXPECTED) for text in code.splitlines() if text.startswith(EXPECTED)]
        stdout = io.StringIO()
        with contextlib.redirect_stdout(stdout):
            exec(compile("\n" * (line - 1) + code, str(document), "exec"), namespace)
        printed = stdout.getvalue().splitlines()
        if len(expected) == 1:  # one … may stand for several lines, the steps of a progress for example
            printed = ["\n".join(printed)]
        where = f"{document.name} line {line}"
        assert len(printed) == len(expected), f"{where}: printed {printed}, expected {expected}"
        for got, wanted in zip(printed, expected, strict=True):
            assert _matches(got, wanted), f"{where}: printed {got!r}, expected {wanted!r}"
    return namespace


def _matches(printed: str, expected: str) -> bool:
    """Whether a line is the expected one; … stands for anything."""
    return re.fullmatch(".*".join(map(re.escape, expected.split("…"))), printed, re.DOTALL) is not None
