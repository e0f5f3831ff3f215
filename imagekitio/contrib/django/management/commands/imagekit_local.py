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

_STOP_SECONDS = 10  # for local ImageKit to write what it still has in memory
_POLL_SECONDS = 0.5


class Command(BaseCommand):
    help = (
        "Run local ImageKit and, alongside it, the development server, which uses it; no account is needed. "
        "The settings must take keys and URL endpoint from the environment, as IMAGEKIT = {} does. Ctrl-C stops both."
    )
    # runserver checks the project, with the variables of local ImageKit.
    requires_system_checks: tuple[str, ...] = ()  # pyright: ignore[reportIncompatibleVariableOverride]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--port", type=int, default=8080, help="Port of local ImageKit; 0 picks a free one (default: 8080)."
        )
        parser.add_argument(
            "--data",
            type=Path,
            help="Folder for the media library (default: .imagekit in BASE_DIR, or in the current folder).",
        )
        parser.add_argument(
            "--local-options",
            type=shlex.split,
            default=[],
            help='More options for "python -m imagekitio.local", in quotes: "--restrict-unsigned --host 0.0.0.0".',
        )
        parser.add_argument(
            "runserver",
            nargs="*",
            help='Arguments for runserver; put its options after "--": imagekit_local -- 8001 --noreload',
        )

    def handle(self, *args: Any, **options: Any) -> None:
        data: Path = options["data"] or Path(getattr(settings, "BASE_DIR", ".")) / ".imagekit"
        command = [sys.executable, "-m", "imagekitio.local", "--port", str(options["port"]), "--data", str(data)]
        _make_ignored_folder(data)
        with _exit_on_signals(), _run_process([*command, *options["local_options"]], stdout=subprocess.PIPE) as local:
            variables = _read_variables(local)
            self.stdout.write(f"Local ImageKit is running at {variables['IMAGEKIT_API_BASE_URL']}")
            self.stdout.write(f"Its media library in the browser: {variables['IMAGEKIT_API_BASE_URL']}/")
            self.stdout.write(f"Its data is stored in {data}")
            self.stdout.flush()
            environment = {**os.environ, **variables, **_bypass_proxy(), MARKER: "1"}
            with _run_process(_manage("runserver", options), env=environment) as server:
                while server.poll() is None:
                    if local.poll() is not None:
                        raise CommandError(f"local ImageKit has stopped (exit status {local.returncode})")
                    try:
                        server.wait(_POLL_SECONDS)
                    except subprocess.TimeoutExpired:
                        continue
            if server.returncode:  # it has printed the reason
                raise SystemExit(server.returncode)


def _manage(name: str, options: Mapping[str, Any]) -> list[str]:
    """Return the command line that runs another Django command in the same way as this process."""
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
            raise CommandError(f"the data folder could not be created: {exc}") from exc


def _read_variables(local: subprocess.Popen[str]) -> dict[str, str]:
    """Return the environment variables that local ImageKit prints when it is ready."""
    assert local.stdout is not None
    variables: dict[str, str] = {}
    for line in local.stdout:
        if line.startswith("export "):
            name, _, value = shlex.split(line)[1].partition("=")
            variables[name] = value
        elif variables:  # they are one paragraph
            return variables
    # It printed the reason.
    raise CommandError(f"local ImageKit did not start (exit status {local.wait()})")


def _bypass_proxy() -> dict[str, str]:
    """Return environment variables that make requests to this machine bypass a proxy."""
    exceptions = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    if exceptions == "*":
        return {}
    return dict.fromkeys(("no_proxy", "NO_PROXY"), f"{exceptions},127.0.0.1".lstrip(","))


@contextmanager
def _run_process(command: list[str], **options: Any) -> Generator[subprocess.Popen[str]]:
    """Run a process in the terminal's process group, so that Ctrl-C and debuggers reach it, and stop it at the end."""
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
def _exit_on_signals() -> Generator[None]:
    """Clean up after SIGTERM and SIGHUP (a closed terminal) as after Ctrl-C, which ends without a traceback."""

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
