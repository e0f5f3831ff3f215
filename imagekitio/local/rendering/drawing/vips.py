"""The drawing library, loaded when the first picture is rendered."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType


@cache
def libvips() -> ModuleType:
    """Import pyvips on first use, so that a server starts quickly."""
    import pyvips

    # Each rendition is made only once, so libvips' cache of operations would only keep sources in memory.
    pyvips.cache_set_max(0)
    return pyvips
