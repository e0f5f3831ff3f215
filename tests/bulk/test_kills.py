"""The next download removes what a killed one left, and nothing that belongs to others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

DOWNLOAD = "import sys; from imagekitio import ImageKit; ImageKit().download('/site/a.txt', sys.argv[1])"

WAYS: dict[str, Callable[[ImageKit, Path], object]] = {
    "download": lambda ik, folder: ik.download("/site/a.txt", folder / "a.txt"),
    "download into a folder": lambda ik, folder: ik.download("/site/a.txt", folder),
    "download_many": lambda ik, folder: list(ik.download_many([("/site/a.txt", "a.txt")], folder)),
    "download_many, skipping": lambda ik, folder: list(
        ik.download_many([("/site/a.txt", "a.txt")], folder, skip_existing=True)
    ),
    "pull_files": lambda ik, folder: list(ik.pull_files([(file, folder / file.name) for file in ik.iter_files()])),
    "pull_folder": lambda ik, folder: list(ik.pull_folder("/site", folder)),
    "apply_changes": lambda ik, folder: list(
        ik.apply_changes([done.item for done in ik.pull_folder("/site", folder, dry_run=True)])
    ),
}


@contextmanager
def download_in_another_process(server: LocalImageKit, path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start a download that gets no answer, wait until its request arrives, and kill it at the end."""
    fault = server.faults.add(delay=60, times=1, operation="delivery")
    paths = os.pathsep.join(filter(None, sys.path))
    environment = {**os.environ, **server.settings.environment(), "PYTHONPATH": paths}
    process = subprocess.Popen([sys.executable, "-c", DOWNLOAD, path], env=environment)
    try:
        while not fault.hits:
            assert process.poll() is None
            time.sleep(0.01)
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL


def find_parts(folder: Path) -> set[str]:
    return {path.name for path in folder.glob(".*.part")}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.slow
def test_the_next_download_removes_what_a_killed_one_left_but_not_the_work_of_another_run(
    ik: ImageKit, server: LocalImageKit, tmp_path: Path, way: str
) -> None:
    ik.upload_file(b"content", "a.txt", folder="/site", use_unique_file_name=False)
    with download_in_another_process(server, tmp_path / "a.txt"):
        pass
    (left,) = find_parts(tmp_path)
    with download_in_another_process(server, tmp_path / "a.txt"):
        (other,) = find_parts(tmp_path) - {left}
        WAYS[way](ik, tmp_path)
        assert {path.name for path in tmp_path.iterdir()} == {"a.txt", other}
        assert (tmp_path / "a.txt").read_bytes() == b"content"
    assert find_parts(tmp_path) == {other}
    WAYS[way](ik, tmp_path)  # even if nothing is left to download
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_dry_run_removes_nothing(threads: ImageKit, server: LocalImageKit, tmp_path: Path) -> None:
    threads.upload_file(b"content", "a.txt", folder="/site", use_unique_file_name=False)
    with download_in_another_process(server, tmp_path / "a.txt"):
        pass
    items = [(file, tmp_path / file.name) for file in threads.iter_files()]
    list(threads.pull_files(items, dry_run=True))
    list(threads.pull_folder("/site", tmp_path, dry_run=True))
    assert len(find_parts(tmp_path)) == 1


@pytest.mark.slow
def test_a_folder_is_cleaned_up_once_for_many_downloads(
    threads: ImageKit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        name = f"{number}.txt"
        threads.upload_file(b"content", name, folder=f"/site/{number % 2}", use_unique_file_name=False)
    looked: list[Path] = []
    monkeypatch.setattr("imagekitio.bulk.downloads.remove_leftovers", looked.append)
    assert not [done.error for done in threads.download_many(threads.iter_files(), tmp_path, at_once=1) if done.error]
    assert sorted(looked) == [tmp_path / "site/0", tmp_path / "site/1"]
