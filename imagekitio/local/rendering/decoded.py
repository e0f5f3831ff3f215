"""Pictures that were decoded lately: whoever asks for one size of a photograph asks for others.

A page with a `srcset` does, and so does whoever tries out steps. Of the time that a thumbnail of a photograph takes,
decoding is four fifths: of 40 sizes of a JPEG of 12 megapixels all but the first three take 12 ms instead of 78
(``python -m benchmarks neighbours``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..base.caches import BoundedCache

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    import pyvips

    from .cancellation import Cancellation

_LARGEST_SHARE = 4  # of the cache, that one picture may take


class DecodedPictures:
    """Decoded pictures by what they were decoded from. Any thread may use it.

    Args:
        max_bytes: Of all their pixels.
    """

    def __init__(self, max_bytes: int) -> None:
        self._pictures: BoundedCache[pyvips.Image] = BoundedCache(max_bytes)

    def decode(self, key: Hashable, load: Callable[[], pyvips.Image], cancellation: Cancellation) -> pyvips.Image:
        """A picture in memory, decoded unless that was done lately; one that is too large to be kept as it was opened.

        Args:
            key: The file and how it is decoded.
            load: Opens the picture.
            cancellation: Stops the decoding.
        """
        picture = self._pictures.get(key)
        if picture is None:
            opened = load()
            size = opened.width * opened.height * opened.bands
            if opened.format != "uchar" or size * _LARGEST_SHARE > self._pictures.max_bytes:
                return opened
            picture = cancellation.compute(opened)
            self._pictures.put(key, picture, size)
        # Who stops what is made of it must not stop the others.
        return picture.copy()
