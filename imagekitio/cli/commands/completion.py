"""``imagekit completion``: scripts that make bash, zsh and fish complete commands, options and remote paths."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import NamedTuple

import click
from click.shell_completion import get_completion_class

from ..base.command import Command
from ..base.completion import VARIABLE
from ..base.failures import USAGE, Failure
from ..base.options import dry_run_option
from ..base.session import Session, pass_session

SHELLS = ("bash", "zsh", "fish")


class Place(NamedTuple):
    """Path where a shell looks for the script, and advice on how to use it."""

    path: Path
    advice: str


@click.command(
    "completion",
    cls=Command,
    examples=[
        ("imagekit completion --install", "set up completion for the shell you use"),
        ("imagekit completion zsh --install --dry-run", "show where the script for zsh would be written"),
        ('eval "$(imagekit completion bash)"', "try it in this bash only"),
    ],
)
@click.argument("shell", type=click.Choice(SHELLS), required=False)
@click.option("--install", "is_installed", is_flag=True, help="Write the script to where the shell looks for it.")
@dry_run_option
@pass_session
def command(session: Session, shell: str | None, is_installed: bool, is_dry_run: bool) -> None:
    """Set up completion for bash, zsh or fish.

    The script for the shell is printed, or with --install written to where the shell looks for it. The default shell is
    that of the environment variable SHELL. Commands, options, profiles and remote paths are completed; remote paths
    need the keys of your account.
    """
    shell = shell or _guess_shell()
    script = _make_script(shell)
    if not is_installed:
        if is_dry_run:
            raise Failure("--dry-run needs --install: without it, nothing is changed", USAGE)
        if session.output.as_json:
            session.output.print_record({"shell": shell, "script": script})
            return
        session.output.print_line(script)
        if session.output.has_terminal:
            session.output.note(f"Set it up with: imagekit completion {shell} --install")
        return
    place = find_place(shell)
    record = {"status": "written", "shell": shell, "file": str(place.path)}
    if _is_written(place.path, script):
        session.output.print_result({**record, "status": "kept"}, f"already installed: {place.path}")
    elif is_dry_run:
        session.output.print_planned("write", record, str(place.path))
        return
    else:
        place.path.parent.mkdir(parents=True, exist_ok=True)
        place.path.write_text(f"{script}\n", encoding="utf-8")
        session.output.print_result(record, f"written: {place.path}")
    session.output.note(place.advice)


def find_place(shell: str) -> Place:
    """Return where a shell looks for completion scripts in the home folder.

    Sources: bash-completion's README ("Where should I install my own local completions?"), fish's manual ("Where to put
    completions"). zsh has no standard folder: ``~/.zfunc`` is the usual one.

    Raises:
        Failure: There is no home folder; exit code 2.
    """
    home = Path(os.path.expanduser("~"))
    if not home.is_absolute():
        raise Failure("there is no home folder to write to: set HOME", USAGE)
    if shell == "bash":
        data = _read_folder("XDG_DATA_HOME", home / ".local" / "share")
        own = _read_folder("BASH_COMPLETION_USER_DIR", data / "bash-completion")
        path = own / "completions" / "imagekit"
        return Place(
            path,
            "Open a new bash to use it. If nothing is completed there, the package bash-completion is missing:"
            f" install it, or add to ~/.bashrc: source {shlex.quote(str(path))}",
        )
    if shell == "zsh":
        folder = _read_folder("ZDOTDIR", home) / ".zfunc"
        return Place(
            folder / "_imagekit",
            "Open a new zsh to use it. If nothing is completed there, add this to .zshrc:"
            f" fpath=({shlex.quote(str(folder))} $fpath); autoload -Uz compinit; compinit",
        )
    folder = _read_folder("XDG_CONFIG_HOME", home / ".config") / "fish" / "completions"
    return Place(folder / "imagekit.fish", "Open a new fish to use it.")


def _read_folder(variable: str, default: Path) -> Path:
    value = os.environ.get(variable)
    return Path(value) if value and os.path.isabs(value) else default


def _guess_shell() -> str:
    name = os.path.basename(os.environ.get("SHELL", ""))
    if name not in SHELLS:
        raise Failure(
            f"the variable SHELL must be one of {', '.join(SHELLS)} (got {name!r}): give the shell as an argument",
            USAGE,
        )
    return name


def _make_script(shell: str) -> str:
    complete = get_completion_class(shell)
    if complete is None:
        raise AssertionError(f"click has no completion for {shell}")
    root = click.get_current_context().find_root().command
    return complete(root, {}, "imagekit", VARIABLE).source().strip()


def _is_written(path: Path, script: str) -> bool:
    try:
        return path.read_text(encoding="utf-8") == f"{script}\n"
    except (OSError, UnicodeError):
        return False  # missing, or another file
