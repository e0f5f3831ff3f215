"""Proof that a pull that is killed loses nothing, downloads nothing twice and leaves nothing over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from .conftest import Run

FILES = 300


def test_a_pull_killed_twice_and_resumed_is_complete_with_every_file_once(
    shell: Path, server: LocalImageKit, client: ImageKit, run: Run
) -> None:
    contents = {f"/many/{number % 7}/file_{number}.txt": f"content {number}" for number in range(FILES)}
    uploads = client.upload_many(
        (
            {"file": text.encode(), "file_name": path.rpartition("/")[2], "folder": path.rpartition("/")[0]}
            for path, text in contents.items()
        ),
        use_unique_file_name=False,
    )
    assert not [done.error for done in uploads if done.error]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    reached = 0
    for goal in (FILES // 4, FILES // 2):
        # The delay spreads the downloads, and soon after the goal they hang: no machine finishes before it is killed.
        server.faults.clear()
        server.faults.add(delay=0.02, times=goal - reached + 20, operation="delivery")
        server.faults.add(delay=600, times=None, operation="delivery")
        process = subprocess.Popen(
            [sys.executable, "-m", "imagekitio.cli", "sync", "many", "/many", "--pull"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while len(read(shell)) < goal:
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        reached = len(read(shell))
        assert goal <= reached < FILES
    server.faults.clear()
    before = len(server.requests)
    ended = run("--json", "sync", "many", "/many", "--pull")
    assert ended.code == 0
    assert Counter(record["status"] for record in ended.records) == {"kept": reached, "downloaded": FILES - reached}
    assert [request.operation for request in server.requests[before:]].count("list_files") == 1
    assert {f"/{path}": text for path, text in read(shell).items()} == contents
    assert sum(path.is_file() for path in (shell / "many").rglob("*")) == FILES  # nothing is hidden there
    assert {record["status"] for record in run("--json", "sync", "many", "/many", "--pull").records} == {"kept"}


def read(folder: Path) -> dict[str, str]:
    """Return the files that have their names."""
    found = (path for path in (folder / "many").rglob("*.txt") if not path.name.startswith("."))
    return {path.relative_to(folder).as_posix(): path.read_text() for path in found}
