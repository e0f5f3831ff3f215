from __future__ import annotations

from collections.abc import Callable

import pytest
import pyvips
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.rendering.drawing.area import Size
from imagekitio.local.rendering.drawing.distortion import bounds, distort, homography
from imagekitio.local.rendering.language.effects import Arc, Perspective

Plain = Callable[..., pyvips.Image]
_coordinate = st.floats(-20, 20)


@pytest.fixture
def quarters(plain: Plain) -> pyvips.Image:
    colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)]
    return pyvips.Image.arrayjoin([plain(50, 40, colour) for colour in colours], across=2)


@given(*[st.tuples(_coordinate, _coordinate)] * 4)
def test_the_projection_maps_corners_to_corners(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float]
) -> None:
    corners = ((a[0], a[1]), (100 + b[0], b[1]), (100 + c[0], 80 + c[1]), (d[0], 80 + d[1]))
    size = Size(300, 200)
    p = homography(corners, size)
    for (x, y), (u, v) in zip(corners, ((0, 0), (300, 0), (300, 200), (0, 200)), strict=True):
        share = p[6] * x + p[7] * y + 1
        assert (p[0] * x + p[1] * y + p[2]) / share == pytest.approx(u, abs=1e-6)
        assert (p[3] * x + p[4] * y + p[5]) / share == pytest.approx(v, abs=1e-6)


def test_unmoved_corners_change_nothing(quarters: pyvips.Image) -> None:
    image = distort(quarters, Perspective(((0, 0), (100, 0), (100, 80), (0, 80))))
    assert (image.width, image.height) == (100, 80)
    assert [image(*at) for at in [(0, 0), (99, 0), (0, 79), (49, 39), (50, 40)]] == [
        [255, 0, 0, 255],
        [0, 255, 0, 255],
        [0, 0, 255, 255],
        [255, 0, 0, 255],
        [255, 255, 0, 255],
    ]


def test_the_canvas_is_the_bounding_box_of_the_corners(quarters: pyvips.Image) -> None:
    image = distort(quarters, Perspective(((-10, 5), (90, 0), (110, 80), (0, 100))))
    assert (image.width, image.height) == (120, 100)
    assert image(0, 0)[3] == 0
    assert image(12, 10) == [255, 0, 0, 255]
    assert image(98, 10) == [0, 255, 0, 255]
    assert image(12, 95) == [0, 0, 255, 255]


def test_a_bend_keeps_the_length_of_the_middle_and_rotates_the_ends(quarters: pyvips.Image) -> None:
    image = distort(quarters, Arc(180))
    # A half ring of radius 100/π, 80 px thick: its height reaches to the centre, its width spans the outer arc.
    assert (image.width, image.height) == (144, 72)
    assert image(2, 70) == [255, 0, 0, 255]
    assert image(141, 70) == [0, 255, 0, 255]
    assert image(0, 0)[3] == 0
    assert image(70, 3) == [255, 0, 0, 255]


def test_a_bend_downwards_is_the_mirror_image(quarters: pyvips.Image) -> None:
    up, down = distort(quarters.flipver(), Arc(60)).flipver(), distort(quarters, Arc(-60))
    assert (up - down).abs().max() == 0


@pytest.mark.parametrize("degrees", [0.5, -1, 45, -180, 270, 360, -360])
def test_every_bend_fits_its_bounds(quarters: pyvips.Image, degrees: float) -> None:
    image = distort(quarters, Arc(degrees))
    assert bounds(Arc(degrees), Size(100, 80)).size == (image.width, image.height)
    assert image[3].max() == 255


def test_a_slight_bend_changes_almost_nothing(quarters: pyvips.Image) -> None:
    assert bounds(Arc(0.01), Size(100, 80)).size == (101, 81)
