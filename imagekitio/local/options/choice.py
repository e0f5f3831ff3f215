"""The choice of the service by the command line, and errors for options of the other service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .base import IMGSRC_FLAG
from .imagekit import IMAGEKIT
from .imgsrc import IMGSRC

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from .base import CommandLine

COMMAND_LINES: tuple[CommandLine, ...] = (IMAGEKIT, IMGSRC)


def choose_service(arguments: Sequence[str]) -> CommandLine:
    """Return the command line of the service that `arguments` select."""
    return IMGSRC if IMGSRC_FLAG in arguments else IMAGEKIT


def read_options(chosen: CommandLine, parser: argparse.ArgumentParser, arguments: Sequence[str]) -> dict[str, Any]:
    """Return the server's arguments from a command line; exit if it is not valid.

    Args:
        parser: The result of ``chosen.make_parser``.
    """
    given, unknown = parser.parse_known_args(arguments)
    for argument in unknown:
        flag = argument.partition("=")[0]
        for other in COMMAND_LINES:
            if flag.replace("--no-", "--", 1) in {option.flag for option in other.list_options()}:
                parser.error(explain_foreign(flag, other, chosen))
    if unknown:
        parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    try:
        return chosen.make_arguments({name: value for name, value in vars(given).items() if name != "img_src"})
    except ValueError as exc:
        parser.error(str(exc))


def explain_foreign(flag: str, owner: CommandLine, chosen: CommandLine) -> str:
    """Return the error message for an option that belongs to a service other than the chosen one."""
    return f"{flag} is an option of local {owner.service}, which local {chosen.service} does not have"
