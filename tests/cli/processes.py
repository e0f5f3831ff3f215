"""Runs `imagekit` in a process of its own, without a terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

COMMAND = [sys.executable, "-m", "imagekitio.cli"]


def make_environment(**variables: str) -> dict[str, str]:
    """Return the environment of this process, with the path to the package and the given variables."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **variables}


def run_process(
    *arguments: str, variables: dict[str, str] | None = None, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run ``imagekit`` to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        check=False,
        text=True,
        encoding="utf-8",
        timeout=120,
        env=make_environment(**(variables or {})),
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL, **options},
    )


def start_process(*arguments: str, **options: Any) -> subprocess.Popen[str]:
    """Start ``imagekit``, with pipes for what it prints."""
    return subprocess.Popen(
        [*COMMAND, *arguments],
        text=True,
        encoding="utf-8",
        env=make_environment(),
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL, **options},
    )
