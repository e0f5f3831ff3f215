"""Pictures in 16 bits, 32 bits and CMYK are rendered like those in 8 bits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import pyvips

from imagekitio.local.rendering import LayerFile, Rendered

Render = Callable[..., "tuple[Rendered, pyvips.Image]"]

DATA = Path(__file__).parents[2] / "data"
TOLERANCE = 2  # levels of 255, colours weighted by their opacity
EVERYTHING = """
    w-40 w-150,h-60 w-40,h-40,cm-extract w-300,h-250,cm-pad_resize w-300,h-250,cm-pad_resize,bg-blurred
    w-300,h-250,cm-pad_resize,bg-gradient_dominant_4 w-90,h-30,fo-auto t-true e-grayscale e-contrast e-colorize cr-red
    cr-green_20_blue e-sharpen e-usm bl-3 e-shadow-bl-3 e-distort-a-30 e-distort-p-10_5_180_30_190_180_0_190 e-gradient
    b-5_red b-5_FF000050,r-20 r-max rt-90 rt-30 fl-h o-50 bg-red bg-00FF0040 bg-dominant cp-true,w-70 md-true rt-auto
    l-image,i-twin,w-30,l-end l-image,i-twin,lm-multiply,l-end l-image,i-twin,lm-cutter,l-end
    l-image,i-twin,lm-cutout,l-end l-image,i-twin,lm-displace,x-9,y-4,l-end l-text,i-Words,l-end
"""


@pytest.fixture(scope="module")
def shallow() -> pyvips.Image:
    return pyvips.Image.new_from_file(str(DATA / "c8.png"))


def widen(image: pyvips.Image, format_: str, interpretation: str, shift: int) -> pyvips.Image:
    """Return the picture with the same samples in more bits."""
    wide = image.cast(format_)
    return ((wide << shift) | (wide << shift - 8)).cast(format_).copy(interpretation=interpretation)


def measure_difference(one: pyvips.Image, other: pyvips.Image) -> float:
    assert (one.width, one.height, one.bands, one.format) == (other.width, other.height, other.bands, other.format)
    weighted = [image.premultiply() if image.hasalpha() else image for image in (one, other)]
    largest = (weighted[0] - weighted[1]).abs().max()
    assert isinstance(largest, float)
    return largest


def render_lossless(render_file: Render, file: Path, steps: str) -> pyvips.Image:
    library: Any = {"/twin": LayerFile(file)}.get
    _, image = render_file(file, f"{steps}:f-png,lo-true", library=library)
    assert image.format == "uchar"
    return image


@pytest.mark.parametrize("steps", EVERYTHING.split())
def test_all_steps_have_the_same_effect_on_8_and_16_bits(render_file: Render, steps: str) -> None:
    shallow, deep = (render_lossless(render_file, DATA / f"c{bits}.png", steps) for bits in (8, 16))
    assert measure_difference(shallow, deep) <= TOLERANCE


@pytest.mark.parametrize("steps", ["w-40", "rt-180"])
@pytest.mark.parametrize(
    ("colours", "has_alpha", "deep"),
    [
        ("srgb", True, "rgb16"),
        ("srgb", False, "rgb16"),
        ("b-w", True, "grey16"),
        ("b-w", False, "grey16"),
        ("cmyk", True, "cmyk"),
        ("cmyk", False, "cmyk"),
    ],
)
def test_colour_spaces_in_16_bits_are_read_like_those_in_8_bits(
    render_file: Render, shallow: pyvips.Image, tmp_path: Path, colours: str, has_alpha: bool, deep: str, steps: str
) -> None:
    image = shallow.extract_band(0, n=3).copy(interpretation="srgb").colourspace(colours)
    if has_alpha:
        image = image.bandjoin(shallow[3])
    image.write_to_file(str(tmp_path / "8.tif"))
    widen(image, "ushort", deep, 8).write_to_file(str(tmp_path / "16.tif"))
    made = [render_lossless(render_file, tmp_path / f"{bits}.tif", steps) for bits in (8, 16)]
    assert made[0].bands == 3 + has_alpha
    assert measure_difference(*made) <= TOLERANCE + has_alpha  # colours are rounded before they are weighted


@pytest.mark.parametrize("steps", ["w-40", "rt-180"])
def test_samples_of_32_bits_are_scaled_from_black_to_white(
    render_file: Render, shallow: pyvips.Image, tmp_path: Path, steps: str
) -> None:
    image = shallow.extract_band(0, n=3).copy(interpretation="srgb")
    image.write_to_file(str(tmp_path / "8.tif"))
    widen(image, "uint", "srgb", 24).write_to_file(str(tmp_path / "32.tif"))
    made = [render_lossless(render_file, tmp_path / f"{bits}.tif", steps) for bits in (8, 32)]
    assert measure_difference(*made) <= TOLERANCE


@pytest.mark.parametrize(
    ("steps", "tolerance"),
    [("rt-180", TOLERANCE), ("e-grayscale", TOLERANCE), ("w-40", 12)],  # scaled before the profile is applied
)
def test_16_bit_pictures_with_a_profile_are_not_all_white(
    render_file: Render, shallow: pyvips.Image, tmp_path: Path, steps: str, tolerance: int
) -> None:
    # Away from the edges of what the profile holds.
    image = shallow.linear([0.8, 0.8, 0.8, 1], [20, 20, 20, 0]).cast("uchar").copy(interpretation="srgb")
    image.write_to_file(str(tmp_path / "8.png"))
    deep = widen(image, "ushort", "rgb16", 8).icc_transform("p3", input_profile="srgb", depth=16)
    deep.write_to_file(str(tmp_path / "16.png"))
    assert deep.get_typeof("icc-profile-data")
    made = [render_lossless(render_file, tmp_path / f"{bits}.png", steps) for bits in (8, 16)]
    assert measure_difference(*made) <= tolerance


def test_half_transparent_16_bit_pictures_stay_half_transparent(render_file: Render) -> None:
    deep = pyvips.Image.new_from_file(str(DATA / "half16.png"))
    for steps in ("w-33", "rt-180", "bl-2", "e-sharpen"):
        made = render_lossless(render_file, DATA / "half16.png", steps)
        assert made[3].avg() == pytest.approx(deep[3].avg() / 257, abs=1)
    result, _ = render_file(DATA / "half16.png", "f-jpg:w-20", accept="*/*")
    assert result.content_type == "image/jpeg"
    assert render_file(DATA / "half16.png", "w-20", accept="*/*")[0].content_type == "image/png"
