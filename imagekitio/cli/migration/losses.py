"""What a list says about files, and the media library would not take: left out of the files, and said.

A file whose tag or metadata does not fit is copied all the same: of very many files, a few have such a value, and to
mend it later is easier than to find out which files are missing. The service would refuse the whole file.
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
    """Warn of what is left out of files: a line for each name and reason, with the number of files and an example."""
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
    """Return what is left out of one file as JSON."""
    return [loss._asdict() for loss in losses]
