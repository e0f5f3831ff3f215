from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pillow_heif
import pytest
import pyvips
from PIL import Image

from imagekitio.local.rendering import (
    ClientHints,
    LayerFile,
    Rendered,
    Transformation,
    TransformationError,
    render,
)

if TYPE_CHECKING:
    from imagekitio.local.base.settings import Settings

DATA = Path(__file__).parents[2] / "data"
RED, GREEN, BLUE, YELLOW = [255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0]
BLACK, CLEAR = [0, 0, 0], [0, 0, 0, 0]

Picture = Callable[..., Path]
Plain = Callable[..., pyvips.Image]
Render = Callable[..., "tuple[Rendered, pyvips.Image]"]


def read_size(result: Rendered) -> tuple[int, int]:
    return result.width, result.height


def is_near(pixel: list[float], expected: list[int], tolerance: float = 2) -> bool:
    return len(pixel) == len(expected) and all(abs(a - b) <= tolerance for a, b in zip(pixel, expected, strict=True))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "steps", "expected"),
    [
        ((640, 865), "w-300,h-200", (300, 200)),
        ((640, 865), "w-300,h-200,c-force", (300, 200)),
        ((640, 865), "w-300,h-200,c-at_max", (148, 200)),
        ((640, 865), "w-300,h-200,c-at_least", (300, 405)),
        ((640, 865), "w-850,h-1000,c-at_max_enlarge", (740, 1000)),
        ((640, 865), "w-850,h-1000,c-at_max", (640, 865)),
        ((640, 865), "w-300,h-200,cm-pad_resize,bg-F3F3F3", (300, 200)),
        ((640, 865), "w-200,h-200,cm-extract", (200, 200)),
        ((640, 865), "w-400", (400, 541)),
        ((600, 600), "w-0.4", (240, 240)),
        ((600, 600), "w-400,ar-4-3", (400, 300)),
        ((600, 600), "w-700,h-700,cm-pad_extract,bg-F3F3F3", (700, 700)),
        ((600, 600), "w-300,b-20_FF0000", (340, 340)),
        ((640, 865), "w-iw_div_4,h-ih_div_2:b-cw_mul_0.05_yellow", (176, 449)),
        ((640, 865), "w-iw_div_2,h-ih_div_2,cm-extract,x-iw_mul_0.2,y-ih_mul_0.2", (320, 433)),
        ((400, 300), "w-400,h-300:rt-90", (300, 400)),
        ((400, 300), "rt-90:w-400,h-300", (400, 300)),
        ((600, 600), "w-400,h-400:w-500,h-400,cm-pad_resize,fo-right,bg-000000", (500, 400)),
        ((640, 865), "if-ar_gt_1,w-200,if-else,w-300,if-end", (300, 405)),
        ((600, 600), "w-100,dpr-2", (200, 200)),
        ((600, 600), "w-3000,dpr-2", (3000, 3000)),
        ((640, 865), "n-ik_ml_thumbnail", (440, 440)),
        ((640, 865), "n-media_library_thumbnail", (74, 100)),
        ((100, 50), "w-50:w-0.5", (50, 25)),
        ((100, 50), "rt-45", (106, 106)),
    ],
)
@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_sizes_are_exact_to_the_pixel(
    picture: Picture, render_file: Render, suffix: str, source: tuple[int, int], steps: str, expected: tuple[int, int]
) -> None:
    result, _ = render_file(picture(*source, suffix), steps)
    assert read_size(result) == expected


def test_the_default_crop_is_in_the_middle(picture: Picture, render_file: Render) -> None:
    # Scaled to 300x405, rows 102 to 301: the border between the colours moves from 202.3 to row 100.
    _, image = render_file(picture(640, 865), "w-300,h-200")
    assert [image(*at) for at in [(0, 0), (299, 0), (0, 199), (299, 199)]] == [RED, GREEN, BLUE, YELLOW]
    assert is_near(image(50, 97), RED, 12)
    assert is_near(image(50, 103), BLUE, 12)


@pytest.mark.parametrize(
    ("steps", "corners"),
    [
        ("w-200,h-200,cm-extract", [RED, GREEN, BLUE, YELLOW]),  # (220, 332): 100 px to the middle line
        ("w-300,h-300,cm-extract,fo-bottom_right", [YELLOW] * 4),
        ("w-300,h-300,cm-extract,x-0,y-0", [RED] * 4),
        ("w-300,h-300,cm-extract,x-100,y-300", [RED, GREEN, BLUE, YELLOW]),
        ("w-300,h-300,cm-extract,xc-300,yc-500", [RED, GREEN, BLUE, YELLOW]),
        ("w-300,h-200,fo-bottom", [BLUE, YELLOW, BLUE, YELLOW]),
        ("w-50,h-200,fo-left", [RED, RED, BLUE, BLUE]),
        ("w-300,h-200,c-force", [RED, GREEN, BLUE, YELLOW]),
        ("fl-h", [GREEN, RED, YELLOW, BLUE]),
        ("fl-v", [BLUE, YELLOW, RED, GREEN]),
        ("fl-h_v", [YELLOW, BLUE, GREEN, RED]),
        ("rt-90", [BLUE, RED, YELLOW, GREEN]),
        ("rt-180", [YELLOW, BLUE, GREEN, RED]),
        ("rt-N90", [GREEN, YELLOW, RED, BLUE]),
        ("rt-90,fl-h", [RED, BLUE, GREEN, YELLOW]),  # rotated first
        ("w-0.5,fo-top:rt-90:fl-v", [YELLOW, GREEN, BLUE, RED]),
    ],
)
def test_the_corners_show_what_was_cropped_and_rotated(
    picture: Picture, render_file: Render, steps: str, corners: list[list[int]]
) -> None:
    result, image = render_file(picture(640, 865), steps)
    right, bottom = result.width - 1, result.height - 1
    assert [image(*at) for at in [(0, 0), (right, 0), (0, bottom), (right, bottom)]] == corners


def test_an_extracted_window_starts_at_the_exact_pixel(picture: Picture, render_file: Render) -> None:
    _, image = render_file(picture(640, 865), "w-200,h-200,cm-extract")
    # The colours meet at x 320 and y 432; the window starts at (220, 332).
    assert [image(99, 99), image(100, 99), image(99, 100), image(100, 100)] == [RED, GREEN, BLUE, YELLOW]


@pytest.mark.parametrize(("focus", "left"), [("", 76), (",fo-left", 0), (",fo-right", 152)])
def test_padding_surrounds_the_picture(picture: Picture, render_file: Render, focus: str, left: int) -> None:
    _, image = render_file(picture(640, 865), f"w-300,h-200,cm-pad_resize,bg-F3F3F3{focus}")
    row = [image(x, 5) for x in range(300)]
    assert row.count([243, 243, 243]) == 152
    assert row[left] == RED
    assert row[left + 147] == GREEN


def test_padding_is_black_by_default(picture: Picture, render_file: Render) -> None:
    _, image = render_file(picture(600, 600), "w-700,h-700,cm-pad_extract")
    assert [image(49, 49), image(50, 50), image(649, 649), image(650, 650)] == [BLACK, RED, YELLOW, BLACK]


def test_a_frame_is_added_outside(picture: Picture, render_file: Render) -> None:
    _, image = render_file(picture(600, 600), "w-300,b-20_0000FF")
    assert [image(19, 19), image(20, 20), image(319, 319), image(320, 320)] == [BLUE, RED, YELLOW, BLUE]


def test_round_corners_are_transparent(picture: Picture, render_file: Render) -> None:
    result, image = render_file(picture(600, 600, ".jpg"), "w-300,r-max")
    assert result.content_type == "image/png"  # f-auto does not choose JPEG, which has no transparency
    assert image(0, 0)[3] == 0
    assert image(150, 2)[3] == 255
    _, image = render_file(picture(600, 600), "w-300,r-0_0_0_50,lo-true")
    assert [image(0, 0)[3], image(299, 299)[3], image(0, 299)[3], image(49, 250)[3]] == [255, 255, 0, 255]


def test_a_round_frame_leaves_no_seam(picture: Picture, render_file: Render) -> None:
    _, image = render_file(picture(600, 600), "w-100,b-10_000000,r-40,lo-true")
    alpha = image[3]
    assert alpha(0, 0)[0] == 0
    assert [alpha(13, y)[0] for y in range(20, 100)] == [255] * 80
    assert alpha.extract_area(15, 15, 90, 90).min() == 255  # also where frame and picture meet
    assert is_near(image(60, 5), [*BLACK, 255])
    _, clear = render_file(picture(600, 600), "w-100,b-10_00000050,r-40,lo-true")
    assert clear(60, 5)[3] == 128


def test_jpeg_is_flattened_on_black_or_on_the_background(picture: Picture, render_file: Render) -> None:
    _, image = render_file(picture(600, 600), "w-100,r-max,f-jpg,q-100")
    assert is_near(image(0, 0), BLACK)
    _, image = render_file(picture(600, 600), "w-100,r-max,f-jpg,q-100,bg-FFFFFF")
    assert is_near(image(0, 0), [255, 255, 255])


def test_the_background_of_jpegs_is_a_setting(picture: Picture, render_file: Render, settings: Settings) -> None:
    white = replace(settings, jpeg_background="FFffff")
    steps = "w-100,r-max,f-jpg,q-100"
    assert is_near(render_file(picture(600, 600), steps, settings=white)[1](0, 0), [255, 255, 255])
    assert is_near(render_file(picture(600, 600), f"{steps},bg-0000FF", settings=white)[1](0, 0), BLUE)
    assert render_file(picture(600, 600), "w-100,r-max,f-png", settings=white)[1](0, 0)[3] == 0
    assert render_file(picture(600, 600), "w-100,r-max", settings=white)[0].content_type == "image/png"


@pytest.mark.parametrize("colour", ["", "white", "#FFFFFF", "FFFFFF80", "FFF", "GGGGGG"])
def test_an_invalid_background_of_jpegs_is_refused(settings: Settings, colour: str) -> None:
    with pytest.raises(ValueError, match="jpeg_background must be RRGGBB such as FFFFFF"):
        replace(settings, jpeg_background=colour)


def test_rotating_by_other_angles_enlarges_the_canvas(picture: Picture, render_file: Render) -> None:
    _, image = render_file(picture(100, 100), "rt-45,lo-true")
    assert image(0, 0)[3] == 0
    assert is_near(image(70, 20), [*RED, 255])  # the top left quarter points up
    assert is_near(image(120, 70), [*GREEN, 255])
    _, image = render_file(picture(100, 100), "rt-45,bg-0000FF")
    assert image(0, 0) == BLUE


def test_opacity_blends_over_the_opaque_background(picture: Picture, render_file: Render) -> None:
    _, image = render_file(picture(100, 100), "o-50,lo-true")
    assert is_near(image(0, 0), [*RED, 128])
    _, image = render_file(picture(100, 100), "o-50,bg-0000FF20,lo-true")
    assert is_near(image(0, 0), [128, 0, 128])


def test_the_opacity_of_a_background_is_applied_once(picture: Picture, render_file: Render) -> None:
    _, image = render_file(picture(100, 100), "w-200,h-100,cm-pad_resize,bg-00FF0080,lo-true")
    assert image(0, 0) == [*GREEN, 204]
    assert image(60, 10) == [*RED, 255]
    _, image = render_file(picture(100, 100), "w-200,h-100,cm-pad_resize,bg-00FF0080,f-jpg,q-100")
    assert is_near(image(0, 0), [0, 204, 0])


def test_a_blurred_background_is_the_picture_itself(picture: Picture, render_file: Render) -> None:
    _, image = render_file(picture(100, 100), "w-300,h-100,cm-pad_resize,bg-blurred_0")
    assert [image(5, 0), image(295, 99)] == [RED, YELLOW]
    _, darker = render_file(picture(100, 100), "w-300,h-100,cm-pad_resize,bg-blurred_0_N60,lo-true")
    assert 100 < darker(5, 0)[0] < 200
    assert darker(110, 10) == RED
    _, soft = render_file(picture(100, 100), "w-300,h-100,cm-pad_resize,bg-blurred_20,lo-true")
    assert BLUE != soft(5, 55) != RED


def test_dominant_backgrounds_come_from_the_edge(
    picture: Picture, render_file: Render, plain: Plain, tmp_path: Path
) -> None:
    file = tmp_path / "framed.png"
    inner, edge = plain(80, 80, (9, 9, 9)), plain(100, 100, (200, 100, 50))
    edge.insert(inner, 10, 10).insert(plain(100, 30, (0, 0, 255)), 0, 70).write_to_file(str(file))
    _, image = render_file(file, "w-200,h-100,cm-pad_resize,bg-dominant,lo-true")
    assert image(0, 0) == [200, 100, 50]
    _, image = render_file(file, "w-200,h-100,cm-pad_resize,bg-gradient_dominant,lo-true")
    assert [image(0, 0), image(199, 99)] == [[200, 100, 50], BLUE]
    _, image = render_file(picture(100, 100), "w-300,h-100,cm-pad_resize,bg-gradient_dominant_4,lo-true")
    assert {tuple(image(*at)) for at in [(0, 0), (299, 0), (299, 99), (0, 99)]} == {
        tuple(map(float, each)) for each in (RED, GREEN, BLUE, YELLOW)
    }


def test_pictures_can_be_made_grey_and_blurred(picture: Picture, render_file: Render) -> None:
    _, image = render_file(picture(100, 100), "e-grayscale,lo-true")
    assert image(0, 0)[0] == image(0, 0)[1] == image(0, 0)[2]
    assert image(99, 0)[0] > image(0, 0)[0] > image(0, 99)[0]  # green, red, blue by luminance
    _, image = render_file(picture(100, 100), "bl-10,lo-true")
    assert is_near(image(50, 25), [128, 128, 0], 12)
    assert is_near(image(3, 3), RED)


def test_blur_ignores_the_colours_of_transparent_pixels(render_file: Render, plain: Plain, tmp_path: Path) -> None:
    file = tmp_path / "half.png"
    pyvips.Image.arrayjoin([plain(50, 50, (255, 0, 0, 255)), plain(50, 50, (0, 0, 255, 0))]).write_to_file(str(file))
    for steps in ("bl-5,lo-true", "w-75,lo-true", "rt-30,lo-true"):
        _, image = render_file(file, steps)
        middle = image(image.width // 2, image.height // 2)
        assert 0 < middle[3] < 255
        assert is_near(middle[:3], RED, 6)


def test_trim_cuts_a_plain_edge(render_file: Render, plain: Plain, tmp_path: Path) -> None:
    file = tmp_path / "edge.png"
    plain(100, 80, (250, 250, 250)).insert(plain(30, 20, (255, 0, 0)), 10, 40).write_to_file(str(file))
    result, image = render_file(file, "t-true")
    assert read_size(result) == (30, 20)
    assert image(0, 0) == image(29, 19) == RED
    assert read_size(render_file(file, "t-true,w-60")[0]) == (60, 40)
    assert read_size(render_file(file, "t-false")[0]) == (100, 80)
    line = tmp_path / "line.png"
    plain(1, 9, (250, 250, 250)).insert(plain(1, 2, (0, 0, 0)), 0, 4).write_to_file(str(line))
    assert read_size(render_file(line, "t-true")[0]) == (1, 2)
    blank = tmp_path / "blank.png"
    plain(20, 10, (1, 2, 3)).write_to_file(str(blank))
    assert read_size(render_file(blank, "t")[0]) == (20, 10)


def test_trim_treats_alpha_as_a_channel(render_file: Render, plain: Plain, tmp_path: Path) -> None:
    file = tmp_path / "edge.png"
    clear = plain(50, 40, (255, 255, 255, 0)).insert(plain(25, 40, (7, 7, 7, 0)), 0, 0)
    clear.insert(plain(10, 10, (255, 255, 255, 255)), 20, 20).write_to_file(str(file))
    assert read_size(render_file(file, "t-true")[0]) == (10, 10)


def test_the_focus_auto_finds_what_stands_out(render_file: Render, plain: Plain, tmp_path: Path) -> None:
    file = tmp_path / "spot.png"
    plain(400, 100, (90, 90, 90)).insert(plain(40, 40, (255, 80, 60)), 330, 30).write_to_file(str(file))
    for steps in ("w-100,h-100,fo-auto,lo-true", "w-100,h-100,cm-extract,fo-auto,lo-true"):
        result, image = render_file(file, steps)
        assert read_size(result) == (100, 100)
        assert image.extract_band(0).max() == 255
        assert render_file(file, steps.replace(",fo-auto", ""))[1].extract_band(0).max() == 90


def test_the_focus_custom_uses_the_stored_rectangle(picture: Picture, render_file: Render) -> None:
    source = picture(600, 600)
    _, image = render_file(source, "w-100,h-100,fo-custom", custom_coordinates="350,20,100,100")
    assert [image(0, 0), image(99, 99)] == [GREEN, GREEN]
    _, image = render_file(source, "w-100,h-100,cm-extract,fo-custom", custom_coordinates="0,500,10,10")
    assert [image(0, 0), image(99, 99)] == [BLUE, BLUE]
    _, image = render_file(source, "w-100,h-100,fo-custom")
    assert [image(0, 0), image(99, 99)] == [RED, YELLOW]


def test_exif_orientation_is_applied_only_on_request(
    picture: Picture, render_file: Render, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "turned.jpg"
    image = pyvips.Image.new_from_file(str(picture(200, 100))).copy()
    image.set_type(pyvips.GValue.gint_type, "orientation", 6)  # displayed rotated by 90 degrees clockwise
    image.write_to_file(str(file), Q=100, subsample_mode="off")
    assert read_size(render_file(file, "q-90")[0]) == (200, 100)
    for steps in ("rt-auto,q-100", "rt-auto,w-50,q-100", "w-100:rt-auto,q-100"):
        result, turned = render_file(file, steps)
        assert result.height == 2 * result.width
        assert is_near(turned(5, 5), BLUE, 4)
        assert is_near(turned(result.width - 5, 5), RED, 4)
    result, _ = render_file(file, "w-50", settings=replace(settings, auto_orient=True))
    assert read_size(result) == (50, 100)
    assert render_file(file, "rt-auto,md-true")[1].get("orientation") == 1
    assert render_file(file, "w-50,md-true")[1].get("orientation") == 6


@pytest.fixture
def rotated_photograph(picture: Picture, tmp_path: Path) -> Path:
    """A photograph of 200x100 pixels displayed rotated by 90 degrees clockwise: blue and red above yellow and green."""
    file = tmp_path / "lying.jpg"
    image = pyvips.Image.new_from_file(str(picture(200, 100))).copy()
    image.set_type(pyvips.GValue.gint_type, "orientation", 6)
    image.write_to_file(str(file), Q=100, subsample_mode="off")
    return file


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("if-w_gt_100,rt-auto,if-end", (100, 200)),
        ("if-w_gt_100,rt-auto,w-50,if-end", (50, 100)),
        ("if-w_gt_100,rt-auto,w-0.25,if-end", (25, 50)),
        ("if-w_gt_100,rt-auto,w-iw_div_2,if-end", (50, 100)),
        ("if-w_gt_100,rt-auto,t-true,if-end", (100, 200)),
        ("if-w_gt_100,rt-auto:w-50,if-end", (50, 100)),
        ("if-w_gt_100,rt-auto,if-end:w-50", (50, 100)),
        ("if-w_gt_300,w-5,if-else,rt-auto,w-50,if-end", (50, 100)),
        ("if-w_gt_300,w-5,if-end:rt-auto,w-50", (50, 100)),
        ("if-w_gt_300,w-5,if-end:if-w_eq_200,rt-auto,w-50,if-end", (50, 100)),
        ("if-w_gt_300,rt-auto,if-end:w-50", (50, 25)),
        ("if-w_gt_100,rt-auto,if-end:if-h_gt_150,w-50,if-end", (50, 100)),
        ("if-w_gt_100,w-50,if-end:rt-auto", (25, 50)),
    ],
)
def test_a_leading_condition_may_turn_the_picture_upright(
    rotated_photograph: Path, render_file: Render, steps: str, expected: tuple[int, int]
) -> None:
    result, image = render_file(rotated_photograph, f"{steps}:q-100")
    assert read_size(result) == expected
    if result.height > result.width:
        assert is_near(image(2, 2), BLUE, 6)
        assert is_near(image(result.width - 3, 2), RED, 6)
    else:
        assert is_near(image(2, 2), RED, 6)


def test_the_stored_rectangle_applies_to_the_rotated_picture(rotated_photograph: Path, render_file: Render) -> None:
    for steps in ("rt-auto,{}", "if-w_gt_100,rt-auto,{},if-end"):
        crop = steps.format("w-20,h-20,fo-custom,q-100")
        _, image = render_file(rotated_photograph, crop, custom_coordinates="60,10,30,30")
        assert is_near(image(2, 2), RED, 6)
        _, image = render_file(rotated_photograph, crop, custom_coordinates="60,150,30,30")
        assert is_near(image(2, 2), GREEN, 6)


def test_an_automatic_format_depends_on_the_accept_header(picture: Picture, render_file: Render) -> None:
    for suffix, plain_type in (
        (".jpg", "image/jpeg"),
        (".png", "image/png"),
        (".gif", "image/gif"),
        (".webp", "image/jpeg"),
    ):
        source = picture(40, 30, suffix)
        assert render_file(source, "w-20", accept="*/*")[0].content_type == plain_type
        assert render_file(source, "w-20", accept="image/webp,*/*")[0].content_type == "image/webp"


@pytest.mark.parametrize("name", ["jpg", "png", "webp", "avif"])
def test_every_requested_format_is_produced(picture: Picture, render_file: Render, name: str) -> None:
    result, image = render_file(picture(64, 64), f"w-32,f-{name}")
    loader = {"jpg": "jpegload_buffer", "png": "pngload_buffer", "webp": "webpload_buffer", "avif": "heifload_buffer"}
    assert image.get("vips-loader") == loader[name]
    assert result.content_type == f"image/{name.replace('jpg', 'jpeg')}"
    assert is_near(image(2, 2), RED, 12)


def test_avif_and_tiff_can_be_sources(picture: Picture, render_file: Render, settings: Settings) -> None:
    for suffix in (".avif", ".tif"):
        result, image = render_file(picture(64, 64, suffix), "w-32")
        assert (result.content_type, read_size(result)) == ("image/jpeg", (32, 32))
        assert is_near(image(2, 2), RED, 12)
    as_uploaded = replace(settings, best_format=False)
    assert render_file(picture(64, 64, ".tif"), "w-32", settings=as_uploaded)[0].content_type == "image/tiff"
    assert render_file(picture(64, 64, ".avif"), "w-32", settings=as_uploaded)[0].content_type == "image/avif"


def test_jpegs_are_baseline_without_subsampling_unless_progressive(picture: Picture, render_file: Render) -> None:
    source = picture(64, 64, ".jpg")
    _, image = render_file(source, "w-32")
    assert image.get("jpeg-chroma-subsample") == "4:4:4"
    assert image.get("jpeg-multiscan") == 0
    assert render_file(source, "w-32,pr-true")[1].get("jpeg-multiscan") == 1


def test_the_last_quality_determines_the_size(settings: Settings, render_file: Render, tmp_path: Path) -> None:
    file = tmp_path / "noise.png"
    pyvips.Image.gaussnoise(100, 100, sigma=40, mean=128).cast("uchar").write_to_file(str(file))
    sizes = [len(render_file(file, f"f-{f},q-90:q-{q}")[0].content) for f in ("jpg", "webp") for q in (10, 80)]
    assert sizes[0] < sizes[1]
    assert sizes[2] < sizes[3]
    assert render_file(file, "f-jpg")[0].content == render_file(file, "f-jpg,q-80")[0].content


def test_png_has_a_palette_unless_lossless(render_file: Render, tmp_path: Path) -> None:
    file = tmp_path / "colours.png"
    position = pyvips.Image.xyz(256, 256)
    position.bandjoin(128).cast("uchar").copy(interpretation="srgb").write_to_file(str(file))
    assert render_file(file, "q-80")[1].get_typeof("palette")
    _, exact = render_file(file, "lo-true")
    assert not exact.get_typeof("palette")
    assert exact(200, 100) == [200, 100, 128]
    assert render_file(file, "lo-true,f-webp")[1](200, 100) == [200, 100, 128]


def test_metadata_and_profile_are_dropped_unless_kept(render_file: Render, plain: Plain, tmp_path: Path) -> None:
    file = tmp_path / "tagged.jpg"
    image = plain(64, 64, (255, 0, 0)).icc_transform("p3", input_profile="srgb").copy()
    image.set_type(pyvips.GValue.gstr_type, "exif-ifd0-Artist", "Ada")
    image.write_to_file(str(file), Q=100, subsample_mode="off")
    wide = pyvips.Image.new_from_file(str(file))(5, 5)
    assert wide[0] < 245
    _, bare = render_file(file, "w-32,q-100")
    assert is_near(bare(5, 5), RED, 3)  # converted to sRGB
    assert not bare.get_typeof("icc-profile-data")
    _, profiled = render_file(file, "w-32,q-100,cp-true")
    assert is_near(profiled(5, 5), [round(each) for each in wide], 3)
    assert profiled.get_typeof("icc-profile-data")
    assert not profiled.get_typeof("exif-ifd0-Artist")
    _, dense = render_file(file, "w-32,dn-300")
    assert not dense.get_typeof("exif-ifd0-Artist")
    _, tagged = render_file(file, "w-32,md-true")
    assert str(tagged.get("exif-ifd0-Artist")).startswith("Ada")
    assert tagged.get_typeof("icc-profile-data")


def test_density_is_a_tag(picture: Picture, render_file: Render) -> None:
    for suffix in (".jpg", ".png"):
        result, image = render_file(picture(64, 64, suffix), "w-32,dn-300")
        assert read_size(result) == (32, 32)
        assert round(image.xres * 25.4) == 300
        before = pyvips.Image.new_from_file(str(picture(64, 64, suffix))).xres
        _, doubled = render_file(picture(64, 64, suffix), "w-32,dn-idn_mul_2")
        assert doubled.xres == pytest.approx(2 * before, rel=0.02)


def test_grey_cmyk_and_16_bit_sources_become_srgb(render_file: Render, plain: Plain, tmp_path: Path) -> None:
    grey, cmyk, deep = tmp_path / "grey.png", tmp_path / "cmyk.jpg", tmp_path / "deep.png"
    pyvips.Image.black(50, 50).linear([0], [77]).cast("uchar").copy(interpretation="b-w").write_to_file(str(grey))
    plain(50, 50, (0, 255, 255, 0)).copy(interpretation="cmyk").write_to_file(str(cmyk), Q=100)
    deep16 = (plain(50, 50, (255, 128, 0, 128)).cast("ushort") * 257).cast("ushort").copy(interpretation="rgb16")
    deep16.write_to_file(str(deep))
    for steps in ("w-20", "w-20,h-20,cm-extract"):
        assert render_file(grey, steps + ",lo-true,bg-red,b-1_red")[1](5, 5) == [77, 77, 77]
        red, green, blue = render_file(cmyk, steps + ",f-png")[1](5, 5)
        assert red > 180 > 90 > max(green, blue)
        assert render_file(deep, steps + ",lo-true")[1](5, 5) == pytest.approx([255, 128, 0, 128], abs=1)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 158 33"><rect width="79" height="33" fill="#00F"/></svg>'


def test_svg_is_passed_through_until_pixels_are_needed(render_file: Render, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "logo.svg"
    file.write_bytes(SVG)
    for steps in ("w-50", "w-50,f-auto", "f-orig", "dn-300"):
        result = render(file, steps, settings=settings, mime="image/svg+xml", accept="image/webp")
        assert result == Rendered(SVG, "image/svg+xml", 158, 33)
    result, image = render_file(file, "f-png")
    assert (result.content_type, read_size(result)) == ("image/png", (158, 33))
    assert image(100, 10)[3] == 0
    result, image = render_file(file, "f-jpg,w-200,bg-pink,q-100")
    assert read_size(result) == (200, 42)
    assert is_near(image(150, 20), [255, 192, 203])
    assert is_near(image(50, 20), BLUE)


def test_svg_is_drawn_sharp_at_the_requested_size_and_density(render_file: Render, tmp_path: Path) -> None:
    file = tmp_path / "logo.svg"
    file.write_bytes(SVG)
    _, image = render_file(file, "w-1580,f-png,lo-true")
    assert [image(785, 9), image(795, 9)] == [[*BLUE, 255], CLEAR]
    assert read_size(render_file(file, "f-png,dn-144")[0]) == (316, 66)


def test_svg_cannot_include_other_files(render_file: Render, picture: Picture, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(picture(40, 40).read_bytes())
    file = tmp_path / "thief.svg"
    link = '<image href="{}" width="40" height="40"/>'
    links = "".join(link.format(each) for each in ("secret.png", secret.as_uri(), str(secret)))
    file.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">{links}</svg>')
    _, image = render_file(file, "f-png,lo-true")
    assert image.max() == 0


@pytest.fixture
def animation(plain: Plain, tmp_path: Path) -> Path:
    file = tmp_path / "blink.gif"
    frames = [plain(60, 40, colour) for colour in ((255, 0, 0), (0, 255, 0), (0, 0, 255))]
    strip = pyvips.Image.arrayjoin(frames, across=1).copy()
    strip.set_type(pyvips.GValue.gint_type, "page-height", 40)
    strip.set_type(pyvips.GValue.array_int_type, "delay", [100, 200, 300])
    strip.write_to_file(str(file))
    return file


@pytest.mark.parametrize("accept", ["*/*", "image/webp"])
def test_animations_stay_animated(animation: Path, render_file: Render, settings: Settings, accept: str) -> None:
    result = render(animation, "w-30,h-30:rt-90,b-5_white", settings=settings, mime="image/gif", accept=accept)
    strip = pyvips.Image.new_from_buffer(result.content, "", n=-1)
    assert (strip.get("n-pages"), strip.get("page-height"), strip.width) == (3, 40, 40)
    assert strip.get("delay") == [100, 200, 300]
    assert read_size(result) == (40, 40)
    colours = [strip(20, 20 + 40 * frame)[:3] for frame in range(3)]
    assert [is_near(*pair, 12) for pair in zip(colours, (RED, GREEN, BLUE), strict=True)] == [True] * 3
    still = render_file(animation, "w-30,f-png", accept=accept)[1]
    assert not still.get_typeof("n-pages")


@pytest.fixture
def moving_square(plain: Plain, tmp_path: Path) -> Path:
    """An animation of a red square that moves over white from left to right."""
    file = tmp_path / "moving.gif"
    white, square = plain(200, 40, (255, 255, 255)), plain(20, 20, (255, 0, 0))
    strip = pyvips.Image.arrayjoin([white.insert(square, left, 10) for left in (20, 90, 160)], across=1).copy()
    strip.set_type(pyvips.GValue.gint_type, "page-height", 40)
    strip.write_to_file(str(file))
    return file


def read_frames(rendered: Rendered) -> list[pyvips.Image]:
    strip = pyvips.Image.new_from_buffer(rendered.content, "", n=-1)
    return [strip.extract_area(0, top, *read_size(rendered)) for top in range(0, strip.height, rendered.height)]


def render_gif(source: Path, steps: str, settings: Settings) -> list[pyvips.Image]:
    return read_frames(render(source, steps, settings=settings, mime="image/gif"))


def test_trimming_an_animation_keeps_what_moves(moving_square: Path, settings: Settings) -> None:
    frames = render_gif(moving_square, "t-true", settings)
    assert [(frame.width, frame.height) for frame in frames] == [(160, 20)] * 3
    assert [is_near(frame(left, 10)[:3], RED) for frame, left in zip(frames, (5, 75, 145), strict=True)] == [True] * 3


def test_the_focus_auto_follows_the_frames_together(moving_square: Path, settings: Settings) -> None:
    for steps in ("w-40,h-40,fo-auto", "w-40,h-40,cm-extract,fo-auto"):
        frames = render_gif(moving_square, steps, settings)
        assert is_near(frames[1](20, 20)[:3], RED)  # halfway


def test_colours_of_an_animation_are_measured_on_all_frames(plain: Plain, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "colours.gif"
    grey, blue = plain(60, 40, (100, 100, 100)), plain(60, 40, (0, 0, 200))
    dotted = blue.insert(plain(5, 5, (0, 0, 150)), 9, 9)
    strip = pyvips.Image.arrayjoin([grey.insert(plain(60, 10, (160, 160, 160)), 0, 0), blue, dotted], across=1).copy()
    strip.set_type(pyvips.GValue.gint_type, "page-height", 40)
    strip.write_to_file(str(file))
    padded = render_gif(file, "w-100,h-40,cm-pad_resize,bg-dominant", settings)
    assert [is_near(frame(2, 20)[:3], [0, 0, 200], 9) for frame in padded] == [True] * 3
    replaced = render_gif(file, "cr-yellow_10", settings)
    assert is_near(replaced[0](30, 30)[:3], [100, 100, 100], 9)
    assert is_near(replaced[1](30, 30)[:3], YELLOW, 9)
    stretched = render_gif(file, "e-contrast", settings)
    assert is_near(stretched[0](30, 5)[:3], [255, 255, 255], 9)
    assert stretched[0](30, 30)[0] < 140  # the darkest pixel of this frame would be black if frames were measured alone


def test_avif_has_a_warning_that_it_contains_only_one_frame(
    animation: Path, picture: Picture, render_file: Render
) -> None:
    result, image = render_file(animation, "w-30,f-avif", mime="image/gif")
    assert not image.get_typeof("n-pages") or image.get("n-pages") == 1
    assert result.warnings == ("the AVIF file contains only the first frame of the animation",)
    assert render_file(picture(64, 64, ".gif"), "w-30,f-avif")[0].warnings == ()
    assert render_file(animation, "w-30,f-png", mime="image/gif")[0].warnings == ()


def test_conditions_are_refused_for_gif(animation: Path, render_file: Render) -> None:
    with pytest.raises(TransformationError, match="code 'if' is not available for GIF"):
        render_file(animation, "if-w_gt_1,w-5,if-end")


def test_original_ignores_everything_else(picture: Picture, render_file: Render) -> None:
    source = picture(64, 64, ".jpg")
    result, _ = render_file(source, "w-5,orig-true:e-bgremove", mime="image/jpeg")
    assert result == Rendered(source.read_bytes(), "image/jpeg", 64, 64)


def test_client_hints_decide_automatic_sizes(picture: Picture, render_file: Render) -> None:
    assert read_size(render_file(picture(600, 600), "w-auto,dpr-auto", hints=ClientHints(212, 2))[0]) == (300, 300)


@pytest.mark.parametrize(
    ("steps", "status", "message"),
    [
        ("w-300,h-300,cm-extract,xc-10,yc-10", 400, "EINVAL - code 'cm-extract' must stay inside the picture"),
        ("w-65535,h-65535", 400, "ELIMIT - pictures must have at most 100 megapixels"),
        ("w-9000,b-9000_red", 400, "ELIMIT"),
        ("w-9000,rt-45", 400, "ELIMIT"),
        ("bg-blurred", 400, "EINVAL - code 'bg' allows blurred only with cm-pad_resize and both w and h"),
        ("b-cw_sub_9999_red", 400, "EINVAL - code 'b' must have a width of at least 0 px"),
        ("dn-idn_mul_999", 400, "EINVAL - code 'dn' must be from 1 to 1200"),
        ("w-5:w-cw_sub_5", 400, "EINVAL - code 'w' must be above 0"),
        ("e-upscale", 501, "EUNSUPPORTED - e-upscale needs an AI service"),
    ],
)
def test_steps_that_cannot_be_rendered_are_refused(
    picture: Picture, render_file: Render, steps: str, status: int, message: str
) -> None:
    with pytest.raises(TransformationError) as caught:
        render_file(picture(640, 865), steps)
    assert str(caught.value).startswith(message)
    assert caught.value.status == status


def test_files_that_are_not_pictures_are_refused(render_file: Render, picture: Picture, tmp_path: Path) -> None:
    text, cut_short = tmp_path / "text.png", tmp_path / "short.jpg"
    text.write_text("1,2,3\n4,5,6\n")
    with pytest.raises(TransformationError, match="the file cannot be read as a picture") as caught:
        render_file(text, "w-5")
    assert caught.value.status == 415
    content = picture(640, 865, ".jpg").read_bytes()
    cut_short.write_bytes(content[: len(content) // 2])
    for steps in ("w-5", "rt-90", "t-true"):
        with pytest.raises(TransformationError, match="the JPEG file cannot be read as a picture: ") as caught:
            render_file(cut_short, steps)
        assert caught.value.status == 415


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"?" * 50, "PNG"),
        (b"RIFF\x00\x01\x00\x00WEBP????", "WebP"),
        (b"\xff\x0a" + b"?" * 50, "JXL"),
        (b"8BPS" + b"?" * 50, "PSD"),
        (b"\x00\x00\x01\x00" + b"?" * 50, "ICO"),
        (b"\x00\x00\x00\x1cftypheic" + b"?" * 50, "HEIC"),
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n" + b"?" * 50, "JPEG 2000"),
    ],
)
def test_the_error_for_an_unreadable_file_names_its_format(
    render_file: Render, tmp_path: Path, content: bytes, name: str
) -> None:
    file = tmp_path / "picture"
    file.write_bytes(content)
    with pytest.raises(TransformationError) as caught:
        render_file(file, "w-5")
    assert (caught.value.status, caught.value.code) == (415, "EUNSUPPORTED")
    assert caught.value.message.startswith(f"the {name} file cannot be read as a picture: ")


@pytest.mark.parametrize("name", ["scene.heic", "turned.heic"])
def test_without_pillow_the_error_says_what_to_install(
    render_file: Render, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(TransformationError) as caught:
        render_file(DATA / name, "w-5")
    assert caught.value.status == 415
    install = 'install imagekitio with the extra "formats" (README, "Installation")'
    assert caught.value.message == f"to read HEIC, {install}"


@pytest.mark.parametrize("steps", ["", "rt-auto,"])
def test_phone_photos_are_rendered_upright(render_file: Render, steps: str) -> None:
    result, image = render_file(DATA / "turned.heic", steps + "q-100")
    assert (result.content_type, read_size(result)) == ("image/jpeg", (20, 40))
    assert is_near(image(10, 5), BLUE, 6)
    assert is_near(image(10, 35), RED, 6)
    assert not image.get_typeof("icc-profile-data")
    assert read_size(render_file(DATA / "turned.heic", steps + "w-10")[0]) == (10, 20)
    _, tagged = render_file(DATA / "turned.heic", steps + "md-true")
    assert str(tagged.get("exif-ifd0-Make")).startswith("Canon")
    assert tagged.get_typeof("icc-profile-data")
    assert tagged.get("orientation") == 1


def test_a_heic_photo_is_rendered_faithfully(render_file: Render) -> None:
    _, image = render_file(DATA / "scene.heic", "lo-true,f-png")
    picture = pillow_heif.open_heif(DATA / "scene.heic").to_pillow()
    for x, y in ((10, 10), (400, 300), (790, 590)):
        assert is_near(image(x, y), list(picture.crop((x, y, x + 1, y + 1)).tobytes()))
    assert render_file(DATA / "scene.heic", "w-100", accept="image/webp")[0].content_type == "image/webp"
    assert read_size(render_file(DATA / "scene.heic", "w-100,h-100,fo-auto:rt-30")[0]) == (137, 137)


def test_colour_profiles_of_pillow_formats_are_applied(render_file: Render, plain: Plain, tmp_path: Path) -> None:
    wide = plain(16, 16, (255, 0, 0)).icc_transform("p3", input_profile="srgb")
    profile: Any = wide.get("icc-profile-data")
    red, green, blue = (int(value) for value in wide(3, 3))
    file = tmp_path / "wide.heic"
    heic = pillow_heif.from_pillow(Image.new("RGB", (64, 64), (red, green, blue)))
    heic.save(file, quality=100, icc_profile=profile)
    assert is_near(render_file(file, "w-32,q-100")[1](5, 5), RED, 6)
    assert is_near(render_file(file, "w-32,q-100,cp-true")[1](5, 5), [red, green, blue], 6)


def test_alpha_of_pillow_formats_is_kept(render_file: Render, tmp_path: Path) -> None:
    for name in ("a.ico", "a.jp2", "a.heic"):
        picture = Image.new("RGBA", (32, 32), (255, 0, 0, 128))
        with (tmp_path / name).open("wb") as file:
            if name == "a.heic":
                pillow_heif.from_pillow(picture).save(file, quality=100)
            else:
                picture.save(file, {"a.ico": "ICO", "a.jp2": "JPEG2000"}[name])
        result, image = render_file(tmp_path / name, "w-16", accept="*/*")
        assert result.content_type == "image/png"
        assert is_near(image(5, 5), [255, 0, 0, 128], 4)


def test_layers_may_be_in_pillow_formats(render_file: Render, picture: Picture) -> None:
    library = {"/photo": LayerFile(DATA / "turned.heic")}.get
    _, image = render_file(picture(64, 64), "l-image,i-photo,lx-0,ly-0,t-false,l-end,lo-true", library=library)
    assert is_near(image(10, 5)[:3], BLUE, 6)
    assert is_near(image(25, 5)[:3], RED, 6)


def test_pillow_formats_respect_the_limits(render_file: Render, settings: Settings) -> None:
    with pytest.raises(TransformationError, match="ELIMIT"):
        render_file(DATA / "scene.heic", "w-5", settings=replace(settings, max_pixels=800 * 600 - 1))
    with pytest.raises(TransformationError, match="code 'pg' must be from 1 to 1 for this file"):
        render(DATA / "scene.heic", Transformation.parse("pg-2", still=True), settings=settings, mime="image/heic")


def test_an_ultrahdr_photo_is_a_jpeg(render_file: Render, settings: Settings) -> None:
    source = DATA / "ultrahdr.jpg"
    plain = pyvips.Image.jpegload(str(source))
    assert not plain.get_typeof("gainmap-data")
    for steps in ("cp-true,q-100", "w-480,h-320,c-force,cp-true,q-100"):
        result, image = render_file(source, steps)
        assert (result.content_type, read_size(result)) == ("image/jpeg", (480, 320))
        assert is_near(image(200, 200), [round(each) for each in plain(200, 200)], 6)
    for steps in ("w-48", "md-true,rt-90", "md-true,w-48", "cp-true,e-contrast"):
        _, image = render_file(source, steps)
        assert [name for name in image.get_fields() if name.startswith("gainmap")] == []
    still = render(source, Transformation.parse("", still=True), settings=settings, mime="image/jpeg")
    assert (still.content_type, read_size(still)) == ("image/jpeg", (480, 320))


def test_files_beyond_the_limits_are_refused(
    picture: Picture, render_file: Render, settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(TransformationError, match="ELIMIT - the file must be at most 9 bytes"):
        render_file(picture(64, 64), "w-5", settings=replace(settings, max_source_bytes=9))
    with pytest.raises(TransformationError, match="ELIMIT - pictures must have at most"):
        render_file(picture(64, 64), "w-5", settings=replace(settings, max_pixels=4095))
    vector = tmp_path / "large.svg"
    vector.write_bytes(SVG + b" " * 5 * 1_048_576)
    with pytest.raises(TransformationError, match="a vector picture must be at most"):
        render_file(vector, "w-5,f-png")


def test_a_narrow_window_of_an_enormously_scaled_picture_is_rendered_quickly(
    picture: Picture, render_file: Render
) -> None:
    result, _ = render_file(picture(2, 2000), "w-1000,h-10,f-png")
    assert read_size(result) == (1000, 10)


def test_simultaneous_renderings_do_not_affect_one_another(picture: Picture, settings: Settings) -> None:
    source = picture(640, 865, ".jpg")
    steps = [f"w-{width},rt-{width},r-max,f-png" for width in range(50, 58)]
    alone = [render(source, each, settings=settings, mime="image/jpeg") for each in steps]
    together: dict[str, Rendered] = {}

    def work(each: str) -> None:
        together[each] = render(source, each, settings=settings, mime="image/jpeg")

    threads = [threading.Thread(target=work, args=(each,)) for each in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[each] for each in steps] == alone
