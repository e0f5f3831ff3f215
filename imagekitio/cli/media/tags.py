"""Reads tags from command lines and lists of files, by the rules of the service."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable


# ImageKit docs, media API: the tags of one file have at most 500 characters in total, and no "%".
_MAX_CHARACTERS = 500


def read_tags(texts: Iterable[str], *, are_of_one_file: bool = True) -> list[str]:
    """Return the tags in texts, each once: a text has one tag, or several separated by commas.

    Args:
        texts: The texts.
        are_of_one_file: Whether one file gets all of them, so that their total length is limited.
    Raises:
        click.BadParameter: A text contains no tag, or one that the service would refuse.
    """
    tags: dict[str, None] = {}
    for text in texts:
        found = [tag for part in text.split(",") if (tag := part.strip())]
        if not found:
            raise click.BadParameter(f"there is no tag in {text!r}")
        tags |= dict.fromkeys(found)
    fitting, refused = split_tags(tags, max_characters=_MAX_CHARACTERS if are_of_one_file else math.inf)
    if refused:
        tag, reason = next(iter(refused.items()))
        raise click.BadParameter(f"{reason} (got {tag!r})")
    return fitting


def split_tags(tags: Iterable[str], *, max_characters: float = _MAX_CHARACTERS) -> tuple[list[str], dict[str, str]]:
    """Return the tags that the service accepts, each once, and the reasons for refusing the others, by tag."""
    fitting: list[str] = []
    refused: dict[str, str] = {}
    length = 0
    for tag in dict.fromkeys(tags):
        if "%" in tag:
            refused[tag] = "a tag cannot contain a %"
        elif length + len(tag) > max_characters:
            refused[tag] = f"the tags of a file cannot have more than {max_characters} characters in total"
        else:
            fitting.append(tag)
            length += len(tag)
    return fitting, refused
