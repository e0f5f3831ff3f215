"""Syncing: the plan, the question, what is left out, and what must never be deleted."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from ...files import forbid_folder
from ..terminal import open_terminal

if TYPE_CHECKING:
    from pathlib import Path

    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from ..conftest import Run


@pytest.fixture(autouse=True)
def site(shell: Path, client: ImageKit) -> Path:
    """A folder of which ``/site`` has one file, and one that is not in it."""
    folder = shell / "site"
    (folder / "drafts").mkdir(parents=True)
    for name in ("a.txt", "b.txt", "drafts/c.txt"):
        (folder / name).write_text(name)
    for name, content in (("a.txt", b"a.txt"), ("old.txt", b"old")):
        client.upload_file(content, name, folder="/site", use_unique_file_name=False)
    return folder


def remote(client: ImageKit) -> set[str]:
    return {file.file_path for file in client.iter_files()}


def test_what_is_new_is_uploaded_and_nothing_is_deleted(run: Run, client: ImageKit, server: LocalImageKit) -> None:
    ended = run("sync", "site", "/site")
    assert (ended.code, ended.err) == (0, "2 files uploaded (17 bytes), 1 unchanged\n")
    assert sorted(line.split("\t")[:2] for line in ended.out.splitlines()) == [
        ["uploaded", "/site/b.txt"],
        ["uploaded", "/site/drafts/c.txt"],
    ]
    assert remote(client) == {"/site/a.txt", "/site/b.txt", "/site/drafts/c.txt", "/site/old.txt"}
    before = len(server.requests)
    assert run("sync", "site", "/site").err == "3 files unchanged\n"
    assert not any(request.path.endswith("/upload") for request in server.requests[before:])


def test_a_file_that_has_come_there_meanwhile_is_not_replaced(run: Run, server: LocalImageKit) -> None:
    body = {"message": "A file with the same name already exists at the exact location."}
    server.faults.add(status=400, body=body, operation="upload_file")
    ended = run("sync", "site", "/site", "--at-once", "1")
    assert ended.code == 1
    assert "another file has appeared there meanwhile: run the same command again" in ended.err


def test_an_answer_that_names_no_file_is_no_success_and_nothing_is_deleted_then(
    run: Run, client: ImageKit, server: LocalImageKit
) -> None:
    server.faults.add(status=200, body={}, operation="upload_file")
    ended = run("--json", "sync", "site", "/site", "--delete", "--yes")
    assert ended.code == 1
    assert sorted(record["status"] for record in ended.records) == ["failed", "failed", "kept", "uploaded"]
    assert "/site/old.txt: not deleted, because an upload failed" in ended.err
    assert "/site/old.txt" in remote(client)


def test_a_dry_run_shows_counts_and_then_each_change(run: Run, client: ImageKit, site: Path) -> None:
    (site / "a.txt").write_text("changed")
    ended = run("sync", "site", "/site", "--delete", "--dry-run")
    assert ended.code == 0
    assert ended.err == "would upload 2 files (17 bytes), replace 1 file (7 bytes), delete 1 file (3 bytes)\n"
    assert sorted(ended.out.splitlines()) == [
        "+ /site/b.txt  5 bytes",
        "+ /site/drafts/c.txt  12 bytes",
        "- /site/old.txt  3 bytes",
        "~ /site/a.txt  7 bytes",
    ]
    records = run("--json", "sync", "site", "/site", "--delete", "-n").records
    assert {record["path"]: record["action"] for record in records}["/site/old.txt"] == "delete"
    assert remote(client) == {"/site/a.txt", "/site/old.txt"}


def test_without_a_terminal_nothing_is_deleted_unless_told(run: Run, client: ImageKit) -> None:
    ended = run("sync", "site", "/site", "--delete")
    assert ended.code == 2
    assert "Delete 1 file (3 bytes) in /site of" in ended.err
    assert remote(client) == {"/site/a.txt", "/site/old.txt"}
    ended = run("sync", "site", "/site", "--delete", "--yes")
    assert (ended.code, ended.err) == (0, "2 files uploaded (17 bytes), 1 deleted (3 bytes), 1 unchanged\n")
    assert remote(client) == {"/site/a.txt", "/site/b.txt", "/site/drafts/c.txt"}


def test_an_empty_folder_never_empties_the_library(run: Run, client: ImageKit, shell: Path) -> None:
    (shell / "empty").mkdir()
    ended = run("sync", "empty", "/", "--delete", "--yes")
    assert (ended.code, ended.out) == (3, "")
    assert "'empty' has no files: with --delete, 2 files (8 bytes) in / would be deleted" in ended.err
    ended = run("sync", "emty", "/site", "--delete", "--yes")
    assert (ended.code, ended.err) == (2, "imagekit: there is no folder 'emty' on this machine\n")
    assert remote(client) == {"/site/a.txt", "/site/old.txt"}


def test_nothing_is_deleted_if_an_upload_failed(run: Run, client: ImageKit, server: LocalImageKit) -> None:
    server.faults.add(status=400, body={"message": "no"}, operation="upload_file")
    ended = run("sync", "site", "/site", "--delete", "--yes")
    assert ended.code == 1
    assert "/site/old.txt" in remote(client)
    assert "failed: /site/old.txt: not deleted, because an upload failed\n" in ended.err


@pytest.mark.parametrize("pattern", ["./drafts", "drafts", "drafts/c.txt", "/drafts", "c.*", "drafts/*"])
def test_excluded_files_are_neither_uploaded_nor_deleted(run: Run, client: ImageKit, pattern: str) -> None:
    assert run("sync", "site", "/site", "--delete", "--yes", "--exclude", "old.*", "--exclude", pattern).code == 0
    assert remote(client) == {"/site/a.txt", "/site/b.txt", "/site/old.txt"}


def test_what_is_left_out_here_is_not_deleted_there(run: Run, client: ImageKit, site: Path) -> None:
    (site / "old.txt").symlink_to("a.txt")
    (site / "b.txt").unlink()
    os.mkfifo(site / "b.txt")
    (site / ".git").mkdir()
    client.upload_file(b"x", "config", folder="/site/_git", use_unique_file_name=False)
    ended = run("sync", "site", "/site", "--delete", "--yes", "--exclude", "drafts")
    assert ended.code == 0
    note = "1 symbolic link left out (--follow-symlinks), 1 special file left out, 1 hidden file left out"
    assert ended.err == f"{note} (--include-hidden)\n1 file unchanged\n"
    assert remote(client) == {"/site/a.txt", "/site/old.txt", "/site/_git/config"}


def test_a_folder_with_nothing_but_what_is_left_out_counts_as_empty(run: Run, client: ImageKit, shell: Path) -> None:
    (shell / "empty").mkdir()
    (shell / "empty/.keep").touch()
    ended = run("sync", "empty", "/site", "--delete", "--yes")
    assert ended.code == 3
    assert "'empty' has no files" in ended.err
    assert remote(client) == {"/site/a.txt", "/site/old.txt"}


def test_a_folder_that_cannot_be_read_is_one_failure_and_nothing_is_deleted(
    run: Run, client: ImageKit, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbid_folder(monkeypatch, site / "drafts")
    ended = run("sync", "site", "/site", "--delete", "--dry-run")
    assert ended.code == 1
    assert "nothing would be deleted, since some files fail\n" in ended.err
    ended = run("sync", "site", "/site", "--delete")  # which has nothing to ask then
    assert ended.code == 1
    assert ended.err == (
        "failed: site/drafts: Permission denied\n"
        "failed: /site/old.txt: not deleted, because an upload failed\n"
        "1 file uploaded (5 bytes), 1 unchanged, 2 failed\n"
    )
    assert remote(client) == {"/site/a.txt", "/site/b.txt", "/site/old.txt"}
    assert run("sync", "site", "/site", "--delete", "--yes", "--exclude", "drafts").code == 0
    assert remote(client) == {"/site/a.txt", "/site/b.txt"}


def test_new_names_are_told_once_and_clashes_are_refused(run: Run, client: ImageKit, shell: Path) -> None:
    for number, name in enumerate(("_cat.txt", "🐈cat.txt", "v1.0/a.txt", "with space.txt", "ok.txt")):
        (shell / "odd" / name).parent.mkdir(exist_ok=True, parents=True)
        (shell / "odd" / name).write_text("x" * (number + 1))
    ended = run("sync", "odd", "/odd", "--dry-run")
    assert ended.code == 1
    assert sorted(ended.out.splitlines()) == [
        "+ /odd/_cat.txt  1 byte",
        "+ /odd/ok.txt  5 bytes",
        "+ /odd/v1_0/a.txt  3 bytes  from odd/v1.0/a.txt",
        "+ /odd/with_space.txt  4 bytes  from odd/with space.txt",
    ]
    ended = run("sync", "odd", "/odd", "--at-once", "1")
    assert ended.code == 1
    for line in (
        "failed: odd/🐈cat.txt: would be stored as /odd/_cat.txt, like odd/_cat.txt: rename one of them",
        "2 files with characters in the name that the service does not accept:",
        "  v1.0/a.txt → /odd/v1_0/a.txt",
        "  with space.txt → /odd/with_space.txt",
        "4 files uploaded (13 bytes), 1 failed",
    ):
        assert f"{line}\n" in ended.err
    assert "→" not in run("sync", "odd", "/odd").err


def test_a_pull_deletes_no_link(run: Run, site: Path) -> None:
    (site / "link.txt").symlink_to("a.txt")
    assert run("sync", "site", "/site", "--pull", "--delete", "--yes").code == 0
    assert sorted(path.name for path in site.iterdir()) == ["a.txt", "drafts", "link.txt", "old.txt"]


def test_new_files_are_private_if_told(run: Run, client: ImageKit) -> None:
    assert run("sync", "site", "/site", "--private").code == 0
    assert client.get_file_by_path("/site/b.txt").is_private_file
    assert not client.get_file_by_path("/site/a.txt").is_private_file


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["site", "/a b"], "names of remote folders may contain only letters"),
        (["site", "/site", "--pull", "--exclude", "x"], "--exclude cannot be used with --pull"),
        (["site"], "Missing argument 'REMOTE'"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_sent(run: Run, arguments: list[str], message: str) -> None:
    ended = run("sync", *arguments)
    assert ended.code == 2
    assert message in ended.err


def test_people_see_what_is_deleted_before_they_are_asked(client: ImageKit) -> None:
    with open_terminal("sync", "site", "/site", "--delete") as terminal:
        shown = terminal.expect(r"Delete 1 file \(3 bytes\) in /site of")
        assert "going to upload 2 files (17 bytes), delete 1 file (3 bytes), keep 1 file" in shown
        assert "- /site/old.txt  3 bytes" in shown
        terminal.send("n")
        code, text = terminal.finish()
    assert code == 3
    assert "nothing was changed" in text
    assert remote(client) == {"/site/a.txt", "/site/old.txt"}
    with open_terminal("sync", "site", "/site", "--delete") as terminal:
        terminal.expect("Delete 1 file")
        terminal.send("y")
        code, text = terminal.finish()
    assert code == 0
    assert "2 files uploaded (17 bytes), 1 deleted (3 bytes), 1 unchanged" in text


def test_people_see_how_far_a_comparison_of_contents_is_and_why_it_takes_long(
    site: Path, client: ImageKit, server: LocalImageKit
) -> None:
    for number in range(120):
        (site / f"{number}.txt").write_text(str(number))
    assert all(not done.error for done in client.sync_folder(site, "/site"))
    for path in site.rglob("*.txt"):  # as after git clone
        os.utime(path, (time.time() + 60, time.time() + 60))
    stuck = server.faults.add(delay=600, operation="delivery", path="*/b.txt", times=None)
    with open_terminal("sync", "site", "/site") as terminal:
        shown = terminal.expect("122/123 files")
        terminal.interrupt()
        code, text = terminal.finish()
    assert stuck.hits == 1
    assert "comparing contents: 123 files changed here since their upload" in shown
    assert "bytes" not in shown
    assert (code, "interrupted: nothing was changed" in text) == (130, True)


def test_a_pull_makes_the_local_folder_like_the_remote_one(run: Run, site: Path) -> None:
    ended = run("sync", "site", "/site", "--pull", "--delete", "--dry-run")
    assert ended.err == "would download 1 file (3 bytes), delete 2 files (17 bytes), keep 1 file\n"
    assert sorted(ended.out.splitlines()) == [
        "+ site/old.txt  3 bytes  from /site/old.txt",
        "- site/b.txt  5 bytes",
        "- site/drafts/c.txt  12 bytes",
    ]
    assert run("sync", "site", "/site", "--pull", "--delete").code == 2
    assert not (site / "old.txt").exists()
    ended = run("sync", "site", "/site", "--pull", "--delete", "--yes")
    assert (ended.code, ended.err) == (0, "1 file downloaded (3 bytes), 2 deleted (17 bytes), 1 unchanged\n")
    assert {path.name: path.read_text() for path in site.rglob("*.txt")} == {"a.txt": "a.txt", "old.txt": "old"}
    assert run("sync", "site", "/site").err == "2 files unchanged\n"


def test_a_pull_asks_before_it_replaces_what_was_changed_here_later(run: Run, client: ImageKit, site: Path) -> None:
    (site / "a.txt").write_text("mine")
    os.utime(site / "a.txt", (time.time() + 60, time.time() + 60))
    refused = run("sync", "site", "/site", "--pull")
    assert refused.code == 2
    assert "Replace 1 file, changed later than the remote one, in 'site'?" in refused.err
    assert "~ site/a.txt  5 bytes  from /site/a.txt\n" in refused.err
    assert (site / "a.txt").read_text() == "mine"
    assert run("sync", "site", "/site", "--pull", "--yes").code == 0
    assert (site / "a.txt").read_text() == "a.txt"
    client.upload_file(b"newer", "a.txt", folder="/site", use_unique_file_name=False)
    assert run("sync", "site", "/site", "--pull").code == 0
    assert (site / "a.txt").read_text() == "newer"


def test_a_pull_lists_the_library_once_and_does_what_it_showed(run: Run, server: LocalImageKit, site: Path) -> None:
    before = len(server.requests)
    ended = run("--json", "sync", "site", "/site", "--pull", "--delete", "--yes")
    assert {record["path"]: record["status"] for record in ended.records} == {
        "/site/a.txt": "kept",
        "/site/old.txt": "downloaded",
        "/site/b.txt": "deleted",
        "/site/drafts/c.txt": "deleted",
    }
    assert [request.path.rpartition("/")[2] for request in server.requests[before:]] == ["files", "old.txt"]
    (record,) = (record for record in ended.records if record["path"] == "/site/old.txt")
    assert record["url"].endswith("/site/old.txt")
    assert record["local"] == "site/old.txt"


def test_what_changes_here_while_a_pull_asks_is_not_lost(client: ImageKit, site: Path) -> None:
    with open_terminal("sync", "site", "/site", "--pull", "--delete") as terminal:
        terminal.expect("Delete 2 files")
        (site / "old.txt").write_text("mine")
        (site / "b.txt").write_text("changed")
        terminal.send("y")
        code, text = terminal.finish()
    assert code == 1
    assert "failed: /site/old.txt: " in text
    assert "has changed since it was compared; try again" in text
    assert {path.name: path.read_text() for path in site.rglob("*.txt")} == {
        "a.txt": "a.txt",
        "old.txt": "mine",
        "b.txt": "changed",
        "c.txt": "drafts/c.txt",
    }


def test_a_pull_from_a_folder_that_does_not_exist_deletes_nothing(run: Run, site: Path) -> None:
    ended = run("sync", "site", "/sites", "--pull", "--delete", "--yes")
    assert (ended.code, ended.err) == (3, "imagekit: there is no folder '/sites' in the media library\n")
    assert (site / "b.txt").exists()


def test_a_pull_keeps_the_names_that_the_service_changes(run: Run, client: ImageKit, site: Path) -> None:
    (site / "v1.0").mkdir()
    (site / "v1.0/with space.txt").write_text("one")
    assert run("sync", "site", "/site", "--delete", "--yes").code == 0
    assert run("sync", "site", "/site", "--pull", "--delete").err == "4 files unchanged\n"
    client.upload_file(b"newer", "with_space.txt", folder="/site/v1_0", use_unique_file_name=False)
    ended = run("sync", "site", "/site", "--pull", "--delete", "--dry-run")
    assert ended.out == "~ site/v1.0/with space.txt  5 bytes  from /site/v1_0/with_space.txt\n"
    assert run("sync", "site", "/site", "--pull", "--delete").code == 0
    assert [path.name for path in site.glob("v*/*")] == ["with space.txt"]
    assert (site / "v1.0/with space.txt").read_text() == "newer"
    assert run("sync", "site", "/site").err == "4 files unchanged\n"


def test_a_pull_deletes_no_file_whose_stored_name_another_one_has(run: Run, site: Path) -> None:
    (site / "a txt").write_text("first")
    (site / "a(txt").write_text("other")
    assert run("sync", "site", "/site").code == 1  # one of them is refused
    with open_terminal("sync", "site", "/site", "--pull", "--delete", "--yes") as terminal:
        code, text = terminal.finish()
    assert code == 1
    refusal = "failed: /site/a(txt: would be stored as /site/a_txt, like site/a txt: rename one of them"
    assert refusal in " ".join(text.split())
    assert ((site / "a txt").read_text(), (site / "a(txt").read_text()) == ("first", "other")


def test_a_file_in_the_place_of_a_folder_is_named_before_anything_is_pulled(
    run: Run, client: ImageKit, site: Path
) -> None:
    client.upload_file(b"x", "p.txt", folder="/site/bags", use_unique_file_name=False)
    (site / "bags").write_text("mine")
    advice = "is a file and must be a folder: move it, or download to another folder"
    for options in (["--dry-run"], []):
        ended = run("sync", "site", "/site", "--pull", *options)
        assert (ended.code, f"failed: /site/bags/p.txt: 'site/bags' {advice}\n" in ended.err) == (1, True)
    assert (site / "bags").read_text() == "mine"
    below = run("sync", "site/bags/below", "/site", "--pull")
    assert below.err == f"imagekit: 'site/bags' {advice}\n"
    assert below.code == 1
