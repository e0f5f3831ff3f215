"""Single files and their versions over HTTP."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import requests

if TYPE_CHECKING:
    from tests.local.conftest import Api

UNKNOWN = "65e6c5a9b7d1f2034a5b6c7d"
NO_FILE = "The requested file does not exist."
NO_VERSION = "The requested file version does not exist."


def list_versions(api: Api, file_id: str) -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = api("GET", f"/v1/files/{file_id}/versions").json()
    return answer


def update(api: Api, file_id: str, **body: Any) -> requests.Response:
    return api("PATCH", f"/v1/files/{file_id}/details/", json=body)


def test_details_have_the_shape_of_the_service(api: Api, png: bytes) -> None:
    api.server.clock.freeze(1_709_622_489.123)
    answer = api.upload("a b.png", png, folder="x", tags="t", customCoordinates="1,2,3,4", description="d")
    details = api.details(answer["fileId"])
    url = f"{api.server.url_endpoint}/x/a_b.png?updatedAt=1709622489123"
    assert details == {
        "type": "file",
        "name": "a_b.png",
        "createdAt": "2024-03-05T07:08:09.123Z",
        "updatedAt": "2024-03-05T07:08:09.123Z",
        "fileId": answer["fileId"],
        "tags": ["t"],
        "AITags": None,
        "versionInfo": {"id": answer["fileId"], "name": "Version 1"},
        "embeddedMetadata": {
            "ImageWidth": 20,
            "ImageHeight": 10,
            "DateCreated": "2024-03-05T07:08:09.123Z",
            "DateTimeCreated": "2024-03-05T07:08:09.123Z",
        },
        "customCoordinates": "1,2,3,4",
        "customMetadata": {},
        "isPrivateFile": False,
        "isPublished": True,
        "description": "d",
        "url": url,
        "thumbnail": f"{url}&tr=n-ik_ml_thumbnail",
        "fileType": "image",
        "filePath": "/x/a_b.png",
        "height": 10,
        "width": 20,
        "size": len(png),
        "hasAlpha": True,
        "mime": "image/png",
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/files/{}/details"),
        ("PATCH", "/v1/files/{}/details"),
        ("GET", "/v1/files/{}/metadata"),
        ("GET", "/v1/files/{}/versions"),
        ("DELETE", "/v1/files/{}"),
    ],
)
def test_malformed_and_unknown_ids_get_different_errors(api: Api, method: str, path: str) -> None:
    malformed, unknown = api(method, path.format("abc")), api(method, path.format(UNKNOWN))
    assert (malformed.status_code, unknown.status_code) == (400, 404)
    assert malformed.json()["message"] == "Your request contains invalid fileId parameter."
    assert unknown.json() == {"message": NO_FILE, "help": "For support kindly contact us at support@imagekit.io."}


def test_versions_are_listed_current_first_then_newest_to_oldest(api: Api) -> None:
    clock = api.server.clock
    clock.freeze(1_700_000_000)
    file_id = api.upload("a.txt", b"1", tags="one")["fileId"]
    for number in (2, 3):
        clock.advance(10)
        api.upload("a.txt", b"%d" % number)
    listed = list_versions(api, file_id)
    assert [(item["type"], item["versionInfo"]["name"]) for item in listed] == [
        ("file", "Version 3"),
        ("file-version", "Version 2"),
        ("file-version", "Version 1"),
    ]
    assert {item["fileId"] for item in listed} == {file_id}
    assert listed[2]["tags"] == ["one"]
    dates = [(item["createdAt"][17:19], item["updatedAt"][17:19]) for item in listed]
    assert dates == [("20", "40"), ("30", "40"), ("20", "30")]
    assert requests.get(listed[2]["url"], timeout=30).content == b"1"
    assert re.search(r"\?ik-obj-version=[\w.-]{32}&updatedAt=\d{13}$", listed[2]["url"])


def test_a_version_is_found_by_its_id(api: Api) -> None:
    file_id = api.upload("a.txt", b"1")["fileId"]
    new_id = api.upload("a.txt", b"2")["versionInfo"]["id"]
    path = f"/v1/files/{file_id}/versions"
    assert api("GET", f"{path}/{new_id}").json()["type"] == "file"
    assert api("GET", f"{path}/{file_id}").json()["type"] == "file-version"
    missing, malformed = api("GET", f"{path}/{UNKNOWN}"), api("GET", f"{path}/abc")
    assert (missing.status_code, missing.json()["message"]) == (404, NO_VERSION)
    assert malformed.json()["message"] == "Your request contains invalid versionId parameter."
    assert api("GET", f"/v1/files/{UNKNOWN}/versions/{new_id}").json()["message"] == NO_FILE


def test_a_restored_version_is_current_again_with_its_old_metadata(api: Api) -> None:
    first = api.upload("a.txt", b"1", tags="one")
    second = api.upload("a.txt", b"2")
    file_id = first["fileId"]
    restored = api("PUT", f"/v1/files/{file_id}/versions/{file_id}/restore")
    assert restored.status_code == 200
    assert restored.json() == api.details(file_id)
    assert restored.json()["versionInfo"] == first["versionInfo"]
    assert restored.json()["tags"] == ["one"]
    assert requests.get(first["url"], timeout=30).content == b"1"
    assert list_versions(api, file_id)[1]["versionInfo"] == second["versionInfo"]


def test_only_an_archived_version_can_be_restored(api: Api) -> None:
    file_id = api.upload("a.txt", b"1")["fileId"]
    assert api("PUT", f"/v1/files/{file_id}/versions/{file_id}/restore").status_code == 400
    missing = api("PUT", f"/v1/files/{file_id}/versions/{UNKNOWN}/restore")
    assert (missing.status_code, missing.json()["message"]) == (404, NO_VERSION)
    assert api("PUT", f"/v1/files/{UNKNOWN}/versions/{file_id}/restore").json()["message"] == NO_FILE


def test_an_archived_version_can_be_deleted_but_not_the_current_one(api: Api) -> None:
    file_id = api.upload("a.txt", b"1")["fileId"]
    new_id = api.upload("a.txt", b"2")["versionInfo"]["id"]
    path = f"/v1/files/{file_id}/versions"
    current = api("DELETE", f"{path}/{new_id}")
    assert (current.status_code, current.json()["message"]) == (400, "You cannot delete current version of a file.")
    deleted = api("DELETE", f"{path}/{file_id}")
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert len(list_versions(api, file_id)) == 1
    again = api("DELETE", f"{path}/{file_id}")
    assert (again.status_code, again.json()["message"]) == (404, "The requested asset does not exist.")


def test_deleting_a_file_deletes_its_versions_but_not_its_folder(api: Api) -> None:
    answer = api.upload("a.txt", b"1", folder="f")
    api.upload("a.txt", b"2", folder="f")
    response = api("DELETE", f"/v1/files/{answer['fileId']}")
    assert (response.status_code, response.content) == (204, b"")
    assert api.paths(type="all") == ["/f"]
    assert api.assets(type="file-version") == []
    assert requests.get(answer["url"], timeout=30).status_code == 404
    assert list((api.server.settings.data / "contents").rglob("*/*")) == []


def test_an_update_changes_only_the_fields_it_names(api: Api, png: bytes) -> None:
    api.server.clock.freeze(1_700_000_000)
    file_id = api.upload("a.png", png, tags="x", description="d")["fileId"]
    before = api.details(file_id)
    api.server.clock.advance(5)
    response = update(api, file_id, tags=["y", "y", "z"], customCoordinates="1,2,3,4")
    assert response.status_code == 200
    after = response.json()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"tags", "customCoordinates", "updatedAt", "url", "thumbnail"}
    assert after["tags"] == ["y", "z"]
    assert api.details(file_id) == after


def test_null_clears_a_field(api: Api, png: bytes) -> None:
    file_id = api.upload("a.png", png, tags="x", description="d", customCoordinates="1,2,3,4")["fileId"]
    after = update(api, file_id, tags=None, description=None, customCoordinates=None).json()
    assert (after["tags"], after["description"], after["customCoordinates"]) == (None, None, None)


def test_an_empty_update_changes_nothing(api: Api) -> None:
    file_id = api.upload()["fileId"]
    before = api.details(file_id)
    assert update(api, file_id).json() == before
    assert update(api, file_id, unknown=1).json() == before


def test_custom_metadata_is_merged_and_checked(api: Api) -> None:
    for name in ("price", "weight"):
        api("POST", "/v1/customMetadataFields", json={"name": name, "label": name, "schema": {"type": "Number"}})
    file_id = api.upload("a.txt", customMetadata='{"price": 5}')["fileId"]
    assert update(api, file_id, customMetadata={"weight": 2}).json()["customMetadata"] == {"price": 5, "weight": 2}
    assert update(api, file_id, customMetadata={"price": None}).json()["customMetadata"] == {"weight": 2}
    refused = update(api, file_id, tags=["t"], customMetadata={"weight": "heavy"})
    assert refused.status_code == 400
    assert refused.json()["message"] == "Invalid custom metadata."
    assert refused.json()["errors"] == {"weight": "should be of type number"}
    assert api.details(file_id)["tags"] is None


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"tags": "a,b"}, "array of strings"),
        ({"tags": ["a%"]}, "should not contain %"),
        ({"tags": ["x" * 501]}, "Combined length of all tags should be less than or equal to 500."),
        ({"customCoordinates": "1,2"}, "customCoordinates"),
        ({"description": 5}, "description"),
        ({"removeAITags": "some"}, "removeAITags"),
        ({"customMetadata": []}, "customMetadata"),
        ({"extensions": [{"name": "magic"}]}, "The name of an extension should be one of"),
        ({"publish": {"isPublished": True}, "tags": []}, "publish together with other"),
        ({"publish": {}}, "isPublished is true or false"),
        ({"publish": {"isPublished": True, "includeFileVersions": 1}}, "includeFileVersions"),
    ],
)
def test_an_invalid_update_is_refused(api: Api, body: dict[str, Any], message: str) -> None:
    response = update(api, api.upload()["fileId"], **body)
    assert response.status_code == 400
    assert message in response.json()["message"]


def test_unpublishing_hides_a_file_and_changes_the_url_of_its_versions(api: Api) -> None:
    answer = api.upload("a.txt", b"1")
    file_id = answer["fileId"]
    api.upload("a.txt", b"2")
    old_url = list_versions(api, file_id)[1]["url"]
    hidden = update(api, file_id, publish={"isPublished": False}).json()
    assert hidden["isPublished"] is False
    assert requests.get(answer["url"], timeout=30).status_code == 404
    assert list_versions(api, file_id)[1]["url"] == old_url
    update(api, file_id, publish={"isPublished": False, "includeFileVersions": True})
    archived = list_versions(api, file_id)[1]
    assert archived["isPublished"] is False
    assert archived["url"] != old_url
    shown = update(api, file_id, publish={"isPublished": True, "includeFileVersions": True}).json()
    assert shown["isPublished"] is True
    assert requests.get(answer["url"], timeout=30).content == b"2"


def copy(api: Api, source: str, destination: str, **body: Any) -> requests.Response:
    return api("POST", "/v1/files/copy", json={"sourceFilePath": source, "destinationPath": destination, **body})


def move(api: Api, source: str, destination: str) -> requests.Response:
    return api("POST", "/v1/files/move", json={"sourceFilePath": source, "destinationPath": destination})


def test_a_copy_is_a_new_file_without_the_version_history(api: Api) -> None:
    api.upload("a.txt", b"1")
    source = api.upload("a.txt", b"2", tags="t", description="d", isPrivateFile="true")
    response = copy(api, "a.txt", "/new/folder/")
    assert (response.status_code, response.content) == (204, b"")
    (made,) = api.assets(path="/new/folder")
    assert made["fileId"] != source["fileId"]
    assert (made["tags"], made["description"], made["isPrivateFile"], made["size"]) == (["t"], "d", True, 1)
    assert made["versionInfo"] == {"id": made["fileId"], "name": "Version 1"}
    assert api.details(source["fileId"])["filePath"] == "/a.txt"


def test_a_copy_includes_the_version_history_on_request(api: Api) -> None:
    for number in (1, 2, 3):
        api.upload("a.txt", b"%d" % number)
    assert copy(api, "/a.txt", "/f", includeFileVersions=True).status_code == 204
    (made,) = api.assets(path="/f")
    contents = [requests.get(item["url"], timeout=30).content for item in list_versions(api, made["fileId"])]
    assert contents == [b"3", b"2", b"1"]


def test_a_copy_onto_an_existing_file_becomes_its_new_version(api: Api) -> None:
    target = api.upload("a.txt", b"target", folder="f")
    api.upload("a.txt", b"source")
    copy(api, "/a.txt", "/f")
    assert [item["versionInfo"]["name"] for item in list_versions(api, target["fileId"])] == ["Version 2", "Version 1"]
    assert requests.get(target["url"], timeout=30).content == b"source"


def test_a_moved_file_keeps_its_id_and_all_versions(api: Api) -> None:
    old = api.upload("a.txt", b"1")
    api.upload("a.txt", b"2")
    response = move(api, "/a.txt", "/f/g")
    assert (response.status_code, response.content) == (204, b"")
    assert [item["filePath"] for item in list_versions(api, old["fileId"])] == ["/f/g/a.txt"] * 2
    assert requests.get(old["url"], timeout=30).status_code == 404


def test_the_versions_of_a_file_moved_onto_another_become_the_newest(api: Api) -> None:
    target = api.upload("a.txt", b"t", folder="f")
    source = api.upload("a.txt", b"1")
    api.upload("a.txt", b"2")
    move(api, "/a.txt", "/f")
    history = list_versions(api, target["fileId"])
    assert [requests.get(item["url"], timeout=30).content for item in history] == [b"2", b"1", b"t"]
    assert [item["versionInfo"]["name"] for item in history] == ["Version 3", "Version 2", "Version 1"]
    assert api("GET", f"/v1/files/{source['fileId']}/details").status_code == 404


@pytest.mark.parametrize("operation", ["copy", "move"])
def test_invalid_copies_and_moves_are_refused(api: Api, operation: str) -> None:
    api.upload("a.txt", folder="f")
    path = f"/v1/files/{operation}"
    cases: list[tuple[dict[str, Any], int, str]] = [
        ({"sourceFilePath": "/f/a.txt"}, 400, "MISSING_PARAMETER"),
        ({"sourceFilePath": "", "destinationPath": "/"}, 400, "MISSING_PARAMETER"),
        ({"sourceFilePath": 5, "destinationPath": "/"}, 400, "INVALID_PARAMETER"),
        ({"sourceFilePath": "/f/a.txt", "destinationPath": "f/"}, 400, "SAME_SOURCE_AND_DESTINATION"),
        ({"sourceFilePath": "/f/a.txt", "destinationPath": "/x/.."}, 400, "INVALID_FOLDER_PATH"),
        ({"sourceFilePath": "/f/a.txt", "destinationPath": "/x" * 51}, 400, "INVALID_FOLDER_PATH"),
        ({"sourceFilePath": "/../a.txt", "destinationPath": "/"}, 400, "INVALID_FOLDER_PATH"),
        ({"sourceFilePath": "/f/./a.txt", "destinationPath": "/"}, 400, "INVALID_FOLDER_PATH"),
        ({"sourceFilePath": "/f/b.txt", "destinationPath": "/"}, 404, "SOURCE_FILE_MISSING"),
        ({"sourceFilePath": "/f", "destinationPath": "/"}, 404, "SOURCE_FILE_MISSING"),
    ]
    for body, status, reason in cases:
        response = api("POST", path, json=body)
        assert (response.status_code, response.json()["reason"]) == (status, reason)
    assert api.paths(type="all") == ["/f", "/f/a.txt"]


@pytest.mark.slow
@pytest.mark.parametrize("operation", ["copy", "move"])
def test_a_file_has_at_most_a_hundred_versions(api: Api, operation: str) -> None:
    for number in range(100):
        api.upload("a.txt", b"%d" % number, folder="f")
    api.upload("a.txt", b"new")
    body = {"sourceFilePath": "/a.txt", "destinationPath": "/f"}
    response = api("POST", f"/v1/files/{operation}", json=body)
    assert (response.status_code, response.json()["reason"]) == (400, "VERSION_LIMIT_EXCEEDED")
    assert api.try_upload("a.txt", b"101", folder="f").status_code == 400


def rename(api: Api, path: str, name: Any, **body: Any) -> requests.Response:
    return api("PUT", "/v1/files/rename", json={"filePath": path, "newFileName": name, **body})


def test_renaming_a_file_keeps_its_id_and_renames_all_versions(api: Api) -> None:
    file_id = api.upload("a.txt", b"1", folder="f")["fileId"]
    api.upload("a.txt", b"2", folder="f")
    response = rename(api, "/f/a.txt", "b c.txt")
    assert (response.status_code, response.json()) == (200, {})
    assert [item["filePath"] for item in list_versions(api, file_id)] == ["/f/b_c.txt"] * 2


def test_a_rename_can_purge_the_old_url(api: Api) -> None:
    api.upload("a.txt")
    purge_id = rename(api, "/a.txt", "b.txt", purgeCache=True).json()["purgeRequestId"]
    assert api("GET", f"/v1/files/purge/{purge_id}").json() == {"status": "Completed"}


def test_invalid_renames_are_refused(api: Api) -> None:
    api.upload("a.txt")
    api.upload("b.txt")
    api.create_folder("/c")
    cases: list[tuple[str, Any, int, str]] = [
        ("/a.txt", "", 400, "MISSING_PARAMETER"),
        ("/a.txt", "x/y", 400, "INVALID_PARAMETER"),
        ("/a.txt", "..", 400, "INVALID_PARAMETER"),
        ("/a.txt", 5, 400, "INVALID_PARAMETER"),
        ("/a.txt", "a.txt", 400, "SAME_OLD_AND_NEW_NAME"),
        ("/x.txt", "y.txt", 404, "FILE_MISSING"),
        ("/c/../x.txt", "y.txt", 400, "INVALID_FOLDER_PATH"),
        ("/a.txt", "b.txt", 409, "FILE_ALREADY_EXISTS"),
        ("/a.txt", "c", 409, "FILE_ALREADY_EXISTS"),
    ]
    for path, name, status, reason in cases:
        response = rename(api, path, name)
        assert (response.status_code, response.json()["reason"]) == (status, reason)
    assert (
        rename(api, "/a.txt", "b.txt").json()["message"] == "File with name b.txt already exists at the same location."
    )
