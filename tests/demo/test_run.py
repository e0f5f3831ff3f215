"""``run.py`` of each gallery, with an environment that exists already: that of the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import requests

from .conftest import ROOT, running_gallery

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what the galleries need of the clone."""
    for name in ("pyproject.toml", "setup.py"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "sample", tmp_path / "sample", ignore=shutil.ignore_patterns(".venv", "output"))
    return tmp_path


# Neither makes an environment nor installs into it.
WITHOUT_INSTALLING = """
import os, runpy, subprocess, sys, venv

def create(folder, **options):
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(sys.executable)

def call(command, **options):
    print("Called:", *command, flush=True)
    return int(os.environ.get("STATUS", 0))

venv.create, subprocess.call = create, call
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_one_command_prepares_the_environment_once_and_starts_the_gallery(gallery: str, project: Path) -> None:
    run = str(project / "sample" / f"gallery_{gallery}" / "run.py")
    elsewhere = project / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "sample.py").write_text("raise SystemExit('not this one')", "utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("IMAGEKIT_")}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)  # the packages of the tests
    with running_gallery([sys.executable, "-c", WITHOUT_INSTALLING, run], elsewhere, environment) as url:
        assert "Log in" in requests.get(url, timeout=60).text
    log = (elsewhere / "log").read_text("utf-8")
    assert f"Preparing sample/gallery_{gallery}/.venv" in log
    assert f"pip install --quiet --editable {project}[" in log
    with running_gallery([sys.executable, run], elsewhere, environment) as url:
        assert "Log in" in requests.get(url, timeout=60).text
    assert "Preparing" not in (elsewhere / "log").read_text("utf-8")


def test_an_installation_that_failed_does_not_count(gallery: str, project: Path) -> None:
    command = [sys.executable, "-c", WITHOUT_INSTALLING, str(project / "sample" / f"gallery_{gallery}" / "run.py")]
    result = subprocess.run(command, env={**os.environ, "STATUS": "7"}, check=False, timeout=60)
    assert result.returncode == 7
    assert not (project / "sample" / f"gallery_{gallery}" / ".venv" / "installed").exists()
