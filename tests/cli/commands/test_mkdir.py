"""Folders: with their parents, again and again without harm, and only under names that the service keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..library import add_file, changes_of, folders_of
from ..terminal import open_terminal

if TYPE_CHECKING:
    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from ..conftest import Run


def test_folders_are_created_with_their_parents(run: Run, client: ImageKit) -> None:
    ended = run("mkdir", "/shop/shoes/winter", "blog/")
    assert (ended.code, ended.out) == (0, "created /shop/shoes/winter\ncreated /blog\n")
    assert ended.err == "2 folders created\n"
    assert folders_of(client) == ["/blog", "/shop", "/shop/shoes", "/shop/shoes/winter"]


def test_one_that_exists_is_fine_and_said(run: Run, server: LocalImageKit) -> None:
    run("mkdir", "/shop")
    ended = run("mkdir", "/shop", "/shop/", "/")
    assert (ended.code, ended.out, ended.err) == (0, "", "/shop exists\n/ exists\n2 folders already there\n")
    assert changes_of(server) == ["create_folder"]
    assert run("--json", "mkdir", "/shop").records == [{"status": "kept", "path": "/shop"}]


def test_a_name_that_the_service_would_change_is_refused_with_the_right_one(run: Run, client: ImageKit) -> None:
    ended = run("mkdir", "/fine", "/v1.2 final/Ünï")
    assert ended.code == 2
    assert "would store '/v1.2 final/Ünï' as '/v1_2_final/Ünï'" in ended.err
    assert folders_of(client) == []
    assert run("mkdir", "/Ünï-日本_1").code == 0
    assert folders_of(client) == ["/Ünï-日本_1"]


def test_a_file_of_that_name_is_a_failure_and_the_rest_is_created(run: Run, client: ImageKit) -> None:
    add_file(client, "/shop")
    ended = run("mkdir", "/shop", "/blog")
    assert (ended.code, ended.out) == (1, "created /blog\n")
    assert ended.err == "failed: /shop: is a file: a folder needs another name\n1 folder created, 1 failed\n"


def test_a_dry_run_creates_nothing(run: Run, client: ImageKit) -> None:
    ended = run("mkdir", "--dry-run", "--json", "/shop")
    assert ended.records == [{"status": "planned", "action": "create", "path": "/shop"}]
    assert run("mkdir", "-n", "/shop").out == "would create /shop\n"
    assert folders_of(client) == []


def test_a_service_that_fails_is_a_network_failure(run: Run, server: LocalImageKit) -> None:
    server.faults.add(status=503, times=None, operation="create_folder")
    ended = run("mkdir", "/shop")
    assert ended.code == 4
    assert ended.err.startswith("failed: /shop: ")


def test_people_see_what_was_created() -> None:
    with open_terminal("mkdir", "/shop") as terminal:
        assert terminal.finish() == (0, "created /shop\n1 folder created\n")
