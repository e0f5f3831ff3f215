"""Folders, jobs, locks and purges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from imagekitio.local import LocalImageKit
from imagekitio.local.api.purges import is_purgeable
from imagekitio.local.base.addresses import UrlEndpoints

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.local.conftest import Api

UNKNOWN = "65e6c5a9b7d1f2034a5b6c7d"


@pytest.fixture
def slow(api: Api) -> Iterator[Api]:
    """A local ImageKit with a frozen clock, jobs that take ten seconds, and two purges a month."""
    with LocalImageKit(job_delay=10, purge_quota=2, max_folder_assets=5) as server:
        server.clock.freeze(1_700_000_000)
        slow_api = type(api)(server)
        with slow_api.session:
            yield slow_api


def start_job(api: Api, job: str, **body: Any) -> requests.Response:
    return api("POST", f"/v1/bulkJobs/{job}", json=body)


def read_status(api: Api, started: requests.Response) -> dict[str, Any]:
    answer: dict[str, Any] = api("GET", f"/v1/bulkJobs/{started.json()['jobId']}").json()
    return answer


def test_a_new_folder_gets_a_clean_name_and_all_its_parents(api: Api) -> None:
    body = {"folderName": "new stuff.2", "parentFolderPath": "shop/sum mer/"}
    response = api("POST", "/v1/folder/", json=body)
    assert (response.status_code, response.json()) == (201, {})
    assert api.paths(type="folder") == ["/shop", "/shop/sum_mer", "/shop/sum_mer/new_stuff_2"]


def test_creating_a_folder_that_exists_succeeds_and_keeps_its_id(api: Api) -> None:
    api.create_folder("/a")
    before = api.assets(type="folder")
    api.create_folder("/a")
    assert api.assets(type="folder") == before


DOTS = "'.' & '..' can not be used as folder-name"
MISSING = "Your request is missing parameters / contains invalid parameters."
TOO_DEEP = "Folders can be nested 50 levels deep (got 51 levels)."


@pytest.mark.parametrize(
    ("name", "parent", "reason", "message"),
    [
        ("..", "/", "INVALID_FOLDER_PATH", DOTS),
        ("a", "/..", "INVALID_FOLDER_PATH", DOTS),
        ("a/b", "/", None, "folderName parameter cannot have a slash."),
        ("", "/", "MISSING_PARAMETER", MISSING),
        ("a", None, "MISSING_PARAMETER", MISSING),
        (5, "/", "INVALID_PARAMETER", "The value of folderName parameter should be a string."),
        ("a", "/x" * 50, "INVALID_FOLDER_PATH", TOO_DEEP),
    ],
)
def test_an_invalid_folder_is_refused(api: Api, name: Any, parent: Any, reason: str | None, message: str) -> None:
    response = api("POST", "/v1/folder", json={"folderName": name, "parentFolderPath": parent})
    assert response.status_code == 400
    assert (response.json().get("reason"), response.json()["message"]) == (reason, message)


def test_a_folder_cannot_have_the_path_of_a_file(api: Api) -> None:
    api.upload("a")
    response = api("POST", "/v1/folder", json={"folderName": "a", "parentFolderPath": "/"})
    assert (response.status_code, response.json()["message"]) == (400, "A file already exists at /a.")


def test_deleting_a_folder_deletes_everything_below_it_and_nothing_else(api: Api) -> None:
    api.upload("a.txt", folder="/a/b")
    api.upload("a.txt", b"new", folder="/a/b")
    api.upload("c.txt", folder="/ab")
    response = api("DELETE", "/v1/folder", json={"folderPath": "a/"})
    assert (response.status_code, response.content) == (204, b"")
    assert api.paths(type="all") == ["/ab", "/ab/c.txt"]
    assert api.assets(type="file-version") == []


def test_a_missing_folder_and_the_root_cannot_be_deleted(api: Api) -> None:
    api.upload("a.txt")
    for path, expected, reason in (
        ("/none", 404, "FOLDER_NOT_FOUND"),
        ("/a.txt", 404, "FOLDER_NOT_FOUND"),
        ("/", 400, "INVALID_PARAMETER"),
        ("/a/..", 400, "INVALID_FOLDER_PATH"),
        (None, 400, "MISSING_PARAMETER"),
    ):
        response = api("DELETE", "/v1/folder", json={"folderPath": path})
        assert (response.status_code, response.json()["reason"]) == (expected, reason)
    assert (
        api("DELETE", "/v1/folder", json={"folderPath": "/none"}).json()["message"]
        == "No folder found with folderPath /none"
    )


def test_a_copied_folder_is_placed_inside_its_destination(api: Api) -> None:
    api.upload("1.txt", b"old", folder="/a/b/deep")
    source = api.upload("1.txt", b"new", folder="/a/b/deep")
    api.create_folder("/a/b/empty")
    started = start_job(api, "copyFolder", sourceFolderPath="/a/b", destinationPath="c/d")
    assert started.status_code == 200
    assert read_status(api, started) == {"jobId": started.json()["jobId"], "type": "COPY_FOLDER", "status": "Completed"}
    assert api.paths(type="all", searchQuery='path : "/c"') == ["/c/d/b/deep/1.txt"]
    assert "/c/d/b/empty" in api.paths(type="folder")
    assert "/a/b/deep/1.txt" in api.paths()
    (copy,) = api.assets(path="/c/d/b/deep")
    assert copy["fileId"] != source["fileId"]
    assert len(api.assets(type="file-version")) == 1


@pytest.mark.parametrize("flag", ["includeVersions", "includeFileVersions"])
def test_a_copied_folder_includes_versions_on_request(api: Api, flag: str) -> None:
    api.upload("1.txt", b"old", folder="/a")
    api.upload("1.txt", b"new", folder="/a")
    start_job(api, "copyFolder", sourceFolderPath="/a", destinationPath="/c", **{flag: True})
    assert len(api.assets(type="file-version", path="/c/a")) == 1


def test_a_copied_folder_merges_with_a_folder_of_the_same_name(api: Api) -> None:
    target = api.upload("1.txt", b"target", folder="/c/a")
    api.upload("2.txt", b"kept", folder="/c/a")
    api.upload("1.txt", b"source", folder="/a")
    start_job(api, "copyFolder", sourceFolderPath="/a", destinationPath="/c")
    assert api.paths(path="/c/a") == ["/c/a/1.txt", "/c/a/2.txt"]
    assert api.details(target["fileId"])["versionInfo"]["name"] == "Version 2"
    assert requests.get(target["url"], timeout=30).content == b"source"


def test_a_moved_folder_keeps_ids_and_leaves_its_old_path(api: Api) -> None:
    answer = api.upload("1.txt", folder="/a/b")
    started = start_job(api, "moveFolder", sourceFolderPath="/a/b/", destinationPath="/c")
    assert read_status(api, started)["type"] == "MOVE_FOLDER"
    assert api.paths(type="all") == ["/a", "/c", "/c/b", "/c/b/1.txt"]
    assert api.details(answer["fileId"])["filePath"] == "/c/b/1.txt"


def test_a_moved_folder_merges_with_a_folder_of_the_same_name(api: Api) -> None:
    target = api.upload("1.txt", b"target", folder="/c/a/x")
    api.upload("1.txt", b"source", folder="/a/x")
    other = api.upload("2.txt", b"source", folder="/a")
    start_job(api, "moveFolder", sourceFolderPath="/a", destinationPath="/c")
    assert api.paths(type="all") == ["/c", "/c/a", "/c/a/2.txt", "/c/a/x", "/c/a/x/1.txt"]
    assert api.details(target["fileId"])["versionInfo"]["name"] == "Version 2"
    assert api.details(other["fileId"])["filePath"] == "/c/a/2.txt"


@pytest.mark.parametrize("job", ["copyFolder", "moveFolder"])
@pytest.mark.parametrize(
    ("source", "destination", "expected", "reason"),
    [
        ("", "/c", 400, "MISSING_PARAMETER"),
        ("/a", None, 400, "MISSING_PARAMETER"),
        ("/", "/c", 400, "SOURCE_IS_ROOT"),
        ("/a/b", "/a/b", 400, "SAME_SOURCE_AND_DESTINATION"),
        ("/a/b", "/a", 400, "SAME_SOURCE_AND_DESTINATION"),
        ("/a", "/a/b", 400, "INVALID_DESTINATION_PATH"),
        ("/a", "/./c", 400, "INVALID_FOLDER_PATH"),
        ("/a/../x", "/c", 400, "INVALID_FOLDER_PATH"),
        ("/a/./b", "/c", 400, "INVALID_FOLDER_PATH"),
        ("/a", 5, 400, "INVALID_PARAMETER"),
        ("/none", "/c", 404, "NO_FILES_FOLDER"),
    ],
)
def test_invalid_folder_copies_and_moves_are_refused(
    api: Api, job: str, source: Any, destination: Any, expected: int, reason: str
) -> None:
    api.create_folder("/a/b")
    response = start_job(api, job, sourceFolderPath=source, destinationPath=destination)
    assert (response.status_code, response.json()["reason"]) == (expected, reason)
    assert api.paths(type="all") == ["/a", "/a/b"]


def test_parameters_are_checked_before_the_folder_is_looked_up(api: Api) -> None:
    response = start_job(api, "copyFolder", sourceFolderPath="/none", destinationPath="/c", includeVersions="yes")
    assert (response.status_code, response.json()["reason"]) == (400, "INVALID_PARAMETER")
    body = {"sourceFilePath": "/none.txt", "destinationPath": "/c", "includeFileVersions": "yes"}
    response = api("POST", "/v1/files/copy", json=body)
    assert (response.status_code, response.json()["reason"]) == (400, "INVALID_PARAMETER")


def test_renaming_a_folder_moves_everything_in_it(api: Api) -> None:
    answer = api.upload("1.txt", folder="/a/b/c")
    started = start_job(api, "renameFolder", folderPath="/a/b", newFolderName="new name")
    assert started.status_code == 202
    assert read_status(api, started) == {
        "jobId": started.json()["jobId"],
        "type": "RENAME_FOLDER",
        "status": "Completed",
    }
    assert api.details(answer["fileId"])["filePath"] == "/a/new_name/c/1.txt"
    assert api.paths(type="folder") == ["/a", "/a/new_name", "/a/new_name/c"]


def test_invalid_folder_renames_are_refused(api: Api) -> None:
    api.create_folder("/a/b")
    api.create_folder("/a/c")
    for path, name, expected, message in (
        (None, "x", 400, "folderPath parameter is missing."),
        ("/a/b", "", 400, "newFolderName parameter is missing."),
        ("/", "x", 400, "folderPath cannot be root."),
        ("/a/b", "x/y", 400, "newFolderName parameter cannot have a slash."),
        ("/a/b", "..", 400, "'.' & '..' can not be used as folder-name"),
        ("/a/../none", "x", 400, "'.' & '..' can not be used as folder-name"),
        ("/none", "x", 404, "Source folder not found."),
        ("/a/b", "c", 409, "Folder with name c already exists at the same location."),
    ):
        response = start_job(api, "renameFolder", folderPath=path, newFolderName=name)
        assert (response.status_code, response.json()["message"]) == (expected, message)


def test_a_pending_job_locks_its_folders_and_their_parents(slow: Api) -> None:
    for path in ("/a/b", "/c", "/free"):
        slow.create_folder(path)
    started = start_job(slow, "moveFolder", sourceFolderPath="/a/b", destinationPath="/c")
    assert read_status(slow, started)["status"] == "Pending"
    attempts = [
        start_job(slow, "copyFolder", sourceFolderPath="/a", destinationPath="/free"),
        start_job(slow, "copyFolder", sourceFolderPath="/free", destinationPath="/a/b"),
        start_job(slow, "renameFolder", folderPath="/c", newFolderName="d"),
        slow("DELETE", "/v1/folder", json={"folderPath": "/a"}),
    ]
    assert [attempt.status_code for attempt in attempts] == [423] * 4
    running = "A bulk job is running on given folder path, please try after sometime."
    assert attempts[0].json()["message"] == running
    assert attempts[1].json()["message"] == "Destination folder path is already locked. Please try after sometime."
    slow.upload("1.txt", folder="/a/b")
    slow.server.clock.advance(10)
    assert read_status(slow, started)["status"] == "Completed"
    assert slow.paths(type="all") == ["/a", "/c", "/c/b", "/c/b/1.txt", "/free"]


@pytest.mark.parametrize("job", ["copyFolder", "moveFolder"])
@pytest.mark.parametrize("destination", ["/c", "/c/deep", "/"])
def test_a_pending_job_locks_its_destination_folder(slow: Api, job: str, destination: str) -> None:
    for path in ("/x/a", "/x/b", "/c"):
        slow.create_folder(path)
    assert start_job(slow, job, sourceFolderPath="/x/a", destinationPath=destination).status_code == 200
    second = start_job(slow, "copyFolder", sourceFolderPath="/x/b", destinationPath=destination)
    message = "Destination folder path is already locked. Please try after sometime."
    assert (second.status_code, second.json()["message"]) == (423, message)
    slow.server.clock.advance(10)
    assert start_job(slow, "copyFolder", sourceFolderPath="/x/b", destinationPath=destination).status_code == 200


def test_a_pending_job_does_not_lock_sibling_folders(slow: Api) -> None:
    for path in ("/x/a", "/x/b", "/y/c", "/z"):
        slow.create_folder(path)
    started = [
        start_job(slow, "moveFolder", sourceFolderPath="/x/a", destinationPath="/"),
        start_job(slow, "copyFolder", sourceFolderPath="/x/b", destinationPath="/z"),
        start_job(slow, "renameFolder", folderPath="/y/c", newFolderName="d"),
        slow("DELETE", "/v1/folder", json={"folderPath": "/a"}),
    ]
    assert [response.status_code for response in started] == [200, 200, 202, 404]


def test_a_pending_rename_does_not_lock_sibling_folders(slow: Api) -> None:
    slow.create_folder("/x/a")
    slow.create_folder("/x/b")
    for name in ("a", "b"):
        response = start_job(slow, "renameFolder", folderPath=f"/x/{name}", newFolderName=f"new-{name}")
        assert response.status_code == 202


def test_a_pending_job_survives_a_restart(tmp_path: Path, api: Api) -> None:
    with LocalImageKit(data=tmp_path, job_delay=10) as server:
        first = type(api)(server)
        with first.session:
            first.create_folder("/a")
            started = start_job(first, "renameFolder", folderPath="/a", newFolderName="b")
    with LocalImageKit(data=tmp_path, job_delay=10) as server:
        server.clock.advance(11)
        second = type(api)(server)
        with second.session:
            assert read_status(second, started)["status"] == "Completed"
            assert second.paths(type="folder") == ["/b"]


def test_a_job_that_has_become_impossible_fails_and_changes_nothing(slow: Api) -> None:
    slow.upload("a.txt", folder="/a")
    started = start_job(slow, "moveFolder", sourceFolderPath="/a", destinationPath="/c")
    slow.upload("a", folder="/c")  # a file now has the name that the folder needs
    slow.server.clock.advance(10)
    assert read_status(slow, started)["status"] == "Failed"
    assert slow.paths() == ["/a/a.txt", "/c/a"]


def test_a_job_with_too_many_assets_is_refused(slow: Api) -> None:
    for number in range(6):
        slow.upload(f"{number}.txt", folder="/a")
    for response in (
        slow("DELETE", "/v1/folder", json={"folderPath": "/a"}),
        start_job(slow, "copyFolder", sourceFolderPath="/a", destinationPath="/b"),
        start_job(slow, "moveFolder", sourceFolderPath="/a", destinationPath="/b"),
    ):
        assert (response.status_code, response.json()["reason"]) == (400, "TOO_MANY_OBJECTS")


def test_an_unknown_job_is_not_found(api: Api) -> None:
    response = api("GET", f"/v1/bulkJobs/{UNKNOWN}")
    assert (response.status_code, response.json()["message"]) == (404, "The requested job does not exist.")


def purge(api: Api, url: Any) -> requests.Response:
    return api("POST", "/v1/files/purge", json={"url": url})


def test_a_purge_is_pending_and_then_completed(slow: Api) -> None:
    response = purge(slow, slow.server.url_endpoint + "/a.jpg")
    assert response.status_code == 201
    path = f"/v1/files/purge/{response.json()['requestId']}"
    assert slow("GET", path).json() == {"status": "Pending"}
    slow.server.clock.advance(10)
    assert slow("GET", path).json() == {"status": "Completed"}


def test_an_unknown_purge_is_a_bad_request(api: Api) -> None:
    response = api("GET", f"/v1/files/purge/{UNKNOWN}")
    assert (response.status_code, response.json()["message"]) == (400, "No request found for this requestId.")


def test_purges_have_a_monthly_quota_that_does_not_stop_renames(slow: Api) -> None:
    url = slow.server.url_endpoint + "/a.jpg"
    for _ in range(2):
        assert purge(slow, url).status_code == 201
    refused = purge(slow, url)
    assert refused.status_code == 429
    assert "X-RateLimit-Reset" not in refused.headers
    slow.upload("a.txt")
    body = {"filePath": "/a.txt", "newFileName": "b.txt", "purgeCache": True}
    renamed = slow("PUT", "/v1/files/rename", json=body)
    assert (renamed.status_code, renamed.json()["reason"]) == (207, "PURGE_FAILED")
    assert slow.paths() == ["/b.txt"]
    slow.create_folder("/f")
    started = start_job(slow, "renameFolder", folderPath="/f", newFolderName="g", purgeCache=True)
    slow.server.clock.advance(10)
    partial = slow("GET", f"/v1/bulkJobs/{started.json()['jobId']}")
    assert (partial.status_code, partial.json()["status"]) == (207, "Partial success")
    assert slow.paths(type="folder") == ["/g"]
    slow.server.clock.advance(31 * 86400)
    assert purge(slow, url).status_code == 201


def test_a_renamed_folder_is_purged_on_request(api: Api) -> None:
    api.create_folder("/f")
    started = start_job(api, "renameFolder", folderPath="/f", newFolderName="g", purgeCache=True)
    purge_id = read_status(api, started)["purgeRequestId"]
    assert api("GET", f"/v1/files/purge/{purge_id}").json() == {"status": "Completed"}


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/a.jpg", True),
        ("/images/upload*", True),
        ("/images*", False),
        ("/a-very-long-folder*", True),
        ("/a.jpg*", True),
        ("/*", False),
        ("/a/*/b.jpg", False),
        ("/a/b.jpg**", False),
        ("/media/catalog/*", False),
        ("/s/files/*", False),
    ],
)
def test_only_some_urls_may_be_purged(path: str, allowed: bool) -> None:
    endpoints = UrlEndpoints("https://ik.example/acme")
    assert is_purgeable("https://ik.example/acme" + path, endpoints) is allowed
    assert not is_purgeable("https://ik.example/other" + path, endpoints)
    assert not is_purgeable("https://ik.example/acmex" + path, endpoints)


def test_a_url_that_may_not_be_purged_is_refused(api: Api) -> None:
    for url, message in (
        ("https://elsewhere.example/a.jpg", "The URL is not valid for cache purging."),
        (None, "Your request is missing url parameter."),
        (5, "Your request is missing url parameter."),
    ):
        response = purge(api, url)
        assert (response.status_code, response.json()["message"]) == (400, message)
