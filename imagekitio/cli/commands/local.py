"""``imagekit local``: run local ImageKit, or local img-src, until Ctrl-C."""

from __future__ import annotations

import errno
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click

from ...local.foreground import catch_signals, introduce
from ...local.options.base import IMGSRC_FLAG
from ...local.options.choice import choose_service, explain_foreign
from ...local.options.imagekit import IMAGEKIT
from ...local.options.imgsrc import IMGSRC
from ...local.server.imagekit import LocalImageKit
from ..accounts.account import name_option
from ..accounts.local_servers import keep_record
from ..accounts.profiles import SETTINGS
from ..base.command import Command
from ..base.failures import Failure, describe
from ..base.session import Session, pass_session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ...local.options.base import CommandLine, Option
    from ...local.server.imgsrc import LocalImgsrc


def _make_option(option: Option) -> click.Option:
    if option.read is None:
        return click.Option([f"{option.flag}/--no-{option.flag[2:]}"], default=None, help=option.text)
    return click.Option(
        [option.flag],
        type=click.Path() if option.metavar == "DIR" else str,  # for completion
        metavar=option.metavar,
        help=option.text,
        multiple=option.is_list,
        callback=_make_callback(option.read),
    )


def _make_callback(read: Callable[[str], object]) -> Callable[[click.Context, click.Parameter, Any], Any]:
    def convert(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
        try:
            if isinstance(value, tuple):
                return [read(text) for text in value]
            return None if value is None else read(value)
        except ValueError as exc:
            raise click.BadParameter(str(exc), context, parameter) from None

    return convert


def _make_params(service: CommandLine) -> list[click.Parameter]:
    text = f"Start local img-src instead; imagekit local {IMGSRC_FLAG} --help shows its options."
    flag = click.Option([IMGSRC_FLAG], is_flag=True, expose_value=False, help=text)
    return [flag, *map(_make_option, service.list_options())]


class _ServerCommand(Command):
    """A command that starts the server of one service; for an option it lacks, its error names the service that has it.

    Args:
        service: The command line of the service.
    """

    def __init__(self, *args: Any, service: CommandLine, **others: Any) -> None:
        super().__init__(*args, **others)
        self.service: CommandLine = service

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as exc:
            for other in (command, imgsrc_command):
                if any(exc.option_name in (*each.opts, *each.secondary_opts) for each in other.params):
                    explained = explain_foreign(exc.option_name, other.service, self.service)
                    raise click.UsageError(explained, ctx) from exc
            raise


class _Command(_ServerCommand):
    """The command of local ImageKit, which delegates to that of local img-src if asked to."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        if choose_service(args) is IMGSRC:
            return imgsrc_command.make_context(f"{info_name} {IMGSRC_FLAG}", args, parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


@click.command(
    "local",
    cls=_Command,
    service=IMAGEKIT,
    params=_make_params(IMAGEKIT),
    examples=[
        ("imagekit local", "start it; imagekit --local ls, in another shell, talks to it"),
        ("imagekit local --data ~/shop-media --open", "keep the files in a folder, and open the server's page"),
        ("imagekit local --port 0 --job-delay 2", "listen on a free port; folder jobs and purges take two seconds"),
        ("imagekit local --rate-limits 100/1", "refuse more than 100 requests a second, as the service does"),
        ("imagekit local --img-src", "start local img-src instead"),
    ],
)
@click.option("--open", "is_opened", is_flag=True, help="Open the server's page in the browser.")
@pass_session
def command(session: Session, /, is_opened: bool, **given: Any) -> None:
    """Start local ImageKit, for development and tests.

    It behaves like ImageKit.io: API, uploads, and delivery with transformations, without an account or a network. While
    it runs, every command talks to it with --local. If several are running, that is the latest; set IMAGEKIT_LOCAL_URL
    to use another. Its keys are not secret. It accepts no others, so that no key of an account ends up in it.
    """
    _run(session, IMAGEKIT, given, is_opened=is_opened)


@click.command(
    "local",
    cls=_ServerCommand,
    service=IMGSRC,
    params=_make_params(IMGSRC),
    examples=[
        ("imagekit local --img-src", "start it with an account on the plan Pro"),
        ("imagekit local --img-src --data ~/shop-images --port 0", "keep the images in a folder; use a free port"),
        ("imagekit local --img-src --plan free", "refuse what only the plan Pro includes"),
    ],
)
@pass_session
def imgsrc_command(session: Session, /, **given: Any) -> None:
    """Start local img-src, for development and tests.

    It behaves like img-src.io: API, uploads, and delivery with transformations, without an account or a network. The
    other commands of imagekit only talk to ImageKit. Its API keys are not secret. It accepts no others, so that no key
    of an account ends up in it.
    """
    _run(session, IMGSRC, given)


def _run(session: Session, service: CommandLine, given: Mapping[str, Any], *, is_opened: bool = False) -> None:
    """Run the server of `service` until a signal arrives."""
    for name in ("profile", "local", *SETTINGS):
        if name in session.given:
            raise click.UsageError(f"{name_option(name)} is for commands that talk to a server; this one starts one")
    with catch_signals() as signals:
        try:
            arguments = service.make_arguments(
                {name: value for name, value in given.items() if value not in (None, [])}
            )
            server = service.make_server(arguments)
        except ValueError as exc:
            raise click.UsageError(service.name_options(str(exc))) from exc
        with ExitStack() as stack:
            try:
                stack.enter_context(server)
            except OSError as exc:
                if exc.errno == errno.EADDRINUSE:
                    raise Failure(f"{exc.strerror} (--port 0 picks a free one)") from exc
                raise
            except ValueError as exc:
                raise Failure(str(exc)) from exc
            hint = _keep_record(session, server, stack) if isinstance(server, LocalImageKit) else ""
            if not signals.have_arrived:
                data = arguments.get("data")
                if session.output.as_json:
                    session.output.print_record(_describe(server))
                elif not session.output.is_quiet:
                    session.output.print_line(introduce(server, data and str(data), more=hint))
                if is_opened and server.page_url is not None:
                    click.launch(server.page_url)
            signals.wait()
    if signals.exit_status:
        raise click.exceptions.Exit(signals.exit_status)


def _keep_record(session: Session, server: LocalImageKit, stack: ExitStack) -> str:
    """Let ``--local`` find the server until `stack` is closed; return a hint about it for the user."""
    try:
        stack.enter_context(keep_record(server))
    except OSError as exc:
        session.output.warn(f"--local will not find this server: {describe(exc)}")
        return ""
    return "The imagekit command talks to it with --local:\n\nimagekit --local ls"


def _describe(server: LocalImageKit | LocalImgsrc) -> dict[str, Any]:
    own = (
        {"urlEndpoint": server.url_endpoint, "publicKey": server.public_key, "privateKey": server.private_key}
        if isinstance(server, LocalImageKit)
        else {"deliveryUrl": server.delivery_url, "username": server.username, "apiKey": server.api_key}
    )
    return {"url": server.url, **own, "controlToken": server.control_token}
