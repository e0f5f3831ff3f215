"""Downloading: what arguments mean, what is left alone, what is never overwritten, and what is said of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from imagekitio.models.moments import to_unix_time

from ..terminal import open_terminal

if TYPE_CHECKING:
    from pathlib import Path

    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from ..conftest import Run

PATHS = ("/a.txt", "/shop/shoe.txt", "/shop/old/boot.txt")


@pytest.fixture(autouse=True)
def library(client: ImageKit) -> None:
    for path in PATHS:
        put(client, path, f"text of {path}")


def put(client: ImageKit, path: str, text: str, *, is_private: bool = False) -> None:
    folder, _, name = path.rpartition("/")
    client.upload_file(
        text.encode(), name, folder=folder or "/", use_unique_file_name=False, is_private_file=is_private
    )


def read(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def count_downloads(server: LocalImageKit) -> int:
    return sum(request.operation == "delivery" for request in server.requests)


def test_a_file_comes_into_this_folder_with_the_time_of_its_last_change(
    run: Run, client: ImageKit, shell: Path
) -> None:
    ended = run("download", "/shop/shoe.txt")
    assert (ended.code, ended.out) == (0, "/shop/shoe.txt\tshoe.txt\n")
    assert ended.err == "1 file downloaded (22 bytes)\n"
    assert read(shell) == {"shoe.txt": "text of /shop/shoe.txt"}
    file = client.get_file_by_path("/shop/shoe.txt")
    assert (shell / "shoe.txt").stat().st_mtime == pytest.approx(to_unix_time(file.updated_at), abs=0.001)


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["shop/shoe.txt", "new.txt"], {"new.txt"}),
        (["/shop/shoe.txt", "new/"], {"new/shoe.txt"}),
        (["/shop", "out"], {"out/shop/shoe.txt", "out/shop/old/boot.txt"}),
        (["/shop/.", "out"], {"out/shoe.txt", "out/old/boot.txt"}),
        (["/shop/old", "out"], {"out/old/boot.txt"}),
        (["/", "out"], {"out/a.txt", "out/shop/shoe.txt", "out/shop/old/boot.txt"}),
        (["/shop/*", "out"], {"out/shoe.txt", "out/old/boot.txt"}),
        (["/a.txt", "/shop/s*.txt", "out"], {"out/a.txt", "out/shoe.txt"}),
        (["/a.txt", "/shop/shoe.txt", "--to", "."], {"a.txt", "shoe.txt"}),
    ],
)
def test_arguments_are_sources_and_then_where_they_go(
    run: Run, shell: Path, arguments: list[str], names: set[str]
) -> None:
    assert run("download", *arguments).code == 0
    assert read(shell).keys() == names


def test_ids_and_urls_are_sources_too(run: Run, client: ImageKit, shell: Path) -> None:
    file = client.get_file_by_path("/a.txt")
    assert run("download", file.file_id, "by_id.txt").code == 0
    assert run("download", file.url, "out/").code == 0
    assert read(shell) == dict.fromkeys(["by_id.txt", "out/a.txt"], "text of /a.txt")


def test_the_same_command_again_asks_for_no_content(run: Run, server: LocalImageKit) -> None:
    assert run("download", "/shop").code == 0
    before = count_downloads(server)
    ended = run("download", "/shop", "--json")
    assert {record["status"] for record in ended.records} == {"kept"}
    assert ended.err == "2 files already there\n"
    assert count_downloads(server) == before


def test_a_local_file_with_another_content_stays_unless_forced(run: Run, shell: Path) -> None:
    (shell / "a.txt").write_text("mine")
    (shell / "shoe.txt").write_text("text of /shop/SHOE.txt")  # of the same size
    ended = run("download", "/a.txt", "/shop/shoe.txt", "/shop/old/boot.txt", ".")
    assert ended.code == 1
    assert "failed: /a.txt: a file with other content exists: --force replaces it\n" in ended.err
    assert ended.err.endswith("1 file downloaded (26 bytes), 2 failed\n")
    assert read(shell)["a.txt"] == "mine"
    assert read(shell)["shoe.txt"] == "text of /shop/SHOE.txt"
    assert run("download", "/a.txt", "/shop/shoe.txt", ".", "--force").code == 0
    assert read(shell)["a.txt"] == "text of /a.txt"
    assert read(shell)["shoe.txt"] == "text of /shop/shoe.txt"


def test_the_same_content_with_another_time_is_kept(run: Run, shell: Path) -> None:
    (shell / "a.txt").write_text("text of /a.txt")
    assert run("download", "/a.txt", "--json").records[0]["status"] == "kept"


def test_a_dry_run_shows_the_plan_and_writes_nothing(run: Run, shell: Path) -> None:
    ended = run("download", "/shop", "--dry-run")
    assert ended.code == 0
    assert sorted(ended.out.splitlines()) == [
        "+ shop/old/boot.txt  26 bytes  from /shop/old/boot.txt",
        "+ shop/shoe.txt  22 bytes  from /shop/shoe.txt",
    ]
    assert ended.err == "would download 2 files (48 bytes)\n"
    assert read(shell) == {}


def test_content_goes_to_standard_output_as_it_is(run: Run, client: ImageKit) -> None:
    put(client, "/private.txt", "secret", is_private=True)
    assert run("download", "/private.txt", "-").out == "secret"
    ended = run("download", "/shop", "-")
    assert (ended.code, ended.out) == (2, "")
    assert "only one file can go to standard output" in ended.err


def test_a_transformation_stands_as_in_urls_and_is_compared_by_its_content(
    run: Run, client: ImageKit, server: LocalImageKit, shell: Path
) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>'
    put(client, "/dot.svg", svg)
    for status in ("downloaded", "kept"):
        ended = run("download", "/dot.svg", "dot.png", "--transformation", "w-4,f-png", "--signed", "--json")
        assert (ended.code, [record["status"] for record in ended.records]) == (0, [status])
    assert (shell / "dot.png").read_bytes().startswith(b"\x89PNG")
    asked = [request for request in server.requests if request.operation == "delivery"]
    assert all("f-png" in f"{request.path}?{request.query}" and "ik-s" in request.query for request in asked)
    assert run("download", "/dot.svg", "dot.png", "--transformation", "w-2,f-png").code == 1


def test_a_failed_file_stays_visible_and_the_rest_comes(run: Run, client: ImageKit, shell: Path) -> None:
    (shell / "shop").mkdir()
    (shell / "shop/shoe.txt").mkdir()
    ended = run("download", "/shop", "--json")
    assert ended.code == 1
    (failure,) = (record for record in ended.records if record["status"] == "failed")
    assert failure["path"] == "/shop/shoe.txt"
    assert " is a folder: remove it" in failure["error"]
    assert read(shell) == {"shop/old/boot.txt": "text of /shop/old/boot.txt"}


def test_a_link_in_the_place_of_a_file_is_left_alone_and_both_commands_say_what_to_do(run: Run, shell: Path) -> None:
    (shell / "elsewhere.txt").write_text("mine")
    (shell / "shoe.txt").symlink_to("elsewhere.txt")
    for line in (
        ["download", "/shop/shoe.txt"],
        ["download", "/shop/shoe.txt", "-n"],
        ["sync", ".", "/shop", "--pull"],
    ):
        ended = run(*line)
        assert ended.code == 1
        (failure,) = (text for text in ended.err.splitlines() if text.startswith("failed: "))
        assert " is a symbolic link: remove it" in failure
        assert failure.endswith("shoe.txt' is a symbolic link: remove it, or download to another folder")
    assert (shell / "elsewhere.txt").read_text() == "mine"


def test_what_does_not_exist_is_refused(run: Run, shell: Path) -> None:
    ended = run("download", "/shop/hat.txt")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.count("\n") == 1
    assert read(shell) == {}


def test_a_source_is_not_taken_for_the_place_where_files_go(run: Run) -> None:
    for source in ("/b.txt", "/shop/shoe.txt", "https://example.com/a.txt"):
        ended = run("download", "/a.txt", source)
        assert ended.code == 2
        assert "--to ." in ended.err


def test_a_name_that_would_be_a_folder_is_refused(run: Run, shell: Path) -> None:
    (shell / "file").write_text("mine")
    ended = run("download", "/shop", "file")
    assert ended.code == 2
    assert "'file' is a file, but /shop needs a folder" in ended.err


def test_ctrl_c_says_what_is_done_and_the_same_command_goes_on(
    client: ImageKit, server: LocalImageKit, shell: Path
) -> None:
    for number in range(5):
        put(client, f"/big/{number}.txt", str(number))
    server.faults.add(delay=0.001, operation="delivery", times=3)
    stuck = server.faults.add(delay=600, operation="delivery", times=None)
    with open_terminal("download", "/big", "--at-once", "2") as terminal:
        terminal.expect("3/5 files")
        while stuck.hits < 2:
            time.sleep(0.01)
        terminal.interrupt()
        code, text = terminal.finish()
    assert code == 130
    assert "interrupted: 3 of 5 files are done; run the same command again to go on" in " ".join(text.split())
    assert len(named(shell)) == 3
    server.faults.clear()
    with open_terminal("download", "/big") as terminal:
        code, text = terminal.finish()
    assert code == 0
    assert "2 files downloaded (2 bytes), 3 already there" in text
    assert read(shell) == {f"big/{number}.txt": str(number) for number in range(5)}


def named(folder: Path) -> dict[str, str]:
    """Return the files that have their names: what a run leaves that could not tidy up is hidden."""
    return {name: text for name, text in read(folder).items() if not name.endswith(".part")}
