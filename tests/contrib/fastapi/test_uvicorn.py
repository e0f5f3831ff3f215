"""An application under load, with uvicorn in a process of its own, as in production."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter

from imagekitio.local import LocalImageKit

if TYPE_CHECKING:
    from collections.abc import Iterator

UPLOADS = 1000
AT_ONCE = 32
LARGE_BYTES = 50_000_000
PATHS = ("files", "async-files")


@contextmanager
def run_application(server: LocalImageKit, log: Path) -> Iterator[str]:
    """Run `loaded_app.py` and give its address; `log` gets what it logs, and all warnings."""
    command = [sys.executable, "-W", "always", str(Path(__file__).with_name("loaded_app.py"))]
    environment = {**os.environ, **server.environment, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=output)
    with process:
        assert process.stdout is not None
        try:
            port = process.stdout.readline()
            assert port, log.read_text()
            yield f"http://127.0.0.1:{int(port)}"
        finally:
            process.terminate()


def post(session: requests.Session, url: str, name: str, content: bytes) -> Any:
    answer = session.post(url, files={"file": (name, content)}, timeout=300)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_thousand_uploads_arrive_unchanged_and_leave_nothing_behind(server: LocalImageKit, tmp_path: Path) -> None:
    def upload(number: int) -> tuple[str, bytes]:
        content = b"%d\n" % number + os.urandom(number * 37 % 5000)
        file = post(session, f"{url}/{PATHS[number % 2]}", f"{number}.txt", content)
        return file["url"], sha256(content).digest()

    def download(file_url: str) -> tuple[str, bytes]:
        return file_url, sha256(session.get(file_url, timeout=300).content).digest()

    def measure() -> tuple[int, int]:
        usage = session.get(f"{url}/usage", timeout=300).json()
        return usage["descriptors"], usage["threads"]

    log = tmp_path / "log.txt"
    with (
        run_application(server, log) as url,
        ThreadPoolExecutor(AT_ONCE) as executor,
        requests.Session() as session,
    ):
        session.mount("http://", HTTPAdapter(pool_maxsize=AT_ONCE))
        # Opens the connections and the threads that stay open.
        list(executor.map(upload, range(4 * AT_ONCE)))
        descriptors, threads = measure()
        sent = dict(executor.map(upload, range(UPLOADS)))
        assert len(sent) == UPLOADS
        now = measure()
        # More may have been in use at the same moment than before; what leaks, leaks with each upload.
        assert now[0] <= descriptors + AT_ONCE
        assert now[1] <= threads + AT_ONCE
        assert dict(executor.map(download, sent)) == sent
    assert log.read_text() == ""


def test_memory_does_not_grow_with_a_file(tmp_path: Path) -> None:
    with (
        LocalImageKit(max_upload_bytes=LARGE_BYTES) as server,
        run_application(server, tmp_path / "log.txt") as url,
        requests.Session() as session,
    ):
        for path in PATHS:
            post(session, f"{url}/{path}", "small.bin", bytes(2_000_000))
        before = session.get(f"{url}/usage", timeout=300).json()["peak_memory_bytes"]
        for path in PATHS:
            assert post(session, f"{url}/{path}", "large.bin", bytes(LARGE_BYTES))["size"] == LARGE_BYTES
        after = session.get(f"{url}/usage", timeout=300).json()["peak_memory_bytes"]
    assert after - before < LARGE_BYTES / 4
