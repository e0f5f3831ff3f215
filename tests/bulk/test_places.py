"""Where pulls find and put files whose local names differ from those in the library, and what is in their way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from imagekitio.bulk.pulls import plan_remote_files
from imagekitio.disk import list_local_files
from imagekitio.models.files import FileResult

from .pulling import pull, push, put, read, write

if TYPE_CHECKING:
    from pathlib import Path

    from imagekitio import ImageKit


def test_names_that_the_service_changes_survive_push_pull_and_push(ik: ImageKit, tmp_path: Path) -> None:
    texts = {"with space.txt": "a", "v1.0/my (1).txt": "b", "v1.0/deep er/c.txt": "c", "plain.txt": "d"}
    stored = {"/site/with_space.txt", "/site/v1_0/my__1_.txt", "/site/v1_0/deep_er/c.txt", "/site/plain.txt"}
    write(tmp_path, texts)
    before = {f"/site/{name}": text for name, text in texts.items()}
    assert [done.error for done in ik.sync_folder(tmp_path, "/site")] == [None] * 4
    for compare in ("quick", "content"):
        assert pull(ik, tmp_path, delete=True, compare=compare) == dict.fromkeys(stored, "keep")
    assert read(tmp_path, all_files=True) == before
    assert push(ik, tmp_path) == {"keep"}
    assert {file.file_path for file in ik.list_files()} == stored


def test_remote_changes_reach_files_and_folders_whose_local_names_differ(ik: ImageKit, tmp_path: Path) -> None:
    write(tmp_path, {"with space.txt": "a", "v1.0/b c.txt": "b", "gone for good.txt": "x"})
    assert {done.error for done in ik.sync_folder(tmp_path, "/site")} == {None}
    put(ik, "/site/with_space.txt", "A")
    put(ik, "/site/v1_0/b_c.txt", "longer")
    put(ik, "/site/v1_0/new/d_e.txt", "new")
    (gone,) = ik.list_files(search_query='name = "gone_for_good.txt"')
    ik.delete_file(gone.file_id)
    assert pull(ik, tmp_path, delete=True) == {
        "/site/with_space.txt": "replace",
        "/site/v1_0/b_c.txt": "replace",
        "/site/v1_0/new/d_e.txt": "download",
        "/site/gone for good.txt": "delete",
    }
    assert read(tmp_path, all_files=True) == {
        "/site/with space.txt": "A",
        "/site/v1.0/b c.txt": "longer",
        "/site/v1.0/new/d_e.txt": "new",
    }
    assert push(ik, tmp_path) == {"keep"}


def test_the_file_with_the_exact_name_takes_precedence_and_its_double_is_refused_not_deleted(
    ik: ImageKit, tmp_path: Path
) -> None:
    put(ik, "/site/a_b.txt", "remote")
    put(ik, "/site/v1_0/c.txt", "c")
    write(tmp_path, {"a_b.txt": "1", "a b.txt": "2", "v1_0/c.txt": "c", "v1.0/other.txt": "x", "extra.txt": "x"})
    outcomes = list(ik.pull_folder("/site", tmp_path, delete=True))
    assert {done.item.action for done in outcomes if done.error is None} == {"replace", "keep"}
    assert {str(done.error) for done in outcomes if done.item.action == "refuse"} == {
        f"{tmp_path / 'a b.txt'}: would be stored as /site/a_b.txt, like {tmp_path / 'a_b.txt'}: rename one of them"
    }
    assert read(tmp_path)["/site/a_b.txt"] == "remote"
    assert read(tmp_path)["/site/a b.txt"] == "2"
    assert (tmp_path / "extra.txt").exists()  # nothing is deleted if anything is refused
    assert pull(ik, tmp_path) == {"/site/a_b.txt": "keep", "/site/v1_0/c.txt": "keep"}


def test_no_two_remote_files_share_a_local_file(tmp_path: Path) -> None:
    write(tmp_path, {"v1.0/a b.txt": "1"})
    here = {file.path: file for file in list_local_files(tmp_path, False, False)}
    paths = ["/site/v1.0/a b.txt", "/site/v1_0/a_b.txt", "/site/v1.0/new.txt", "/site/v1_0/new.txt"]
    there = {path: FileResult.from_json({"filePath": path, "size": 1, "fileId": path}) for path in paths}
    plan = plan_remote_files(tmp_path, "/site", here, there, include_hidden=False)
    assert {change.path: (change.action, change.local) for change in plan} == {
        path: ("keep" if path == paths[0] else "download", tmp_path / path.removeprefix("/site/")) for path in paths
    }


def test_the_error_for_a_file_in_place_of_a_folder_says_what_to_do(ik: ImageKit, tmp_path: Path) -> None:
    put(ik, "/site/b/c/d.txt", "d")
    write(tmp_path, {"b": "mine"})
    reason = f"{str(tmp_path / 'b')!r} is a file and must be a folder: move it, or download to another"
    for dry_run in (True, False):
        (done,) = ik.pull_folder("/site", tmp_path, dry_run=dry_run)
        assert (done.item.action, done.item.path) == ("refuse", "/site/b/c/d.txt")
        assert reason in str(done.error)
    with pytest.raises(NotADirectoryError) as caught:
        ik.pull_folder("/site", tmp_path / "b" / "below")
    assert reason in str(caught.value)
    (file,) = ik.list_files()
    (done_file,) = ik.pull_files([(file, tmp_path / "b" / "d.txt")])
    assert reason in str(done_file.error)
    assert (tmp_path / "b").read_text() == "mine"
