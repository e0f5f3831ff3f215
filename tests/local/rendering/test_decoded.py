"""Reusing decoded pictures for several renditions."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
import pyvips

from imagekitio.local.rendering import Cancellation, DecodedPictures, render
from imagekitio.local.rendering.source import Source

if TYPE_CHECKING:
    from pathlib import Path

    from imagekitio.local.base.settings import Settings

MB = 1_048_576


@pytest.fixture
def open_options(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The options of every file that is opened for decoding."""
    found: list[dict[str, Any]] = []
    open_ = Source._open

    def note(source: Source, **options: Any) -> pyvips.Image:
        found.append(options)
        return open_(source, **options)

    monkeypatch.setattr(Source, "_open", note)
    return found


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    noise: Any = pyvips.Image.gaussnoise(640, 480, mean=128, sigma=60, seed=1)
    noise.bandjoin([noise, noise]).cast("uchar").copy(interpretation="srgb").write_to_file(str(tmp_path / "a.jpg"))
    return tmp_path / "a.jpg"


STEPS = ["w-300", "w-300,h-100,fo-auto", "rt-90", "e-contrast", "w-50", "w-50:e-grayscale", "c-at_max,w-90,h-90"]


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("steps", STEPS)
def test_a_rendition_of_a_cached_picture_is_the_same(
    steps: str, orientation: int, photograph: Path, settings: Settings, open_options: list[dict[str, Any]]
) -> None:
    turned: Any = pyvips.Image.new_from_file(str(photograph)).copy()
    turned.set_type(pyvips.GValue.gint_type, "orientation", orientation)
    photograph.write_bytes(turned.jpegsave_buffer())
    decoded = DecodedPictures(64 * MB)
    once, again, alone = (
        render(photograph, steps, settings=settings, mime="image/jpeg", decoded=kept).content
        for kept in (decoded, decoded, None)
    )
    assert once == again == alone
    assert len(open_options) == 2


def test_renditions_of_several_sizes_share_the_decoded_picture(
    photograph: Path, settings: Settings, open_options: list[dict[str, Any]]
) -> None:
    decoded = DecodedPictures(64 * MB)
    for width in (150, 140, 70, 40, 60, 30):
        render(photograph, f"w-{width}", settings=settings, mime="image/jpeg", decoded=decoded)
    assert [options.get("shrink") for options in open_options] == [2, 4, 8]


def test_a_replaced_file_is_decoded_again(photograph: Path, settings: Settings) -> None:
    decoded = DecodedPictures(64 * MB)
    before = render(photograph, "w-50", settings=settings, mime="image/jpeg", decoded=decoded)
    black: Any = pyvips.Image.black(640, 480, bands=3).copy(interpretation="srgb")
    photograph.write_bytes(black.jpegsave_buffer())
    os.utime(photograph, (1, 1))
    after = render(photograph, "w-50", settings=settings, mime="image/jpeg", decoded=decoded)
    assert before.content != after.content


def test_stopping_one_rendering_of_a_picture_does_not_stop_others(photograph: Path) -> None:
    decoded = DecodedPictures(64 * MB)
    stopped = Cancellation()
    picture = decoded.decode("a", lambda: pyvips.Image.new_from_file(str(photograph)), stopped)
    with stopped.watch(picture):
        stopped.cancel()
        with pytest.raises(pyvips.Error, match="killed"):
            picture.copy_memory()
    again: Any = decoded.decode("a", lambda: pytest.fail("decoded again"), Cancellation())
    assert again.avg() == pyvips.Image.new_from_file(str(photograph)).avg()


def test_large_pictures_are_not_cached(
    photograph: Path, settings: Settings, open_options: list[dict[str, Any]]
) -> None:
    decoded = DecodedPictures(4 * 640 * 480)
    for _ in range(2):
        render(photograph, "rt-90", settings=settings, mime="image/jpeg", decoded=decoded)
    assert len(open_options) == 2


def test_a_picture_too_large_for_the_cache_is_not_loaded_into_memory(photograph: Path) -> None:
    source: Any = pyvips.Image.new_from_file(str(photograph), access="sequential")
    assert DecodedPictures(4 * 640 * 480).decode("a", lambda: source, Cancellation()) is source
