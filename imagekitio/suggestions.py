"""The nearest known name, for messages about an unknown one."""

from __future__ import annotations

import difflib

TYPE_CHECKING = False  # not from typing: importing that takes longer than all the rest of a first URL
if TYPE_CHECKING:
    from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ``; did you mean 'width'?``, or the known names where none is near enough."""
    names = sorted(known)
    nearest = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if nearest:
        return f"; did you mean {nearest[0]!r}?"
    return f"; known are {', '.join(names)}"
