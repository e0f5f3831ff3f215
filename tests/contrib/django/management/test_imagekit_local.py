"""``manage.py imagekit_local`` in a project of its own, with real processes."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import pytest
import requests

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

SETTINGS = """
from pathlib import Path

ALLOWED_HOSTS = ["*"]
BASE_DIR = Path(__file__).parent
DEBUG = True
IMAGEKIT = {}
INSTALLED_APPS = ["imagekitio.contrib.django"]
ROOT_URLCONF = "urls"
SECRET_KEY = "of the tests"
USE_TZ = True
"""
URLS = """
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from imagekitio import ImageKit

@csrf_exempt
def upload(request):
    with ImageKit() as imagekit:
        return HttpResponse(imagekit.upload_file(file=request.body, file_name="a.txt").url)

urlpatterns = [path("upload", upload), path("version", lambda request: HttpResponse("first"))]
"""
MANAGE = """
import os, sys
from django.core.management import execute_from_command_line

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
execute_from_command_line(sys.argv)
"""
PATIENCE_SECONDS = 120


class Project(NamedTuple):
    process: subprocess.Popen[str]
    url: str
    local_url: str


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in {"settings": SETTINGS, "urls": URLS, "manage": MANAGE}.items():
        (tmp_path / f"{name}.py").write_text(text)
    for name in [name for name in os.environ if name.startswith("IMAGEKIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    return tmp_path


@contextmanager
def running(folder: Path, *arguments: str, start: tuple[str, ...] = ("manage.py",)) -> Generator[Project]:
    """The command with both servers at free ports, in a group of processes as a terminal makes one."""
    port = free_port()
    command = [sys.executable, *start, "imagekit_local", "--port", "0", *arguments, "--", str(port)]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as process:
        try:
            assert process.stdout is not None
            printed = ""
            while "Its data" not in printed:
                line = process.stdout.readline()
                assert line, printed
                printed += line
            local_url = re.findall(r"is running at (\S+)", printed)[0]
            url = f"http://127.0.0.1:{port}"
            wait_for(url + "/version", "first")
            yield Project(process, url, local_url)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def wait_for(url: str, text: str, nudge: Callable[[], object] = bool) -> None:
    """Wait until `url` answers with `text`, and call `nudge` each time that it answers something else."""
    end = time.monotonic() + PATIENCE_SECONDS
    answer = None
    while time.monotonic() < end:
        try:
            answer = requests.get(url, timeout=PATIENCE_SECONDS).text
        except requests.ConnectionError:  # the server is starting
            answer = None
        if answer == text:
            return
        if answer is not None:
            nudge()
        time.sleep(0.1)
    pytest.fail(f"{url} answered {answer!r} in the end")


def is_group_empty(group: int) -> bool:
    """Whether no process is left of the terminal's group, after those that are ending had the time to do so."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def refuse(folder: Path, *arguments: str) -> str:
    """What the command prints when it does not start."""
    command = [sys.executable, "manage.py", "imagekit_local", *arguments]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS, env={**os.environ}
    )
    assert done.returncode == 1, done
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_view_uploads_without_an_account_and_ctrl_c_leaves_nothing_behind(folder: Path) -> None:
    with running(folder) as project:
        url = requests.post(project.url + "/upload", data=b"hello", timeout=30).text
        assert url.startswith(project.local_url)
        assert requests.get(url, timeout=30).content == b"hello"
        os.killpg(project.process.pid, signal.SIGINT)
        assert project.process.wait(PATIENCE_SECONDS) == 0
        assert is_group_empty(project.process.pid)
    assert (folder / ".imagekit" / ".gitignore").read_text() == "*\n"

    with running(folder) as again:
        kept = again.local_url + url.removeprefix(project.local_url)
        assert requests.get(kept, timeout=30).content == b"hello"


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 0), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_to_the_command_alone_stops_both_servers(folder: Path, number: int, status: int) -> None:
    with running(folder) as project:
        project.process.send_signal(number)
        assert project.process.wait(PATIENCE_SECONDS) == status
        assert is_group_empty(project.process.pid)


def test_the_development_server_reloads_and_still_talks_to_local_imagekit(folder: Path) -> None:
    with running(folder, start=("-W", "error", "manage.py")) as project:
        module = folder / "urls.py"
        module.write_text(URLS.replace('"first"', '"second"'))
        # Again and again, since Django does not see a change before it has looked at the files for the first time.
        wait_for(project.url + "/version", "second", nudge=module.touch)
        assert requests.post(project.url + "/upload", data=b"hello", timeout=30).text.startswith(project.local_url)


def test_it_starts_with_python_m_django_and_takes_options_of_local_imagekit(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "settings")
    data = folder / "library"
    arguments = ("--data", str(data), "--local-options", "--imagekit-id acme --restrict-unsigned")
    with running(folder, *arguments, start=("-m", "django")) as project:
        url = requests.post(project.url + "/upload", data=b"hello", timeout=30).text
        assert url.startswith(project.local_url + "/acme/")
        assert requests.get(url, timeout=30).status_code == 401
    assert data.is_dir()


def test_a_port_that_is_taken_is_a_clear_error(folder: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = str(listener.getsockname()[1])
        told = refuse(folder, "--port", port)
    assert f"local ImageKit cannot listen on 127.0.0.1 port {port}" in told
    assert "CommandError: local ImageKit did not start" in told


def test_a_folder_that_cannot_be_made_is_a_clear_error(folder: Path) -> None:
    (folder / "file").write_text("in the way")
    assert "CommandError: the data folder could not be created" in refuse(folder, "--data", "file/data")


def test_keys_in_the_settings_that_are_not_from_the_environment_are_named(folder: Path) -> None:
    own = SETTINGS.replace("IMAGEKIT = {}", 'IMAGEKIT = {"private_key": "private_of_the_account"}')
    (folder / "settings.py").write_text(own)
    told = refuse(folder, "--port", "0", "--", str(free_port()), "--noreload")
    assert 'IMAGEKIT["private_key"] overrides the environment' in told
    assert "private_of_the_account" not in told
