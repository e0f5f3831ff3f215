"""Listing: folders first, a table for people, lines for pipes, JSON for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from imagekitio import ImageKit

    from ..conftest import Run


@pytest.fixture(autouse=True)
def library(client: ImageKit) -> None:
    for folder, name in (("/", "a.txt"), ("/shop", "shoe.txt"), ("/shop/old", "boot.txt")):
        client.upload_file(b"hello", name, folder=folder, use_unique_file_name=False)


def test_the_top_lists_its_folders_and_then_its_files(run: Run) -> None:
    ended = run("ls")
    assert ended.code == 0
    assert [line.split("\t")[0] for line in ended.out.splitlines()] == ["shop/", "a.txt"]


def test_a_recursive_list_has_whole_paths(run: Run) -> None:
    lines = run("ls", "--recursive", "/shop").out.splitlines()
    assert sorted(line.split("\t")[0] for line in lines) == ["/shop/old/boot.txt", "/shop/shoe.txt"]


def test_json_has_what_the_service_says_of_each_item(run: Run) -> None:
    folder, file = run("--json", "ls", "shop").records
    assert folder["folderPath"] == "/shop/old"
    assert file["filePath"] == "/shop/shoe.txt"
    assert file["size"] == 5


def test_what_does_not_exist_is_one_line_that_says_where_to_look(run: Run) -> None:
    ended = run("ls", "/shop/hat.txt")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err == "imagekit: nothing is there under the name of /shop/hat.txt (look: imagekit ls /shop)\n"
