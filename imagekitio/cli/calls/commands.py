"""Makes the command for a call."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from ...exceptions import BadRequestException
from ...models.spelling import to_camel_case, to_snake_case
from ..base.command import Command
from ..base.failures import REFUSED, Failure
from ..base.options import dry_run_option, yes_option
from ..base.session import Session
from .answers import print_answer, print_entries, print_headers, print_request
from .arguments import gather_arguments, record_call, word_errors
from .client_side import CLIENT_SIDE_TEXT, print_form
from .examples import EXAMPLES
from .kinds import Body
from .names import complete_values, find_id
from .parameters import Parameter, Signature, read_signature
from .questions import advise_on_refusal, make_question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ...models.result import Result
    from .table import Call

_PREFIX = "call_"  # of the names of values, so that they differ from those of the common options
_EXAMPLE_COLUMNS = 74
_WORDS = re.compile(r"(?:--\S+ )?(?:'[^']*'|[^\s-]\S*)|\S+")


class _Switch(click.Option):
    """A true-or-false option whose two names are shown as one in help."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the line of help."""
        return f"--[no-]{self.opts[0][2:]}", self.help or ""


@dataclass(frozen=True)
class Style:
    """How a command for a call differs from the call itself.

    Attributes:
        line: Beginning of its command line.
        noun: Noun for what the first argument identifies by its id or name, such as ``origin``; None if names are not
            accepted.
        show: Function that shows the answer, given the first argument as it was typed; None prints it as JSON.
    """

    line: str
    noun: str | None = None
    show: Callable[[Session, Result, str], None] | None = None


def make_command(call: Call, style: Style, name: str | None = None) -> Command:
    """Return the command for a call.

    Args:
        call: The call.
        style: How the command differs from the call.
        name: Name of the command; by default that of the call.
    """
    signature = read_signature(call.method_name)
    if call.is_client_side:
        signature = signature.without("file", CLIENT_SIDE_TEXT)
    command = Command(
        name or call.name,
        callback=click.pass_context(partial(_run, call, style, signature)),
        params=[_make_parameter(parameter, style) for parameter in signature.parameters],
        help="\n\n".join([signature.text, *(f"{one.shown}: {one.text}" for one in signature.arguments)]),
        short_help=f"{_summarize(signature)}.",
        examples=[(_break_line(line), purpose) for line, purpose in _list_examples(call, style, signature)],
    )
    if signature.has_named:
        body_text = "All options as a JSON object: @FILE reads a file, - standard input; null clears an option."
        click.option("--body", type=Body(), metavar="JSON", help=body_text)(command)
    if call.iterator is not None:
        all_text = "List all pages; --limit is then the maximum number of items in total."
        click.option("--all", "all_pages", is_flag=True, help=all_text)(command)
    if not call.is_client_side:
        headers_text = "Print the status and the headers of the answer on stderr."
        click.option("--headers", "with_headers", is_flag=True, help=headers_text)(command)
        if call.changes_something:
            dry_run_option(command)
        if call.may_ask:
            yes_option(command)
    return command


def _run(call: Call, style: Style, signature: Signature, ctx: click.Context, /, **values: Any) -> None:
    """Call the method, or show what it would send."""
    session = ctx.ensure_object(Session)
    given = {
        one: value
        for one in signature.parameters
        if (value := _read_value(one, values[_PREFIX + one.name])) is not None
    }
    body = values.get("body")
    _warn_about_secrets(session, signature, [*given], body if Body.was_typed(ctx) else None)
    typed = next(iter(given.values())) if signature.arguments else ""
    if style.noun is not None and signature.arguments:
        first = signature.arguments[0]
        given[first] = find_id(session, first.name, typed, style.noun, f"{style.line.rpartition(' ')[0]} list")
    arguments = gather_arguments(signature, given, body)
    if call.is_client_side:
        with word_errors(arguments.names):
            print_form(session, call, *arguments.positional)
        return
    is_paged = bool(values.get("all_pages"))
    if is_paged and values["with_headers"]:
        raise click.UsageError("--headers cannot be used with --all, which sends many requests")
    method_name = call.iterator if is_paged and call.iterator else call.method_name
    recorded = record_call(method_name, arguments)
    if values.get("is_dry_run"):
        secrets = {to_camel_case(one.name) for one in signature.parameters if one.is_secret}
        print_request(session.output, session.account, recorded.request, secrets)
        return
    if call.deletes or (call.may_ask and "*" in typed):
        items = [*_list_texts([*arguments.positional, arguments.keywords])]
        if style.noun is not None and typed != items[0]:
            items[0] = f"{typed} ({items[0]})"
        question = make_question(call.name, items, session.account.describe())
        session.confirm(question, is_confirmed=values["is_confirmed"])
    try:
        result = getattr(session.client, method_name)(*arguments.positional, **arguments.keywords)
    except BadRequestException as exc:
        if advice := advise_on_refusal(call.name, exc.message):
            raise Failure(f"{exc}{advice}", REFUSED) from exc
        raise
    if is_paged:
        print_entries(session.output, result)
        return
    if values["with_headers"]:
        print_headers(session.output, result)
    if style.show is None:
        print_answer(session.output, result)
    else:
        style.show(session, result, typed)


def _make_parameter(parameter: Parameter, style: Style) -> click.Parameter:
    name, kind = _PREFIX + parameter.name, parameter.kind
    complete = complete_values(parameter.name, with_names=style.noun is not None)
    if parameter.is_argument:
        return click.Argument([name], type=kind.value_type, metavar=parameter.shown, shell_complete=complete)
    if kind.value_type is bool:
        names = f"{parameter.shown}/--no-{parameter.shown[2:]}"
        return _Switch([names, name], default=None, help=parameter.text)
    return click.Option(
        [parameter.shown, name],
        type=kind.value_type,
        metavar=kind.metavar,
        multiple=kind.is_list,
        help=parameter.text,
        shell_complete=complete,
    )


def _read_value(parameter: Parameter, value: Any) -> Any:
    """Return a value as the library accepts it; None if it was not given."""
    if not parameter.kind.is_list:
        return value
    if not value:
        return None
    if len(value) == 1 and isinstance(value[0], str) and value[0] in parameter.kind.words:
        return value[0]
    return [member for one in value for member in (one if isinstance(one, list) else [one])]


def _warn_about_secrets(
    session: Session, signature: Signature, given: list[Parameter], typed_body: Mapping[str, Any] | None
) -> None:
    names = {to_snake_case(key) for key in typed_body or ()}
    secrets = [one for one in signature.parameters if one.is_secret and (one in given or one.name in names)]
    if secrets:
        session.output.warn(
            f"{', '.join(one.shown for one in secrets)} is visible to other users of this machine and stays in the"
            " shell's history; read secrets from a file with --body @FILE, or from standard input with --body -"
        )


def _list_texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for member in value.values() if isinstance(value, dict) else value:
            yield from _list_texts(member)


def _summarize(signature: Signature) -> str:
    return signature.text.partition(". ")[0].rstrip(".…, ")


def _list_examples(call: Call, style: Style, signature: Signature) -> Iterator[tuple[str, str]]:
    line = f"{style.line} {EXAMPLES[call.name]}".rstrip()
    summary = _summarize(signature)
    yield line, summary[0].lower() + re.split("[:;]", summary[1:])[0]
    if call.is_client_side or not call.changes_something:
        yield f"{line} --json", "the same as JSON, one object per line"
    else:
        yield f"{line} --dry-run", "show the request without sending it"
    if call.iterator is not None:
        yield f"{style.line} --all --json", "everything, page by page"
    if signature.has_options:
        arguments = " ".join(EXAMPLES[call.name].split()[: len(signature.arguments)])
        yield " ".join(filter(None, (style.line, arguments, "--body @options.json"))), "read the options from a file"


def _break_line(line: str) -> str:
    """Break a long command line between its words as a shell allows it, but not between an option and its value."""
    lines = [""]
    for words in _WORDS.findall(line):
        if len(lines[-1]) + len(words) > _EXAMPLE_COLUMNS:
            lines.append("     ")
        lines[-1] += f" {words}"
    return " \\\n".join([lines[0][1:], *lines[1:]])
