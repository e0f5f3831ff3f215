"""The results and errors of the groups are those of release 5."""

from __future__ import annotations

import asyncio
import pickle
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

import imagekitio
from imagekitio import ImageKit
from imagekitio.models.response_metadata import Headers
from imagekitio.operations.core import Operation, Response

from ..both_clients import BOTH
from ..test_client import client_with

if TYPE_CHECKING:
    from imagekitio.local import LocalImageKit

ID = "65e6c5a9b7d1f2034a5b6c7d"
TIMES = {"createdAt": "2024-03-05T07:08:09.123Z", "updatedAt": "2024-03-06T10:00:00.000Z"}
CREATED = datetime(2024, 3, 5, 7, 8, 9, 123_000, timezone.utc)
UPDATED = datetime(2024, 3, 6, 10, tzinfo=timezone.utc)


class Status:
    """A transport that answers with one status and body."""

    def __init__(self, status: int, body: bytes) -> None:
        self._response = Response(status, Headers({"X-Ik-RequestId": "r"}), body)

    def run(self, operation: Operation[Any]) -> Any:
        return operation.parse(self._response)


def make_client_that_receives(status: int, body: bytes) -> ImageKit:
    client, _ = client_with({})
    client.__dict__["_transport"] = Status(status, body)
    return client


def test_times_are_aware_datetimes() -> None:
    client, _ = client_with({"id": "a", "fileId": ID, "type": "file", **TIMES})
    for found in (
        client.files.get(ID),
        client.files.update(ID, tags=[]),
        client.files.versions.get(ID, file_id=ID),
        client.files.versions.restore(ID, file_id=ID),
        client.accounts.webhooks.get("a"),
        client.saved_extensions.get("a"),
    ):
        assert (found.created_at, found.updated_at) == (found.created, found.updated) == (CREATED, UPDATED)
        assert found.to_dict(mode="json")["createdAt"] == CREATED.isoformat()
        assert found.to_dict()["createdAt"] == CREATED
        assert pickle.loads(pickle.dumps(found)) == found
    assert client.named_transformations.get("a").created_at == CREATED
    assert client.get_file_details(ID).created_at == TIMES["createdAt"]  # as in older releases


def test_days_are_dates() -> None:
    body = {"startDate": "2024-03-01", "endDate": "2024-03-02", "generatedAt": TIMES["createdAt"]}
    client, _ = client_with(body)
    found = client.accounts.usage_analytics.get(start_date="2024-03-01", end_date=date(2024, 3, 2))
    assert (found.start_date, found.end_date, found.generated_at) == (date(2024, 3, 1), date(2024, 3, 2), CREATED)


def test_a_time_that_cannot_be_parsed_stays_as_it_was_sent() -> None:
    client, _ = client_with({"createdAt": "yesterday", "updatedAt": 5, "startDate": 5})
    file: Any = client.files.get(ID)
    assert (file.created_at, file.updated_at) == ("yesterday", 5)
    days = {"start_date": "2024-03-01", "end_date": "2024-03-02"}
    analytics: Any = client.accounts.usage_analytics.get(**days)
    assert analytics.start_date == 5
    client, _ = client_with({})
    file = client.files.get(ID)
    assert (file.created_at, file.updated, file.ai_tags) == (None, None, None)


def test_lists_are_lists_of_files_and_folders() -> None:
    client, _ = client_with([{"type": "file", "AITags": [{"name": "Shoe"}], **TIMES}, {"type": "folder", **TIMES}])
    for found in (client.assets.list(), client.files.versions.list(ID)):
        assert type(found) is list
        assert [type(asset).__name__ for asset in found] == ["File", "Folder"]
        assert found[0].created_at == found[1].created_at == CREATED
        assert found[0].ai_tags is not None
        assert found[0].ai_tags[0].name == "Shoe"
    client, _ = client_with([{"id": "a", **TIMES}])
    lists: list[list[Any]] = [
        client.accounts.origins.list(),
        client.accounts.url_endpoints.list(),
        client.accounts.webhooks.list(),
        client.custom_metadata_fields.list(),
        client.named_transformations.list(),
        client.saved_extensions.list(),
    ]
    for entries in lists:
        assert type(entries) is list
        assert [entry.id for entry in entries] == ["a"]


def test_deletions_return_none_where_release_5_has_nothing_to_return() -> None:
    client = make_client_that_receives(204, b"")
    deletions: list[Any] = [
        lambda: client.files.delete(ID),
        lambda: client.accounts.origins.delete(ID),
        lambda: client.accounts.url_endpoints.delete(ID),
        lambda: client.accounts.webhooks.delete(ID),
        lambda: client.named_transformations.delete(ID),
        lambda: client.saved_extensions.delete(ID),
    ]
    assert [delete() for delete in deletions] == [None] * 6
    assert client.files.versions.delete(ID, file_id=ID).response_metadata.http_status_code == 204


def test_the_configuration_of_a_saved_extension_has_attributes() -> None:
    client, _ = client_with({"config": {"name": "aws-auto-tagging", "maxTags": 5}})
    config: Any = client.saved_extensions.get("a").config
    assert (config.name, config.max_tags) == ("aws-auto-tagging", 5)


def test_a_partial_success_is_a_success() -> None:
    body = b'{"successfullyUpdatedFileIds": ["a"], "successfullyDeletedFileIds": ["b"], "errors": [{"fileId": "c"}]}'
    client = make_client_that_receives(207, body)
    assert client.files.bulk.add_tags(file_ids=[ID], tags=["a"]).successfully_updated_file_ids == ["a"]
    assert client.files.bulk.remove_tags(file_ids=[ID], tags=["a"]).successfully_updated_file_ids == ["a"]
    assert client.files.bulk.remove_ai_tags(file_ids=[ID], ai_tags=["a"]).raw["errors"] == [{"fileId": "c"}]
    assert client.files.bulk.delete(file_ids=[ID]).successfully_deleted_file_ids == ["b"]
    with pytest.raises(imagekitio.PartialSuccessException):
        client.add_tags([ID], ["a"])
    client = make_client_that_receives(207, b'{"message": "Renamed, not purged.", "reason": "PURGE_FAILED"}')
    assert client.files.rename(file_path="/a", new_file_name="b", purge_cache=True).purge_request_id is None
    client = make_client_that_receives(207, b'{"jobId": "j", "status": "Partial success"}')
    assert client.folders.job.get("j").status == "Partial success"


def test_a_success_that_cannot_be_parsed_is_an_error_of_release_5() -> None:
    with pytest.raises(imagekitio.APIResponseValidationError, match="expected an array"):
        make_client_that_receives(200, b"{}").assets.list()
    with pytest.raises(imagekitio.APIResponseValidationError, match="it is an HTML page"):
        make_client_that_receives(200, b"<html>Log in</html>").files.get(ID)


def test_the_raw_response_can_be_read_in_every_form() -> None:
    client = make_client_that_receives(200, b'{ "fileId": "a" }')
    response = client.files.with_raw_response.get(ID)
    assert (response.status_code, response.headers["x-ik-requestid"]) == (200, "r")
    assert (response.read(), response.text(), response.json()) == (
        b'{ "fileId": "a" }',
        '{ "fileId": "a" }',
        {"fileId": "a"},
    )
    assert response.parse().file_id == "a"
    assert repr(response) == "RawResponse(status_code=200)"
    with pytest.raises(imagekitio.NotFoundError):
        make_client_that_receives(404, b"{}").files.with_raw_response.get(ID)


@pytest.mark.parametrize("kind", BOTH)
def test_an_upload_whose_response_was_lost_is_found_and_returned_as_a_response(
    server: LocalImageKit, kind: str
) -> None:
    server.faults.add(reset=True, when="after", times=1, operation="upload_file")
    upload: dict[str, Any] = {"file": b"hello", "file_name": "a.txt", "folder": "/lost"}
    if kind == "threads":
        with server.client() as ik:
            response = ik.files.with_raw_response.upload(**upload)
            name, fields, status = response.parse().name, response.json(), response.status_code
            assert [asset.name for asset in ik.assets.list()] == [name]
    else:

        async def run() -> tuple[str, Any, int]:
            async with server.async_client() as ik:
                response = await ik.files.with_raw_response.upload(**upload)
                assert [asset.name for asset in await ik.assets.list()] == [(await response.parse()).name]
                return (await response.parse()).name, await response.json(), response.status_code

        name, fields, status = asyncio.run(run())
    assert (fields["name"], status) == (name, 200)
