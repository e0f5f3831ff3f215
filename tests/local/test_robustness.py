"""Robustness: kills, many simultaneous clients, and requests that would use up all memory."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import os
import random
import socket
import struct
import subprocess
import sys
import threading
import time
import zlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
import requests

from imagekitio.local import LocalImageKit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.local.conftest import Api

AUTH = ("private_local", "")
PROGRAM = """
import sys, threading
from imagekitio.local import LocalImageKit
with LocalImageKit(data=sys.argv[1]) as server:
    print(server.url, flush=True)
    threading.Event().wait()
"""
WRITERS, WRITES = 8, 1_000  # it is killed before this many writes
MAX_MILLISECONDS = 100  # of server work for a refused request
TRIES = 5  # the quickest counts: on a busy machine any request may have to wait


def request_too_much(api: Api, method: str, path: str, **options: Any) -> requests.Response:
    """Send a request that asks for too much, and check how long the server worked on it."""
    milliseconds = []
    for _ in range(TRIES):
        response = api(method, path, **options)
        milliseconds.append(api.server.requests[-1].milliseconds)
    assert min(milliseconds) < MAX_MILLISECONDS
    return response


@contextmanager
def start_process(data: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-c", PROGRAM, str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


@dataclass
class Writer:
    """A client that creates, changes and deletes files in its own folder, and knows which files must exist.

    Attributes:
        acknowledged: The content of each path.
        doubtful: Paths that the last request may have changed without a response, with their possible new content, or
            None if they may have been deleted.
    """

    base: str
    number: int
    ids: dict[str, str] = field(default_factory=dict[str, str])
    acknowledged: dict[str, bytes] = field(default_factory=dict[str, bytes])
    doubtful: dict[str, bytes | None] = field(default_factory=dict[str, "bytes | None"])
    writes: int = 0

    def run(self, writes: int) -> None:
        chance = random.Random(self.number)
        with requests.Session() as session:
            session.trust_env, session.auth = False, AUTH
            try:
                while self.writes < writes:
                    self._write(session, chance)
                    self.writes += 1
                    self.doubtful = {}
            except requests.RequestException:
                pass  # it was killed

    def _write(self, session: requests.Session, chance: random.Random) -> None:
        what = chance.choice(("upload", "upload", "upload", "overwrite", "move", "copy", "delete"))
        paths = list(self.ids)
        if what == "upload" or len(paths) < 3:
            self._upload(session, f"/w{self.number}/f{self.writes}.bin", chance)
            return
        path = chance.choice(paths)
        if what == "overwrite":
            self._upload(session, path, chance)
        elif what == "delete":
            self.doubtful = {path: None}
            _expect_success(session.delete(f"{self.base}/v1/files/{self.ids[path]}", timeout=30))
            del self.ids[path], self.acknowledged[path]
        else:
            folder = f"/w{self.number}/{what}-{self.writes}"
            target = f"{folder}/{path.rpartition('/')[2]}"
            content = self.acknowledged[path]
            self.doubtful = {target: content} | ({path: None} if what == "move" else {})
            _expect_success(session.post(f"{self.base}/v1/folder", json=_describe_folder(folder), timeout=30))
            body = {"sourceFilePath": path, "destinationPath": folder}
            _expect_success(session.post(f"{self.base}/v1/files/{what}", json=body, timeout=30))
            self.acknowledged[target] = content
            if what == "move":
                self.ids[target] = self.ids.pop(path)
                del self.acknowledged[path]

    def _upload(self, session: requests.Session, path: str, chance: random.Random) -> None:
        content = chance.randbytes(chance.randrange(1, 20_000))
        folder, _, name = path.rpartition("/")
        self.doubtful = {path: content}
        fields = {"fileName": name, "folder": folder, "useUniqueFileName": "false"}
        url = f"{self.base}/api/v1/files/upload"
        answer = _expect_success(session.post(url, data=fields, files={"file": (name, content)}, timeout=30)).json()
        self.ids[path], self.acknowledged[path] = answer["fileId"], content


def _describe_folder(path: str) -> dict[str, str]:
    parent, _, name = path.rpartition("/")
    return {"folderName": name, "parentFolderPath": parent or "/"}


def _expect_success(response: requests.Response) -> requests.Response:
    assert response.status_code < 300, response.text
    return response


@pytest.mark.slow
def test_a_kill_during_mixed_writes_loses_no_acknowledged_file_and_leaves_no_partial_file(tmp_path: Path) -> None:
    with start_process(tmp_path) as (process, base):
        writers = [Writer(base, number) for number in range(WRITERS)]
        threads = [threading.Thread(target=writer.run, args=[WRITES // WRITERS]) for writer in writers]
        for thread in threads:
            thread.start()
        while sum(writer.writes for writer in writers) < WRITES // 2:
            assert any(thread.is_alive() for thread in threads)
            time.sleep(0.001)
        process.kill()
        for thread in threads:
            thread.join()
    assert sum(writer.writes for writer in writers) < WRITES, "it was killed too late to test anything"

    with LocalImageKit(data=tmp_path) as server, requests.Session() as session:
        session.trust_env, session.auth = False, AUTH
        listed = _expect_success(session.get(f"{server.url}/v1/files", timeout=30)).json()
        there = {file["filePath"]: session.get(file["url"], timeout=30) for file in listed}
        sizes = {file["filePath"]: file["size"] for file in listed}
        kept = sum(file.stat().st_size for file in (tmp_path / "contents").rglob("*") if file.is_file())
        assert list((tmp_path / "incoming").iterdir()) == []
    for path, response in there.items():
        assert response.status_code == 200
        assert len(response.content) == sizes[path]
    doubtful = {path: content for writer in writers for path, content in writer.doubtful.items()}
    acknowledged = {path: content for writer in writers for path, content in writer.acknowledged.items()}
    for path, content in acknowledged.items():
        if path not in there:
            assert path in doubtful
            assert doubtful[path] is None
        else:
            assert there[path].content in (content, doubtful.get(path))
    for path in there.keys() - acknowledged.keys():
        assert there[path].content == doubtful[path]
    # No bytes without a file and none stored twice; overwritten files keep the bytes of their old version.
    hashes = {hashlib.sha256(response.content).hexdigest() for response in there.values()}
    contents = {file.name for file in (tmp_path / "contents").rglob("*") if file.is_file()}
    assert hashes <= contents
    assert kept > 0


@pytest.mark.slow
def test_sixty_four_simultaneous_clients_lose_nothing(api: Api, jpeg: bytes) -> None:
    clients, rounds = 64, 5
    base, endpoint = api.server.url, api.server.url_endpoint
    shared = api.upload("shared.txt", b"x")["fileId"]
    api.upload("picture.jpg", jpeg)
    barrier = threading.Barrier(clients)
    statuses: Counter[int] = Counter()

    def work(number: int) -> None:
        with requests.Session() as session:
            session.trust_env, session.auth = False, AUTH
            barrier.wait()
            for turn in range(rounds):
                content = f"{number} {turn}".encode()
                fields = {"fileName": f"own-{turn}.txt", "folder": f"/c{number}", "useUniqueFileName": "false"}
                url = f"{base}/api/v1/files/upload"
                uploaded = session.post(url, data=fields, files={"file": ("a", content)}, timeout=60)
                delivered = session.get(f"{endpoint}/c{number}/own-{turn}.txt", timeout=60)
                rendered = session.get(f"{endpoint}/tr:w-{8 + number % 8}/picture.jpg", timeout=60)
                statuses.update([uploaded.status_code, delivered.status_code, rendered.status_code])
                assert delivered.content == content
            tag = {"fileIds": [shared], "tags": [f"t{number}"]}
            tagged = session.post(f"{base}/v1/files/addTags", json=tag, timeout=60)
            version = {"fileName": "together.txt", "useUniqueFileName": "false"}
            files = {"file": ("a", str(number).encode())}
            together = session.post(f"{base}/api/v1/files/upload", data=version, files=files, timeout=60)
            statuses.update([tagged.status_code, together.status_code])

    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(work, range(clients)))
    assert statuses == {200: clients * (3 * rounds + 2)}
    assert len(api.assets()) == clients * rounds + 3
    assert set(api.details(shared)["tags"]) == {f"t{number}" for number in range(clients)}
    (together,) = api.assets(name="together.txt")
    versions = api("GET", f"/v1/files/{together['fileId']}/versions").json()
    assert sorted(version["versionInfo"]["name"] for version in versions) == sorted(
        f"Version {number + 1}" for number in range(clients)
    )
    assert {api("GET", version["url"]).text for version in versions} == {str(number) for number in range(clients)}


def make_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def make_flat_png(width: int, height: int, *, rows: int) -> bytes:
    """Return a PNG of zeros, with few bytes and many pixels, that contains only `rows` rows."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = bytes(1 + 3 * width)
    body = b"".join(packer.compress(row) for _ in range(rows)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + make_chunk(b"IHDR", head) + make_chunk(b"IDAT", body) + make_chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("large.png", lambda: make_flat_png(12_000, 9_000, rows=64)),
        ("bomb.png", lambda: make_flat_png(60_000, 60_000, rows=16)),
        ("large.svg", lambda: b'<svg xmlns="http://www.w3.org/2000/svg" width="60000" height="60000"/>'),
    ],
)
def test_a_picture_beyond_100_megapixels_is_refused_immediately(
    api: Api, name: str, content: Callable[[], bytes]
) -> None:
    api.upload("small.png", make_flat_png(8, 8, rows=8))
    api("GET", f"{api.server.url_endpoint}/tr:w-4/small.png")  # so that loading libraries is not measured
    api.upload(name, content())
    response = request_too_much(api, "GET", f"{api.server.url_endpoint}/tr:q-50,f-png/{name}")
    assert (response.status_code, response.headers["ik-error"].split()[0]) == (400, "ELIMIT"), response.text


def test_the_metadata_of_a_picture_beyond_100_megapixels_comes_from_its_header(api: Api) -> None:
    bomb = api.upload("bomb.png", make_flat_png(60_000, 60_000, rows=16), responseFields="metadata")
    answers = [
        api("GET", f"/v1/files/{bomb['fileId']}/metadata").json(),
        api("GET", "/v1/metadata", params={"url": bomb["url"]}).json(),
        bomb["metadata"],
    ]
    for metadata in answers:
        assert (metadata["width"], metadata["height"], metadata["hasTransparency"]) == (60_000, 60_000, False)
        assert "pHash" not in metadata


@pytest.mark.parametrize(
    "steps", ["w-60000,h-60000,c-at_max_enlarge", "w-60000,h-60000,cm-pad_resize", "dpr-5,w-30000,h-9000,c-force"]
)
def test_a_rendering_beyond_100_megapixels_is_refused_immediately(api: Api, steps: str) -> None:
    api.upload("small.png", make_flat_png(8, 8, rows=8))
    api("GET", f"{api.server.url_endpoint}/tr:w-4/small.png")
    response = request_too_much(api, "GET", f"{api.server.url_endpoint}/tr:{steps}/small.png")
    assert (response.status_code, response.headers["ik-error"].split()[0]) == (400, "ELIMIT"), response.text


LONG_STEPS = {
    "10,000 steps": ":".join(["w-9"] * 10_000),
    "as many as a URL can hold": ":".join(["w-9"] * 4_000),
    "nested without end": "l-image,i-a.jpg," * 500 + "w-9," + "l-end," * 499 + "l-end",
    "one long expression": "w-" + "_add_".join(["iw"] * 2_500),
    "one long number": "w-" + "9" * 15_000,
}


@pytest.mark.parametrize("what", LONG_STEPS)
@pytest.mark.parametrize("place", ["path", "query"])
def test_a_url_that_asks_for_too_much_is_refused_immediately(api: Api, png: bytes, what: str, place: str) -> None:
    api.upload("a.png", png)
    endpoint, steps = api.server.url_endpoint, LONG_STEPS[what]
    api("GET", f"{endpoint}/tr:w-4/a.png")
    url = f"{endpoint}/tr:{steps}/a.png" if place == "path" else f"{endpoint}/a.png?tr={quote(steps)}"
    assert request_too_much(api, "GET", url).status_code in (400, 414)


def test_a_json_bomb_is_refused_immediately(api: Api) -> None:
    api("GET", "/v1/files")
    for body in (b"[" * 1_000_000, b'{"a":' * 150_000, json.dumps({"a": "x" * 2_000_000}).encode()):
        assert request_too_much(api, "POST", "/v1/files/copy", data=body).status_code in (400, 413)


def test_a_deeply_nested_search_query_is_refused_immediately(api: Api) -> None:
    api("GET", "/v1/files", params={"searchQuery": 'name = "a"'})
    query: dict[str, Any] = {"searchQuery": "(" * 4_000 + 'name = "a"' + ")" * 4_000}
    assert request_too_much(api, "GET", "/v1/files", params=query).status_code in (400, 414)


def make_departures(server: LocalImageKit, jpeg: bytes) -> dict[str, bytes]:
    """Return requests to interrupt: in the middle, at their end, or during the response."""
    token = base64.b64encode(f"{server.private_key}:".encode()).decode()
    head = f"Host: 127.0.0.1\r\nAuthorization: Basic {token}\r\n"
    form = "Content-Type: multipart/form-data; boundary=b\r\n"
    parts = b"".join(
        b'--b\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % part
        for part in ((b"fileName", b"a.jpg"), (b"useUniqueFileName", b"false"))
    )
    body = parts + b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + jpeg + b"\r\n--b--\r\n"
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    length = f"Content-Length: {len(body)}\r\n\r\n"
    upload = "POST /api/v1/files/upload HTTP/1.1\r\n"
    return {
        "upload": f"{upload}{head}{form}{length}".encode() + body,
        "chunked": f"{upload}{head}{form}Transfer-Encoding: chunked\r\n\r\n".encode() + chunked,
        "expecting": f"{upload}{head}{form}Expect: 100-continue\r\n{length}".encode() + body,
        "json": f"POST /v1/folder HTTP/1.1\r\n{head}Content-Length: 99\r\n\r\n".encode() + b'{"folderName": "x"',
        "control": f"POST /_local/clock HTTP/1.1\r\n{head}Content-Length: 99\r\n\r\n{{".encode(),
        "original": f"GET /local/large.bin HTTP/1.1\r\n{head}\r\n".encode(),
        "rendition": f"GET /local/tr:w-30,e-sharpen/a.jpg HTTP/1.1\r\n{head}\r\n".encode(),
        "list": f"GET /v1/files HTTP/1.1\r\n{head}\r\n".encode() * 3,
    }


@pytest.mark.parametrize("is_reset", [False, True], ids=["closed", "reset"])
def test_clients_that_disconnect_cause_no_failure_and_leave_nothing_behind(
    caplog: pytest.LogCaptureFixture, jpeg: bytes, is_reset: bool
) -> None:
    with LocalImageKit() as server, server.client() as client:
        client.upload_file(jpeg, "a.jpg", use_unique_file_name=False)
        client.upload_file(os.urandom(3_000_000), "large.bin", use_unique_file_name=False)
        host, _, port = server.url.removeprefix("http://").partition(":")
        for request in make_departures(server, jpeg).values():
            for share in (0.2, 0.7, 0.99, 1.0):
                with socket.create_connection((host, int(port))) as connection:
                    if is_reset:
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    connection.sendall(request[: int(len(request) * share)])
        incoming = server.settings.data / "incoming"
        wait_until(lambda: not list(incoming.iterdir()))
        assert client.upload_file(b"test", "a.txt").file_id
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.slow
def test_a_request_still_running_at_shutdown_gets_a_response(caplog: pytest.LogCaptureFixture) -> None:
    answers: list[requests.Response] = []
    with LocalImageKit() as server:
        server.faults.add(delay=3600)
        key, url = server.private_key, f"{server.url}/v1/files"
        caller = threading.Thread(target=lambda: answers.append(requests.get(url, auth=(key, ""), timeout=60)))
        caller.start()
        wait_until(lambda: not server.faults.list())
    caller.join()
    assert (answers[0].status_code, answers[0].json()) == (503, {"message": "Local ImageKit is stopping."})
    assert [record for record in caplog.records if record.exc_info] == []


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)
