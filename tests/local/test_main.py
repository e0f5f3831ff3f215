"""``python -m imagekitio.local``."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import requests

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONWARNINGS": "error"}


@contextmanager
def running(*arguments: str) -> Generator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """The command, and the environment variables it prints."""
    command = [sys.executable, "-m", "imagekitio.local", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT) as process:
        try:
            printed = ""
            assert process.stdout is not None
            while "Ctrl-C" not in printed:
                line = process.stdout.readline()
                assert line, printed
                printed += line
            yield process, dict(re.findall(r"^export (\w+)=(\S+)$", printed, re.MULTILINE))
        finally:
            process.kill()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_it_says_how_to_use_it_and_stops_cleanly(number: signal.Signals, status: int) -> None:
    with running("--imagekit-id", "acme", "--private-key", "private_mine") as (process, environment):
        assert environment["IMAGEKIT_URL_ENDPOINT"] == environment["IMAGEKIT_API_BASE_URL"] + "/acme"
        assert environment["IMAGEKIT_UPLOAD_BASE_URL"] == environment["IMAGEKIT_API_BASE_URL"]
        assert environment["IMAGEKIT_PUBLIC_KEY"] == "public_local"
        auth = (environment["IMAGEKIT_PRIVATE_KEY"], "")
        assert auth[0] == "private_mine"
        response = requests.get(environment["IMAGEKIT_API_BASE_URL"] + "/v1/files", auth=auth, timeout=30)
        assert response.json() == []
        process.send_signal(number)
        assert process.wait(10) == status


def test_data_are_kept_when_asked_for_even_after_a_kill(tmp_path: Path) -> None:
    files: dict[str, Any] = {"file": ("a.txt", b"hello"), "fileName": (None, "a.txt")}
    auth = ("private_local", "")
    with running("--data", str(tmp_path)) as (process, environment):
        base = environment["IMAGEKIT_API_BASE_URL"]
        assert requests.post(f"{base}/api/v1/files/upload", files=files, auth=auth, timeout=30).status_code == 200
        process.kill()
        process.wait(10)
    with running("--data", str(tmp_path)) as (_, environment):
        base = environment["IMAGEKIT_API_BASE_URL"]
        (file,) = requests.get(f"{base}/v1/files", auth=auth, timeout=30).json()
        assert requests.get(file["url"], timeout=30).content == b"hello"


def test_a_taken_port_is_told_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "imagekitio.local", "--port", port]
        result = subprocess.run(command, capture_output=True, text=True, check=False, env=ENVIRONMENT, timeout=30)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert f"cannot listen on 127.0.0.1 port {port}" in result.stderr


@pytest.mark.parametrize("port", ["99999", "-1", "http"])
def test_a_port_that_does_not_exist_is_told_without_a_traceback(port: str) -> None:
    command = [sys.executable, "-m", "imagekitio.local", f"--port={port}"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, env=ENVIRONMENT, timeout=30)
    assert result.returncode == 2
    assert f"must be a number from 0 to 65535 (got '{port}')" in result.stderr
    assert "Traceback" not in result.stderr
