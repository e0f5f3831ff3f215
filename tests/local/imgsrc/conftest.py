"""One local img-src for all tests of a module, reset before each test, and shorthand for calling it."""

from __future__ import annotations

import struct
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
import requests

from imagekitio.local import LocalImgsrc
from imagekitio.local.imgsrc.settings import ImgsrcSettings
from imagekitio.local.imgsrc.store import ImgsrcStore

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

NOW = 1_738_000_000  # 2025-01-27T17:46:40Z


def make_picture(number: int = 0, *, width: int = 3, height: int = 2) -> bytes:
    """Return a PNG of one colour, with different content for each `number`."""
    rows = (b"\0" + bytes([number % 256, 90, 160]) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (
        (b"IHDR", header),
        (b"tEXt", b"Comment\0picture %4d" % number),
        (b"IDAT", zlib.compress(rows, 0)),
        (b"IEND", b""),
    )
    chunks = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


class Api:
    """A client that calls a local img-src with its own key by default."""

    def __init__(self, server: LocalImgsrc) -> None:
        self.server, self.settings, self.store = server, server.settings, server._backend.store
        self.url, self.key = server.url, server.api_key
        self.root = f"{server.delivery_url}/{server.username}"  # of delivery URLs
        self.session = requests.Session()
        self.session.trust_env = False

    def reset(self) -> None:
        self.server.reset()
        self.server.clock.freeze(NOW)
        self.store.reset()  # again, so that the account is created at the frozen time

    def __call__(self, method: str, path: str, *, key: str | None = "own", **options: Any) -> requests.Response:
        own = self.key if key == "own" else key
        headers = {} if own is None else {"Authorization": f"Bearer {own}"}
        headers |= options.pop("headers", {})
        return self.session.request(method, self.url + path, headers=headers, timeout=60, **options)

    def json(self, method: str, path: str, status: int = 200, **options: Any) -> Any:
        response = self(method, path, **options)
        assert response.status_code == status, response.text
        return response.json()

    def error(self, method: str, path: str, status: int, **options: Any) -> str:
        """Return the message of the error response to a call."""
        error = self.json(method, path, status, **options)["error"]
        assert error["status"] == status
        assert error["path"] == unquote(path.partition("?")[0])
        return str(error["message"])

    def upload(self, content: bytes | None = None, name: str = "a.png", status: int = 201, **fields: str) -> Any:
        files = {"file": (name, make_picture() if content is None else content)}
        return self.json("POST", "/api/v1/images", status, files=files, data=fields)

    def paths(self, **query: str) -> list[list[str]]:
        """Return the paths of each image in a listing."""
        return [image["paths"] for image in self.json("GET", "/api/v1/images", params=query)["images"]]


@contextmanager
def run(folder: Path, **options: Any) -> Generator[Api]:
    """Yield a local img-src with these settings and a frozen clock."""
    server = LocalImgsrc(data=folder, **options)
    server.clock.freeze(NOW)
    with server:
        api = Api(server)
        with api.session:
            yield api


@pytest.fixture(scope="module")
def _api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with run(tmp_path_factory.mktemp("imgsrc")) as api:
        yield api


@pytest.fixture
def api(_api: Api) -> Api:
    _api.reset()
    return _api


@pytest.fixture
def store(tmp_path: Path) -> Generator[ImgsrcStore]:
    opened = ImgsrcStore(ImgsrcSettings(data=tmp_path / "data"))
    opened.settings.clock.freeze(NOW)
    yield opened
    opened.close()
