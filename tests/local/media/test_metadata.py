"""What is measured in a picture."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
import pyvips

from imagekitio.local.media.metadata import UnreadableError, image_metadata, jpeg_quality, perceptual_hash

if TYPE_CHECKING:
    from pathlib import Path


MAX_PIXELS = 100_000_000


def _picture() -> Any:
    return pyvips.Image.perlin(200, 150, cell_size=60, seed=1, uchar=True).copy(interpretation="b-w")


def _distance(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


@pytest.mark.parametrize("quality", [10, 50, 75, 82, 95, 100])
def test_the_quality_of_a_jpeg_is_read_from_its_tables(quality: int) -> None:
    assert jpeg_quality(io.BytesIO(_picture().jpegsave_buffer(Q=quality))) == quality


@pytest.mark.parametrize("head", [b"", b"\xff\xd8", b"\xff\xd8\xff\xdb\x00\x43\x00short", b"\xff\xd8" + b"\xff" * 50])
def test_a_jpeg_without_tables_has_no_known_quality(head: bytes) -> None:
    assert jpeg_quality(io.BytesIO(head)) == 0


def test_pictures_that_look_alike_have_hashes_that_are_alike() -> None:
    picture = _picture()
    small = picture.resize(0.5)
    worse: Any = pyvips.Image.new_from_buffer(picture.jpegsave_buffer(Q=30), "")
    original = perceptual_hash(picture)
    assert len(original) == 16
    assert _distance(original, perceptual_hash(small)) <= 6
    assert _distance(original, perceptual_hash(worse)) <= 6
    assert _distance(original, perceptual_hash(picture.rot90())) > 12


@pytest.mark.parametrize("bands", [1, 2, 3, 4])
def test_every_number_of_bands_has_a_hash(bands: int) -> None:
    flat: Any = pyvips.Image.black(10, 10, bands=bands).cast("uchar")
    space = "b-w" if bands < 3 else "srgb"
    assert len(perceptual_hash(flat.copy(interpretation=space))) == 16


def test_a_picture_that_uses_its_alpha_is_transparent_and_one_that_does_not_is_not(tmp_path: Path) -> None:
    for alpha, expected in ((255, False), (254, True)):
        image: Any = pyvips.Image.black(8, 8, bands=3).bandjoin(alpha).cast("uchar").copy(interpretation="srgb")
        image.pngsave(str(tmp_path / "a.png"))
        assert image_metadata(tmp_path / "a.png", "a.png", max_pixels=MAX_PIXELS)["hasTransparency"] is expected


def test_density_is_in_dots_an_inch(tmp_path: Path) -> None:
    _picture().copy(xres=300 / 25.4, yres=300 / 25.4).jpegsave(str(tmp_path / "a.jpg"))
    assert image_metadata(tmp_path / "a.jpg", "a.jpg", max_pixels=MAX_PIXELS)["density"] == 300


@pytest.mark.parametrize("content", [b"hello", b"\xff\xd8\xff\xe0 and no more", b""])
def test_what_is_no_picture_cannot_be_measured(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    with pytest.raises(UnreadableError):
        image_metadata(tmp_path / "a.txt", "a.txt", max_pixels=MAX_PIXELS)


@pytest.mark.parametrize(("bands", "known"), [(3, {"hasTransparency": False}), (4, {})])
def test_a_picture_that_is_too_large_is_not_decoded(tmp_path: Path, bands: int, known: dict[str, Any]) -> None:
    path = tmp_path / "a.png"
    pyvips.Image.black(40, 30, bands=bands).copy(interpretation="srgb").pngsave(str(path))
    whole = image_metadata(path, "a.png", max_pixels=40 * 30)
    of_header = image_metadata(path, "a.png", max_pixels=40 * 30 - 1)
    of_pixels = {name: whole.pop(name) for name in ("hasTransparency", "pHash")}
    assert of_pixels.keys() == {"hasTransparency", "pHash"}
    assert of_header == {**whole, **known}
