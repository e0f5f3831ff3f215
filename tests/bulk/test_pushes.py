"""Uploads of single files, and plans that are carried out later, against local ImageKit."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio import BadRequestException
from imagekitio.bulk.sync import write_searches

if TYPE_CHECKING:
    from pathlib import Path

    from imagekitio import ImageKit
    from imagekitio.bulk import Change
    from imagekitio.local import LocalImageKit


def write(folder: Path, **texts: str) -> list[tuple[Path, str]]:
    """Write files, and return where to upload them."""
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text)
    return [(folder / f"{name}.txt", f"/shop/{name}.txt") for name in texts]


def plan(ik: ImageKit, files: Any, **options: Any) -> list[Change]:
    return [done.item for done in ik.plan_uploads(files, **options)]


def apply(ik: ImageKit, changes: list[Change], **options: Any) -> None:
    assert [done.error for done in ik.apply_changes(changes, **options) if done.error] == []


def test_a_plan_says_which_files_are_new_different_or_present(ik: ImageKit, tmp_path: Path) -> None:
    files = write(tmp_path, a="a", b="b")
    assert [change.action for change in plan(ik, files)] == ["upload", "upload"]
    apply(ik, plan(ik, files))
    files += write(tmp_path, b="longer", c="c")
    found = {change.path: change.action for change in plan(ik, files)}
    assert found == {"/shop/a.txt": "keep", "/shop/b.txt": "replace", "/shop/c.txt": "upload"}


@pytest.mark.slow
def test_the_number_of_requests_grows_with_the_files_and_not_with_the_library(
    ik: ImageKit, server: LocalImageKit, tmp_path: Path
) -> None:
    files = write(tmp_path, **{f"f{number}": "x" for number in range(40)})
    elsewhere = [(path, f"/{path.stem}/new.txt") for path, _ in files]
    apply(ik, plan(ik, files + elsewhere))
    before = len(server.requests)
    assert {change.action for change in plan(ik, files + elsewhere)} == {"keep"}
    assert len(server.requests) - before <= 3


def test_files_at_the_top_level_and_renamed_files_are_found_again(ik: ImageKit, tmp_path: Path) -> None:
    (path, _), *_ = write(tmp_path, a="a")
    files = [(path, "/a b.txt"), (path, "ü/v1.2/(1).txt")]
    changes = plan(ik, files)
    assert [change.path for change in changes] == ["/a_b.txt", "/ü/v1_2/_1_.txt"]
    apply(ik, changes)
    assert [change.action for change in plan(ik, files)] == ["keep", "keep"]


def test_an_invalid_file_is_refused_and_the_rest_is_planned(ik: ImageKit, tmp_path: Path) -> None:
    files = [*write(tmp_path, a="a", empty=""), (tmp_path / "missing.txt", "/shop/missing.txt")]
    (tmp_path / "twin.txt").write_text("twin")
    files += [(tmp_path / "twin.txt", "/shop/a.txt"), files[0]]
    os.mkfifo(tmp_path / "pipe")
    files += [(tmp_path / "pipe", "/shop/pipe")]
    outcomes = list(ik.plan_uploads(files))
    assert sorted(done.item.action for done in outcomes) == ["refuse", "refuse", "refuse", "refuse", "upload"]
    assert sorted(str(done.error).rpartition(": ")[2] for done in outcomes if done.error) == [
        "No such file or directory",
        "is not a regular file",
        "rename one of them",
        "the file is empty, and the service refuses empty files",
    ]
    assert f"would be stored as /shop/a.txt, like {tmp_path / 'a.txt'}:" in str([done.error for done in outcomes])


@pytest.mark.parametrize("path", ["", "/", "/shop/", "/shop/../a.txt", 5])
def test_a_path_without_a_file_name_is_refused(ik: ImageKit, tmp_path: Path, path: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="the path of a file must"):
        ik.plan_uploads([(tmp_path / "a.txt", path)])


def test_an_unknown_way_of_comparing_is_refused(ik: ImageKit) -> None:
    with pytest.raises(ValueError, match="compare must be"):
        ik.plan_uploads([], compare="size")  # type: ignore[arg-type]


def test_the_plan_of_a_folder_is_carried_out_without_listing_again(
    ik: ImageKit, server: LocalImageKit, tmp_path: Path
) -> None:
    write(tmp_path, a="a", b="b")
    ik.upload_file(b"old", "old.txt", folder="/shop", use_unique_file_name=False)
    changes = [done.item for done in ik.sync_folder(tmp_path, "/shop", dry_run=True, delete=True)]
    before = len(server.requests)
    outcomes = list(ik.apply_changes(changes))
    assert sorted((done.item.action, done.item.path) for done in outcomes) == [
        ("delete", "/shop/old.txt"),
        ("upload", "/shop/a.txt"),
        ("upload", "/shop/b.txt"),
    ]
    assert len(server.requests) - before == 3
    assert {file.file_path for file in ik.iter_files()} == {"/shop/a.txt", "/shop/b.txt"}


def test_a_file_that_has_appeared_since_the_plan_counts_as_uploaded_only_if_its_content_is_the_same(
    ik: ImageKit, tmp_path: Path
) -> None:
    files = write(tmp_path, same="same", other="mine", longer="longer")
    changes = plan(ik, files)
    for name, content in (("same.txt", b"same"), ("other.txt", b"hers"), ("longer.txt", b"short")):
        ik.upload_file(content, name, folder="/shop", use_unique_file_name=False)
    outcomes = {done.item.path: done for done in ik.apply_changes(changes)}
    assert outcomes["/shop/same.txt"].error is None
    assert outcomes["/shop/same.txt"].result is None
    for path in ("/shop/other.txt", "/shop/longer.txt"):
        assert isinstance(outcomes[path].error, BadRequestException)
    assert len(list(ik.iter_files())) == 3


def test_a_new_version_keeps_the_properties_of_the_file(ik: ImageKit, tmp_path: Path) -> None:
    ik.create_custom_metadata_fields(name="sku", label="SKU", schema={"type": "Text"})
    files = write(tmp_path, a="longer")
    ik.upload_file(
        b"old",
        "a.txt",
        folder="/shop",
        use_unique_file_name=False,
        tags=["red"],
        is_private_file=True,
        custom_metadata={"sku": "1"},
        description="old",
    )
    apply(ik, plan(ik, files))
    file = ik.get_file_by_path("/shop/a.txt")
    assert (file.size, file.tags, file.is_private_file) == (6, ["red"], True)
    assert (file.custom_metadata, file.description) == ({"sku": "1"}, "old")
    write(tmp_path, a="even longer")
    apply(ik, plan(ik, files), tags=["blue"], is_private_file=False)
    file = ik.get_file_by_path("/shop/a.txt")
    assert (file.size, file.tags, file.is_private_file, file.description) == (11, ["blue"], False, "old")


def test_custom_coordinates_of_a_picture_are_kept(ik: ImageKit, server: LocalImageKit, tmp_path: Path) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{0}"/>'
    picture = svg.format(40).encode()
    ik.upload_file(picture, "a.svg", use_unique_file_name=False, custom_coordinates="1,1,20,20")
    (tmp_path / "a.svg").write_text(svg.format(400))
    apply(ik, plan(ik, [(tmp_path / "a.svg", "/a.svg")]))
    assert ik.get_file_by_path("/a.svg").custom_coordinates == "1,1,20,20"


@given(st.lists(st.tuples(st.text("aü", max_size=30), st.text("bß_", min_size=1, max_size=200)), max_size=200))
def test_every_path_is_in_exactly_one_search_and_every_search_fits_in_a_url(pairs: list[tuple[str, str]]) -> None:
    paths = [f"/{folder}/{number}{name}".replace("//", "/") for number, (folder, name) in enumerate(pairs)]
    searches = write_searches(paths)
    assert all(len(quote(search)) <= 4000 for search in searches)
    text = "\n".join(searches)
    assert all(text.count('"' + path.rpartition("/")[2] + '"') == 1 for path in paths)
    assert len(searches) <= len(paths)
