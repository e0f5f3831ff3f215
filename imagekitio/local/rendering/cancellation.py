"""Stops a rendering: at its deadline, or when nobody waits for it any more."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .drawing.vips import libvips
from .language.errors import TransformationError, over_limit

if TYPE_CHECKING:
    from collections.abc import Generator

    import pyvips


class Cancellation:
    """Lets any thread stop one rendering, also while libvips is in the middle of a step."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reason: TransformationError | None = None
        self._images: list[pyvips.Image] = []

    def cancel(self, reason: TransformationError | None = None) -> None:
        """Stop the rendering. It raises `reason`, by default that nobody waits for it."""
        with self._lock:
            self._reason = self._reason or reason or _abandoned()
            for image in self._images:
                image.set_kill(True)

    def check(self) -> None:
        """Raise the reason if the rendering is to stop.

        Raises:
            TransformationError: 400 after the deadline, 499 when nobody waits for the rendering.
        """
        if self._reason is not None:
            raise self._reason

    @contextmanager
    def deadline(self, seconds: float) -> Generator[None]:
        """Cancel what runs inside if it takes longer than this.

        Raises:
            TransformationError: Instead of libvips' error, when that comes of being cancelled, for whatever reason.
        """
        reason = over_limit(f"the transformation takes longer than {seconds:g} seconds")
        timer = threading.Timer(seconds, self.cancel, (reason,))
        timer.daemon = True
        timer.start()
        try:
            yield
        except libvips().Error:
            self.check()
            raise
        finally:
            timer.cancel()

    @contextmanager
    def watch(self, *images: pyvips.Image) -> Generator[None]:
        """Make computations on these images, and on everything made from them, fail once this is cancelled."""
        with self._lock:
            self.check()
            self._images += images
        try:
            yield
        finally:
            with self._lock:
                del self._images[len(self._images) - len(images) :]  # contexts end in reverse order

    def compute(self, image: pyvips.Image) -> pyvips.Image:
        """Bring a picture into memory, where what is done next finds its pixels computed once and for all."""
        with self.watch(image):
            computed: pyvips.Image = image.copy_memory()
        return computed


def _abandoned() -> TransformationError:
    # The status that nginx made known: the client closed the request.
    return TransformationError(499, "ECANCELED", "nobody waits for this rendition any more")
