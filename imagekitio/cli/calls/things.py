"""Groups of commands for items of an account, such as origins: the same calls under shorter names, with tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...models.result import ListResult, ResponseMetadataResult
from ..base.command import Group
from ..base.output import make_record
from ..base.tables import Column
from .answers import HIDDEN, has_secret, list_secrets
from .commands import Style, make_command
from .table import read_calls

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ...models.result import Model, Result
    from ..base.command import Command
    from ..base.session import Session


_KEPT = frozenset({"id", "base_url", "url_prefix", "endpoint"})  # what people copy; everything else may be prose


@dataclass(frozen=True)
class Things:
    """A type of items in an account, such as origins.

    Attributes:
        noun: Noun for one of them, such as ``origin``.
        calls: Names of the calls, by the names of their commands.
        columns: Columns of their table.
    """

    noun: str
    calls: Mapping[str, str]
    columns: Sequence[Column]


def name_calls(noun: str) -> Mapping[str, str]:
    """Return the names of the calls about items, by the names of their commands.

    Args:
        noun: Noun for one of the items in the names of the calls, such as ``url_endpoint``.
    """
    verbs = ("get", "create", "update", "delete")
    return {"list": f"list_{noun}s", **{verb: f"{verb}_{noun}" for verb in verbs}}


def make_columns(*names: str) -> Sequence[Column]:
    """Return columns that show attributes, such as ``schema.type``."""
    return [
        Column(name.replace("_", " "), _make_reader(name), keep=name in _KEPT, wraps=name not in _KEPT)
        for name in names
    ]


def make_commands(line: str, things: Things) -> Sequence[Command]:
    """Return the commands for a type of items.

    Args:
        line: Beginning of their command lines, such as ``imagekit account origins``.
        things: The items.
    """
    return [
        make_command(
            read_calls()[call_name],
            Style(f"{line} {name}", noun=things.noun, show=_make_show(things, is_new=name == "create")),
            name,
        )
        for name, call_name in things.calls.items()
    ]


def make_group(line: str, things: Things, help_text: str) -> Group:
    """Return the group of commands for a type of items.

    Args:
        line: Beginning of their command lines, such as ``imagekit account origins``.
        things: The items.
        help_text: Help text of the group.
    """
    examples = [(f"{line} list", "list all as a table"), (f"{line} create --help", "show the options of a new one")]
    group = Group(line.split()[-1], help=help_text, examples=examples)
    for command in make_commands(line, things):
        group.add_command(command)
    return group


def _make_show(things: Things, *, is_new: bool) -> Callable[[Session, Result, str], None]:
    """Return the function that shows the answer to a call about items."""

    def show(session: Session, result: Result, typed: str) -> None:
        output = session.output
        if isinstance(result, ListResult):
            count = output.print_rows(result, things.columns, _make_masked_record)
            if count == 0 and output.has_terminal:
                output.note(f"there are no {things.noun}s yet")
        elif isinstance(result, ResponseMetadataResult):
            output.print_result({"status": "deleted", "item": typed}, f"deleted {things.noun} {typed}")
        elif is_new and has_secret(result):
            output.print_details(make_record(result))
            output.warn(
                "the answer contains a secret: store it where your application can read it, and keep it out of logs"
            )
        else:
            output.print_details(_make_masked_record(result))

    return show


def _make_masked_record(model: Model) -> Mapping[str, Any]:
    """Return the JSON object of an item with its secrets hidden: they are shown only when it is created."""
    secrets = list_secrets(type(model))
    return {name: HIDDEN if name in secrets else value for name, value in make_record(model).items()}


def _make_reader(path: str) -> Callable[[Any], str]:
    def read(item: Any) -> str:
        for name in path.split("."):
            item = getattr(item, name, None)
        if isinstance(item, bool):
            return "yes" if item else "no"
        if isinstance(item, list):
            return ", ".join(map(str, item))
        return "" if item is None else str(item)

    return read
