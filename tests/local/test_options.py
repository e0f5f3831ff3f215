"""The command line: every setting, and what is said when it is not valid."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stderr
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.local import KeyPair, LocalImageKit, Settings
from imagekitio.local.options import make_parser, name_options, read_options, wrap

if TYPE_CHECKING:
    import argparse

SETTINGS = [each for each in fields(Settings) if each.name not in ("address", "clock")]


def options_of(*arguments: str) -> dict[str, Any]:
    return read_options(make_parser(""), list(arguments))


def refusal_of(*arguments: str) -> str:
    """What the command line is refused with, on one line."""
    printed = io.StringIO()
    with redirect_stderr(printed), pytest.raises(SystemExit, match="2"):
        options_of(*arguments)
    assert max(map(len, printed.getvalue().splitlines())) <= 100
    return " ".join(printed.getvalue().split())


def find_option(name: str) -> argparse.Action:
    option = "--" + name.replace("_", "-")
    (found,) = [action for action in make_parser("")._actions if option in action.option_strings]
    return found


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda each: each.name)
def test_every_setting_is_an_option_that_is_explained(setting: Any) -> None:
    help_ = find_option(setting.name).help or ""
    assert re.match(r"[A-Z].*\.", help_)
    assert not re.search("`|api.md", help_)


def test_what_is_left_out_is_not_given() -> None:
    assert options_of() == {
        "port": 8080,
        "host": "127.0.0.1",
        "keys": (KeyPair("public_local", "private_local"),),
        "rate_limits": (),
    }


@pytest.mark.parametrize(
    ("arguments", "name", "value"),
    [
        ("--data ./a --port 0", "data", Path("a")),
        ("--public-url https://images.example.test", "public_url", "https://images.example.test"),
        ("--trust-forwarded", "trust_forwarded", True),
        ("--no-best-format", "best_format", False),
        ("--max-pixels 1_000_000", "max_pixels", 1_000_000),
        ("--max-storage-bytes 5", "max_storage_bytes", 5),
        ("--job-delay 1.5", "job_delay", 1.5),
        ("--webhook-retry-seconds 1,2.5", "webhook_retry_seconds", (1.0, 2.5)),
        ("--webhook-retry-seconds=", "webhook_retry_seconds", ()),
        ("--rate-limits 100/1 --rate-limits 5000/60", "rate_limits", ((100, 1.0), (5000, 60.0))),
        ("--public-key a --private-key b", "keys", (KeyPair("a", "b"),)),
        (
            "--keys a:b --keys c:d:read --keys e:f:expired",
            "keys",
            (KeyPair("a", "b"), KeyPair("c", "d", "read"), KeyPair("e", "f", is_expired=True)),
        ),
    ],
)
def test_the_text_of_an_option_becomes_its_value(arguments: str, name: str, value: object) -> None:
    options = options_of(*arguments.split())
    assert options[name] == value
    LocalImageKit(**options)


def test_remote_files_are_urls_and_files_of_this_machine(tmp_path: Path) -> None:
    url = "https://example.com/a.jpg?x=1"
    (tmp_path / "c.jpg").write_bytes(b"1")
    options = options_of("--remote-files", f"{url}={tmp_path / 'c.jpg'}")
    assert options["remote_files"] == {url: tmp_path / "c.jpg"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("--max-pixels many", "argument --max-pixels: must be a whole number (got 'many')"),
        ("--job-delay soon", "argument --job-delay: must be a number (got 'soon')"),
        ("--rate-limits 100", "argument --rate-limits: must be requests and seconds such as 100/1 (got '100')"),
        ("--rate-limits a/b", "argument --rate-limits: must be a whole number (got 'a')"),
        ("--webhook-retry-seconds 1,x", "must be a number (got 'x')"),
        ("--keys public", "argument --keys: must be PUBLIC:PRIVATE"),
        ("--keys a:b:admin", ":none, :read, :read-write, :standard"),
        ("--keys a:b --public-key c", "give --keys, or --public-key and --private-key"),
        ("--remote-files https://example.com/a.jpg=/none", "/none is not there"),
        ("--remote-files https://example.com/a.jpg=/", "/ is a folder"),
        ("--remote-files https://example.com/a.jpg", "must be a URL and a file"),
        ("--data=", "argument --data: must be a folder (got '')"),
        ("--port 99999", "argument --port: must be a number from 0 to 65535 (got '99999')"),
        ("--publik-url https://a.test", "unrecognized arguments: --publik-url"),
        ("--max-pix 5", "unrecognized arguments: --max-pix 5"),
    ],
)
def test_an_option_that_is_not_valid_is_refused_by_its_name(arguments: str, words: str) -> None:
    refused = refusal_of(*arguments.split())
    assert words in refused
    assert "See python -m imagekitio.local --help" in refused


def test_settings_are_named_as_options_in_messages() -> None:
    assert name_options("imagekit_id must be of letters") == "--imagekit-id must be of letters"
    assert name_options("see `allow_remote`, not `clock`") == "see --allow-remote, not `clock`"


@pytest.mark.parametrize("columns", ["40", "80", "250"])
def test_no_line_of_the_help_is_longer_than_100_columns(monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    lines = make_parser("Run it.").format_help().splitlines()
    assert len(lines) > 50
    assert max(map(len, lines)) <= 100


def test_lines_are_broken_between_words_and_commands_stay_on_theirs() -> None:
    assert wrap("one " * 30).splitlines() == [" ".join(["one"] * 25), " ".join(["one"] * 5)]
    assert wrap("first\n    pip install x") == "first\n    pip install x"
    assert wrap("see " + "/folder" * 30) == "see\n" + "/folder" * 30
