"""The ``imagekit`` command: its subcommands by chapter, and how a run ends."""

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
        "sync": "Make a remote folder match a local one, or the reverse.",
        "ls": "List files and folders.",
        "search": "Find files by name, tags, metadata and more.",
        "info": "Show all details of files and folders.",
        "rm": "Delete files and folders.",
        "mv": "Move or rename files and folders.",
        "cp": "Copy files and folders.",
        "mkdir": "Create folders.",
        "tag": "Add tags to files, or remove them.",
        "similar": "Find pictures that look alike.",
        "migrate": "Copy files from S3, a list of URLs or a folder; resumable.",
    },
    "URLs": {
        "url": "Build URLs, with a signature if you like.",
        "verify": "Check the signatures of URLs.",
        "explain": "Explain a URL, part by part.",
        "token": "Create a token for an upload from a browser.",
        "purge": "Remove files from the CDN's cache.",
    },
    "Account": {
        "fields": "List and change the custom metadata fields.",
        "usage": "Show bandwidth, storage and other usage.",
        "account": "Manage origins, endpoints, webhooks, transformations …",
        "api": "Call any operation of the API.",
    },
    "This machine": {
        "local": "Start local ImageKit, for development and tests.",
        "config": "Manage profiles: the keys of your accounts.",
        "doctor": "Find problems, and how to fix them.",
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
        ("imagekit upload photos/*.jpg /holidays", "upload pictures to a folder"),
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
        arguments: Command-line arguments without the program's name; by default, those of the process.
    """
    session = Session()
    try:
        _prepare_streams()
        try:
            code = _run(arguments, session)
        finally:
            session.close()
    except click.exceptions.Abort:  # click raises this for Ctrl-C, after a new line
        code = _report_interrupt(session)
    except KeyboardInterrupt:
        _write_error("")
        code = _report_interrupt(session)
    return code


def _run(arguments: list[str] | None, session: Session) -> int:
    try:
        code: Any = command.main(arguments, prog_name="imagekit", standalone_mode=False, obj=session)
        sys.stdout.flush()
    except SystemExit as exc:  # how click ends a completion, and a write to a closed pipe
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
    except BrokenPipeError:  # the code of an earlier error matters more
        _drop_output()
        code = code or CLOSED_PIPE
    except OSError:  # a full disk, which was reported before
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
    if _is_unexpected(error) and not session.given.get("debug"):
        text = f"{type(error).__name__}: {text} (run it again with --debug for details)"
    _write_error(f"{where}: {text}{hint}")
    return code


def _is_unexpected(error: Exception) -> bool:
    """Return whether an error is of a type that no code here raises on purpose, so its text may explain little."""
    from ..exceptions import ImageKitException

    known = (click.ClickException, ImageKitException, OSError, ValueError, TypeError, ImportError, RuntimeError)
    return not isinstance(error, known)


def _report_interrupt(session: Session) -> int:
    # Ctrl-C may have interrupted the construction of an object, such as a response. Python would print a traceback when
    # it discards that object.
    sys.unraisablehook = lambda *_: None
    # A second Ctrl-C must not interrupt this message ...
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    progress = session.on_interrupt() if session.on_interrupt is not None else ""
    _write_error("imagekit: interrupted" + (f": {progress}" if progress else ""))
    # ... but afterwards ends the wait for other threads.
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    return INTERRUPTED


def _drop_output() -> None:
    """Discard the rest of the output: Python would print an error when it flushes stdout at exit."""
    with suppress(OSError):  # stdout is not a real file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write_error(line: str) -> None:
    if COMPLETION_VARIABLE in os.environ:
        return  # it would appear in the middle of the line that is being typed
    with suppress(OSError):  # stderr is closed
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


def _prepare_streams() -> None:
    """Make the output UTF-8: file names need it, whatever the locale is.

    A stream that the parent process closed is replaced by the null device.
    """
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w"))  # noqa: SIM115  # open until exit
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
