"""Proof that a sync that is killed loses nothing and stores nothing twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from .conftest import Run

FILES = 300


def test_a_sync_killed_twice_and_resumed_is_complete_with_every_file_once(
    shell: Path, server: LocalImageKit, client: ImageKit, run: Run
) -> None:
    contents = {f"/many/{number % 7}/file_{number}.txt": f"content {number}" for number in range(FILES)}
    for path, text in contents.items():
        file = shell / path[1:]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    # The delay keeps a fast machine from finishing before it is killed.
    server.faults.add(delay=0.02, times=None, operation="upload_file")
    reached = 0
    for goal in (FILES // 4, FILES // 2):
        process = subprocess.Popen(
            [sys.executable, "-m", "imagekitio.cli", "sync", "many", "/many"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
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

    stored = list(client.iter_files(search_query='path : "/many" AND type IN ["file", "file-version"]'))
    assert sorted(file.file_path for file in stored) == sorted(contents)
    assert {file.type for file in stored} == {"file"}
    assert {file.version_info.name for file in stored} == {"Version 1"}
    assert {file.file_path: file.size for file in stored} == {path: len(text) for path, text in contents.items()}
    assert {record["status"] for record in run("--json", "sync", "many", "/many", "--compare", "content").records} == {
        "kept"
    }
