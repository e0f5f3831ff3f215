"""``run.py`` of each gallery, with the existing environment of the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import requests

from .conftest import ROOT, run_gallery

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the files of the repository that the galleries need."""
    for name in ("pyproject.toml", "setup.py"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "sample", tmp_path / "sample", ignore=shutil.ignore_patterns(".venv", "output"))
    return tmp_path


# Replaces the installation, which would take too long.
WITHOUT_INSTALLING = """
import os, pathlib, runpy, sys

def run(command, *, is_verbose):
    print("Called:", *command, flush=True)
    if "venv" in command:
        folder = pathlib.Path(command[-1], "bin")
        folder.mkdir(parents=True)
        (folder / "python").symlink_to(sys.executable)
        return 0, ""
    return int(os.environ.get("STATUS", 0)), "ERROR: No space left"

sys.path.insert(0, sys.argv.pop(1))
import sample.run
sample.run.run = run
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_one_command_prepares_the_environment_once_and_starts_the_gallery(gallery: str, project: Path) -> None:
    run = str(project / "sample" / f"gallery_{gallery}" / "run.py")
    elsewhere = project / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "sample.py").write_text("raise SystemExit('not this one')", "utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("IMAGEKIT_")}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)  # the packages that the tests use
    with run_gallery([sys.executable, "-c", WITHOUT_INSTALLING, str(project), run], elsewhere, environment) as url:
        assert "Log in" in requests.get(url, timeout=60).text
    log = (elsewhere / "log").read_text("utf-8")
    assert f"Preparing sample/gallery_{gallery}/.venv" in log
    assert f"pip install --no-input --editable {project}[" in log
    with run_gallery([sys.executable, run], elsewhere, environment) as url:
        assert "Log in" in requests.get(url, timeout=60).text
    assert "Preparing" not in (elsewhere / "log").read_text("utf-8")


@pytest.mark.parametrize(
    ("option", "status", "text"),
    [
        ("--help", 0, "--port PORT"),
        ("--prot=80", 2, "unrecognized arguments: --prot=80"),
        ("--port=0", 2, "must be from 1 to 65535 (got 0)"),
        ("--port=65536", 2, "must be from 1 to 65535 (got 65536)"),
        ("--port=http", 2, "must be from 1 to 65535 (got http)"),
    ],
)
def test_help_and_invalid_options_are_handled_before_anything_is_installed(
    gallery: str, project: Path, option: str, status: int, text: str
) -> None:
    folder = project / "sample" / f"gallery_{gallery}"
    # Isolated and without site-packages, as in a Python with only its standard library.
    command = [sys.executable, "-ISc", WITHOUT_INSTALLING, str(project), str(folder / "run.py"), option]
    result = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=60
    )
    assert result.returncode == status
    assert text in result.stdout
    assert f"usage: sample/gallery_{gallery}/run.py" in result.stdout
    assert "Called:" not in result.stdout
    assert not (folder / ".venv").exists()


def test_a_failed_installation_shows_the_reason_and_is_not_recorded(gallery: str, project: Path) -> None:
    folder = project / "sample" / f"gallery_{gallery}"
    command = [sys.executable, "-c", WITHOUT_INSTALLING, str(project), str(folder / "run.py")]
    result = subprocess.run(
        command, env={**os.environ, "STATUS": "7"}, stdout=subprocess.PIPE, text=True, check=False, timeout=60
    )
    assert result.returncode == 7
    assert "could not prepare its environment: No space left" in result.stdout
    assert (folder / ".venv" / "install.log").exists()
    assert not (folder / ".venv" / "installed").exists()
