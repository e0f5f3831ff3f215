"""Parameters as steps: the sizes that they produce."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.imgsrc.parameters import ASPECTS, CROPS, FITS
from imagekitio.local.imgsrc.account import Defaults
from imagekitio.local.imgsrc.delivery.steps import LIMITS, make_transformation
from imagekitio.local.rendering import geometry, sizes
from imagekitio.local.rendering.drawing.area import Size
from imagekitio.local.rendering.language.steps import Step
from tests.local.imgsrc.delivery.conftest import DEFAULTS

if TYPE_CHECKING:
    from collections.abc import Mapping


def compute_output_size(
    values: Mapping[str, Any], source: Size, defaults: Defaults = DEFAULTS, format_name: str = "png"
) -> Size:
    """Return the final size of a picture, ignoring rotation."""
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
    assert compute_output_size(values, LANDSCAPE) == expected


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
def test_the_account_limits_sides_that_the_url_does_not_set(
    values: Mapping[str, Any], max_width: int | None, max_height: int | None, expected: tuple[int, int]
) -> None:
    defaults = DEFAULTS._replace(max_width=max_width, max_height=max_height)
    assert compute_output_size(values, LANDSCAPE, defaults) == expected


def test_the_account_sets_the_fit_if_the_url_does_not() -> None:
    square = {"w": 300, "h": 300}
    assert compute_output_size(square, LANDSCAPE, DEFAULTS._replace(fit="cover")) == (300, 300)
    assert compute_output_size({**square, "fit": "contain"}, LANDSCAPE, DEFAULTS._replace(fit="cover")) == (300, 200)


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
def test_a_picture_too_large_for_its_format_becomes_smaller(
    format_name: str, source: Size, values: Mapping[str, Any], expected: tuple[int, int]
) -> None:
    assert compute_output_size(values, source, format_name=format_name) == expected


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
def test_no_size_exceeds_the_parameters_or_the_format(
    values: dict[str, Any], source: Size, defaults: Defaults, format_name: str
) -> None:
    size = compute_output_size(values, source, defaults, format_name)
    dpr = Fraction(values.get("dpr", 1))
    assert min(size) >= 1
    for name, length, most in (("w", size.width, defaults.max_width), ("h", size.height, defaults.max_height)):
        if name in values:
            assert length <= int(values[name]) * dpr + Fraction(1, 2)
        elif most is not None:
            assert length <= most
    if values.get("fit", defaults.fit) == "scale-down" or not values.keys() & {"w", "h"}:
        assert size.width <= source.width
        assert size.height <= source.height
    if format_name in LIMITS:
        side, pixels = LIMITS[format_name]
        assert max(size) <= side
        assert pixels is None or size.width * size.height <= pixels


@given(SIDES, SIDES, SIZES, st.sampled_from(["cover", "fill"]), st.sampled_from(ASPECTS))
def test_cover_and_fill_produce_exactly_the_requested_size(
    width: int, height: int, source: Size, fit: str, aspect: str
) -> None:
    assert compute_output_size({"w": width, "h": height, "fit": fit, "aspect": aspect}, source) == (width, height)


@given(SIZES, st.sampled_from(ASPECTS[1:]))
def test_aspect_alone_crops_no_more_than_necessary(source: Size, aspect: str) -> None:
    size = compute_output_size({"aspect": aspect}, source)
    assert size.width == source.width or size.height == source.height
    ratio = Fraction(*map(int, aspect.split(":")))
    assert abs(size.width - size.height * ratio) <= max(Fraction(1), ratio)


@pytest.mark.parametrize("format_name", ["png", "orig"])
def test_png_keeps_its_colours(format_name: str) -> None:
    assert make_transformation({}, DEFAULTS, format_name).output.lossless


def test_the_quality_of_the_url_overrides_that_of_the_account() -> None:
    assert make_transformation({"q": 7}, DEFAULTS, "webp").output.quality == 7
    assert make_transformation({}, DEFAULTS._replace(quality=33), "webp").output.quality == 33
    assert not make_transformation({}, DEFAULTS, "webp").output.lossless
