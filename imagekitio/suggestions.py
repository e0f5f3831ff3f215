"""Suggestions for error messages about an unknown name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ``; did you mean 'width'?``, or all known names if none is similar.

    Spelling counts, but not case, underscores and hyphens: ``publickey`` and ``publicKey`` suggest ``public_key``.
    """
    import difflib  # takes milliseconds to load, and most programs never make such a mistake

    names = sorted(known)
    simplified = {_simplify(one): one for one in names}
    nearest = difflib.get_close_matches(_simplify(name), simplified, n=1, cutoff=0.5)
    if nearest:
        return f"; did you mean {simplified[nearest[0]]!r}?"
    return f"; known are {', '.join(names)}"


def _simplify(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()
