"""One local img-src for all tests of a module, emptied for each; and short words for talking to it."""

from __future__ import annotations

import socket
import struct
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
import requests

from imagekitio.local.imgsrc.app import make_app
from imagekitio.local.imgsrc.limits.meter import Meter
from imagekitio.local.imgsrc.limits.ratelimit import KeyLimits
from imagekitio.local.imgsrc.settings import ImgsrcSettings
from imagekitio.local.imgsrc.site import ImgsrcSite
from imagekitio.local.imgsrc.store import ImgsrcStore
from imagekitio.local.web.exchange import Controls
from imagekitio.local.web.faults import Faults
from imagekitio.local.web.serving import ServerThread

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

NOW = 1_738_000_000  # 2025-01-27T17:46:40Z


def picture(number: int = 0, *, width: int = 3, height: int = 2) -> bytes:
    """A PNG of one colour; each `number` is another content."""
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
    """Calls a local img-src with its own key, unless told otherwise."""

    def __init__(self, url: str, store: ImgsrcStore, controls: Controls[KeyLimits], meter: Meter) -> None:
        self.url, self.store, self.controls, self._meter = url, store, controls, meter
        self.settings = store.settings
        self.key = self.settings.api_keys[0].key
        self.root = f"{url}/i/{self.settings.username}"  # of delivery URLs
        self.session = requests.Session()
        self.session.trust_env = False

    def reset(self) -> None:
        self._meter.clear()
        self.controls.reset()
        self.settings.clock.freeze(NOW)
        self.store.reset()

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
        """The message of the error that a call gets."""
        error = self.json(method, path, status, **options)["error"]
        assert error["status"] == status
        assert error["path"] == unquote(path.partition("?")[0])
        return str(error["message"])

    def upload(self, content: bytes | None = None, name: str = "a.png", status: int = 201, **fields: str) -> Any:
        files = {"file": (name, picture() if content is None else content)}
        return self.json("POST", "/api/v1/images", status, files=files, data=fields)

    def paths(self, **query: str) -> list[list[str]]:
        """The paths of each image in a listing."""
        return [image["paths"] for image in self.json("GET", "/api/v1/images", params=query)["images"]]


@contextmanager
def run(folder: Path, **options: Any) -> Generator[Api]:
    """A local img-src with these settings."""
    # The protocol is named because asyncio sets TCP_NODELAY only then.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings = ImgsrcSettings(data=folder, address=url, **options)
    settings.clock.freeze(NOW)
    store = ImgsrcStore(settings)
    site = ImgsrcSite(settings.username)
    meter = Meter(store)
    limits = KeyLimits(settings.limits.requests_per_minute, settings.clock)
    controls = Controls(Faults(site.operations), limits)
    thread = ServerThread(make_app(store, site, controls, meter), site, listener)
    api = Api(url, store, controls, meter)
    with api.session:
        yield api
    thread.stop()
    store.close()


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
