"""A sync that is killed or interrupted loses nothing, stores nothing twice, and goes on where it ended."""

from __future__ import annotations

import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from .processes import start_process
from .terminal import open_terminal, wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from .conftest import Run

FILES = 300


def write_files(folder: Path) -> dict[str, str]:
    """Write the files to sync; return their contents by their paths in the library."""
    contents = {f"/many/{number % 7}/file_{number}.txt": f"content {number}" for number in range(FILES)}
    for path, text in contents.items():
        file = folder / path[1:]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return contents


def test_a_sync_killed_twice_and_resumed_is_complete_with_every_file_once(
    shell: Path, server: LocalImageKit, client: ImageKit, run: Run
) -> None:
    contents = write_files(shell)
    reached = 0
    for goal in (FILES // 4, FILES // 2):
        # The delay spreads the uploads, and soon after the goal they hang: no machine finishes before it is killed.
        server.faults.clear()
        server.faults.add(delay=0.02, times=goal - reached + 20, operation="upload_file")
        server.faults.add(delay=600, times=None, operation="upload_file")
        process = start_process("sync", "many", "/many", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while len(client.list_files(search_query='path : "/many"', limit=1000)) < goal:
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        reached = len(client.list_files(search_query='path : "/many"', limit=1000))
        assert goal <= reached < FILES
    server.faults.clear()
    ended = run("--json", "sync", "many", "/many")
    assert ended.code == 0
    statuses = [record["status"] for record in ended.records]
    assert len(statuses) == FILES
    assert statuses.count("kept") >= reached

    check_stored(client, contents)
    assert {record["status"] for record in run("--json", "sync", "many", "/many", "--compare", "content").records} == {
        "kept"
    }


@pytest.mark.parametrize("columns", [80, 120])
def test_ctrl_c_stops_a_sync_that_meets_faults_and_the_same_command_goes_on(
    columns: int, shell: Path, server: LocalImageKit, client: ImageKit
) -> None:
    contents = write_files(shell)
    arguments = ("sync", "many", "/many", "--at-once", "4")
    server.faults.add(status=503, times=2, operation="upload_file")
    server.faults.add(status=400, body={"message": "not today"}, times=1, operation="upload_file")
    server.faults.add(delay=0.001, times=FILES // 2, operation="upload_file")
    stuck = server.faults.add(delay=600, times=None, operation="upload_file")
    with open_terminal(*arguments, columns=columns) as terminal:
        shown = terminal.expect(rf"{FILES // 2 + 1}/{FILES} files")
        wait_until(lambda: stuck.hits == 4)
        terminal.interrupt()
        code, text = terminal.finish()
    assert code == 130
    assert ".txt: not today" in shown  # what failed stays in sight
    told = f"interrupted: {FILES // 2} of {FILES} files are done, 1 failed; run the same command again to go on"
    assert told in " ".join(text.split())
    assert len(client.list_files(search_query='path : "/many"', limit=1000)) == FILES // 2
    server.faults.clear()
    with open_terminal(*arguments, columns=columns) as terminal:
        code, text = terminal.finish()
    assert code == 0
    assert f"{FILES // 2} files uploaded" in text
    assert f"{FILES // 2} unchanged" in text
    check_stored(client, contents)


def check_stored(client: ImageKit, contents: dict[str, str]) -> None:
    """Check that the library has these files, each once and in its first version."""
    stored = list(client.iter_files(search_query='path : "/many" AND type IN ["file", "file-version"]'))
    assert sorted(file.file_path for file in stored) == sorted(contents)
    assert {file.type for file in stored} == {"file"}
    assert {file.version_info.name for file in stored} == {"Version 1"}
    assert {file.file_path: file.size for file in stored} == {path: len(text) for path, text in contents.items()}
