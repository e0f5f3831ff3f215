"""Describes names that the service does not accept, for the note at the end of a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..base.failures import escape_controls
from ..base.texts import count_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SHOWN_NAMES = 5


def describe_names(renamed: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield lines with the number of names that change, and the first of them; no line if there are none.

    Args:
        renamed: The names that were given, and the paths in the library.
    """
    if renamed:
        yield f"{count_of(len(renamed), 'file')} with characters in the name that the service does not accept:"
    for name, path in renamed[:_SHOWN_NAMES]:
        yield escape_controls(f"  {name} → {path}")
    if len(renamed) > _SHOWN_NAMES:
        yield f"  … and {len(renamed) - _SHOWN_NAMES:,} more"
