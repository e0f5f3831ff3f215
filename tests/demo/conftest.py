"""The galleries in their own processes, started as a person would start them, and Chromium."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

from ..chromium import run_chromium

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

    from selenium import webdriver

    from imagekitio.local import LocalImageKit

ROOT = Path(__file__).parents[2]
WAIT_SECONDS = 60
# The root comes last, so that an installed package takes precedence.
RUN_MODULE = (
    "import runpy, sys; sys.path.append(sys.argv.pop(1)); runpy.run_module(sys.argv.pop(1), run_name='__main__')"
)


def find_free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def run_gallery(command: list[str], folder: Path, environment: Mapping[str, str]) -> Generator[str]:
    """Start a gallery, yield its address once it responds, and stop it with Ctrl-C."""
    port = find_free_port()
    url = f"http://127.0.0.1:{port}"
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--port", str(port)], cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        end = time.monotonic() + WAIT_SECONDS
        while process.poll() is None and time.monotonic() < end:
            try:
                requests.get(url, timeout=WAIT_SECONDS).raise_for_status()
                break
            except requests.ConnectionError:
                time.sleep(0.05)
        else:
            pytest.fail(f"the gallery did not start:\n{log.read_text('utf-8')}")
        yield url
        printed = log.read_text("utf-8")
        process.send_signal(signal.SIGINT)
        assert process.wait(WAIT_SECONDS) == 0
        assert "Traceback" not in log.read_text("utf-8").removeprefix(printed)
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module", params=["django", "flask", "fastapi"])
def gallery(request: pytest.FixtureRequest) -> str:
    """The name of the framework."""
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def url(gallery: str, module_server: LocalImageKit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the gallery, which uses the account of the tests."""
    command = [sys.executable, "-c", RUN_MODULE, str(ROOT), f"sample.gallery_{gallery}", "--account"]
    environment = {**os.environ, **module_server.environment}
    with run_gallery(command, tmp_path_factory.mktemp(gallery), environment) as url:
        yield url


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with run_chromium(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser
