"""Cutting out a subject in front of a plain background."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pyvips

from imagekitio.local import Settings
from imagekitio.local.extensions.background_removal import NotAPicture, remove_background

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
@pytest.mark.parametrize("has_backdrop", [False, True])
def test_it_stops_at_the_rendering_deadline(tmp_path: Path, has_backdrop: bool) -> None:
    file = tmp_path / "a.jpg"
    noise = pyvips.Image.gaussnoise(4000, 3000, sigma=40, mean=128).cast("uchar")
    noise.jpegsave(str(file))  # writing this as a PNG takes seconds
    settings = Settings(data=tmp_path, render_timeout_seconds=0.05)
    with pytest.raises(NotAPicture, match=r"the transformation takes longer than 0\.05 seconds"):
        remove_background(file, {}, file if has_backdrop else None, settings=settings)
