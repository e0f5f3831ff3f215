"""Pictures that show what was cropped, a local img-src with two of them, and shorthand for requests to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pyvips

from imagekitio.local.imgsrc.account import Defaults
from imagekitio.local.imgsrc.settings import ImgsrcSettings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import requests

    from tests.local.imgsrc.conftest import Api

DEFAULTS = Defaults(quality=80, fit="contain", max_width=None, max_height=None)
RED, GREEN, BLUE, YELLOW = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> ImgsrcSettings:
    return ImgsrcSettings(data=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def picture() -> Callable[[int, int], pyvips.Image]:
    """A function that makes a picture with a red, a green, a blue and a yellow quarter."""

    def make(width: int, height: int) -> pyvips.Image:
        quarters = [
            pyvips.Image.black(width // 2, height // 2, bands=3).linear([1] * 3, list(colour)).cast("uchar")
            for colour in (RED, GREEN, BLUE, YELLOW)
        ]
        return pyvips.Image.arrayjoin(quarters, across=2).copy(interpretation="srgb")

    return make


@pytest.fixture(scope="session")
def png(picture: Callable[[int, int], pyvips.Image], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of such a picture, 120 pixels wide and 80 high."""
    file = tmp_path_factory.mktemp("pictures") / "quarters.png"
    picture(120, 80).write_to_file(str(file))
    return file


@pytest.fixture(scope="session")
def quarters(picture: Callable[[int, int], pyvips.Image]) -> bytes:
    return picture(120, 80).pngsave_buffer()


@pytest.fixture
def site(api: Api, quarters: bytes) -> Api:
    """A local img-src with two images, one of them private."""
    api.upload(quarters, "oslo.png", target_path="trips/oslo.png")
    api.upload(quarters[:-12] + b"\0" * 60 + quarters[-12:], "secret.png", visibility="private")
    return api


def get(site: Api, target: str, method: str = "GET", **headers: str) -> requests.Response:
    """Request a delivery URL without a key; `target` is the part after the user name."""
    url = target if target.startswith("/") else f"/i/local/{target}"
    names = {name.replace("_", "-"): text for name, text in headers.items()}
    return site(method, url, key=None, headers=names)


def decode(response: requests.Response) -> pyvips.Image:
    assert response.status_code == 200, response.text
    return pyvips.Image.new_from_buffer(response.content, "")


def read_size(response: requests.Response) -> tuple[int, int]:
    decoded = decode(response)
    return decoded.width, decoded.height


def read_error(response: requests.Response) -> tuple[int, str, str]:
    """Return the status, code and message of an error, and check the rest of its body."""
    body = response.json()["error"]
    assert body.keys() == {"code", "message", "status", "path"}
    assert body["status"] == response.status_code
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["access-control-allow-origin"] == "*"
    return body["status"], body["code"], body["message"]


def count_transformations(site: Api) -> int:
    """Return the number of transformations this month."""
    return int(site.json("GET", "/api/v1/usage")["current_period"]["transformations"])
