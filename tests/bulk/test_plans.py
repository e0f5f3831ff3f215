"""Plans of downloads that are carried out later, and invalid plans, against local ImageKit."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.bulk import Change
from imagekitio.disk import LocalFile
from imagekitio.models.moments import to_unix_time

if TYPE_CHECKING:
    from pathlib import Path

    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

TEXTS = {"new.txt": "new", "old.txt": "of the library", "same.txt": "same"}


@pytest.fixture
def library(ik: ImageKit, tmp_path: Path) -> Path:
    """A local folder with three files: the library has one unchanged, one changed, and lacks the third."""
    for name, text in TEXTS.items():
        ik.upload_file(text.encode(), name, folder="/site", use_unique_file_name=False, is_private_file=True)
    for name, text in {"old.txt": "old", "same.txt": "same", "gone.txt": "gone"}.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def plan(ik: ImageKit, folder: Path, **options: Any) -> list[Change]:
    return [done.item for done in ik.pull_folder("/site", folder, dry_run=True, **options)]


def read(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_the_plan_of_a_pull_is_carried_out_without_listing_again(
    ik: ImageKit, server: LocalImageKit, library: Path
) -> None:
    changes = plan(ik, library, delete=True)
    before = len(server.requests)
    outcomes = {(done.item.action, done.item.path): done.unwrap() for done in ik.apply_changes(changes)}
    assert outcomes == {
        ("download", "/site/new.txt"): library / "new.txt",
        ("replace", "/site/old.txt"): library / "old.txt",
        ("keep", "/site/same.txt"): library / "same.txt",
        ("delete", "/site/gone.txt"): library / "gone.txt",
    }
    requested = sorted(request.path.rpartition("/")[2] for request in server.requests[before:])
    assert requested == ["new.txt", "old.txt"]
    assert read(library) == TEXTS
    before = len(server.requests)
    assert {change.action for change in plan(ik, library)} == {"keep"}
    assert len(server.requests) - before == 1  # the times agree, so no content is compared


def test_processes_carry_out_the_plan_of_a_pull(threads: ImageKit, server: LocalImageKit, tmp_path: Path) -> None:
    for name, text in TEXTS.items():
        threads.upload_file(text.encode(), name, folder="/site", use_unique_file_name=False)
    changes = plan(threads, tmp_path)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert not [done.error for done in threads.apply_changes(changes, executor=pool) if done.error]
    assert read(tmp_path) == TEXTS


def test_part_of_a_plan_can_be_selected(ik: ImageKit, library: Path) -> None:
    changes = [change for change in plan(ik, library, delete=True) if change.action == "download"]
    assert [done.error for done in ik.apply_changes(changes)] == [None]
    assert read(library) == {"new.txt": "new", "old.txt": "old", "same.txt": "same", "gone.txt": "gone"}


def test_a_file_that_has_changed_locally_since_the_plan_is_neither_replaced_nor_deleted(
    ik: ImageKit, library: Path
) -> None:
    transferred = [change for change in plan(ik, library, delete=True) if change.action != "delete"]
    deleted = [change for change in plan(ik, library, delete=True) if change.action == "delete"]
    mine = {"new.txt": "mine", "old.txt": "mine too", "gone.txt": "and this"}
    for name, text in mine.items():
        (library / name).write_text(text)
    for changes, names in ((transferred, {"/site/new.txt", "/site/old.txt"}), (deleted, {"/site/gone.txt"})):
        errors = {done.item.path: done.error for done in ik.apply_changes(changes) if done.error}
        assert errors.keys() == names
        assert {type(error) for error in errors.values()} == {FileExistsError}
        assert all("has changed since it was compared; try again" in str(error) for error in errors.values())
    assert read(library) == {**mine, "same.txt": "same"}


def test_an_unchanged_file_that_has_changed_since_the_plan_is_not_treated_as_unchanged(
    ik: ImageKit, library: Path
) -> None:
    changes = plan(ik, library)
    (library / "same.txt").write_text("SAME")
    assert not [done.error for done in ik.apply_changes(changes) if done.error]
    assert {change.path: change.action for change in plan(ik, library)}["/site/same.txt"] == "replace"


def test_a_file_replaced_in_the_library_since_the_plan_is_noticed_by_the_next_run(
    ik: ImageKit, server: LocalImageKit, library: Path
) -> None:
    changes = plan(ik, library)
    server.clock.advance(60)
    for name in ("new.txt", "old.txt"):
        ik.upload_file(b"NEW", name, folder="/site", use_unique_file_name=False)
    failures = [(done.item.path, str(done.error)) for done in ik.apply_changes(changes) if done.error]
    assert [path for path, _ in failures] == ["/site/old.txt"]  # the other file has the size that was listed
    assert "bytes instead of 14" in failures[0][1]
    assert not [done.error for done in ik.apply_changes(plan(ik, library)) if done.error]
    assert read(library) == {"new.txt": "NEW", "old.txt": "NEW", "same.txt": "same", "gone.txt": "gone"}


def test_the_results_of_a_dry_run_of_single_files_can_serve_as_a_plan(
    ik: ImageKit, server: LocalImageKit, library: Path
) -> None:
    items = [(file, library / file.name) for file in ik.list_files(path="/site")]
    changes = [done.unwrap() for done in ik.pull_files(items, dry_run=True)]
    assert read(library).keys() == {"old.txt", "same.txt", "gone.txt"}
    assert not [done.error for done in ik.apply_changes(changes) if done.error]
    assert read(library) == {**TEXTS, "gone.txt": "gone"}
    for file, local in items:
        assert local.stat().st_mtime == pytest.approx(to_unix_time(file.updated_at), abs=0.001)


def test_the_plan_of_a_transformation_downloads_the_transformation(
    ik: ImageKit, server: LocalImageKit, library: Path
) -> None:
    items = [("/site/new.txt", library / "new.txt")]
    (done,) = ik.pull_files(items, dry_run=True, transformation=[{"raw": "orig-true"}], signed=True)
    before = len(server.requests)
    assert [done.error for done in ik.apply_changes([done.unwrap()])] == [None]
    (request,) = server.requests[before:]
    assert "tr:orig-true" in request.path
    assert read(library)["new.txt"] == "new"


def test_nothing_is_deleted_if_a_download_failed(ik: ImageKit, server: LocalImageKit, library: Path) -> None:
    changes = plan(ik, library, delete=True)
    server.faults.add(status=404, operation="delivery")
    errors = {done.item.action: str(done.error) for done in ik.apply_changes(changes, at_once=1) if done.error}
    assert errors.keys() == {"download", "delete"}
    assert "not deleted, because a download failed" in errors["delete"]
    assert (library / "gone.txt").exists()


def test_a_local_file_is_deleted_only_if_it_is_still_a_file(ik: ImageKit, library: Path) -> None:
    changes = [change for change in plan(ik, library, delete=True) if change.action == "delete"]
    (library / "gone.txt").unlink()
    os.symlink(library / "old.txt", library / "gone.txt")
    (done,) = ik.apply_changes(changes)
    assert " is a symbolic link: remove it" in str(done.error)
    assert (library / "gone.txt").is_symlink()


def test_an_invalid_plan_is_refused_before_anything_is_sent(
    ik: ImageKit, server: LocalImageKit, tmp_path: Path
) -> None:
    local = tmp_path / "a.txt"
    before = LocalFile(local, 1, 1)
    gone = Change("delete", "/a.txt", local, before=before)
    refused: list[list[Any]] = [
        ["/a.txt"],
        [Change("delete", "/a.txt")],
        [Change("delete", "/a.txt", before=before)],
        [Change("upload", "/a.txt")],
        [Change("replace", "/a.txt", local)],
        [Change("replace", "/a.txt", local, before=before)],
        [Change("download", "/a.txt", local)],
        [Change("download", "/a.txt", url="https://ik.imagekit.io/demo/a.txt")],
        [gone, Change("upload", "/b.txt", local)],
    ]
    for changes in refused:
        with pytest.raises((TypeError, ValueError), match="changes must"):
            ik.apply_changes(changes)
    with pytest.raises(TypeError, match="apply_changes sets folder itself"):
        ik.apply_changes([], folder="/x")
    with pytest.raises(TypeError, match=r"changes of local files do not accept upload options \(got tags\)"):
        ik.apply_changes([gone], tags=["a"])
    with pytest.raises(TypeError, match="start_transfer"):
        ik.apply_changes([gone], start_transfer="x")  # type: ignore[arg-type]
    assert server.requests == []
