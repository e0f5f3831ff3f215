"""Pulling a remote folder into a local one, against local ImageKit."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio import InternalServerException, NotFoundException
from imagekitio.bulk.pulls import plan_remote_files
from imagekitio.models.files import FileResult
from imagekitio.models.moments import to_unix_time

from .files import upload
from .pulling import pull, push, put, read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from imagekitio import ImageKit
    from imagekitio.bulk import Change
    from imagekitio.local import LocalImageKit

TEXTS = {"/site/a.txt": "a", "/site/b/c.txt": "c", "/site/b/e/ü.txt": "u"}


@pytest.fixture
def library(ik: ImageKit) -> dict[str, str]:
    for path in TEXTS:
        put(ik, path, TEXTS[path])
    put(ik, "/other/x.txt", "x")
    return TEXTS


def count_downloads(server: LocalImageKit) -> int:
    return sum(request.path.startswith(f"/{server.settings.imagekit_id}/") for request in server.requests)


def test_a_folder_is_pulled_and_a_second_run_in_either_direction_does_nothing(
    ik: ImageKit, server: LocalImageKit, library: dict[str, str], tmp_path: Path
) -> None:
    target = tmp_path / "new" / "folder"
    assert pull(ik, target) == dict.fromkeys(library, "download")
    assert read(target, all_files=True) == library
    assert count_downloads(server) == 3
    assert pull(ik, target) == dict.fromkeys(library, "keep")
    assert push(ik, target) == {"keep"}
    assert count_downloads(server) == 3


def test_the_comparison_of_contents_reports_its_progress(ik: ImageKit, library: dict[str, str], tmp_path: Path) -> None:
    pull(ik, tmp_path)
    seen: list[tuple[int, int | None]] = []
    pull(ik, tmp_path, dry_run=True, compare="content", on_compare=lambda done, total: seen.append((done, total)))
    assert seen == [(done, len(library)) for done in range(len(library) + 1)]
    with pytest.raises(TypeError, match="on_compare"):
        list(ik.pull_folder("/site", tmp_path, on_compare=5))  # type: ignore[arg-type]


def test_the_result_is_the_local_path_and_the_change_has_the_size(
    ik: ImageKit, library: dict[str, str], tmp_path: Path
) -> None:
    for done in ik.pull_folder("/site", tmp_path):
        assert done.result == done.item.local
        assert done.item.size_bytes == 1


def test_pushed_files_need_not_be_pulled(ik: ImageKit, server: LocalImageKit, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    assert [done.error for done in ik.sync_folder(tmp_path, "/site")] == [None]
    assert pull(ik, tmp_path) == {"/site/a.txt": "keep"}
    assert count_downloads(server) == 0


def test_a_new_version_of_the_same_size_is_noticed_even_if_the_local_file_is_older_than_the_first(
    ik: ImageKit, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("a")
    os.utime(tmp_path / "a.txt", (1, 1))
    put(ik, "/site/a.txt", "a")
    put(ik, "/site/a.txt", "A")
    assert pull(ik, tmp_path) == {"/site/a.txt": "replace"}
    assert read(tmp_path) == {"/site/a.txt": "A"}


def test_a_tag_costs_one_comparison(
    ik: ImageKit, server: LocalImageKit, library: dict[str, str], tmp_path: Path
) -> None:
    pull(ik, tmp_path)
    (file,) = ik.list_files(search_query='name = "a.txt"')
    server.clock.advance(60)
    ik.add_tags([file.file_id], ["new"])
    before = count_downloads(server)
    for _ in range(2):
        assert set(pull(ik, tmp_path).values()) == {"keep"}
    assert count_downloads(server) == before + 1


def test_a_locally_changed_file_is_replaced_by_the_one_in_the_library(
    ik: ImageKit, library: dict[str, str], tmp_path: Path
) -> None:
    pull(ik, tmp_path)
    (tmp_path / "a.txt").write_text("A")
    (tmp_path / "b/c.txt").write_text("longer")
    plan = pull(ik, tmp_path, dry_run=True)
    assert plan == {"/site/a.txt": "replace", "/site/b/c.txt": "replace", "/site/b/e/ü.txt": "keep"}
    assert (tmp_path / "a.txt").read_text() == "A"
    assert pull(ik, tmp_path) == plan
    assert read(tmp_path) == library


def test_contents_are_compared_on_request_even_if_the_times_agree(
    ik: ImageKit, library: dict[str, str], tmp_path: Path
) -> None:
    pull(ik, tmp_path)
    path = tmp_path / "a.txt"
    moment = path.stat().st_mtime
    path.write_text("A")
    os.utime(path, (moment, moment))
    assert pull(ik, tmp_path, dry_run=True)["/site/a.txt"] == "keep"
    assert pull(ik, tmp_path, compare="content")["/site/a.txt"] == "replace"


def test_only_files_missing_from_the_library_are_deleted_and_only_on_request(
    ik: ImageKit, library: dict[str, str], tmp_path: Path
) -> None:
    for name in ("b/x.txt", ".hidden"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("mine")
    pull(ik, tmp_path)
    assert (tmp_path / "b/x.txt").exists()
    plan = pull(ik, tmp_path, delete=True, dry_run=True)
    assert plan.pop("/site/b/x.txt") == "delete"
    assert set(plan.values()) == {"keep"}
    assert (tmp_path / "b/x.txt").exists()
    pull(ik, tmp_path, delete=True)
    assert read(tmp_path) == library
    assert (tmp_path / ".hidden").exists()
    assert pull(ik, tmp_path, delete=True, include_hidden=True)["/site/.hidden"] == "delete"


def test_a_failed_download_deletes_nothing_and_leaves_no_partial_file(
    ik: ImageKit, server: LocalImageKit, library: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "x.txt").write_text("mine")
    server.faults.add(status=500, times=6, operation="delivery")
    outcomes = list(ik.pull_folder("/site", tmp_path, delete=True, at_once=1))
    server.faults.clear()
    errors = {done.item.action: type(done.error) for done in outcomes if done.error}
    assert errors == {"download": InternalServerException, "delete": RuntimeError}
    assert len(read(tmp_path, all_files=True)) == 3
    assert pull(ik, tmp_path, delete=True)["/site/x.txt"] == "delete"
    assert read(tmp_path) == library


def test_pulling_a_missing_folder_deletes_nothing(ik: ImageKit, library: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("mine")
    with pytest.raises(NotFoundException, match="no folder '/site/bb'"):
        list(ik.pull_folder("/site/bb", tmp_path, delete=True))
    assert (tmp_path / "x.txt").exists()
    ik.create_folder(folder_name="empty", parent_folder_path="/site")
    assert pull(ik, tmp_path, "/site/empty", delete=True) == {"/site/empty/x.txt": "delete"}


def test_a_file_that_this_machine_cannot_store_is_refused_and_nothing_is_deleted(
    ik: ImageKit, library: dict[str, str], tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    root = tmp_path / "root"
    (root / "a.txt").mkdir(parents=True)  # where a file should go
    outside.mkdir()
    (root / "b").symlink_to(outside)
    (root / "mine").write_text("m")
    put(ik, "/site/mine/x.txt", "x")
    long = f"/site/{'ü' * 200}.txt"  # 400 bytes, more than a name may have
    put(ik, long, "x")
    outcomes = list(ik.pull_folder("/site", root, delete=True))
    reasons = {done.item.path: str(done.error) for done in outcomes if done.item.action == "refuse"}
    assert " is a folder: remove it" in reasons["/site/a.txt"]
    assert "symbolic link" in reasons["/site/b/c.txt"]
    assert "symbolic link" in reasons["/site/b/e/ü.txt"]
    assert "too long" in reasons[long]
    assert f"{str(root / 'mine')!r} is a file and must be a folder" in reasons["/site/mine/x.txt"]
    assert [*outside.iterdir()] == []
    assert (root / "mine").read_text() == "m"


def test_private_files_and_large_folders_take_one_listing_and_one_download_each(
    ik: ImageKit, server: LocalImageKit, tmp_path: Path
) -> None:
    files = upload(ik, 30, folder="/site", is_private_file=True)
    before = len(server.requests)
    pull(ik, tmp_path)
    assert len(server.requests) == before + 1 + 30
    assert {f"/site/{path.name}": path.read_bytes() for path in tmp_path.iterdir()} == files


def test_a_stopped_run_is_continued_by_the_next(ik: ImageKit, tmp_path: Path) -> None:
    upload(ik, 30, folder="/site")
    for number, _ in enumerate(ik.pull_folder("/site", tmp_path, at_once=2)):
        if number == 5:
            break
    done = Counter(pull(ik, tmp_path).values())
    assert 6 <= done["keep"] < 30
    assert done["download"] == 30 - done["keep"]
    assert set(pull(ik, tmp_path).values()) == {"keep"}


def test_a_transfer_reports_its_progress_and_can_be_aborted(
    ik: ImageKit, library: dict[str, str], tmp_path: Path
) -> None:
    reported: dict[str, int] = {}

    def start(change: Change) -> Callable[[int, int | None], object] | None:
        if change.path == "/site/a.txt":
            return None

        def report(done: int, _total: int | None) -> None:
            reported[change.path] = done
            if change.path == "/site/b/c.txt":
                raise RuntimeError("enough")

        return report

    outcomes = list(ik.pull_folder("/site", tmp_path, start_transfer=start))
    assert [str(done.error) for done in outcomes if done.error] == ["enough"]
    assert reported == {"/site/b/c.txt": 1, "/site/b/e/ü.txt": 1}
    assert read(tmp_path, all_files=True).keys() == {"/site/a.txt", "/site/b/e/ü.txt"}


@pytest.mark.parametrize("text", ["A", "longer"])
def test_a_local_file_that_changes_during_the_run_is_not_lost(
    ik: ImageKit, library: dict[str, str], tmp_path: Path, text: str
) -> None:
    """Neither an existing file nor one created while the download runs."""
    (tmp_path / "a.txt").write_text("old")
    new = {"/site/a.txt": tmp_path / "a.txt", "/site/b/c.txt": tmp_path / "b/c.txt"}

    def start(change: Change) -> None:
        if change.path in new:
            new[change.path].parent.mkdir(exist_ok=True)
            new[change.path].write_text(text)

    outcomes = list(ik.pull_folder("/site", tmp_path, start_transfer=start))
    assert {done.item.path: type(done.error) for done in outcomes if done.error} == dict.fromkeys(new, FileExistsError)
    assert {path.read_text() for path in new.values()} == {text}


def test_a_file_that_another_run_pulls_meanwhile_is_not_a_failure(
    threads: ImageKit, server: LocalImageKit, tmp_path: Path
) -> None:
    for path in TEXTS:
        put(threads, path, TEXTS[path])
    (tmp_path / "a.txt").write_text("old")

    def start(_change: Change) -> None:
        with server.client() as other:
            assert not [done.error for done in other.pull_folder("/site", tmp_path) if done.error]

    outcomes = list(threads.pull_folder("/site", tmp_path, start_transfer=start))
    assert {done.item.action: done.error for done in outcomes} == {"download": None, "replace": None}
    assert read(tmp_path, all_files=True) == TEXTS


def test_a_file_delivered_with_the_wrong_size_is_not_kept(ik: ImageKit, tmp_path: Path) -> None:
    put(ik, "/site/a.txt", "old")
    (file,) = ik.list_files(path="/site")
    listed = FileResult.from_json({**file.raw, "size": 4})
    (done,) = ik.pull_files([(listed, tmp_path / "a.txt")])
    assert "received 3 bytes instead of 4" in str(done.error)
    assert [*tmp_path.iterdir()] == []


def test_files_go_to_the_given_paths_and_unchanged_files_are_kept(
    ik: ImageKit, server: LocalImageKit, library: dict[str, str], tmp_path: Path
) -> None:
    def run(**options: Any) -> list[str]:
        items = [(file, tmp_path / f"{number}.txt") for number, file in enumerate(ik.list_files(path="/site/b"))]
        return [done.unwrap().action for done in ik.pull_files(items, **options)]

    assert run(dry_run=True) == ["download"]
    assert [*tmp_path.iterdir()] == []
    assert run() == ["download"]
    assert (tmp_path / "0.txt").read_text() == "c"
    (file,) = ik.list_files(path="/site/b")
    assert (tmp_path / "0.txt").stat().st_mtime == pytest.approx(to_unix_time(file.updated_at), abs=0.001)
    before = count_downloads(server)
    assert run() == ["keep"]
    assert count_downloads(server) == before
    (tmp_path / "0.txt").write_text("C")
    (done,) = ik.pull_files([(file, tmp_path / "0.txt")], replace=False)
    assert "exists and has different content" in str(done.error)
    assert run() == ["replace"]


def test_other_sources_are_compared_by_content(ik: ImageKit, library: dict[str, str], tmp_path: Path) -> None:
    (file,) = ik.list_files(path="/site/b")
    for source in ("/site/b/c.txt", file.url, {"path": "/site/b/c.txt"}):
        for action in ("download", "keep"):
            (done,) = ik.pull_files([(source, tmp_path / "c.txt")])
            assert done.unwrap().action == action
        (tmp_path / "c.txt").unlink()


def test_two_sources_cannot_share_a_path(ik: ImageKit, library: dict[str, str], tmp_path: Path) -> None:
    outcomes = list(ik.pull_files([(path, tmp_path / "one.txt") for path in library], at_once=1))
    assert [done.error is None for done in outcomes].count(True) == 1
    assert all("already the path of another file in this call" in str(done.error) for done in outcomes if done.error)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"remote": "/a/../b"}, ValueError),
        ({"remote": None}, TypeError),
        ({"local": __file__}, NotADirectoryError),
        ({"local": 5}, TypeError),
        ({"compare": "size"}, ValueError),
        ({"at_once": 0}, ValueError),
        ({"on_progress": "x"}, TypeError),
        ({"start_transfer": "x"}, TypeError),
    ],
)
def test_invalid_arguments_are_refused_before_anything_is_sent(
    ik: ImageKit, server: LocalImageKit, tmp_path: Path, wrong: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        ik.pull_folder(**{"remote": "/site", "local": tmp_path, **wrong})
    assert server.requests == []


@given(st.lists(st.text(min_size=1), min_size=1))
def test_no_remote_name_escapes_from_the_local_folder(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    root = tmp_path_factory.getbasetemp()
    path = "/site/" + "/".join(names)
    file = FileResult.from_json({"filePath": path, "size": 1, "fileId": "1"})
    for change in plan_remote_files(root, "/site", {}, {path: file}, include_hidden=True):
        if change.action != "refuse":
            assert change.local is not None
            assert change.local.is_relative_to(root)
            assert ".." not in change.local.parts
            assert change.local != root
