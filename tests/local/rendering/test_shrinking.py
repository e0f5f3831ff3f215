"""Shrinking a JPEG while it is decoded, before it is scaled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import pyvips

from imagekitio.local.rendering import render
from imagekitio.local.rendering.drawing.area import Size
from imagekitio.local.rendering.shrinking import shrink_on_load

if TYPE_CHECKING:
    from pathlib import Path

    from imagekitio.local.base.settings import Settings


@pytest.mark.parametrize(
    ("wanted", "divisor"),
    [
        ((9000, 9000), 1),
        ((3600, 3600), 1),
        ((901, 901), 1),
        ((900, 901), 1),
        ((901, 900), 1),
        ((900, 900), 2),
        ((451, 451), 2),
        ((450, 450), 4),
        ((226, 226), 4),
        ((225, 225), 8),
        ((1, 1), 8),
        ((1, 901), 1),
        ((901, 1), 1),
    ],
)
def test_a_shrunk_picture_has_at_least_twice_the_wanted_pixels_per_side(wanted: tuple[int, int], divisor: int) -> None:
    assert shrink_on_load(Size(3600, 3600), Size(*wanted)) == divisor


@pytest.mark.parametrize("side", [330, 200, 112, 100, 67, 60, 42, 37, 36, 30, 11])
@pytest.mark.parametrize("orientation", [1, 6])
def test_a_shrunk_picture_looks_like_a_fully_decoded_one(
    side: int, orientation: int, settings: Settings, tmp_path: Path
) -> None:
    ramp: Any = pyvips.Image.xyz(336, 336)
    image = ramp[0].bandjoin([ramp[1], (ramp[0] + ramp[1]) / 2]) * (255 / 336)
    image = image.cast("uchar").copy(interpretation="srgb")
    image.set_type(pyvips.GValue.gint_type, "orientation", orientation)
    image.write_to_file(str(tmp_path / "a.jpg"), Q=100, subsample_mode="off")
    content = render(tmp_path / "a.jpg", f"w-{side},rt-auto,q-100", settings=settings, mime="image/jpeg").content
    made: Any = pyvips.Image.new_from_buffer(content, "")
    whole: Any = pyvips.Image.new_from_file(str(tmp_path / "a.jpg")).autorot().resize(side / 336)
    assert (made.width, made.height) == (whole.width, whole.height) == (side, side)
    # A shift by two pixels of the original changes each value by 1.5, rounding by 0.5.
    assert abs((made - whole).avg()) < 1
    assert (made - whole).abs().max() <= 8
