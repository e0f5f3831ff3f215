"""Syncing a local folder to a remote one, against local ImageKit; the planning is pure and tested with literals."""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio import InternalServerException
from imagekitio.bulk.sync import clean_remote_folder, remote_path

from ..files import forbid_folder

if TYPE_CHECKING:
    from imagekitio import ImageKit
    from imagekitio.bulk import Change, Done
    from imagekitio.local import LocalImageKit


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    write(tmp_path, {"a.txt": "a", "b/c d.txt": "c", "b/e/ü.txt": "u"})
    return tmp_path


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def sync(ik: ImageKit, local: Path, **options: Any) -> dict[str, str]:
    """Sync to ``/site``, and return the actions by path; nothing may fail."""
    outcomes = list(ik.sync_folder(local, "/site", **options))
    assert [done.error for done in outcomes if done.error] == []
    return {done.item.path: done.item.action for done in outcomes}


def list_remote_paths(ik: ImageKit) -> set[str]:
    return {file.file_path for file in ik.iter_files()}


def count_actions(outcomes: list[Done[Change, Any]]) -> Counter[str]:
    return Counter(done.item.action for done in outcomes)


def test_a_folder_is_uploaded_under_the_names_that_the_service_makes_and_a_second_run_does_nothing(
    ik: ImageKit, server: LocalImageKit, tree: Path
) -> None:
    paths = {"/site/a.txt", "/site/b/c_d.txt", "/site/b/e/ü.txt"}
    assert sync(ik, tree) == dict.fromkeys(paths, "upload")
    assert list_remote_paths(ik) == paths
    uploads = sum(request.path == "/api/v1/files/upload" for request in server.requests)
    assert sync(ik, tree) == dict.fromkeys(paths, "keep")
    assert sum(request.path == "/api/v1/files/upload" for request in server.requests) == uploads == 3


def test_a_dry_run_reports_the_same_and_changes_nothing(ik: ImageKit, tree: Path) -> None:
    ik.upload_file(b"old", "old.txt", folder="/site", use_unique_file_name=False)
    plan = sync(ik, tree, dry_run=True, delete=True)
    assert Counter(plan.values()) == {"upload": 3, "delete": 1}
    assert list_remote_paths(ik) == {"/site/old.txt"}
    assert sync(ik, tree, delete=True) == plan


def test_files_are_deleted_only_on_request_and_only_in_the_folder(ik: ImageKit, tree: Path) -> None:
    for folder in ("/site/b", "/sites", "/"):
        ik.upload_file(b"x", "x.txt", folder=folder, use_unique_file_name=False)
    sync(ik, tree)
    assert "/site/b/x.txt" in list_remote_paths(ik)
    assert sync(ik, tree, delete=True)["/site/b/x.txt"] == "delete"
    assert list_remote_paths(ik) == {"/site/a.txt", "/site/b/c_d.txt", "/site/b/e/ü.txt", "/sites/x.txt", "/x.txt"}


def test_hidden_files_are_left_out_on_both_sides(ik: ImageKit, tree: Path) -> None:
    write(tree, {".hidden.txt": "h"})
    ik.upload_file(b"x", ".old.txt", folder="/site", use_unique_file_name=False)
    found = sync(ik, tree, delete=True)
    assert found["/site/.hidden.txt"] == "skip"
    assert "/site/.old.txt" not in found
    found = sync(ik, tree, delete=True, include_hidden=True)
    assert (found["/site/.hidden.txt"], found["/site/.old.txt"]) == ("upload", "delete")


def put(ik: ImageKit, *paths: str) -> None:
    for path in paths:
        folder, _, name = path.rpartition("/")
        ik.upload_file(b"there", name, folder=folder, use_unique_file_name=False)


def test_files_and_folders_skipped_locally_stay_in_the_library(
    ik: ImageKit, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(ik, tree)
    for name, path in {"link.txt": "a.txt", "v 1.0": "b", "broken": "missing"}.items():
        (tree / name).symlink_to(path)
    os.mkfifo(tree / "pipe")
    write(tree, {".cache/x.txt": "x", "drafts/1.psd": "x", "b/2.psd": "x"})
    forbid_folder(monkeypatch, tree / "drafts")  # excluded, so it is not opened
    left_out = {"/site/link.txt", "/site/v_1_0/e/a.txt", "/site/broken", "/site/pipe/a.txt", "/site/_cache/x.txt"}
    excluded = {"/site/drafts/1.psd", "/site/drafts/e/a.txt", "/site/b/2.psd", "/site/3.psd"}
    put(ik, *left_out, *excluded, "/site/old.txt")
    before = list_remote_paths(ik)
    found = sync(ik, tree, delete=True, exclude=["drafts", "*.psd"])
    assert {path for path, action in found.items() if action == "delete"} == {"/site/old.txt"}
    assert Counter(found.values()) == {"keep": 3, "skip": 5, "delete": 1}
    assert before - list_remote_paths(ik) == {"/site/old.txt"}


def test_an_unreadable_folder_is_a_failure_while_the_rest_is_uploaded_and_nothing_is_deleted(
    ik: ImageKit, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(ik, "/site/b/e/old.txt", "/site/old.txt")
    forbid_folder(monkeypatch, tree / "b/e")
    outcomes = list(ik.sync_folder(tree, "/site", delete=True))
    errors = {done.item.path: str(done.error) for done in outcomes if done.error}
    assert errors == {
        "/site/b/e": f"{tree / 'b/e'}: Permission denied",
        "/site/old.txt": "/site/old.txt: not deleted, because an upload failed",
    }
    assert list_remote_paths(ik) == {"/site/b/e/old.txt", "/site/old.txt", "/site/a.txt", "/site/b/c_d.txt"}


def test_the_folder_itself_must_be_readable(ik: ImageKit, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forbid_folder(monkeypatch, tree)
    with pytest.raises(PermissionError):
        list(ik.sync_folder(tree, "/site"))


def test_the_comparison_of_contents_reports_its_progress(ik: ImageKit, tree: Path) -> None:
    sync(ik, tree)
    os.utime(tree / "a.txt", (time.time() + 60, time.time() + 60))
    seen: list[tuple[int, int | None]] = []
    sync(ik, tree, dry_run=True, on_compare=lambda done, total: seen.append((done, total)))
    assert seen == [(0, 1), (1, 1)]
    seen.clear()
    targets = [(tree / "a.txt", "/site/a.txt"), (tree / "b/e/ü.txt", "/site/b/e/ü.txt")]
    list(ik.plan_uploads(targets, compare="content", on_compare=lambda done, total: seen.append((done, total))))
    assert seen == [(0, 2), (1, 2), (2, 2)]


def test_nothing_is_deleted_when_an_upload_failed(ik: ImageKit, server: LocalImageKit, tree: Path) -> None:
    ik.upload_file(b"old", "old.txt", folder="/site", use_unique_file_name=False)
    server.faults.add(status=500, times=6, operation="upload_file")
    outcomes = list(ik.sync_folder(tree, "/site", delete=True, at_once=1))
    server.faults.clear()
    errors = {done.item.action: type(done.error) for done in outcomes if done.error}
    assert errors == {"upload": InternalServerException, "delete": RuntimeError}
    assert "/site/old.txt" in list_remote_paths(ik)


def test_each_transfer_is_announced_with_its_size_and_reports_its_progress(ik: ImageKit, tree: Path) -> None:
    ik.upload_file(b"old", "old.txt", folder="/site", use_unique_file_name=False)
    started: dict[str, int | None] = {}
    sent: list[tuple[int, int]] = []

    def start(change: Change) -> Any:
        started[change.path] = change.size_bytes
        return lambda done, total: sent.append((done, total))

    outcomes = list(ik.sync_folder(tree, "/site", delete=True, start_transfer=start))
    assert started == {"/site/a.txt": 1, "/site/b/c_d.txt": 1, "/site/b/e/ü.txt": 1}
    assert sum(done == total for done, total in sent) == 3
    assert [done.item.size_bytes for done in outcomes if done.item.action == "delete"] == [3]


def test_a_file_of_a_different_size_is_replaced(ik: ImageKit, tree: Path) -> None:
    sync(ik, tree)
    (tree / "a.txt").write_text("longer")
    assert sync(ik, tree)["/site/a.txt"] == "replace"
    (file,) = ik.list_files(search_query='name = "a.txt"')
    assert (file.size, file.version_info.name) == (6, "Version 2")


@pytest.mark.parametrize("is_private", [False, True])
def test_a_file_of_the_same_size_with_different_contents_is_replaced_even_if_tagged_since(
    ik: ImageKit, tree: Path, is_private: bool
) -> None:
    sync(ik, tree, is_private_file=is_private)
    time.sleep(0.02)
    (tree / "a.txt").write_text("A")
    ik.add_tags([file.file_id for file in ik.iter_files()], ["new"])
    assert sync(ik, tree, is_private_file=is_private)["/site/a.txt"] == "replace"
    os.utime(tree / "b/c d.txt")
    assert set(sync(ik, tree, is_private_file=is_private).values()) == {"keep"}


def test_contents_are_compared_on_request_even_if_the_times_suggest_no_change(ik: ImageKit, tree: Path) -> None:
    sync(ik, tree)
    path = tree / "a.txt"
    before = path.stat().st_mtime
    path.write_text("A")
    os.utime(path, (before - 9, before - 9))
    assert sync(ik, tree, dry_run=True)["/site/a.txt"] == "keep"
    assert sync(ik, tree, dry_run=True, compare="content")["/site/a.txt"] == "replace"


def test_a_killed_run_is_continued_by_the_next(ik: ImageKit, tmp_path: Path) -> None:
    write(tmp_path, {f"{number}.txt": str(number) for number in range(30)})
    for number, _ in enumerate(ik.sync_folder(tmp_path, "/site", at_once=2)):
        if number == 5:
            break
    outcomes = list(ik.sync_folder(tmp_path, "/site"))
    # A cancelled upload may still arrive at any time, even between listing and uploading.
    assert all("already exists" in str(done.error) for done in outcomes if done.error)
    done = count_actions(outcomes)
    assert 6 <= done["keep"] < 30
    assert done["upload"] == 30 - done["keep"]
    assert Counter(sync(ik, tmp_path).values()) == {"keep": 30}
    assert len(list_remote_paths(ik)) == 30


def test_a_file_that_the_service_would_refuse_is_reported_and_the_rest_is_uploaded(
    ik: ImageKit, tmp_path: Path
) -> None:
    write(tmp_path, {"a b.txt": "1", "a_b.txt": "2", "empty.txt": "", "x.txt": "3"})
    outcomes = list(ik.sync_folder(tmp_path, "/site", delete=True))
    refused = {done.item.local and done.item.local.name: str(done.error) for done in outcomes if done.error}
    assert refused.keys() == {"a b.txt", "empty.txt"}
    assert "would be stored as /site/a_b.txt, like " in refused["a b.txt"]
    assert "the file is empty" in refused["empty.txt"]
    assert list_remote_paths(ik) == {"/site/a_b.txt", "/site/x.txt"}
    stopped = list(ik.sync_folder(tmp_path, "/site", stop_on_error=True))
    assert stopped[-1].error is not None
    assert count_actions(stopped)["refuse"] == 1


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"remote": "/a/../b"}, ValueError),
        ({"remote": "/a b"}, ValueError),
        ({"local": "/nowhere/at/all"}, NotADirectoryError),
        ({"remote": None}, TypeError),
        ({"folder": "/x"}, TypeError),
        ({"overwriteFile": False}, TypeError),
        ({"compare": "size"}, ValueError),
        ({"at_once": 0}, ValueError),
        ({"at_once": True}, TypeError),
        ({"local": 5}, TypeError),
        ({"on_progress": "x"}, TypeError),
        ({"tagz": "a"}, TypeError),
        ({"exclude": "*.psd"}, TypeError),
        ({"exclude": [5]}, TypeError),
        ({"on_compare": "x"}, TypeError),
    ],
)
def test_invalid_arguments_are_refused_before_anything_is_sent(
    ik: ImageKit, server: LocalImageKit, tree: Path, wrong: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        ik.sync_folder(**{"local": tree, "remote": "/site", **wrong})
    assert server.requests == []


@given(st.lists(st.text(min_size=1).filter(lambda name: "/" not in name and "\0" not in name), min_size=1))
def test_no_local_name_escapes_from_the_remote_folder(names: list[str]) -> None:
    relative = Path(*(name for name in names if name not in (".", "..")), "a")
    path = remote_path("/site", relative)
    assert PurePosixPath(path).parts[:2] == ("/", "site")
    assert not any(part in (".", "..") for part in path.split("/")[:-1])


@given(st.text())
def test_a_remote_folder_is_canonical_or_refused(text: str) -> None:
    try:
        folder = clean_remote_folder(text)
    except ValueError:
        return
    assert folder == "" or folder.startswith("/")
    assert clean_remote_folder(folder) == folder
    assert '"' not in folder
    assert ".." not in folder
