"""What every command writes where: JSON for programs, nothing but text in pipes, no colours if unwanted, no secret."""

from __future__ import annotations

import base64
import io
import json
import re
import sys
from typing import TYPE_CHECKING

import pytest
import pyvips

from imagekitio.cli.app import CHAPTERS

from .library import add_file
from .processes import run_process

if TYPE_CHECKING:
    from pathlib import Path

    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from .conftest import Ended, Run

# A line for each command, and two where it has two kinds of output. {url} is a signed URL.
LINES: dict[str, list[str]] = {
    "upload": ["upload|ö 日本.png|/neu"],
    "download": ["download|/shop|copy"],
    "sync": ["sync|folder|/synced"],
    "ls": ["ls|--long|/shop"],
    "search": ["search|--tag|sale"],
    "info": ["info|--metadata|--versions|/shop/ö_日本.png|/"],
    "rm": ["rm|--yes|/shop/a.png"],
    "mv": ["mv|/shop/a.png|/moved"],
    "cp": ["cp|/shop/a.png|/copied"],
    "mkdir": ["mkdir|/日本/neu"],
    "tag": ["tag|--add|new|/shop/a.png", "tag|/shop/a.png"],
    "similar": ["similar|/shop"],
    "migrate": ["migrate|folder|/migrated"],
    "url": ["url|/shop/ö_日本.png|--width|300|--sign", "url|--list-transformations"],
    "verify": ["verify|{url}", "verify|{url}|{url}"],
    "explain": ["explain|{url}"],
    "token": ["token", "token|--v2|a.jpg"],
    "purge": ["purge|/shop/a.png"],
    "fields": ["fields|list"],
    "usage": ["usage", "usage|--analytics"],
    "account": ["account|endpoints|list"],
    "api": ["api", "api|list_files", "api|create_folder|--folder-name|日本|--parent-folder-path|/|--dry-run"],
    "config": ["config|show", "config|set|shop|--url-endpoint|https://ik.imagekit.io/acme", "config|path"],
    "doctor": ["doctor"],
    "completion": ["completion|bash"],
}
# Its introduction is for people to copy, with keys that are no secret; tests/cli/commands/test_local.py.
NOT_WALKED = {"local"}
ESCAPE = "\x1b"
COLOUR = re.compile(r"\x1b\[(?:[0-9]+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9]+)*m")
KEY = "private_local"


@pytest.fixture(autouse=True)
def library(client: ImageKit, shell: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    picture: bytes = pyvips.Image.black(60, 40, bands=3).copy(interpretation="srgb").write_to_buffer(".png")
    for name in ("ö_日本.png", "a.png"):
        add_file(client, f"/shop/{name}", picture, tags=["sale"])
    (shell / "folder").mkdir()
    (shell / "folder" / "ä.txt").write_text("hello")
    (shell / "ö 日本.png").write_bytes(picture)


@pytest.fixture
def no_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())


def split(line: str, client: ImageKit) -> list[str]:
    url = client.url(path="/shop/a.png", signed=True)
    return [part.format(url=url) if "{url}" in part else part for part in line.split("|")]


def watch(run: Run, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Ended:
    """Run a command line as in a terminal: the streams of a test say that they are one."""
    for stream in (sys.stdout, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    return run(*arguments)


def test_the_walk_has_every_command() -> None:
    names = {name for chapter in CHAPTERS.values() for name in chapter}
    assert {*LINES} == names - NOT_WALKED


@pytest.mark.parametrize("name", LINES)
def test_programs_get_json_and_nothing_else_in_any_locale(name: str, client: ImageKit) -> None:
    ascii_only = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    for line in LINES[name]:
        ended = run_process("--json", *split(line, client), variables=ascii_only)
        assert ended.returncode == 0, ended.stderr
        assert all(isinstance(json.loads(text), dict) for text in ended.stdout.splitlines()), ended.stdout
        assert ended.stdout or line == "fields|list"
        assert ESCAPE not in ended.stdout + ended.stderr
        assert "\r" not in ended.stderr  # by which bars are drawn over
        assert KEY not in ended.stdout + ended.stderr


@pytest.mark.parametrize("name", LINES)
def test_pipes_get_text_without_escape_sequences_and_secrets(
    run: Run, name: str, client: ImageKit, monkeypatch: pytest.MonkeyPatch, no_input: None
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    for line in LINES[name]:
        ended = run("--debug", *split(line, client))
        assert ended.code == 0, ended.err
        for stream in (ended.out, ended.err):
            assert ESCAPE not in stream
            assert "\r" not in stream
        check_secrets(ended)


@pytest.mark.parametrize("name", LINES)
def test_no_color_leaves_colours_out(
    run: Run, name: str, client: ImageKit, monkeypatch: pytest.MonkeyPatch, no_input: None
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    for line in LINES[name]:
        ended = watch(run, monkeypatch, *split(line, client))
        assert ended.code == 0, ended.err
        assert not COLOUR.search(ended.out + ended.err)
        check_secrets(ended)


def test_there_are_colours_otherwise(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert COLOUR.search(watch(run, monkeypatch, "doctor").out)


@pytest.mark.parametrize("name", LINES)
def test_a_refusal_shows_no_secret_even_in_the_details_for_developers(
    run: Run, name: str, client: ImageKit, server: LocalImageKit, no_input: None
) -> None:
    for line in LINES[name]:
        arguments = split(line, client)
        server.faults.add(status=403, times=50)
        before = len(server.requests)
        ended = run("--debug", *arguments)
        assert bool(ended.code) == (len(server.requests) > before), ended.err
        check_secrets(ended)
        server.faults.clear()


def check_secrets(ended: Ended) -> None:
    printed = ended.out + ended.err
    assert KEY not in printed
    assert base64.b64encode(f"{KEY}:".encode()).decode() not in printed  # as an Authorization header has it
