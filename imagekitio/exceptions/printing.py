"""Makes text of a server fit for a message: on one line, printable, and short."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_SHOWN = 5


def make_printable(text: str, max_characters: int = 500) -> str:
    """Return `text` on one line, without characters that a terminal would obey, and cut to a length."""
    words = " ".join(text.split())
    shown = "".join(character if character.isprintable() else "�" for character in words)
    return shown if len(shown) <= max_characters else shown[: max_characters - 1] + "…"


def join_some(texts: Sequence[str], separator: str) -> str:
    """Return the first texts, printable; of more than a few, the number of the others follows."""
    shown = [make_printable(text) for text in texts[:MAX_SHOWN]]
    left = len(texts) - len(shown)
    return separator.join(shown) + (f" and {left} more" if left else "")
