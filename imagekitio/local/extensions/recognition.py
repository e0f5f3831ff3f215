"""What AI services would find in a picture, made up: words of the file's name first, then words drawn by its bytes.

The same file gives the same answers every time, and a test chooses them by the name of the file: tags of
``red-shoe.jpg`` begin with Red and Shoe, a task finds "shoe" in its vocabulary, and a question that contains the word
is answered with yes.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..library.tables.rows import FileRow

_WORDS = (
    "Architecture", "Beach", "Bicycle", "Bird", "Bottle", "Building", "Car", "Cat", "Chair", "Cloud", "Coast", "Coffee",
    "Colour", "Desk", "Dog", "Dress", "Fashion", "Field", "Flower", "Food", "Forest", "Fruit", "Furniture", "Garden",
    "Glass", "House", "Interior", "Lake", "Leaf", "Light", "Mountain", "Ocean", "Paper", "Pattern", "Person", "Plant",
    "Portrait", "River", "Road", "Room", "Shoe", "Sky", "Street", "Table", "Tree", "Water", "Window", "Wood",
)  # fmt: skip
_MADE_UP = 8  # words drawn beside those of the name
_BEST_CONFIDENCE, _CONFIDENCE_STEP = 99.0, 4.0  # percent, of the first tag, and less for each one after it
_SIGNIFICANT = 3  # letters of a word that says something


def recognised_tags(row: FileRow, service: str, min_confidence: float, max_tags: int) -> list[dict[str, Any]]:
    """AI tags of a picture as `service` would give them, the surest first.

    Args:
        min_confidence: Least confidence, in percent.
        max_tags: As many tags at most.
    """
    words = dict.fromkeys(word.capitalize() for word in _words(_stem(row.name)) if len(word) >= _SIGNIFICANT)
    digest = hashlib.sha256(f"{service} {row.content_hash}".encode()).digest()
    words.update(dict.fromkeys(_WORDS[byte % len(_WORDS)] for byte in digest[:_MADE_UP]))
    tags: list[dict[str, Any]] = [
        {"name": word, "confidence": max(_BEST_CONFIDENCE - _CONFIDENCE_STEP * place, 1.0), "source": service}
        for place, word in enumerate(words)
    ]
    return [tag for tag in tags if tag["confidence"] >= min_confidence][:max_tags]


def description(row: FileRow) -> str:
    """A sentence about a picture."""
    subject = " ".join(_words(_stem(row.name))) or "something"
    size = f", {row.width} by {row.height} pixels" if row.width and row.height else ""
    return f"A picture of {subject}{size}."


def selected(row: FileRow, vocabulary: Sequence[Any], *, at_least: int, at_most: int) -> list[Any]:
    """The entries of a vocabulary that fit the file: those whose words its name or tags have.

    When these are too few, entries drawn by its bytes are added.
    """
    known = _known_words(row)
    chosen = [entry for entry in vocabulary if (words := set(_words(str(entry)))) and words <= known]
    others = sorted(
        (entry for entry in vocabulary if entry not in chosen),
        key=lambda entry: hashlib.sha256(f"{entry} {row.content_hash}".encode()).digest(),
    )
    chosen += others[: max(at_least - len(chosen), 0)]
    return chosen[:at_most]


def answer(row: FileRow, question: str) -> Literal["on_yes", "on_no", "on_unknown"]:
    """Yes when the name or the tags have a word of the question of four letters or more; unknown for non-images."""
    if not row.is_image:
        return "on_unknown"
    asked = {word for word in _words(question) if len(word) > _SIGNIFICANT}
    return "on_yes" if asked & _known_words(row) else "on_no"


def _known_words(row: FileRow) -> set[str]:
    return {word for text in (_stem(row.name), *row.tags) for word in _words(text)}


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name
