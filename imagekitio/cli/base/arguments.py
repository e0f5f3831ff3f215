"""Reads arguments of which there may be very many: from standard input too."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STANDARD_INPUT = "-"


def read_arguments(arguments: Iterable[str]) -> Iterator[str]:
    """Yield the arguments; in place of ``-``, the lines of standard input as they come, empty ones left out."""
    for argument in arguments:
        if argument == STANDARD_INPUT:
            yield from filter(None, (line.rstrip("\r\n") for line in sys.stdin))
        else:
            yield argument
