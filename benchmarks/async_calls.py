"""Many calls at once in one event loop, compared with bare aiohttp, and a large upload from a loop, with curl."""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp

from imagekitio import AsyncImageKit

from .budgets import Row
from .calls import ANSWERS, DETAILS_PATH, FILE_ID
from .clients import AUTHORIZATION, make_settings
from .servers import drain_large_uploads, serve_answers
from .uploads import ANSWER, measure_memory, time_curl, write_file

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

CALLS, AT_ONCE, ROUNDS = 2000, 64, 21


async def _count_per_second(call: Callable[[], Awaitable[object]]) -> float:
    left = iter(range(CALLS))

    async def work() -> None:
        for _ in left:
            await call()

    started = time.perf_counter()
    await asyncio.gather(*[work() for _ in range(AT_ONCE)])
    return CALLS / (time.perf_counter() - started)


async def _measure_calls() -> Row:
    with serve_answers(ANSWERS) as base_url:
        async with aiohttp.ClientSession() as session, AsyncImageKit(**make_settings(base_url)) as imagekit:

            async def ask_directly() -> Any:
                async with session.get(base_url + DETAILS_PATH, headers=AUTHORIZATION) as response:
                    return json.loads(await response.read())

            async def ask() -> Any:
                return await imagekit.get_file_details(FILE_ID)

            for call in (ask_directly, ask):
                await _count_per_second(call)  # opens the connections
            pairs = [(await _count_per_second(ask_directly), await _count_per_second(ask)) for _ in range(ROUNDS)]
    floor, ours = (statistics.median(figures) for figures in zip(*pairs, strict=True))
    return Row(
        f"{CALLS:,} get_file_details, {AT_ONCE} at once, AsyncImageKit, loopback, no service time",
        "a bare aiohttp session + json.loads",
        ours,
        floor,
        0.7,
        "calls/s",
        is_minimum=True,
    )


async def _time_upload(path: Path, base_url: str) -> float:
    async with AsyncImageKit(**make_settings(base_url)) as imagekit:
        started = time.perf_counter()
        await imagekit.upload_file(file=path, file_name="large.bin")
        return time.perf_counter() - started


# Like the script in `uploads`, with an event loop.
_PEAK = """
import asyncio, sys
from pathlib import Path
from benchmarks.clients import make_settings
from benchmarks.uploads import read_kilobytes
from imagekitio import AsyncImageKit

path, base_url = sys.argv[1:]

async def main():
    async with AsyncImageKit(**make_settings(base_url)) as imagekit:
        await imagekit.upload_file(file=b"warm", file_name="small.bin")  # imports what the first call imports
        Path("/proc/self/clear_refs").write_text("5")
        before = read_kilobytes("VmRSS")
        await imagekit.upload_file(file=Path(path), file_name="large.bin")
        print(before, read_kilobytes("VmHWM"))

asyncio.run(main())
"""


def _measure_upload() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder, drain_large_uploads(ANSWER) as base_url:
        large = write_file(Path(folder, "512"), 512)
        pairs = [(time_curl(large, base_url), asyncio.run(_time_upload(large, base_url))) for _ in range(ROUNDS)]
        curl, ours = (statistics.median(seconds) for seconds in zip(*pairs, strict=True))
        before, peak = measure_memory(_PEAK, large, base_url)
    return [
        Row("async upload of 512 MB, loopback, wall time", "curl -F of the same file", ours, curl, 1.25, "s"),
        Row("peak memory of an async upload of 512 MB", "the same process before it", peak, before, 16, "MB", True),
    ]


def measure() -> list[Row]:
    return [asyncio.run(_measure_calls()), *_measure_upload()]
