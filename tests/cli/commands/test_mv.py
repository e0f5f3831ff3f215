"""Moving: into folders or under new names; nothing is overwritten, and what fails half way is where it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from imagekitio.local import LocalImageKit

from ..library import add_file, changes_of, folders_of, paths_of, reads_of, versions_of
from ..terminal import open_terminal, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imagekitio import ImageKit

    from ..conftest import Run

ALL = ["/a.txt", "/shop/hat.txt", "/shop/old/boot.txt", "/shop/shoe.txt"]


@pytest.fixture(autouse=True)
def ids(client: ImageKit) -> dict[str, str]:
    return {path: add_file(client, path, path.encode()) for path in ALL}


def test_a_file_gets_a_new_name_where_it_is(
    run: Run, client: ImageKit, server: LocalImageKit, ids: dict[str, str]
) -> None:
    ended = run("mv", "/a.txt", "/b.txt")
    assert (ended.code, ended.out, ended.err) == (0, "moved /a.txt to /b.txt\n", "1 item moved\n")
    assert changes_of(server) == ["rename_file"]
    assert reads_of(server) == 2
    assert client.get_file_by_path("/b.txt").file_id == ids["/a.txt"]


@pytest.mark.parametrize("destination", ["/shop", "/shop/", "/new/folder/"])
def test_files_go_into_a_folder_that_exists_or_is_named_by_a_slash(
    run: Run, client: ImageKit, server: LocalImageKit, destination: str
) -> None:
    ended = run("--json", "mv", "/a.txt", "/shop/old/boot.txt", destination)
    assert ended.code == 0
    folder = destination.rstrip("/")
    assert [record["to"] for record in ended.records] == [f"{folder}/a.txt", f"{folder}/boot.txt"]
    assert changes_of(server) == ["move_file", "move_file"]
    assert {f"{folder}/a.txt", f"{folder}/boot.txt"} <= {*paths_of(client)}


def test_a_pattern_goes_into_the_top(run: Run, client: ImageKit) -> None:
    assert run("mv", "/shop/*.txt", "/").code == 0
    assert paths_of(client) == ["/a.txt", "/hat.txt", "/shoe.txt", "/shop/old/boot.txt"]


def test_a_new_name_in_another_folder_takes_a_folder_of_its_own_which_goes_again(
    run: Run, client: ImageKit, ids: dict[str, str]
) -> None:
    ended = run("mv", "/shop/shoe.txt", "/new/hat.txt")
    assert (ended.code, ended.out) == (0, "moved /shop/shoe.txt to /new/hat.txt\n")
    assert ended.err == "1 item moved\n"
    assert client.get_file_by_path("/new/hat.txt").file_id == ids["/shop/shoe.txt"]
    assert folders_of(client) == ["/new", "/shop", "/shop/old"]


def test_what_exists_is_not_overwritten(run: Run, client: ImageKit, server: LocalImageKit) -> None:
    add_file(client, "/shop/a.txt", b"mine")
    for arguments in (["/a.txt", "/shop"], ["/a.txt", "/shop/a.txt"], ["/shop/hat.txt", "/shop/shoe.txt"]):
        ended = run("mv", *arguments)
        assert ended.code == 3
        assert "exists: with --overwrite, this file becomes a new version of it" in ended.err
    assert changes_of(server) == []
    ended = run("mv", "/a.txt", "/shop/hat.txt", "/shop/old/boot.txt", "/shop")
    assert (ended.code, ended.out) == (1, "moved /shop/old/boot.txt to /shop/boot.txt\n")
    assert ended.err.count("failed: ") == 2


@pytest.mark.parametrize("target", ["/shop/shoe.txt", "/shop/old/boot.txt"])
def test_overwriting_keeps_the_old_content_as_a_version(
    run: Run, client: ImageKit, ids: dict[str, str], target: str
) -> None:
    assert run("mv", "--overwrite", "/shop/hat.txt", target).code == 0
    assert client.get_file_by_path(target).file_id == ids[target]
    assert [version.size for version in versions_of(client, target)] == [len("/shop/hat.txt"), len(target)]
    assert "/shop/hat.txt" not in paths_of(client)
    assert folders_of(client) == ["/shop", "/shop/old"]


def test_a_folder_is_moved_and_renamed_by_jobs(run: Run, client: ImageKit, server: LocalImageKit) -> None:
    assert run("mv", "/shop/old", "/archive/").out == "moved /shop/old to /archive/old\n"
    assert run("mv", "/archive/old", "/archive/2025").out == "moved /archive/old to /archive/2025\n"
    assert run("mv", "/archive", "/shop/attic").out == "moved /archive to /shop/attic\n"
    assert changes_of(server)[:2] == ["move_folder", "rename_folder"]
    assert paths_of(client) == ["/a.txt", "/shop/attic/2025/boot.txt", "/shop/hat.txt", "/shop/shoe.txt"]
    assert folders_of(client) == ["/shop", "/shop/attic", "/shop/attic/2025"]


def test_folders_are_merged_only_when_told(run: Run, client: ImageKit) -> None:
    add_file(client, "/archive/shop/other.txt")
    ended = run("mv", "/shop", "/archive")
    assert ended.code == 3
    assert "/archive/shop exists: with --overwrite, this folder is merged with it" in ended.err
    assert run("mv", "--overwrite", "/shop", "/archive").code == 0
    assert {"/archive/shop/other.txt", "/archive/shop/hat.txt"} <= {*paths_of(client)}


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["/a.txt", "/a.txt"], 3, "is already there"),
        (["/shop/hat.txt", "/shop/"], 3, "is already there"),
        (["/shop", "/shop/old/"], 3, "cannot be put into itself (/shop/old/shop)"),
        (["/shop", "/shop/new"], 3, "cannot be put into itself (/shop/new)"),
        (["/shop", "/a.txt"], 2, "would store '/a.txt' as '/a_txt'"),
        (["/a.txt", "/b (1).txt"], 2, "would store 'b (1).txt' as 'b__1_.txt'"),
        (["/a.txt", "/v1.2/"], 2, "would store '/v1.2' as '/v1_2'"),
        (["/a.txt", "/shop/hat.txt", "/nope"], 2, "for a new folder, add a slash: /nope/"),
        (["/shop/h*.txt", "/nope"], 2, "for a new folder, add a slash: /nope/"),
        (["/a.txt", "/shop/hat.txt", "/shop/shoe.txt"], 2, "/shop/shoe.txt is a file"),
        (["/a.txt", "/sh*"], 2, "must be one folder or path"),
        (["/a.txt", "https://ik.example/x.txt"], 2, "must be one folder or path"),
        (["/nope.txt", "/shop"], 3, "there is no file or folder /nope.txt"),
        (["--no-wait", "/shop", "/x/y"], 2, "takes several jobs"),
        (["--no-wait", "/shop/old", "/blog", "/x/"], 2, "--no-wait takes one folder"),
    ],
)
def test_what_is_not_possible_is_refused_before_anything_changes(
    run: Run, client: ImageKit, server: LocalImageKit, arguments: list[str], code: int, message: str
) -> None:
    client.create_folder(folder_name="blog", parent_folder_path="/")
    before = changes_of(server)
    ended = run("mv", *arguments)
    assert (ended.code, ended.out) == (code, "")
    assert message in ended.err
    assert changes_of(server) == before


@pytest.mark.parametrize("name", ["mv", "cp"])
def test_of_one_argument_the_destination_is_missing(run: Run, server: LocalImageKit, name: str) -> None:
    assert "Missing argument 'DESTINATION'" in run(name, "/a.txt").err
    ended = run(name, "-n")
    assert (ended.code, "Missing argument 'SOURCE...'" in ended.err) == (2, True)
    assert (reads_of(server), changes_of(server)) == (0, [])


def test_two_files_of_one_name_do_not_meet(run: Run, client: ImageKit) -> None:
    add_file(client, "/shop/old/hat.txt", b"other")
    ended = run("mv", "--overwrite", "/shop/hat.txt", "/shop/old/hat.txt", "/new/")
    assert ended.code == 1
    assert "failed: /shop/old/hat.txt: would collide with /shop/hat.txt at /new/hat.txt" in ended.err
    assert {"/new/hat.txt", "/shop/old/hat.txt"} <= {*paths_of(client)}


def test_a_dry_run_shows_where_things_would_go(run: Run, client: ImageKit, server: LocalImageKit) -> None:
    ended = run("mv", "-n", "/shop/*.txt", "/new/")
    assert ended.out == "would move /shop/hat.txt to /new/hat.txt\nwould move /shop/shoe.txt to /new/shoe.txt\n"
    assert ended.err == "would move 2 items\n"
    records = run("mv", "-n", "--json", "/shop", "/old").records
    assert records == [{"status": "planned", "action": "move", "path": "/shop", "to": "/old", "overwrites": False}]
    assert changes_of(server) == []
    assert paths_of(client) == ALL


@pytest.mark.parametrize("operation", ["move_file", "rename_file", "move_folder", "rename_folder"])
def test_a_lost_answer_is_no_failure(run: Run, client: ImageKit, server: LocalImageKit, operation: str) -> None:
    server.faults.add(reset=True, when="after", operation=operation)
    sources = ["/shop/old", "/attic/2025"] if "folder" in operation else ["/shop/hat.txt", "/new/cap.txt"]
    ended = run("mv", *sources)
    assert (ended.code, ended.err) == (0, "1 item moved\n")
    assert not [folder for folder in folders_of(client) if "imagekit" in folder]
    assert {"/attic/2025/boot.txt", "/new/cap.txt"} & {*paths_of(client)}


@pytest.mark.parametrize(("operation", "earlier"), [("move_file", 0), ("rename_file", 0), ("move_file", 1)])
def test_what_fails_half_way_is_moved_back(
    run: Run, client: ImageKit, server: LocalImageKit, ids: dict[str, str], operation: str, earlier: int
) -> None:
    for _ in range(earlier):
        server.faults.add(delay=0.001, operation=operation)  # the next one fails
    server.faults.add(status=403, operation=operation)
    ended = run("mv", "/shop/hat.txt", "/new/cap.txt")
    assert ended.code == 3
    assert ended.err.startswith("failed: /shop/hat.txt: ")
    assert paths_of(client) == ALL
    assert client.get_file_by_path("/shop/hat.txt").file_id == ids["/shop/hat.txt"]
    assert not [folder for folder in folders_of(client) if "imagekit" in folder]


def test_a_folder_that_may_still_get_a_file_is_not_deleted(run: Run, client: ImageKit, server: LocalImageKit) -> None:
    server.faults.add(status=500, operation="rename_file")
    ended = run("mv", "/shop/hat.txt", "/new/cap.txt")
    assert ended.code == 4
    assert paths_of(client) == ALL
    (stage,) = (folder for folder in folders_of(client) if "imagekit" in folder)
    assert f"warning: {stage} may contain /shop/hat.txt: look there, and delete the folder if it is empty" in ended.err


@pytest.mark.parametrize(
    ("arguments", "operation"),
    [
        (["mv", "/shop", "/new/"], "move_folder"),
        (["mv", "/shop", "/store"], "rename_folder"),
        (["cp", "-r", "/shop", "/new/", "--no-wait"], "copy_folder"),
    ],
)
def test_an_answer_without_a_job_is_no_success(
    run: Run, client: ImageKit, server: LocalImageKit, arguments: list[str], operation: str
) -> None:
    server.faults.add(status=200, body={}, operation=operation)
    ended = run(*arguments)
    assert (ended.code, ended.out) == (4, "")
    assert "the answer has no job id" in ended.err
    assert paths_of(client) == ALL


def test_a_job_that_cannot_be_watched_goes_on(run: Run, server: LocalImageKit, client: ImageKit) -> None:
    server.faults.add(status=503, times=None, operation="get_bulk_job_status")
    ended = run("mv", "/shop/old", "/new/")
    assert ended.code == 4
    assert "continues, but its status is unknown: " in ended.err
    assert "/new/old/boot.txt" in paths_of(client)


def test_a_job_that_ends_without_success_is_a_failure(run: Run, slow_server: LocalImageKit) -> None:
    with slow_server.client() as client:
        add_file(client, "/shop/hat.txt")
        slow_server.faults.add(
            status=200, body={"jobId": "1", "type": "MOVE_FOLDER", "status": "Failed"}, operation="get_bulk_job_status"
        )
        ended = run("mv", "/shop", "/new/")
    assert ended.code == 3
    assert "with the status 'Failed'" in ended.err


def test_what_cannot_be_moved_back_is_said_with_its_place(run: Run, client: ImageKit, server: LocalImageKit) -> None:
    server.faults.add(status=403, operation="rename_file", times=None)
    slow = server.faults.add(delay=0.001, operation="move_file")
    server.faults.add(status=403, operation="move_file", times=None)
    ended = run("mv", "/shop/hat.txt", "/new/cap.txt")
    assert slow.hits == 1
    assert ended.code == 3
    (path,) = (path for path in paths_of(client) if path.endswith("/hat.txt"))
    assert path.startswith("/new/imagekit-move-")
    assert "moving it back failed too" in ended.err
    assert f"it is now at {path}" in ended.err


def test_people_see_what_was_moved_and_how_many() -> None:
    with open_terminal("mv", "/shop/*.txt", "/new/") as terminal:
        code, text = terminal.finish()
    assert code == 0
    assert text.splitlines()[-1] == "2 items moved"
    assert "moved /shop/hat.txt to /new/hat.txt" in text


def test_ctrl_c_says_how_many_were_moved(client: ImageKit, server: LocalImageKit) -> None:
    first = server.faults.add(delay=0.001, operation="move_file")
    hanging = server.faults.add(delay=30, operation="move_file")
    with open_terminal("mv", "/shop/*.txt", "/new/") as terminal:
        wait_until(lambda: hanging.hits > 0)
        terminal.interrupt()
        code, text = terminal.finish()
    assert first.hits == 1
    assert code == 130
    assert "interrupted: 1 of 2 moved; run the same command again for the rest" in text


@pytest.fixture
def slow_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalImageKit]:
    """Local ImageKit whose jobs end when the test says so."""
    with LocalImageKit(job_delay=3600) as slow:
        for name, value in slow.settings.environment().items():
            monkeypatch.setenv(name, value)
        slow.clock.freeze()
        yield slow


def test_a_job_is_waited_for_or_not(run: Run, slow_server: LocalImageKit) -> None:
    with slow_server.client() as client:
        add_file(client, "/shop/hat.txt")
        (record,) = run("--json", "mv", "--no-wait", "/shop", "/new/").records
        assert (record["status"], record["to"]) == ("started", "/new/shop")
        assert client.get_bulk_job_status(record["jobId"]).status == "Pending"
        ended = run("mv", "/shop", "/other/")
        assert ended.code == 3
        assert "A bulk job is running" in ended.err
        slow_server.clock.advance(3600)
        with open_terminal("mv", "/new/shop", "/other/") as terminal:
            terminal.expect("moving /new/shop …")
            slow_server.clock.advance(3600)
            code, text = terminal.finish()
        assert code == 0
        assert "moved /new/shop to /other/shop" in text
        assert paths_of(client) == ["/other/shop/hat.txt"]


def test_ctrl_c_during_a_job_says_that_the_service_goes_on(slow_server: LocalImageKit) -> None:
    with slow_server.client() as client:
        add_file(client, "/shop/hat.txt")
    with open_terminal("mv", "/shop", "/new/") as terminal:
        terminal.expect("moving /shop …")
        terminal.interrupt()
        code, text = terminal.finish()
    assert code == 130
    assert "the service is still moving /shop (job " in " ".join(text.split())
