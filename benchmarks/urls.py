"""The hot path: URLs as a page of a shop builds them, compared with a single HMAC."""

from __future__ import annotations

import hmac
import itertools
from hashlib import sha1
from typing import Any

from imagekitio import ImageKit

from .budgets import Row, time_calls

FLOOR = "hmac.new(key, 60 bytes, sha1).hexdigest()"


def measure() -> list[Row]:
    ik = ImageKit(
        public_key="public_benchmark", private_key="private_benchmark", url_endpoint="https://ik.example.com/demo"
    )
    # A page shows many files: the path is different each time.
    paths = itertools.cycle([f"/catalogue/shoes/picture-{number}.jpg" for number in range(500)])
    options: dict[str, Any] = {
        "path": "",
        "transformation": [{"height": 300, "width": 400}, {"rotation": 90}],
        "query_parameters": {"v": "123"},
    }
    signed = {**options, "signed": True, "expire_seconds": 300}

    def build() -> str:
        options["path"] = next(paths)
        return ik.url(options)

    def build_signed() -> str:
        signed["path"] = next(paths)
        return ik.url(signed)

    common = {"transformation": options["transformation"], "query_parameters": {"v": "123"}}
    template = ik.url_template(common)
    signed_template = ik.url_template(common, signed=True, expire_seconds=300)
    key, text = b"private_benchmark", b"x" * 60
    floor, plain, expiring, from_template, expiring_from_template = time_calls(
        [
            lambda: hmac.new(key, text, sha1).hexdigest(),
            build,
            build_signed,
            lambda: template(next(paths)),
            lambda: signed_template(next(paths)),
        ],
        number=20_000,
        rounds=15,
    )
    return [
        Row("url(): 2 steps, 3 names, 1 query parameter, path placement", FLOOR, plain, floor, 1.4, "µs"),
        Row("the same, signed and expiring", FLOOR, expiring, floor, 2.4, "µs"),
        Row("the same from url_template", FLOOR, from_template, floor, 0.35, "µs"),
        Row("the same from url_template, signed and expiring", FLOOR, expiring_from_template, floor, 1.1, "µs"),
    ]
