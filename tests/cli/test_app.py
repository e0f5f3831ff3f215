"""The command itself: help, common options, errors in one line, exit codes."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from imagekitio.cli.app import CHAPTERS

from .processes import make_environment

if TYPE_CHECKING:
    import pytest

    from .conftest import Run


def test_help_names_every_command_and_loads_none(run: Run) -> None:
    ended = run("--help")
    assert ended.code == 0
    for chapter in CHAPTERS.values():
        for name, text in chapter.items():
            assert f"  {name} " in ended.out
            assert text in ended.out
    assert all(len(line) <= 80 for line in ended.out.splitlines())


def test_a_group_without_a_command_shows_its_help(run: Run) -> None:
    assert run().out == run("--help").out
    ended = run("account")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == run("account", "--help").out


def test_help_loads_neither_rich_nor_the_client() -> None:
    script = "import sys; from imagekitio.cli.app import run; run(['--help']); print(*sys.modules, file=sys.stderr)"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=make_environment())
    loaded = set(done.stderr.split())
    ours = {"imagekitio.client", "imagekitio.cli.commands.ls", "imagekitio.cli.base.output", "imagekitio.local"}
    assert not loaded & {*ours, "rich", "requests", "urllib3", "asyncio", "configparser", "logging", "json", "tempfile"}


def test_common_options_stand_before_or_after_the_command(run: Run) -> None:
    assert run("--json", "ls").code == run("ls", "--json").code == 0


def test_a_misspelt_command_gets_the_nearest_one_suggested(run: Run) -> None:
    ended = run("uplaod")
    assert ended.code == 2
    assert ended.err == "imagekit: there is no command 'uplaod'; did you mean 'upload'? (see imagekit --help)\n"


def test_without_a_private_key_the_error_says_where_to_put_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IMAGEKIT_PRIVATE_KEY")
    ended = run("ls")
    assert ended.code == 2
    assert "IMAGEKIT_PRIVATE_KEY" in ended.err
    assert ended.err.count("\n") == 1


def test_the_version_is_that_of_the_package(run: Run) -> None:
    from imagekitio import __version__

    assert run("--version").out == f"imagekit {__version__}\n"
