"""``python -m imagekitio.local``."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import requests

from imagekitio.local import LocalImageKit

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONWARNINGS": "error"}


COMMAND = [sys.executable, "-m", "imagekitio.local"]


def fail_to_start(*arguments: str, status: int) -> str:
    """Run the command, check that it does not start, and return what it prints."""
    command = [*COMMAND, *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False, env=ENVIRONMENT, timeout=60)
    assert result.returncode == status, result
    assert "Traceback" not in result.stderr
    return result.stderr


@contextmanager
def run_command(*arguments: str) -> Generator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """Run the command; yield its process and the environment variables that it prints."""
    command = [*COMMAND, "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT) as process:
        try:
            printed = ""
            assert process.stdout is not None
            while "Ctrl-C" not in printed:
                line = process.stdout.readline()
                assert line, printed
                given = "".join(argument for argument in arguments if os.path.isabs(argument) and argument in line)
                assert len(line) - len(given) <= 101
                printed += line
            has_page = re.search(r"^Its web page: +http", printed, re.MULTILINE) is not None
            assert has_page is ("--img-src" not in arguments)
            yield process, dict(re.findall(r"^export (\w+)=(\S+)$", printed, re.MULTILINE))
        finally:
            process.terminate()  # lets it remove its data
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


@pytest.mark.slow
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_it_prints_how_to_use_it_and_stops_cleanly(number: signal.Signals, status: int) -> None:
    with run_command("--imagekit-id", "acme", "--private-key", "private_mine") as (process, environment):
        assert environment["IMAGEKIT_URL_ENDPOINT"] == environment["IMAGEKIT_API_BASE_URL"] + "/acme"
        assert environment["IMAGEKIT_UPLOAD_BASE_URL"] == environment["IMAGEKIT_API_BASE_URL"]
        assert environment["IMAGEKIT_PUBLIC_KEY"] == "public_local"
        auth = (environment["IMAGEKIT_PRIVATE_KEY"], "")
        assert auth[0] == "private_mine"
        response = requests.get(environment["IMAGEKIT_API_BASE_URL"] + "/v1/files", auth=auth, timeout=30)
        assert response.json() == []
        process.send_signal(number)
        assert process.wait(10) == status


@pytest.mark.slow
def test_data_in_a_given_folder_is_kept_even_after_a_kill(tmp_path: Path) -> None:
    files: dict[str, Any] = {"file": ("a.txt", b"hello"), "fileName": (None, "a.txt")}
    auth = ("private_local", "")
    with run_command("--data", str(tmp_path)) as (process, environment):
        base = environment["IMAGEKIT_API_BASE_URL"]
        assert requests.post(f"{base}/api/v1/files/upload", files=files, auth=auth, timeout=30).status_code == 200
        process.kill()
        process.wait(10)
    with run_command("--data", str(tmp_path)) as (_, environment):
        base = environment["IMAGEKIT_API_BASE_URL"]
        (file,) = requests.get(f"{base}/v1/files", auth=auth, timeout=30).json()
        assert requests.get(file["url"], timeout=30).content == b"hello"


@pytest.mark.slow
@pytest.mark.parametrize("service", [[], ["--img-src"]], ids=["ImageKit", "img-src"])
def test_a_port_in_use_is_reported_in_one_line(service: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        printed = fail_to_start(*service, "--port", port, status=1)
    assert printed.count("\n") == 1
    assert f"cannot listen on 127.0.0.1 port {port}" in printed


@pytest.mark.parametrize("port", ["99999", "-1", "http"])
def test_an_invalid_port_is_reported_without_a_traceback(port: str) -> None:
    assert f"must be a number from 0 to 65535 (got '{port}')" in fail_to_start(f"--port={port}", status=2)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("--imagekit-id=a b", "--imagekit-id must consist of letters, digits, - and _"),
        ("--public-url=images.example.test", "--public-url must be a URL"),
        ("--max-pixels=-5", "--max-pixels must be a number of at least 0 (got -5)"),
        ("--rate-limits=0/1", "(0, 1.0)"),
        ("--private-key=", "keys must have at least one pair"),
    ],
)
def test_an_invalid_setting_is_named(option: str, words: str) -> None:
    assert words in " ".join(fail_to_start(option, status=2).split())


@pytest.mark.slow
@pytest.mark.parametrize("below", ["", "/deeper"])
def test_a_file_as_the_data_folder_is_refused_with_its_path(tmp_path: Path, below: str) -> None:
    (tmp_path / "shoe.jpg").write_bytes(b"1")
    path = f"{tmp_path}/shoe.jpg{below}"
    printed = " ".join(fail_to_start("--data", path, status=1).split())
    assert printed == f"data must be a folder, but {path} is a file or inside one"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["imagekit.db", "lock"])
@pytest.mark.parametrize("content", ["no database, but 30 bytes long", None], ids=["damaged", "a folder"])
def test_a_damaged_database_is_named(tmp_path: Path, name: str, content: str | None) -> None:
    path = tmp_path / name
    if content is None:
        path.mkdir()
    else:
        path.write_text(content)
    printed = " ".join(fail_to_start("--port=0", "--data", str(tmp_path), status=1).split())
    assert printed.startswith(f"{path} is damaged or cannot be opened: ")


def test_data_of_a_newer_release_is_reported(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "imagekit.db")) as database:
        database.execute("PRAGMA user_version = 9999")
    assert "written by a newer imagekitio" in fail_to_start("--port=0", "--data", str(tmp_path), status=1)


def test_a_host_without_an_address_is_reported() -> None:
    for host in ("nowhere.invalid", "a" * 70):
        assert f"cannot listen on {host} port" in " ".join(fail_to_start("--host", host, status=1).split())


def test_an_application_is_given_the_public_url() -> None:
    with run_command("--public-url", "https://images.example.test/") as (_, environment):
        assert environment["IMAGEKIT_API_BASE_URL"] == "https://images.example.test"
        assert environment["IMAGEKIT_URL_ENDPOINT"] == "https://images.example.test/local"


@pytest.mark.slow
def test_local_img_src_prints_how_to_use_it_and_keeps_data_even_after_a_kill(tmp_path: Path) -> None:
    arguments = ("--img-src", "--data", str(tmp_path), "--username", "ada", "--max-storage-bytes", "none")
    drawing = b"<svg xmlns='http://www.w3.org/2000/svg' width='4' height='3'>" + b" " * 99 + b"</svg>"
    with run_command(*arguments) as (process, environment):
        api = f"{environment['IMGSRC_SERVER_URL']}/api/v1"
        headers = {"Authorization": f"Bearer {environment['IMGSRC_API_KEY']}"}
        files = {"file": ("a.svg", drawing)}
        assert requests.post(f"{api}/images", files=files, headers=headers, timeout=30).status_code == 201
        limits = requests.get(f"{api}/usage", headers=headers, timeout=30).json()["plan_limits"]
        assert limits["max_storage_bytes"] is None
        process.kill()
        process.wait(10)
    with run_command(*arguments) as (_, environment):
        url = f"{environment['IMGSRC_DELIVERY_URL']}/{environment['IMGSRC_USERNAME']}/a.svg"
        assert requests.get(url, timeout=30).content == drawing


def test_local_img_src_stops_cleanly_on_sigterm() -> None:
    with run_command("--img-src") as (process, environment):
        assert requests.get(f"{environment['IMGSRC_SERVER_URL']}/health", timeout=30).json()["status"] == "ok"
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_the_data_of_the_other_service_is_reported(tmp_path: Path) -> None:
    with LocalImageKit(data=tmp_path):
        pass
    printed = " ".join(fail_to_start("--img-src", "--port=0", "--data", str(tmp_path), status=1).split())
    assert printed == f"{tmp_path} has the data of another service (imagekit.db): use another folder"


def test_an_option_of_the_other_service_is_named() -> None:
    printed = " ".join(fail_to_start("--img-src", "--imagekit-id=acme", status=2).split())
    assert "--imagekit-id is an option of local ImageKit, which local img-src does not have" in printed


@pytest.mark.slow
@pytest.mark.parametrize("module", ["argparse", "imagekitio.local.server", "uvicorn", "imagekitio.local.app"])
def test_ctrl_c_while_it_starts_leaves_no_traceback(module: str, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os, signal, sys\n"
        "class Interrupting:\n"
        '    """Presses Ctrl-C when the module is about to be imported."""\n'
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {module!r}:\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupting())\n"
    )
    environment = {**ENVIRONMENT, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ENVIRONMENT['PYTHONPATH']}"}
    command = [*COMMAND, "--port=0"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=60)
    assert (ended.returncode, ended.stderr) == (130, "")
