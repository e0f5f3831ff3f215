"""A cache of written transformations.

Pages need thousands of URLs with a handful of transformations. Looking one up takes a quarter of the time of writing
and encoding it. A transformation consists of lists and dicts, which cannot be hashed, so the key is its `marshal`
encoding. Unlike a hash, the key distinguishes 1 from True and from 1.0. It never leaves the process, so it may differ
between versions of Python.
"""

from __future__ import annotations

import marshal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Version 2 of the format: later versions may write equal values differently, depending on the references to them.
_FORMAT = 2

# Bounds for programs that compute their transformations. A site has a few dozen, of a few hundred bytes each.
_MAX_ENTRIES = 1024
_MAX_KEY_SIZE = 4096  # bytes


class StepCache:
    """A cache of the results of the function `write`. Threads may share it."""

    def __init__(self, write: Callable[[object], str]) -> None:
        self._write = write
        self._written: dict[bytes, str] = {}

    def write(self, transformation: object) -> str:
        """Return the written transformation, from the cache if possible."""
        key = b""
        try:
            key = marshal.dumps(transformation, _FORMAT)  # type: ignore[arg-type]  # tried with any type
            return self._written[key]
        except (KeyError, ValueError):  # ValueError: it contains itself, or a type that marshal does not support
            pass
        text = self._write(transformation)
        if 0 < len(key) <= _MAX_KEY_SIZE and is_plain(transformation):
            if len(self._written) >= _MAX_ENTRIES:
                self._written.clear()
            self._written[key] = text
        return text


def is_plain(value: object) -> bool:
    """Return whether no other value has the same key. `marshal` writes NumPy's numbers, for example, as plain bytes."""
    kind = type(value)
    if kind is dict:
        return all(type(name) is str and is_plain(member) for name, member in value.items())  # type: ignore[attr-defined]
    if kind is list or kind is tuple:
        return all(is_plain(member) for member in value)  # type: ignore[attr-defined]
    return kind in (str, int, float, bool, type(None))
