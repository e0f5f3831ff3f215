"""Identifiers of 24 hexadecimal digits, the form of a MongoDB ObjectId (api.md, chapter 7)."""

from __future__ import annotations

import itertools
import re
import secrets

_OBJECT_ID = re.compile(r"[0-9a-f]{24}\Z")


class ObjectIds:
    """Draws ids that never repeat: 4 bytes of seconds, 5 random bytes per process, 3 bytes of a counter."""

    def __init__(self) -> None:
        self._process = secrets.token_hex(5)
        self._counter = itertools.count(secrets.randbelow(1 << 24))  # next() of count is atomic

    def new(self, now: float) -> str:
        """An id drawn at `now`, a Unix time in seconds."""
        return f"{int(now) & 0xFFFFFFFF:08x}{self._process}{next(self._counter) & 0xFFFFFF:06x}"


def is_object_id(text: object) -> bool:
    return isinstance(text, str) and _OBJECT_ID.match(text) is not None
