"""``manage.py imagekit_local``: the development server, and local ImageKit alongside it."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from ...checks.local import MARKER

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from django.core.management import CommandParser

_STOP_SECONDS = 10  # local ImageKit writes what it still has in memory
_POLL_SECONDS = 0.5


class Command(BaseCommand):
    help = (
        "Run local ImageKit and, alongside it, the development server, whose settings point at it: no account needed. "
        "The keys and the URL endpoint must come from the environment (IMAGEKIT = {} does that). Ctrl-C stops both."
    )
    # runserver checks the project, with the variables of local ImageKit.
    requires_system_checks: tuple[str, ...] = ()  # pyright: ignore[reportIncompatibleVariableOverride]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8080, help="Port of local ImageKit; 0 takes a free one (8080).")
        parser.add_argument(
            "--data", type=Path, help="Folder that keeps the media library (.imagekit in BASE_DIR, or else here)."
        )
        parser.add_argument(
            "--local-options",
            type=shlex.split,
            default=[],
            help='Other options of "python -m imagekitio.local", in quotes: "--restrict-unsigned --host 0.0.0.0".',
        )
        parser.add_argument(
            "runserver", nargs="*", help='Arguments of runserver; options after "--": imagekit_local -- 8001 --noreload'
        )

    def handle(self, *args: Any, **options: Any) -> None:
        data: Path = options["data"] or Path(getattr(settings, "BASE_DIR", ".")) / ".imagekit"
        command = [sys.executable, "-m", "imagekitio.local", "--port", str(options["port"]), "--data", str(data)]
        _make_ignored_folder(data)
        with _stopping_on_signals(), _running([*command, *options["local_options"]], stdout=subprocess.PIPE) as local:
            variables = _read_variables(local)
            self.stdout.write(f"Local ImageKit answers at {variables['IMAGEKIT_API_BASE_URL']}")
            self.stdout.write(f"Its media library, for browsers: {variables['IMAGEKIT_API_BASE_URL']}/")
            self.stdout.write(f"Its data are kept in {data}")
            self.stdout.flush()
            environment = {**os.environ, **variables, **_bypass_proxy(), MARKER: "1"}
            with _running(_manage("runserver", options), env=environment) as server:
                while server.poll() is None:
                    if local.poll() is not None:
                        raise CommandError(f"local ImageKit has stopped (exit status {local.returncode})")
                    try:
                        server.wait(_POLL_SECONDS)
                    except subprocess.TimeoutExpired:
                        continue
            if server.returncode:  # it said why
                raise SystemExit(server.returncode)


def _manage(name: str, options: Mapping[str, Any]) -> list[str]:
    """Return the command line of another Django command, started in the way that this process was."""
    main = sys.modules["__main__"].__spec__
    # With "python -m django", argv[0] is a file inside the package, which would not find its own modules as a script.
    started = [sys.argv[0]] if main is None else ["-m", main.parent or main.name]
    warnings = [f"-W{option}" for option in sys.warnoptions]
    path = [f"--pythonpath={options['pythonpath']}"] if options.get("pythonpath") else []
    return [sys.executable, *warnings, *started, name, *path, *options[name]]


def _make_ignored_folder(data: Path) -> None:
    """Make the folder, and keep uploads out of version control."""
    if not data.exists():
        try:
            data.mkdir(parents=True)
            (data / ".gitignore").write_text("*\n", encoding="utf-8")
        except OSError as exc:
            raise CommandError(f"the folder for the data cannot be made: {exc}") from exc


def _read_variables(local: subprocess.Popen[str]) -> dict[str, str]:
    """Return the environment variables that local ImageKit prints when it is ready."""
    assert local.stdout is not None
    variables: dict[str, str] = {}
    for line in local.stdout:
        if line.startswith("export "):
            name, _, value = shlex.split(line)[1].partition("=")
            variables[name] = value
        elif line.startswith("Ctrl-C"):
            return variables
    # It printed the reason.
    raise CommandError(f"local ImageKit did not start (exit status {local.wait()})")


def _bypass_proxy() -> dict[str, str]:
    """Return the variables with which requests to this machine go past the proxy of the environment, if any."""
    exceptions = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    if exceptions == "*":
        return {}
    return dict.fromkeys(("no_proxy", "NO_PROXY"), f"{exceptions},127.0.0.1".lstrip(","))


@contextmanager
def _running(command: list[str], **options: Any) -> Generator[subprocess.Popen[str]]:
    """Start a process in the terminal's group, so that Ctrl-C and debuggers reach it; stop it in any case."""
    with subprocess.Popen(command, text=True, **options) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def _stopping_on_signals() -> Generator[None]:
    """Tidy up also after SIGTERM and SIGHUP (a closed terminal), as after Ctrl-C, which says nothing more here."""

    def stop(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    numbers = [signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    before = [(number, signal.signal(number, stop)) for number in numbers]
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        for number, handler in before:
            signal.signal(number, handler)
