"""Third-party clients, each in its own environment, and the servers that they call.

The environments are made from the registries of Python and npm, once per version, in the cache folder of pytest. The
source of the clients is never read: a driver makes every call that a client has and reports the outcomes.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.local import LocalImageKit

from .surroundings import run_http_server, run_inbox, write_picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from .surroundings import Respond

    Report = dict[str, Any]

INSTALL_SECONDS, DRIVE_SECONDS = 600, 180


@pytest.fixture(scope="session")
def serve() -> Callable[[Respond], AbstractContextManager[str]]:
    return run_http_server


@pytest.fixture(scope="session")
def server() -> Iterator[LocalImageKit]:
    with LocalImageKit(allow_loopback=True) as running:  # webhooks are sent to this machine
        yield running


@pytest.fixture(scope="session")
def inbox() -> Iterator[str]:
    """A URL that accepts webhooks by POST and lists them by GET as ``[{"headers": {…}, "body": "…"}, …]``."""
    with run_inbox() as url:
        yield url


@pytest.fixture(scope="session")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A JPEG of 64 x 48 pixels."""
    return write_picture(tmp_path_factory.mktemp("pictures") / "picture.jpg")


@pytest.fixture(scope="session")
def environment(pytestconfig: pytest.Config) -> Callable[[str, Callable[[Path], None]], Path]:
    """A function that returns the folder of an environment by name, and makes it first if it does not exist."""

    def make_folder(name: str, make: Callable[[Path], None]) -> Path:
        cached = pytestconfig.cache.mkdir("clients") / name
        done = cached / "made"
        if not done.exists():
            shutil.rmtree(cached, ignore_errors=True)
            cached.mkdir()
            make(cached)
            done.touch()
        return cached

    return make_folder


@pytest.fixture(scope="session")
def npm_environment(environment: Callable[[str, Callable[[Path], None]], Path]) -> Callable[[str, str], Path]:
    """A function that returns a folder in which this version of an npm package is installed."""

    def make_folder(package: str, version: str) -> Path:
        def make(cached: Path) -> None:
            (cached / "package.json").write_text(json.dumps({"private": True, "dependencies": {package: version}}))
            run_command(
                ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=cached, timeout=INSTALL_SECONDS
            )

        return environment(f"{package.replace('/', '-')}-{version}", make)

    return make_folder


@pytest.fixture(scope="session")
def drive(server: LocalImageKit, inbox: str, picture: Path) -> Callable[[list[str | Path], Path], Report]:
    """A function that runs a driver in a folder and returns its report."""

    def run_driver(command: list[str | Path], cwd: Path) -> Report:
        told = {
            "DRIVER_BASE_URL": server.url,
            "DRIVER_URL_ENDPOINT": server.url_endpoint,
            "DRIVER_PUBLIC_KEY": server.public_key,
            "DRIVER_PRIVATE_KEY": server.private_key,
            "DRIVER_INBOX": inbox,
            "DRIVER_PICTURE": str(picture),
        }
        printed = run_command(command, cwd=cwd, timeout=DRIVE_SECONDS, environment=told)
        answer: Report = json.loads(printed)
        return answer

    return run_driver


def run_command(
    command: list[str | Path], *, cwd: Path, timeout: float, environment: dict[str, str] | None = None
) -> str:
    """Run a command and return what it prints; if it fails, show all of its output."""
    # The interpreter must find its own packages, not those of the project.
    outer = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "IMAGE"))}
    ended = subprocess.run(
        command, cwd=cwd, timeout=timeout, env=outer | (environment or {}), capture_output=True, text=True
    )
    assert ended.returncode == 0, f"{command[0]} failed:\n{ended.stdout}\n{ended.stderr}"
    return ended.stdout
