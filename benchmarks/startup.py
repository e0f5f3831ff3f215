"""The start-up times of a process that only builds one signed URL, and of the help of the command line."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

from .budgets import Row

BARE = "pass"
REQUESTS = "import requests"
OURS = (
    "from imagekitio import ImageKit; "
    "ImageKit(public_key='public_benchmark', private_key='private_benchmark',"
    " url_endpoint='https://ik.example.com/demo')"
    ".url(path='/a.jpg', transformation=[{'width': 300}], signed=True, expire_seconds=60)"
)


CLICK = "import click"
HELP = "from imagekitio.cli.app import run; run(['--help'])"


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as cache:
        # All processes use byte code, as installed packages do, whatever PYTHONDONTWRITEBYTECODE says.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = cache

        def time_process(code: str) -> float:
            started = time.perf_counter()
            subprocess.run(
                [sys.executable, "-c", code], check=True, env=environment, cwd=os.getcwd(), stdout=subprocess.DEVNULL
            )
            return (time.perf_counter() - started) * 1e3

        codes = (BARE, REQUESTS, OURS, CLICK, HELP)
        for code in codes:
            time_process(code)  # compile
        taken = [[time_process(code) for code in codes] for _ in range(25)]
    bare, requests, ours, click, help_ = (statistics.median(times) for times in zip(*taken, strict=True))
    return [
        Row(
            "a process that imports and builds one signed URL, over a bare interpreter",
            "import requests, over a bare interpreter",
            ours - bare,
            requests - bare,
            0.15,
            "ms",
        ),
        Row("imagekit --help, the whole process", "a process that imports click", help_, click, 2.0, "ms"),
    ]
