"""Calls to the API, compared with `json.loads` and urllib3, on which requests is built, for the same bytes."""

from __future__ import annotations

import json
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import urllib3

from imagekitio import ImageKit

from .budgets import Row, time_calls
from .clients import AUTHORIZATION, make_settings
from .servers import format_answer, serve_answers

if TYPE_CHECKING:
    from collections.abc import Callable

FILE_ID = "65e6c5a9b7d1f2034a5b6c7d"
DETAILS_PATH = f"/v1/files/{FILE_ID}/details"
CALLS, AT_ONCE, ROUNDS = 2000, 64, 9
LATENCY_SECONDS = 0.05


def describe_file(number: int) -> dict[str, Any]:
    """Return the JSON of a file as the API sends it."""
    name = f"red-shoe-{number}.jpg"
    return {
        "type": "file",
        "name": name,
        "createdAt": "2024-03-05T07:08:09.123Z",
        "updatedAt": "2024-03-06T10:00:00.000Z",
        "fileId": FILE_ID,
        "tags": ["shoe", "summer"],
        "AITags": [{"name": "Footwear", "confidence": 97.31, "source": "google-auto-tagging"}],
        "versionInfo": {"id": FILE_ID, "name": "Version 1"},
        "embeddedMetadata": {"ImageWidth": 1200, "ImageHeight": 800},
        "customCoordinates": "100,80,400,300",
        "customMetadata": {"price": 59.9},
        "isPrivateFile": False,
        "isPublished": True,
        "url": f"https://ik.imagekit.io/acme/shop/{name}?updatedAt=1709719200000",
        "thumbnail": f"https://ik.imagekit.io/acme/shop/{name}?updatedAt=1709719200000&tr=n-ik_ml_thumbnail",
        "fileType": "image",
        "filePath": f"/shop/{name}",
        "height": 800,
        "width": 1200,
        "size": 184320,
        "hasAlpha": False,
        "mime": "image/jpeg",
    }


ANSWERS = {
    DETAILS_PATH.encode(): format_answer(json.dumps(describe_file(0)).encode()),
    b"/v1/files": format_answer(json.dumps([describe_file(number) for number in range(10)]).encode()),
}


def _measure_single_calls() -> list[Row]:
    with (
        serve_answers(ANSWERS) as base_url,
        urllib3.PoolManager() as pool,
        ImageKit(**make_settings(base_url)) as imagekit,
    ):

        def ask_directly(path: str) -> Any:
            return json.loads(pool.request("GET", base_url + path, headers=AUTHORIZATION).data)

        floor_details, our_details, floor_list, our_list = time_calls(
            [
                lambda: ask_directly(DETAILS_PATH),
                lambda: imagekit.get_file_details(FILE_ID),
                lambda: ask_directly("/v1/files"),
                lambda: imagekit.list_files(),
            ],
            number=300,
            rounds=15,
        )
    floor = "urllib3 PoolManager.request + json.loads"
    return [
        Row("get_file_details, loopback, no service time", floor, our_details, floor_details, 1.5, "µs"),
        Row("list_files of 10 files, loopback, no service time", floor, our_list, floor_list, 1.7, "µs"),
    ]


def _measure_many_threads() -> Row:
    with (
        serve_answers(ANSWERS, latency_seconds=LATENCY_SECONDS) as base_url,
        urllib3.PoolManager(maxsize=AT_ONCE) as pool,
        ImageKit(**make_settings(base_url)) as imagekit,
        ThreadPoolExecutor(AT_ONCE) as threads,
    ):

        def ask_directly(_: int) -> Any:
            return json.loads(pool.request("GET", base_url + DETAILS_PATH, headers=AUTHORIZATION).data)

        def ask(_: int) -> Any:
            return imagekit.get_file_details(FILE_ID)

        def count_per_second(call: Callable[[int], object]) -> float:
            started = time.perf_counter()
            for _ in threads.map(call, range(CALLS)):
                pass
            return CALLS / (time.perf_counter() - started)

        for call in (ask_directly, ask):
            count_per_second(call)  # opens the connections
        pairs = [(count_per_second(ask_directly), count_per_second(ask)) for _ in range(ROUNDS)]
    floor, ours = (statistics.median(figures) for figures in zip(*pairs, strict=True))
    return Row(
        f"{CALLS:,} get_file_details, {AT_ONCE} threads, a service that takes {LATENCY_SECONDS * 1e3:g} ms",
        "a urllib3 pool + json.loads, as many threads",
        ours,
        floor,
        0.9,
        "calls/s",
        is_minimum=True,
    )


def measure() -> list[Row]:
    return [*_measure_single_calls(), _measure_many_threads()]
