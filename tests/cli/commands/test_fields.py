"""Custom metadata fields: made with options for each part of their schema, found by name."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from ..terminal import open_terminal

if TYPE_CHECKING:
    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from ..conftest import Run


def test_a_field_is_made_listed_changed_and_deleted_by_its_name(run: Run, client: ImageKit) -> None:
    line = "fields create --name size --label Size --schema-type SingleSelect"
    ended = run("--json", *line.split(), "--schema-select-options", "38", "--schema-select-options", "large")
    assert ended.code == 0, ended.err
    assert ended.records[0]["schema"] == {"type": "SingleSelect", "selectOptions": [38, "large"]}
    (field,) = client.get_custom_metadata_fields()
    assert run("fields", "list").out == f"{field.id}\tsize\tSize\tSingleSelect\t\n"
    assert run("fields", "update", "size", "--label", "Größe").code == 0
    assert client.get_custom_metadata_fields()[0].label == "Größe"
    assert run("fields", "delete", "size").code == 2
    assert len(client.get_custom_metadata_fields()) == 1
    assert run("fields", "delete", "size", "--yes").out == "deleted field size\n"
    assert len(client.get_custom_metadata_fields()) == 0


def test_deleted_fields_are_listed_on_request(run: Run) -> None:
    run(*shlex.split("fields create --name size --label Size --schema-type Number"))
    run("fields", "delete", "size", "--yes")
    assert run("fields", "list").out == ""
    assert [record["name"] for record in run("--json", "fields", "list", "--include-deleted").records] == ["size"]


def test_the_question_says_that_the_name_is_used_up(run: Run, client: ImageKit) -> None:
    field = client.create_custom_metadata_fields(name="size", label="Size", schema={"type": "Number"})
    question = run("fields", "delete", "size").err
    assert "The name of a deleted field cannot be reused. Delete the field size" in question
    assert f"size ({field.id}) in http://127.0.0.1:" in question


def test_a_name_that_a_deleted_field_had_is_explained(run: Run) -> None:
    make = shlex.split("fields create --name size --label Size --schema-type Number")
    run(*make)
    run("fields", "delete", "size", "--yes")
    for line in (make, ["api", "create_custom_metadata_fields", *make[2:]]):
        ended = run(*line)
        assert ended.code == 3
        assert "deleted fields keep their names: imagekit fields list --include-deleted" in ended.err


@pytest.mark.parametrize("text", ["size", "65e6c5a9b7d1f2034a5b6c7d"])
@pytest.mark.parametrize("line", ["delete", "delete -n", "update -n --label b"])
def test_a_field_that_does_not_exist_is_refused_in_a_dry_run_too(
    run: Run, server: LocalImageKit, line: str, text: str
) -> None:
    command, *options = line.split()
    ended = run("fields", command, text, *options)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err == f"imagekit: there is no field '{text}' (see imagekit fields list)\n"
    assert [request.method for request in server.requests] == ["GET"]


def test_a_dry_run_makes_nothing(run: Run, server: LocalImageKit) -> None:
    ended = run(*shlex.split("fields create --name size --label Size --schema-type Number --dry-run"))
    assert (ended.code, server.requests) == (0, [])
    assert '"schema": {"type": "Number"}' in ended.out


def test_a_missing_part_is_a_usage_error(run: Run, server: LocalImageKit) -> None:
    ended = run("fields", "create", "--name", "size", "--label", "Size")
    assert ended.code == 2
    assert "--schema is missing" in ended.err
    assert server.requests == []


def test_in_a_terminal_fields_are_a_table_whose_texts_cannot_move_the_cursor(run: Run, client: ImageKit) -> None:
    client.create_custom_metadata_fields(name="a", label="[red]\x1b[2J", schema={"type": "Text"})
    with open_terminal("fields", "list") as terminal:
        code, text = terminal.finish()
    assert code == 0
    assert "[red]\\x1b[2J" in text
