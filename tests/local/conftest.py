"""One local ImageKit for all tests of a run, reset before each test, and shorthand for calling it."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
import requests

from imagekitio.local import LocalImageKit, Settings
from imagekitio.local.library.store import Store

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path


class Api:
    """A client that calls local ImageKit with its own private key by default."""

    def __init__(self, server: LocalImageKit) -> None:
        self.server = server
        self.session = requests.Session()
        self.session.trust_env = False

    def __call__(self, method: str, path: str, **options: Any) -> requests.Response:
        url = path if path.startswith("http") else self.server.url + path
        options.setdefault("auth", (self.server.private_key, ""))
        return self.session.request(method, url, timeout=30, **options)

    def try_upload(self, file_name: str = "a.txt", content: Any = b"hello\n", **options: Any) -> requests.Response:
        """Upload `content`: bytes as a file, a str as text. All `options` except `auth` are form fields."""
        auth = {"auth": options.pop("auth")} if "auth" in options else {}
        part = (None, content) if isinstance(content, str) else (file_name, content)
        fields = {"fileName": file_name, "useUniqueFileName": "false", **options}
        return self("POST", "/api/v1/files/upload", files={"file": part}, data=fields, **auth)

    def upload(self, file_name: str = "a.txt", content: Any = b"hello\n", **fields: Any) -> dict[str, Any]:
        response = self.try_upload(file_name, content, **fields)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def details(self, file_id: str) -> dict[str, Any]:
        response = self("GET", f"/v1/files/{file_id}/details")
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def assets(self, **query: Any) -> list[dict[str, Any]]:
        response = self("GET", "/v1/files", params=query)
        assert response.status_code == 200, response.text
        answer: list[dict[str, Any]] = response.json()
        return answer

    def paths(self, **query: Any) -> list[str]:
        """Return the sorted paths of the files and folders in a listing."""
        return sorted(item.get("filePath") or item["folderPath"] for item in self.assets(**query))

    def create_folder(self, path: str) -> None:
        parent, _, name = path.rpartition("/")
        response = self("POST", "/v1/folder", json={"folderName": name, "parentFolderPath": parent or "/"})
        assert response.status_code == 201, response.text


@dataclass(frozen=True)
class Received:
    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Receiver:
    """An application that receives webhooks. It responds with each of `statuses` in turn, then with 200."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.statuses: list[int] = []
        self.may_answer = threading.Event()
        self.may_answer.set()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.received.append(Received(self.path, headers, body))
                receiver.may_answer.wait(10)
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self.may_answer.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    running = Receiver()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def server() -> Iterator[LocalImageKit]:
    with LocalImageKit() as running:
        yield running


@pytest.fixture(scope="session")
def _api(server: LocalImageKit) -> Iterator[Api]:
    api = Api(server)
    with api.session:
        yield api


@pytest.fixture
def api(_api: Api) -> Api:
    _api.server.reset()
    return _api


@pytest.fixture
def store(tmp_path: Path) -> Generator[Store]:
    opened = Store(Settings(data=tmp_path / "data", url_endpoint="http://127.0.0.1:8080/local"))
    opened.settings.clock.freeze(1_700_000_000)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def jpeg() -> bytes:
    """A picture of 64 x 48 pixels, of quality 82 and with EXIF."""
    import pyvips

    image: Any = pyvips.Image.xyz(64, 48)
    image = image[0].linear(4, 0).bandjoin([image[1].linear(5, 0), 128]).cast("uchar").copy(interpretation="srgb")
    for name, value in {
        "exif-ifd0-Make": "Canon",
        "exif-ifd2-DateTimeOriginal": "2023:05:30 15:56:01",
        "exif-ifd2-FNumber": "28/5",
        "exif-ifd2-ISOSpeedRatings": "200",
        "exif-ifd3-GPSLatitude": "48/1 12/1 30/1",
    }.items():
        image.set_type(pyvips.GValue.gstr_type, name, value)
    return bytes(image.jpegsave_buffer(Q=82))


@pytest.fixture(scope="session")
def png() -> bytes:
    """A picture of 20 x 10 pixels, half transparent."""
    import pyvips

    image: Any = pyvips.Image.black(20, 10, bands=3).linear([1], [200, 30, 60]).bandjoin(128)
    return bytes(image.cast("uchar").copy(interpretation="srgb").pngsave_buffer(keep="none"))
