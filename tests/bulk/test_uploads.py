"""Many uploads, against local ImageKit."""

from __future__ import annotations

import logging
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import dask
import distributed
import pytest

from imagekitio import BadRequestException, ForbiddenException
from imagekitio.exceptions import EmptyFileError
from imagekitio.models.UploadFileRequestOptions import UploadFileRequestOptions

from .files import make_content

if TYPE_CHECKING:
    from pathlib import Path

    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit


def test_every_form_of_an_item_is_uploaded_and_returned(ik: ImageKit, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"a")
    items: list[Any] = [
        path,
        (b"b", "b.txt"),
        (b"c", "c.txt", {"folder": "/own"}),
        {"file": b"d", "file_name": "d.txt", "useUniqueFileName": True},
        {"file": b"e", "fileName": "e.txt"},
        (b"f", "f.txt", UploadFileRequestOptions(folder="/own")),
    ]
    found = {}
    for done in ik.upload_many(items, folder="/common", use_unique_file_name=False):
        assert any(done.item is item for item in items)
        assert done.result is not None
        found[done.result.file_path[:10]] = done.result.size
    common = dict.fromkeys(["/common/a.", "/common/b.", "/common/d_", "/common/e."], 1)
    assert found == {**common, "/own/c.txt": 1, "/own/f.txt": 1}


def test_an_invalid_item_is_reported_and_the_rest_is_uploaded(ik: ImageKit, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    items: list[Any] = [(b"a", "a.txt"), empty, tmp_path / "missing.txt", 7, (b"b", "b.txt", {"folder": "/../up"})]
    errors = {repr(done.item): type(done.error) for done in ik.upload_many(items)}
    kinds = [type(None), EmptyFileError, FileNotFoundError, TypeError, BadRequestException]
    assert errors == dict(zip(map(repr, items), kinds, strict=True))
    assert len(ik.list_files()) == 1


def test_an_invalid_option_is_refused_before_anything_is_sent(ik: ImageKit, server: LocalImageKit) -> None:
    wrong: dict[str, Any] = {"foldr": "/a"}
    with pytest.raises(TypeError, match="folder"):
        ik.upload_many([(b"a", "a.txt")], **wrong)
    with pytest.raises(ValueError, match="at_once must be 1 or more"):
        ik.upload_many([(b"a", "a.txt")], at_once=0)
    with pytest.raises(TypeError, match="at_once must be a whole number"):
        ik.upload_many([(b"a", "a.txt")], at_once="4")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="on_progress must be a function"):
        ik.upload_many([(b"a", "a.txt")], on_progress="x")  # type: ignore[arg-type]
    nothing_to_go_through: Any = (5, None, "a.txt")
    for items in nothing_to_go_through:
        with pytest.raises(TypeError, match="items must be a list or another iterable"):
            ik.upload_many(items)
    assert server.requests == []


def test_an_upload_path_given_as_a_str_raises_an_error_with_advice(ik: ImageKit) -> None:
    (done,) = ik.upload_many(["photos/cat.jpg"])  # type: ignore[list-item]
    assert str(done.error).endswith("(got str); pass Path('photos/cat.jpg') for a file on this machine")


def test_an_upload_does_not_replace_another_upload_of_the_same_call(ik: ImageKit, tmp_path: Path) -> None:
    (tmp_path / "x y.txt").write_bytes(b"a")
    items: list[Any] = [
        tmp_path / "x y.txt",
        (b"b", "x y.txt"),
        (b"b", "x_y.txt", {"folder": "both"}),
        tmp_path / "x y.txt",  # the same file, so nothing is lost
        (b"b", "x y.txt", {"folder": "other"}),
        (b"c", "x y.txt", {"folder": "//other/"}),
        (b"d", "x y.txt", {"folder": "other", "use_unique_file_name": True}),
        (b"e", "x y.txt", {"folder": "other", "overwrite_file": "false"}),
    ]
    done = list(ik.upload_many(items, folder="/both", use_unique_file_name=False, at_once=1))
    failed = {items.index(one.item): one.error for one in done if one.error is not None}
    assert sorted(failed) == [1, 2, 5, 7]
    for index in (1, 2, 5):
        assert "is already the path of another file in this call: give another name or folder" in str(failed[index])
    assert isinstance(failed[7], BadRequestException)  # the service refuses it


@pytest.mark.slow
def test_uploads_survive_a_bad_network(ik: ImageKit, server: LocalImageKit) -> None:
    server.faults.add(reset=True, share=0.1, when="after", operation="upload_file")
    server.faults.add(status=503, share=0.1, operation="upload_file")
    outcomes = list(ik.upload_many((make_content(number), f"{number}.bin") for number in range(100)))
    server.faults.clear()
    assert {done.error for done in outcomes} == {None}
    assert len(list(ik.iter_files())) == 100


def test_processes_upload_with_their_own_client(server: LocalImageKit, threads: ImageKit, tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.txt" for number in range(6)]
    for path in paths:
        path.write_text(path.name)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        outcomes = list(threads.upload_many([*paths, tmp_path / "missing"], executor=pool, use_unique_file_name=False))
    failed = [done for done in outcomes if done.error is not None]
    assert [type(done.error) for done in failed] == [FileNotFoundError]
    assert sorted(done.result.name for done in outcomes if done.result) == [path.name for path in paths]


@pytest.mark.slow
def test_a_dask_cluster_of_processes_uploads(threads: ImageKit, tmp_path: Path) -> None:
    cluster_of: Any = distributed.LocalCluster  # has no types
    client_of: Any = distributed.Client

    paths = [tmp_path / f"{number}.txt" for number in range(12)]
    for path in paths:
        path.write_text(path.name)
    quiet: dict[str, Any] = {"dashboard_address": "127.0.0.1:0", "silence_logs": logging.ERROR, "host": "127.0.0.1"}
    with (
        dask.config.set({"distributed.worker.use-file-locking": False, "temporary-directory": str(tmp_path / "dask")}),
        cluster_of(n_workers=2, threads_per_worker=2, processes=True, **quiet) as cluster,
        client_of(cluster) as dask_client,
    ):
        pool = dask_client.get_executor()
        outcomes = list(threads.upload_many([*paths, tmp_path / "missing"], executor=pool, use_unique_file_name=False))
    assert [type(done.error) for done in outcomes if done.error] == [FileNotFoundError]
    assert sorted(file.name for file in threads.iter_files()) == sorted(path.name for path in paths)
    assert {done.result.name for done in outcomes if done.result} == {path.name for path in paths}


def test_an_invalid_key_is_reported_for_each_file(server: LocalImageKit) -> None:
    with server.client(private_key="private_of_somebody_else") as ik:
        outcomes = list(ik.upload_many([(b"a", "a"), (b"b", "b")]))
    assert [type(done.error) for done in outcomes] == [ForbiddenException] * 2


def test_each_upload_reports_its_own_progress(ik: ImageKit) -> None:
    sent: dict[str, list[tuple[int, int]]] = {}

    def start(item: Any) -> Any:
        reports = sent.setdefault(item[1], [])
        return None if item[1] == "unseen.bin" else lambda done, total: reports.append((done, total))

    items = [(make_content(1), "a.bin"), (make_content(2), "b.bin"), (make_content(3), "unseen.bin")]
    assert {done.error for done in ik.upload_many(items, start_transfer=start)} == {None}
    assert sent.keys() == {"a.bin", "b.bin", "unseen.bin"}
    assert sent["unseen.bin"] == []
    for name in ("a.bin", "b.bin"):
        done, total = sent[name][-1]
        assert done == total >= len(make_content(1))
    with pytest.raises(TypeError, match="start_transfer must be a function"):
        ik.upload_many(items, start_transfer="x")  # type: ignore[arg-type]
