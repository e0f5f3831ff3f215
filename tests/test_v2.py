"""Code written for release 2, against local ImageKit."""

from __future__ import annotations

import base64
import inspect
import io
import pickle
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import responses

import imagekitio
from imagekitio import NetworkException
from imagekitio.v2 import Answer, ImageKit

from .conftest import QUICK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imagekitio.local import LocalImageKit

PICTURE = (Path(__file__).parent / "data" / "c8.png").read_bytes()
UNKNOWN_ID = "65e6c5a9b7d1f2034a5b6c7d"
ENDPOINT = "https://ik.imagekit.io/demo"
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def v2(server: LocalImageKit) -> Iterator[ImageKit]:
    modern = server.client()
    with ImageKit(
        modern.public_key,
        server.private_key,
        modern.url_endpoint,
        api_base_url=server.url,
        upload_base_url=server.url,
        retry=QUICK,
    ) as client:
        yield client


def make_offline_client() -> ImageKit:
    return ImageKit("public_a", "private_a", ENDPOINT, api_base_url=NOWHERE, upload_base_url=NOWHERE, retry=False)


def unwrap(answer: Answer) -> Any:
    assert answer["error"] is None, answer
    return answer["response"]


def upload(v2: ImageKit, **options: Any) -> dict[str, Any]:
    response: dict[str, Any] = unwrap(v2.upload_file(PICTURE, "c8.png", options))
    return response


def test_an_upload_answers_with_the_json_of_the_service(v2: ImageKit) -> None:
    answer = v2.upload_file(
        file=io.BytesIO(PICTURE),
        file_name="c8.png",
        options={
            "response_fields": ["is_private_file", "tags"],
            "tags": ["a", "b"],
            "is_private_file": False,
            "use_unique_file_name": "false",
            "folder": "/shop",
        },
    )
    assert answer["error"] is None
    assert answer["response"]["filePath"] == "/shop/c8.png"
    assert answer["response"]["tags"] == ["a", "b"]
    assert answer["response"]["isPrivateFile"] is False
    assert answer["response"]["fileType"] == "image"


def test_options_can_be_spelled_as_in_the_api(v2: ImageKit) -> None:
    response = unwrap(
        v2.upload_file(
            base64.b64encode(PICTURE),
            "c8.png",
            {"responseFields": "isPrivateFile", "isPrivateFile": True, "useUniqueFileName": False, "tags": "a,b"},
        )
    )
    assert (response["name"], response["isPrivateFile"]) == ("c8.png", True)


def test_files_are_listed_as_a_list_of_dicts(v2: ImageKit) -> None:
    file_id = upload(v2, tags=["Software"])["fileId"]
    upload(v2)
    assert len(unwrap(v2.list_files())) == 2
    assert len(unwrap(v2.list_files({"limit": 1, "skip": 0}))) == 1
    found = unwrap(
        v2.list_files({"type": "file", "fileType": "all", "sort": "ASC_CREATED", "tags": "Software, Developer"})
    )
    assert [file["fileId"] for file in found] == [file_id]


def test_details_are_read_and_changed(v2: ImageKit) -> None:
    file_id = upload(v2)["fileId"]
    assert unwrap(v2.get_file_details(file_id))["fileId"] == file_id
    changed = unwrap(v2.update_file_details(file_id, {"tags": ["x"], "custom_coordinates": "1,1,4,4"}))
    assert (changed["tags"], changed["customCoordinates"]) == (["x"], "1,1,4,4")
    assert unwrap(v2.update_file_details(file_id, {"tags": None}))["tags"] is None


def test_a_deletion_answers_with_nothing(v2: ImageKit) -> None:
    assert v2.delete_file(upload(v2)["fileId"]) == {"error": None, "response": None}
    assert unwrap(v2.list_files()) == []


def test_files_are_deleted_together(v2: ImageKit) -> None:
    ids = [upload(v2)["fileId"] for _ in range(2)]
    assert unwrap(v2.bulk_file_delete(ids)) == {"successfullyDeletedFileIds": ids}


def test_a_url_is_purged_from_the_cache(v2: ImageKit) -> None:
    purge = unwrap(v2.purge_file_cache(upload(v2)["url"]))
    assert unwrap(v2.get_purge_file_cache_status(purge["requestId"])) == {"status": "Completed"}


def test_metadata_of_a_file_and_of_a_url_are_read(v2: ImageKit) -> None:
    file = upload(v2)
    by_id = unwrap(v2.get_file_metadata(file["fileId"]))
    assert by_id["pHash"] == unwrap(v2.get_remote_file_url_metadata(file["url"]))["pHash"]
    assert v2.phash_distance(by_id["pHash"], by_id["pHash"]) == 0


def test_urls_and_tokens_are_the_same_as_in_the_current_release() -> None:
    old, new = make_offline_client(), imagekitio.ImageKit("public_a", "private_a", ENDPOINT)
    options: Any = {"path": "/a.jpg", "transformation": [{"height": "300"}], "signed": True, "expire_seconds": 300}
    assert old.url(options).split("ik-t=")[0] == new.url(options).split("ik-t=")[0]
    assert old.url(path="/a.jpg", signed=True) == new.url(path="/a.jpg", signed=True)
    token = old.get_authentication_parameters("token", 0)
    assert token == new.get_authentication_parameters("token", token["expire"])
    assert ImageKit.phash_distance("f06830ca9f1e3e90", "f06830ca9f1e3e91") == 1


@pytest.mark.parametrize(
    ("old", "alias"),
    [
        ("upload_file", "upload"),
        ("bulk_file_delete", "bulk_delete"),
        ("purge_file_cache", "purge_cache"),
        ("get_purge_file_cache_status", "get_purge_cache_status"),
        ("get_file_metadata", "get_metadata"),
        ("get_remote_file_url_metadata", "get_remote_url_metadata"),
    ],
)
def test_the_short_names_exist(old: str, alias: str) -> None:
    assert getattr(ImageKit, old) is getattr(ImageKit, alias)


CALLS: dict[str, tuple[Any, ...]] = {
    "upload_file": (b"contents", "a.txt"),
    "list_files": (),
    "get_file_details": (UNKNOWN_ID,),
    "update_file_details": (UNKNOWN_ID, {"tags": ["a"]}),
    "delete_file": (UNKNOWN_ID,),
    "bulk_file_delete": ([UNKNOWN_ID],),
    "purge_file_cache": ("https://ik.imagekit.io/demo/a.jpg",),
    "get_purge_file_cache_status": (UNKNOWN_ID,),
    "get_file_metadata": (UNKNOWN_ID,),
    "get_remote_file_url_metadata": ("https://ik.imagekit.io/demo/a.jpg",),
}


def test_the_table_names_every_call() -> None:
    methods = {name: value for name, value in vars(ImageKit).items() if inspect.isfunction(value) and name[0] != "_"}
    assert {value.__name__ for value in methods.values()} == {*CALLS, "close", "url", "get_authentication_parameters"}


@pytest.mark.slow
@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"message": "No.", "help": "Ask."}),
        (403, {"message": "No.", "help": "Ask.", "reason": "FORBIDDEN"}),
        (404, {"message": "No.", "help": "Ask.", "missingFileIds": [UNKNOWN_ID]}),
        (409, {"message": "No.", "help": "Ask.", "errors": {"price": "is too high"}}),
        (429, {"message": "No.", "help": "Ask."}),
        (500, {"message": "No.", "help": "Ask."}),
    ],
)
def test_an_error_of_the_service_is_returned_and_not_raised(
    v2: ImageKit, server: LocalImageKit, name: str, status: int, body: dict[str, Any]
) -> None:
    server.faults.add(status=status, body=body, times=None)
    answer = getattr(v2, name)(*CALLS[name])
    assert answer == {"error": {**body, "status_code": status}, "response": None}


@pytest.fixture
def gateway() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.mark.parametrize("name", CALLS)
def test_the_page_of_a_gateway_is_returned_as_an_error(gateway: responses.RequestsMock, name: str) -> None:
    for method in ("GET", "POST", "PATCH", "DELETE"):
        gateway.add(method, re.compile(NOWHERE), body="<html>Bad gateway</html>", status=502)
    assert getattr(make_offline_client(), name)(*CALLS[name]) == {
        "error": {"message": "HTTP 502 Bad Gateway: an HTML page: Bad gateway", "help": "", "status_code": 502},
        "response": None,
    }


def test_a_success_that_is_not_json_is_returned_as_an_error(gateway: responses.RequestsMock) -> None:
    gateway.add("GET", re.compile(NOWHERE), body="<html>Log in</html>")
    error = make_offline_client().get_file_details(UNKNOWN_ID)["error"]
    assert error is not None
    assert error["message"] == "HTTP 200 OK, but the response cannot be parsed: it is an HTML page: Log in"
    assert error["status_code"] == 200


def test_the_errors_of_local_imagekit_are_returned(v2: ImageKit, server: LocalImageKit) -> None:
    missing = v2.get_file_details(UNKNOWN_ID)
    assert missing["response"] is None
    assert missing["error"] is not None
    assert missing["error"]["message"] == "The requested file does not exist."
    assert missing["error"]["help"].startswith("For support kindly contact us")
    assert missing["error"]["status_code"] == 404
    many = v2.bulk_file_delete([UNKNOWN_ID])["error"]
    assert many is not None
    assert many["missingFileIds"] == [UNKNOWN_ID]
    sorting = v2.list_files({"sort": "BY_COLOUR"})["error"]
    assert sorting is not None
    assert (sorting["status_code"], "sort" in sorting["message"]) == (400, True)
    with ImageKit("public_x", "private_x", ENDPOINT, api_base_url=server.url) as stranger:
        refused = stranger.list_files()["error"]
    assert refused is not None
    assert refused["status_code"] == 403


def test_a_partial_success_has_an_error_and_a_response(v2: ImageKit, server: LocalImageKit) -> None:
    body = {"successfullyDeletedFileIds": ["a"], "errors": [{"fileId": "b", "error": "Error in deleting file"}]}
    server.faults.add(status=207, body=body, operation="bulk_file_delete")
    answer = v2.bulk_file_delete(["a", "b"])
    assert answer["response"] == body
    assert answer["error"] == {**body, "message": "Partial success", "help": "", "status_code": 207}


@pytest.mark.parametrize("name", CALLS)
def test_a_failure_without_an_answer_is_raised(v2: ImageKit, server: LocalImageKit, name: str) -> None:
    server.faults.add(reset=True, times=None)
    with pytest.raises(NetworkException):
        getattr(v2, name)(*CALLS[name])


@pytest.mark.parametrize(
    ("name", "arguments", "error", "message"),
    [
        ("upload_file", ("/path/to/file.jpg", "a.jpg"), TypeError, "pass Path"),
        ("upload_file", (b"a", "a.txt", {"is_privat_file": True}), ValueError, "did you mean 'is_private_file'"),
        (
            "upload_file",
            (b"a", "a.txt", {"is_private_file": "maybe"}),
            TypeError,
            "is_private_file must be True or False",
        ),
        ("list_files", ({"limt": 5},), ValueError, "did you mean 'limit'"),
        ("list_files", (5,), TypeError, "options must be"),
        ("get_file_details", (None,), TypeError, "file_id"),
        ("update_file_details", (UNKNOWN_ID, {"tag": ["a"]}), ValueError, "did you mean 'tags'"),
        ("delete_file", ("",), ValueError, "file_id"),
        ("bulk_file_delete", ([],), ValueError, "file_ids"),
        ("bulk_file_delete", (UNKNOWN_ID,), TypeError, "file_ids"),
        ("purge_file_cache", (None,), TypeError, "file_url"),
        ("get_purge_file_cache_status", (5,), TypeError, "purge_cache_id"),
        ("get_file_metadata", (5,), TypeError, "file_id"),
        ("get_remote_file_url_metadata", (" ",), ValueError, "remote_file_url"),
    ],
)
def test_invalid_arguments_raise_before_anything_is_sent(
    name: str, arguments: tuple[Any, ...], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        getattr(make_offline_client(), name)(*arguments)  # sending would raise a NetworkException


def test_a_missing_key_is_named() -> None:
    with pytest.raises(ValueError, match="missing: private_key"):
        ImageKit(public_key="public_a", url_endpoint=ENDPOINT)


def test_a_client_shows_no_secret_and_can_be_pickled() -> None:
    client = make_offline_client()
    assert repr(client) == f"ImageKit(public_key='public_a', url_endpoint='{ENDPOINT}')"
    assert pickle.loads(pickle.dumps(client)).url(path="a.jpg") == client.url(path="a.jpg")
