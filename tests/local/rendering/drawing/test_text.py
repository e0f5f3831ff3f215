from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from imagekitio.local.rendering import TransformationError
from imagekitio.local.rendering.drawing.fonts import named_font
from imagekitio.local.rendering.drawing.text import draw
from imagekitio.local.rendering.language.layers import Text
from imagekitio.local.rendering.language.steps import Step, parse_steps

if TYPE_CHECKING:
    import pyvips

    from imagekitio.local.base.settings import Settings

KNOWN = {"bw": 400.0, "bh": 300.0, "bar": 4 / 3}


@pytest.fixture
def box(settings: Settings) -> Box:
    return Box(settings)


class Box:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def __call__(self, steps: str) -> pyvips.Image:
        (step,) = parse_steps(f"l-text,{steps},l-end")
        assert isinstance(step, Step)
        content = step.overlays[0].content
        assert isinstance(content, Text)
        return draw(
            content, named_font(None, bold=content.bold, italic=content.italic), KNOWN, self.settings.max_pixels
        )


def read_size(image: pyvips.Image) -> tuple[int, int]:
    return image.width, image.height


def test_the_font_size_is_that_of_the_em_square(box: Box) -> None:
    # Roboto: 1456 of 2048 units from baseline to cap height, 1040 to x-height.
    assert abs(box("i-H,fs-45").height - 45 * 1456 / 2048) <= 1.5
    assert abs(box("i-x,fs-200").height - 200 * 1082 / 2048) <= 2
    assert read_size(box("i-H")) == read_size(box("i-H,fs-45"))
    assert read_size(box("i-H,fs-bh_div_10")) == read_size(box("i-H,fs-30"))


def test_a_box_without_a_background_fits_the_ink(box: Box) -> None:
    image = box("i-H,fs-60,co-FF0000")
    left, top, width, height = image[3].find_trim(background=[0], threshold=10)
    assert (left, top) <= (1, 1)
    assert width >= image.width - 1
    assert height >= image.height - 1
    assert image(3, 20)[:3] == [255, 0, 0]


def test_padding_surrounds_the_ink_in_the_order_of_css(box: Box) -> None:
    plain, padded = box("i-H"), box("i-H,pa-1_2_3_4")
    assert read_size(padded) == (plain.width + 6, plain.height + 4)
    assert padded.extract_area(4, 1, plain.width, plain.height)[3].avg() == plain[3].avg()


def test_a_background_covers_whole_lines(box: Box) -> None:
    one, three = box("i-x,fs-40,bg-red"), box("ie-eAp4Cng=,fs-40,bg-red")
    # Roboto: 2400 of 2048 units from line to line.
    assert abs(one.height - 40 * 2400 / 2048) <= 1
    assert abs(three.height - 3 * 40 * 2400 / 2048) <= 2
    assert one(0, 0) == [255, 0, 0, 255]
    assert box("i-x,fs-40,bg-red,pa-5").height == one.height + 10
    assert box("i-xgX,fs-40,bg-red").height == one.height  # whatever the letters


def test_a_width_wraps_at_words(box: Box) -> None:
    one_line, wrapped = box("i-some words here,fs-20"), box("i-some words here,fs-20,w-60")
    assert wrapped.height > 2 * one_line.height
    assert wrapped.width <= 60
    assert box("i-some words here,fs-20,w-bw_div_2,bg-red").width == 200
    assert box("i-unbreakable,fs-40,w-60,bg-red").width > 60  # a word is never cut


@pytest.mark.parametrize(("alignment", "left_free"), [("left", False), ("right", True), ("center", True)])
def test_lines_are_aligned_within_the_width(box: Box, alignment: str, left_free: bool) -> None:
    image = box(f"i-x,fs-20,w-100,bg-00000000,co-red,ia-{alignment}")
    left, _, width, _ = image[3].find_trim(background=[0], threshold=10)
    assert (left > 20) == left_free
    assert (100 - left - width > 20) == (alignment != "right")


def test_the_line_height_is_from_baseline_to_baseline(box: Box) -> None:
    one = box("i-x,fs-20").height
    assert abs(box("ie-eAp4,fs-20,lh-50").height - one - 50) <= 1
    assert abs(box("ie-eAp4,fs-20,lh-12").height - one - 12) <= 1
    assert box("i-x,fs-20,bg-red,lh-90").height == box("i-x,fs-20,bg-red").height  # has no effect on a single line
    assert box("i-x,fs-20,w-99,bg-red,lh-90").height == box("i-x,fs-20,w-99,bg-red").height
    assert box("i-xx xx,fs-20,w-30,bg-red,lh-90").height == 180


def test_markup_is_drawn_as_text(box: Box) -> None:
    assert box("i-<b>&amp;</b>").width > box("i-b&amp;b").width


def test_styles_change_the_letters(box: Box) -> None:
    plain = box("i-nnnn,fs-60")[3].avg()
    assert box("i-nnnn,fs-60,tg-b")[3].avg() > plain * 1.2
    assert read_size(box("i-nnnn,fs-60,tg-i")) != read_size(box("i-nnnn,fs-60"))
    assert box("i-nnnn,fs-60,tg-strikethrough")[3].avg() > plain


def test_a_text_of_blanks_is_an_empty_box(box: Box) -> None:
    assert read_size(box("ie-ICA=,pa-5")) == (11, 11)


@pytest.mark.parametrize(
    "steps",
    [
        f"i-{'w' * 2000},fs-200",
        f"i-{'w ' * 900},fs-16000,w-20000",
        "i-w,fs-16384",
        "i-w,fs-0.5",
        f"ie-{'CgoK' * 600}eA,bg-red,fs-400",
        "i-www,fs-16000",
        "i-w,pa-20000",
        "i-w w w,w-1,lh-16000,fs-9",
        f"i-{'x ' * 999},w-1,lh-16000,bg-red",
    ],
)
def test_enormous_texts_are_refused_immediately(box: Box, steps: str) -> None:
    start = time.perf_counter()
    with pytest.raises(TransformationError) as caught:
        box(steps)
    assert time.perf_counter() - start < 5  # takes 0.1 seconds on an idle machine
    assert (caught.value.status, caught.value.code) == (400, "ELIMIT")
