"""Virtual environments with packages of others, installed from the registries."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def run(*command: str | Path, folder: Path) -> str:
    """Run a command in `folder` and return what it prints; exit with all that it said if it fails."""
    # An environment must find its own packages, not this project.
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def make_environment(folder: Path, requirement: str) -> Path:
    """Create a virtual environment with a requirement in `folder`, and return the folder of its programs."""
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    run(programs / "python", "-m", "pip", "install", "--quiet", requirement, folder=folder)
    return programs
