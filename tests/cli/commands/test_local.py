"""``imagekit local``: every setting, its introduction, and its end."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import requests

from imagekitio.cli.accounts.local_servers import find_folder
from imagekitio.cli.commands.local import command
from imagekitio.local.options.choice import choose_service, read_options
from imagekitio.local.options.imagekit import IMAGEKIT
from imagekitio.local.options.imgsrc import IMGSRC

from ..processes import start_process
from ..terminal import open_terminal

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

    from imagekitio.local.options.base import CommandLine

    from ..conftest import Run


@contextmanager
def started(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """A server, and what it says about itself."""
    with start_process("--json", "local", "--port", "0", *arguments, stderr=None) as process:
        try:
            assert process.stdout is not None
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


def parse(*arguments: str) -> dict[str, Any]:
    """Return what a command line gives, as the function of the command gets it."""
    context = command.make_context("local", [*arguments])
    return {name: value for name, value in context.params.items() if value not in (None, []) and name != "is_opened"}


@pytest.mark.parametrize(("service", "flags"), [(IMAGEKIT, []), (IMGSRC, ["--img-src"])], ids=["ImageKit", "img-src"])
def test_every_option_is_that_of_the_module_with_the_same_help(
    run: Run, service: CommandLine, flags: list[str]
) -> None:
    text = " ".join(run("local", *flags, "--help").out.split()).replace("- ", "-")
    for option in service.list_options():
        assert option.flag in text
        assert " ".join(option.text.split()).replace("- ", "-") in text


@pytest.mark.parametrize(
    "line",
    [
        "--img-src --port 0 --data ./a --username ada --plan free --no-trust-forwarded",
        "--img-src --api-keys imgsrc_a --api-keys imgsrc_b:read --api-keys imgsrc_c:expired",
        "--img-src --max-presets none --max-uploads-per-month 5 --requests-per-minute plan",
        "--port 0 --host 0.0.0.0 --data ./a",
        "--public-key a --private-key b",
        "--keys a:b --keys c:d:read --keys e:f:expired",
        "--url-endpoint https://images.example.test/x --imagekit-id acme",
        "--trust-forwarded --max-pixels 1_000_000 --job-delay 1.5",
        "--webhook-retry-seconds 1,2.5 --rate-limits 100/1 --rate-limits 5000/60",
    ],
)
def test_values_are_those_that_the_module_reads(line: str) -> None:
    service = choose_service(line.split())
    expected = read_options(service, service.make_parser(""), line.split())
    assert service.make_arguments(parse(*line.split())) == expected


def test_a_flag_can_be_switched_off() -> None:
    context = command.make_context("local", ["--no-best-format"])
    assert context.params["best_format"] is False


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("--max-pixels many", "must be a whole number (got 'many')"),
        ("--rate-limits 100", "must be requests and seconds such as 100/1 (got '100')"),
        ("--port 99999", "must be a number from 0 to 65535 (got '99999')"),
        ("--keys a:b --public-key c", "give either --keys, or --public-key and --private-key"),
        ("--imagekit-id v1", "--imagekit-id must consist of letters"),
        ("--max-pixels=-5", "--max-pixels must be a number of at least 0"),
        ("--max-pix 5", "No such option"),
        ("--username ada", "--username is an option of local img-src, which local ImageKit does not have"),
        ("--img-src --job-delay 5", "--job-delay is an option of local ImageKit, which local img-src does not have"),
        ("--no-best-format --img-src", "--no-best-format is an option of local ImageKit"),
        ("--img-src --open", "--open is an option of local ImageKit, which local img-src does not have"),
        ("--img-src --max-uploads-per-month few", "must be a whole number, none for no limit, or plan (got 'few')"),
        ("--img-src --plan gold", "--plan must be one of free, pro (got 'gold')"),
        ("--img-src --profile shop", "--profile is for commands that talk to a server"),
        ("--profile shop", "--profile is for commands that talk to a server"),
    ],
)
def test_what_is_not_valid_is_one_line(run: Run, line: str, words: str) -> None:
    ended = run("local", *line.split())
    assert ended.code == 2
    assert words in ended.err
    assert ended.err.count("\n") == 1


def test_keys_of_an_account_do_not_become_those_of_the_server(run: Run) -> None:
    ended = run("--private-key", "private_mine", "local")
    assert ended.code == 2
    assert "--private-key is for commands that talk to a server" in ended.err


def test_a_taken_port_is_one_line_that_says_what_to_do(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = run("local", "--port", str(taken.getsockname()[1]))
    assert ended.code == 1
    assert ended.err.count("\n") == 1
    assert "--port 0 picks a free one" in ended.err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_it_is_found_while_it_runs_and_leaves_no_record(run: Run, number: signal.Signals, code: int) -> None:
    with started("--imagekit-id", "acme", "--private-key", "private_mine") as (process, record):
        assert record["urlEndpoint"] == f"{record['url']}/acme"
        assert record["privateKey"] == "private_mine"
        shown = {row["setting"]: row["value"] for row in run("--local", "--json", "config", "show").records}
        assert shown["url_endpoint"] == record["urlEndpoint"]
        assert run("--local", "ls").code == 0
        process.send_signal(number)
        assert process.wait(60) == code
    assert list(find_folder().glob("*.json")) == []


def test_without_a_home_folder_to_write_to_it_runs_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with start_process("local", "--port", "0") as process:
        try:
            assert process.stdout is not None
            assert process.stderr is not None
            assert "--local will not find this server" in process.stderr.readline()
            assert process.stdout.readline().startswith("Local ImageKit is running at http://")
        finally:
            process.kill()


def test_it_introduces_itself_opens_its_page_and_ends_with_ctrl_c(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = tmp_path / "opened"
    program = tmp_path / "xdg-open"
    program.write_text(f'#!/bin/sh\necho "$1" > {opened}.new && mv {opened}.new {opened}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with open_terminal("local", "--port", "0", "--open") as terminal:
        text = terminal.expect(r"Press Ctrl-C to stop it\.")
        (url,) = re.findall(r"^Its web page: +(\S+)$", text, re.MULTILINE)
        assert "imagekit --local ls" in text
        assert re.search(r"^export IMAGEKIT_PRIVATE_KEY=private_local$", text, re.MULTILINE)
        while not opened.exists():
            assert terminal.process.isalive()
            time.sleep(0.02)
        assert opened.read_text() == f"{url}\n"
        terminal.interrupt()
        code, rest = terminal.finish()
    assert code == 130
    assert "Traceback" not in rest


def test_local_img_src_introduces_itself_and_ends_cleanly() -> None:
    with start_process("local", "--img-src", "--port", "0", "--username", "ada") as process:
        try:
            assert process.stdout is not None
            text = ""
            while "Press Ctrl-C to stop it." not in text:
                line = process.stdout.readline()
                assert line, text
                text += line
            assert text.startswith("Local img-src is running at http://")
            assert re.search(r"^export IMGSRC_USERNAME=ada$", text, re.MULTILINE)
            assert "browsers" not in text
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        finally:
            process.kill()


def test_local_img_src_is_described_as_json() -> None:
    with started("--img-src", "--api-keys", "imgsrc_mine") as (_, record):
        headers = {"Authorization": f"Bearer {record['apiKey']}"}
        assert record["apiKey"] == "imgsrc_mine"
        assert requests.get(f"{record['url']}/api/v1/images", headers=headers, timeout=60).json()["total"] == 0
        assert record["deliveryUrl"] == f"{record['url']}/i"
        assert {*record} == {"url", "deliveryUrl", "username", "apiKey", "controlToken"}
    assert list(find_folder().glob("*.json")) == []
