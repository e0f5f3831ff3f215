"""Both clients against local img-src, from an upload to the deletion of its last path."""

from __future__ import annotations

import asyncio
import inspect
import io
import struct
import zlib
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.imgsrc import AsyncImgsrc, Imgsrc, errors
from imagekitio.local import LocalImgsrc

from .server import drive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .server import Driver


@pytest.fixture(scope="module")
def running_server() -> Iterator[LocalImgsrc]:
    with LocalImgsrc() as server:
        yield server


@pytest.fixture
def local(running_server: LocalImgsrc) -> LocalImgsrc:
    running_server.reset()
    return running_server


@pytest.fixture(params=["blocking", "twins", "tasks"])
def driver(request: Any, local: LocalImgsrc) -> Iterator[Driver]:
    client = local.async_client() if request.param == "tasks" else local.client()
    with drive(request.param, client) as found:
        yield found


def make_png(width: int, height: int = 20) -> bytes:
    """Return a grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\x00" + bytes(range(width % 256)).ljust(width, b"\x80") for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_an_image_lives_from_its_upload_to_the_deletion_of_its_last_path(
    driver: Driver, local: LocalImgsrc, tmp_path: Path
) -> None:
    content = make_png(60)
    upload = driver.call("images.upload_image", file=("oslo.png", content), target_path="trips/oslo.png")
    assert (upload.is_new, upload.paths, upload.format_) == (True, ["trips/oslo.png"], "png")
    again = driver.call("images.upload_image", file=("fjord ø.png", io.BytesIO(content)), target_path="blog/2024")
    assert (again.id, again.is_new) == (upload.id, False)
    assert again.paths == ["trips/oslo.png", "blog/2024/fjord ø.png"]
    assert driver.call("download", upload, io.BytesIO()) is None
    assert driver.call("download", again.paths[1], tmp_path).read_bytes() == content
    assert driver.call("images.get_image", upload).metadata.width == 60
    assert driver.call("images.search_images", q="oslo").total == 1
    deleted = driver.call("images.delete_image_path", local.username, "blog/2024/fjord ø.png")
    assert (deleted.remaining_paths, deleted.image_deleted) == (["trips/oslo.png"], False)
    assert driver.call("images.delete_image_path", local.username, "trips/oslo.png").image_deleted is True
    with pytest.raises(errors.NotFoundError) as caught:
        driver.call("images.delete_image", upload)
    assert isinstance(caught.value, errors.ErrorResponse)
    assert caught.value.code == "NOT_FOUND"


def test_private_images_are_signed_and_downloaded(driver: Driver, local: LocalImgsrc, tmp_path: Path) -> None:
    image = driver.call("images.upload_image", file=("a.png", make_png(50)), visibility="private")
    signed = driver.call("images.create_signed_url", image, transformation={"width": 10, "format": "webp"})
    assert signed.expires_at > signed.expires_in_seconds == 3600
    assert driver.call("download", "a.png", tmp_path).read_bytes() == make_png(50)
    assert driver.call("download", signed.signed_url, tmp_path / "b").read_bytes()[8:12] == b"WEBP"
    assert driver.call("images.list_images")[0].active_signed_url is not None
    driver.call("images.update_visibility", image, "public")
    assert driver.call("images.get_image", image).visibility == "public"


def test_many_images_are_uploaded_and_downloaded(driver: Driver, local: LocalImgsrc, tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number}.png").write_bytes(make_png(40 + number))
    found = driver.call("upload_many", sorted(tmp_path.glob("*.png")), target_path="many")
    assert {done.unwrap().is_new for done in found} == {True}
    pages, page = 0, driver.call("images.list_images", path="many", limit=5)
    while page is not None:
        pages, page = pages + 1, driver.finish(page.next())
    assert pages == 3
    images = driver.call("images.iter_images", page_size=5)
    assert len({image.id for image in images}) == 12
    stored = driver.call("download_many", images, tmp_path / "copies")
    assert {done.unwrap().parent.name for done in stored} == {"many"}
    assert (tmp_path / "copies/many/3.png").read_bytes() == make_png(43)


def test_presets_settings_and_usage(driver: Driver, local: LocalImgsrc) -> None:
    preset = driver.call("presets.create_preset", name="thumb", params={"width": 10, "fit": "cover"})
    with pytest.raises(errors.ConflictError):
        driver.call("presets.create_preset", name="thumb", params={})
    assert driver.call("presets.update_preset", preset, description="Small").description == "Small"
    assert driver.call("presets.update_preset", preset, description=None).description is None
    assert [one.name for one in driver.call("presets.list_presets").presets] == ["thumb"]
    assert driver.call("presets.delete_preset", id=preset).success is True
    changed = driver.call("settings.update_settings", default_quality=70, default_max_width=None)
    assert (changed.settings.default_quality, changed.settings.username) == (70, local.username)
    usage = driver.call("usage.get_usage")
    assert usage.current_period.api_requests > 0
    assert int(usage.http_meta.response.headers["X-RateLimit-Remaining"]) > 0


@pytest.mark.slow
def test_a_fault_is_repeated_and_an_upload_stays_one_image(driver: Driver, local: LocalImgsrc) -> None:
    for operation in ("images.upload_image", "images.list_images"):
        local.faults.add(status=503, operation=operation)
    assert driver.call("images.upload_image", file=("a.png", make_png(30))).is_new is True
    assert driver.call("images.list_images").total == 1


def test_both_clients_have_the_same_calls_with_the_same_arguments() -> None:
    blocking, tasks = Imgsrc(), AsyncImgsrc()
    for group in ("images", "presets", "settings", "usage"):
        ours, theirs = getattr(blocking, group), getattr(tasks, group)
        names = [name for name in dir(ours) if not name.startswith("_")]
        assert names == [name for name in dir(theirs) if not name.startswith("_")]
        for name in names:
            assert inspect.signature(getattr(ours, name)) == inspect.signature(getattr(theirs, name))
            assert getattr(ours, name).__doc__
            if not name.startswith("iter_") and not name.endswith("_async"):
                assert not asyncio.iscoroutinefunction(getattr(ours, name))
                assert asyncio.iscoroutinefunction(getattr(theirs, name))
                assert asyncio.iscoroutinefunction(getattr(ours, name + "_async"))
    for name in ("upload_many", "download", "download_many", "url", "with_options"):
        ours_of, theirs_of = (inspect.signature(getattr(client, name)).parameters for client in (blocking, tasks))
        assert [one for one in ours_of if one != "executor"] == list(theirs_of)
