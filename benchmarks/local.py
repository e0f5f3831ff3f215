"""Local ImageKit, in a separate process, compared with the same work without it."""

from __future__ import annotations

import http.client
import multiprocessing
import os
import random
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timezone
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import pyvips

from imagekitio.local import LocalImageKit, Settings
from imagekitio.local.library.files import new_row
from imagekitio.local.library.store import Store
from imagekitio.local.search import compile_query, register_functions

from .budgets import Row
from .clients import encode_form

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

    from starlette.requests import Request

AUTHORIZATION = {"Authorization": "Basic " + b64encode(b"private_local:").decode()}
ROUNDS = 9


def _serve(pipe: Connection, data: str) -> None:
    """Serve local ImageKit, and a bare Starlette application that answers any path with the file `floor`."""
    from starlette.applications import Starlette
    from starlette.responses import FileResponse
    from starlette.routing import Route

    from imagekitio.local.web.imagekit import ImageKitSite
    from imagekitio.local.web.serving import ServerThread

    async def answer(request: Request) -> FileResponse:
        return FileResponse(Path(data, "floor"), media_type="image/jpeg")

    # asyncio sets TCP_NODELAY only if the protocol is named; local ImageKit does the same.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    with LocalImageKit(data=data) as server:
        bare = ServerThread(Starlette(routes=[Route("/{path:path}", answer)]), ImageKitSite("local"), listener)
        pipe.send((server.url, f"http://127.0.0.1:{listener.getsockname()[1]}"))
        pipe.poll(None)
        bare.stop()


@contextmanager
def _run_servers(data: Path) -> Iterator[tuple[str, str]]:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs, str(data)))
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send(None)
        process.join()


def _connect(base: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(base).netloc)


def _ask(connection: http.client.HTTPConnection, method: str, path: str, body: Any = None, **headers: str) -> bytes:
    connection.request(method, path, body, {**AUTHORIZATION, **headers})
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{method} {path[:80]}: {answer.status} {content[:200]!r}")
    return content


def _encode_upload(name: str, content: bytes) -> tuple[bytes, str]:
    return encode_form({"fileName": name, "useUniqueFileName": "false"}, name, content)


def _upload(connection: http.client.HTTPConnection, name: str, content: bytes) -> None:
    body, content_type = _encode_upload(name, content)
    _ask(connection, "POST", "/api/v1/files/upload", body, **{"Content-Type": content_type})


def _time(function: Callable[[], object]) -> float:
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def make_photograph(width: int, height: int) -> bytes:
    """Return a JPEG with as much detail as a photograph, 0.3 bytes per pixel; it is always the same."""
    waves: Any = pyvips.Image.zone(width, height) * 60
    noise = pyvips.Image.gaussnoise(width // 4, height // 4, sigma=50, seed=1).resize(4).crop(0, 0, width, height)
    grain = pyvips.Image.gaussnoise(width, height, sigma=6, seed=2)
    image: Any = (waves + noise + grain + 128).bandjoin([noise + 120, waves + grain + 110])
    return bytes(image.cast("uchar").copy(interpretation="srgb").jpegsave_buffer(Q=85))


def _render_alone(path: Path, width: int, height: int) -> bytes:
    image: Any = pyvips.Image.thumbnail(str(path), width, height=height, crop="centre")
    return bytes(image.jpegsave_buffer(Q=80, keep="none"))


class _Pictures:
    """Uploads the same photograph under a new name each time, since libvips caches what it has decoded."""

    def __init__(self, folder: Path, connection: http.client.HTTPConnection) -> None:
        self._folder, self._connection = folder, connection
        self._content = make_photograph(4000, 3000)
        self._numbers = count()

    def make(self) -> tuple[Path, str]:
        """Return a file on disk and the delivery path of the same bytes."""
        number = next(self._numbers)
        # Decoders ignore any bytes after the end of a JPEG.
        file, content = self._folder / f"{number}.jpg", self._content + b"%d" % number
        file.write_bytes(content)
        _upload(self._connection, file.name, content)
        return file, file.name


def _measure_first_render(pictures: _Pictures, connection: http.client.HTTPConnection) -> Row:
    made = [(pictures.make()[0], pictures.make()[1]) for _ in range(2 * ROUNDS)]
    time.sleep(1)  # wait for the uploads' background work, which would slow down either side
    pairs = []
    for file, name in made:
        floor = _time(lambda file=file: _render_alone(file, 400, 300))  # type: ignore[misc]
        whole = _time(lambda name=name: _ask(connection, "GET", f"/local/tr:w-400,h-300/{name}"))  # type: ignore[misc]
        pairs.append((whole * 1e3, floor * 1e3))
    ours, alone = (statistics.median(figures) for figures in zip(*pairs[2:], strict=True))  # the first two are warm-up
    what, beside = (
        "first render of w-400,h-300 from a JPEG of 12 megapixels, over HTTP",
        "pyvips thumbnail + jpegsave alone",
    )
    return Row(what, beside, ours, alone, 1.25, "ms")


def _count_requests(base: str, path: str, length: int, seconds: float = 1.0) -> float:
    """Return the requests per second over four open connections, with as little work as possible on this side."""
    host, port = urlsplit(base).hostname, urlsplit(base).port
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    connections = [socket.create_connection((host or "", port or 0)) for _ in range(4)]
    done, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        for connection in connections:
            connection.sendall(request)
        for connection in connections:
            received = connection.recv(1 << 20)
            while b"\r\n\r\n" not in received or len(received) < received.index(b"\r\n\r\n") + 4 + length:
                received += connection.recv(1 << 20)
        done += len(connections)
    elapsed = time.perf_counter() - started
    for connection in connections:
        connection.close()
    return done / elapsed


def _measure_same_again(data: Path, base: str, bare: str, connection: http.client.HTTPConnection, name: str) -> Row:
    path = f"/local/tr:w-400,h-300/{name}"
    content = _ask(connection, "GET", path)
    (data / "floor").write_bytes(content)
    pairs = [
        (_count_requests(base, path, len(content)), _count_requests(bare, path, len(content))) for _ in range(ROUNDS)
    ]
    ours, floor = (statistics.median(figures) for figures in zip(*pairs, strict=True))
    what, beside = "the same URL again", "Starlette FileResponse of the same bytes"
    return Row(what, beside, ours, floor, 0.7, "requests/s", is_minimum=True)


def _measure_many_renders(pictures: _Pictures, base: str) -> Row:
    widths = range(300, 1100, 100)
    connections = [_connect(base) for _ in widths]
    ours, alone = [], []
    with ThreadPoolExecutor(2) as two, ThreadPoolExecutor(len(widths)) as eight:
        for number in range(6):
            made = [pictures.make() for _ in widths]
            asked = [pictures.make() for _ in widths]
            time.sleep(1)

            def floor(made: list[tuple[Path, str]] = made) -> None:
                list(two.map(lambda width, pair: _render_alone(pair[0], width, width), widths, made))

            def ask(connection: http.client.HTTPConnection, width: int, pair: tuple[Path, str]) -> bytes:
                return _ask(connection, "GET", f"/local/tr:w-{width},h-{width}/{pair[1]}")

            floor_seconds = _time(floor)
            seconds = _time(lambda asked=asked: list(eight.map(ask, connections, widths, asked)))  # type: ignore[misc]
            if number:
                alone.append(len(widths) / floor_seconds)
                ours.append(len(widths) / seconds)
    for connection in connections:
        connection.close()
    return Row(
        "8 different renders at once",
        "the pyvips calls on 2 threads",
        statistics.median(ours),
        statistics.median(alone),
        0.85,
        "pictures/s",
        is_minimum=True,
    )


def _measure_uploads(folder: Path, base: str) -> Row:
    number_of_files, at_once = 1000, 8
    chance = random.Random(0)

    def make_contents() -> list[bytes]:
        return [chance.randbytes(50_000) for _ in range(number_of_files)]

    def write_directly(files: list[bytes], round_: int) -> None:
        database = sqlite3.connect(folder / f"floor{round_}.db", isolation_level=None, check_same_thread=False)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE files (id INTEGER PRIMARY KEY, name TEXT, size INTEGER, created_at REAL)")
        one_at_a_time = threading.Lock()

        def write(number: int) -> None:
            with (folder / f"{round_}-{number}").open("wb") as file:
                file.write(files[number])
                file.flush()
                os.fsync(file.fileno())
            with one_at_a_time:  # each statement is a transaction, which SQLite fsyncs
                row = (f"{number}.bin", len(files[number]), time.time())
                database.execute("INSERT INTO files (name, size, created_at) VALUES (?, ?, ?)", row)

        with ThreadPoolExecutor(at_once) as pool:
            list(pool.map(write, range(number_of_files)))
        database.close()

    def upload(bodies: list[tuple[bytes, str]]) -> None:
        def worker(first: int) -> None:
            connection = _connect(base)
            for body, content_type in bodies[first::at_once]:
                _ask(connection, "POST", "/api/v1/files/upload", body, **{"Content-Type": content_type})
            connection.close()

        with ThreadPoolExecutor(at_once) as pool:
            list(pool.map(worker, range(at_once)))

    pairs = []
    for round_ in range(3):
        files = make_contents()
        floor = _time(lambda files=files, round_=round_: write_directly(files, round_))  # type: ignore[misc]
        bodies = [_encode_upload(f"{round_}-{number}.bin", content) for number, content in enumerate(make_contents())]
        pairs.append((number_of_files / _time(lambda bodies=bodies: upload(bodies)), number_of_files / floor))  # type: ignore[misc]
    ours, alone = (statistics.median(figures) for figures in zip(*pairs, strict=True))
    what, beside = (
        "upload of 1,000 files of 50 KB, 8 at once",
        "writing and fsyncing files and rows directly, 8 at once",
    )
    return Row(what, beside, ours, alone, 0.3, "files/s", is_minimum=True)


QUERY = 'name : "red-shoe" AND size > 100kb'


def fill(data: Path, number_of_files: int) -> None:
    """Write rows as uploads would, without uploading."""
    chance = random.Random(0)
    store = Store(Settings(data=data, url_endpoint="http://127.0.0.1/local"))
    colours, things = ("red", "green", "blue", "black"), ("shoe", "hat", "shirt", "bag", "coat")
    with store.write() as transaction:
        for number in range(number_of_files):
            name = f"{chance.choice(colours)}-{chance.choice(things)}-{number}.jpg"
            size = chance.randrange(1_000, 1_000_000)
            row = new_row(
                name=name,
                path=f"/shop-{number % 100}",
                size=size,
                format="jpg",
                mime="image/jpeg",
                is_image=True,
                width=1200,
                height=800,
                content_hash=f"{number:064x}",
                tags=("summer", "sale"),
            )
            new_id = transaction.new_id()
            known: dict[str, Any] = {
                "id": new_id,
                "version_id": new_id,
                "number": 1,
                "last_number": 1,
                "token": f"{number:032}",
            }
            moment = transaction.now - number
            transaction.insert(row._replace(**known, created_at=moment, updated_at=moment, uploaded_at=moment))
    store.close()


def _measure_search(data: Path, connection: http.client.HTTPConnection) -> Row:
    path = "/v1/files?" + urlencode({"searchQuery": QUERY, "limit": 100})
    compiled = compile_query(QUERY, now=datetime.now(timezone.utc), custom_fields={})
    database = sqlite3.connect(data / "imagekit.db", isolation_level=None)
    register_functions(database)
    order = "ORDER BY a.created_at ASC, a.id ASC, a.number ASC"
    numbers = f"SELECT a.row_id FROM assets a WHERE ({compiled.sql}) AND a.kind = 'file' {order} LIMIT 100"
    query = f"SELECT a.* FROM assets a WHERE a.row_id IN ({numbers}) {order}"

    def search_alone() -> None:
        if len(database.execute(query, compiled.parameters).fetchall()) != 100:
            raise SystemExit("the search found fewer files than it should")

    search_alone()
    _ask(connection, "GET", path)
    pairs = [(_time(lambda: _ask(connection, "GET", path)), _time(search_alone)) for _ in range(40)]
    database.close()
    ours, floor = (statistics.median(figures) * 1e3 for figures in zip(*pairs, strict=True))
    return Row("100 of 100,000 files by search on name and size", "the same SQL alone", ours, floor, 3, "ms")


READY = "from imagekitio.local import LocalImageKit; LocalImageKit().start(); print('ready', flush=True); input()"
IMPORTS = "import starlette, uvicorn, pyvips"


def _measure_start() -> Row:
    with tempfile.TemporaryDirectory() as cache:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = cache

        def time_until_ready() -> float:
            started = time.perf_counter()
            command = [sys.executable, "-c", READY]
            pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
            with subprocess.Popen(command, env=environment, **pipes) as process:
                assert process.stdout is not None
                if process.stdout.readline() != b"ready\n":
                    raise SystemExit("local ImageKit did not start")
                seconds = time.perf_counter() - started
                process.communicate(b"\n")
            return seconds

        def time_imports() -> float:
            command = [sys.executable, "-c", IMPORTS]
            return _time(lambda: subprocess.run(command, check=True, env=environment))

        time_until_ready(), time_imports()  # compile
        pairs = [(time_until_ready(), time_imports()) for _ in range(2 * ROUNDS)]
    ours, floor = (statistics.median(figures) * 1e3 for figures in zip(*pairs, strict=True))
    return Row("start until local ImageKit answers", f'python -c "{IMPORTS}"', ours, floor, 1.5, "ms")


def measure() -> list[Row]:
    rows = [_measure_start()]
    with tempfile.TemporaryDirectory() as folder:
        data, scratch = Path(folder, "data"), Path(folder, "scratch")
        scratch.mkdir()
        with _run_servers(data) as (base, bare):
            connection = _connect(base)
            pictures = _Pictures(scratch, connection)
            rows.append(_measure_first_render(pictures, connection))
            rows.append(_measure_same_again(data, base, bare, connection, "0.jpg"))
            rows.append(_measure_many_renders(pictures, base))
            rows.append(_measure_uploads(scratch, base))
            connection.close()
        filled = Path(folder, "filled")
        fill(filled, 100_000)
        with _run_servers(filled) as (base, _):
            connection = _connect(base)
            rows.append(_measure_search(filled, connection))
            connection.close()
    return rows
