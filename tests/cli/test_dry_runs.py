"""Dry runs of all commands that have one: what would be done is planned, in one form, and nothing changes."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from imagekitio.cli.base.command import Group
from imagekitio.cli.calls.examples import EXAMPLES

from .commands.test_account import LIVES
from .library import add_file, changes_of, folders_of
from .test_help import NAMES, walk

if TYPE_CHECKING:
    from pathlib import Path

    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from .conftest import Ended, Run

# Command lines, and what they do to each item.
LINES = {
    "upload": ("upload new.txt same.txt /shop", ["keep", "upload"]),
    "upload --replace": ("upload other.txt /shop --replace", ["replace"]),
    "upload --unique": ("upload new.txt /shop --unique", ["upload"]),
    "download": ("download /shop/same.txt /shop/hat.txt .", ["download", "keep"]),
    "download --force": ("download /shop/other.txt . --force", ["replace"]),
    "sync": ("sync site /shop --delete --yes", ["delete", "delete", "keep", "replace", "upload"]),
    "sync --pull": ("sync site /shop --pull --delete --yes", ["delete", "download", "download", "keep", "replace"]),
    "migrate": ("migrate site /shop --replace", ["keep", "replace", "upload"]),
    "mkdir": ("mkdir /shop /made", ["create", "keep"]),
    "tag": ("tag --add new /shop/hat.txt /shop/same.txt", ["keep", "tag"]),
    "cp": ("cp /shop/hat.txt /shop/other.txt /copies/", ["copy", "copy"]),
    "mv": ("mv /shop/hat.txt /shop/cap.txt", ["move"]),
    "rm": ("rm --recursive --yes /shop/hat.txt /old", ["delete", "delete"]),
    "purge": ("purge /shop/hat.txt '/shop/old/shoes/*' --yes", ["purge", "purge"]),
    "config set": ("config set blog --public-key public_blog", ["set"]),
    "config remove": ("config remove shop --yes", ["remove"]),
    "completion": ("completion bash --install", ["write"]),
}
FIELD = ["--name", "price", "--label", "Price", "--schema-type", "Number"]
# What makes a thing, what changes it, and its name, by the group of commands whose calls do so.
THINGS = {"fields": (FIELD, ["--label", "Cost"], "price"), **{f"account {name}": life for name, life in LIVES.items()}}
OF_CALLS = ("api", "account", "fields")


@pytest.fixture(autouse=True)
def files(client: ImageKit, shell: Path, run: Run) -> None:
    (shell / "site").mkdir()
    for name, content in (("new.txt", "new"), ("same.txt", "same"), ("other.txt", "other content")):
        for folder in (shell, shell / "site"):
            (folder / name).write_text(content)
    add_file(client, "/shop/same.txt", b"same", tags=["new"])
    for path in ("/shop/other.txt", "/shop/hat.txt", "/old/boot.txt"):
        add_file(client, path)
    add_file(client, "/shop/old/shoe.txt")
    assert run("config", "set", "shop", "--public-key", "public_shop").code == 0


def list_changing(name: str) -> list[str]:
    found = [(path, one) for path, one in walk(name) if not isinstance(one, Group)]
    return [path for path, one in found if "is_dry_run" in {option.name for option in one.params}]


def read_state(client: ImageKit, shell: Path) -> object:
    listed = sorted((file.file_path, file.size, *(file.tags or ())) for file in client.iter_files())
    return (
        listed,
        folders_of(client),
        sorted((path, path.read_bytes()) for path in shell.parent.rglob("*") if path.is_file()),
    )


def test_every_command_with_a_dry_run_has_a_line_here() -> None:
    changing = {path for name in NAMES if name not in OF_CALLS for path in list_changing(name)}
    assert {name.partition(" -")[0] for name in LINES} == changing


@pytest.mark.parametrize("name", LINES)
def test_what_would_be_done_is_planned_and_then_done(run: Run, client: ImageKit, shell: Path, name: str) -> None:
    line, actions = LINES[name]
    before = read_state(client, shell)
    planned = run("--json", *shlex.split(line), "--dry-run")
    assert planned.code == 0, planned.err
    assert read_state(client, shell) == before
    assert sorted(record.get("action", "keep") for record in planned.records) == actions
    assert all(record["status"] == ("planned" if "action" in record else "kept") for record in planned.records)
    done = run("--json", *shlex.split(line))
    assert done.code == 0, done.err
    assert read_state(client, shell) != before or name == "purge"
    assert "planned" not in {record["status"] for record in done.records}
    real = {name for record in done.records for name in record}
    for record in planned.records:
        assert {*record} - {"action"} <= real
        same = [name for name in ("path", "to", "url", "file", "profile", "local", "tags") if record.get(name)]
        if "--unique" not in line:
            assert [record[one] for one in same] in [[other.get(one) for one in same] for other in done.records]


def test_every_group_of_calls_has_a_thing_here() -> None:
    changing = {path for name in ("account", "fields") for path in list_changing(name)}
    assert changing == {f"{group} {verb}" for group in THINGS for verb in ("create", "update", "delete")}


@pytest.mark.parametrize("group", THINGS)
def test_of_a_thing_the_request_is_planned(run: Run, group: str, server: LocalImageKit) -> None:
    make, change, name = THINGS[group]
    assert run(*group.split(), "create", *make).code == 0
    sent = changes_of(server)
    for line in (["create", *make], ["update", name, *change], ["delete", name]):
        check_request(run("--json", *group.split(), *line, "--dry-run"))
    assert changes_of(server) == sent


def test_of_a_call_the_request_is_planned(run: Run, shell: Path, server: LocalImageKit) -> None:
    (shell / "shoe.jpg").write_bytes(b"content")
    for path in list_changing("api"):
        check_request(run("--json", *path.split(), *shlex.split(EXAMPLES[path.split()[-1]]), "--dry-run"))
    assert changes_of(server) == []


def check_request(ended: Ended) -> None:
    assert ended.code == 0, ended.err
    (record,) = ended.records
    assert (record["status"], record["action"]) == ("planned", "request")
    assert record["method"] != "GET"
