"""Parameters rendered as steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import pyvips

from imagekitio.local.imgsrc.delivery.steps import make_transformation
from imagekitio.local.rendering import render
from tests.local.imgsrc.delivery.conftest import BLUE, DEFAULTS, GREEN, RED, YELLOW

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from imagekitio.local.imgsrc.settings import ImgsrcSettings
    from imagekitio.local.rendering import Rendered


@pytest.fixture(scope="module")
def render_file(settings: ImgsrcSettings) -> Callable[..., pyvips.Image]:
    """A function that renders a file and decodes the result."""

    def run(source: Path, values: Mapping[str, Any], format_name: str = "png") -> pyvips.Image:
        made: Rendered = render(
            source, make_transformation(values, DEFAULTS, format_name), settings=settings, mime="image/png"
        )
        image = pyvips.Image.new_from_buffer(made.content, "")
        assert (image.width, image.height) == (made.width, made.height)
        return image

    return run


def read_corners(image: pyvips.Image) -> list[tuple[int, ...]]:
    right, bottom = image.width - 1, image.height - 1
    return [tuple(map(round, image(x, y))) for x, y in ((0, 0), (right, 0), (0, bottom), (right, bottom))]


@pytest.mark.parametrize(
    ("crop", "colours"),
    [
        ("center", [RED, GREEN, BLUE, YELLOW]),
        ("top", [RED, GREEN, BLUE, YELLOW]),  # the picture is cropped only on the left and right
        ("bottom", [RED, GREEN, BLUE, YELLOW]),
        ("left", [RED, RED, BLUE, BLUE]),
        ("top-left", [RED, RED, BLUE, BLUE]),
        ("bottom-left", [RED, RED, BLUE, BLUE]),
        ("right", [GREEN, GREEN, YELLOW, YELLOW]),
        ("top-right", [GREEN, GREEN, YELLOW, YELLOW]),
        ("bottom-right", [GREEN, GREEN, YELLOW, YELLOW]),
    ],
)
def test_crop_chooses_what_cover_keeps(
    render_file: Callable[..., pyvips.Image], png: Path, crop: str, colours: list[tuple[int, ...]]
) -> None:
    image = render_file(png, {"w": 20, "h": 40, "fit": "cover", "crop": crop})
    assert (image.width, image.height) == (20, 40)
    assert read_corners(image) == colours


@pytest.mark.parametrize(("crop", "red_columns"), [("left", 15), ("center", 10), ("right", 5), ("top-left", 15)])
def test_crop_chooses_what_aspect_keeps(
    render_file: Callable[..., pyvips.Image], png: Path, crop: str, red_columns: int
) -> None:
    image = render_file(png, {"w": 20, "aspect": "1:1", "crop": crop})
    top = [tuple(image(x, 0)) for x in (red_columns - 2, red_columns + 1)]  # the column between may be a mixture
    assert top == [RED, GREEN]


def make_grey(band: pyvips.Image) -> pyvips.Image:
    return band.bandjoin(band).bandjoin(band)


def test_content_aware_crops_find_the_subject(render_file: Callable[..., pyvips.Image], tmp_path: Path) -> None:
    plain = pyvips.Image.black(300, 100, bands=3) + 128
    checks = (pyvips.Image.xyz(40, 40)[0] + pyvips.Image.xyz(40, 40)[1]) % 2 * 255
    file = tmp_path / "detail.png"
    plain.insert(make_grey(checks), 250, 30).cast("uchar").write_to_file(str(file))
    for crop, has_detail in (("entropy", True), ("attention", True), ("center", False), ("left", False)):
        image = render_file(file, {"w": 100, "h": 100, "fit": "cover", "crop": crop})
        assert (image.deviate() > 10) is has_detail, crop


def test_entropy_and_attention_are_not_the_same(render_file: Callable[..., pyvips.Image], tmp_path: Path) -> None:
    """The picture has colourless detail on the left and a skin-coloured patch on the right."""
    noise = pyvips.Image.gaussnoise(100, 100, mean=128, sigma=40, seed=1)
    plain = pyvips.Image.black(400, 100, bands=3) + 128
    skin = pyvips.Image.black(40, 60, bands=3).linear([1] * 3, [222, 170, 136])
    file = tmp_path / "both.png"
    both = plain.insert(make_grey(noise), 0, 0).insert(skin, 330, 20)
    both.cast("uchar").copy(interpretation="srgb").write_to_file(str(file))
    entropy, attention = (
        render_file(file, {"w": 100, "h": 100, "fit": "cover", "crop": crop}) for crop in ("entropy", "attention")
    )
    assert entropy.deviate() > 20
    assert list(attention(50, 50)) == pytest.approx([222, 170, 136])


@pytest.mark.parametrize(
    ("values", "size", "colours"),
    [
        ({"rotate": 0}, (120, 80), [RED, GREEN, BLUE, YELLOW]),
        ({"rotate": 90}, (80, 120), [BLUE, RED, YELLOW, GREEN]),
        ({"rotate": 180}, (120, 80), [YELLOW, BLUE, GREEN, RED]),
        ({"rotate": 270}, (80, 120), [GREEN, YELLOW, RED, BLUE]),
        ({"rotate": "auto"}, (120, 80), [RED, GREEN, BLUE, YELLOW]),
        ({"flip": "h"}, (120, 80), [GREEN, RED, YELLOW, BLUE]),
        ({"flip": "v"}, (120, 80), [BLUE, YELLOW, RED, GREEN]),
        ({"flip": "both"}, (120, 80), [YELLOW, BLUE, GREEN, RED]),
        ({"rotate": 90, "flip": "h"}, (80, 120), [RED, BLUE, GREEN, YELLOW]),
        ({"rotate": 90, "w": 40}, (40, 60), [BLUE, RED, YELLOW, GREEN]),
        ({"rotate": 90, "w": 40, "h": 20, "fit": "cover", "crop": "top"}, (40, 20), [BLUE, RED, BLUE, RED]),
        ({"flip": "h", "w": 20, "h": 40, "fit": "cover", "crop": "left"}, (20, 40), [GREEN, GREEN, YELLOW, YELLOW]),
    ],
)
def test_a_picture_is_rotated_before_anything_else(
    render_file: Callable[..., pyvips.Image],
    png: Path,
    values: Mapping[str, Any],
    size: tuple[int, int],
    colours: list[tuple[int, ...]],
) -> None:
    image = render_file(png, values)
    assert (image.width, image.height) == size
    assert read_corners(image) == colours


@pytest.mark.parametrize(
    ("values", "size", "first"),
    [
        ({}, (120, 80), RED),  # not rotated unless requested
        ({"rotate": "auto"}, (80, 120), BLUE),
        ({"rotate": "auto", "w": 40}, (40, 60), BLUE),
        ({"rotate": "auto", "flip": "h"}, (80, 120), RED),
        ({"rotate": 90}, (80, 120), BLUE),
    ],
)
def test_rotate_auto_follows_exif(
    render_file: Callable[..., pyvips.Image],
    picture: Callable[[int, int], pyvips.Image],
    tmp_path: Path,
    values: Mapping[str, Any],
    size: tuple[int, int],
    first: tuple[int, ...],
) -> None:
    turned = picture(120, 80).copy()
    turned.set_type(pyvips.GValue.gint_type, "orientation", 6)
    file = tmp_path / "turned.jpg"
    turned.jpegsave(str(file), Q=100, subsample_mode="off")
    image = render_file(file, values)
    assert (image.width, image.height) == size
    assert read_corners(image)[0] == pytest.approx(first, abs=3)


def test_contain_and_scale_down_keep_the_whole_picture_and_fill_stretches_it(
    render_file: Callable[..., pyvips.Image], png: Path
) -> None:
    for fit, size in (("contain", (240, 160)), ("scale-down", (120, 80)), ("fill", (240, 400))):
        image = render_file(png, {"w": 240, "h": 400, "fit": fit})
        assert (image.width, image.height) == size
        assert read_corners(image) == [RED, GREEN, BLUE, YELLOW]


def test_grayscale_removes_the_colour(render_file: Callable[..., pyvips.Image], png: Path) -> None:
    image = render_file(png, {"grayscale": True})
    red, green, blue = image.bandsplit()[:3]
    assert (red - green).abs().max() == (red - blue).abs().max() == 0
    assert image(0, 0)[0] < image(119, 0)[0]
    assert read_corners(render_file(png, {"grayscale": False}))[0] == RED


def measure_sharpness(image: pyvips.Image) -> float:
    """Return the largest difference between neighbouring pixels."""
    level = image.colourspace("b-w").extract_band(0)
    width, height = level.width - 1, level.height
    most = (level.extract_area(1, 0, width, height) - level.extract_area(0, 0, width, height)).abs().max()
    assert isinstance(most, float)
    return most


def test_blur_and_sharpen_have_degrees(render_file: Callable[..., pyvips.Image], tmp_path: Path) -> None:
    file = tmp_path / "edge.png"
    (pyvips.Image.black(60, 60) + 80).insert(pyvips.Image.black(30, 60) + 160, 30, 0).cast("uchar").write_to_file(
        str(file)
    )
    blurs = [measure_sharpness(render_file(file, {"blur": blur})) for blur in (0, 1, 2.5, 10, 100)]
    assert blurs == sorted(blurs, reverse=True)
    assert blurs[0] == 80
    assert len({*blurs}) == len(blurs)
    sharp = [measure_sharpness(render_file(file, {"sharpen": amount})) for amount in (0, 10, 30, 100)]
    assert sharp == sorted(sharp)
    assert len({*sharp}) == len(sharp)


def test_blur_is_measured_in_pixels_of_the_output(render_file: Callable[..., pyvips.Image], tmp_path: Path) -> None:
    file = tmp_path / "edge.png"
    pyvips.Image.black(200, 9).insert(pyvips.Image.black(100, 9) + 255, 100, 0).cast("uchar").write_to_file(str(file))

    def measure_edge(values: Mapping[str, Any]) -> int:
        image = render_file(file, values)
        row = [image(x, 0)[0] for x in range(image.width)]
        return sum(25 < level < 230 for level in row)

    assert measure_edge({"blur": 10}) == pytest.approx(2 * measure_edge({"blur": 5}), abs=3)
    assert measure_edge({"blur": 10, "w": 400}) == pytest.approx(measure_edge({"blur": 10}), abs=3)


@pytest.mark.parametrize("format_name", ["jpeg", "webp", "avif", "png"])
def test_quality_matters_only_in_lossy_formats(settings: ImgsrcSettings, tmp_path: Path, format_name: str) -> None:
    file = tmp_path / "noise.png"
    pyvips.Image.gaussnoise(64, 64, mean=128, sigma=40, seed=1).cast("uchar").write_to_file(str(file))
    low, high = (
        len(render(file, make_transformation({"q": q}, DEFAULTS, format_name), settings=settings, mime="").content)
        for q in (10, 95)
    )
    assert low == high if format_name == "png" else low < high


def test_an_animation_stays_animated_if_the_format_allows_it(settings: ImgsrcSettings, tmp_path: Path) -> None:
    frames = [pyvips.Image.black(40, 20, bands=3) + shade for shade in (0, 100, 200)]
    strip = pyvips.Image.arrayjoin(frames, across=1).cast("uchar").copy(interpretation="srgb")
    strip.set_type(pyvips.GValue.gint_type, "page-height", 20)
    file = tmp_path / "moving.gif"
    strip.gifsave(str(file))
    for format_name, pages in (("gif", 3), ("webp", 3), ("jpeg", 1), ("png", 1)):
        made = render(file, make_transformation({"w": 20}, DEFAULTS, format_name), settings=settings, mime="image/gif")
        image = pyvips.Image.new_from_buffer(made.content, "")
        assert (image.width, image.height) == (20, 10)
        found = int(str(image.get("n-pages"))) if image.get_typeof("n-pages") else 1
        assert found == pages, format_name
