"""Calls and uploads of the client for img-src.io, which shares everything below its methods with `ImageKit`."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import urllib3

from imagekitio.imgsrc import Imgsrc

from .budgets import Row, time_calls
from .servers import drain_large_uploads, format_answer, serve_answers
from .uploads import ROUNDS, measure_memory, time_curl, write_file

KEY = "imgsrc_benchmark"
IMAGE_ID = "3f0c7a91d2b45e68"
IMAGE_PATH = f"/api/v1/images/{IMAGE_ID}"
LIST_PATH = "/api/v1/images"
FORMATS = {"webp": "webp", "avif": "avif", "jpeg": "jpg", "png": "png", "jxl": "jxl"}


def describe_listed(number: int) -> dict[str, Any]:
    """Return the JSON of an image in a list as the API sends it."""
    return {
        "id": IMAGE_ID,
        "original_filename": f"oslo-{number}.png",
        "sanitized_filename": f"oslo-{number}.png",
        "size": 48213,
        "uploaded_at": "2026-02-07T09:30:00Z",
        "url": IMAGE_PATH,
        "cdn_url": f"https://img-src.io/i/ada/trips/oslo-{number}.png",
        "paths": [f"trips/oslo-{number}.png"],
        "visibility": "public",
    }


def describe_image() -> dict[str, Any]:
    """Return the JSON of one image with its metadata."""
    stem = "https://img-src.io/i/ada/trips/oslo"
    return {
        "id": IMAGE_ID,
        "metadata": {
            "hash": IMAGE_ID * 4,
            "original_filename": "oslo.png",
            "size": 48213,
            "uploaded_at": "2026-02-07T09:30:00Z",
            "mime_type": "image/png",
            "width": 1200,
            "height": 800,
            "dominant_color": "4a6b8c",
        },
        "urls": {"original": f"{stem}.png", **{name: f"{stem}.{end}" for name, end in FORMATS.items()}},
        "visibility": "public",
        "_links": {"self": IMAGE_PATH, "delete": IMAGE_PATH},
    }


def describe_upload() -> dict[str, Any]:
    """Return the JSON of the answer to an upload."""
    stem = "https://img-src.io/i/ada/large"
    return {
        "id": IMAGE_ID,
        "hash": IMAGE_ID * 4,
        "url": f"{stem}.png",
        "paths": ["large.png"],
        "is_new": True,
        "size": 48213,
        "format": "png",
        "available_formats": {name: f"{stem}.{end}" for name, end in FORMATS.items()},
        "uploaded_at": "2026-02-07T09:30:00Z",
        "visibility": "public",
        "_links": {"self": IMAGE_PATH, "delete": IMAGE_PATH},
    }


LISTING = {
    "images": [describe_listed(number) for number in range(10)],
    "folders": [{"name": "2025", "image_count": 12}],
    "total": 10,
    "limit": 50,
    "offset": 0,
    "has_more": False,
}
ANSWERS = {
    IMAGE_PATH.encode(): format_answer(json.dumps(describe_image()).encode()),
    LIST_PATH.encode(): format_answer(json.dumps(LISTING).encode()),
}

# The peak is reset before the upload, so that it is the peak of the upload alone.
_PEAK = """
import sys
from pathlib import Path
from benchmarks.uploads import read_kilobytes
from imagekitio.imgsrc import Imgsrc

path, base_url = sys.argv[1:]
with Imgsrc("imgsrc_benchmark", server_url=base_url) as imgsrc:
    imgsrc.images.upload_image(file=b"warm" * 100, target_path="small.png")  # imports what the first call imports
    Path("/proc/self/clear_refs").write_text("5")
    before = read_kilobytes("VmRSS")
    imgsrc.images.upload_image(file=Path(path), target_path="large.png")
    print(before, read_kilobytes("VmHWM"))
"""


def _measure_calls() -> list[Row]:
    authorization = {"Authorization": f"Bearer {KEY}"}
    with (
        serve_answers(ANSWERS) as base_url,
        urllib3.PoolManager() as pool,
        Imgsrc(KEY, server_url=base_url) as imgsrc,
    ):

        def ask_directly(path: str) -> Any:
            return json.loads(pool.request("GET", base_url + path, headers=authorization).data)

        floor_image, our_image, floor_list, our_list = time_calls(
            [
                lambda: ask_directly(IMAGE_PATH),
                lambda: imgsrc.images.get_image(id=IMAGE_ID),
                lambda: ask_directly(f"{LIST_PATH}?limit=50&offset=0"),
                lambda: imgsrc.images.list_images(),
            ],
            number=300,
            rounds=15,
        )
    floor = "urllib3 PoolManager.request + json.loads"
    return [
        Row("img-src get_image, loopback, no service time", floor, our_image, floor_image, 1.6, "µs"),
        Row("img-src list_images of 10 images, loopback, no service time", floor, our_list, floor_list, 1.6, "µs"),
    ]


def _time_upload(path: Path, base_url: str) -> float:
    with Imgsrc(KEY, server_url=base_url) as imgsrc:
        started = time.perf_counter()
        imgsrc.images.upload_image(file=path, target_path="large.png")
        return time.perf_counter() - started


def _measure_uploads() -> list[Row]:
    answer = format_answer(json.dumps(describe_upload()).encode())
    with tempfile.TemporaryDirectory() as folder, drain_large_uploads(answer) as base_url:
        path = write_file(Path(folder, "512"), 512)
        pairs = [(time_curl(path, base_url), _time_upload(path, base_url)) for _ in range(ROUNDS)]
        curl, ours = (statistics.median(seconds) for seconds in zip(*pairs, strict=True))
        before, peak = measure_memory(_PEAK, path, base_url)
    return [
        Row("img-src upload of 512 MB, loopback, wall time", "curl -F of the same file", ours, curl, 1.2, "s"),
        Row("peak memory of an img-src upload of 512 MB", "the same process before it", peak, before, 12, "MB", True),
    ]


def measure() -> list[Row]:
    return [*_measure_calls(), *_measure_uploads()]
