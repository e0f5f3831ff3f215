"""Many uploads at once: how fast beside bare `http.client`, and in how much memory."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from imagekitio.models.uploads import UploadFileResult
from imagekitio.transports.multipart import opened

from .budgets import Row
from .servers import draining_many
from .servers import http as answer_of
from .uploads import client, kilobytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imagekitio import ImageKit

FILES, FILE_BYTES, AT_ONCE = 1000, 50_000, 16
ANSWER = answer_of(json.dumps({"fileId": "65e6c5a9b7d1f2034a5b6c7d", "name": "a.bin", "size": FILE_BYTES}).encode())


def files_per_second(ik: ImageKit, content: bytes) -> float:
    items = [(content, f"{number}.bin") for number in range(FILES)]
    started = time.perf_counter()
    for done in ik.upload_many(items, at_once=AT_ONCE):
        if done.error is not None:
            raise done.error
    return FILES / (time.perf_counter() - started)


def files_per_second_of_http_client(base_url: str, content: bytes) -> float:
    """Send bodies as long as ours, made before, on kept connections."""
    from imagekitio.operations.uploads import upload_file

    multipart: Any = upload_file(content, "1000.bin").request.body
    with opened(multipart, 60) as made:
        body = b"".join(made.blocks(FILE_BYTES))
        headers = {"Content-Type": made.content_type, "Authorization": "Basic cHJpdmF0ZTo="}
    numbers = itertools.count()

    def send() -> None:
        connection = http.client.HTTPConnection(urlsplit(base_url).netloc)
        while next(numbers) < FILES:
            connection.request("POST", "/api/v1/files/upload", body, headers)
            json.loads(connection.getresponse().read())
        connection.close()

    started = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for sender in [pool.submit(send) for _ in range(AT_ONCE)]:
            sender.result()
    return FILES / (time.perf_counter() - started)


class FakeTransport:
    """Answers at once."""

    def run(self, _: object) -> UploadFileResult:
        return UploadFileResult(file_id="65e6c5a9b7d1f2034a5b6c7d", name="a.bin", size=1)


def peak_kilobytes(count: int) -> int:
    """Upload so many small files, of which no two exist at a time, and return the peak memory of this process."""

    def items() -> Iterator[tuple[bytes, str]]:
        for number in range(count):
            yield b"%d" % number, f"{number}.bin"

    with client("http://127.0.0.1:9") as ik:
        ik.__dict__["_transport"] = FakeTransport()
        ik.close = lambda: None  # type: ignore[method-assign]
        for done in ik.upload_many(items(), at_once=AT_ONCE):
            if done.error is not None:
                raise done.error
    return kilobytes("VmHWM")


def peak_megabytes(count: int) -> float:
    script = f"from benchmarks.bulk import peak_kilobytes; print(peak_kilobytes({count}))"
    command = [sys.executable, "-c", script]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": "."})
    return int(printed.stdout) / 1024


def measure() -> list[Row]:
    content = os.urandom(FILE_BYTES)
    pairs = []
    with draining_many(ANSWER) as base_url, client(base_url) as ik:
        files_per_second(ik, content)  # warm
        for _ in range(7):
            pairs.append((files_per_second_of_http_client(base_url, content), files_per_second(ik, content)))
    bare, ours = (statistics.median(figures) for figures in zip(*pairs, strict=True))
    what = f"upload_many, {FILES:,} × 50 KB, {AT_ONCE} at once"
    few, many = peak_megabytes(1000), peak_megabytes(1_000_000)
    return [
        Row(what, "http.client in as many threads", ours, bare, 0.6, "files/s", is_minimum=True),
        Row("peak memory of upload_many, 1,000,000 items", "the same for 1,000", many, few, 5, "MB", True),
    ]
