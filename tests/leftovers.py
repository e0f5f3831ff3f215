"""Resources of this process, to detect what a test left behind; leftovers of earlier tests may disappear meanwhile."""

from __future__ import annotations

import os
import threading
from collections import Counter
from contextlib import suppress


def count_resources() -> Counter[object]:
    """Return the threads and the open descriptors: ``count_resources() - before`` is what is new."""
    found: Counter[object] = Counter(threading.enumerate())
    for number in os.listdir("/dev/fd"):
        with suppress(OSError):  # the descriptor that listed them is closed
            status = os.fstat(int(number))
            found[status.st_dev, status.st_ino] += 1
    return found
