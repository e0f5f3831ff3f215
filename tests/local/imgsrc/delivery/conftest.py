"""Pictures in which it shows what was cut off: quarters of known colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pyvips

from imagekitio.local.imgsrc.settings import ImgsrcSettings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RED, GREEN, BLUE, YELLOW = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> ImgsrcSettings:
    return ImgsrcSettings(data=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def picture() -> Callable[[int, int], pyvips.Image]:
    """Makes a picture with a red, a green, a blue and a yellow quarter."""

    def make(width: int, height: int) -> pyvips.Image:
        quarters = [
            pyvips.Image.black(width // 2, height // 2, bands=3).linear([1] * 3, list(colour)).cast("uchar")
            for colour in (RED, GREEN, BLUE, YELLOW)
        ]
        return pyvips.Image.arrayjoin(quarters, across=2).copy(interpretation="srgb")

    return make


@pytest.fixture(scope="session")
def png(picture: Callable[[int, int], pyvips.Image], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of such a picture, 120 pixels wide and 80 high."""
    file = tmp_path_factory.mktemp("pictures") / "quarters.png"
    picture(120, 80).write_to_file(str(file))
    return file
