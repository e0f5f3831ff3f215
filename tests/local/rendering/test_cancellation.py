from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pyvips

from imagekitio.local.rendering import Cancellation, Rendered, TransformationError, formats, render
from imagekitio.local.rendering.drawing import filters, pixels
from imagekitio.local.rendering.language.values import Output

if TYPE_CHECKING:
    from imagekitio.local.base.settings import Settings

Picture = Callable[..., Path]
Render = Callable[..., "tuple[Rendered, pyvips.Image]"]


@pytest.mark.parametrize("steps", ["e-contrast:e-contrast:e-contrast", "e-contrast:w-30:e-contrast:b-3_red:e-contrast"])
def test_no_step_recomputes_the_steps_before_it(
    picture: Picture, render_file: Render, monkeypatch: pytest.MonkeyPatch, steps: str
) -> None:
    before: list[pyvips.Image] = []
    stretch = filters.stretch_contrast

    def stretch_without_what_was_before(image: pyvips.Image, contrast: tuple[float, float]) -> pyvips.Image:
        for each in before:
            each.set_kill(True)  # any computation from this image now fails
        before.append(image)
        return stretch(image, contrast)

    monkeypatch.setattr(filters, "stretch_contrast", stretch_without_what_was_before)
    render_file(picture(64, 48), steps)
    assert len(before) == 3


def test_steps_that_will_be_refused_compute_no_pixels(picture: Picture, render_file: Render) -> None:
    with pytest.raises(TransformationError, match="the font size"):
        render_file(picture(64, 48), "w-9999,h-9999:l-text,i-x,fs-99999,l-end")


@pytest.mark.parametrize("steps", ["e-usm-100-100-1-0", "bl-3:t-1:e-usm-100-100-1-0", "e-usm-100-100-1-0,f-webp,q-90"])
def test_a_rendering_stops_at_its_deadline_in_the_middle_of_a_step(
    picture: Picture, render_file: Render, settings: Settings, steps: str
) -> None:
    source = picture(4000, 3000, ".jpg")  # the filter alone takes more than 20 seconds of processor time
    start = time.perf_counter()
    with pytest.raises(TransformationError) as caught:
        render_file(source, steps, settings=replace(settings, render_timeout_seconds=0.25))
    assert time.perf_counter() - start < 10
    assert (caught.value.status, caught.value.code) == (400, "ELIMIT")
    assert caught.value.message == "the transformation takes longer than 0.25 seconds"


def test_a_cancelled_rendering_stops(picture: Picture, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    cancellation, grayscale = Cancellation(), pixels.grayscale

    def cancel_meanwhile(image: pyvips.Image) -> pyvips.Image:
        thread = threading.Thread(target=cancellation.cancel)
        thread.start()
        thread.join()
        return grayscale(image)

    monkeypatch.setattr(pixels, "grayscale", cancel_meanwhile)
    with pytest.raises(TransformationError) as caught:
        render(picture(64, 48), "e-grayscale", settings=settings, mime="image/png", cancellation=cancellation)
    assert (caught.value.status, caught.value.code) == (499, "ECANCELED")


def test_a_rendering_cancelled_before_it_begins_does_not_begin(picture: Picture, settings: Settings) -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    with pytest.raises(TransformationError, match="no client waits"):
        render(picture(64, 48), "w-5", settings=settings, mime="image/png", cancellation=cancellation)


def test_the_first_reason_to_stop_is_reported(plain: Callable[..., pyvips.Image]) -> None:
    cancellation = Cancellation()
    cancellation.cancel(TransformationError(400, "ELIMIT", "too long"))
    cancellation.cancel()
    with pytest.raises(TransformationError, match="too long"):
        cancellation.compute(plain(5, 5, (1, 2, 3)))


def test_a_deadline_that_is_met_changes_nothing() -> None:
    cancellation = Cancellation()
    with cancellation.deadline(60):
        pass
    cancellation.check()


def test_a_reason_to_stop_replaces_an_error_of_libvips() -> None:
    cancellation = Cancellation()
    with pytest.raises(pyvips.Error, match="broken"), cancellation.deadline(60):
        raise pyvips.Error("broken")
    cancellation.cancel()
    with pytest.raises(TransformationError, match="no client waits"), cancellation.deadline(60):
        raise pyvips.Error("broken")


@pytest.mark.parametrize("name", ["avif", "gif"])
def test_operations_that_libvips_cannot_interrupt_are_limited_in_size(
    plain: Callable[..., pyvips.Image], name: str
) -> None:
    image = plain(60, 60, (200, 100, 50))
    assert formats.encode(image, name, Output(), seconds=1)
    with pytest.raises(TransformationError, match=f"at most 0.00.* to be encoded as {name.upper()}"):
        formats.encode(image, name, Output(), seconds=0.001)


def test_a_png_too_large_for_a_palette_keeps_its_colours(plain: Callable[..., pyvips.Image]) -> None:
    image = plain(60, 60, (200, 100, 50))
    for seconds, has_palette in ((1, True), (0.001, False)):
        made = pyvips.Image.new_from_buffer(formats.encode(image, "png", Output(), seconds=seconds), "")
        assert bool(made.get_typeof("palette")) is has_palette
        assert made(0, 0) == [200, 100, 50]
