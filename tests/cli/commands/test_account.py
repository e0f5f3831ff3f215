"""What an account has several of: tables, names for ids, deletions that ask, secrets that stay hidden."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click
import pytest

from imagekitio.cli.base.session import Session
from imagekitio.cli.calls.names import complete_values
from imagekitio.cli.commands.account import command

from ..terminal import open_terminal

if TYPE_CHECKING:
    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from ..conftest import Run

# What makes one of each, what changes it, and its name.
LIVES = {
    "origins": (["--type", "WEB_PROXY", "--name", "Proxy"], ["--type", "WEB_PROXY", "--name", "Other"], "Proxy"),
    "endpoints": (
        ["--description", "Shop", "--url-prefix", "shop"],
        ["--description", "S", "--url-prefix", "b"],
        "shop",
    ),
    "webhooks": (
        ["--endpoint", "https://a.example", "--events", "file.created"],
        ["--no-enabled"],
        "https://a.example",
    ),
    "transformations": (["--name", "card", "--transformation", "w-300"], ["--no-enabled"], "card"),
    "extensions": (
        ["--name", "Cut", "--description", "Cut out", "--config", '{"name": "remove-bg"}'],
        ["--description", "b"],
        "Cut",
    ),
}


def test_the_groups_are_those_that_have_a_life() -> None:
    assert {*command.commands} == {*LIVES}


@pytest.mark.parametrize("group", LIVES)
def test_a_thing_is_made_listed_read_changed_and_deleted_by_its_name(
    run: Run, server: LocalImageKit, group: str
) -> None:
    make, change, name = LIVES[group]
    ended = run("--json", "account", group, "create", *make)
    assert ended.code == 0, ended.err
    (made,) = ended.records
    assert made["id"] in [line.split("\t")[0] for line in run("account", group, "list").out.splitlines()]
    assert [record["id"] for record in run("--json", "account", group, "get", name).records] == [made["id"]]
    assert run("--json", "account", group, "get", made["id"]).records[0]["id"] == made["id"]
    ended = run("--json", "account", group, "update", name, *change)
    assert ended.code == 0, ended.err
    assert ended.records[0].items() != made.items()
    shown = run("account", group, "delete", made["id"], "--dry-run").out.splitlines()[0]
    assert shown.startswith("DELETE ")
    assert shown.endswith(made["id"])
    ended = run("account", group, "delete", made["id"])
    assert ended.code == 2
    assert made["id"] in ended.err
    assert "DELETE" not in {request.method for request in server.requests}
    ended = run("account", group, "delete", made["id"], "--yes")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("deleted ")
    assert made["id"] not in run("account", group, "list").out


@pytest.mark.parametrize("group", LIVES)
def test_what_does_not_exist_is_refused_in_a_dry_run_too(run: Run, server: LocalImageKit, group: str) -> None:
    change = LIVES[group][1]
    for line in (
        ["get", "missing"],
        ["delete", "missing", "-n"],
        ["delete", "missing"],
        ["update", "m", *change, "-n"],
    ):
        ended = run("account", group, *line)
        assert (ended.code, ended.out) == (3, "")
        assert re.fullmatch(
            rf"imagekit: there is no [\w ]+ '{line[1]}' \(see imagekit account {group} list\)\n", ended.err
        )
    assert {request.method for request in server.requests} == {"GET"}


def test_what_has_no_id_of_its_own_in_lists_can_still_be_named_by_it(run: Run) -> None:
    assert run("--json", "account", "endpoints", "get", "default").records[0]["id"] == "default"


def test_the_question_has_the_name_and_the_id(run: Run, client: ImageKit) -> None:
    made = client.create_origin(type="WEB_PROXY", name="Proxy")
    assert (
        f"Delete the origin Proxy ({made.id}) in http://127.0.0.1" in run("account", "origins", "delete", "Proxy").err
    )


def test_a_name_that_several_have_is_refused_with_their_ids(run: Run, server: LocalImageKit, client: ImageKit) -> None:
    ids = [client.create_origin(type="WEB_PROXY", name="Proxy").id for _ in range(2)]
    ended = run("account", "origins", "delete", "Proxy", "--yes")
    assert ended.code == 3
    assert all(id_ in ended.err for id_ in ids)
    assert len(client.list_origins()) == 2


def test_the_secret_of_a_webhook_is_shown_when_it_is_made_and_hidden_later(run: Run, client: ImageKit) -> None:
    ended = run("account", "webhooks", "create", *LIVES["webhooks"][0])
    (webhook,) = client.list_webhooks()
    assert f"secret\t{webhook.secret}\n" in ended.out
    assert "warning: the answer contains a secret" in ended.err
    for line in (["list"], ["get", webhook.id], ["update", webhook.id, "--no-enabled"]):
        for form in ([], ["--json"]):
            later = run("account", "webhooks", *line, *form)
            assert later.code == 0
            assert webhook.secret not in later.out + later.err


def test_in_a_terminal_origins_are_a_table_with_headings(client: ImageKit) -> None:
    with open_terminal("account", "origins", "list") as terminal:
        assert "there are no origins yet" in terminal.finish()[1]
    client.create_origin(type="WEB_FOLDER", name="Shop", base_url="https://shop.example/pictures")
    with open_terminal("account", "origins", "list", columns=120) as terminal:
        code, text = terminal.finish()
    assert code == 0
    heading, row = text.splitlines()
    assert heading.split() == ["id", "type", "name", "bucket", "base", "url"]
    assert row.split()[1:] == ["WEB_FOLDER", "Shop", "https://shop.example/pictures"]


def test_ids_and_names_are_completed_and_a_failure_suggests_nothing(server: LocalImageKit, client: ImageKit) -> None:
    made = client.create_origin(type="WEB_PROXY", name="Proxy")
    group = command.commands["origins"]
    assert isinstance(group, click.Group)
    get = group.commands["get"]
    session = Session()
    with click.Context(get, obj=session) as context:
        suggested = get.params[0].shell_complete(context, "")
        assert {str(item.value) for item in suggested} == {made.id, "Proxy"}
        assert [item.value for item in get.params[0].shell_complete(context, "Pr")] == ["Proxy"]
        server.faults.add(status=500)
        assert get.params[0].shell_complete(context, "") == []
    session.close()


def test_in_calls_only_ids_are_completed() -> None:
    assert complete_values("job_id", with_names=False) is None
    assert complete_values("file_id", with_names=False) is not None
