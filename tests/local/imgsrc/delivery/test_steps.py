"""Parameters as steps: first what sizes they lead to, then what the renderer makes of them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
import pyvips
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.imgsrc.parameters import ASPECTS, CROPS, FITS
from imagekitio.local.imgsrc.account import Defaults
from imagekitio.local.imgsrc.delivery.steps import LIMITS, make_transformation
from imagekitio.local.rendering import geometry, render, sizes
from imagekitio.local.rendering.drawing.area import Size
from imagekitio.local.rendering.language.steps import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from imagekitio.local.imgsrc.settings import ImgsrcSettings
    from imagekitio.local.rendering import Rendered

DEFAULTS = Defaults(quality=80, fit="contain", max_width=None, max_height=None)
RED, GREEN, BLUE, YELLOW = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)


def output_size(
    values: Mapping[str, Any], source: Size, defaults: Defaults = DEFAULTS, format_name: str = "png"
) -> Size:
    """The size that a picture has in the end, rotation aside."""
    size = source
    for step in make_transformation(values, defaults, format_name).chain:
        assert isinstance(step, Step)
        request = sizes.request(step.edit.resize, source=source, current=size, hints=sizes.NO_HINTS, custom=None)
        size = geometry.plan(size, request).size
    return size


LANDSCAPE = Size(1200, 800)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, (1200, 800)),
        ({"w": 300}, (300, 200)),
        ({"h": 300}, (450, 300)),
        ({"w": 2400}, (2400, 1600)),
        ({"w": 300, "h": 300}, (300, 200)),
        ({"w": 300, "h": 300, "fit": "contain"}, (300, 200)),
        ({"w": 2400, "h": 2400, "fit": "contain"}, (2400, 1600)),
        ({"w": 300, "h": 300, "fit": "scale-down"}, (300, 200)),
        ({"w": 2400, "h": 2400, "fit": "scale-down"}, (1200, 800)),
        ({"w": 2400, "fit": "scale-down"}, (1200, 800)),
        ({"w": 300, "h": 300, "fit": "cover"}, (300, 300)),
        ({"w": 2400, "h": 2400, "fit": "cover"}, (2400, 2400)),
        ({"w": 300, "h": 300, "fit": "fill"}, (300, 300)),
        ({"w": 300, "fit": "fill"}, (300, 200)),
        ({"w": 300, "fit": "cover"}, (300, 200)),
        ({"fit": "cover"}, (1200, 800)),
        # dpr
        ({"w": 400, "dpr": 2}, (800, 533)),
        ({"w": 333, "dpr": 1.5, "fit": "cover", "h": 1}, (500, 2)),
        ({"w": 400, "h": 100, "dpr": 3, "fit": "fill"}, (1200, 300)),
        ({"dpr": 3}, (1200, 800)),
        # aspect
        ({"aspect": "original"}, (1200, 800)),
        ({"aspect": "1:1"}, (800, 800)),
        ({"aspect": "21:9"}, (1200, 514)),
        ({"aspect": "16:9", "fit": "cover"}, (1200, 675)),
        ({"aspect": "1:1", "w": 300}, (300, 300)),
        ({"aspect": "16:9", "h": 90}, (160, 90)),
        ({"aspect": "1:1", "w": 300, "fit": "fill"}, (300, 300)),
        ({"aspect": "1:1", "w": 300, "dpr": 2}, (600, 600)),
        ({"aspect": "1:1", "w": 3000}, (3000, 3000)),
        ({"aspect": "1:1", "w": 3000, "fit": "scale-down"}, (800, 800)),
        ({"aspect": "1:1", "w": 300, "h": 100}, (100, 100)),
        ({"aspect": "1:1", "w": 300, "h": 100, "fit": "scale-down"}, (100, 100)),
        ({"aspect": "1:1", "w": 300, "h": 100, "fit": "cover"}, (300, 100)),
        ({"aspect": "1:1", "w": 300, "h": 100, "fit": "fill"}, (300, 100)),
        ({"aspect": "21:9", "h": 1}, (2, 1)),
    ],
)
def test_the_size_of_the_output(values: Mapping[str, Any], expected: tuple[int, int]) -> None:
    assert output_size(values, LANDSCAPE) == expected


@pytest.mark.parametrize(
    ("values", "max_width", "max_height", "expected"),
    [
        ({}, 600, None, (600, 400)),
        ({}, None, 600, (900, 600)),
        ({}, 600, 300, (450, 300)),
        ({}, 6000, 6000, (1200, 800)),
        ({"fit": "cover"}, 600, 600, (600, 400)),
        ({"w": 1000}, 600, None, (1000, 667)),
        ({"w": 1000}, None, 400, (600, 400)),
        ({"h": 1000}, 600, None, (600, 400)),
        ({"w": 1000, "h": 900, "fit": "fill"}, 10, 10, (1000, 900)),
        ({"w": 100, "dpr": 2}, 150, None, (200, 133)),
        ({"aspect": "1:1"}, 600, None, (600, 600)),
        ({"aspect": "1:1", "w": 500}, 10, 400, (400, 400)),
        ({"aspect": "1:1", "w": 500, "fit": "fill"}, 10, 400, (400, 400)),
        ({"aspect": "1:1"}, 6000, 6000, (800, 800)),
    ],
)
def test_the_account_limits_the_sides_that_nobody_asks_for(
    values: Mapping[str, Any], max_width: int | None, max_height: int | None, expected: tuple[int, int]
) -> None:
    defaults = DEFAULTS._replace(max_width=max_width, max_height=max_height)
    assert output_size(values, LANDSCAPE, defaults) == expected


def test_the_account_says_how_a_picture_fits_where_nobody_else_does() -> None:
    square = {"w": 300, "h": 300}
    assert output_size(square, LANDSCAPE, DEFAULTS._replace(fit="cover")) == (300, 300)
    assert output_size({**square, "fit": "contain"}, LANDSCAPE, DEFAULTS._replace(fit="cover")) == (300, 200)


@pytest.mark.parametrize(
    ("format_name", "source", "values", "expected"),
    [
        ("avif", Size(4000, 2000), {}, (4000, 2000)),
        ("avif", Size(4000, 3000), {}, (3265, 2448)),
        ("avif", Size(8000, 100), {}, (4000, 50)),
        ("avif", Size(100, 100), {"w": 5000, "h": 5000, "fit": "cover"}, (2828, 2828)),
        ("avif", Size(100, 50), {"w": 5000, "h": 400, "fit": "fill"}, (4000, 320)),
        ("webp", Size(100, 50), {"w": 10_000, "h": 20, "dpr": 3, "fit": "fill"}, (16_383, 33)),
        ("jpeg", Size(100, 50), {"w": 10_000, "h": 20, "dpr": 3, "fit": "fill"}, (30_000, 60)),
    ],
)
def test_a_picture_that_its_format_cannot_hold_becomes_smaller(
    format_name: str, source: Size, values: Mapping[str, Any], expected: tuple[int, int]
) -> None:
    assert output_size(values, source, format_name=format_name) == expected


SIDES = st.integers(1, 10_000)
SIZES = st.builds(Size, st.integers(1, 3000), st.integers(1, 3000))
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "w": SIDES,
        "h": SIDES,
        "fit": st.sampled_from(FITS),
        "aspect": st.sampled_from(ASPECTS),
        "dpr": st.sampled_from([1, 1.5, 2, 3]),
        "crop": st.sampled_from(CROPS),
    },
)
LIMITED = st.builds(
    Defaults, st.just(80), st.sampled_from(FITS), st.none() | st.integers(1, 4000), st.none() | st.integers(1, 4000)
)


@given(VALUES, SIZES, LIMITED, st.sampled_from(["png", *LIMITS]))
def test_no_parameters_lead_to_more_than_they_and_the_format_allow(
    values: dict[str, Any], source: Size, defaults: Defaults, format_name: str
) -> None:
    size = output_size(values, source, defaults, format_name)
    dpr = Fraction(values.get("dpr", 1))
    assert min(size) >= 1
    for name, length, most in (("w", size.width, defaults.max_width), ("h", size.height, defaults.max_height)):
        limit = values[name] * dpr if name in values else most
        assert limit is None or length <= limit + Fraction(1, 2)
    if values.get("fit", defaults.fit) == "scale-down" or not values.keys() & {"w", "h"}:
        assert size.width <= source.width
        assert size.height <= source.height
    if format_name in LIMITS:
        side, pixels = LIMITS[format_name]
        assert max(size) <= side
        assert pixels is None or size.width * size.height <= pixels


@given(SIDES, SIDES, SIZES, st.sampled_from(["cover", "fill"]), st.sampled_from(ASPECTS))
def test_cover_and_fill_give_exactly_the_size_that_is_asked_for(
    width: int, height: int, source: Size, fit: str, aspect: str
) -> None:
    assert output_size({"w": width, "h": height, "fit": fit, "aspect": aspect}, source) == (width, height)


@given(SIZES, st.sampled_from(ASPECTS[1:]))
def test_aspect_alone_cuts_no_more_than_it_must(source: Size, aspect: str) -> None:
    size = output_size({"aspect": aspect}, source)
    assert size.width == source.width or size.height == source.height
    ratio = Fraction(*map(int, aspect.split(":")))
    assert abs(size.width - size.height * ratio) <= max(1, ratio)


@pytest.mark.parametrize("format_name", ["png", "orig"])
def test_png_keeps_its_colours(format_name: str) -> None:
    assert make_transformation({}, DEFAULTS, format_name).output.lossless


def test_the_quality_is_what_is_asked_for_else_that_of_the_account() -> None:
    assert make_transformation({"q": 7}, DEFAULTS, "webp").output.quality == 7
    assert make_transformation({}, DEFAULTS._replace(quality=33), "webp").output.quality == 33
    assert not make_transformation({}, DEFAULTS, "webp").output.lossless


@pytest.fixture(scope="module")
def rendered(settings: ImgsrcSettings) -> Callable[..., pyvips.Image]:
    """Renders a file and decodes what came out."""

    def run(source: Path, values: Mapping[str, Any], format_name: str = "png") -> pyvips.Image:
        made: Rendered = render(
            source, make_transformation(values, DEFAULTS, format_name), settings=settings, mime="image/png"
        )
        image = pyvips.Image.new_from_buffer(made.content, "")
        assert (image.width, image.height) == (made.width, made.height)
        return image

    return run


def corners(image: pyvips.Image) -> list[tuple[int, ...]]:
    right, bottom = image.width - 1, image.height - 1
    return [tuple(map(round, image(x, y))) for x, y in ((0, 0), (right, 0), (0, bottom), (right, bottom))]


@pytest.mark.parametrize(
    ("crop", "colours"),
    [
        ("center", [RED, GREEN, BLUE, YELLOW]),
        ("top", [RED, GREEN, BLUE, YELLOW]),  # there is room only on the left and right
        ("bottom", [RED, GREEN, BLUE, YELLOW]),
        ("left", [RED, RED, BLUE, BLUE]),
        ("top-left", [RED, RED, BLUE, BLUE]),
        ("bottom-left", [RED, RED, BLUE, BLUE]),
        ("right", [GREEN, GREEN, YELLOW, YELLOW]),
        ("top-right", [GREEN, GREEN, YELLOW, YELLOW]),
        ("bottom-right", [GREEN, GREEN, YELLOW, YELLOW]),
    ],
)
def test_crop_says_what_cover_keeps(
    rendered: Callable[..., pyvips.Image], png: Path, crop: str, colours: list[tuple[int, ...]]
) -> None:
    image = rendered(png, {"w": 20, "h": 40, "fit": "cover", "crop": crop})
    assert (image.width, image.height) == (20, 40)
    assert corners(image) == colours


@pytest.mark.parametrize(("crop", "red_columns"), [("left", 15), ("center", 10), ("right", 5), ("top-left", 15)])
def test_crop_says_what_aspect_keeps(
    rendered: Callable[..., pyvips.Image], png: Path, crop: str, red_columns: int
) -> None:
    image = rendered(png, {"w": 20, "aspect": "1:1", "crop": crop})
    top = [tuple(image(x, 0)) for x in (red_columns - 2, red_columns + 1)]  # the column between may be a mixture
    assert top == [RED, GREEN]


def test_crops_that_look_for_something_find_it(rendered: Callable[..., pyvips.Image], tmp_path: Path) -> None:
    plain = pyvips.Image.black(300, 100, bands=3) + 128
    checks = (pyvips.Image.xyz(40, 40)[0] + pyvips.Image.xyz(40, 40)[1]) % 2 * 255
    file = tmp_path / "detail.png"
    plain.insert(checks.bandjoin([checks, checks]), 250, 30).cast("uchar").write_to_file(str(file))
    for crop, has_detail in (("entropy", True), ("attention", True), ("center", False), ("left", False)):
        image = rendered(file, {"w": 100, "h": 100, "fit": "cover", "crop": crop})
        assert (image.deviate() > 10) is has_detail, crop


def test_entropy_and_attention_are_not_the_same(rendered: Callable[..., pyvips.Image], tmp_path: Path) -> None:
    """Detail without colour on the left, a patch of the colour of skin on the right."""
    noise = pyvips.Image.gaussnoise(100, 100, mean=128, sigma=40, seed=1)
    plain = pyvips.Image.black(400, 100, bands=3) + 128
    skin = pyvips.Image.black(40, 60, bands=3).linear([1] * 3, [222, 170, 136])
    file = tmp_path / "both.png"
    both = plain.insert(noise.bandjoin([noise, noise]), 0, 0).insert(skin, 330, 20)
    both.cast("uchar").copy(interpretation="srgb").write_to_file(str(file))
    entropy, attention = (
        rendered(file, {"w": 100, "h": 100, "fit": "cover", "crop": crop}) for crop in ("entropy", "attention")
    )
    assert entropy.deviate() > 20
    assert attention.extract_band(0).max() > attention.extract_band(2).max()


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
def test_a_picture_is_turned_before_anything_else(
    rendered: Callable[..., pyvips.Image],
    png: Path,
    values: Mapping[str, Any],
    size: tuple[int, int],
    colours: list[tuple[int, ...]],
) -> None:
    image = rendered(png, values)
    assert (image.width, image.height) == size
    assert corners(image) == colours


@pytest.mark.parametrize(
    ("values", "size", "first"),
    [
        ({}, (120, 80), RED),  # as it is stored, until somebody asks
        ({"rotate": "auto"}, (80, 120), BLUE),
        ({"rotate": "auto", "w": 40}, (40, 60), BLUE),
        ({"rotate": "auto", "flip": "h"}, (80, 120), RED),
        ({"rotate": 90}, (80, 120), BLUE),
    ],
)
def test_rotate_auto_is_by_exif(
    rendered: Callable[..., pyvips.Image],
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
    image = rendered(file, values)
    assert (image.width, image.height) == size
    assert corners(image)[0] == pytest.approx(first, abs=3)


def test_contain_and_scale_down_keep_the_whole_picture_and_fill_stretches_it(
    rendered: Callable[..., pyvips.Image], png: Path
) -> None:
    for fit, size in (("contain", (240, 160)), ("scale-down", (120, 80)), ("fill", (240, 400))):
        image = rendered(png, {"w": 240, "h": 400, "fit": fit})
        assert (image.width, image.height) == size
        assert corners(image) == [RED, GREEN, BLUE, YELLOW]


def test_grayscale_takes_the_colour_away(rendered: Callable[..., pyvips.Image], png: Path) -> None:
    image = rendered(png, {"grayscale": True})
    red, green, blue = image.bandsplit()[:3]
    assert (red - green).abs().max() == (red - blue).abs().max() == 0
    assert image(0, 0)[0] < image(119, 0)[0]
    assert corners(rendered(png, {"grayscale": False}))[0] == RED


def sharpness(image: pyvips.Image) -> float:
    """How much neighbours differ at most."""
    grey = image.colourspace("b-w").extract_band(0)
    width, height = grey.width - 1, grey.height
    return (grey.extract_area(1, 0, width, height) - grey.extract_area(0, 0, width, height)).abs().max()


def test_blur_and_sharpen_have_degrees(rendered: Callable[..., pyvips.Image], tmp_path: Path) -> None:
    file = tmp_path / "edge.png"
    (pyvips.Image.black(60, 60) + 80).insert(pyvips.Image.black(30, 60) + 160, 30, 0).cast("uchar").write_to_file(
        str(file)
    )
    blurs = [sharpness(rendered(file, {"blur": blur})) for blur in (0, 1, 2.5, 10, 100)]
    assert blurs == sorted(blurs, reverse=True)
    assert blurs[0] == 80
    assert len({*blurs}) == len(blurs)
    sharp = [sharpness(rendered(file, {"sharpen": amount})) for amount in (0, 10, 30, 100)]
    assert sharp == sorted(sharp)
    assert len({*sharp}) == len(sharp)


def test_blur_counts_in_pixels_of_the_output(rendered: Callable[..., pyvips.Image], tmp_path: Path) -> None:
    file = tmp_path / "edge.png"
    pyvips.Image.black(200, 9).insert(pyvips.Image.black(100, 9) + 255, 100, 0).cast("uchar").write_to_file(str(file))

    def width_of_edge(values: Mapping[str, Any]) -> int:
        image = rendered(file, values)
        row = [image(x, 0)[0] for x in range(image.width)]
        return sum(25 < level < 230 for level in row)

    assert width_of_edge({"blur": 10}) == pytest.approx(2 * width_of_edge({"blur": 5}), abs=3)
    assert width_of_edge({"blur": 10, "w": 400}) == pytest.approx(width_of_edge({"blur": 10}), abs=3)


@pytest.mark.parametrize("format_name", ["jpeg", "webp", "avif", "png"])
def test_quality_has_a_say_only_in_lossy_formats(settings: ImgsrcSettings, tmp_path: Path, format_name: str) -> None:
    file = tmp_path / "noise.png"
    pyvips.Image.gaussnoise(64, 64, mean=128, sigma=40, seed=1).cast("uchar").write_to_file(str(file))
    low, high = (
        len(render(file, make_transformation({"q": q}, DEFAULTS, format_name), settings=settings, mime="").content)
        for q in (10, 95)
    )
    assert low == high if format_name == "png" else low < high


def test_an_animation_stays_one_where_the_format_can(settings: ImgsrcSettings, tmp_path: Path) -> None:
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
