"""Many uploads at once: speed compared with bare `http.client`, and memory."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from imagekitio import ImageKit
from imagekitio.models.uploads import UploadFileResult

from .budgets import Row
from .clients import AUTHORIZATION, encode_form, make_settings
from .servers import drain_uploads, format_answer
from .uploads import read_kilobytes, run_script

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES, FILE_BYTES, AT_ONCE, ROUNDS = 1000, 50_000, 16, 7
LATENCY_SECONDS = 0.05
FILE_ID = "65e6c5a9b7d1f2034a5b6c7d"
ANSWER = format_answer(json.dumps({"fileId": FILE_ID, "name": "a.bin", "size": FILE_BYTES}).encode())


def _upload_many(imagekit: ImageKit, content: bytes) -> float:
    """Return the number of files per second of `upload_many`."""
    items = [(content, f"{number}.bin") for number in range(FILES)]
    started = time.perf_counter()
    for done in imagekit.upload_many(items, at_once=AT_ONCE):
        if done.error is not None:
            raise done.error
    return FILES / (time.perf_counter() - started)


def _upload_directly(base_url: str, content: bytes) -> float:
    """Return the number of files per second if threads send the same encoded form, on one connection each."""
    # The client makes names unique in this way.
    fields = {"fileName": "1000_Ab3dE6gHi.bin", "useUniqueFileName": "false", "overwriteFile": "false"}
    body, content_type = encode_form(fields, "1000.bin", content)
    headers = {**AUTHORIZATION, "Content-Type": content_type}
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


def _measure_speed() -> Row:
    content = os.urandom(FILE_BYTES)
    with (
        drain_uploads(ANSWER, latency_seconds=LATENCY_SECONDS) as base_url,
        ImageKit(**make_settings(base_url)) as imagekit,
    ):
        _upload_many(imagekit, content)  # warm up
        pairs = [(_upload_directly(base_url, content), _upload_many(imagekit, content)) for _ in range(ROUNDS)]
    floor, ours = (statistics.median(figures) for figures in zip(*pairs, strict=True))
    return Row(
        f"upload_many, {FILES:,} × 50 KB, {AT_ONCE} at once, a service that takes {LATENCY_SECONDS * 1e3:g} ms",
        "http.client, as many threads",
        ours,
        floor,
        0.9,
        "files/s",
        is_minimum=True,
    )


class _FakeTransport:
    """Answers immediately."""

    def run(self, _: object) -> UploadFileResult:
        return UploadFileResult(file_id=FILE_ID, name="a.bin", size=1)

    def close(self) -> None:
        pass


def print_peak(count: int) -> None:
    """Upload `count` small files, generated one by one, and print the peak memory of this process in kilobytes."""

    def generate_items() -> Iterator[tuple[bytes, str]]:
        for number in range(count):
            yield b"%d" % number, f"{number}.bin"

    with ImageKit(**make_settings("http://127.0.0.1:9")) as imagekit:
        vars(imagekit)["_transport"] = _FakeTransport()
        for done in imagekit.upload_many(generate_items(), at_once=AT_ONCE):
            if done.error is not None:
                raise done.error
    print(read_kilobytes("VmHWM"))


def _measure_memory() -> Row:
    script = "import sys; from benchmarks.bulk import print_peak; print_peak(int(sys.argv[1]))"
    few, many = (run_script(script, str(count))[0] / 1024 for count in (1_000, 1_000_000))
    return Row("peak memory of upload_many, 1,000,000 items", "the same for 1,000", many, few, 5, "MB", True)


def measure() -> list[Row]:
    return [_measure_speed(), _measure_memory()]
