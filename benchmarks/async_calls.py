"""Many calls at once, with tasks and with threads, and a large upload from a loop, beside what lies below them."""

from __future__ import annotations

import asyncio
import base64
import json
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import urllib3

from imagekitio import AsyncImageKit, ImageKit

from .budgets import Row
from .calls import FILE_ID, details
from .servers import answering, draining, http
from .uploads import ANSWER, megabytes_before_and_at_peak, seconds_of_curl, write_file

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

CALLS = 2000
AT_ONCE = 64
ROUNDS = 21
PATH = f"/v1/files/{FILE_ID}/details"
AUTHORIZATION = {"Authorization": "Basic " + base64.b64encode(b"private_benchmark:").decode()}


def settings(base_url: str) -> dict[str, Any]:
    return {
        "public_key": "public_benchmark",
        "private_key": "private_benchmark",
        "url_endpoint": "https://ik.example.com/demo",
        "api_base_url": base_url,
        "upload_base_url": base_url,
    }


async def _calls_per_second(call: Callable[[], Awaitable[object]]) -> float:
    left = iter(range(CALLS))

    async def work() -> None:
        for _ in left:
            await call()

    started = time.perf_counter()
    await asyncio.gather(*[work() for _ in range(AT_ONCE)])
    return CALLS / (time.perf_counter() - started)


async def _with_tasks(base_url: str) -> Row:
    async with aiohttp.ClientSession() as session, AsyncImageKit(**settings(base_url)) as imagekit:

        async def floor() -> Any:
            async with session.get(base_url + PATH, headers=AUTHORIZATION) as response:
                return json.loads(await response.read())

        async def ours() -> Any:
            return await imagekit.get_file_details(FILE_ID)

        for call in (floor, ours):
            await _calls_per_second(call)  # connects
        pairs = [(await _calls_per_second(floor), await _calls_per_second(ours)) for _ in range(ROUNDS)]
    floors, values = zip(*pairs, strict=True)
    return Row(
        f"{CALLS:,} get_file_details, {AT_ONCE} at once, AsyncImageKit",
        "a bare aiohttp session + json.loads",
        statistics.median(values),
        statistics.median(floors),
        0.7,
        "calls/s",
        is_minimum=True,
    )


def _with_threads(base_url: str) -> Row:
    with (
        urllib3.PoolManager(maxsize=AT_ONCE) as pool,
        ImageKit(**settings(base_url)) as imagekit,
        ThreadPoolExecutor(AT_ONCE) as threads,
    ):

        def floor(_: int) -> Any:
            return json.loads(pool.request("GET", base_url + PATH, headers=AUTHORIZATION).data)

        def ours(_: int) -> Any:
            return imagekit.get_file_details(FILE_ID)

        def calls_per_second(call: Callable[[int], object]) -> float:
            started = time.perf_counter()
            for _ in threads.map(call, range(CALLS)):
                pass
            return CALLS / (time.perf_counter() - started)

        for call in (floor, ours):
            calls_per_second(call)  # connects
        pairs = [(calls_per_second(floor), calls_per_second(ours)) for _ in range(ROUNDS)]
    floors, values = zip(*pairs, strict=True)
    return Row(
        f"{CALLS:,} get_file_details, {AT_ONCE} threads, ImageKit",
        "a bare urllib3 pool + json.loads, as many threads",
        statistics.median(values),
        statistics.median(floors),
        0.6,
        "calls/s",
        is_minimum=True,
    )


async def _seconds_of_upload(path: Path, base_url: str) -> float:
    async with AsyncImageKit(**settings(base_url)) as imagekit:
        started = time.perf_counter()
        await imagekit.upload_file(file=path, file_name="large.bin")
        return time.perf_counter() - started


# As `uploads` measures it, in a process of its own.
_PEAK = """
import asyncio, sys
from pathlib import Path
from benchmarks.async_calls import settings
from benchmarks.uploads import kilobytes
from imagekitio import AsyncImageKit

path, base_url = sys.argv[1:]

async def main():
    async with AsyncImageKit(**settings(base_url)) as imagekit:
        await imagekit.upload_file(file=b"warm", file_name="small.bin")  # loads what a first call loads
        Path("/proc/self/clear_refs").write_text("5")
        before = kilobytes("VmRSS")
        await imagekit.upload_file(file=Path(path), file_name="large.bin")
        print(before, kilobytes("VmHWM"))

asyncio.run(main())
"""


def measure() -> list[Row]:
    with answering({PATH.encode(): http(json.dumps(details(0)).encode())}) as base_url:
        rows = [asyncio.run(_with_tasks(base_url)), _with_threads(base_url)]
    with tempfile.TemporaryDirectory() as folder, draining(ANSWER) as base_url:
        large = write_file(Path(folder, "512"), 512)
        pairs = [
            (seconds_of_curl(large, base_url), asyncio.run(_seconds_of_upload(large, base_url))) for _ in range(ROUNDS)
        ]
        curl, ours = (statistics.median(seconds) for seconds in zip(*pairs, strict=True))
        rows.append(Row("async upload of 512 MB, wall time", "curl -F of the same file", ours, curl, 1.25, "s"))
        before, peak = megabytes_before_and_at_peak(_PEAK, large, base_url)
        rows.append(
            Row("peak memory of an async upload of 512 MB", "the same process before it", peak, before, 16, "MB", True)
        )
    return rows
