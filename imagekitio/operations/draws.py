"""Random bytes of the system, drawn ahead: asking for some lets another thread run, and many uploads wait for that."""

from __future__ import annotations

import os
from collections import deque

TOKEN_BYTES = 16
_DRAWN_AHEAD = 128

_tokens: deque[bytes] = deque()  # taking one is atomic


def token() -> bytes:
    """Return 16 bytes that nobody can guess, and that are never returned again."""
    while True:
        try:
            return _tokens.pop()
        except IndexError:
            drawn = os.urandom(TOKEN_BYTES * _DRAWN_AHEAD)
            _tokens.extend(drawn[start : start + TOKEN_BYTES] for start in range(0, len(drawn), TOKEN_BYTES))


if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=_tokens.clear)  # else parent and child would draw the same
