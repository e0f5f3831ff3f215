"""Completion: the scripts, where they go, and what the shells are told."""

from __future__ import annotations

import os
import shlex
import shutil
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

import pexpect
import pytest

from imagekitio.cli.accounts.profiles import change_profile

from ..processes import make_environment, run_process

if TYPE_CHECKING:
    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from ..conftest import Run


@pytest.fixture
def library(client: ImageKit) -> None:
    for folder, name in (("/", "a.txt"), ("/shop", "shoe.txt"), ("/shop/old", "boot.txt")):
        client.upload_file(b"hello", name, folder=folder, use_unique_file_name=False)


def complete(shell: str, line: str, **variables: str) -> list[str]:
    """What a shell is told when the tab key is pressed at the end of a line."""
    words = line.split(" ")
    if shell == "bash":
        asked = {"COMP_WORDS": "\n".join(words), "COMP_CWORD": str(len(words) - 1)}
    else:
        asked = {"COMP_WORDS": line, "COMP_CWORD": words[-1] if shell == "fish" else str(len(words) - 1)}
    done = run_process(variables={"_IMAGEKIT_COMPLETE": f"{shell}_complete", **asked, **variables})
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.usefixtures("library")
def test_the_paths_of_the_account_are_completed_in_each_shell() -> None:
    assert complete("bash", "imagekit ls /s") == ["plain,/shop/"]
    assert complete("bash", "imagekit ls shop/") == ["plain,shop/old/", "plain,shop/shoe.txt"]
    assert complete("zsh", "imagekit ls /shop/sh") == ["plain", "/shop/shoe.txt", "_"]
    assert complete("fish", "imagekit ls /shop/o") == ["plain,/shop/old/"]


def test_one_request_asks_for_names_with_that_beginning(client: ImageKit, server: LocalImageKit) -> None:
    for number in range(3):
        client.upload_file(b"hello", f"z{number}.txt", folder="/many", use_unique_file_name=False)
    before = len(server.requests)
    assert complete("bash", "imagekit ls /many/z2") == ["plain,/many/z2.txt"]
    (asked,) = server.requests[before:]
    assert 'name : "z2"' in unquote_plus(asked.query)


def test_commands_options_and_profiles_are_completed() -> None:
    change_profile("shop", {"public_key": "public_a"})
    assert complete("bash", "imagekit upl") == ["plain,upload"]
    assert "plain,--recursive" in complete("bash", "imagekit ls --rec")
    assert complete("bash", "imagekit --profile s") == ["plain,shop"]
    assert complete("bash", "imagekit config remove ") == ["plain,shop"]


def test_commands_are_completed_without_loading_them() -> None:
    words = {"_IMAGEKIT_COMPLETE": "bash_complete", "COMP_WORDS": "imagekit\n", "COMP_CWORD": "1"}
    done = run_process(variables={**words, "PYTHONVERBOSE": "1"})
    assert "plain,ls\n" in done.stdout
    assert "imagekitio.cli.commands.ls" not in done.stderr


@pytest.mark.parametrize(
    "variables",
    [
        {"IMAGEKIT_API_BASE_URL": "http://127.0.0.1:1"},
        {"IMAGEKIT_PRIVATE_KEY": "private_wrong"},
        {"IMAGEKIT_PRIVATE_KEY": "", "IMAGEKIT_PROFILE": "none"},
    ],
    ids=["no server", "wrong key", "no account"],
)
def test_what_goes_wrong_gives_no_suggestions_and_no_text(variables: dict[str, str]) -> None:
    assert [line for line in complete("bash", "imagekit ls /s", **variables) if line] == []


def test_warnings_stay_out_of_the_line() -> None:
    assert complete("bash", "imagekit --private-key private_local ls /")[1:] == []


def test_an_answer_that_fails_gives_no_suggestions_and_is_not_repeated(server: LocalImageKit) -> None:
    server.faults.add(status=503, times=5)
    assert [line for line in complete("bash", "imagekit ls /s") if line] == []
    assert [request.status for request in server.requests] == [503]


def test_names_are_quoted_for_bash(monkeypatch: pytest.MonkeyPatch) -> None:
    from click.shell_completion import CompletionItem

    from imagekitio.cli.app import command
    from imagekitio.cli.base.completion import QuotingBashComplete

    bash = QuotingBashComplete(command, {}, "imagekit", "_IMAGEKIT_COMPLETE")
    name = "a b's $(x) [1].txt"
    monkeypatch.setenv("COMP_WORDS", "imagekit\nls\n")
    monkeypatch.setenv("COMP_CWORD", "2")
    quoted = bash.format_completion(CompletionItem(name)).removeprefix("plain,")
    assert shlex.split(quoted) == [name]
    monkeypatch.setenv("COMP_WORDS", 'imagekit\nls\n"a')
    assert bash.format_completion(CompletionItem(name)) == f"plain,{name}"


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_install_writes_the_script_once_and_says_how_to_activate_it(run: Run, name: str, tmp_path: Path) -> None:
    script = run("completion", name).out
    assert f"_IMAGEKIT_COMPLETE={name}_complete" in script
    planned = run("completion", name, "--install", "--dry-run")
    path = Path(planned.out.removeprefix("would write ").strip())
    assert path.is_relative_to(tmp_path)
    assert (planned.err, path.exists()) == ("", False)
    first = run("completion", name, "--install")
    assert first.out == f"written: {path}\n"
    assert f"Open a new {name}" in first.err
    assert path.read_text() == script
    again = run("--json", "completion", name, "--install")
    assert again.records == [{"status": "kept", "shell": name, "file": str(path)}]


def test_the_shell_is_guessed_and_an_unknown_one_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/usr/bin/fish")
    assert "fish_complete" in run("completion").out
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    ended = run("completion")
    assert ended.code == 2
    assert "bash, zsh, fish" in ended.err


def test_a_dry_run_without_install_is_refused(run: Run) -> None:
    assert run("completion", "bash", "--dry-run").code == 2


def test_programs_get_the_script_as_an_object(run: Run) -> None:
    (record,) = run("--json", "completion", "fish").records
    assert record == {"shell": "fish", "script": run("completion", "fish").out.removesuffix("\n")}


SHELLS = {"bash": ["--norc", "--noprofile"], "zsh": ["-f"], "fish": ["--no-config"]}


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("name", [name for name in SHELLS if shutil.which(name)])
def test_a_real_shell_goes_from_folder_to_folder(tmp_path: Path, run: Run, name: str) -> None:
    program = tmp_path / "bin" / "imagekit"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m imagekitio.cli "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    script = tmp_path / f"script.{name}"
    script.write_text(run("completion", name).out)
    environment = make_environment(
        PATH=f"{program.parent}{os.pathsep}{os.environ['PATH']}", TERM="dumb", INPUTRC=os.devnull
    )
    shell = pexpect.spawn(name, SHELLS[name], env=environment, encoding="utf-8", timeout=120, dimensions=(40, 200))
    try:
        shell.sendline("autoload -Uz compinit; compinit -D" if name == "zsh" else "true")
        shell.sendline(f". {script}; echo re''ady")
        shell.expect("ready\r\n")
        shell.send("imagekit ls /sh\t")
        shell.expect_exact("op/")
        shell.send("ol\t")
        shell.expect_exact("d/")
        shell.send("b\t")
        shell.expect_exact("oot.txt")
        shell.send("\r")
        shell.expect(r"boot\.txt +5 bytes")
        if name == "zsh":  # the others suggest nothing in one word with the option
            shell.send("imagekit search --path=/sh\t")
            shell.expect_exact("op/")
            shell.send("old/\r")
            shell.expect(r"/shop/old/boot\.txt +5 bytes")
    finally:
        shell.close(force=True)


@pytest.mark.usefixtures("library")
def test_the_place_where_files_go_is_completed_after_the_first_source(shell: Path) -> None:
    (shell / "list.csv").touch()
    for command in ("upload", "migrate"):
        assert complete("bash", f"imagekit {command} /sh") == ["file,/sh"]
        assert complete("bash", f"imagekit {command} photos /sh") == ["file,/sh", "plain,/shop/"]
    assert complete("bash", "imagekit migrate --csv list.csv /sh") == ["file,/sh", "plain,/shop/"]
    assert complete("bash", "imagekit download /a") == ["plain,/a.txt"]
    assert complete("bash", "imagekit download /a.txt b") == ["file,b"]


@pytest.mark.usefixtures("library")
def test_paths_ids_and_fields_are_completed_as_values_of_options(client: ImageKit) -> None:
    client.create_custom_metadata_fields(name="price", label="Price", schema={"type": "Number"})
    assert complete("bash", "imagekit api list_files --path /sh") == ["plain,/shop/"]
    assert complete("bash", "imagekit api copy_file --source-file-path /a") == ["plain,/a.txt"]
    file_id = client.get_file_by_path("/a.txt").file_id
    assert complete("bash", f"imagekit api add_tags --file-ids {file_id}") == [f"plain,{file_id}"]
    assert complete("bash", f"imagekit api add_tags --file-ids x,{file_id}") == [f"plain,x,{file_id}"]
    assert complete("bash", "imagekit upload a.txt --metadata pr") == ["plain,price="]
    assert complete("bash", "imagekit search --where pr") == ["plain,price="]
    assert complete("bash", "imagekit local --data ./") == ["file,./"]
