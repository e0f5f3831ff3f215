"""Commands and groups with the common options, examples in their help, and help that fits 80 columns."""

from __future__ import annotations

import importlib
import re
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from ...suggestions import find_nearest
from ..accounts.account import name_option
from ..accounts.profiles import SETTINGS
from .completion import complete_profiles
from .session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CONTEXT_SETTINGS: Mapping[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

_SETTING_HELP = {
    "public_key": "Public key of the account.",
    "private_key": "Private key; better set in IMAGEKIT_PRIVATE_KEY or a profile.",
    "url_endpoint": "URL endpoint, such as https://ik.imagekit.io/your_imagekit_id.",
    "api_base_url": "Base URL of the API.",
    "upload_base_url": "Base URL for uploads.",
}


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    if value is not None and parameter.name is not None:
        context.ensure_object(Session).given[parameter.name] = value


def make_common_options(*, is_hidden: bool) -> list[click.Parameter]:
    """Return the options that may come before or after the name of any command.

    Args:
        is_hidden: Whether help leaves them out; the help of ``imagekit`` itself shows them.
    """
    common: dict[str, Any] = {"expose_value": False, "callback": _keep, "hidden": is_hidden, "default": None}
    flag = {**common, "is_flag": True, "flag_value": True}
    return [
        click.Option(["--profile"], metavar="NAME", help="Profile to use.", shell_complete=complete_profiles, **common),
        click.Option(["--local"], help="Use the local ImageKit that runs on this machine.", **flag),
        click.Option(["--json"], help="Print results as JSON, one object per line.", **flag),
        click.Option(["-q", "--quiet"], help="Print no notes or progress.", **flag),
        click.Option(["--debug"], help="Log requests, and show the tracebacks of errors.", **flag),
        *(
            click.Option(
                [name_option(name)],
                metavar="KEY" if name.endswith("key") else "URL",
                help=_SETTING_HELP[name],
                **common,
            )
            for name in SETTINGS
        ),
    ]


def _add_common_options(params: list[click.Parameter], *, is_hidden: bool) -> list[click.Parameter]:
    """Return `params` with the common options, except those that the command defines itself."""
    own = {name for parameter in params for name in parameter.opts}
    return [*params, *(option for option in make_common_options(is_hidden=is_hidden) if own.isdisjoint(option.opts))]


class _WithExamples(click.Command):
    """Base of commands and groups.

    Attributes:
        examples: Command lines as a user would type them, each with its purpose.
    """

    examples: Sequence[tuple[str, str]] = ()

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, and where to find the common options."""
        if self.examples:
            with formatter.section("Examples"):
                for line, purpose in self.examples:
                    formatter.write_text(f"# {purpose}")
                    formatter.write(f"{'':>{formatter.current_indent}}{line}\n")
        if ctx.parent is not None:
            formatter.write_paragraph()
            formatter.write_text("Every command takes --profile, --local, --json and more: see imagekit --help")
        super().format_epilog(ctx, formatter)


class Command(_WithExamples):
    """A command with the common options.

    Args:
        examples: See the attribute.
        others: Arguments of `click.Command`.
    """

    def __init__(self, *args: Any, examples: Sequence[tuple[str, str]] = (), **others: Any) -> None:
        others["context_settings"] = {**CONTEXT_SETTINGS, **others.get("context_settings", {})}
        super().__init__(*args, **others)
        self.examples = examples
        self.params: list[click.Parameter] = _add_common_options(self.params, is_hidden=True)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; if an argument is written as an option, show where it goes."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as exc:
            arguments = [parameter for parameter in self.params if isinstance(parameter, click.Argument)]
            shown = [argument.metavar or (argument.name or "").upper() for argument in arguments]
            words = {word for text in shown for word in re.findall(r"\w+", text)}
            words |= {(argument.name or "").upper() for argument in arguments}
            word = exc.option_name.lstrip("-").replace("-", "_").upper()
            if word not in words:
                raise
            line = " ".join([ctx.command_path, *shown])
            raise click.UsageError(f"{word} is an argument, not an option: {line}", ctx) from exc


class Group(_WithExamples, click.Group):
    """A group of commands with the common options, which suggests the nearest name for a misspelt command.

    Args:
        examples: See the attribute.
        is_root: Whether it is ``imagekit`` itself, whose help shows the common options.
        others: Arguments of `click.Group`.
    """

    command_class: type[click.Command] | None = Command

    def __init__(
        self, *args: Any, examples: Sequence[tuple[str, str]] = (), is_root: bool = False, **others: Any
    ) -> None:
        others["context_settings"] = {**CONTEXT_SETTINGS, **others.get("context_settings", {})}
        super().__init__(*args, **others)
        self.examples = examples
        self.params: list[click.Parameter] = _add_common_options(self.params, is_hidden=not is_root)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; without any, show the help, which newer releases of click treat as an error."""
        if not args and not self.invoke_without_command and not ctx.resilient_parsing:
            click.echo(ctx.get_help())
            ctx.exit()
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that `args` name."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            nearest = find_nearest(args[0], self.list_commands(ctx))
            hint = f"; did you mean {nearest!r}?" if nearest else ""
            ctx.fail(f"there is no command {args[0]!r}{hint}")
        return super().resolve_command(ctx, args)


class LazyGroup(Group):
    """A group whose commands are loaded on first use, so that help and completion start quickly.

    Args:
        chapters: Names and short helps of the commands, by the title under which help lists them.
        package: Package with a module for each command, named after it (with ``_`` for ``-``), which defines `command`.
    """

    def __init__(self, *args: Any, chapters: Mapping[str, Mapping[str, str]], package: str, **others: Any) -> None:
        super().__init__(*args, **others)
        self.chapters = chapters
        self._package = package
        self._short_helps = {name: text for chapter in chapters.values() for name, text in chapter.items()}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return [*self._short_helps]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command; return None if there is no such command."""
        if cmd_name not in self._short_helps:
            return None
        module = importlib.import_module(f"{self._package}.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Suggest commands, without loading them, and options."""
        commands = [
            CompletionItem(name, help=text) for name, text in self._short_helps.items() if name.startswith(incomplete)
        ]
        return commands + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the names and short helps of the commands, chapter by chapter, without loading them."""
        for title, chapter in self.chapters.items():
            with formatter.section(title):
                formatter.write_dl([*chapter.items()])
