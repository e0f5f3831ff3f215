"""``imagekit local``: local ImageKit, until Ctrl-C."""

from __future__ import annotations

import errno
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click

from ...local.foreground import catch_signals, introduce
from ...local.options import Option, list_options, make_arguments, name_options
from ...local.server.imagekit import LocalImageKit
from ..accounts.account import name_option
from ..accounts.local_servers import keep_record
from ..accounts.profiles import SETTINGS
from ..base.command import Command
from ..base.failures import Failure, describe
from ..base.session import Session, pass_session

if TYPE_CHECKING:
    from collections.abc import Callable


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


@click.command(
    "local",
    cls=Command,
    params=[_make_option(option) for option in list_options()],
    examples=[
        ("imagekit local", "start it; imagekit --local ls, in another shell, talks to it"),
        ("imagekit local --data ~/shop-media --open", "keep the files in a folder, and open its page"),
        ("imagekit local --port 0 --job-delay 2", "on a free port; folder jobs and purges take two seconds"),
        ("imagekit local --rate-limits 100/1", "refuse more than 100 requests a second, as the service does"),
    ],
)
@click.option("--open", "is_opened", is_flag=True, help="Open its page in the browser.")
@pass_session
def command(session: Session, /, is_opened: bool, **given: Any) -> None:
    """Start local ImageKit, for development and tests.

    It answers as ImageKit.io does: API, uploads, and delivery with transformations, without an account or a network.
    While it runs, every command reaches it with --local. Of several that run, that is the latest; IMAGEKIT_LOCAL_URL
    names another. Its keys are no secret: it takes no others, so that no key of an account ends up in it.
    """
    for name in ("profile", "local", *SETTINGS):
        if name in session.given:
            raise click.UsageError(f"{name_option(name)} is for commands that talk to a server; this one starts it")
    with catch_signals() as signals:
        try:
            arguments = make_arguments({name: value for name, value in given.items() if value not in (None, [])})
            server = LocalImageKit(**arguments)
        except ValueError as exc:
            raise click.UsageError(name_options(str(exc))) from exc
        with ExitStack() as stack:
            try:
                stack.enter_context(server)
            except OSError as exc:
                if exc.errno == errno.EADDRINUSE:
                    raise Failure(f"{exc.strerror} (--port 0 takes a free one)") from exc
                raise
            except ValueError as exc:
                raise Failure(str(exc)) from exc
            hint = _keep_record(session, server, stack)
            if not signals.have_come:
                data = arguments.get("data")
                _print_introduction(session, server, introduce(server, data and str(data), more=hint))
                if is_opened:
                    click.launch(f"{server.settings.base_url()}/")
            signals.wait()
    if signals.exit_status:
        raise click.exceptions.Exit(signals.exit_status)


def _keep_record(session: Session, server: LocalImageKit, stack: ExitStack) -> str:
    """Let ``--local`` find the server until the end; return what to say about that."""
    try:
        stack.enter_context(keep_record(server))
    except OSError as exc:
        session.output.warn(f"--local will not find this server: {describe(exc)}")
        return ""
    return "The command imagekit talks to it with --local, such as:\n\nimagekit --local ls"


def _print_introduction(session: Session, server: LocalImageKit, text: str) -> None:
    if session.output.as_json:
        session.output.print_record(
            {
                "url": server.url,
                "urlEndpoint": server.url_endpoint,
                "publicKey": server.public_key,
                "privateKey": server.private_key,
                "controlToken": server.control_token,
            }
        )
    elif not session.output.is_quiet:
        session.output.print_line(text)
