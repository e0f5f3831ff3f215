"""Deletion: rm asks first, refuses the whole library at once, and goes on after a failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ..library import add_file, changes_of, folders_of, paths_of, reads_of
from ..terminal import open_terminal, wait_until

if TYPE_CHECKING:
    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from ..conftest import Run

ALL = ["/a.txt", "/shop/hat.txt", "/shop/old/boot.txt", "/shop/shoe.txt"]


@pytest.fixture(autouse=True)
def ids(client: ImageKit) -> dict[str, str]:
    return {path: add_file(client, path) for path in ALL}


def test_a_file_is_named_by_its_path_its_id_or_its_url(
    run: Run, client: ImageKit, server: LocalImageKit, ids: dict[str, str]
) -> None:
    url = f"{server.url_endpoint}/shop/hat.txt?updatedAt=5"
    ended = run("rm", "--yes", "/a.txt", ids["/shop/shoe.txt"], url)
    assert ended.code == 0
    assert sorted(ended.out.splitlines()) == ["deleted /a.txt", "deleted /shop/hat.txt", "deleted /shop/shoe.txt"]
    assert changes_of(server) == ["bulk_file_delete"]
    assert reads_of(server) == 3
    assert paths_of(client) == ["/shop/old/boot.txt"]


@pytest.mark.parametrize("arguments", [("/a.txt",), ("/shop/*.txt",), ("--recursive", "/shop"), ("-r", "/a.txt", "/*")])
def test_nothing_is_deleted_where_nobody_can_be_asked(
    run: Run, client: ImageKit, server: LocalImageKit, arguments: tuple[str, ...]
) -> None:
    ended = run("rm", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert server.url_endpoint in ended.err
    assert "give --yes to go ahead" in ended.err
    assert paths_of(client) == ALL


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        (["shop/old/boot.txt"], "Delete /shop/old/boot.txt: 1 file (5 bytes) in "),
        (["/shop/*.txt"], "Delete /shop/hat.txt, /shop/shoe.txt: 2 files (10 bytes) in "),
        (["/more/*"], "Delete /more/*: 5 files (25 bytes) in "),
        (["/more/*", "/more/1", "/a.txt"], "Delete /more/*, /more/1, /a.txt: 6 files (30 bytes) in "),
        ([f"/more/{number}" for number in range(5)], "Delete /more/0, /more/1, /more/2 and 2 more: 5 files (25 bytes)"),
        (["-r", "/deep"], "Delete /deep/: 1 file and 3 folders (5 bytes) in "),
    ],
)
def test_the_question_names_what_is_deleted_and_counts_all_below(
    run: Run, client: ImageKit, typed: list[str], named: str
) -> None:
    for number in range(5):
        add_file(client, f"/more/{number}")
    add_file(client, "/deep/deeper/deepest/x.txt")
    assert named in run("rm", *typed).err


def test_the_question_names_what_has_an_id_by_its_path(run: Run, ids: dict[str, str]) -> None:
    assert "Delete /shop/hat.txt: 1 file" in run("rm", ids["/shop/hat.txt"]).err


def test_yes_deletes_a_pattern(run: Run, client: ImageKit) -> None:
    ended = run("rm", "--yes", "--json", "/shop/*.txt")
    assert [(record["status"], record["path"]) for record in ended.records] == [
        ("deleted", "/shop/hat.txt"),
        ("deleted", "/shop/shoe.txt"),
    ]
    assert paths_of(client) == ["/a.txt", "/shop/old/boot.txt"]


def test_a_folder_needs_the_option_and_the_rest_is_deleted(run: Run, client: ImageKit) -> None:
    ended = run("rm", "-y", "/shop", "/a.txt")
    assert ended.code == 1
    assert ended.err == (
        "failed: /shop: is a folder: give --recursive to delete it and everything below it\n1 item deleted, 1 failed\n"
    )
    assert paths_of(client) == ALL[1:]


def test_a_folder_goes_with_everything_below_it(run: Run, client: ImageKit, server: LocalImageKit) -> None:
    ended = run("rm", "--recursive", "--yes", "/shop", "/shop/old", "/shop/hat.txt")
    assert (ended.code, ended.out) == (0, "deleted /shop/ with 3 files and 1 folder (15 bytes)\n")
    assert changes_of(server) == ["delete_folder"]
    assert (paths_of(client), folders_of(client)) == (["/a.txt"], [])


@pytest.mark.parametrize("path", ["/", "//", "."])
def test_the_whole_library_is_refused(run: Run, client: ImageKit, path: str) -> None:
    ended = run("rm", "--recursive", "--yes", path)
    assert ended.code == 2
    assert "is the whole media library" in ended.err
    assert paths_of(client) == ALL


def test_everything_can_be_named_by_a_pattern(run: Run, client: ImageKit) -> None:
    assert run("rm", "--recursive", "--yes", "/*").code == 0
    assert (paths_of(client), folders_of(client)) == ([], [])


def test_a_dry_run_shows_what_would_go_and_changes_nothing(run: Run, client: ImageKit, server: LocalImageKit) -> None:
    ended = run("rm", "--dry-run", "--recursive", "/shop/*", "/a.txt")
    assert ended.code == 0
    assert sorted(ended.out.splitlines()) == [
        "would delete /a.txt",
        "would delete /shop/hat.txt",
        "would delete /shop/old/ with 1 file (5 bytes)",
        "would delete /shop/shoe.txt",
    ]
    assert ended.err == "would delete 4 files and 1 folder (20 bytes)\n"
    records = run("rm", "-n", "--json", "-r", "/shop/old").records
    planned = {"path": "/shop/old", "files": 1, "folders": 0, "sizeBytes": 5}
    assert records == [{"status": "planned", "action": "delete", **planned}]
    assert changes_of(server) == []
    assert paths_of(client) == ALL


def test_what_is_not_there_is_named_and_the_rest_is_deleted(run: Run, client: ImageKit) -> None:
    ended = run("rm", "-y", "/nope.txt", "/a.txt")
    assert (ended.code, ended.out) == (1, "deleted /a.txt\n")
    assert ended.err.startswith("failed: /nope.txt: there is no file or folder")
    assert paths_of(client) == ALL[1:]
    assert run("rm", "/nope.txt").code == 3


def test_a_failed_folder_stays_visible_and_the_next_one_is_deleted(
    run: Run, client: ImageKit, server: LocalImageKit
) -> None:
    client.create_folder(folder_name="blog", parent_folder_path="/")
    server.faults.add(status=403, operation="delete_folder")
    ended = run("rm", "--recursive", "--yes", "/shop", "/blog")
    assert (ended.code, ended.out) == (1, "deleted /blog/ with no files\n")
    assert ended.err.startswith("failed: /shop: ")
    assert folders_of(client) == ["/shop", "/shop/old"]


def test_a_lost_answer_is_no_failure(run: Run, client: ImageKit, server: LocalImageKit) -> None:
    server.faults.add(reset=True, when="after", operation="bulk_file_delete")
    server.faults.add(reset=True, when="after", operation="delete_folder")
    ended = run("rm", "--recursive", "--yes", "--json", "/shop", "/a.txt")
    assert ended.code == 0
    assert [record["status"] for record in ended.records] == ["missing", "missing"]
    assert (paths_of(client), folders_of(client)) == ([], [])


def test_a_service_that_is_down_is_a_network_failure(run: Run, client: ImageKit, server: LocalImageKit) -> None:
    server.faults.add(status=503, times=None, operation="bulk_file_delete")
    ended = run("rm", "-y", "/a.txt", "/shop/hat.txt")
    assert ended.code == 4
    assert ended.err.count("failed: ") == 2
    server.faults.clear()
    assert paths_of(client) == ALL


def test_hundreds_of_files_go_a_hundred_in_a_request(run: Run, client: ImageKit, server: LocalImageKit) -> None:
    items = [(b"x", f"{number}.bin") for number in range(130)]
    assert [done.error for done in client.upload_many(items, folder="/many")] == [None] * 130
    assert run("rm", "--yes", "/many/*").code == 0
    assert changes_of(server) == ["bulk_file_delete"] * 2
    assert paths_of(client) == ALL


def test_people_are_asked_with_counts_and_may_say_no(client: ImageKit, server: LocalImageKit) -> None:
    with open_terminal("rm", "-r", "/shop", "/a.txt") as terminal:
        terminal.expect(r"Delete /a.txt, /shop/: 4 files and 2 folders \(20 bytes\) in ")
        terminal.send("n")
        code, text = terminal.finish()
    assert code == 3
    assert "nothing was changed" in text
    assert paths_of(client) == ALL
    with open_terminal("rm", "-r", "/shop") as terminal:
        terminal.expect(r"\[y/N\]")
        terminal.send("y")
        code, text = terminal.finish()
    assert code == 0
    assert "deleted /shop/ with 3 files and 1 folder (15 bytes)" in text
    assert paths_of(client) == ["/a.txt"]


def test_what_was_typed_before_the_question_is_no_answer(client: ImageKit, server: LocalImageKit) -> None:
    server.faults.add(delay=1, operation="list_files")
    with open_terminal("rm", "-r", "/shop") as terminal:
        terminal.expect("finding what to delete")
        terminal.send("y")
        terminal.expect(r"\[y/N\]")
        terminal.send("n")
        assert terminal.finish()[0] == 3
    assert paths_of(client) == ALL


def test_people_with_very_many_files_see_a_sum_and_the_failures(client: ImageKit, server: LocalImageKit) -> None:
    items = [(b"x", f"{number}.bin") for number in range(25)]
    assert [done.error for done in client.upload_many(items, folder="/many")] == [None] * 25
    with open_terminal("rm", "--yes", "/many/*", "/nope") as terminal:
        code, text = terminal.finish()
    assert code == 1
    assert "deleted /many" not in text
    assert "failed: /nope: there is no file or folder" in text
    assert text.splitlines()[-1] == "25 items deleted, 1 failed"


def test_ctrl_c_says_how_many_are_gone(client: ImageKit, server: LocalImageKit) -> None:
    for name in ("one", "two", "three"):
        add_file(client, f"/bin/{name}/x.txt")
    gone = server.faults.add(status=404, operation="delete_folder")
    hanging = server.faults.add(delay=30, operation="delete_folder")
    with open_terminal("rm", "-r", "--yes", "/bin/*") as terminal:
        wait_until(lambda: hanging.hits > 0)
        terminal.interrupt()
        code, text = terminal.finish()
    assert gone.hits == 1
    assert code == 130
    assert "interrupted: 1 of 3 items are certainly deleted; run the same command again to go on" in text
