"""Describes what was left out of a local folder, for the note at the end of a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..base.texts import count_of

if TYPE_CHECKING:
    from collections.abc import Mapping

# The reasons of `Change`, as nouns, and the options that include such files.
_REASONS = {
    "symlink": ("symbolic link", " (--follow-symlinks)"),
    "loop": ("link to a folder above it", ""),
    "special": ("special file", ""),
    "hidden": ("hidden file", " (--include-hidden)"),
}


def describe_left_out(counts: Mapping[str, int]) -> str:
    """Describe what was left out: ``2 symbolic links left out (--follow-symlinks), 1 special file left out``.

    Args:
        counts: Numbers of files and folders by the reasons of their changes.
    """
    return ", ".join(
        f"{count_of(counts[reason], noun)} left out{hint}"
        for reason, (noun, hint) in _REASONS.items()
        if counts[reason]
    )
