"""Local ImageKit side by side with two other image servers: thumbor (Pillow) and ipx (sharp, which is libvips too).

Run by name, as it needs the registries of Python and npm: ``python -m benchmarks neighbours``. Both are installed into
a temporary folder, listen on loopback, and are stopped and removed at the end.

All write JPEGs of the same quality, baseline, without chroma subsampling and, where that can be set, without optimized
Huffman tables. The sizes are those of thumbnails in another ratio than the photograph's: for one of the same ratio
thumbor decodes fewer pixels, for one that is cropped it decodes all of them. Nobody has anything cached: each round
fetches a new photograph. Within a round local ImageKit keeps what it has decoded, which the others do not; the rows of
many photographs in one size each show what it does without.
"""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyvips

from imagekitio import ImageKit

from .budgets import Row
from .environments import make_environment, run
from .local import make_photograph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

QUALITY = 80
SIZES = [(3 * unit, 2 * unit) for unit in range(70, 190, 3)]  # 40, from 210x140 to 561x374 pixels
ROUNDS = 7
START_SECONDS = 60
ANSWER_SECONDS = 60
# Least ratio of pictures a second, by connections.
BUDGETS = {"thumbor": {1: 3.0, 4: 5.5}, "ipx": {1: 1.0, 4: 1.0}}
# sharp shrinks a JPEG more while it decodes it, which is quicker and leaves fine lines coarser (`shrinking.py`).
BUDGETS_OF_MANY = {"thumbor": {1: 3.0, 4: 5.5}, "ipx": {1: 0.75, 4: 0.75}}

_LOCAL = """
import sys
from imagekitio.local import LocalImageKit
with LocalImageKit(port=int(sys.argv[1]), data=sys.argv[2]):
    sys.stdin.read()
"""
_IPX = """
import { createServer } from "node:http";
import { createIPX, createIPXNodeServer, ipxFSStorage } from "ipx";
const [port, dir] = process.argv.slice(2);
const sharpOptions = { jpegProgressive: false, jpegChromaSubsampling: "4:4:4", jpegOptimiseCoding: false };
const ipx = createIPX({ storage: ipxFSStorage({ dir }), sharpOptions });
createServer(createIPXNodeServer(ipx)).listen(Number(port), "127.0.0.1");
"""
_THUMBOR = f"""
LOADER = "thumbor.loaders.file_loader"
FILE_LOADER_ROOT_PATH = {{root!r}}
STORAGE = "thumbor.storages.no_storage"
QUALITY = {QUALITY}
PROGRESSIVE_JPEG = False
PILLOW_JPEG_SUBSAMPLING = 0
"""


_Wanted = tuple[str, tuple[int, int]]  # a photograph, and the width and height of a picture of it


@dataclass(frozen=True)
class _Server:
    """A server that is running.

    Attributes:
        name: What it is, with its version.
        make_path: Returns the path of a picture from the name of the photograph, a width and a height.
    """

    name: str
    port: int
    make_path: Callable[[str, int, int], str]


def _find_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def _start(port: int, *command: str | Path, folder: Path) -> Iterator[None]:
    """Run a server until the end of the ``with`` block, which begins when it accepts connections."""
    process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE)
    try:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"{' '.join(map(str, command))} did not start") from None
                time.sleep(0.1)
        yield
    finally:
        process.kill()
        process.communicate()


@contextmanager
def _run_thumbor(folder: Path, photographs: Path) -> Iterator[_Server]:
    programs = make_environment(folder, "thumbor==7.8.*")
    show = "from importlib.metadata import version; print('thumbor', version('thumbor'), '(Pillow', version('pillow'))"
    name = run(programs / "python", "-c", show, folder=folder).strip() + ")"
    configuration = folder / "thumbor.conf"
    configuration.write_text(_THUMBOR.format(root=str(photographs)))
    port = _find_free_port()
    options = ("--ip", "127.0.0.1", "--port", str(port), "--conf", configuration, "--log-level", "error")
    with _start(port, programs / "thumbor", *options, folder=folder):
        yield _Server(name, port, lambda photograph, width, height: f"/unsafe/{width}x{height}/{photograph}")


@contextmanager
def _run_ipx(folder: Path, photographs: Path) -> Iterator[_Server]:
    folder.mkdir()
    (folder / "package.json").write_text('{"private": true}')
    run("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "ipx@3", folder=folder)
    ipx, sharp = (
        json.loads((folder / "node_modules" / package / "package.json").read_text())["version"]
        for package in ("ipx", "sharp")
    )
    (folder / "serve.mjs").write_text(_IPX)
    port = _find_free_port()

    def make_path(photograph: str, width: int, height: int) -> str:
        return f"/s_{width}x{height},q_{QUALITY}/{photograph}"

    with _start(port, "node", "serve.mjs", str(port), photographs, folder=folder):
        yield _Server(f"ipx {ipx} (sharp {sharp})", port, make_path)


@contextmanager
def _run_local(folder: Path) -> Iterator[_Server]:
    port = _find_free_port()

    def make_path(photograph: str, width: int, height: int) -> str:
        return f"/local/tr:w-{width},h-{height},q-{QUALITY}/{photograph}"

    with _start(port, sys.executable, "-c", _LOCAL, str(port), folder, folder=Path.cwd()):
        yield _Server("local ImageKit", port, make_path)


class _Photographs:
    """Gives every server a photograph under a name that none of them has seen."""

    def __init__(self, folder: Path, local: _Server) -> None:
        base_url = f"http://127.0.0.1:{local.port}"
        self._client = ImageKit(
            "public_local", "private_local", f"{base_url}/local", api_base_url=base_url, upload_base_url=base_url
        )
        self._folder = folder
        self._content = make_photograph(4000, 3000)
        self._numbers = count()

    def make(self) -> str:
        number = next(self._numbers)
        name = f"{number}.jpg"
        content = self._content + b"%d" % number  # decoders ignore what follows the end of a JPEG
        (self._folder / name).write_bytes(content)
        self._client.upload_file(file=content, file_name=name, use_unique_file_name=False)
        time.sleep(0.5)  # work that the upload left behind must not slow down the measurement
        return name


def _fetch(server: _Server, wanted: Sequence[_Wanted]) -> list[bytes]:
    """Return these pictures, fetched one after the other on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=ANSWER_SECONDS)
    pictures = []
    for photograph, (width, height) in wanted:
        path = server.make_path(photograph, width, height)
        connection.request("GET", path)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{server.name} answers {answer.status} for {path}: {content[:200]!r}")
        pictures.append(content)
    connection.close()
    return pictures


def _count_pictures(server: _Server, wanted: Sequence[_Wanted], connections: int) -> float:
    """Return the pictures a second; exit unless each is a JPEG of its size."""
    shares = [wanted[first::connections] for first in range(connections)]
    with ThreadPoolExecutor(connections) as pool:
        started = time.perf_counter()
        fetched = list(pool.map(lambda share: _fetch(server, share), shares))
        seconds = time.perf_counter() - started
    for share, pictures in zip(shares, fetched, strict=True):
        for (_, size), content in zip(share, pictures, strict=True):
            header: Any = pyvips.Image.new_from_buffer(content, "")
            if header.get("vips-loader") != "jpegload_buffer" or (header.width, header.height) != size:
                raise SystemExit(f"{server.name} gives no JPEG of {size[0]}x{size[1]} pixels")
            if header.get("jpeg-chroma-subsample") != "4:4:4" or header.get_typeof("interlaced"):
                raise SystemExit(f"{server.name} gives a JPEG with other settings")
    return len(wanted) / seconds


def _compare(servers: Sequence[_Server], photographs: _Photographs, connections: int, *, is_of_many: bool) -> list[Row]:
    """Compare the first server with each of the others.

    Args:
        is_of_many: Whether each size is one of another photograph.
    """

    def choose(sizes: Sequence[tuple[int, int]]) -> list[_Wanted]:
        one = photographs.make()
        return [(photographs.make() if is_of_many else one, size) for size in sizes]

    sizes = SIZES[::5] if is_of_many else SIZES
    warm_up = choose(SIZES[::10])
    for server in servers:
        _count_pictures(server, warm_up, connections)
    found: dict[str, list[float]] = {server.name: [] for server in servers}
    for number in range(ROUNDS):
        wanted = choose(sizes)
        first = number % len(servers)  # the servers take turns at being the first
        for server in (*servers[first:], *servers[:first]):
            found[server.name].append(_count_pictures(server, wanted, connections))
    what = f"{len(sizes)} JPEGs of 12 megapixels" if is_of_many else f"{len(sizes)} sizes of a JPEG of 12 megapixels"
    budgets = BUDGETS_OF_MANY if is_of_many else BUDGETS
    ours = found[servers[0].name]
    return [
        _make_row(
            f"{what}, {connections} at once, loopback",
            server.name,
            list(zip(ours, found[server.name], strict=True)),
            budgets[server.name.partition(" ")[0]][connections],
        )
        for server in servers[1:]
    ]


def _make_row(what: str, neighbour: str, pairs: Sequence[tuple[float, float]], limit: float) -> Row:
    """Return the figures of the round with the median ratio: a ratio is steadier than either of its sides."""
    ordered = sorted(pairs, key=lambda pair: pair[0] / pair[1])
    lowest, highest = (ours / theirs for ours, theirs in (ordered[0], ordered[-1]))
    ours, theirs = ordered[len(ordered) // 2]
    return Row(
        f"{what} ({len(ordered)} rounds: {lowest:.2f} to {highest:.2f} ×)",
        neighbour,
        ours,
        theirs,
        limit,
        "pictures/s",
        is_minimum=True,
    )


def measure() -> list[Row]:
    # As Ctrl-C does: with the default action the servers would go on without this process.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        originals = folder / "photographs"
        originals.mkdir()
        local = stack.enter_context(_run_local(folder / "local"))
        thumbor = stack.enter_context(_run_thumbor(folder / "thumbor", originals))
        ipx = stack.enter_context(_run_ipx(folder / "ipx", originals))
        photographs = _Photographs(originals, local)
        return [
            row
            for is_of_many in (False, True)
            for connections in (1, 4)
            for row in _compare([local, thumbor, ipx], photographs, connections, is_of_many=is_of_many)
        ]
