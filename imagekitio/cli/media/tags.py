"""Tags on a command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable


def read_tags(texts: Iterable[str]) -> list[str]:
    """Return the tags in texts, each once: a text has one tag, or several with commas between them.

    Raises:
        click.BadParameter: A text has no tag, or a tag has a ``%``, which the service refuses.
    """
    tags: dict[str, None] = {}
    for text in texts:
        found = [tag for part in text.split(",") if (tag := part.strip())]
        if not found:
            raise click.BadParameter(f"there is no tag in {text!r}")
        if wrong := [tag for tag in found if "%" in tag]:
            raise click.BadParameter(f"a tag cannot have a % (got {wrong[0]!r})")
        tags |= dict.fromkeys(found)
    return [*tags]
