"""Pictures with quarters of known colours, so that single pixels show what was cropped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import pyvips

from imagekitio.local.base.settings import Settings
from imagekitio.local.rendering import Rendered, render

RED, GREEN, BLUE, YELLOW = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)

Picture = Callable[..., Path]
Render = Callable[..., "tuple[Rendered, pyvips.Image]"]


@pytest.fixture(scope="session")
def plain() -> Callable[..., pyvips.Image]:
    """A function that makes a picture of one colour."""

    def make(width: int, height: int, colour: tuple[int, ...]) -> pyvips.Image:
        black = pyvips.Image.black(width, height, bands=len(colour))
        return black.linear([1] * len(colour), list(colour)).cast("uchar").copy(interpretation="srgb")

    return make


@pytest.fixture(scope="session")
def picture(tmp_path_factory: pytest.TempPathFactory, plain: Callable[..., pyvips.Image]) -> Picture:
    """A function that writes a picture with a red, a green, a blue and a yellow quarter."""
    folder = tmp_path_factory.mktemp("pictures")

    def make(width: int, height: int, suffix: str = ".png", **options: Any) -> Path:
        file = folder / f"{width}x{height}{'-'.join(options)}{suffix}"
        if not file.exists():
            right, bottom = width - width // 2, height - height // 2
            image = pyvips.Image.arrayjoin(
                [plain(right, bottom, colour) for colour in (RED, GREEN, BLUE, YELLOW)], across=2
            ).extract_area(right - width // 2, bottom - height // 2, width, height)
            image.write_to_file(str(file), **options)
        return file

    return make


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data=tmp_path_factory.mktemp("data"), url_endpoint="http://127.0.0.1/local")


@pytest.fixture(scope="session")
def render_file(settings: Settings) -> Render:
    """A function that renders a file and decodes the result."""

    def run(source: Path, steps: str, **options: Any) -> tuple[Rendered, pyvips.Image]:
        options = {"settings": settings, "mime": "image/png", **options}
        result = render(source, steps, **options)
        image = pyvips.Image.new_from_buffer(result.content, "")
        assert (image.width, image.height) == (result.width, result.height)
        return result, image

    return run
