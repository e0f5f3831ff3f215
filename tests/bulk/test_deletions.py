"""Many deletions, against local ImageKit."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio import (
    BadRequestException,
    ImageKitException,
    NotFoundException,
    PartialSuccessException,
    Retry,
    UnreadableResponseException,
)
from imagekitio.bulk.deletions import delete_batch
from imagekitio.bulk.workers import carry_out
from imagekitio.models.bulk import BulkDeleteFileResult
from imagekitio.models.response_metadata import ResponseMetadata

from ..both_clients import BOTH, client_of
from .files import upload

if TYPE_CHECKING:
    from pathlib import Path

    from imagekitio import ImageKit
    from imagekitio.bulk.deletions import Deletion
    from imagekitio.local import LocalImageKit
    from imagekitio.operations.core import Operation


@pytest.mark.slow
def test_files_are_deleted_in_requests_of_a_hundred(ik: ImageKit, server: LocalImageKit) -> None:
    upload(ik, 230)
    files = list(ik.iter_files())
    seen: list[tuple[int, int | None]] = []
    outcomes = list(ik.delete_many(files, on_progress=lambda done, total: seen.append((done, total))))
    assert [done.result for done in outcomes] == ["deleted"] * 230
    assert {id(done.item) for done in outcomes} == {id(file) for file in files}
    assert list(ik.iter_files()) == []
    assert seen[-1] == (230, 230)
    assert sum(request.path == "/v1/files/batch/deleteByFileIds" for request in server.requests) == 3


@pytest.mark.slow
def test_files_are_deleted_as_they_are_listed(ik: ImageKit) -> None:
    upload(ik, 450, folder="/bin")
    outcomes = list(ik.delete_many(ik.iter_files(path="/bin", page_size=100)))
    assert [done.result for done in outcomes] == ["deleted"] * 450
    assert ik.list_files(path="/bin").list == []


def test_one_bad_id_does_not_affect_other_deletions(ik: ImageKit) -> None:
    upload(ik, 7)
    there = [file.file_id for file in ik.iter_files()]
    gone = "65e6c5a9b7d1f2034a5b6c7d"
    outcomes = {done.item: done for done in ik.delete_many([*there, gone, there[0], ""])}
    assert all(outcomes[file_id].result == "deleted" for file_id in there)
    assert outcomes[gone].result == "missing"
    assert outcomes[""].error is not None
    assert list(ik.iter_files()) == []


def test_an_item_without_an_id_does_not_affect_other_deletions(ik: ImageKit) -> None:
    upload(ik, 2)
    first, second = ik.iter_files()
    items: list[Any] = [first, {"file_id": second.file_id}, second.file_id, None]
    outcomes = list(ik.delete_many(items))
    assert [done.result for done in outcomes] == ["deleted", None, "deleted", None]
    assert "file_id must be a str, or a file as listed or uploaded (got dict)" in str(outcomes[1].error)
    assert isinstance(outcomes[3].error, TypeError)


def test_a_str_is_not_taken_for_a_list_of_items(ik: ImageKit, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="put a single item into a list"):
        ik.delete_many("65e6c5a9b7d1f2034a5b6c7d")
    with pytest.raises(TypeError, match="put a single item into a list"):
        ik.upload_many("a.jpg")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="put a single item into a list"):
        ik.download_many("/a.jpg", tmp_path)


def test_stop_on_error_starts_no_more_deletions_and_loses_no_outcome(ik: ImageKit, server: LocalImageKit) -> None:
    upload(ik, 5)
    items = ["", *(file.file_id for file in ik.iter_files()), *(f"{number:024x}" for number in range(4000))]
    outcomes = list(ik.delete_many(items, at_once=2, stop_on_error=True))
    assert [type(done.error) for done in outcomes if done.error] == [ValueError]
    assert [done.item for done in outcomes if done.result == "deleted"] == items[1:6]
    requests_sent = sum(request.path == "/v1/files/batch/deleteByFileIds" for request in server.requests)
    assert requests_sent < 20  # of 42
    assert len(outcomes) < 2000
    assert list(ik.iter_files()) == []


@pytest.mark.parametrize("body", [{}, {"successfullyDeletedFileIds": None}, {"successfullyDeletedFileIds": ["other"]}])
def test_a_file_that_the_answer_does_not_name_is_not_reported_as_deleted(
    ik: ImageKit, server: LocalImageKit, body: dict[str, Any]
) -> None:
    upload(ik, 1)
    server.faults.add(status=200, body=body, operation="bulk_file_delete")
    (done,) = ik.delete_many(ik.iter_files())
    assert isinstance(done.error, UnreadableResponseException)
    assert len(list(ik.iter_files())) == 1


@given(st.sets(st.integers(0, 99)), st.sets(st.integers(0, 99)), st.sets(st.integers(0, 99)))
def test_each_id_has_its_own_outcome_whatever_the_service_refuses(
    malformed: set[int], missing: set[int], failing: set[int]
) -> None:
    """As documented, one malformed or unknown id fails the whole request."""
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

    class Service:
        fetch: Any = None

        def run(self, operation: Operation[Any]) -> Any:
            body = operation.request.body
            assert isinstance(body, bytes)
            ids = json.loads(body)["fileIds"]
            refusal = answer(ids)
            if refusal is not None:
                raise refusal
            return BulkDeleteFileResult(successfully_deleted_file_ids=ids)

    found: list[Deletion | Exception] = carry_out(Service(), delete_batch([str(number) for number in range(100)]))
    for number in range(100):
        outcome = found[number]
        if number in malformed:
            assert isinstance(outcome, BadRequestException)
        elif number in missing:
            assert outcome == "missing"
        elif number in failing:
            assert isinstance(outcome, PartialSuccessException)
        else:
            assert outcome == "deleted"
    assert deleted == {str(number) for number in set(range(100)) - malformed - missing - failing}
    if not malformed:
        assert requests_sent <= 2


@pytest.mark.slow
@pytest.mark.parametrize("kind", BOTH)
def test_when_one_call_has_to_wait_the_others_wait_too(server: LocalImageKit, kind: str) -> None:
    missing = [f"{number:024x}" for number in range(2400)]
    server.rate_limits.set((2, 0.1))
    try:
        with client_of(server, kind, retry=Retry(attempts=20)) as ik:
            outcomes = list(ik.delete_many(missing, at_once=16))
    finally:
        server.rate_limits.set()
    assert [(done.result, done.error) for done in outcomes] == [("missing", None)] * 2400
    statuses = Counter(request.status for request in server.requests)
    assert statuses[404] == 24
    assert 0 < statuses[429] < 60  # those under way at the first 429; about 170 if each of the 16 waited on its own


def test_a_deletion_whose_answer_is_lost_succeeds(ik: ImageKit, server: LocalImageKit) -> None:
    upload(ik, 3)
    server.faults.add(reset=True, when="after", operation="bulk_file_delete")
    outcomes = list(ik.delete_many([file.file_id for file in ik.iter_files()]))
    assert [(done.result, done.error) for done in outcomes] == [("missing", None)] * 3
    assert list(ik.iter_files()) == []
