"""Checks the messages of commands: a message may name only options that its command has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from imagekitio.cli.app import command

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*")
# Other commands have options of their own.
_OTHER_COMMAND = re.compile(r"\b(?:imagekit|pip) [^;:,.)(]*")


def find_foreign_options(arguments: Sequence[str], message: str) -> list[str]:
    """Return the options in a message that the command does not have and the user did not type.

    Args:
        arguments: The command line.
        message: What it printed on stderr.
    """
    known = {*_list_options(arguments)}
    typed = " ".join(arguments)
    named = _OPTION.findall(_OTHER_COMMAND.sub("", message))
    return [option for option in named if option not in known and option not in typed]


def _list_options(arguments: Sequence[str]) -> Iterator[str]:
    found: click.Command = command
    context = click.Context(command, info_name="imagekit")
    left = list(arguments)
    while True:
        for parameter in found.params:
            yield from (*parameter.opts, *parameter.secondary_opts)
        yield from context.help_option_names
        below = None
        while left and below is None and isinstance(found, click.Group):
            below = found.get_command(context, left.pop(0))
        if below is None:
            return
        context = click.Context(below, info_name=below.name, parent=context)
        found = below
