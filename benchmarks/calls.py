"""Calls to the API, beside the least that the same bytes cost: urllib3, which requests stands on, and json."""

from __future__ import annotations

import base64
import json
from typing import Any

import urllib3

from imagekitio import ImageKit

from .budgets import Row, microseconds
from .servers import answering, http

FLOOR = "urllib3 PoolManager.request + json.loads"
FILE_ID = "65e6c5a9b7d1f2034a5b6c7d"


def details(number: int) -> dict[str, Any]:
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


def measure() -> list[Row]:
    path = f"/v1/files/{FILE_ID}/details"
    answers = {
        path.encode(): http(json.dumps(details(0)).encode()),
        b"/v1/files": http(json.dumps([details(number) for number in range(10)]).encode()),
    }
    with answering(answers) as base_url, urllib3.PoolManager() as pool:
        ik = ImageKit(
            public_key="public_benchmark",
            private_key="private_benchmark",
            url_endpoint="https://ik.example.com/demo",
            api_base_url=base_url,
        )
        authorization = {"Authorization": "Basic " + base64.b64encode(b"private_benchmark:").decode()}

        def floor(path: str) -> Any:
            return json.loads(pool.request("GET", base_url + path, headers=authorization).data)

        with ik:
            floor_details, our_details, floor_list, our_list = microseconds(
                [
                    lambda: floor(path),
                    lambda: ik.get_file_details(FILE_ID),
                    lambda: floor("/v1/files"),
                    lambda: ik.list_files(),
                ],
                number=300,
                rounds=15,
            )
    return [
        Row("get_file_details on loopback", FLOOR, our_details, floor_details, 1.5, "µs"),
        Row("list_files, 10 files", FLOOR, our_list, floor_list, 1.7, "µs"),
    ]
