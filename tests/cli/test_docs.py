"""The page about the command: its sessions run in one account in their order, and its other lines are valid."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click
import pytest

from imagekitio.cli.app import CHAPTERS, run
from imagekitio.cli.base import failures

from .command_lines import read_command_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imagekitio.local import LocalImageKit

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "guides" / "cli.md"
# What the page says in place of the address that local ImageKit has here.
ADDRESS = "http://127.0.0.1:8080"


class Step(NamedTuple):
    """A line that the page types, and what it shows below it; … stands for anything."""

    line_number: int
    command: str
    expected: str


class Screen(io.StringIO):
    """What a terminal shows: results as people get them, with messages between them."""

    def isatty(self) -> bool:
        return True


class Messages(io.TextIOBase):
    """Standard error on the same terminal, without what moves."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def write(self, text: str) -> int:
        return self._screen.write(text)


def read_blocks(language: str) -> Iterator[tuple[int, str]]:
    text = PAGE.read_text(encoding="utf-8")
    for match in re.finditer(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        yield text.count("\n", 0, match.start()) + 2, match[1]


def read_steps() -> list[Step]:
    steps: list[Step] = []
    for number, block in read_blocks("console"):
        for offset, line in enumerate(block.splitlines()):
            if line.startswith("$ "):
                steps.append(Step(number + offset, line[2:], ""))
            else:
                steps[-1] = steps[-1]._replace(expected=f"{steps[-1].expected}{line}\n")
    return steps


class Shell:
    """Runs lines, and remembers the last exit code."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._code = 0

    def type(self, line: str) -> str:
        """Return what a terminal shows for a line, without blanks at the ends of lines."""
        printed = self._run(line.replace(ADDRESS, self._address)).replace(self._address, ADDRESS)
        return "".join(f"{text.rstrip()}\n" for text in printed.splitlines())

    def _run(self, line: str) -> str:
        if line == "echo $?":
            return f"{self._code}\n"
        own, _, rest = line.partition(" | ")
        words = shlex.split(own)
        if words[0] != "imagekit":
            return run_shell(line)
        screen, pipe = Screen(), io.BytesIO()
        results = io.TextIOWrapper(pipe, write_through=True) if rest else screen
        with contextlib.redirect_stdout(results), contextlib.redirect_stderr(Messages(screen)):
            self._code = run(words[1:])
        return screen.getvalue() + (run_shell(rest, pipe.getvalue()) if rest else "")


def run_shell(line: str, data: bytes = b"") -> str:
    return subprocess.run(["/bin/sh", "-c", line], input=data, stdout=subprocess.PIPE, check=True).stdout.decode()


def matches(printed: str, expected: str) -> bool:
    # Releases of Rich differ in the blanks between columns.
    printed, expected = (re.sub(" {2,}", "  ", text) for text in (printed, expected))
    pattern = ".*".join(map(re.escape, expected.split("…")))
    return re.fullmatch(pattern, printed, re.DOTALL) is not None


@pytest.fixture
def account(server: LocalImageKit, shell: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalImageKit:
    """The reader's account and folder."""
    (shell / "photos").mkdir()
    for name in ("astronaut", "cat", "coffee"):
        shutil.copy(ROOT / "sample" / "pictures" / f"{name}.jpg", shell / "photos")
    monkeypatch.setenv("IMAGEKIT_LOCAL_URL", server.url)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")  # the page has no colours
    return server


def test_the_sessions_show_what_the_page_says(account: LocalImageKit) -> None:
    steps = read_steps()
    assert len(steps) > 30
    reader = Shell(account.url)
    wrong: list[str] = []
    for step in steps:
        printed = reader.type(step.command)
        if not matches(printed, step.expected):
            wrong.append(f"{PAGE.name} line {step.line_number}: $ {step.command}\n{printed}")
    assert not wrong, "\n".join(wrong)


def test_lines_that_are_not_run_are_valid_too(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def note(_self: click.Command, context: click.Context) -> None:
        if context.invoked_subcommand is None:  # not the groups above it
            parsed.append(context.command_path)

    monkeypatch.setattr(click.Command, "invoke", note)
    lines = [line for _, block in read_blocks("sh") for line in block.splitlines()]
    found = [arguments for line in lines for arguments in read_command_lines(line)]
    assert found
    for arguments in found:
        assert run(arguments) == 0, arguments
    assert len(parsed) == len(found)


def test_every_command_has_a_section_with_an_example() -> None:
    sections = re.split(r"^### ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    titles = {name: section for section in sections for name in re.findall(r"`([\w-]+)`", section.splitlines()[0])}
    for chapter in CHAPTERS.values():
        for name in chapter:
            assert name in titles, name
            assert f"imagekit {name}" in titles[name], name


def test_the_exit_codes_are_those_of_the_command() -> None:
    documented = dict(re.findall(r"^\| (\d+) \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    coded = dict(re.findall(r"^(\d+) +(\S.*)$", failures.__doc__ or "", re.MULTILINE))
    assert documented == coded
