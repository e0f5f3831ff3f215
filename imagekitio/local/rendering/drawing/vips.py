"""The library that draws, loaded when the first picture is rendered."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType


@cache
def libvips() -> ModuleType:
    """Import pyvips, when the first picture is rendered, so that a server starts fast."""
    import pyvips

    # Every rendition is made once; libvips' cache of operations would only keep sources in memory.
    pyvips.cache_set_max(0)
    return pyvips
