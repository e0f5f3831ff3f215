"""Tags: added, removed, replaced and shown; files that have them already are left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ..library import add_file, changes_of, tags_of
from ..terminal import open_terminal

if TYPE_CHECKING:
    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from ..conftest import Run

BEFORE = {"/a.txt": ["sale"], "/shop/hat.txt": [], "/shop/old/boot.txt": ["old", "sale"]}


@pytest.fixture(autouse=True)
def library(client: ImageKit) -> None:
    for path, tags in BEFORE.items():
        add_file(client, path, tags=tags)


def test_tags_are_added_and_removed_in_one_request_each(run: Run, client: ImageKit, server: LocalImageKit) -> None:
    ended = run("tag", "--add", "new, red", "--add", "red", "--remove", "sale", "-r", "/*")
    assert ended.code == 0
    assert tags_of(client) == {
        "/a.txt": ["new", "red"],
        "/shop/hat.txt": ["new", "red"],
        "/shop/old/boot.txt": ["old", "new", "red"],
    }
    assert changes_of(server) == ["remove_tags", "add_tags"]
    assert "tagged /shop/old/boot.txt: old, new, red" in ended.out.splitlines()
    assert ended.err == "3 files changed\n"


def test_files_that_have_the_tags_already_are_left_alone(run: Run, server: LocalImageKit) -> None:
    ended = run("tag", "--add", "sale", "/a.txt", "/shop/hat.txt")
    assert ended.err == "1 file changed, 1 already had these tags\n"
    assert changes_of(server) == ["add_tags"]
    records = run("--json", "tag", "--add", "sale", "/a.txt").records
    assert [(record["status"], record["tags"]) for record in records] == [("kept", ["sale"])]
    assert changes_of(server) == ["add_tags"]


def test_clear_replaces_tags_or_removes_them_all(run: Run, client: ImageKit) -> None:
    assert run("tag", "--clear", "--add", "x", "/a.txt").out == "tagged /a.txt: x\n"
    assert run("tag", "--clear", "--yes", "-r", "/shop").out == "tagged /shop/old/boot.txt: no tags\n"
    assert tags_of(client) == {"/a.txt": ["x"], "/shop/hat.txt": [], "/shop/old/boot.txt": []}


def test_clear_asks_before_it_empties_what_patterns_and_folders_name(run: Run, client: ImageKit) -> None:
    ended = run("tag", "--clear", "/*.txt")
    assert ended.code == 2
    assert "Remove all tags of /*.txt in http://127.0.0.1:" in ended.err
    ended = run("tag", "--clear", "--add", "new", "/*.txt", "/b*", "/c*", "/d*", "/e*")
    assert "Replace all tags of /*.txt, /b*, /c* and 2 more by new in http://127.0.0.1:" in ended.err
    assert tags_of(client) == BEFORE


def test_without_options_the_tags_are_shown(run: Run, server: LocalImageKit) -> None:
    ended = run("tag", "--recursive", "/shop", "/a.txt")
    assert sorted(ended.out.splitlines()) == ["/a.txt\tsale", "/shop/hat.txt\t", "/shop/old/boot.txt\told,sale"]
    assert changes_of(server) == []


def test_a_dry_run_shows_the_tags_that_files_would_have(run: Run, client: ImageKit) -> None:
    ended = run("tag", "-n", "--add", "new", "--remove", "sale", "/a.txt", "/shop/hat.txt")
    assert ended.out == "would tag /a.txt: new\nwould tag /shop/hat.txt: new\n"
    assert ended.err == "would tag 2 files\n"
    assert tags_of(client) == BEFORE


def test_a_folder_needs_the_option(run: Run, client: ImageKit) -> None:
    ended = run("tag", "--add", "x", "/shop", "/a.txt")
    assert ended.code == 1
    assert "failed: /shop: is a folder: give --recursive for the files below it" in ended.err
    assert tags_of(client) == {**BEFORE, "/a.txt": ["sale", "x"]}


def test_one_file_that_has_no_room_spoils_no_other(run: Run, client: ImageKit) -> None:
    add_file(client, "/full.txt", tags=["x" * 499])
    ended = run("tag", "--add", "new", "/*.txt")
    assert ended.code == 1
    assert ended.err.startswith("failed: /full.txt: ")
    assert "500" in ended.err
    assert tags_of(client)["/a.txt"] == ["sale", "new"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--add", "a,b", "--remove", "b", "/a.txt"], "must not share tags (got b in both)"),
        (["--clear", "--remove", "b", "/a.txt"], "leave out --remove"),
        (["--add", "50%", "/a.txt"], "a tag cannot contain a %"),
        (["--add", ",", "/a.txt"], "there is no tag"),
        (["--add", "a"], "Missing argument"),
    ],
)
def test_what_contradicts_itself_is_a_usage_error(
    run: Run, client: ImageKit, arguments: list[str], message: str
) -> None:
    ended = run("tag", *arguments)
    assert ended.code == 2
    assert message in ended.err
    assert tags_of(client) == BEFORE


def test_more_tags_than_a_file_can_have_are_refused_but_may_be_removed(run: Run, server: LocalImageKit) -> None:
    tags = ",".join(f"{number:0100}" for number in range(6))
    ended = run("tag", "--add", tags, "/a.txt")
    assert ended.code == 2
    assert "cannot have more than 500 characters in total" in ended.err
    assert changes_of(server) == []
    assert run("tag", "--remove", tags, "/a.txt").code == 0


@pytest.mark.parametrize(
    ("options", "operation"), [(("--add", "new"), "add_tags"), (("--clear", "--add", "new"), "update_file_details")]
)
def test_an_answer_that_names_no_file_is_no_success(
    run: Run, client: ImageKit, server: LocalImageKit, options: tuple[str, ...], operation: str
) -> None:
    server.faults.add(status=200, body={}, operation=operation)
    ended = run("tag", *options, "/a.txt")
    assert ended.code == 4
    assert ended.err.startswith("failed: /a.txt: the response does not name")
    assert tags_of(client)["/a.txt"] == ["sale"]


def test_people_see_a_table_of_tags_whose_controls_are_harmless(client: ImageKit) -> None:
    add_file(client, "/evil.txt", tags=["\x1b[2J", "[red]"])
    with open_terminal("tag", "/evil.txt") as terminal:
        code, text = terminal.finish()
    assert code == 0
    assert text.splitlines()[1].split() == ["/evil.txt", "\\x1b[2J,[red]"]
