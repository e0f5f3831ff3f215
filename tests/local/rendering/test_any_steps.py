"""Any steps result in a picture or in an error that says what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pyvips
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imagekitio.local.base.settings import Settings
from imagekitio.local.rendering import LayerFile, TransformationError, render

if TYPE_CHECKING:
    from pathlib import Path

_ITEMS = """
    w-5 w-0.5 w-40 w-iw_mul_2 h-70 h-ih_div_3 rt-90 rt-45 rt-N30 rt-auto fl-h t-true t-30 bl-3 o-50 r-max r-1_2_max_4
    fo-auto e-sharpen e-usm e-contrast e-grayscale e-colorize cr-red cr-red_0_blue e-gradient-ld-45_sp-0.3
    e-shadow-bl-3_x-N100 e-distort-a-N300 e-distort-a-3 e-distort-p-N5_0_60_3_70_50_0_50 b-5_red b-3_FF000050 bg-red
    bg-FF000050 bg-dominant cm-extract cm-pad_resize cm-pad_extract c-force c-at_max
"""
_POSITIONS = (
    "lx-5 lx-N0 lx-900 ly-N900 ly-bh_div_2 lxc-3 lap-center lfo-top lm-multiply lm-cutter lm-cutout lm-displace,x-9"
)
_STYLES = "fs-20 w-60 bg-red pa-3_4 tg-b lh-30 ia-left rt-30 r-max co-red al-5 fl-h lm-cutter lx-N5 ly-900"

_item = st.sampled_from(_ITEMS.split())
_text = st.lists(st.sampled_from(_STYLES.split()), max_size=5).map(
    lambda styles: ",".join(["l-text,i-Hello big world", *styles, "l-end"])
)
_content = st.sampled_from(["i-logo.png", "i-logo.png,t-false", "i-ik_canvas", "i-ik_canvas,bg-FF000050"])


def _layer(steps: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    parts = st.tuples(_content, st.lists(st.sampled_from(_POSITIONS.split()), max_size=3).map(",".join), steps)
    return parts.map(lambda parts: ",".join(["l-image", *filter(None, parts), "l-end"])) | _text


def _steps(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    step = st.lists(inner, min_size=1, max_size=4).map(",".join)
    return st.lists(step, min_size=1, max_size=3).map(":".join)


_plain = _steps(_item)
_chain = _steps(_item | _layer(_steps(_item | _layer(_plain))))


@pytest.mark.slow
@given(st.sampled_from(["scene.jpg", "logo.png", "move.gif"]), _chain)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_steps_result_in_a_picture_or_a_clear_error(tmp_path: Path, source: str, steps: str) -> None:
    if not (tmp_path / "move.gif").exists():
        write_sources(tmp_path)
    account = Settings(data=tmp_path, url_endpoint="http://127.0.0.1/local", max_pixels=2_000_000)
    library = {"/logo.png": LayerFile(tmp_path / "logo.png")}
    try:
        made = render(tmp_path / source, steps, settings=account, mime="image/png", library=library.get)
    except TransformationError as exc:
        refused = exc.status, "cannot be processed" in exc.message  # libvips detected the error, not our checks
    else:
        image = pyvips.Image.new_from_buffer(made.content, "")
        assert (image.width, image.height) == (made.width, made.height)
        assert image.width * image.height <= account.max_pixels
        return
    assert refused == (400, False)


def write_sources(folder: Path) -> None:
    circle = b'<circle cx="20" cy="20" r="15" fill="red"/>'
    logo = b'<svg xmlns="http://www.w3.org/2000/svg" width="50" height="40">' + circle + b"</svg>"
    pyvips.Image.svgload_buffer(logo).write_to_file(str(folder / "logo.png"))
    scene = pyvips.Image.xyz(60, 45).bandjoin(9).cast("uchar").copy(interpretation="srgb")
    scene.write_to_file(str(folder / "scene.jpg"))
    frames = pyvips.Image.arrayjoin([scene, scene.invert()], across=1).copy()
    frames.set_type(pyvips.GValue.gint_type, "page-height", 45)
    frames.gifsave(str(folder / "move.gif"))
