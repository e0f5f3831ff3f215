"""Many uploads, deletions and downloads, against local ImageKit."""

from __future__ import annotations

import hashlib
import logging
import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dask
import distributed
import pytest
import requests
import responses
from hypothesis import given
from hypothesis import strategies as st

from imagekitio import (
    BadRequestException,
    ForbiddenException,
    ImageKit,
    ImageKitException,
    NotFoundException,
    PartialSuccessException,
    Retry,
    UnauthorizedException,
    UnknownException,
)
from imagekitio.bulk import deletions
from imagekitio.bulk.downloads import inside
from imagekitio.local import LocalImageKit
from imagekitio.models.metadata import ResponseMetadata

from .both_clients import BOTH, client_of

if TYPE_CHECKING:
    from collections.abc import Iterator

QUICK = Retry(attempts=6, base_seconds=0.001, max_seconds=0.01)


@pytest.fixture(scope="module")
def running() -> Iterator[LocalImageKit]:
    with LocalImageKit() as server:
        yield server


@pytest.fixture
def server(running: LocalImageKit) -> LocalImageKit:
    running.reset()
    return running


@pytest.fixture(params=BOTH)
def ik(server: LocalImageKit, request: pytest.FixtureRequest) -> Iterator[ImageKit]:
    with client_of(server, request.param, retry=QUICK) as client:
        yield client


@pytest.fixture
def threads(server: LocalImageKit) -> Iterator[ImageKit]:
    with client_of(server, "threads", retry=QUICK) as client:
        yield client


def content(number: int) -> bytes:
    return hashlib.sha256(str(number).encode()).digest() * 40


def upload(ik: ImageKit, count: int, **options: Any) -> dict[str, bytes]:
    """Upload files and return their contents by path."""
    items = [(content(number), f"{number}.bin") for number in range(count)]
    outcomes = list(ik.upload_many(items, use_unique_file_name=False, **options))
    assert not [done.error for done in outcomes if done.error]
    return {done.result.file_path: content(int(done.result.name[:-4])) for done in outcomes if done.result}


def test_every_form_of_an_item_is_uploaded_and_given_back(ik: ImageKit, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"a")
    items: list[Any] = [
        path,
        (b"b", "b.txt"),
        (b"c", "c.txt", {"folder": "/own"}),
        {"file": b"d", "file_name": "d.txt", "useUniqueFileName": True},
    ]
    found = {}
    for done in ik.upload_many(items, folder="/common", use_unique_file_name=False):
        assert any(done.item is item for item in items)
        assert done.result is not None
        found[done.result.file_path[:10]] = done.result.size
    assert found == {"/common/a.": 1, "/common/b.": 1, "/own/c.txt": 1, "/common/d_": 1}


def test_what_cannot_be_uploaded_is_reported_and_the_rest_is_uploaded(ik: ImageKit, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    items: list[Any] = [(b"a", "a.txt"), empty, tmp_path / "missing.txt", 7, (b"b", "b.txt", {"folder": "/../up"})]
    errors = {repr(done.item): type(done.error) for done in ik.upload_many(items)}
    kinds = [type(None), ValueError, FileNotFoundError, TypeError, BadRequestException]
    assert errors == dict(zip(map(repr, items), kinds, strict=True))
    assert len(ik.list_files()) == 1


def test_a_wrong_option_is_an_error_before_anything_is_sent(ik: ImageKit, server: LocalImageKit) -> None:
    wrong: dict[str, Any] = {"foldr": "/a"}
    with pytest.raises(TypeError, match="folder"):
        ik.upload_many([(b"a", "a.txt")], **wrong)
    with pytest.raises(ValueError, match="at_once must be 1 or more"):
        ik.upload_many([(b"a", "a.txt")], at_once=0)
    assert server.requests == []


def test_uploads_survive_a_bad_network(ik: ImageKit, server: LocalImageKit) -> None:
    server.faults.add(reset=True, share=0.1, when="after", operation="upload_file")
    server.faults.add(status=503, share=0.1, operation="upload_file")
    outcomes = list(ik.upload_many((content(number), f"{number}.bin") for number in range(100)))
    server.faults.clear()
    assert {done.error for done in outcomes} == {None}
    assert len(list(ik.iter_files())) == 100


def test_processes_upload_with_a_client_of_their_own(server: LocalImageKit, threads: ImageKit, tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.txt" for number in range(6)]
    for path in paths:
        path.write_text(path.name)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        outcomes = list(threads.upload_many([*paths, tmp_path / "missing"], executor=pool, use_unique_file_name=False))
    failed = [done for done in outcomes if done.error is not None]
    assert [type(done.error) for done in failed] == [FileNotFoundError]
    assert sorted(done.result.name for done in outcomes if done.result) == [path.name for path in paths]


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


def test_any_number_of_files_is_deleted_a_hundred_in_a_request(ik: ImageKit, server: LocalImageKit) -> None:
    upload(ik, 230)
    files = list(ik.iter_files())
    seen: list[tuple[int, int | None]] = []
    outcomes = list(ik.delete_many(files, on_progress=lambda done, total: seen.append((done, total))))
    assert [done.result for done in outcomes] == [True] * 230
    assert {id(done.item) for done in outcomes} == {id(file) for file in files}
    assert list(ik.iter_files()) == []
    assert seen[-1] == (230, 230)
    assert sum(request.path == "/v1/files/batch/deleteByFileIds" for request in server.requests) == 3


def test_one_bad_id_spoils_no_other_deletion(ik: ImageKit) -> None:
    upload(ik, 7)
    there = [file.file_id for file in ik.iter_files()]
    gone = "65e6c5a9b7d1f2034a5b6c7d"
    outcomes = {done.item: done for done in ik.delete_many([*there, gone, there[0], ""])}
    assert all(outcomes[file_id].result is True for file_id in there)
    assert outcomes[gone].result is False
    assert outcomes[""].error is not None
    assert list(ik.iter_files()) == []


def test_after_a_failed_deletion_no_more_start_when_told_and_no_outcome_is_lost(
    ik: ImageKit, server: LocalImageKit
) -> None:
    upload(ik, 5)
    items = ["", *(file.file_id for file in ik.iter_files()), *(f"{number:024x}" for number in range(4000))]
    outcomes = list(ik.delete_many(items, at_once=2, stop_on_error=True))
    assert [type(done.error) for done in outcomes if done.error] == [ValueError]
    assert [done.item for done in outcomes if done.result] == items[1:6]
    requests_sent = sum(request.path == "/v1/files/batch/deleteByFileIds" for request in server.requests)
    assert requests_sent < 20  # of 42
    assert len(outcomes) < 2000
    assert list(ik.iter_files()) == []


@given(st.sets(st.integers(0, 99)), st.sets(st.integers(0, 99)), st.sets(st.integers(0, 99)))
def test_whatever_the_service_refuses_each_id_has_its_own_outcome(
    malformed: set[int], missing: set[int], failing: set[int]
) -> None:
    """The service as documented: one malformed or unknown id fails the whole request."""
    requests_sent = 0
    deleted = set[str]()

    def answer(ids: list[str]) -> ImageKitException | None:
        nonlocal requests_sent
        requests_sent += 1
        if any(int(one) in malformed for one in ids):
            return BadRequestException("malformed")
        unknown = [one for one in ids if int(one) in missing]
        if unknown:
            return NotFoundException("missing", "", ResponseMetadata({"missingFileIds": unknown}))
        bad = [one for one in ids if int(one) in failing]
        deleted.update(set(ids) - set(bad))
        errors = [{"fileId": one} for one in bad]
        return PartialSuccessException("207", "", ResponseMetadata({"errors": errors})) if bad else None

    def outcomes() -> list[bool | Exception]:
        steps = deletions.attempts([str(number) for number in range(100)])
        reply = None
        try:
            while True:
                reply = answer(steps.send(reply))
        except StopIteration as done:
            return list(done.value)
        except deletions.SomeFailed as failed:
            return list(failed.args[0])

    found = outcomes()
    for number in range(100):
        outcome = found[number]
        if number in malformed:
            assert isinstance(outcome, BadRequestException)
        elif number in missing:
            assert outcome is False
        elif number in failing:
            assert isinstance(outcome, PartialSuccessException)
        else:
            assert outcome is True
    assert deleted == {str(number) for number in set(range(100)) - malformed - missing - failing}
    if not malformed:
        assert requests_sent <= 2


@pytest.mark.parametrize("kind", BOTH)
def test_when_one_call_is_told_to_wait_the_others_wait_too(server: LocalImageKit, kind: str) -> None:
    missing = [f"{number:024x}" for number in range(2400)]
    server.rate_limits.set((2, 0.1))
    try:
        with client_of(server, kind, retry=Retry(attempts=20)) as ik:
            outcomes = list(ik.delete_many(missing, at_once=16))
    finally:
        server.rate_limits.set()
    assert [(done.result, done.error) for done in outcomes] == [(False, None)] * 2400
    statuses = Counter(request.status for request in server.requests)
    assert statuses[404] == 24
    assert 0 < statuses[429] < 60  # those under way at the first one; 16 that each wait for themselves: about 170


def test_a_deletion_whose_answer_is_lost_is_no_error(ik: ImageKit, server: LocalImageKit) -> None:
    upload(ik, 3)
    server.faults.add(reset=True, when="after", operation="bulk_file_delete")
    outcomes = list(ik.delete_many([file.file_id for file in ik.iter_files()]))
    assert [(done.result, done.error) for done in outcomes] == [(False, None)] * 3
    assert list(ik.iter_files()) == []


def test_downloads_keep_their_folders_and_their_bytes(ik: ImageKit, tmp_path: Path) -> None:
    expected = upload(ik, 20, folder="/a/b")
    outcomes = list(ik.download_many(ik.iter_files(), tmp_path))
    assert {done.error for done in outcomes} == {None}
    found = {f"/{path.relative_to(tmp_path).as_posix()}": path.read_bytes() for path in tmp_path.rglob("*.*")}
    assert found == expected
    assert {done.result for done in outcomes} == {tmp_path / path[1:] for path in expected}


def test_a_private_file_is_downloaded_with_a_signature(ik: ImageKit, tmp_path: Path) -> None:
    file = ik.upload_file(b"secret", "s.txt", is_private_file=True, response_fields=["is_private_file"])
    assert ik.download(file, tmp_path / "s").read_bytes() == b"secret"
    with pytest.raises(UnauthorizedException):
        ik.download(file, tmp_path / "t", signed=False)
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


@pytest.mark.parametrize("session", [None, requests.Session()])
@responses.activate
def test_no_key_goes_with_a_download_and_no_picture_that_is_still_being_made_is_kept(
    session: requests.Session | None, tmp_path: Path
) -> None:
    ik = ImageKit("public_fake", "private_fake", "https://ik.example.com/acme", session=session)
    responses.get("https://ik.example.com/acme/a.jpg", b"abc")
    responses.get(
        "https://ik.example.com/acme/tr:orig-true/b.jpg", b"<p>wait", headers={"is-intermediate-response": "true"}
    )
    with ik:
        assert ik.download(ik.url(path="/a.jpg"), tmp_path).read_bytes() == b"abc"
        with pytest.raises(UnknownException, match="still making this picture"):
            ik.download("/b.jpg", tmp_path)
    sent = responses.calls[0].request
    assert "Authorization" not in sent.headers
    assert sent.headers["Accept-Encoding"] == "identity"
    assert [path.name for path in tmp_path.iterdir()] == ["a.jpg"]


def test_a_transformation_is_downloaded_by_path_url_or_options(ik: ImageKit, tmp_path: Path) -> None:
    picture = Path(__file__).parents[1] / "sample/pictures/cat.jpg"
    file = ik.upload_file(picture, "cat.jpg", use_unique_file_name=False)
    width_20: Any = [{"width": 20}]
    small = [
        ik.download("/cat.jpg", tmp_path / "1", transformation=width_20),
        ik.download(ik.url(path="/cat.jpg", transformation=width_20), tmp_path / "2"),
        ik.download({"path": "/cat.jpg", "transformation": width_20}, tmp_path / "3"),
        ik.download(file, tmp_path / "4", transformation=width_20),
    ]
    assert len({path.read_bytes() for path in small}) == 1
    assert ik.download("/cat.jpg", tmp_path).read_bytes() == picture.read_bytes()
    assert (tmp_path / "cat.jpg").is_file()


def test_a_download_that_breaks_off_goes_on_where_it_ended(ik: ImageKit, server: LocalImageKit, tmp_path: Path) -> None:
    data = os.urandom(3_000_000)  # more than is received ahead, and lost with the connection
    file = ik.upload_file(data, "large.bin")
    server.faults.add(truncate=True, operation="delivery")
    seen: list[tuple[int, int | None]] = []
    path = ik.download(file, tmp_path / "large", on_progress=lambda done, total: seen.append((done, total)))
    assert path.read_bytes() == data
    assert seen[-1] == (3_000_000, 3_000_000)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert server.requests[-1].status == 206


def test_a_download_that_fails_leaves_what_was_there(ik: ImageKit, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"before")
    with pytest.raises(NotFoundException):
        ik.download("/missing.txt", path)
    upload(ik, 1)

    def fail(done: int, total: int | None) -> None:
        raise InterruptedError("no more")

    with pytest.raises(InterruptedError, match="no more"):
        ik.download("/0.bin", path, on_progress=fail)
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]
    assert path.read_bytes() == b"before"


def test_downloads_that_are_there_are_left_alone_when_told(ik: ImageKit, server: LocalImageKit, tmp_path: Path) -> None:
    upload(ik, 5)
    list(ik.download_many([f"/{number}.bin" for number in range(3)], tmp_path))
    count = len(server.requests)
    outcomes = list(ik.download_many([f"/{number}.bin" for number in range(5)], tmp_path, skip_existing=True))
    assert all(done.result is not None for done in outcomes)
    assert len(server.requests) == count + 2


@pytest.mark.parametrize("name", ["../a", "a/../../b", "", "/", "a\0b", "..\\a"])
def test_no_name_leads_out_of_the_folder(ik: ImageKit, tmp_path: Path, name: str) -> None:
    (done,) = ik.download_many([("/0.bin", name)], tmp_path)
    assert isinstance(done.error, ValueError)
    with pytest.raises(ValueError, match="needs the name of a file below"):
        inside(tmp_path, name)


def test_a_wrong_key_is_reported_for_each_file(server: LocalImageKit) -> None:
    with server.client(private_key="private_of_somebody_else") as ik:
        outcomes = list(ik.upload_many([(b"a", "a"), (b"b", "b")]))
    assert [type(done.error) for done in outcomes] == [ForbiddenException] * 2
