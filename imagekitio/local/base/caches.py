"""What was made lately, within a number of bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

V = TypeVar("V")


class BoundedCache(Generic[V]):
    """Values by key, the least recently used dropped first. Any thread may use it.

    Args:
        max_bytes: The size of all values together.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes: int = max_bytes
        self._bytes = 0
        self._kept: OrderedDict[Hashable, tuple[V, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> V | None:
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, value: V, size: int) -> None:
        """Keep a value of `size` bytes, unless that is too much or the key has one."""
        with self._lock:
            if size > self.max_bytes or key in self._kept:
                return
            self._kept[key] = value, size
            self._bytes += size
            while self._bytes > self.max_bytes:
                _, (_, dropped) = self._kept.popitem(last=False)
                self._bytes -= dropped
