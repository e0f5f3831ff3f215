"""``imagekit api``: call any operation of the API."""

from __future__ import annotations

from itertools import chain

import click
from click.shell_completion import CompletionItem

from ..base.command import Group
from ..base.session import Session
from ..base.tables import Column
from ..calls.table import group_by_subject, read_calls

_COLUMNS = (
    Column("operation", lambda call: call.name, keep=True),
    Column("method", lambda call: call.method),
    Column("path", lambda call: call.path, keep=True),
    Column("subject", lambda call: call.subject),
)


class _Calls(Group):
    """A group with a command for each call, which is created when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the calls."""
        return [*read_calls()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command for a call; hyphens in its name work like underscores."""
        call = read_calls().get(cmd_name.replace("-", "_"))
        if call is None:
            return None
        from ..calls.commands import Style, make_command  # which loads the client and the option classes

        return make_command(call, Style(f"imagekit api {call.name}"))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Suggest the calls without creating their commands, which would be too slow for a completion."""
        calls = [call for call in read_calls().values() if call.name.startswith(incomplete.replace("-", "_"))]
        return [CompletionItem(call.name, help=f"{call.method} {call.path}") for call in calls]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the calls, subject by subject, with their methods and paths."""
        for subject, calls in group_by_subject().items():
            with formatter.section(subject):
                formatter.write_dl([(call.name, f"{call.method} {call.path}") for call in calls], col_max=32)


@click.group(
    "api",
    cls=_Calls,
    invoke_without_command=True,
    subcommand_metavar="OPERATION [ARGS] [OPTIONS]",
    examples=[
        ("imagekit api", "list the operations"),
        ("imagekit api get_file_details --help", "show what an operation takes"),
        ("imagekit api list_files --path /shop --all --json", "list all files of a folder, one object per line"),
        ("imagekit api move_file --body @move.json --dry-run", "show a request without sending it"),
    ],
)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Call any operation of the API.

    OPERATION is one of those listed below with the requests that they send. The response is printed as JSON. Operations
    that delete something ask first.
    """
    if ctx.invoked_subcommand is not None:
        return
    output = ctx.ensure_object(Session).output
    if output.has_terminal:
        output.print_line(ctx.get_help())
    else:
        calls = chain.from_iterable(group_by_subject().values())
        output.print_rows(calls, _COLUMNS, lambda call: call._asdict())
