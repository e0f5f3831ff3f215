"""Copying: as moving does it, and the source stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ..library import add_file, changes_of, folders_of, paths_of, versions_of
from ..terminal import open_terminal

if TYPE_CHECKING:
    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from ..conftest import Run

ALL = ["/a.txt", "/shop/hat.txt", "/shop/old/boot.txt"]


@pytest.fixture(autouse=True)
def library(client: ImageKit) -> None:
    add_file(client, "/a.txt", b"first")
    for path in ALL:
        add_file(client, path, path.encode(), tags=["kept"])


def test_files_are_copied_into_a_folder_with_their_tags(run: Run, client: ImageKit, server: LocalImageKit) -> None:
    ended = run("cp", "/a.txt", "/shop/hat.txt", "/new/")
    assert (ended.code, ended.out) == (0, "copied /a.txt to /new/a.txt\ncopied /shop/hat.txt to /new/hat.txt\n")
    assert changes_of(server) == ["copy_file", "copy_file"]
    assert paths_of(client) == ["/a.txt", "/new/a.txt", "/new/hat.txt", *ALL[1:]]
    assert client.get_file_by_path("/new/a.txt").tags == ["kept"]


@pytest.mark.parametrize("target", ["/b.txt", "/shop/b.txt", "/new/b.txt"])
def test_a_copy_may_have_another_name(run: Run, client: ImageKit, target: str) -> None:
    ended = run("cp", "/a.txt", target)
    assert (ended.code, ended.out, ended.err) == (0, f"copied /a.txt to {target}\n", "1 item copied\n")
    assert paths_of(client) == sorted([*ALL, target])
    assert client.get_file_by_path(target).size == len("/a.txt")
    assert not [folder for folder in folders_of(client) if "imagekit" in folder]


def test_versions_are_copied_when_asked_for(run: Run, client: ImageKit) -> None:
    run("cp", "/a.txt", "/one/")
    run("cp", "--versions", "/a.txt", "/two/b.txt")
    assert [len(versions_of(client, path)) for path in ("/one/a.txt", "/two/b.txt")] == [1, 2]
    assert len(versions_of(client, "/a.txt")) == 2


def test_a_folder_needs_the_option(run: Run, client: ImageKit) -> None:
    ended = run("cp", "/shop", "/a.txt", "/new/")
    assert (ended.code, ended.out) == (1, "copied /a.txt to /new/a.txt\n")
    assert ended.err == "failed: /shop: is a folder: give --recursive to copy it\n1 item copied, 1 failed\n"
    assert run("cp", "-r", "/shop", "/new/").code == 0
    assert run("cp", "-r", "/shop", "/twin").code == 0
    assert {"/new/shop/old/boot.txt", "/twin/old/boot.txt", "/shop/hat.txt"} <= {*paths_of(client)}
    assert folders_of(client) == ["/new", "/new/shop", "/new/shop/old", "/shop", "/shop/old", "/twin", "/twin/old"]


def test_what_exists_gets_a_new_version_only_when_told(run: Run, client: ImageKit, server: LocalImageKit) -> None:
    ended = run("cp", "/a.txt", "/shop/hat.txt")
    assert ended.code == 3
    assert "/shop/hat.txt exists: with --overwrite" in ended.err
    assert changes_of(server) == []
    line = "/a.txt to /shop/hat.txt, a new version of the file there\n"
    assert run("cp", "--overwrite", "/a.txt", "/shop/hat.txt", "--dry-run").out == f"would copy {line}"
    assert run("cp", "--overwrite", "/a.txt", "/shop/hat.txt").out == f"copied {line}"
    sizes = [version.size for version in versions_of(client, "/shop/hat.txt")]
    assert sizes == [len("/a.txt"), len("/shop/hat.txt")]


@pytest.mark.parametrize("operation", ["copy_file", "rename_file", "move_file"])
def test_a_copy_that_fails_half_way_leaves_nothing_behind(
    run: Run, client: ImageKit, server: LocalImageKit, operation: str
) -> None:
    server.faults.add(status=403, operation=operation)
    ended = run("cp", "/a.txt", "/new/b.txt")
    assert ended.code == 3
    assert paths_of(client) == ALL
    assert not [folder for folder in folders_of(client) if "imagekit" in folder]


def test_a_lost_answer_is_no_failure(run: Run, client: ImageKit, server: LocalImageKit) -> None:
    server.faults.add(reset=True, when="after", operation="copy_file")
    assert run("cp", "/a.txt", "/shop/").code == 0
    assert len(versions_of(client, "/shop/a.txt")) == 1


def test_a_dry_run_copies_nothing(run: Run, client: ImageKit) -> None:
    assert run("cp", "-n", "/a.txt", "/b.txt").out == "would copy /a.txt to /b.txt\n"
    assert paths_of(client) == ALL


def test_people_see_what_was_copied(client: ImageKit) -> None:
    with open_terminal("cp", "-r", "/shop", "/new/") as terminal:
        code, text = terminal.finish()
    assert code == 0
    assert "copied /shop to /new/shop" in text
