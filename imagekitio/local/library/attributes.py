"""Checks of tags and coordinates that requests set (api.md, chapter 11)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..base.errors import invalid_parameter
from ..base.json_values import as_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .tables.rows import FileRow

MAX_TAGS_LENGTH = 500  # characters in total for all tags of a file
_COORDINATES = re.compile(r"[0-9]+,[0-9]+,[0-9]+,[0-9]+\Z")


def read_tags(given: object) -> tuple[str, ...]:
    """Return tags without duplicates, in the given order; raise a 400 beyond the limits of api.md, section 11.4."""
    texts = as_texts(given)
    if texts is None:
        raise invalid_parameter("tags", "Please provide an array of strings. Example - ['t-shirt','summer-sale'].")
    tags = tuple(dict.fromkeys(tag.strip() for tag in texts if tag.strip()))
    if any("%" in tag for tag in tags):
        raise invalid_parameter("tags", "A tag should not contain %.")
    if sum(map(len, tags)) > MAX_TAGS_LENGTH:
        rule = f"Combined length of all tags should be less than or equal to {MAX_TAGS_LENGTH}."
        raise invalid_parameter("tags", rule)
    return tags


def read_coordinates(given: object) -> str:
    text = "".join(given.split()) if isinstance(given, str) else ""
    if not _COORDINATES.match(text):
        raise invalid_parameter("customCoordinates", "It should be x,y,width,height in whole pixels.")
    return text


def filter_ai_tags(row: FileRow, names: Sequence[str]) -> list[Any]:
    return [tag for tag in row.ai_tags if tag.get("name") not in names]
