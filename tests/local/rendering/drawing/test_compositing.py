from __future__ import annotations

from collections.abc import Callable

import pytest
import pyvips
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.rendering import TransformationError
from imagekitio.local.rendering.drawing.area import Size
from imagekitio.local.rendering.drawing.compositing import Placed, offset
from imagekitio.local.rendering.language.expressions import parse_expression
from imagekitio.local.rendering.language.layers import Position
from imagekitio.local.rendering.language.values import POSITIONS

PARENT, LAYER = Size(500, 400), Size(101, 50)
KNOWN = {"bw": 500.0, "bh": 400.0, "bar": 1.25}

Plain = Callable[..., pyvips.Image]


def compute_offset(focus: str = "center", anchor: str | None = None, **offsets: str) -> tuple[int, int]:
    position = Position(**{name: parse_expression(text) for name, text in offsets.items()}, anchor=anchor, focus=focus)
    return offset(position, PARENT, LAYER, KNOWN)


@pytest.mark.parametrize(
    ("focus", "expected"),
    [("center", (199, 175)), ("top_left", (0, 0)), ("bottom_right", (399, 350)), ("right", (399, 175))],
)
def test_the_focus_distributes_the_free_space(focus: str, expected: tuple[int, int]) -> None:
    assert compute_offset(focus) == expected


@pytest.mark.parametrize(
    ("offsets", "expected"),
    [
        ({"x": "10", "y": "20"}, (10, 20)),
        ({"x": "10"}, (10, 0)),  # a single offset overrides the focus
        ({"y": "N0"}, (0, 350)),  # flush with the bottom
        ({"x": "N10", "y": "N35"}, (389, 315)),
        ({"x": "bw_div_4", "y": "bh_mul_0.5"}, (125, 200)),
        ({"xc": "250", "yc": "200"}, (200, 175)),  # 199.5 is rounded up
        ({"xc": "250", "x": "3", "y": "7"}, (200, 7)),
        ({"x": "501"}, (399, 0)),  # beyond the parent
        ({"x": "480"}, (480, 0)),  # hangs over
        ({"xc": "N51"}, (0, 0)),
        ({"xc": "N50"}, (-100, 0)),
    ],
)
def test_offsets_are_measured_from_the_top_left_corner(offsets: dict[str, str], expected: tuple[int, int]) -> None:
    assert compute_offset("bottom", **offsets) == expected


@pytest.mark.parametrize(
    ("anchor", "offsets", "expected"),
    [
        ("center", {"x": "10", "y": "N10"}, (260, 190)),
        ("bottom_right", {"x": "N101", "y": "N50"}, (399, 350)),
        ("top_right", {"xc": "0", "y": "5"}, (450, 5)),
        ("right", {"xc": "N100"}, (350, 200)),
    ],
)
def test_with_an_anchor_offsets_are_measured_from_the_anchor(
    anchor: str, offsets: dict[str, str], expected: tuple[int, int]
) -> None:
    assert compute_offset(anchor=anchor, **offsets) == expected


@given(
    st.sampled_from(sorted(POSITIONS)),
    st.integers(-2000, 2000),
    st.integers(1, 600),
    st.integers(1, 600),
)
def test_a_layer_always_touches_the_parent(anchor: str, shift: int, width: int, height: int) -> None:
    expression = parse_expression(f"N{-shift}" if shift < 0 else str(shift))
    for position in (Position(x=expression, y=expression, anchor=anchor), Position(xc=expression, y=expression)):
        left, top = offset(position, PARENT, Size(width, height), KNOWN)
        assert -width <= left <= PARENT.width
        assert -height <= top <= PARENT.height


def put(parent: pyvips.Image, layer: pyvips.Image, mode: str | None, left: int, top: int) -> pyvips.Image:
    return Placed(layer, left, top, mode, (0.0, 0.0)).on(parent)


@pytest.mark.parametrize("mode", [None, "multiply", "cutout", "displace"])
@pytest.mark.parametrize(("left", "top"), [(-3, -3), (8, 8), (-20, 0), (0, 30), (2, 2), (-5, 12)])
def test_the_parent_keeps_its_size_wherever_the_layer_is(plain: Plain, mode: str | None, left: int, top: int) -> None:
    image = put(plain(10, 12, (200, 100, 50)), plain(5, 5, (128, 128, 255)), mode, left, top)
    assert (image.width, image.height) == (10, 12)
    assert image.avg() > 0  # forces the computation


def test_multiply_darkens_by_the_share_of_alpha(plain: Plain) -> None:
    base = plain(4, 4, (200, 100, 255))
    image = put(base, plain(2, 2, (127, 255, 0)), "multiply", 1, 1)
    assert image(1, 1) == [100, 100, 0]
    assert image(0, 0) == [200, 100, 255]
    half = put(base, plain(2, 2, (0, 255, 0, 128)), "multiply", 1, 1)
    assert half(1, 1) == [100, 100, 127]


def test_multiply_leaves_transparent_pixels_transparent(plain: Plain) -> None:
    assert put(plain(2, 2, (9, 9, 9, 0)), plain(2, 2, (255, 0, 0)), "multiply", 0, 0)(0, 0)[3] == 0


def test_cutout_makes_a_hole(plain: Plain) -> None:
    image = put(plain(4, 4, (200, 100, 50)), plain(2, 2, (0, 0, 0, 128)), "cutout", 1, 1)
    assert image(0, 0) == [200, 100, 50, 255]
    assert image(1, 1) == [200, 100, 50, 127]


def test_cutter_keeps_only_what_is_under_the_layer(plain: Plain) -> None:
    image = put(plain(10, 10, (200, 100, 50)), plain(5, 5, (0, 0, 0, 128)), "cutter", 7, -2)
    assert (image.width, image.height) == (3, 3)
    assert image(0, 0) == [200, 100, 50, 128]
    with pytest.raises(TransformationError, match="this one is outside"):
        put(plain(10, 10, (1, 1, 1)), plain(5, 5, (0, 0, 0)), "cutter", 10, 0)


def test_a_displacement_map_moves_by_red_and_green(plain: Plain) -> None:
    base = (pyvips.Image.xyz(20, 20) * 10).cast("uchar")  # x and y, ten times
    base = base[0].bandjoin(base[1]).bandjoin(0).copy(interpretation="srgb")
    image = Placed(plain(10, 20, (255, 0, 0)), 0, 0, "displace", (4.0, 2.0)).on(base)
    assert image(5, 10) == [90, 80, 0]  # 127/128 of 4 px to the right, 2 px up
    assert image(15, 10) == [150, 100, 0]  # outside of the map
    assert image(0, 0) == [40, 0, 0]  # above the edge: the edge
