"""The command ``imagekit``: its chapters, and how a run ends."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from typing import Any

import click

from .base.command import LazyGroup
from .base.completion import VARIABLE as COMPLETION_VARIABLE
from .base.failures import CLOSED_PIPE, INTERRUPTED, SOME_FAILED, describe, find_exit_code
from .base.session import Session

CHAPTERS: dict[str, dict[str, str]] = {
    "Media library": {
        "upload": "Upload files, folders, URLs or standard input.",
        "download": "Download files and folders, or transformations of them.",
        "sync": "Make a remote folder like a local one, or the reverse.",
        "ls": "List files and folders.",
        "search": "Find files by what is known about them.",
        "info": "Show everything that is known about files.",
        "rm": "Delete files and folders.",
        "mv": "Move or rename files and folders.",
        "cp": "Copy files and folders.",
        "mkdir": "Create folders.",
        "tag": "Add tags to files, or remove them.",
        "similar": "Find pictures that look alike.",
        "migrate": "Copy files from S3, a list of URLs or a folder; resumable.",
    },
    "URLs": {
        "url": "Build a URL, signed if you want.",
        "verify": "Check the signature of a URL.",
        "explain": "Say what a URL means, part by part.",
        "token": "Make a token for an upload by a browser.",
        "purge": "Remove files from the CDN's cache.",
    },
    "Account": {
        "fields": "List and change the custom metadata fields.",
        "usage": "Show bandwidth, storage and other use.",
        "account": "Manage origins, endpoints, webhooks, transformations …",
        "api": "Call any operation of the API.",
    },
    "This machine": {
        "local": "Start local ImageKit, for development and tests.",
        "config": "Make and show profiles: the keys of your accounts.",
        "doctor": "Find out what is wrong, and how to mend it.",
        "completion": "Set up completion for bash, zsh or fish.",
    },
}


def _print_version(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if not value or context.resilient_parsing:
        return
    from .. import __version__

    click.echo(f"imagekit {__version__}")
    context.exit()


command: LazyGroup = LazyGroup(
    name="imagekit",
    help="Manage the media library of an ImageKit account, and build and check its URLs.",
    chapters=CHAPTERS,
    package=f"{__package__}.commands",
    examples=[
        ("imagekit config", "store the keys of your account"),
        ("imagekit local", "or start local ImageKit; --local makes any command talk to it"),
        ("imagekit upload photos/*.jpg /holidays", "upload pictures into a folder"),
        ("imagekit url /holidays/beach.jpg --width 300 --sign --expires 1h", "build a signed URL"),
    ],
    epilog="Exit codes: 0 done, 1 some failed, 2 usage, 3 refused, 4 network, 130 Ctrl-C.",
    is_root=True,
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_print_version,
            help="Print the version.",
        ),
    ],
)


def run(arguments: list[str] | None = None) -> int:
    """Run a command line and return its exit code.

    Args:
        arguments: What follows the name of the program; by default that of the process.
    """
    session = Session()
    try:
        _prepare_streams()
        try:
            code = _run(arguments, session)
        finally:
            session.close()
    except click.exceptions.Abort:  # which click makes of Ctrl-C, on a new line
        code = _report_interrupt(session)
    except KeyboardInterrupt:
        _write_error("")
        code = _report_interrupt(session)
    return code


def _run(arguments: list[str] | None, session: Session) -> int:
    try:
        code: Any = command.main(arguments, prog_name="imagekit", standalone_mode=False, obj=session)
        sys.stdout.flush()
    except SystemExit as exc:  # by which click ends a completion, and whatever writes to a closed pipe
        code = exc.code if COMPLETION_VARIABLE in os.environ else CLOSED_PIPE
    except click.exceptions.Abort:
        raise
    except BrokenPipeError:
        _drop_output()
        code = CLOSED_PIPE
    except Exception as exc:
        code = _report(exc, session)
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # after an error, which is worth more than that nobody reads
        _drop_output()
        code = code or CLOSED_PIPE
    except OSError:  # a full disk, which has been reported
        _drop_output()
        code = code or SOME_FAILED
    return code if isinstance(code, int) else 0


def _report(error: Exception, session: Session) -> int:
    if session.given.get("debug"):
        import traceback

        traceback.print_exc()
    where = "imagekit"
    hint = ""
    if isinstance(error, click.UsageError) and error.ctx is not None:
        where = error.ctx.command_path
        hint = f" (see {where} --help)"
    text = describe(error)
    code = find_exit_code(error)
    if _is_surprise(error) and not session.given.get("debug"):
        text = f"{type(error).__name__}: {text} (run it again with --debug for the details)"
    _write_error(f"{where}: {text}{hint}")
    return code


def _is_surprise(error: Exception) -> bool:
    """Whether nobody has thought of this error, so that its text may say little."""
    from ..exceptions import ImageKitException

    known = (click.ClickException, ImageKitException, OSError, ValueError, TypeError, ImportError, RuntimeError)
    return not isinstance(error, known)


def _report_interrupt(session: Session) -> int:
    # Ctrl-C may have struck while an object was being made, such as a response. Python would show a traceback when it
    # throws such an object away.
    sys.unraisablehook = lambda *_: None
    # What is still to be said must not be interrupted by an impatient second Ctrl-C ...
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    told = session.on_interrupt() if session.on_interrupt is not None else ""
    _write_error("imagekit: interrupted" + (f": {told}" if told else ""))
    # ... which then ends the wait for what other threads still do.
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    return INTERRUPTED


def _drop_output() -> None:
    """Send what is still to be written to stdout nowhere: Python would complain when it flushes it at its end."""
    with suppress(OSError):  # no file of the operating system
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write_error(line: str) -> None:
    if COMPLETION_VARIABLE in os.environ:
        return  # it would appear in the middle of the line that somebody types
    with suppress(OSError):  # nobody reads it
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


def _prepare_streams() -> None:
    """Write UTF-8 wherever it goes: names of files are not ASCII, whatever the locale of a job says.

    A stream that was closed by whoever started this leads nowhere, as ``print`` treats it.
    """
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w"))  # noqa: SIM115  # until the end
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
