"""Migrating an account of img-src: between two local services, with real pictures."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest
import pyvips
import requests

from imagekitio.cli.base.texts import format_size
from imagekitio.local import LocalImgsrc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imagekitio import ImageKit
    from imagekitio.imgsrc import Imgsrc
    from imagekitio.local import LocalImageKit

    from ..conftest import Run


@pytest.fixture(scope="module")
def running_img_src() -> Iterator[LocalImgsrc]:
    with LocalImgsrc() as server:
        yield server


@pytest.fixture
def img_src(running_img_src: LocalImgsrc, monkeypatch: pytest.MonkeyPatch) -> LocalImgsrc:
    """An empty account, which the environment names."""
    running_img_src.reset()
    for name, value in running_img_src.environment.items():
        monkeypatch.setenv(name, value)
    return running_img_src


@pytest.fixture
def source(img_src: LocalImgsrc) -> Iterator[Imgsrc]:
    with img_src.client() as client:
        yield client


def make_picture(seed: int, suffix: str = ".png", width: int = 60, height: int = 40) -> bytes:
    noise: Any = pyvips.Image.gaussnoise(width, height, seed=seed, mean=128, sigma=40)
    content: bytes = noise.cast("uchar").write_to_buffer(suffix)
    return content


def add_image(source: Imgsrc, path: str, content: bytes, **options: Any) -> str:
    """Store an image at a path, and return its id."""
    image_id: str = source.images.upload_image(file=content, target_path=path, **options).id
    return image_id


def contents(client: ImageKit) -> dict[str, bytes]:
    """Return the contents of all files of the media library by their paths."""
    found: dict[str, bytes] = {}
    for file in client.iter_files():
        with client.open_stream(file, signed=True) as stream:
            found[file.file_path] = stream.read()
    return found


def steps_of(client: ImageKit) -> dict[str, tuple[str, bool]]:
    """Return the steps of the named transformations, and whether they are switched on."""
    return {one.name: (one.transformation, one.enabled) for one in client.list_named_transformations()}


def test_every_path_becomes_a_file_with_what_was_uploaded(run: Run, client: ImageKit, source: Imgsrc) -> None:
    oslo, bergen = make_picture(1), make_picture(2, ".jpg")
    oslo_id = add_image(source, "trips/2024/oslo.png", oslo)
    assert add_image(source, "covers/oslo.png", oslo) == oslo_id
    bergen_id = add_image(source, "bergen ø.jpg", bergen)
    size = 2 * len(oslo) + len(bergen)
    ended = run("migrate", "img-src:", "/new", "--dry-run", "--json")
    assert (ended.code, contents(client)) == (0, {})
    assert sorted((one["status"], one["action"], one["path"], one["local"]) for one in ended.records) == [
        ("planned", "upload", "/new/bergen_ø.jpg", "img-src:bergen ø.jpg"),
        ("planned", "upload", "/new/covers/oslo.png", "img-src:covers/oslo.png"),
        ("planned", "upload", "/new/trips/2024/oslo.png", "img-src:trips/2024/oslo.png"),
    ]
    ended = run("migrate", "img-src:", "/new", "--json")
    assert ended.code == 0, ended.err
    assert ended.err.splitlines()[-1] == f"3 files uploaded ({format_size(size)})"
    assert contents(client) == {
        "/new/bergen_ø.jpg": bergen,
        "/new/covers/oslo.png": oslo,
        "/new/trips/2024/oslo.png": oslo,
    }
    assert {file.file_path: file.tags for file in client.iter_files()} == {
        "/new/bergen_ø.jpg": [f"img-src-{bergen_id}"],
        "/new/covers/oslo.png": [f"img-src-{oslo_id}"],
        "/new/trips/2024/oslo.png": [f"img-src-{oslo_id}"],
    }
    assert oslo_id == hashlib.sha256(oslo).hexdigest()[:16]


def test_what_is_there_is_not_copied_again(
    run: Run, client: ImageKit, source: Imgsrc, img_src: LocalImgsrc, server: LocalImageKit
) -> None:
    add_image(source, "a.png", make_picture(1))
    add_image(source, "b.png", make_picture(2))
    assert run("migrate", "img-src:", "/").code == 0
    add_image(source, "c/c.png", make_picture(3))
    before = len(img_src.requests), len(server.requests)
    ended = run("migrate", "img-src:", "/")
    assert ended.code == 0
    assert ended.err.splitlines()[-1].endswith(", 2 already there")
    asked = [request.operation for request in img_src.requests[before[0] :]]
    assert asked.count("delivery") == 1
    assert sum(request.operation == "upload_file" for request in server.requests[before[1] :]) == 1
    # Another picture of the same size takes a path.
    first = make_picture(1)
    other = first[:-1] + bytes([first[-1] ^ 1])
    add_image(source, "a.png", other)
    ended = run("migrate", "img-src:", "/")
    assert ended.code == 1
    assert (
        "failed: img-src:a.png: a file with different content exists: --replace makes a new version of it" in ended.err
    )
    assert run("migrate", "img-src:", "/", "--replace").code == 0
    assert contents(client)["/a.png"] == other


def test_a_folder_has_only_the_paths_in_it(run: Run, client: ImageKit, source: Imgsrc) -> None:
    oslo = make_picture(1)
    for path in ("trips/2024/oslo.png", "trips/2024/may/oslo.png", "trips/2025/oslo.png"):
        add_image(source, path, oslo)
    add_image(source, "trips/20245.png", make_picture(2))
    assert run("migrate", "img-src:trips/2024", "/2024").code == 0
    assert contents(client).keys() == {"/2024/oslo.png", "/2024/may/oslo.png"}
    ended = run("migrate", "img-src:nowhere", "/")
    assert (ended.code, ended.err) == (2, "imagekit: img-src has no images below 'nowhere'\n")


def test_private_images_stay_private_and_named_transformations_do_not_open_them(
    run: Run, client: ImageKit, source: Imgsrc
) -> None:
    secret = make_picture(1)
    add_image(source, "secret.png", secret, visibility="private")
    add_image(source, "open.png", make_picture(2))
    source.presets.create_preset(name="tiny", params={"w": 10})
    ended = run("migrate", "img-src:", "/")
    assert ended.code == 0, ended.err
    assert "delivers private files with a named transformation to everyone" in ended.err
    assert {file.name: file.is_private_file for file in client.iter_files()} == {"secret.png": True, "open.png": False}
    assert contents(client)["/secret.png"] == secret
    assert steps_of(client) == {"tiny": ("w-10", False)}
    assert "switched on" not in run("migrate", "img-src:", "/").err
    client.create_named_transformation(name="card", transformation="w-20")
    ended = run("migrate", "img-src:", "/", "--dry-run")
    assert "with a named transformation to everyone, and these are enabled: card" in ended.err
    for steps in ("", "n-tiny"):
        answer = requests.get(client.url(path="/secret.png", transformation={"raw": steps}), timeout=30)
        assert answer.status_code in (400, 401)


def test_a_private_image_is_never_taken_for_a_public_file(run: Run, client: ImageKit, source: Imgsrc) -> None:
    image_id = add_image(source, "a.png", make_picture(1))
    assert run("migrate", "img-src:", "/").code == 0
    source.images.update_visibility(id=image_id, visibility="private")
    ended = run("migrate", "img-src:", "/")
    assert ended.code == 1
    assert "img-src:a.png: the existing file is public, and this one is private: --replace makes a new" in ended.err
    assert run("migrate", "img-src:", "/", "--replace").code == 0
    assert [file.is_private_file for file in client.iter_files()] == [True]


PRESETS: dict[str, dict[str, Any]] = {
    "small": {"w": 30},
    "cover": {"w": 30, "h": 30, "fit": "cover"},
    "contain": {"w": 30, "h": 30},
    "scale": {"w": 300, "h": 300, "fit": "scale-down"},
    "fill": {"w": 30, "h": 30, "fit": "fill"},
    "square": {"aspect": "1:1"},
    "wide": {"aspect": "21:9", "w": 50, "crop": "top"},
    "box": {"aspect": "4:3", "w": 50, "h": 20},
    "dense": {"w": 11, "dpr": 1.5},
    "turned": {"rotate": 90, "flip": "h", "w": 20},
    "turned-square": {"rotate": 270, "aspect": "1:1", "grayscale": True},
    "webp": {"format": "webp", "q": 50},
    "blurred": {"blur": 3},
}


def test_presets_do_the_same_in_both_services(run: Run, client: ImageKit, source: Imgsrc, img_src: LocalImgsrc) -> None:
    add_image(source, "a.png", make_picture(1))
    for name, params in PRESETS.items():
        source.presets.create_preset(name=name, params=params)
    ended = run("migrate", "img-src:", "/")
    assert ended.code == 0, ended.err
    assert (
        "created named transformation turned_square (rt-270:w-cw,ar-1-1,c-maintain_ratio_no_enlarge,e-grayscale)"
        in (ended.err)
    )
    for name in PRESETS:
        before = requests.get(source.url(path="a.png", preset=name), timeout=30)
        new_url = client.url(path="/a.png", transformation=[{"named": name.replace("-", "_")}])
        after = requests.get(new_url, timeout=30)
        assert (before.status_code, after.status_code) == (200, 200), name
        old, new = (pyvips.Image.new_from_buffer(one.content, "") for one in (before, after))
        assert (old.width, old.height, old.bands) == (new.width, new.height, new.bands), name
        assert (old - new).abs().avg() < 1, name


def test_presets_are_made_once_and_changed_only_if_told(run: Run, client: ImageKit, source: Imgsrc) -> None:
    add_image(source, "a.png", make_picture(1))
    preset = source.presets.create_preset(
        name="og", params={"w": 300, "h": 200, "fit": "cover", "crop": "entropy"}, description="for sharing"
    )
    source.presets.create_preset(name="none", params={"dpr": 2})
    ended = run("migrate", "img-src:", "/", "--dry-run", "--json")
    assert (ended.code, steps_of(client)) == (0, {})
    records = {one["preset"]: one for one in ended.records if "preset" in one}
    assert (records["og"]["status"], records["og"]["action"]) == ("planned", "create")
    assert records["og"]["transformation"] == "w-300,h-200,c-maintain_ratio,fo-auto"
    assert (records["none"]["status"], records["none"]["namedTransformation"]) == ("skipped", None)
    assert [one["name"] for one in records["none"]["differences"]] == ["dpr"]
    assert "preset og: crop 'entropy': ImageKit has no such focus: it becomes auto, the salient part" in ended.err
    assert "preset og: description 'for sharing': named transformations have none" in ended.err
    assert "preset none is left out: none of it can be expressed" in ended.err
    assert run("migrate", "img-src:", "/").code == 0
    assert steps_of(client) == {"og": ("w-300,h-200,c-maintain_ratio,fo-auto", True)}
    assert "named transformation" not in run("migrate", "img-src:", "/").err
    source.presets.update_preset(id=preset.id, params={"w": 100})
    ended = run("migrate", "img-src:", "/")
    assert ended.code == 1
    assert "preset og: og exists with other steps (w-300,h-200,c-maintain_ratio,fo-auto): --replace" in ended.err
    assert run("migrate", "img-src:", "/", "--replace").code == 0
    assert steps_of(client) == {"og": ("w-100", True)}


def test_an_account_without_images_has_its_presets_copied(run: Run, client: ImageKit, source: Imgsrc) -> None:
    source.presets.create_preset(name="tiny", params={"w": 10})
    assert run("migrate", "img-src:", "/").code == 0
    assert steps_of(client) == {"tiny": ("w-10", True)}


def test_what_imagekit_does_not_keep_is_said(run: Run, client: ImageKit, source: Imgsrc) -> None:
    add_image(source, "a.png", make_picture(1), visibility="private")
    source.settings.update_settings(default_quality=60, default_max_width=1920)
    ended = run("migrate", "img-src:", "/", "--json")
    assert ended.code == 0, ended.err
    assert (
        "img-src delivers with a quality of 60, a width of at most 1920 pixels, unless URLs say otherwise" in ended.err
    )
    assert "links signed by img-src stop working when the account ends" in ended.err
    (record,) = ended.records
    assert "uploaded_at" in {one["name"] for one in record["leftOut"]}
    client.create_custom_metadata_fields(name="uploaded_at", label="Uploaded", schema={"type": "Date"})
    client.create_custom_metadata_fields(name="original_filename", label="Name", schema={"type": "Text"})
    ended = run("migrate", "img-src:", "/again", "--json")
    assert ended.code == 0, ended.err
    assert "leftOut" not in ended.records[0]
    (file,) = client.list_files(path="/again")
    moment = source.images.list_images()[0].uploaded_at
    assert file.custom_metadata["uploaded_at"][:19] == moment.isoformat()[:19]


def test_the_original_is_found_where_a_path_gives_another_format(run: Run, client: ImageKit, source: Imgsrc) -> None:
    content = make_picture(1)
    add_image(source, "a.png", content)
    add_image(source, "a copy.webp", content)
    ended = run("migrate", "img-src:", "/")
    assert ended.code == 0, ended.err
    assert contents(client) == {"/a.png": content, "/a_copy.webp": content}


def test_what_is_not_the_original_is_never_stored_and_the_next_run_goes_on(
    run: Run, client: ImageKit, source: Imgsrc, img_src: LocalImgsrc
) -> None:
    add_image(source, "a.png", make_picture(1))
    add_image(source, "b.png", make_picture(2))
    # Both URLs of one image give something else.
    img_src.faults.add(status=200, body={"hello": "from a proxy"}, operation="delivery", path="*/a.png", times=None)
    img_src.faults.add(status=503, operation="delivery", path="*/b.png", times=1)
    ended = run("migrate", "img-src:", "/")
    assert ended.code == 1
    assert "failed: img-src:a.png: img-src delivers another picture (" in ended.err
    assert contents(client) == {"/b.png": make_picture(2)}
    img_src.faults.clear()
    ended = run("migrate", "img-src:", "/")
    assert (ended.code, ended.err.splitlines()[-1].partition(" (")[0]) == (0, "1 file uploaded")
    assert contents(client) == {"/a.png": make_picture(1), "/b.png": make_picture(2)}


def test_a_key_that_is_missing_or_wrong_and_a_service_that_is_away_are_one_line(
    run: Run, img_src: LocalImgsrc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMGSRC_API_KEY", "imgsrc_wrong")
    ended = run("migrate", "img-src:", "/")
    assert ended.code == 3
    assert ended.err.endswith("(check IMGSRC_API_KEY)\n")
    monkeypatch.setenv("IMGSRC_API_KEY", "")
    ended = run("migrate", "img-src:", "/")
    assert (ended.code, ended.err) == (2, "imagekit: the key of the img-src account is missing: set IMGSRC_API_KEY\n")
    monkeypatch.setenv("IMGSRC_API_KEY", img_src.api_key)
    monkeypatch.setenv("IMGSRC_SERVER_URL", "nowhere")
    ended = run("migrate", "img-src:", "/")
    assert ended.code == 2
    monkeypatch.setenv("IMGSRC_SERVER_URL", "http://127.0.0.1:9")
    ended = run("migrate", "img-src:", "/")
    assert ended.code == 4
    assert ended.err.startswith("imagekit: img-src: ")


def test_a_plan_without_presets_has_images_all_the_same(
    run: Run, client: ImageKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LocalImgsrc(plan="free") as server, server.client() as source:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        add_image(source, "a.png", make_picture(1))
        ended = run("migrate", "img-src:", "/")
    assert ended.code == 0, ended.err
    assert "presets are left out, because img-src does not show them" in ended.err
    assert contents(client).keys() == {"/a.png"}
