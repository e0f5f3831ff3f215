"""Rendering layers on pictures with `render`."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pyvips

from imagekitio.local.rendering import LayerFile, Rendered, TransformationError, render

if TYPE_CHECKING:
    from imagekitio.local.base.settings import Settings

RED, GREEN, BLUE, YELLOW = [255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0]

Picture = Callable[..., Path]
Plain = Callable[..., pyvips.Image]
Show = Callable[..., pyvips.Image]


@pytest.fixture
def library(tmp_path: Path, picture: Picture, plain: Plain) -> dict[str, LayerFile]:
    framed = tmp_path / "framed.png"
    plain(20, 10, (0, 0, 255)).embed(15, 25, 60, 60, extend="background", background=[255, 255, 255]).write_to_file(
        str(framed)
    )
    upright = tmp_path / "turned.jpg"
    turned = plain(40, 20, (0, 0, 255)).copy()
    turned.set_type(pyvips.GValue.gint_type, "orientation", 6)
    turned.write_to_file(str(upright))
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    package = find_spec("font_roboto")
    assert package is not None
    assert package.submodule_search_locations
    return {
        "/a.png": LayerFile(picture(40, 20), "20,0,10,10"),
        "/framed.png": LayerFile(framed),
        "/turned.jpg": LayerFile(upright),
        "/broken.png": LayerFile(broken),
        "/fonts/black.ttf": LayerFile(Path(package.submodule_search_locations[0], "files", "Roboto-Black.ttf")),
    }


@pytest.fixture
def show(settings: Settings, tmp_path: Path, plain: Plain, library: dict[str, LayerFile]) -> Show:
    """A function that renders steps on a black picture of 200x100 pixels."""
    file = tmp_path / "base.png"
    plain(200, 100, (0, 0, 0)).write_to_file(str(file))

    def run(steps: str, **options: Any) -> pyvips.Image:
        made: Rendered = render(
            file, f"{steps}:f-png,lo-true", settings=settings, mime="image/png", library=library.get, **options
        )
        image = pyvips.Image.new_from_buffer(made.content, "")
        return image.extract_band(0, n=3) if image.bands == 4 and image[3].min() == 255 else image

    return run


def find_box(image: pyvips.Image) -> tuple[int, ...]:
    """Return the box outside of which the picture is black."""
    left, top, width, height = image.find_trim(background=[0, 0, 0], threshold=1, line_art=True)
    return left, top, width, height


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        ("i-a.png,t-false", (80, 40, 40, 20)),
        ("i-a.png,t-false,w-20", (90, 45, 20, 10)),
        ("i-a.png,t-false,w-0.5,lx-0,ly-0", (0, 0, 20, 10)),  # of its own width
        ("i-a.png,t-false,w-bw_div_2,lx-0,ly-0", (0, 0, 100, 50)),
        ("i-a.png,t-false,w-iw_mul_2,lx-0,ly-0", (0, 0, 80, 40)),
        ("i-a.png,t-false,w-20:w-cw_mul_2,lx-0,ly-0", (0, 0, 40, 20)),
        ("i-a.png,t-false,w-10,h-10,lfo-bottom_right", (190, 90, 10, 10)),
        ("i-a.png,t-false,rt-90,lx-N5,ly-N0", (175, 60, 20, 40)),
        ("i-a.png,t-false,b-5_red,lx-0,ly-0", (0, 0, 50, 30)),
        ("i-a.png,t-false,lx-190,ly-95", (190, 95, 10, 5)),  # cut off at the edge
        ("i-framed.png,lx-0,ly-0", (0, 0, 20, 10)),  # trimmed by default
        ("i-framed.png,w-40,lx-0,ly-0", (0, 0, 40, 20)),
        ("i-framed.png,t-false,lx-0,ly-0", (0, 0, 60, 60)),
        ("i-turned.jpg,t-false,lx-0,ly-0", (0, 0, 40, 20)),
        ("i-turned.jpg,t-false,rt-auto,lx-0,ly-0", (0, 0, 20, 40)),
        ("i-ik_canvas,bg-red,w-50,h-bh_div_2,lfo-top", (75, 0, 50, 50)),
        ("i-ik_canvas,bg-red,w-0.25", (75, 0, 50, 100)),
        ("i-ik_canvas,bg-red,w-50,h-10:rt-90,lx-0,ly-0", (0, 0, 10, 50)),
    ],
)
def test_a_layer_has_the_right_position_and_size(show: Show, layer: str, expected: tuple[int, ...]) -> None:
    assert find_box(show(f"l-image,{layer},l-end")) == expected


def test_the_parent_is_the_picture_after_the_step_of_the_layer(show: Show) -> None:
    assert find_box(show("w-100,l-image,i-ik_canvas,bg-red,w-bw,h-5,ly-N0,l-end")) == (0, 45, 100, 5)
    assert find_box(show("rt-90,l-image,i-ik_canvas,bg-red,w-bw,h-5,ly-N0,l-end")) == (0, 195, 100, 5)


def test_layers_are_stacked_in_the_order_of_the_steps(show: Show) -> None:
    red, blue = (f"l-image,i-ik_canvas,bg-{colour},w-50,h-50,l-end" for colour in ("red", "blue"))
    assert show(f"{red},{blue}")(100, 50) == BLUE
    assert show(f"{blue}:{red}")(100, 50) == RED


def test_nested_layers_are_positioned_relative_to_their_parent_layer(show: Show) -> None:
    image = show(
        "l-image,i-ik_canvas,bg-red,w-100,h-60,lx-20,ly-10,"
        "l-image,i-ik_canvas,bg-blue,w-bw_div_2,h-30,lx-0,ly-0,"
        "l-image,i-ik_canvas,bg-yellow,w-10,h-10,lx-N0,ly-0,l-end,l-end,l-end"
    )
    assert [image(*at) for at in [(20, 10), (69, 19), (59, 19), (69, 21), (70, 10), (119, 69), (120, 70)]] == [
        BLUE,
        YELLOW,
        BLUE,
        BLUE,
        RED,
        RED,
        [0, 0, 0],
    ]


def test_a_condition_inside_a_layer_tests_the_layer(show: Show) -> None:
    layer = "l-image,i-a.png,lx-0,ly-0:if-w_gt_{},w-10,h-10,if-else,w-30,h-10,if-end,l-end"
    assert find_box(show(layer.format(39))) == (0, 0, 10, 10)
    assert find_box(show(layer.format(41))) == (0, 0, 30, 10)


def test_a_condition_inside_a_layer_may_use_the_size_of_the_parent(show: Show) -> None:
    assert find_box(show("l-image,i-a.png,lx-0,ly-0,t-false:if-w_gt_39,w-bw_div_2,if-end,l-end")) == (0, 0, 100, 50)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("if-w_eq_40,rt-auto,if-end", (0, 0, 20, 40)),
        ("if-w_eq_41,w-5,if-else,rt-auto,if-end", (0, 0, 20, 40)),
        ("if-w_eq_41,rt-auto,if-end", (0, 0, 40, 20)),
    ],
)
def test_a_condition_at_the_start_of_a_layer_can_turn_it_upright(
    show: Show, steps: str, expected: tuple[int, ...]
) -> None:
    assert find_box(show(f"l-image,i-turned.jpg,t-false,lx-0,ly-0:{steps},l-end")) == expected


def test_a_layer_in_a_branch_is_drawn_when_the_branch_is_taken(show: Show) -> None:
    steps = "if-w_eq_200,l-image,i-ik_canvas,bg-red,w-10,h-10,l-end,if-else,l-image,i-none.png,l-end,if-end"
    assert find_box(show(steps)) == (95, 45, 10, 10)


def test_a_layer_uses_its_own_custom_coordinates(show: Show) -> None:
    image = show("l-image,i-a.png,t-false,cm-extract,w-10,h-10,fo-custom,lx-0,ly-0,l-end")
    assert image(5, 5) == GREEN


def test_a_background_fills_the_hole_that_a_layer_cut_out(show: Show) -> None:
    image = show("bg-yellow,l-image,i-ik_canvas,w-20,h-20,lm-cutout,l-end")
    assert image(100, 50) == YELLOW
    assert image(0, 0) == [0, 0, 0]


def test_letters_can_be_drawn_in_a_font_of_the_library(show: Show) -> None:
    steps = "l-text,i-nnn,fs-60,co-white,lx-0,ly-0{},l-end"
    assert show(steps.format(",ff-fonts@@black.ttf")).avg() > show(steps.format("")).avg() * 1.3


@pytest.mark.parametrize(
    ("steps", "status", "message"),
    [
        ("l-image,i-none.png,l-end", 404, "there is no file at /none.png, which a layer needs"),
        ("l-image,i-broken.png,l-end", 415, "layer /broken.png: the file cannot be read as a picture"),
        ("l-text,i-x,ff-broken.ttf,l-end", 404, "there is no file at /broken.ttf"),
        ("l-image,i-a.png,pg-2,l-end", 400, "layer /a.png: code 'pg' must be from 1 to 1 for this file"),
        ("l-image,i-ik_canvas,w-iw,l-end", 400, "code 'w' may use bar, bh, bw here (got 'iw')"),
        ("l-text,i-x,w-cw_div_2,l-end", 400, "code 'w' may use bar, bh, bw here (got 'cw')"),
        ("l-image,i-a.png,lx-bw_div_0,l-end", 400, "code 'lx' must not divide by zero"),
        ("w-bw_div_2", 400, "code 'w' allows bw only inside a layer"),
        ("l-image,i-a.png,l-image,i-a.png,l-image,i-a.png,l-image,i-a.png" + ",l-end" * 4, 400, "must not nest deeper"),
        ("l-image,i-a.png,w-0,l-end", 400, "code 'w' must be above 0"),
        ("w-2000,h-2000:e-shadow", 400, "code 'e-shadow' allows pictures of at most 2 megapixels (got 2000x2000)"),
        ("e-gradient-sp-iw_sub_iw", 400, "code 'e-gradient' must have a stop point (sp) above 0 (got 0)"),
    ],
)
def test_errors_about_layers_say_what_is_wrong(show: Show, steps: str, status: int, message: str) -> None:
    with pytest.raises(TransformationError) as caught:
        show(steps)
    assert caught.value.status == status
    assert message in caught.value.message


def test_the_unsharp_mask_rules_out_avif(settings: Settings, picture: Picture) -> None:
    def render_type(steps: str) -> str:
        return render(picture(40, 20), steps, settings=settings, mime="image/png").content_type

    assert render_type("f-avif") == "image/avif"
    assert render_type("e-usm-1-1-1-0,f-avif") == "image/png"
