"""The check of messages that every test of a command makes, itself."""

from __future__ import annotations

import pytest

from .messages import find_foreign_options


@pytest.mark.parametrize(
    ("arguments", "message", "foreign"),
    [
        (
            ["migrate", "a", "/"],
            "failed: a: a file exists: --replace, or --unique for another name",
            ["--unique"],
        ),
        (["upload", "a", "/"], "failed: a: a file exists: --replace, or --unique for another name", []),
        (["sync", "a", "/"], "/ has no files: imagekit rm --recursive /", []),
        (["sync", "a", "/"], "/ has no files: give --recursive", ["--recursive"]),
        (["sync", "a", "/", "--colour"], "no such option: --colour (see imagekit sync --help)", []),
        (["--json", "config", "show"], "give --private-key or --profile", []),
        (["--json", "config", "show"], "give --at-once", ["--at-once"]),
        (["config", "set", "a"], "--no-verify stores the settings anyway", []),
    ],
)
def test_options_are_foreign_if_neither_the_command_nor_the_user_names_them(
    arguments: list[str], message: str, foreign: list[str]
) -> None:
    assert find_foreign_options(arguments, message) == foreign
