"""This library side by side with released ones: the vendor's `imagekitio` 5 and 4, and Cloudinary's Python SDK.

Run by name, as it needs PyPI: ``python -m benchmarks released``. Each is installed into an environment of its own, in a
temporary folder that is removed at the end, and driven from outside through its documented calls.

All build the URL of a picture with the same two steps in its path (Cloudinary in its own notation, where signed URLs do
not expire). Only release 5 can be pointed at another server, so it alone is compared in calls and uploads.
"""

from __future__ import annotations

import json
import shutil
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .budgets import Row
from .calls import ANSWERS, FILE_ID
from .environments import make_environment, run
from .servers import drain_large_uploads, serve_answers
from .uploads import ANSWER, write_file

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 7
STARTS = 11
CALLS = 1000
AT_ONCE = 64
LATENCY_SECONDS = 0.05
MEGABYTES = 512


@dataclass(frozen=True)
class _Package:
    """A library, and how to make its calls.

    Attributes:
        requirement: What pip installs; None is this project.
        setup: Code that defines `build(path)` and `build_signed(path)`.
        connect: Code that defines `get_details(file_id)` and `upload(file)` for a server at `base_url`, if it can.
    """

    name: str
    requirement: str | None
    setup: str
    connect: str = ""


_OURS = _Package(
    "this library",
    None,
    """
from imagekitio import ImageKit
ik = ImageKit(public_key="public_k", private_key="private_k", url_endpoint="https://ik.example.com/demo")
steps = [{"height": 300, "width": 400}, {"rotation": 90}]
def build(path):
    return ik.url(path=path, transformation=steps)
def build_signed(path):
    return ik.url(path=path, transformation=steps, signed=True, expire_seconds=300)
""",
    """
client = ImageKit("public_k", "private_k", "https://ik.example.com/demo", api_base_url=base_url,
                  upload_base_url=base_url)
get_details = client.get_file_details
def upload(file):
    return client.upload_file(file=file, file_name="large.bin")
""",
)
_RELEASED = (
    _Package(
        "imagekitio 5.11.0",
        "imagekitio==5.11.0",
        """
from imagekitio import ImageKit
ik = ImageKit(private_key="private_k")
options = {"url_endpoint": "https://ik.example.com/demo", "transformation_position": "path",
           "transformation": [{"height": 300, "width": 400}, {"rotation": 90}]}
def build(path):
    return ik.helper.build_url(src=path, **options)
def build_signed(path):
    return ik.helper.build_url(src=path, signed=True, expires_in=300, **options)
""",
        """
client = ImageKit(private_key="private_k", base_url=base_url)
get_details = client.files.get
def upload(file):
    return client.files.upload(file=file, file_name="large.bin")
""",
    ),
    _Package(
        "imagekitio 4.2.0",
        "imagekitio==4.2.0",
        """
from imagekitio import ImageKit
ik = ImageKit(public_key="public_k", private_key="private_k", url_endpoint="https://ik.example.com/demo")
options = {"transformation": [{"height": "300", "width": "400"}, {"rotation": "90"}]}
def build(path):
    return ik.url({"path": path, **options})
def build_signed(path):
    return ik.url({"path": path, "signed": True, "expire_seconds": 300, **options})
""",
    ),
    _Package(
        "cloudinary 1.46.3",
        "cloudinary==1.46.3",
        """
import cloudinary, cloudinary.utils
cloudinary.config(cloud_name="demo", api_key="1", api_secret="private_k", secure=True)
def build(path):
    steps = [{"height": 300, "width": 400, "crop": "fill"}, {"angle": 90}]
    return cloudinary.utils.cloudinary_url(path, transformation=steps)[0]
def build_signed(path):
    steps = [{"height": 300, "width": 400, "crop": "fill"}, {"angle": 90}]
    return cloudinary.utils.cloudinary_url(path, transformation=steps, sign_url=True)[0]
""",
    ),
)

_TIME_URLS = """
import itertools, json, timeit
paths = itertools.cycle([f"/catalogue/shoes/picture-{number}.jpg" for number in range(500)])
figures = []
for build_one in (build, build_signed):
    timer = timeit.Timer(lambda: build_one(next(paths)))
    timer.timeit(2000)
    figures.append(min(timer.repeat(5, 5000)) / 5000 * 1e6)
print(json.dumps(figures))
"""
_TIME_CALLS = """
import json, sys, time
from concurrent.futures import ThreadPoolExecutor
base_url, file_id, calls, at_once = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
{connect}
with ThreadPoolExecutor(at_once) as threads:
    for count in (calls // 4, calls):
        started, busy = time.perf_counter(), time.process_time()
        for details in threads.map(lambda _: get_details(file_id), range(count)):
            assert details.file_id == file_id
print(json.dumps([calls / (time.perf_counter() - started), (time.process_time() - busy) / calls * 1e3]))
"""
# Resetting the peak before the upload makes it the peak of the upload alone.
_MEASURE_MEMORY = """
import json, sys
from pathlib import Path
base_url, large, small, source = sys.argv[1:]
{connect}
def read_megabytes(name):
    status = Path("/proc/self/status").read_text()
    return int(status.split(name + ":")[1].split()[0]) / 1024
def open_source(path):
    return Path(path) if source == "path" else open(path, "rb")
upload(open_source(small))
Path("/proc/self/clear_refs").write_text("5")
before = read_megabytes("VmRSS")
upload(open_source(large))
print(json.dumps([read_megabytes("VmHWM") - before]))
"""
_MEASURE_SIZE = """
import json, sysconfig
from pathlib import Path
of_venv = ("pip", "setuptools", "pkg_resources", "_distutils", "distutils")
packages = [one for one in Path(sysconfig.get_path("purelib")).iterdir() if not one.name.startswith(of_venv)]
files = [file for one in packages for file in (one, *one.rglob("*")) if file.is_file()]
print(json.dumps([sum(file.stat().st_size for file in files) / 1e6]))
"""


class _Installed:
    """A package in an environment of its own."""

    def __init__(self, package: _Package, folder: Path, project: Path) -> None:
        self.package, self._folder = package, folder
        self._python = make_environment(folder, package.requirement or str(project)) / "python"

    def run(self, code: str, *arguments: object) -> list[float]:
        """Run code after the package's `setup`, and return the figures that it prints."""
        code = self.package.setup + code.replace("{connect}", self.package.connect)
        return self._print_json(code, *arguments)

    def measure_size(self) -> list[float]:
        """Return the megabytes of what is installed."""
        return self._print_json(_MEASURE_SIZE)

    def time_start(self, code: str) -> float:
        """Return the milliseconds of a process that runs some code."""
        started = time.perf_counter()
        run(self._python, "-c", code, folder=self._folder)
        return (time.perf_counter() - started) * 1e3

    def _print_json(self, code: str, *arguments: object) -> list[float]:
        figures: list[float] = json.loads(run(self._python, "-c", code, *map(str, arguments), folder=self._folder))
        return figures


def _compare(
    what: str,
    unit: str,
    figures: dict[str, float],
    *,
    limit: float = 1.0,
    is_difference: bool = False,
    is_minimum: bool = False,
) -> list[Row]:
    """Return a row for each other library; the budget is to be no worse than it unless `limit` says otherwise."""
    ours = figures[_OURS.name]
    return [
        Row(what, name, ours, figure, limit, unit, is_difference, is_minimum)
        for name, figure in figures.items()
        if name != _OURS.name
    ]


def _find_medians(
    installed: list[_Installed], measure: Callable[[_Installed], list[float]], rounds: int = ROUNDS
) -> list[dict[str, float]]:
    """Measure every package in turn, in several rounds; return the median of each figure, by package."""
    taken = [[measure(one) for one in installed] for _ in range(rounds)]
    count = len(taken[0][0])
    return [
        {
            one.package.name: statistics.median(figures[position][figure] for figures in taken)
            for position, one in enumerate(installed)
        }
        for figure in range(count)
    ]


def _measure_urls(installed: list[_Installed]) -> list[Row]:
    (start,) = _find_medians(
        installed,
        lambda one: [one.time_start(one.package.setup + "build_signed('/a.jpg')") - one.time_start("pass")],
        STARTS,
    )
    plain, signed = _find_medians(installed, lambda one: one.run(_TIME_URLS))
    return [
        *_compare("a process that imports and builds one signed URL, over a bare interpreter", "ms", start),
        *_compare("a URL with 2 steps", "µs", plain),
        *_compare("the same, signed (and expiring, but Cloudinary's)", "µs", signed),
    ]


def _measure_calls(connected: list[_Installed]) -> list[Row]:
    with serve_answers(ANSWERS, latency_seconds=LATENCY_SECONDS) as base_url:
        per_second, busy = _find_medians(connected, lambda one: one.run(_TIME_CALLS, base_url, FILE_ID, CALLS, AT_ONCE))
    what = f"get_file_details, {AT_ONCE} threads, a service that takes {LATENCY_SECONDS * 1e3:g} ms"
    return [
        *_compare(what, "calls/s", per_second, is_minimum=True),
        *_compare(f"processor time of a call, {what}", "ms", busy),
    ]


def _measure_memory(connected: list[_Installed], folder: Path) -> list[Row]:
    large, small = write_file(folder / "large.bin", MEGABYTES), write_file(folder / "small.bin", 1)
    with drain_large_uploads(ANSWER) as base_url:
        from_path, from_file = _find_medians(
            connected,
            lambda one: [
                *one.run(_MEASURE_MEMORY, base_url, large, small, "path"),
                *one.run(_MEASURE_MEMORY, base_url, large, small, "file"),
            ],
            rounds=1,
        )
    what = f"memory that an upload of {MEGABYTES} MB takes"
    return [
        *_compare(f"{what}, given its path", "MB", from_path, limit=12, is_difference=True),
        *_compare(f"{what}, given an open file", "MB", from_file, limit=12, is_difference=True),
    ]


def _copy_project(target: Path) -> Path:
    """Copy what a wheel is built from, so that the build leaves nothing in the project."""
    project = Path(__file__).resolve().parents[1]
    left_out = shutil.ignore_patterns(
        ".*", "*.egg-info", "__pycache__", "benchmarks", "build", "docs", "sample", "tests"
    )
    return shutil.copytree(project, target, ignore=left_out)


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = _copy_project(folder / "project")
        installed = [
            _Installed(package, folder / str(number), project) for number, package in enumerate((_OURS, *_RELEASED))
        ]
        (size,) = _find_medians(installed, _Installed.measure_size, rounds=1)
        connected = [one for one in installed if one.package.connect]
        return [
            # No other brings a server for development and tests, integrations of frameworks, and a command.
            *_compare("installed size, dependencies included", "MB", size, limit=5.0),
            *_measure_urls(installed),
            *_measure_calls(connected),
            *_measure_memory(connected, folder),
        ]
