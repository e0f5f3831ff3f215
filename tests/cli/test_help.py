"""The help of every command: it fits 80 columns, says what everything means, and its examples are valid."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from imagekitio.cli.app import CHAPTERS, command
from imagekitio.cli.base.command import Command, Group

from .command_lines import read_command_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Run

COLUMNS = 80
NAMES = [name for chapter in CHAPTERS.values() for name in chapter]
# Commands that change nothing, neither in the account nor on this machine; every other one has --dry-run.
READING = {"ls", "search", "info", "similar", "url", "verify", "explain", "token", "usage", "doctor", "local"}
READING_BELOW_GROUPS = {"list", "get", "show", "path"}
OPERATIONS = Path(__file__).parents[1] / "data" / "operations.csv"


def walk(name: str) -> Iterator[tuple[str, Command | Group]]:
    """Yield a command and, if it is a group, all that are below it, each with its whole name."""
    context = click.Context(command, info_name="imagekit")
    found = command.get_command(context, name)
    assert found is not None
    yield from _walk(found, name, context)


def _walk(found: click.Command, path: str, parent: click.Context) -> Iterator[tuple[str, Command | Group]]:
    assert isinstance(found, (Command, Group)), f"{path} has no common options"
    yield path, found
    if isinstance(found, Group):
        context = click.Context(found, info_name=found.name, parent=parent)
        for name in found.list_commands(context):
            below = found.get_command(context, name)
            assert below is not None, f"{path} {name} does not exist"
            yield from _walk(below, f"{path} {name}", context)


@pytest.fixture(autouse=True)
def columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(COLUMNS))


@pytest.mark.parametrize("name", NAMES)
def test_an_argument_that_is_typed_as_an_option_is_explained(run: Run, name: str) -> None:
    for path, found in walk(name):
        options = {option for parameter in found.params for option in parameter.opts}
        arguments = [parameter for parameter in found.params if isinstance(parameter, click.Argument)]
        for argument in arguments:
            word = re.findall(r"\w+", argument.metavar or argument.name or "")[0]
            option = f"--{word.lower().replace('_', '-')}"
            if option in options:
                continue
            ended = run(*path.split(), option, "x")
            assert (ended.code, ended.out) == (2, ""), path
            assert f"is an argument, not an option: imagekit {path} " in ended.err


@pytest.mark.parametrize("name", NAMES)
def test_help_fits_80_columns_and_begins_with_a_sentence(run: Run, name: str) -> None:
    for path, found in walk(name):
        ended = run(*path.split(), "--help")
        assert (ended.code, ended.err) == (0, ""), path
        assert [line for line in ended.out.splitlines() if len(line) > COLUMNS] == [], path
        sentence = (found.help or "").strip().split("\n\n")[0]
        assert re.fullmatch(r"[A-Z](?s:.*)[.…]", sentence), f"{path}: {sentence!r}"


@pytest.mark.parametrize("name", NAMES)
def test_every_option_says_what_it_means(name: str) -> None:
    for path, found in walk(name):
        options = [option for option in found.params if isinstance(option, click.Option)]
        # What help does not show, such as a hundred transformations, is listed elsewhere.
        assert [option.name for option in options if not option.help and not option.hidden] == [], path


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_examples_that_are_valid_command_lines(
    run: Run, name: str, shell: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[str] = []
    # Groups still look for the command that is meant; it reads its arguments and then does nothing.
    monkeypatch.setattr(click.Command, "invoke", lambda _self, context: parsed.append(context.command_path))
    for path, found in walk(name):
        assert found.examples, path
        for line, purpose in found.examples:
            assert purpose, line
            before = len(parsed)
            for arguments in read_command_lines(line):
                for given in arguments:
                    if re.fullmatch(r"@?[\w-]+\.\w+", given):  # may have to be a file, or to have its value in one
                        (shell / given.removeprefix("@")).write_text("{}")
                ended = run(*arguments)
                assert (ended.code, ended.err) == (0, ""), line
            assert f"imagekit {path}" in " ".join(parsed[before:]), f"an example of {path} is about another: {line}"


@pytest.mark.parametrize("name", NAMES)
def test_what_changes_something_has_a_dry_run(name: str) -> None:
    with OPERATIONS.open(encoding="utf-8") as file:
        reading_calls = {row["operation"] for row in csv.DictReader(file) if row["http_method"] == "GET"}
    for path, found in walk(name):
        first, last = path.split()[0], path.split()[-1]
        if first == "api":
            reads = last in reading_calls or last.endswith("_client_side")  # whose request is only printed
        else:
            reads = first in READING or last in READING_BELOW_GROUPS
        if not isinstance(found, Group) and not reads:
            assert "is_dry_run" in {option.name for option in found.params}, path


def test_short_helps_are_sentences_that_fit_a_line() -> None:
    indent = 2 + max(map(len, NAMES)) + 2
    for chapter in CHAPTERS.values():
        for name, text in chapter.items():
            assert indent + len(text) <= COLUMNS - 2, name  # click leaves a margin
            assert text.endswith((".", "…")), name
