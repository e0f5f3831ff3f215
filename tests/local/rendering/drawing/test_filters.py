from __future__ import annotations

from collections.abc import Callable

import pytest
import pyvips

from imagekitio.local.rendering.drawing import filters
from imagekitio.local.rendering.language.colours import Colour
from imagekitio.local.rendering.language.effects import Colorize, Replacement, Shadow, Unsharp, read_gradient

Plain = Callable[..., pyvips.Image]


def is_near(pixel: list[float], expected: list[float], tolerance: float = 2) -> bool:
    return len(pixel) == len(expected) and all(abs(a - b) <= tolerance for a, b in zip(pixel, expected, strict=True))


@pytest.fixture
def edge(plain: Plain) -> pyvips.Image:
    """A picture that is dark on the left and light on the right."""
    return plain(10, 10, (100, 100, 100)).join(plain(10, 10, (150, 150, 150)), "horizontal")


def test_plain_sharpening_is_the_classic_mask(edge: pyvips.Image) -> None:
    image = filters.sharpen(edge, 50)
    # 3 of 8 neighbours differ by 50: 50/150 * 150/8.
    assert [image(x, 5)[0] for x in (8, 9, 10, 11)] == [100, 94, 156, 150]


def test_sharpening_takes_no_colour_from_transparent_pixels(plain: Plain) -> None:
    image = plain(10, 10, (100, 100, 100, 255)).join(plain(10, 10, (255, 255, 255, 0)), "horizontal")
    assert filters.sharpen(image, 300)(9, 5) == [100, 100, 100, 255]
    assert filters.sharpen(image, 300)(15, 5)[3] == 0


def test_an_unsharp_mask_ignores_small_differences(edge: pyvips.Image) -> None:
    strong = filters.unsharp(edge, Unsharp(2, 2, 1.0, 0.0))
    assert strong(9, 5)[0] < 90
    assert strong(10, 5)[0] > 160
    assert strong(0, 5)[0] == 100
    assert filters.unsharp(edge, Unsharp(2, 2, 1.0, 0.5))(9, 5) == [100, 100, 100]
    assert filters.unsharp(edge, Unsharp(0, 0, 1.0, 0.0)).avg() == edge.avg()


def test_contrast_is_stretched_to_the_full_range(edge: pyvips.Image, plain: Plain) -> None:
    contrast = filters.find_contrast([edge])
    assert contrast is not None
    image = filters.stretch_contrast(edge, contrast)
    assert is_near(image(2, 5), [0, 0, 0], 3)
    assert is_near(image(15, 5), [255, 255, 255], 3)
    assert filters.find_contrast([plain(5, 5, (9, 9, 9))]) is None


def test_contrast_is_measured_on_visible_pixels(edge: pyvips.Image, plain: Plain) -> None:
    hidden = (
        edge.bandjoin(255)
        .join(plain(80, 10, (255, 0, 0, 0)), "horizontal")
        .join(plain(80, 10, (0, 0, 0, 0)), "horizontal")
    )
    assert filters.find_contrast([hidden]) == filters.find_contrast([edge])
    assert filters.find_contrast([plain(5, 5, (9, 9, 9, 0)).join(plain(5, 5, (99, 9, 9, 0)), "vertical")]) is None
    faint = plain(1, 10, (0, 0, 0, 20))  # less than 1 percent of the visible pixels
    assert filters.find_contrast([edge.bandjoin(255).join(faint, "horizontal")]) == filters.find_contrast([edge])


def test_contrast_is_measured_on_all_frames(edge: pyvips.Image, plain: Plain) -> None:
    frames = [edge.extract_area(0, 0, 10, 10), edge.extract_area(10, 0, 10, 10)]
    assert filters.find_contrast(frames) == filters.find_contrast([edge])
    assert filters.find_contrast(frames[:1]) is None


def test_a_tint_has_the_shades_of_its_colour(plain: Plain) -> None:
    white = plain(2, 2, (255, 255, 255, 70))
    assert filters.colorize(white, Colorize(Colour(255, 0, 128), 1.0))(0, 0) == [255, 0, 128, 70]
    assert is_near(filters.colorize(white, Colorize(Colour(255, 0, 128), 0.5))(0, 0), [255, 127, 191, 70])
    assert is_near(filters.colorize(plain(2, 2, (0, 0, 0)), Colorize(Colour(255, 0, 0), 1.0))(0, 0), [0, 0, 0])


def test_a_colour_is_replaced_within_the_tolerance(plain: Plain) -> None:
    image = plain(10, 10, (200, 30, 30)).join(plain(4, 10, (30, 30, 200)), "horizontal")
    colour = filters.dominant_colour([image])
    assert colour.rgb == (200, 30, 30)
    dominant = filters.replace_colour(image, Replacement(Colour(30, 160, 30), 35, None), colour)
    assert is_near(dominant(2, 2), [30, 160, 30])
    assert dominant(12, 2) == [30, 30, 200]
    named = filters.replace_colour(image, Replacement(Colour(255, 255, 255), 20, None), Colour(30, 30, 200))
    assert named(2, 2) == [200, 30, 30]
    assert is_near(named(12, 2), [255, 255, 255])


def test_a_replaced_colour_keeps_its_shades(plain: Plain) -> None:
    image = plain(10, 10, (200, 30, 30)).join(plain(4, 10, (170, 25, 25)), "horizontal")
    replaced = filters.replace_colour(image, Replacement(Colour(30, 30, 200), 35, None), Colour(200, 30, 30))
    light, dark = replaced(2, 2), replaced(12, 2)
    assert light[2] > dark[2] > light[0]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("ld-bottom_from-FFFFFF_to-000000", (5, 0), (5, 19)),
        ("ld-top_from-FFFFFF_to-000000", (5, 19), (5, 0)),
        ("ld-right_from-FFFFFF_to-000000", (0, 5), (9, 5)),
        ("ld-left_from-FFFFFF_to-000000", (9, 5), (0, 5)),
        ("ld-bottom_right_from-FFFFFF_to-000000", (0, 0), (9, 19)),
    ],
)
def test_a_gradient_follows_its_direction(
    plain: Plain, text: str, first: tuple[int, int], last: tuple[int, int]
) -> None:
    image = filters.gradient(plain(10, 20, (200, 0, 0)), read_gradient(text), 1.0)
    assert image(*first)[0] > 235
    assert image(*last)[0] < 20
    assert image(0, 0)[3] == 255


def test_a_gradient_reaches_its_end_at_the_stop(plain: Plain) -> None:
    ramp = read_gradient("ld-right_from-FFFFFF_to-000000")
    image = filters.gradient(plain(100, 4, (9, 9, 9)), ramp, 0.5)
    assert is_near(image(25, 1), [126, 126, 126, 255], 3)
    assert image(50, 1) == [0, 0, 0, 255]
    assert filters.gradient(plain(100, 4, (9, 9, 9)), ramp, 10)(10, 1) == [0, 0, 0, 255]


def test_a_shadow_is_drawn_behind_opaque_pixels(plain: Plain) -> None:
    block = plain(20, 20, (255, 0, 0, 255)).embed(20, 20, 100, 100)
    image = filters.add_shadow(block, Shadow(0, 0.4, 0.1, -0.05))
    assert (image.width, image.height) == (100, 100)
    assert image(25, 25) == [255, 0, 0, 255]
    assert image(45, 20) == [0, 0, 0, 102]  # moved 10 to the right, 5 up
    assert image(45, 36)[3] == 0
    assert filters.add_shadow(plain(5, 5, (1, 2, 3)), Shadow(3, 1, 0, 0)).bands == 3
    assert filters.add_shadow(block, Shadow(0, 1, 1.0, -1.0))(25, 25) == [255, 0, 0, 255]
    assert 0 < filters.add_shadow(block, Shadow(5, 1, 0, 0))(18, 30)[3] < 255
