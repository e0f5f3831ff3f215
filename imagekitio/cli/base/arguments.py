"""Reads arguments and option values that come from a file or standard input, or that are JSON or ``NAME=VALUE``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .options import AnyType, RemotePath

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STANDARD_INPUT = "-"


class RemotePathOrInput(RemotePath):
    """A path in the media library or a URL, as in `RemotePath`, or ``-`` for standard input."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the path or URL, or ``-`` unchanged."""
        return value if value == STANDARD_INPUT else super().convert(value, param, ctx)


class Json(AnyType):
    """JSON, read from the command line, from a file (``@file``) or from standard input (``-``).

    Args:
        wanted: Type that the value must have.
        described: Description of that type, for messages.
    """

    name = "json"

    def __init__(self, wanted: type[Any] | tuple[type[Any], ...], described: str) -> None:
        self._wanted = wanted
        self._described = described

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the decoded value."""
        if not isinstance(value, str):
            return value
        try:
            found = json.loads(_read_given_text(value), parse_constant=_refuse_constant)
        except OSError as exc:
            self.fail(f"{exc.filename}: {exc.strerror}", param, ctx)
        except ValueError as exc:  # bytes that are not UTF-8 raise it too
            self.fail(f"is not valid JSON: {exc}", param, ctx)
        except RecursionError:
            self.fail("is not valid JSON: it is nested too deeply", param, ctx)
        if not isinstance(found, self._wanted):
            self.fail(f"must be {self._described} (got {json.dumps(found)[:60]})", param, ctx)
        return found


def is_indirect(value: str) -> bool:
    """Return whether a value of `Json` is read from a file or from standard input."""
    return value == STANDARD_INPUT or value.startswith("@")


def read_json_or_text(text: str, wanted: tuple[type[Any], ...] = (bool, int, float, str, list, dict)) -> Any:
    """Return the value that a text means as JSON, or the text itself.

    ``null`` counts as text, because an option that is null would be left out.

    Args:
        text: The text.
        wanted: Types to read from JSON; a JSON value of another type counts as text.
    Raises:
        click.BadParameter: The text begins like a list or an object, but is not valid JSON.
    """
    try:
        found = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as exc:
        if text.lstrip()[:1] not in ("[", "{"):
            return text
        hint = "; if it is text, add quotation marks: '\"…\"'" if str in wanted else ""
        raise click.BadParameter(f"is not valid JSON: {exc}{hint}") from exc  # the text may be a secret
    return found if type(found) in wanted else text


def split_pair(text: str, described: str) -> tuple[str, str]:
    """Return the name and the value of a pair. Messages do not show the value, which may be a secret.

    Raises:
        click.BadParameter: The name or the equals sign is missing; the message contains `described`.
    """
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise click.BadParameter(f"must be {described}")
    return name, value


def read_pairs(texts: Iterable[str], described: str = "NAME=VALUE") -> dict[str, str]:
    """Return the values of pairs by name.

    Raises:
        click.BadParameter: One is not a pair, or a name is given twice.
    """
    pairs: dict[str, str] = {}
    for text in texts:
        name, value = split_pair(text, described)
        if name in pairs:
            raise click.BadParameter(f"{name} is given twice")
        pairs[name] = value
    return pairs


def read_arguments(arguments: Iterable[str], noun: str) -> Iterator[str]:
    """Yield the arguments; in place of ``-``, yield the lines of standard input that are not empty, as they arrive.

    Args:
        arguments: The arguments.
        noun: Noun for one of them, such as ``URL``.
    Raises:
        click.UsageError: Standard input contains none: the program that writes it has probably failed.
    """
    for argument in arguments:
        if argument == STANDARD_INPUT:
            is_empty = True
            for line in filter(None, (line.rstrip("\r\n") for line in sys.stdin)):
                is_empty = False
                yield line
            if is_empty:
                raise click.UsageError(f"there is no {noun} on standard input")
        else:
            yield argument


def _read_given_text(value: str) -> str:
    if value in (STANDARD_INPUT, f"@{STANDARD_INPUT}"):
        return sys.stdin.buffer.read().decode("utf-8-sig")
    return Path(value[1:]).read_text(encoding="utf-8-sig") if value.startswith("@") else value


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")
