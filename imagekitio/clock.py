"""The time of day."""

from __future__ import annotations

import time


def read_unix_time() -> float:
    """Return the Unix time in seconds; looked up at each call, so that freezing time affects clients made before."""
    return time.time()
