"""How a run ends, whatever becomes of its streams, its locale, its terminal and Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from imagekitio.cli.base.output import Output

from .library import paths_of
from .processes import COMMAND, make_environment, run_process, start_process
from .terminal import open_terminal

if TYPE_CHECKING:
    from pathlib import Path

    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from .conftest import Run


@pytest.fixture
def files(client: ImageKit) -> None:
    for name in ("ä 日本.txt", "b.txt", "c.txt"):
        client.upload_file(b"hello", name, folder="/", use_unique_file_name=False)


@pytest.mark.usefixtures("files")
def test_a_reader_that_goes_early_leaves_no_message() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = run_process("ls", stdout=writing)
    finally:
        os.close(writing)
    assert (ended.returncode, ended.stderr) == (141, "")


@pytest.mark.usefixtures("files")
def test_a_full_disk_is_one_line() -> None:
    with open("/dev/full", "w") as full:
        ended = run_process("ls", stdout=full)
    assert ended.returncode == 1
    assert ended.stderr == "imagekit: No space left on device\n"


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_closed_streams_lead_nowhere(closed: str) -> None:
    command = ["sh", "-c", f'"$@" {closed}', "sh", *COMMAND, "ls"]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, env=make_environment(), timeout=120)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ("b.txt" in ended.stdout) == (closed in ("2>&-", "<&-"))


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    "variables",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
    ],
    ids=["C", "ASCII", "PYTHONIOENCODING"],
)
def test_names_are_utf8_in_any_locale(variables: dict[str, str]) -> None:
    ended = run_process("ls", variables=variables)
    assert ended.returncode == 0
    assert "日本" in ended.stdout


def test_names_of_files_and_arguments_are_utf8_in_any_locale(client: ImageKit, shell: Path) -> None:
    ascii_only = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    (shell / "ä 日本").mkdir()
    (shell / "ä 日本" / "ü.txt").write_text("hello")
    assert run_process("upload", "ä 日本", "/日本", variables=ascii_only).returncode == 0
    assert paths_of(client) == ["/日本/ä_日本/ü.txt"]
    ended = run_process("download", "/日本/ä_日本/ü.txt", "日.txt", variables=ascii_only)
    assert (ended.returncode, ended.stderr) == (0, "1 file downloaded (5 bytes)\n")
    assert (shell / "日.txt").read_text() == "hello"


@pytest.mark.usefixtures("files")
def test_no_color_leaves_colours_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    with open_terminal("ls") as terminal:
        terminal.process.expect(r"c\.txt")
        shown = terminal.process.before or ""
    assert not re.search(r"\x1b\[[0-9;]*(3[0-8]|4[0-8]|9[0-7])m", shown)


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("columns", [1, 20, 80, 300])
def test_a_table_fits_any_terminal_that_has_room_for_its_headings(columns: int) -> None:
    with open_terminal("ls", "--quiet", columns=columns) as terminal:
        code, text = terminal.finish()
    assert code == 0
    assert max(map(len, text.splitlines())) <= max(columns, 30)
    assert {"b.txt", "c.txt"} <= {*text.split()}


def test_a_terminal_that_cannot_draw_gets_no_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    assert Output().shows_progress
    monkeypatch.setenv("TERM", "dumb")
    assert not Output().shows_progress


def test_debug_shows_requests_and_the_traceback_and_no_key(server: LocalImageKit) -> None:
    server.faults.add(status=503, times=50)
    ended = run_process("--debug", "ls")
    assert ended.returncode == 4
    assert "GET /v1/files" in ended.stderr
    assert "Traceback" in ended.stderr
    assert "private_local" not in ended.stderr


def test_without_debug_a_failure_is_one_line_though_it_was_tried_again(server: LocalImageKit) -> None:
    server.faults.add(status=503, times=50)
    ended = run_process("ls")
    assert (ended.returncode, ended.stderr.count("\n")) == (4, 1)
    assert len(server.requests) == 3


def test_people_see_that_a_request_is_tried_again(server: LocalImageKit) -> None:
    server.faults.add(status=503, times=1)
    with open_terminal("ls") as terminal:
        code, text = terminal.finish()
    assert code == 0
    assert "before attempt 2 of 3" in text


@pytest.mark.parametrize(
    "arguments", [("--private-key", "private_secret1", "ls"), ("ls", "--private_key=private_secret1")]
)
def test_a_key_that_is_refused_is_not_shown(arguments: tuple[str, ...]) -> None:
    ended = run_process("--debug", *arguments)
    assert ended.returncode != 0
    assert "private_secret1" not in ended.stderr + ended.stdout


def test_without_arguments_help_is_shown(run: Run) -> None:
    ended = run()
    assert "Usage: imagekit" in ended.out + ended.err
    assert ended.code in (0, 2)  # as click has it: 2 since release 8.2


def test_what_nobody_thought_of_is_one_line_that_points_to_debug(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("of all things")

    monkeypatch.setattr("imagekitio.cli.base.output.Output.print_rows", fail)
    ended = run("ls")
    assert ended.code == 1
    assert ended.err == "imagekit: ZeroDivisionError: of all things (run it again with --debug for details)\n"
    assert "Traceback" in run("--debug", "ls").err


# Presses Ctrl-C when a module is about to be imported.
INTERRUPTING = """
import os, signal, sys
class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
"""


@pytest.mark.parametrize(
    "name", ["click", "imagekitio.cli.app", "imagekitio.cli.commands.ls", "imagekitio.client", "requests"]
)
def test_ctrl_c_while_it_starts_leaves_no_traceback(name: str, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(INTERRUPTING.format(name=name))
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    ended = run_process("ls", variables={"PYTHONPATH": path})
    assert ended.returncode == 130
    assert ended.stderr.strip() in ("", "imagekit: interrupted")


def test_ctrl_c_while_an_object_is_made_shows_nothing_of_it(tmp_path: Path) -> None:
    # Without its file, a response cannot be closed when it is thrown away.
    (tmp_path / "sitecustomize.py").write_text(
        "import http.client, os, signal\n"
        "http.client.HTTPResponse.__init__ = lambda *_, **__: os.kill(os.getpid(), signal.SIGINT)\n"
    )
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    ended = run_process("ls", variables={"PYTHONPATH": path})
    assert (ended.returncode, ended.stderr) == (130, "\nimagekit: interrupted\n")


@pytest.mark.parametrize("name", ["rich", "click", "platformdirs"])
def test_a_missing_package_is_named_with_what_to_install(name: str, tmp_path: Path) -> None:
    # find_spec("rich") of the command finds nothing, as if it were not installed.
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util\nfind = importlib.util.find_spec\n"
        f"importlib.util.find_spec = lambda name, package=None: None if name == {name!r} else find(name, package)\n"
    )
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    ended = run_process("ls", variables={"PYTHONPATH": path})
    assert ended.returncode == 2
    assert f"pip install {name}" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_ctrl_c_in_the_middle_of_a_list_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("IMAGEKIT_API_BASE_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        with start_process("ls") as process:
            connection, _ = silent.accept()
            with connection:
                connection.recv(1)
                process.send_signal(signal.SIGINT)
                _, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert err == "\nimagekit: interrupted\n"


def test_a_second_ctrl_c_ends_the_wait_for_other_threads(tmp_path: Path) -> None:
    script = (
        "import sys, threading, time\n"
        "from imagekitio.cli import app\n"
        "class Stuck:\n"
        "    def main(self, *_, obj, **__):\n"
        "        threading.Thread(target=time.sleep, args=(3600,)).start()\n"
        "        obj.on_interrupt = lambda: '1 of 2 files is done'\n"
        "        raise KeyboardInterrupt\n"
        "app.command = Stuck()\n"
        "sys.exit(app.run([]))\n"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=make_environment()) as process:
        assert process.stderr is not None
        assert [process.stderr.readline() for _ in range(2)] == ["\n", "imagekit: interrupted: 1 of 2 files is done\n"]
        while process.poll() is None:  # until the handler is there
            process.send_signal(signal.SIGINT)
            threading.Event().wait(0.05)
        assert process.returncode == 130


def test_a_job_that_was_started_to_ignore_ctrl_c_does() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process = start_process("ls")
    finally:
        signal.signal(signal.SIGINT, before)
    with process:
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            threading.Event().wait(0.05)
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert process.returncode == 0
