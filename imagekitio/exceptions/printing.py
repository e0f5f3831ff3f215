"""Prepare text of a server for messages: on one line, printable, and short."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_SHOWN = 5


def make_printable(text: str, max_characters: int = 500) -> str:
    """Return `text` on one line, truncated, and without characters that a terminal would interpret."""
    words = " ".join(text.split())
    shown = "".join(character if character.isprintable() else "�" for character in words)
    return shown if len(shown) <= max_characters else shown[: max_characters - 1] + "…"


def join_some(texts: Sequence[str], separator: str) -> str:
    """Join the first few texts, made printable, and append the number of those left out."""
    shown = [make_printable(text) for text in texts[:MAX_SHOWN]]
    left = len(texts) - len(shown)
    return separator.join(shown) + (f" and {left} more" if left else "")
