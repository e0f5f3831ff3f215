"""Suggestions for error messages about an unknown name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ``; did you mean 'width'?``, or all known names if none is similar; see `find_nearest`."""
    names = sorted(known)
    nearest = find_nearest(name, names)
    return f"; expected one of {', '.join(names)}" if nearest is None else f"; did you mean {nearest!r}?"


def find_nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the most similar of the known names; None if none is similar.

    Case, underscores and hyphens are ignored: ``publickey`` and ``publicKey`` find ``public_key``.
    """
    import difflib  # takes milliseconds to load, and most programs never make such a mistake

    simplified = {_simplify(one): one for one in known}
    nearest = difflib.get_close_matches(_simplify(name), simplified, n=1, cutoff=0.6)
    return simplified[nearest[0]] if nearest else None


def _simplify(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()
