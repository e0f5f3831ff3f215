"""Clients that strangers wrote, each in an environment of its own, and what they talk to.

The environments are made from the registries of Python and npm, once a version, in the cache folder of pytest. Nothing
of the clients is read here: they are told to make every call they have, and report how each went.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.local import LocalImageKit

from .surroundings import receiving, serving, write_picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from .surroundings import Respond

    Report = dict[str, Any]

INSTALL_SECONDS, DRIVE_SECONDS = 600, 180


@pytest.fixture(scope="session")
def serve() -> Callable[[Respond], AbstractContextManager[str]]:
    return serving


@pytest.fixture(scope="session")
def server() -> Iterator[LocalImageKit]:
    with LocalImageKit(allow_loopback=True) as running:  # webhooks go to this machine
        yield running


@pytest.fixture(scope="session")
def inbox() -> Iterator[str]:
    """URL that takes webhooks by POST, and lists them by GET as ``[{"headers": {…}, "body": "…"}, …]``."""
    with receiving() as url:
        yield url


@pytest.fixture(scope="session")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A JPEG of 64 x 48 pixels."""
    return write_picture(tmp_path_factory.mktemp("pictures") / "picture.jpg")


@pytest.fixture(scope="session")
def environment(pytestconfig: pytest.Config) -> Callable[[str, Callable[[Path], None]], Path]:
    """Gives the folder of an environment by its name; makes it with the function given unless it is there."""

    def folder(name: str, make: Callable[[Path], None]) -> Path:
        cached = pytestconfig.cache.mkdir("clients") / name
        done = cached / "made"
        if not done.exists():
            shutil.rmtree(cached, ignore_errors=True)
            cached.mkdir()
            make(cached)
            done.touch()
        return cached

    return folder


@pytest.fixture(scope="session")
def npm_environment(environment: Callable[[str, Callable[[Path], None]], Path]) -> Callable[[str, str], Path]:
    """Gives a folder in which this version of a package of npm is installed."""

    def folder(package: str, version: str) -> Path:
        def make(cached: Path) -> None:
            (cached / "package.json").write_text(json.dumps({"private": True, "dependencies": {package: version}}))
            run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=cached, timeout=INSTALL_SECONDS)

        return environment(f"{package.replace('/', '-')}-{version}", make)

    return folder


@pytest.fixture(scope="session")
def drive(server: LocalImageKit, inbox: str, picture: Path) -> Callable[[list[str | Path], Path], Report]:
    """Runs a driver in a folder and gives its report."""

    def report(command: list[str | Path], cwd: Path) -> Report:
        told = {
            "DRIVER_BASE_URL": server.url,
            "DRIVER_URL_ENDPOINT": server.url_endpoint,
            "DRIVER_PUBLIC_KEY": server.public_key,
            "DRIVER_PRIVATE_KEY": server.private_key,
            "DRIVER_INBOX": inbox,
            "DRIVER_PICTURE": str(picture),
        }
        printed = run(command, cwd=cwd, timeout=DRIVE_SECONDS, environment=told)
        answer: Report = json.loads(printed)
        return answer

    return report


def run(command: list[str | Path], *, cwd: Path, timeout: float, environment: dict[str, str] | None = None) -> str:
    """What a command prints; fails with everything that it said."""
    # The interpreter must find its own packages, not those of the project.
    outer = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "IMAGE"))}
    ended = subprocess.run(
        command, cwd=cwd, timeout=timeout, env=outer | (environment or {}), capture_output=True, text=True
    )
    assert ended.returncode == 0, f"{command[0]} failed:\n{ended.stdout}\n{ended.stderr}"
    return ended.stdout
