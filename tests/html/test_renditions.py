from __future__ import annotations

from typing import Any, NamedTuple

import pytest
import pyvips
from hypothesis import given, settings
from hypothesis import strategies as st

from imagekitio.html.renditions import find_size, is_transparent, read_steps
from imagekitio.local.base.settings import Settings
from imagekitio.local.rendering import LayerFile, TransformationError, render
from imagekitio.local.rendering.drawing.area import Size
from imagekitio.local.rendering.geometry import Request, plan
from imagekitio.local.rendering.language.values import CROP_MODES, CROPS


class File(NamedTuple):
    width: int | None
    height: int | None
    orientation: int | None = None
    has_alpha: bool | None = None
    file_path: str = "/a.jpg"


def size_of(transformation: Any, file: File | None = None) -> Any:
    return find_size(read_steps(transformation), file)


# Steps to compare with what local ImageKit renders: the size, and whether the picture is transparent. Left out are the
# two ways in which a colour with an alpha value makes a picture transparent.
_ITEMS = """
    w-5 w-0.5 w-40 w-70.6 w-.3 w-iw_mul_2 w-1 h-70 h-0.45 h-ih_div_3 h-20 ar-4-3 ar-1.5 ar-3_4 ar-iar dpr-2
    rt-90 rt-180 rt-N90 rt-45 rt-auto fl-h t-true q-50 f-png bl-3 o-50 r-max r-3 fo-auto fo-top_left fo-custom
    e-sharpen e-usm e-contrast e-grayscale e-colorize cr-red_0_blue e-gradient e-shadow e-distort-a-30 b-5_red bg-red
    cm-extract cm-pad_resize cm-pad_extract cm-pad_resize_no_enlarge cm-pad_extract_no_shrink
    c-maintain_ratio c-force c-at_max c-at_max_enlarge c-at_least c-maintain_ratio_no_enlarge x-3 xc-9
    if-w_gt_30,w-20,if-end n-ik_ml_thumbnail orig-true lo-true
    l-text,i-Hi,fs-9,l-end l-image,i-logo.png,l-end l-image,i-logo.png,lm-cutter,l-end
    l-image,i-logo.png,lm-cutout,l-end oi-logo.png ot-Hi
"""
_item = st.sampled_from(_ITEMS.split())
_steps = st.lists(st.lists(_item, min_size=1, max_size=4, unique_by=lambda item: item.partition("-")[0]), max_size=3)


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("pictures")
    scene = pyvips.Image.xyz(60, 45).bandjoin(9).cast("uchar").copy(interpretation="srgb")
    scene.write_to_file(str(folder / "scene.jpg"))
    scene.bandjoin(128).write_to_file(str(folder / "logo.png"))
    turned = scene.copy()
    turned.set_type(pyvips.GValue.gint_type, "orientation", 6)
    turned.write_to_file(str(folder / "turned.jpg"))
    return Settings(data=folder, url_endpoint="http://127.0.0.1/local", max_pixels=2_000_000)


@given(steps=_steps, orientation=st.sampled_from([1, 6]), is_known=st.booleans())
@settings(max_examples=150, deadline=None)
@pytest.mark.slow
def test_the_predicted_size_and_transparency_match_local_imagekit(
    account: Settings, steps: list[list[str]], orientation: int, is_known: bool
) -> None:
    text = ":".join(",".join(step) for step in steps)
    source = account.data / ("scene.jpg" if orientation == 1 else "turned.jpg")
    library = {"/logo.png": LayerFile(account.data / "logo.png")}
    try:
        made = render(source, f"{text}:f-png" if text else "f-png", settings=account, mime="", library=library.get)
    except TransformationError:
        return  # no picture, no size
    read, file = read_steps([{"raw": text}]), File(60, 45, orientation)
    assert find_size(read, file if is_known else None) in (None, (made.width, made.height))
    image: Any = pyvips.Image.new_from_buffer(made.content, "")
    if image.hasalpha() and image[3].min() < 255:
        assert is_transparent(read, file)


_side = st.integers(1, 3000)


@pytest.mark.parametrize("mode", sorted({*CROPS, *CROP_MODES}))
@given(_side, _side, st.none() | _side, st.none() | _side)
def test_every_crop_gives_the_size_that_local_imagekit_plans(
    mode: str, across: int, down: int, width: int | None, height: int | None
) -> None:
    step = {"width": width, "height": height, "crop_mode" if mode in CROP_MODES else "crop": mode}
    assert size_of([step], File(across, down)) == plan(Size(across, down), Request(width, height, mode)).size


@pytest.mark.parametrize(
    ("transformation", "size"),
    [
        (None, (1200, 800)),
        ([], (1200, 800)),
        ([{"quality": 50, "format": "webp"}], (1200, 800)),
        ([{"width": 300}], (300, 200)),
        ({"w": 300.0}, (300, 200)),
        ([{"height": 0.5}], (600, 400)),
        ([{"width": 300, "height": 300}], (300, 300)),
        ([{"width": 2400, "height": 2400, "crop": "at_max"}], (1200, 800)),
        ([{"width": 400, "aspect_ratio": "4-3"}], (400, 300)),
        ([{"width": 400, "aspect_ratio": "4_3"}], (400, 300)),
        ([{"aspect_ratio": "4-3"}], (1200, 800)),
        ([{"raw": "w-300,h-100"}], (300, 100)),
        ([{"width": 300, "rotation": 90}], (200, 300)),
        ([{"width": 300, "rotation": -90}], (200, 300)),
        ([{"trim": True, "width": 300, "height": 300, "crop_mode": "pad_resize"}], (300, 300)),
        ([{"trim": True}, {"width": 300, "height": 300}], (300, 300)),
        ([{"named": "card"}, {"width": 300, "height": 300}], (300, 300)),
        ([{"width": 300, "height": 300, "focus": "face"}], (300, 300)),
        ([{"width": 300, "overlay": {"type": "text", "text": "a"}}], (300, 200)),
        ([{"width": 1, "height": 1}], (1, 1)),
        ([{"width": 0.0001}], (1, 1)),
    ],
)
def test_the_size_follows_from_the_file_and_the_steps(transformation: Any, size: tuple[int, int]) -> None:
    assert size_of(transformation, File(1200, 800)) == size


@pytest.mark.parametrize(
    "transformation",
    [
        [{"trim": True}],
        [{"width": 300, "trim": True}],
        [{"named": "card"}],
        [{"width": 300, "height": 300, "named": "card"}],
        [{"width": 300, "border": "5_red"}],
        [{"width": "iw_div_2"}],
        [{"width": "auto"}],
        [{"width": 300, "aspect_ratio": "iar"}],
        [{"width": 300, "aspect_ratio": "4-0"}],
        [{"width": 300, "dpr": 2}],
        [{"width": 0}],
        [{"width": 65_536}],
        [{"width": -300}],
        [{"rotation": 45}],
        [{"rotation": "auto"}],
        [{"width": 300}, {"rotation": "auto"}],
        [{"width": 300, "focus": "face"}],
        [{"focus": "face"}],
        [{"width": 300, "height": 300, "crop": "unheard_of"}],
        [{"raw": "if-w_gt_300,w-300,if-end"}],
        [{"width": 300, "height": 300}, {"original": True}],
        [{"original": True}, {"width": 300, "height": 300}],
        [{"overlay": {"type": "image", "input": "/b.png", "layer_mode": "cutter"}}],
        [{"unheard_of": 3}],
    ],
)
def test_an_unpredictable_size_is_none(transformation: Any) -> None:
    assert size_of(transformation, File(1200, 800)) is None


@pytest.mark.parametrize(
    ("transformation", "size"),
    [
        (None, None),
        ([{"width": 300}], None),
        ([{"width": 0.5, "height": 300}], None),
        ([{"width": 300, "height": 200, "crop": "at_max"}], None),
        ([{"width": 300, "height": 200}], (300, 200)),
        ([{"height": 300, "aspect_ratio": 1.5, "crop_mode": "pad_resize"}], (450, 300)),
        ([{"quality": 50}, {"width": 300, "height": 200}, {"width": 150}], (150, 100)),
    ],
)
def test_a_crop_to_a_fixed_size_is_known_without_the_file(transformation: Any, size: tuple[int, int] | None) -> None:
    assert size_of(transformation) == size
    assert size_of(transformation, File(None, None)) == size
    assert size_of(transformation, File(0, 0)) == size


@pytest.mark.parametrize(
    ("orientation", "upright", "as_it_is"),
    [(None, None, (1200, 800)), (1, (1200, 800), (1200, 800)), (3, (1200, 800), (1200, 800)), (6, (800, 1200), None)],
)
def test_a_photograph_taken_sideways_has_a_known_size_only_if_it_is_rotated(
    orientation: int | None, upright: tuple[int, int] | None, as_it_is: tuple[int, int] | None
) -> None:
    file = File(1200, 800, orientation)
    assert size_of([{"rotation": "auto"}], file) == upright
    assert size_of([{"quality": 50}], file) == as_it_is


@pytest.mark.parametrize(
    ("transformation", "expected"),
    [
        (None, False),
        ([{"width": 300, "height": 300, "rotation": "auto"}], False),
        ([{"rotation": 90}], False),
        ([{"rotation": 45}], True),
        ([{"width": 300}, {"radius": 20}], True),
        ([{"r": "max"}], True),
        ([{"opacity": 50}], True),
        ([{"ai_remove_background": True}], True),
        ([{"ai_remove_background": False}], False),
        ([{"overlay": {"type": "text", "text": "a"}}], False),
        ([{"overlay": {"type": "text", "text": "a", "layer_mode": "cutout"}}], True),
    ],
)
def test_transparency_that_the_steps_make_is_known(transformation: Any, expected: bool) -> None:
    assert is_transparent(read_steps(transformation), None) is expected


@pytest.mark.parametrize(("has_alpha", "expected"), [(True, True), (False, False), (None, False)])
def test_transparency_of_the_file_is_known(has_alpha: bool | None, expected: bool) -> None:
    assert is_transparent([], File(1200, 800, has_alpha=has_alpha)) is expected
