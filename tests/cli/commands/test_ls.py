"""Listing: folders first, a table for people, lines for pipes, JSON for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ..library import add_file, reads_of
from ..terminal import open_terminal

if TYPE_CHECKING:
    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from ..conftest import Ended, Run


@pytest.fixture(autouse=True)
def ids(client: ImageKit) -> dict[str, str]:
    return {
        "a": add_file(client, "/a.txt"),
        "shoe": add_file(client, "/shop/shoe.txt", b"hello" * 3, tags=["sale", "new"]),
        "boot": add_file(client, "/shop/old/boot.txt"),
    }


def names(ended: Ended) -> list[str]:
    return [line.split("\t")[0] for line in ended.out.splitlines()]


def test_the_top_lists_its_folders_and_then_its_files(run: Run, server: LocalImageKit) -> None:
    ended = run("ls")
    assert ended.code == 0
    assert names(ended) == ["shop/", "a.txt"]
    assert reads_of(server) == 1


def test_a_recursive_list_has_whole_paths(run: Run) -> None:
    assert sorted(names(run("ls", "--recursive", "/shop"))) == ["/shop/old/boot.txt", "/shop/shoe.txt"]
    assert names(run("ls", "--recursive", "/sh*")) == ["/shop/old/boot.txt", "/shop/shoe.txt"]


def test_json_has_what_the_service_says_of_each_item(run: Run) -> None:
    folder, file = run("--json", "ls", "shop").records
    assert folder["folderPath"] == "/shop/old"
    assert file["filePath"] == "/shop/shoe.txt"
    assert file["size"] == 15


def test_what_does_not_exist_is_one_line_that_says_where_to_look(run: Run) -> None:
    ended = run("ls", "/shop/hat.txt")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err == "imagekit: there is no file or folder /shop/hat.txt (see imagekit ls /shop)\n"


def test_one_wrong_path_of_several_is_named_and_the_others_are_listed(run: Run) -> None:
    ended = run("ls", "/nope", "/shop", "/a.txt")
    assert ended.code == 1
    assert names(ended) == ["/shop/old", "/shop/shoe.txt", "/a.txt"]
    assert ended.err.startswith("failed: /nope: there is no file or folder")


def test_an_empty_folder_has_nothing_to_list(run: Run, client: ImageKit) -> None:
    client.create_folder(folder_name="empty", parent_folder_path="/")
    assert run("ls", "/empty") == run("ls", "--recursive", "/empty")
    assert (run("ls", "/empty").code, run("ls", "/empty").out) == (0, "")


def test_the_order_may_be_by_size_or_reversed(run: Run) -> None:
    assert names(run("ls", "-r", "--sort", "-size", "/"))[0] == "/shop/shoe.txt"
    assert names(run("ls", "-r", "--sort=-name", "/")) == ["/shop/shoe.txt", "/shop/old/boot.txt", "/a.txt"]
    ended = run("ls", "--sort", "siez")
    assert ended.code == 2
    assert "did you mean 'size'?" in ended.err


def test_long_lines_have_ids_types_tags_and_privacy(run: Run, client: ImageKit) -> None:
    file_id = add_file(client, "/shop/secret.txt", is_private_file=True)
    folder, secret, shoe = (line.split("\t") for line in run("ls", "--long", "/shop").out.splitlines())
    assert folder[5] == "folder"
    assert secret[4:] == [file_id, "text/plain", "", "private"]
    assert shoe[5:] == ["text/plain", "sale, new", ""]


@pytest.mark.parametrize(
    ("kind", "found"),
    [("file", ["a.txt"]), ("folder", ["shop/"]), ("image", []), ("non-image", ["a.txt"]), ("video", [])],
)
def test_only_items_of_a_kind_are_listed(run: Run, kind: str, found: list[str]) -> None:
    assert names(run("ls", "--type", kind)) == found


def test_folders_at_any_depth_are_listed_too(run: Run) -> None:
    assert sorted(names(run("ls", "--recursive", "--type", "folder"))) == ["/shop", "/shop/old"]


def test_a_limit_ends_the_list(run: Run) -> None:
    assert names(run("ls", "--limit", "1")) == ["shop/"]
    assert run("ls", "--limit", "0").code == 2


def test_a_wrong_key_and_a_server_that_is_down_have_their_exit_codes(
    run: Run, server: LocalImageKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.faults.add(status=503, times=None)
    assert run("ls").code == 4
    server.faults.clear()
    monkeypatch.setenv("IMAGEKIT_PRIVATE_KEY", "private_wrong")
    ended = run("ls")
    assert ended.code == 3
    assert ended.err.count("\n") == 1


def test_people_see_how_many_there_are_and_how_large(ids: dict[str, str]) -> None:
    with open_terminal("ls", "--long", "/shop") as terminal:
        code, text = terminal.finish()
    assert code == 0
    assert text.splitlines()[-1] == "1 file and 1 folder (15 bytes)"
    assert ids["shoe"] in text
    assert "changed" not in text
    with open_terminal("ls", "--long", "/shop", columns=120) as terminal:
        assert "changed" in terminal.finish()[1]
    with open_terminal("ls", "-r", "--limit", "2") as terminal:
        assert terminal.finish()[1].splitlines()[-1] == "2 files (10 bytes), limited by --limit 2"
