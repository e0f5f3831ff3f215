"""Uploads of large files: wall time compared with curl, and memory."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from imagekitio import ImageKit

from .budgets import Row
from .clients import PRIVATE_KEY, make_settings
from .servers import drain_large_uploads, format_answer

MEGABYTE = 1 << 20
ROUNDS = 7
ANSWER = format_answer(json.dumps({"fileId": "65e6c5a9b7d1f2034a5b6c7d", "name": "large.bin", "size": 1}).encode())


def write_file(path: Path, megabytes: int) -> Path:
    block = os.urandom(MEGABYTE)
    with path.open("wb") as file:
        for _ in range(megabytes):
            file.write(block)
    return path


def time_curl(path: Path, base_url: str) -> float:
    """Return the seconds that curl takes to upload a file."""
    curl = shutil.which("curl")
    if curl is None:
        raise SystemExit("the upload benchmark compares with curl: install it first")
    command = [curl, "-sS", "-o", os.devnull, "-w", "%{time_total}", "-u", f"{PRIVATE_KEY}:"]
    command += ["-F", f"file=@{path}", "-F", "fileName=large.bin", f"{base_url}/api/v1/files/upload"]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _time_upload(path: Path, base_url: str) -> float:
    with ImageKit(**make_settings(base_url)) as imagekit:
        started = time.perf_counter()
        imagekit.upload_file(file=path, file_name="large.bin")
        return time.perf_counter() - started


def read_kilobytes(name: str) -> int:
    """Return a value from /proc/self/status, such as VmRSS."""
    (line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name + ":")]
    return int(line.split()[1])


def run_script(script: str, *arguments: str) -> list[int]:
    """Run a script in a separate process, and return the numbers that it prints."""
    command = [sys.executable, "-c", script, *arguments]
    search_path = os.pathsep.join(["."] + [path for path in [os.environ.get("PYTHONPATH")] if path])
    environment = {**os.environ, "PYTHONPATH": search_path}
    printed = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return [int(number) for number in printed.stdout.split()]


# The peak is reset before the upload, so that it is the peak of the upload alone.
_PEAK = """
import sys
from pathlib import Path
from benchmarks.clients import make_settings
from benchmarks.uploads import read_kilobytes
from imagekitio import ImageKit

path, base_url = sys.argv[1:]
with ImageKit(**make_settings(base_url)) as imagekit:
    imagekit.upload_file(file=b"warm", file_name="small.bin")  # imports what the first call imports
    Path("/proc/self/clear_refs").write_text("5")
    before = read_kilobytes("VmRSS")
    imagekit.upload_file(file=Path(path), file_name="large.bin")
    print(before, read_kilobytes("VmHWM"))
"""


def measure_memory(script: str, path: Path, base_url: str) -> tuple[float, float]:
    """Run a script that uploads `path`; return its memory in megabytes before the upload and at the peak."""
    before, peak = run_script(script, str(path), base_url)
    return before / 1024, peak / 1024


def measure() -> list[Row]:
    rows = []
    with tempfile.TemporaryDirectory() as folder, drain_large_uploads(ANSWER) as base_url:
        large = write_file(Path(folder, "512"), 512)
        pairs = [(time_curl(large, base_url), _time_upload(large, base_url)) for _ in range(ROUNDS)]
        curl, ours = (statistics.median(seconds) for seconds in zip(*pairs, strict=True))
        rows.append(Row("upload of 512 MB, loopback, wall time", "curl -F of the same file", ours, curl, 1.2, "s"))
        for megabytes in (16, 512, 1024):
            path = large if megabytes == 512 else write_file(Path(folder, str(megabytes)), megabytes)
            before, peak = measure_memory(_PEAK, path, base_url)
            what = f"peak memory of an upload of {megabytes} MB"
            rows.append(Row(what, "the same process before it", peak, before, 12, "MB", True))
    return rows
