from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.rendering import TransformationError
from imagekitio.local.rendering.drawing.area import Box, Size
from imagekitio.local.rendering.geometry import Plan, Request, plan
from imagekitio.local.rendering.language.values import CROP_MODES, CROPS, POSITIONS

PORTRAIT = Size(640, 865)


@pytest.mark.parametrize(
    ("request_", "size", "scale"),
    [
        (Request(300, 200, "force"), (300, 200), (300, 200)),
        (Request(300, 200, "at_max"), (148, 200), (148, 200)),
        (Request(300, 200, "at_least"), (300, 405), (300, 405)),
        (Request(850, 1000, "at_max_enlarge"), (740, 1000), (740, 1000)),
        (Request(850, 1000, "at_max"), (640, 865), None),
        (Request(400), (400, 541), (400, 541)),
        (Request(height=1730), (1280, 1730), (1280, 1730)),
        (Request(1280, mode="at_max"), (640, 865), None),
        (Request(1280, mode="pad_resize_no_enlarge"), (640, 865), None),
        (Request(), (640, 865), None),
    ],
)
def test_the_whole_picture_is_scaled(request_: Request, size: tuple[int, int], scale: tuple[int, int] | None) -> None:
    assert plan(PORTRAIT, request_) == Plan(Size(*size), scale=scale and Size(*scale))


@pytest.mark.parametrize(
    ("request_", "cut"),
    [
        (Request(200, 200, "extract"), (220, 332, 200, 200)),
        (Request(300, 300, "extract", "bottom_right"), (340, 565, 300, 300)),
        (Request(300, 300, "extract", x=100, y=300), (100, 300, 300, 300)),
        (Request(300, 300, "extract", "bottom_right", y=300), (0, 300, 300, 300)),
        (Request(300, 300, "extract", xc=300, yc=500), (150, 350, 300, 300)),
        (Request(300, 300, "extract", xc=300), (150, 282, 300, 300)),
        (Request(300, 300, "extract", x=7, yc=500), (7, 350, 300, 300)),
        (Request(1000, 200, "extract"), (0, 332, 640, 200)),
        (Request(1000, 1000, "maintain_ratio_no_enlarge"), (0, 112, 640, 640)),
        (Request(700, 100, "maintain_ratio_no_enlarge", "top"), (0, 0, 640, 91)),
        (Request(200, 100, "extract", "custom", custom=Box(0, 800, 65, 65)), (0, 765, 200, 100)),
    ],
)
def test_a_window_is_cut_from_the_unscaled_picture(request_: Request, cut: tuple[int, int, int, int]) -> None:
    assert plan(PORTRAIT, request_) == Plan(Size(*cut[2:]), cut=Box(*cut))


def test_the_default_covers_the_requested_size_and_crops_in_the_middle() -> None:
    assert plan(PORTRAIT, Request(300, 200)) == Plan(Size(300, 200), scale=Size(300, 405), crop=Box(0, 102, 300, 200))


def test_the_focus_moves_the_crop() -> None:
    assert plan(PORTRAIT, Request(300, 200, focus="bottom")).crop == Box(0, 205, 300, 200)
    assert plan(PORTRAIT, Request(300, 200)).interest is None
    assert plan(PORTRAIT, Request(300, 200, focus="auto")).interest == "attention"
    assert plan(PORTRAIT, Request(300, 200, focus="entropy")).interest == "entropy"


def test_a_picture_of_too_many_pixels_is_made_smaller() -> None:
    square = Request(4000, 4000, "at_max", max_pixels=8_000_000)
    assert plan(Size(4000, 2000), square) == Plan(Size(4000, 2000))
    assert plan(Size(4000, 3000), square) == Plan(Size(3265, 2448), scale=Size(3265, 2448))
    assert plan(Size(12_000, 300), square).size == Size(4000, 100)
    assert plan(Size(100_000, 1), Request(100_000, 1, "at_max", max_pixels=9)).size == Size(9, 1)


@given(st.integers(1, 9000), st.integers(1, 9000), st.integers(1, 10_000_000))
def test_no_result_has_more_pixels_than_allowed(width: int, height: int, max_pixels: int) -> None:
    size = plan(Size(width, height), Request(9000, 9000, "at_max", max_pixels=max_pixels)).size
    assert min(size) >= 1
    assert size.width * size.height <= max_pixels


def test_padding_goes_around_the_picture_at_the_focus() -> None:
    padded = Plan(Size(300, 200), scale=Size(148, 200), canvas=Size(300, 200), offset=(76, 0))
    assert plan(PORTRAIT, Request(300, 200, "pad_resize")) == padded
    assert plan(PORTRAIT, Request(300, 200, "pad_resize", "left")).offset == (0, 0)
    assert plan(Size(400, 400), Request(500, 400, "pad_resize", "right")).offset == (100, 0)


def test_padding_can_be_added_without_scaling() -> None:
    square = Size(600, 600)
    padded = Plan(Size(700, 700), canvas=Size(700, 700), offset=(50, 50))
    assert plan(square, Request(700, 700, "pad_extract")) == padded
    assert plan(square, Request(700, 700, "pad_resize_no_enlarge")) == padded
    assert plan(square, Request(700, 500, "pad_extract")) == Plan(
        Size(700, 500), cut=Box(0, 50, 600, 500), canvas=Size(700, 500), offset=(50, 0)
    )
    assert plan(square, Request(700, 500, "pad_extract_no_shrink")) == Plan(
        Size(700, 600), canvas=Size(700, 600), offset=(50, 0)
    )


def test_the_custom_rectangle_is_kept() -> None:
    cover = plan(Size(1000, 500), Request(100, 100, focus="custom", custom=Box(600, 100, 200, 100)))
    assert cover == Plan(Size(100, 100), cut=Box(600, 50, 200, 200), scale=Size(100, 100))
    edge = plan(Size(1000, 500), Request(100, 100, focus="custom", custom=Box(950, 0, 50, 500)))
    assert edge.cut == Box(500, 0, 500, 500)
    assert plan(Size(1000, 500), Request(100, 100, focus="custom")) == plan(Size(1000, 500), Request(100, 100))


@pytest.mark.parametrize(
    "request_",
    [
        Request(300, 300, "extract", xc=10, yc=10),
        Request(300, 300, "extract", x=341),
        Request(300, 300, "extract", y=-1),
        Request(700, 300, "extract", x=0),
    ],
)
def test_a_window_outside_of_the_picture_is_refused(request_: Request) -> None:
    with pytest.raises(TransformationError, match=r"cm-extract' must stay inside the picture of 640x865 px"):
        plan(PORTRAIT, request_)


_SIDES = st.integers(1, 3000)
_SIZES = st.builds(Size, _SIDES, _SIDES)
_FOCUSES = st.sampled_from([*POSITIONS, "auto", "custom"])
_REQUESTS = st.builds(
    Request,
    _SIDES,
    _SIDES,
    st.sampled_from([*CROPS, *CROP_MODES]),
    _FOCUSES,
    custom=st.none() | st.just(Box(0, 0, 1, 1)),
)


def _round_half_up(length: Fraction) -> int:
    return max(1, (2 * length.numerator + length.denominator) // (2 * length.denominator))


@given(_SIZES, _REQUESTS)
def test_the_stages_of_a_plan_fit_together(source: Size, request_: Request) -> None:
    steps = plan(source, request_)
    size = source
    for window, available in ((steps.cut, source), (steps.crop, steps.scale)):
        if window is not None and available is not None:
            assert window.left >= 0
            assert window.top >= 0
            assert window.left + window.width <= available.width
            assert window.top + window.height <= available.height
    size = steps.cut.size if steps.cut else size
    size = steps.scale or size
    size = steps.crop.size if steps.crop else size
    if steps.canvas:
        assert 0 <= steps.offset[0] <= steps.canvas.width - size.width
        assert 0 <= steps.offset[1] <= steps.canvas.height - size.height
        size = steps.canvas
    assert size == steps.size
    assert min(size) >= 1


@given(_SIZES, _REQUESTS)
def test_every_mode_produces_the_size_in_the_table(source: Size, request_: Request) -> None:
    assert request_.width is not None
    assert request_.height is not None
    wide, high = Fraction(request_.width, source.width), Fraction(request_.height, source.height)
    size = plan(source, request_).size
    if request_.mode in ("force", "maintain_ratio", "pad_resize", "pad_resize_no_enlarge", "pad_extract"):
        assert size == (request_.width, request_.height)
    elif request_.mode in ("at_max", "at_max_enlarge", "at_least"):
        scale = {"at_max": min(wide, high, Fraction(1)), "at_max_enlarge": min(wide, high), "at_least": max(wide, high)}
        factor = scale[request_.mode]
        assert size == (_round_half_up(source.width * factor), _round_half_up(source.height * factor))
    elif request_.mode == "extract":
        assert size == (min(source.width, request_.width), min(source.height, request_.height))
    elif request_.mode == "pad_extract_no_shrink":
        assert size == (max(source.width, request_.width), max(source.height, request_.height))
    else:
        factor = min(Fraction(1), 1 / wide, 1 / high)
        assert size == (_round_half_up(request_.width * factor), _round_half_up(request_.height * factor))


@given(_SIZES, _SIDES)
def test_one_side_keeps_the_ratio(source: Size, width: int) -> None:
    assert plan(source, Request(width)).size == (width, _round_half_up(Fraction(width * source.height, source.width)))
