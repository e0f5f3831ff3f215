"""Measuring pictures."""

from __future__ import annotations

import io
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import pyvips

from imagekitio.local.media.metadata import (
    MAX_SIDE,
    UnreadableError,
    _density,
    image_metadata,
    jpeg_quality,
    perceptual_hash,
)

MAX_PIXELS = 100_000_000
DATA = Path(__file__).parents[2] / "data"


def _make_picture() -> Any:
    return pyvips.Image.perlin(200, 150, cell_size=60, seed=1, uchar=True).copy(interpretation="b-w")


def _measure_distance(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _make_sampled_picture(samples: str, *, alpha: bool) -> Any:
    """Return the same grey picture, with or without transparency, in samples of this kind."""
    grey = pyvips.Image.perlin(200, 150, cell_size=60, seed=1, uchar=True)
    image: Any = grey.bandjoin(pyvips.Image.xyz(200, 150)[0].cast("uchar")) if alpha else grey
    image = image.copy(interpretation="b-w")
    match samples:
        case "uchar" | "ushort" | "uint":
            factor = {"uchar": 1, "ushort": 2**8 + 1, "uint": 2**24 + 2**16 + 2**8 + 1}[samples]
            space = "grey16" if samples == "ushort" else "b-w"
            return (image.cast("uint") * factor).cast(samples).copy(interpretation=space)
        case "short" | "int":
            return (image * {"short": 2**7, "int": 2**23}[samples]).cast(samples).copy(interpretation="b-w")
        case "float" | "double":
            return (image / 255).cast(samples).copy(interpretation="b-w")
        case "cmyk16":
            return image.colourspace("srgb").colourspace("cmyk").cast("ushort", shift=True)
        case _:
            return image.colourspace("srgb").colourspace(samples)


LARGEST = {
    "ushort": 2**16 - 1,
    "rgb16": 2**16 - 1,
    "cmyk16": 2**16 - 1,
    "uint": 2**32 - 1,
    "short": 2**15 - 1,
    "int": 2**31 - 1,
    "float": 1,
    "double": 1,
    "scrgb": 1,
}
SAMPLES = ["ushort", "uint", "short", "int", "float", "double", "srgb", "rgb16", "scrgb", "lab", "cmyk", "cmyk16"]


@pytest.mark.parametrize("alpha", [False, True])
@pytest.mark.parametrize("samples", SAMPLES)
def test_the_hash_does_not_depend_on_the_kind_of_samples(samples: str, alpha: bool) -> None:
    wanted = perceptual_hash(_make_sampled_picture("uchar", alpha=alpha))
    assert (
        _measure_distance(perceptual_hash(_make_sampled_picture(samples, alpha=alpha)), wanted) <= 8
    )  # rounding; CMYK lacks some greys


@pytest.mark.parametrize("samples", ["uchar", *(samples for samples in SAMPLES if samples != "double")])  # no TIFF
def test_transparency_is_detected_in_samples_of_any_kind(tmp_path: Path, samples: str) -> None:
    transparent = _make_sampled_picture(samples, alpha=True)
    colours = transparent.extract_band(0, n=transparent.bands - 1)
    opaque = colours.bandjoin(LARGEST.get(samples, 255))
    opaque = opaque.cast(transparent.format).copy(interpretation=transparent.interpretation)
    for image, expected in ((transparent, True), (opaque, False)):
        image.tiffsave(str(tmp_path / "a.tif"))
        assert image_metadata(tmp_path / "a.tif", "a.tif", max_pixels=MAX_PIXELS)["hasTransparency"] is expected


@pytest.mark.parametrize("quality", [10, 50, 75, 82, 95, 100])
def test_the_quality_of_a_jpeg_is_read_from_its_tables(quality: int) -> None:
    assert jpeg_quality(io.BytesIO(_make_picture().jpegsave_buffer(Q=quality))) == quality


@pytest.mark.parametrize("head", [b"", b"\xff\xd8", b"\xff\xd8\xff\xdb\x00\x43\x00short", b"\xff\xd8" + b"\xff" * 50])
def test_a_jpeg_without_tables_has_no_known_quality(head: bytes) -> None:
    assert jpeg_quality(io.BytesIO(head)) == 0


@pytest.mark.parametrize("length", [0, 1])
def test_a_segment_too_short_for_its_own_length_ends_the_search(length: int) -> None:
    jpeg = _make_picture().jpegsave_buffer(Q=50)
    assert jpeg_quality(io.BytesIO(jpeg[:2] + b"\xff\xe5" + length.to_bytes(2, "big") + jpeg[2:])) == 0


def test_the_tables_are_found_after_long_segments_but_not_after_too_many() -> None:
    jpeg = _make_picture().jpegsave_buffer(Q=50)
    assert jpeg_quality(io.BytesIO(jpeg[:2] + (b"\xff\xe5\xff\xff" + bytes(65533)) * 9 + jpeg[2:])) == 50
    assert jpeg_quality(io.BytesIO(jpeg[:2] + b"\xff\xe5\x00\x02" * 20_000 + jpeg[2:])) == 0


def test_similar_pictures_have_similar_hashes() -> None:
    picture = _make_picture()
    small = picture.resize(0.5)
    worse: Any = pyvips.Image.new_from_buffer(picture.jpegsave_buffer(Q=30), "")
    original = perceptual_hash(picture)
    assert len(original) == 16
    assert _measure_distance(original, perceptual_hash(small)) <= 6
    assert _measure_distance(original, perceptual_hash(worse)) <= 6
    assert _measure_distance(original, perceptual_hash(picture.rot90())) > 12


@pytest.mark.parametrize("bands", [1, 2, 3, 4])
def test_pictures_with_any_number_of_bands_have_a_hash(bands: int) -> None:
    flat: Any = pyvips.Image.black(10, 10, bands=bands).cast("uchar")
    space = "b-w" if bands < 3 else "srgb"
    assert len(perceptual_hash(flat.copy(interpretation=space))) == 16


def test_a_picture_is_transparent_only_if_it_uses_its_alpha_channel(tmp_path: Path) -> None:
    for alpha, expected in ((255, False), (254, True)):
        image: Any = pyvips.Image.black(8, 8, bands=3).bandjoin(alpha).cast("uchar").copy(interpretation="srgb")
        image.pngsave(str(tmp_path / "a.png"))
        assert image_metadata(tmp_path / "a.png", "a.png", max_pixels=MAX_PIXELS)["hasTransparency"] is expected


def test_density_is_in_dots_per_inch(tmp_path: Path) -> None:
    _make_picture().copy(xres=300 / 25.4, yres=300 / 25.4).jpegsave(str(tmp_path / "a.jpg"))
    assert image_metadata(tmp_path / "a.jpg", "a.jpg", max_pixels=MAX_PIXELS)["density"] == 300


@pytest.mark.parametrize("density", [float("inf"), float("nan"), 1.0])
def test_an_invalid_density_becomes_the_default(density: float) -> None:
    assert _density(SimpleNamespace(xres=density)) == 72


@pytest.mark.parametrize("content", [b"hello", b"\xff\xd8\xff\xe0 and no more", b""])
def test_files_that_are_not_pictures_cannot_be_measured(tmp_path: Path, content: bytes) -> None:
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


def test_a_16_bit_picture_has_the_same_hash_and_transparency_as_in_8_bits() -> None:
    deep, flat = (image_metadata(DATA / name, name, max_pixels=MAX_PIXELS) for name in ("c16.png", "c8.png"))
    assert _measure_distance(deep["pHash"], flat["pHash"]) <= 2
    assert deep["hasTransparency"] is flat["hasTransparency"] is True
    assert image_metadata(DATA / "half16.png", "half16.png", max_pixels=MAX_PIXELS)["hasTransparency"] is True


def test_only_the_header_of_a_damaged_picture_is_read(caplog: pytest.LogCaptureFixture) -> None:
    # 65 bytes for 8 million rows: libvips would report every missing row.
    metadata = image_metadata(DATA / "tall.png", "tall.png", max_pixels=MAX_PIXELS)
    assert (metadata["width"], metadata["height"], metadata["hasTransparency"]) == (1, 8_388_353, False)
    assert "pHash" not in metadata
    assert len(caplog.records) < 100


@pytest.mark.parametrize("rows", [1000, MAX_SIDE])
def test_reading_a_truncated_tall_picture_stops_at_the_first_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, rows: int
) -> None:
    pyvips.Image.black(1, rows, bands=3).copy(interpretation="srgb").pngsave(str(tmp_path / "a.png"), compression=0)
    content = (tmp_path / "a.png").read_bytes()
    (tmp_path / "b.png").write_bytes(content[: len(content) // 2])
    whole, half = (image_metadata(tmp_path / name, name, max_pixels=MAX_PIXELS) for name in ("a.png", "b.png"))
    assert whole.keys() - half.keys() == {"pHash"}
    assert len(caplog.records) < 100


@pytest.mark.parametrize("size", [(1, MAX_SIDE + 1), (MAX_SIDE + 1, 1)])
def test_a_picture_that_is_too_tall_or_too_wide_is_not_decoded(tmp_path: Path, size: tuple[int, int]) -> None:
    pyvips.Image.black(*size, bands=3).copy(interpretation="srgb").pngsave(str(tmp_path / "a.png"))
    metadata = image_metadata(tmp_path / "a.png", "a.png", max_pixels=MAX_PIXELS)
    assert (metadata["width"], metadata["height"], metadata["hasTransparency"]) == (*size, False)
    assert "pHash" not in metadata


def _measure_svg(folder: Path, width: int, height: int, content: str) -> dict[str, Any]:
    size = f'width="{width}" height="{height}" viewBox="0 0 300 200" preserveAspectRatio="none"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{content}</svg>'
    (folder / "a.svg").write_text(svg, encoding="utf-8")
    return image_metadata(folder / "a.svg", "a.svg", max_pixels=MAX_PIXELS)


@pytest.mark.parametrize("size", [(1, 1), (300, 200), (1000, 669), (9000, 6001), (6007, 9973), (9999, 3)])
def test_an_svg_has_the_same_hash_at_every_size(tmp_path: Path, size: tuple[int, int]) -> None:
    ground, disc = '<rect width="300" height="200" fill="#888"/>', '<circle cx="90" cy="60" r="50" fill="#fff"/>'
    wanted = _measure_svg(tmp_path, 300, 200, ground + disc)["pHash"]
    filled = _measure_svg(tmp_path, *size, ground + disc)
    assert (filled["width"], filled["height"], filled["hasTransparency"]) == (*size, False)
    assert min(size) < 100 or _measure_distance(filled["pHash"], wanted) <= 8
    assert _measure_svg(tmp_path, *size, disc)["hasTransparency"] is True


def test_the_filters_of_a_large_svg_do_not_take_long(tmp_path: Path) -> None:
    clouds = '<filter id="f"><feTurbulence baseFrequency="0.01" numOctaves="4"/></filter>'
    start = time.process_time()
    _measure_svg(tmp_path, 9000, 9000, f'{clouds}<rect width="300" height="200" filter="url(#f)"/>')
    assert time.process_time() - start < 20  # takes a third of a second; at full size it would take minutes
