"""Runs `imagekit` for the tests in this process, against local ImageKit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.cli.accounts.account import name_variable
from imagekitio.cli.accounts.profiles import FILE_VARIABLE, SETTINGS
from imagekitio.cli.app import run as run_command_line

from .messages import find_foreign_options

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    Run = Callable[..., "Ended"]


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def records(self) -> list[Any]:
        """The objects that it printed with ``--json``."""
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture(autouse=True)
def shell(server: LocalImageKit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and an environment that names local ImageKit and no profiles."""
    for name, value in server.settings.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv(FILE_VARIABLE, str(tmp_path / "config" / "config.ini"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    ours = ("IMAGEKIT_PROFILE", "IMAGEKIT_LOCAL_URL", "NO_COLOR", "FORCE_COLOR")
    folders = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "ZDOTDIR", "BASH_COMPLETION_USER_DIR")
    for name in (*ours, *folders):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def no_account(shell: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that names no account."""
    for setting in SETTINGS:
        monkeypatch.delenv(name_variable(setting))


@pytest.fixture
def client(threads: ImageKit) -> ImageKit:
    """A client of the same account, to check what a command did."""
    return threads


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line in this process."""

    def run_line(*arguments: str) -> Ended:
        capsys.readouterr()
        code = run_command_line([*arguments])
        printed = capsys.readouterr()
        # Messages that several commands share must not name options that only some of them have.
        assert find_foreign_options(arguments, printed.err) == [], printed.err
        return Ended(code, printed.out, printed.err)

    return run_line
