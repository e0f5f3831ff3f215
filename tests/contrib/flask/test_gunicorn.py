"""The extension in forked workers of Gunicorn."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import requests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imagekitio.local import LocalImageKit

WORKERS = 4
THREADS = 8  # of each worker
UPLOADS = 1000
AT_ONCE = 32


@contextmanager
def run_gunicorn(server: LocalImageKit, log: Path) -> Iterator[tuple[str, int]]:
    """Run the application in workers that are forked after its client has connected; the value is URL and process."""
    arguments = ["--bind=127.0.0.1:0", f"--workers={WORKERS}", f"--threads={THREADS}", "--timeout=300", "--preload"]
    # By default it closes a connection that was idle for 2 s: on a busy machine, while a client is about to send.
    arguments.append("--keep-alive=300")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-W", "default", "-m", "gunicorn", *arguments, "application:create_app()"],
            cwd=Path(__file__).parent,
            env={**os.environ, **server.environment, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
            stdout=output,
            stderr=output,
        )
        try:
            # It listens before it forks, and pauses for a random time after each fork: on a fast machine, the first
            # workers have served many requests before the last one exists.
            while (text := log.read_text()).count("Booting worker with pid: ") < WORKERS:
                assert process.poll() is None, text
                time.sleep(0.05)
            (url,) = re.findall(r"Listening at: (\S+)", text)
            yield url, process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            status = process.wait(120)
    assert status == 0, log.read_text()


def count_held(master: int) -> dict[int, tuple[int, int]]:
    """Return the numbers of descriptors and threads of each worker."""
    workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    return {
        int(worker): (len(os.listdir(f"/proc/{worker}/fd")), len(os.listdir(f"/proc/{worker}/task")))
        for worker in workers
    }


def test_1000_uploads_32_at_once_are_each_intact_and_leak_nothing(server: LocalImageKit, tmp_path: Path) -> None:
    contents = [hashlib.sha256(str(number).encode()).digest() * (1 + number % 100) for number in range(UPLOADS)]
    log, local = tmp_path / "log", threading.local()
    with run_gunicorn(server, log) as (url, master):

        def send(number: int) -> str:
            if not hasattr(local, "session"):
                local.session = requests.Session()
                local.session.trust_env = False
            if number % 2:
                answer = local.session.post(f"{url}/form", files={"file": ("a.bin", contents[number])}, timeout=120)
            else:
                answer = local.session.put(f"{url}/body/a.bin", data=contents[number], timeout=120)
            assert answer.status_code == 200, answer.text
            return str(answer.json()["path"])

        with ThreadPoolExecutor(AT_ONCE) as pool:
            paths = list(pool.map(send, range(AT_ONCE)))
            before = count_held(master)
            paths += pool.map(send, range(AT_ONCE, UPLOADS))
            after = count_held(master)

    assert len(set(paths)) == UPLOADS
    with server.client() as client:
        with ThreadPoolExecutor(4) as pool:
            found = pool.map(lambda path: client.open_stream(path).read(), paths)
            assert all(ours == theirs for ours, theirs in zip(contents, found, strict=True))
        assert sum(1 for _ in client.iter_files()) == UPLOADS
    assert before.keys() == after.keys()
    assert len(after) == WORKERS
    for worker, (descriptors, threads) in after.items():
        # Threads and connections come when they are first needed; a leak would leave some hundred.
        assert threads <= THREADS + 2
        assert descriptors - before[worker][0] <= 2 * THREADS + AT_ONCE
    text = log.read_text()
    assert "Warning" not in text
    assert "Traceback" not in text
