"""Uploads of large files: how fast beside curl, and in how much memory."""

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
from .servers import draining, http

MEGABYTE = 1 << 20
ANSWER = http(json.dumps({"fileId": "65e6c5a9b7d1f2034a5b6c7d", "name": "large.bin", "size": 1}).encode())


def client(base_url: str) -> ImageKit:
    return ImageKit(
        public_key="public_benchmark",
        private_key="private_benchmark",
        url_endpoint="https://ik.example.com/demo",
        upload_base_url=base_url,
    )


def write_file(path: Path, megabytes: int) -> Path:
    block = os.urandom(MEGABYTE)
    with path.open("wb") as file:
        for _ in range(megabytes):
            file.write(block)
    return path


def seconds_of_curl(path: Path, base_url: str) -> float:
    curl = shutil.which("curl")
    if curl is None:
        raise SystemExit("curl is the floor of the upload benchmark; install it first")
    command = [curl, "-sS", "-o", os.devnull, "-w", "%{time_total}", "-u", "private_benchmark:"]
    command += ["-F", f"file=@{path}", "-F", "fileName=large.bin", f"{base_url}/api/v1/files/upload"]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _seconds_of_ours(path: Path, base_url: str) -> float:
    with client(base_url) as ik:
        started = time.perf_counter()
        ik.upload_file(file=path, file_name="large.bin")
        return time.perf_counter() - started


def kilobytes(name: str) -> int:
    """Return a figure of /proc/self/status, such as VmRSS."""
    (line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name + ":")]
    return int(line.split()[1])


# Runs in a process of its own: the peak is that of the upload, since the peak before it is wiped out.
_PEAK = """
import sys
from pathlib import Path
from benchmarks.uploads import client, kilobytes

path, base_url = sys.argv[1:]
with client(base_url) as ik:
    ik.upload_file(file=b"warm", file_name="small.bin")  # loads what a first call loads
    Path("/proc/self/clear_refs").write_text("5")
    before = kilobytes("VmRSS")
    ik.upload_file(file=Path(path), file_name="large.bin")
    print(before, kilobytes("VmHWM"))
"""


def megabytes_before_and_at_peak(script: str, path: Path, base_url: str) -> tuple[float, float]:
    """Run a script that prints its memory before an upload and the peak in it, in kilobytes."""
    command = [sys.executable, "-c", script, str(path), base_url]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": "."})
    before, peak = (int(number) / 1024 for number in printed.stdout.split())
    return before, peak


def measure() -> list[Row]:
    rows = []
    with tempfile.TemporaryDirectory() as folder, draining(ANSWER) as base_url:
        large = write_file(Path(folder, "512"), 512)
        pairs = [(seconds_of_curl(large, base_url), _seconds_of_ours(large, base_url)) for _ in range(7)]
        curl, ours = (statistics.median(seconds) for seconds in zip(*pairs, strict=True))
        rows.append(Row("upload of 512 MB, wall time", "curl -F of the same file", ours, curl, 1.2, "s"))
        for megabytes in (16, 512, 1024):
            path = large if megabytes == 512 else write_file(Path(folder, str(megabytes)), megabytes)
            before, peak = megabytes_before_and_at_peak(_PEAK, path, base_url)
            rows.append(
                Row(
                    f"peak memory of an upload of {megabytes} MB",
                    "the same process before it",
                    peak,
                    before,
                    12,
                    "MB",
                    True,
                )
            )
    return rows
