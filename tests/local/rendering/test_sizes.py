from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from imagekitio.local.rendering import ClientHints, TransformationError
from imagekitio.local.rendering.drawing.area import Box, Size
from imagekitio.local.rendering.language.steps import each_step, parse_steps
from imagekitio.local.rendering.sizes import NO_HINTS, clip, parse_rectangle, request

if TYPE_CHECKING:
    from imagekitio.local.rendering.geometry import Request

SQUARE = Size(600, 600)


def make_request(
    steps: str, *, source: Size = SQUARE, current: Size | None = None, hints: ClientHints = NO_HINTS
) -> Request:
    (step,) = each_step(parse_steps(steps))
    return request(step.edit.resize, source=source, current=current or source, hints=hints, custom=None)


def compute_size(steps: str, **options: object) -> tuple[int | None, int | None]:
    result = make_request(steps, **options)  # type: ignore[arg-type]
    return result.width, result.height


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("w-0.4", (240, None)),
        ("w-1", (1, None)),
        ("w-0.0001,h-1.5", (1, 2)),
        ("w-400,ar-4-3", (400, 300)),
        ("h-300,ar-1.5", (450, 300)),
        ("w-400,h-100,ar-4-3", (400, 100)),
        ("ar-4-3", (None, None)),
        ("w-400,ar-iar_div_2", (400, 800)),
        ("w-100,dpr-2", (200, None)),
        ("w-0.1,h-30,dpr-1.5", (90, 45)),
        ("w-3000,dpr-2", (3000, None)),
        ("w-5,dpr-0.1", (5, None)),
        ("dpr-2", (None, None)),
        ("w-70000", (None, None)),
        ("w-70000,h-5", (None, 5)),
        ("w-iw_div_7", (86, None)),
        ("w-iw_div_10000", (1, None)),
    ],
)
def test_sizes_of_a_600_pixel_square_are_computed(steps: str, expected: tuple[int | None, int | None]) -> None:
    assert compute_size(steps) == expected


def test_fractions_and_iw_refer_to_the_source_and_cw_to_the_previous_step() -> None:
    assert compute_size("w-0.5,h-cw_div_2", current=Size(100, 50)) == (300, 50)
    assert compute_size("w-iw_div_2,h-ch", current=Size(100, 50)) == (300, 50)


def test_the_width_hint_is_rounded_up_to_hundreds() -> None:
    assert compute_size("w-auto", hints=ClientHints(212, 2)) == (300, None)
    assert compute_size("w-auto", hints=ClientHints(300)) == (300, None)
    assert compute_size("w-auto") == (None, None)


def test_the_dpr_hint_is_not_applied_twice() -> None:
    assert compute_size("w-100,dpr-auto", hints=ClientHints(None, 2)) == (200, None)
    assert compute_size("w-auto,h-50,dpr-auto", hints=ClientHints(212, 2)) == (300, 100)
    assert compute_size("w-100,dpr-auto") == (100, None)


def test_coordinates_may_be_expressions() -> None:
    result = make_request("w-9,h-9,cm-extract,x-iw_mul_0.2,y-N5,xc-0.5,yc-ih_div_2")
    assert (result.x, result.y, result.xc, result.yc) == (120, -5, 1, 300)


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ("w-iw_sub_600", "code 'w' must be above 0 .got 0."),
        ("h-ih_sub_700", "code 'h' must be above 0 .got -100."),
        ("w-iw_div_0", "code 'w' must not divide by zero"),
        ("w-9,ar-iar_sub_1", "code 'ar' must be above 0"),
    ],
)
def test_expressions_that_are_not_a_size_are_refused(steps: str, message: str) -> None:
    with pytest.raises(TransformationError, match=message):
        make_request(steps)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10,20,100,200", Box(10, 20, 100, 200)),
        ("-10,500.4,100,200", Box(-10, 500, 100, 200)),
        ("1,2,3", None),
        ("a,b,c,d", None),
        ("inf,0,1,1", None),
        ("", None),
        (None, None),
    ],
)
def test_custom_coordinates_are_four_numbers(text: str | None, expected: Box | None) -> None:
    assert parse_rectangle(text) == expected


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (Box(10, 20, 100, 200), Box(10, 20, 100, 200)),
        (Box(-10, 500, 100, 200), Box(0, 500, 90, 100)),
        (Box(600, 0, 10, 10), None),
        (Box(5, 5, -3, 10), None),
    ],
)
def test_a_rectangle_is_clipped_to_the_picture(box: Box, expected: Box | None) -> None:
    assert clip(box, SQUARE) == expected


def test_the_stored_rectangle_applies_only_before_resizing() -> None:
    (step,) = each_step(parse_steps("w-9,h-9,fo-custom"))

    def rectangle(current: Size) -> Box | None:
        custom = Box(500, 0, 200, 10)
        return request(step.edit.resize, source=SQUARE, current=current, hints=NO_HINTS, custom=custom).custom

    assert rectangle(SQUARE) == Box(500, 0, 100, 10)
    assert rectangle(Size(300, 300)) is None
