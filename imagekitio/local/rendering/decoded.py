"""A cache of decoded pictures, because one size of a photograph is often followed by requests for others.

Examples are a page with a `srcset`, and trying out different steps. Decoding takes four fifths of the time for a
thumbnail of a photograph: of 40 sizes of a JPEG of 12 megapixels, all but the first three take 12 ms instead of 78
(``python -m benchmarks neighbours``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..base.caches import BoundedCache

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    import pyvips

    from .cancellation import Cancellation

_LARGEST_SHARE = 4  # a picture may take a quarter of the cache


class DecodedPictures:
    """A thread-safe cache of decoded pictures.

    Args:
        max_bytes: Maximum total size of their pixels.
    """

    def __init__(self, max_bytes: int) -> None:
        self._pictures: BoundedCache[pyvips.Image] = BoundedCache(max_bytes)

    def decode(self, key: Hashable, load: Callable[[], pyvips.Image], cancellation: Cancellation) -> pyvips.Image:
        """Return a picture in memory, decoded or from the cache; a picture too large for the cache is only opened.

        Args:
            key: The file and the options of its decoding.
            load: Function that opens the picture.
            cancellation: Means to stop the decoding.
        """
        picture = self._pictures.get(key)
        if picture is None:
            opened = load()
            size = opened.width * opened.height * opened.bands
            if opened.format != "uchar" or size * _LARGEST_SHARE > self._pictures.max_bytes:
                return opened
            picture = cancellation.compute(opened)
            self._pictures.put(key, picture, size)
        # A copy, because stopping one rendering must not stop others with the same picture.
        return picture.copy()
