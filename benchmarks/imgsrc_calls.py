"""Calls to the API of img-src.io, compared with urllib3 and `json.loads` for the same bytes."""

from __future__ import annotations

import json
from typing import Any

import urllib3

from imagekitio.imgsrc import Imgsrc

from .budgets import Row, time_calls
from .servers import format_answer, serve_answers

KEY = "imgsrc_benchmark"
ID = "3f0c7a91d2b45e68"
IMAGE_PATH, LIST_PATH = f"/api/v1/images/{ID}", "/api/v1/images"
FORMATS = {name: f"https://img-src.io/i/ada/trips/oslo.{name}" for name in ("webp", "avif", "jpeg", "png", "jxl")}
IMAGE = {
    "id": ID,
    "metadata": {
        "hash": ID * 4,
        "original_filename": "oslo.png",
        "size": 48213,
        "uploaded_at": "2026-02-07T09:30:00Z",
        "mime_type": "image/png",
        "width": 1200,
        "height": 800,
    },
    "urls": {"original": "https://img-src.io/i/ada/trips/oslo.png", **FORMATS},
    "visibility": "public",
    "_links": {"self": IMAGE_PATH, "delete": IMAGE_PATH},
}
ITEM = {
    "id": ID,
    "original_filename": "oslo.png",
    "sanitized_filename": "oslo.png",
    "size": 48213,
    "uploaded_at": "2026-02-07T09:30:00Z",
    "url": IMAGE_PATH,
    "cdn_url": "https://img-src.io/i/ada/trips/oslo.png",
    "paths": ["trips/oslo.png"],
    "visibility": "public",
}
LISTING = {"images": [ITEM] * 10, "folders": [], "total": 10, "limit": 50, "offset": 0, "has_more": False}
ANSWERS = {
    IMAGE_PATH.encode(): format_answer(json.dumps(IMAGE).encode()),
    LIST_PATH.encode(): format_answer(json.dumps(LISTING).encode()),
}


def measure() -> list[Row]:
    headers = {"Authorization": f"Bearer {KEY}"}
    with (
        serve_answers(ANSWERS) as base_url,
        urllib3.PoolManager() as pool,
        Imgsrc(bearer_auth=KEY, server_url=base_url) as imgsrc,
    ):

        def ask_directly(path: str) -> Any:
            return json.loads(pool.request("GET", base_url + path, headers=headers).data)

        floor_image, our_image, floor_list, our_list = time_calls(
            [
                lambda: ask_directly(IMAGE_PATH),
                lambda: imgsrc.images.get_image(ID),
                lambda: ask_directly(LIST_PATH),
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
