"""Operations on many files at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.local.library import files

if TYPE_CHECKING:
    from tests.local.conftest import Api

UNKNOWN = "65e6c5a9b7d1f2034a5b6c7d"
DELETE = "/v1/files/batch/deleteByFileIds"


def read_tags(api: Api, file_id: str) -> Any:
    return api.details(file_id)["tags"]


def test_tags_are_added_and_removed_as_sets(api: Api) -> None:
    ids = [api.upload("a.txt", tags="x")["fileId"], api.upload("b.txt")["fileId"]]
    response = api("POST", "/v1/files/addTags", json={"fileIds": [*ids, ids[0]], "tags": ["x", "y"]})
    assert (response.status_code, response.json()) == (200, {"successfullyUpdatedFileIds": ids})
    assert [read_tags(api, file_id) for file_id in ids] == [["x", "y"], ["x", "y"]]
    response = api("POST", "/v1/files/removeTags", json={"fileIds": ids, "tags": ["x", "absent"]})
    assert response.json() == {"successfullyUpdatedFileIds": ids}
    api("POST", "/v1/files/removeTags", json={"fileIds": ids[:1], "tags": ["y"]})
    assert [read_tags(api, file_id) for file_id in ids] == [None, ["y"]]


def test_ai_tags_are_removed_by_exact_name(api: Api) -> None:
    file_id = api.upload()["fileId"]
    # Set directly, without an extension.
    store = api.server._backend.store
    names = ["Car", "Vehicle", "car"]
    with store.write() as transaction:
        row = files.find(transaction.connection, file_id)
        assert row is not None
        ai_tags = [{"name": name, "confidence": 90.12, "source": "aws-auto-tagging"} for name in names]
        transaction.update(row, ai_tags=ai_tags)
    response = api("POST", "/v1/files/removeAITags", json={"fileIds": [file_id], "AITags": ["Car"]})
    assert response.json() == {"successfullyUpdatedFileIds": [file_id]}
    assert [tag["name"] for tag in api.details(file_id)["AITags"]] == ["Vehicle", "car"]
    api("PATCH", f"/v1/files/{file_id}/details", json={"removeAITags": ["car"]})
    assert [tag["name"] for tag in api.details(file_id)["AITags"]] == ["Vehicle"]
    api("PATCH", f"/v1/files/{file_id}/details", json={"removeAITags": "all"})
    assert api.details(file_id)["AITags"] is None


def test_files_are_deleted_together(api: Api) -> None:
    ids = [api.upload(f"{number}.txt", b"%d" % number)["fileId"] for number in range(3)]
    response = api("POST", DELETE, json={"fileIds": ids[:2]})
    assert (response.status_code, response.json()) == (200, {"successfullyDeletedFileIds": ids[:2]})
    assert api.paths() == ["/2.txt"]


@pytest.mark.parametrize("path", [DELETE, "/v1/files/addTags", "/v1/files/removeTags", "/v1/files/removeAITags"])
def test_an_unknown_id_fails_the_whole_call(api: Api, path: str) -> None:
    file_id = api.upload("a.txt", tags="x")["fileId"]
    body = {"fileIds": [file_id, UNKNOWN, "malformed"], "tags": ["x"], "AITags": ["x"]}
    response = api("POST", path, json=body)
    assert response.status_code == 404
    assert response.json()["message"] == "The requested file(s) does not exist."
    assert response.json()["missingFileIds"] == [UNKNOWN, "malformed"]
    assert read_tags(api, file_id) == ["x"]


@pytest.mark.parametrize(
    ("path", "maximum", "too_many"),
    [
        (DELETE, 100, "fileIds cannot have more than 100 items."),
        ("/v1/files/addTags", 50, "A maximum of 50 files can be edited at a time."),
        ("/v1/files/removeTags", 50, "A maximum of 50 files can be edited at a time."),
        ("/v1/files/removeAITags", 50, "A maximum of 50 files can be edited at a time."),
    ],
)
def test_invalid_ids_get_the_messages_of_the_service(api: Api, path: str, maximum: int, too_many: str) -> None:
    for ids, message in (
        (None, "fileIds parameter is missing."),
        ("abc", "fileIds should be an Array."),
        ([], "fileIds is empty."),
        ([UNKNOWN] * (maximum + 1), too_many),
    ):
        response = api("POST", path, json={"fileIds": ids, "tags": ["x"], "AITags": ["x"]})
        assert (response.status_code, response.json()["message"]) == (400, message)


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("addTags", {}, "tags parameter is missing."),
        ("addTags", {"tags": []}, "tags array cannot be empty."),
        ("addTags", {"tags": [" "]}, "A tag should not be empty."),
        ("addTags", {"tags": "x"}, "array of strings"),
        ("addTags", {"tags": ["x" * 501]}, "Combined length of all tags should be less than or equal to 500."),
        ("removeTags", {"tags": []}, "tags array cannot be empty."),
        ("removeAITags", {}, "AITags parameter is missing."),
        ("removeAITags", {"AITags": []}, "AITags array cannot be empty."),
        ("removeAITags", {"AITags": [1]}, "Your request contains invalid value for AITags."),
    ],
)
def test_invalid_tags_get_the_messages_of_the_service(api: Api, path: str, body: dict[str, Any], message: str) -> None:
    file_id = api.upload()["fileId"]
    response = api("POST", f"/v1/files/{path}", json={"fileIds": [file_id], **body})
    assert response.status_code == 400
    assert message in response.json()["message"]


def test_tags_beyond_the_limit_for_one_file_change_nothing(api: Api) -> None:
    full = api.upload("a.txt", tags="x" * 300)["fileId"]
    empty = api.upload("b.txt")["fileId"]
    response = api("POST", "/v1/files/addTags", json={"fileIds": [empty, full], "tags": ["y" * 300]})
    assert response.status_code == 400
    assert read_tags(api, empty) is None
