"""The means to stop a rendering at its deadline, or when no client waits for it any more."""

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
    """A means for any thread to stop one rendering, even while libvips is in the middle of a step."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reason: TransformationError | None = None
        self._images: list[pyvips.Image] = []

    def cancel(self, reason: TransformationError | None = None) -> None:
        """Stop the rendering, which raises `reason`; by default, the reason is that no client waits for it."""
        with self._lock:
            self._reason = self._reason or reason or _abandoned_error()
            for image in self._images:
                image.set_kill(True)

    def check(self) -> None:
        """Raise the reason if the rendering was stopped.

        Raises:
            TransformationError: 400 after the deadline, 499 if no client waits for the rendering.
        """
        if self._reason is not None:
            raise self._reason

    @contextmanager
    def deadline(self, seconds: float) -> Generator[None]:
        """Cancel the rendering if the code inside takes longer than `seconds`.

        Raises:
            TransformationError: The rendering was cancelled; this replaces the error of libvips.
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
        """Make computations on these images, and on all images made from them, fail after a cancellation."""
        with self._lock:
            self.check()
            self._images += images
        try:
            yield
        finally:
            with self._lock:
                del self._images[len(self._images) - len(images) :]  # contexts end in reverse order

    def compute(self, image: pyvips.Image) -> pyvips.Image:
        """Compute a picture and keep it in memory, so that later operations need not compute its pixels again."""
        with self.watch(image):
            computed: pyvips.Image = image.copy_memory()
        return computed


def _abandoned_error() -> TransformationError:
    # nginx uses this status if the client closes the request.
    return TransformationError(499, "ECANCELED", "no client waits for this rendition any more")
