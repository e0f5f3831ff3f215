"""The command line: every setting, and the errors for invalid ones."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stderr
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.local import ApiKey, ImgsrcSettings, KeyPair, LocalImageKit, LocalImgsrc, Settings
from imagekitio.local.options.base import wrap
from imagekitio.local.options.choice import choose_service, read_options
from imagekitio.local.options.imagekit import IMAGEKIT
from imagekitio.local.options.imgsrc import IMGSRC

if TYPE_CHECKING:
    import argparse

    from imagekitio.local.options.base import CommandLine

SETTINGS = [each for each in fields(Settings) if each.name not in ("address", "clock")]


def parse_options(*arguments: str) -> dict[str, Any]:
    service = choose_service(arguments)
    return read_options(service, service.make_parser(""), arguments)


def read_refusal(*arguments: str) -> str:
    """Return the error for an invalid command line on one line."""
    printed = io.StringIO()
    with redirect_stderr(printed), pytest.raises(SystemExit, match="2"):
        parse_options(*arguments)
    assert max(map(len, printed.getvalue().splitlines())) <= 100
    return " ".join(printed.getvalue().split())


def find_option(name: str) -> argparse.Action:
    option = "--" + name.replace("_", "-")
    (found,) = [action for action in IMAGEKIT.make_parser("")._actions if option in action.option_strings]
    return found


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda each: each.name)
def test_every_setting_has_an_option_with_an_explanation(setting: Any) -> None:
    help_ = find_option(setting.name).help or ""
    assert re.match(r"[A-Z].*\.", help_)
    assert not re.search("`|api.md", help_)


def test_missing_options_set_nothing() -> None:
    assert parse_options() == {
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
    options = parse_options(*arguments.split())
    assert options[name] == value
    LocalImageKit(**options)


def test_remote_files_map_urls_to_files_of_this_machine(tmp_path: Path) -> None:
    url = "https://example.com/a.jpg?x=1"
    (tmp_path / "c.jpg").write_bytes(b"1")
    options = parse_options("--remote-files", f"{url}={tmp_path / 'c.jpg'}")
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
        ("--keys a:b --public-key c", "give either --keys, or --public-key and --private-key"),
        ("--keys a:secret,c:d", "argument --keys: must be one pair PUBLIC:PRIVATE: repeat the option for several"),
        ("--rate-limits 100/1,5000/60", "--rate-limits: must be one limit such as 100/1: repeat the option"),
        ("--remote-files https://example.com/a.jpg=/none", "/none does not exist"),
        ("--remote-files https://example.com/a.jpg=/", "/ is a folder"),
        ("--remote-files https://example.com/a.jpg", "must be a URL and a file"),
        ("--data=", "argument --data: must be a folder (got '')"),
        ("--port 99999", "argument --port: must be a number from 0 to 65535 (got '99999')"),
        ("--publik-url https://a.test", "unrecognized arguments: --publik-url"),
        ("--max-pix 5", "unrecognized arguments: --max-pix 5"),
        ("--username ada", "--username is an option of local img-src, which local ImageKit does not have"),
    ],
)
def test_an_invalid_option_is_refused_with_its_name(arguments: str, words: str) -> None:
    refused = read_refusal(*arguments.split())
    assert words in refused
    assert "See python -m imagekitio.local --help" in refused
    assert "secret" not in refused


@pytest.mark.parametrize("setting", fields(ImgsrcSettings), ids=lambda each: each.name)
def test_every_setting_of_img_src_has_an_option_with_an_explanation(setting: Any) -> None:
    by_name = {option.name: option for option in IMGSRC.list_options()}
    if setting.name in ("address", "clock"):
        assert setting.name not in by_name
    else:
        assert re.match(r"[A-Z].*\.", by_name[setting.name].text)
        assert not re.search("`", by_name[setting.name].text)


@pytest.mark.parametrize(
    ("arguments", "name", "value"),
    [
        ("", "port", 8080),
        ("--plan free", "plan", "free"),
        ("--max-uploads-per-month 5", "max_uploads_per_month", 5),
        ("--max-uploads-per-month none", "max_uploads_per_month", None),
        ("--requests-per-minute plan", "requests_per_minute", "plan"),
        ("--username none", "username", "none"),
        ("--no-trust-forwarded", "trust_forwarded", False),
        (
            "--api-keys imgsrc_a --api-keys imgsrc_b:read --api-keys imgsrc_c:expired",
            "api_keys",
            [ApiKey("imgsrc_a"), ApiKey("imgsrc_b", ("read",)), ApiKey("imgsrc_c", is_expired=True)],
        ),
    ],
)
def test_the_text_of_an_option_of_img_src_becomes_its_value(arguments: str, name: str, value: object) -> None:
    options = parse_options("--img-src", *arguments.split())
    assert options[name] == value
    LocalImgsrc(**options)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("--imagekit-id acme", "--imagekit-id is an option of local ImageKit, which local img-src does not have"),
        ("--keys=a:b", "--keys is an option of local ImageKit"),
        ("--no-best-format", "--no-best-format is an option of local ImageKit"),
        ("--colour red", "unrecognized arguments: --colour red"),
        ("--max-presets few", "argument --max-presets: must be a whole number, none for no limit, or plan (got 'few')"),
        ("--api-keys imgsrc_a:admin", "may end with :expired or one of :read, :write (got 'admin')"),
        ("--api-keys imgsrc_secret,imgsrc_b", "--api-keys: must be one API key: repeat the option for several"),
        ("--api-keys secret", "argument --api-keys: an API key must be imgsrc_ followed by letters or digits"),
    ],
)
def test_an_invalid_option_of_img_src_is_refused_with_its_name(arguments: str, words: str) -> None:
    refused = read_refusal("--img-src", *arguments.split())
    assert words in refused
    assert "See python -m imagekitio.local --img-src --help" in refused
    assert "secret" not in refused


def test_the_help_explains_keys_and_that_options_may_be_repeated() -> None:
    by_name = {option.name: option for service in (IMAGEKIT, IMGSRC) for option in service.list_options()}
    assert by_name["api_keys"].metavar == "imgsrc_KEY[:SCOPE]"
    for word in ("imgsrc_ followed by letters or digits", ":read", ":write", ":expired"):
        assert word in by_name["api_keys"].text
    for word in (":none", ":read-write", ":expired"):
        assert word in by_name["keys"].text
    for name, option in by_name.items():
        assert option.text.endswith("Repeat the option for several.") == option.is_list, name


def test_messages_name_settings_as_options() -> None:
    assert IMAGEKIT.name_options("imagekit_id must be of letters") == "--imagekit-id must be of letters"
    assert IMAGEKIT.name_options("see `allow_remote`, not `clock`") == "see --allow-remote, not `clock`"


@pytest.mark.parametrize("service", [IMAGEKIT, IMGSRC], ids=lambda each: each.service)
@pytest.mark.parametrize("columns", ["40", "80", "250"])
def test_no_line_of_the_help_is_longer_than_100_columns(
    monkeypatch: pytest.MonkeyPatch, columns: str, service: CommandLine
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    lines = service.make_parser("Run it.").format_help().splitlines()
    assert len(lines) > 40
    assert max(map(len, lines)) <= 100


def test_lines_are_wrapped_between_words_and_commands_keep_their_lines() -> None:
    assert wrap("one " * 30).splitlines() == [" ".join(["one"] * 25), " ".join(["one"] * 5)]
    assert wrap("first\n    pip install x") == "first\n    pip install x"
    assert wrap("see " + "/folder" * 30) == "see\n" + "/folder" * 30
