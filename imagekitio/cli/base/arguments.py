"""Reads arguments of which there may be very many: from standard input too."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from .options import RemotePath

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import click

STANDARD_INPUT = "-"


class RemotePathOrInput(RemotePath):
    """A path in the media library or a URL, as `RemotePath` has them, or ``-`` for standard input."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the path or URL, or ``-`` as it is."""
        return value if value == STANDARD_INPUT else super().convert(value, param, ctx)


def read_arguments(arguments: Iterable[str]) -> Iterator[str]:
    """Yield the arguments; in place of ``-``, the lines of standard input as they come, empty ones left out."""
    for argument in arguments:
        if argument == STANDARD_INPUT:
            yield from filter(None, (line.rstrip("\r\n") for line in sys.stdin))
        else:
            yield argument
