"""Made-up results of AI services: first words from the file's name, then words chosen by its content.

The same file always gives the same results, and a test controls them with the name of the file. For ``red-shoe.jpg``,
the tags begin with Red and Shoe, a task selects "shoe" from its vocabulary, and a question with that word is answered
with yes.
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
_MADE_UP = 8  # words chosen in addition to those in the name
_BEST_CONFIDENCE, _CONFIDENCE_STEP = 99.0, 4.0  # percent: of the first tag, and the decrease for each further tag
_SIGNIFICANT = 3  # minimum number of letters in a meaningful word


def make_ai_tags(row: FileRow, service: str, min_confidence: float, max_tags: int) -> list[dict[str, Any]]:
    """Return AI tags of a picture in the form of `service`, highest confidence first.

    Args:
        min_confidence: Minimum confidence in percent.
        max_tags: Maximum number of tags.
    """
    words = dict.fromkeys(word.capitalize() for word in _words(_stem(row.name)) if len(word) >= _SIGNIFICANT)
    digest = hashlib.sha256(f"{service} {row.content_hash}".encode()).digest()
    words.update(dict.fromkeys(_WORDS[byte % len(_WORDS)] for byte in digest[:_MADE_UP]))
    tags: list[dict[str, Any]] = [
        {"name": word, "confidence": max(_BEST_CONFIDENCE - _CONFIDENCE_STEP * place, 1.0), "source": service}
        for place, word in enumerate(words)
    ]
    return [tag for tag in tags if tag["confidence"] >= min_confidence][:max_tags]


def describe(row: FileRow) -> str:
    """Return a sentence about a picture."""
    subject = " ".join(_words(_stem(row.name))) or "something"
    size = f", {row.width} by {row.height} pixels" if row.width and row.height else ""
    return f"A picture of {subject}{size}."


def select_entries(row: FileRow, vocabulary: Sequence[Any], *, at_least: int, at_most: int) -> list[Any]:
    """Return the entries of a vocabulary whose words are in the file's name or tags.

    If there are too few, add entries chosen by the file's content.
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
    """Answer yes if a word of the question with four or more letters is in the name or tags; unknown for non-images."""
    if not row.is_image:
        return "on_unknown"
    words = {word for word in _words(question) if len(word) > _SIGNIFICANT}
    return "on_yes" if words & _known_words(row) else "on_no"


def _known_words(row: FileRow) -> set[str]:
    return {word for text in (_stem(row.name), *row.tags) for word in _words(text)}


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name
