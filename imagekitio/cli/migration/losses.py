"""Reports values in a list that the media library would not accept, and that are therefore left out of the files.

A file is copied even if one of its tags or metadata values is not valid, although the service would refuse the whole
file: among very many files, a few have such values, and mending these later is easier than finding missing files.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ..base.failures import escape_controls
from ..base.texts import count_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..base.output import Output
    from .entries import Entry, Loss

_SHOWN_KINDS = 20
_SHOWN_CHARACTERS = 60  # of a value


def warn_of_losses(output: Output, entries: Iterable[Entry]) -> None:
    """Warn about values that are left out: one line for each name and reason, with their number and an example."""
    counts = Counter[tuple[str, str]]()
    examples: dict[tuple[str, str], str] = {}
    for entry in entries:
        for name, value, reason in entry.losses:
            counts[name, reason] += 1
            examples.setdefault((name, reason), f"{value[:_SHOWN_CHARACTERS]!r} of {entry.shown}")
    for kind, count in counts.most_common(_SHOWN_KINDS):
        name, reason = kind
        text = f"{name}: {reason}; left out {count_of(count, 'time')}, such as {examples[kind]}"
        output.warn(escape_controls(text))
    if len(counts) > _SHOWN_KINDS:
        output.warn(f"{count_of(len(counts) - _SHOWN_KINDS, 'other kind')} of values left out: see --dry-run --json")


def describe_losses(losses: Iterable[Loss]) -> list[dict[str, str]]:
    """Return the losses of one file as JSON."""
    return [loss._asdict() for loss in losses]
