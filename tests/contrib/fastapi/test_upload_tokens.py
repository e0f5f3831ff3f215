"""Tokens for uploads from browsers, and the check of what was uploaded with them."""

from __future__ import annotations

import base64
import socket
from typing import TYPE_CHECKING, Annotated, Any

import pytest
import requests
from fastapi import Depends, FastAPI, Header, HTTPException

from imagekitio.contrib.browser_uploads import UploadRules
from imagekitio.contrib.errors import UploadRefusedError
from imagekitio.contrib.fastapi import (
    AsyncImageKitDep,
    FileOut,
    ImageKitDep,
    UploadPermission,
    check_upload,
    install_error_handlers,
    lifespan,
    upload_token_router,
)

from .serving import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imagekitio.local import LocalImageKit

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC"
)
SECRET = "the secret of the application"


def get_permission(user: Annotated[str | None, Header()] = None) -> UploadPermission | None:
    if user == "barred":
        raise HTTPException(403, "Barred")
    if user == "full":
        raise UploadRefusedError("You have 100 pictures already.")
    rules = UploadRules("/shop", max_bytes=5000, accept=["image/*"])
    return None if user is None else UploadPermission(rules, uploader=user, secret=SECRET)


PermissionDep = Annotated[UploadPermission | None, Depends(get_permission)]


@pytest.fixture
def url(account: dict[str, Any]) -> Iterator[str]:
    app = FastAPI(lifespan=lifespan(**account))
    install_error_handlers(app)
    app.include_router(upload_token_router(get_permission), prefix="/imagekit")

    @app.post("/shoes")
    def create_shoe(file_id: str, imagekit: ImageKitDep, permission: PermissionDep) -> FileOut:
        return FileOut.model_validate(check_upload(imagekit, file_id, permission))

    @app.post("/async-shoes")
    async def create_shoe_asynchronously(
        file_id: str, imagekit: AsyncImageKitDep, permission: PermissionDep
    ) -> FileOut:
        return FileOut.model_validate(await check_upload(imagekit, file_id, permission))

    with serve(app) as address:
        yield address


def ask(url: str, json: Any, user: str | None = "anna", **options: Any) -> requests.Response:
    headers = {} if user is None else {"User": user}
    return requests.post(f"{url}/imagekit/upload-token", json=json, headers=headers, timeout=60, **options)


def send(url: str, user: str = "anna", content: bytes = PNG) -> requests.Response:
    """Upload a file as a browser does, with a token of its own."""
    token = ask(url, {"file_name": "shoe.png"}, user).json()
    return requests.post(token["url"], data=token["fields"], files={"file": content}, timeout=60)


@pytest.mark.parametrize("path", ["shoes", "async-shoes"])
def test_what_a_visitor_uploads_with_a_token_is_accepted_from_that_visitor_only(
    server: LocalImageKit, url: str, path: str
) -> None:
    uploaded = send(url)
    assert uploaded.status_code == 200, uploaded.text
    ids = {"file_id": uploaded.json()["fileId"]}
    accepted = requests.post(f"{url}/{path}", params=ids, headers={"User": "anna"}, timeout=60)
    refused = requests.post(f"{url}/{path}", params=ids, headers={"User": "ben"}, timeout=60)
    assert accepted.status_code == 200
    assert (accepted.json()["file_path"], accepted.json()["mime"]) == (uploaded.json()["filePath"], "image/png")
    assert (refused.status_code, refused.json()["detail"]) == (
        400,
        "The file was not uploaded here. Please upload it again.",
    )
    # The token needs no request; each check needs one.
    assert [one.operation for one in server.requests] == [
        "upload_file_v2_client_side",
        "get_file_details",
        "get_file_details",
    ]


@pytest.mark.parametrize("path", ["shoes", "async-shoes"])
@pytest.mark.parametrize("file_id", ["", " ", "../x", "a?b#c", "x" * 3000, "鞋", "\0", "6650a1b2c3d4e5f607182930"])
def test_an_id_that_is_not_valid_is_refused_with_the_same_message(url: str, path: str, file_id: str) -> None:
    answer = requests.post(f"{url}/{path}", params={"file_id": file_id}, headers={"User": "anna"}, timeout=60)
    assert (answer.status_code, answer.json()["detail"]) == (
        400,
        "The file was not uploaded here. Please upload it again.",
    )


def test_a_file_that_the_server_uploaded_is_not_the_visitors(server: LocalImageKit, url: str) -> None:
    file = server.client().upload_file(file=PNG, file_name="shoe.png", folder="/shop")
    answer = requests.post(f"{url}/shoes", params={"file_id": file.file_id}, headers={"User": "anna"}, timeout=60)
    assert answer.status_code == 400


def test_the_service_refuses_what_the_rules_do_not_allow(url: str) -> None:
    assert send(url, content=PNG + bytes(5000)).status_code == 400
    assert send(url, content=b"%PDF-1.4\n%%EOF").status_code == 400


def test_a_token_is_not_cached_and_has_only_what_the_browser_needs(url: str) -> None:
    answer = ask(url, {"file_name": "shoe.png", "size": 4000, "type": "image/png"})
    assert answer.headers["cache-control"] == "no-store"
    assert sorted(answer.json()) == ["expire", "fields", "token", "url"]
    assert "private_" not in answer.text
    assert SECRET not in answer.text
    assert answer.json()["fields"]["token"] == answer.json()["token"]


@pytest.mark.parametrize(
    ("wanted", "status", "message"),
    [
        ({"file_name": "a.png", "size": 5001}, 413, "The file is too large: it has 5.001 kB, and the maximum is 5 kB."),
        ({"file_name": "a.png", "size": 0}, 400, "The file is empty."),
        ({"file_name": "a.txt", "type": "text/plain"}, 400, "The file has the wrong type; allowed: image/*."),
        ({"file_name": ""}, 400, "The request has no file_name."),
        ({}, 400, "The request has no file_name."),
        ([], 400, 'The request must be an object, such as {"file_name": "a.jpg"}.'),
    ],
)
def test_a_file_that_cannot_be_uploaded_gets_no_token(url: str, wanted: Any, status: int, message: str) -> None:
    answer = ask(url, wanted)
    assert (answer.status_code, answer.json()) == (status, {"detail": message, "message": message})


def test_visitors_who_may_not_upload_get_the_answer_of_the_application(url: str) -> None:
    refused = ask(url, {"file_name": "a.png"}, None)
    assert (refused.status_code, refused.json()["message"]) == (401, "Please log in to upload files.")
    assert (ask(url, {"file_name": "a.png"}, "barred").status_code) == 403
    full = ask(url, {"file_name": "a.png"}, "full")
    assert (full.status_code, full.json()["message"]) == (400, "You have 100 pictures already.")


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", ""]
)
def test_a_form_of_another_site_gets_no_token(url: str, content_type: str) -> None:
    answer = requests.post(
        f"{url}/imagekit/upload-token",
        data=b'{"file_name": "a.png"}',
        headers={"User": "anna", "Content-Type": content_type},
        timeout=60,
    )
    assert (answer.status_code, "token" in answer.json()) == (415, False)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_what_is_not_json_is_refused(url: str, body: bytes) -> None:
    headers = {"User": "anna", "Content-Type": "application/json; charset=utf-8"}
    answer = requests.post(f"{url}/imagekit/upload-token", data=body, headers=headers, timeout=60)
    assert (answer.status_code, answer.json()["message"]) == (400, "The request is not JSON.")


def test_a_huge_request_is_refused_before_it_is_read_to_its_end(url: str) -> None:
    headers = {"User": "anna", "Content-Type": "application/json"}
    answer = requests.post(f"{url}/imagekit/upload-token", data=b" " * 5_000_001, headers=headers, timeout=60)
    assert (answer.status_code, answer.json()["message"]) == (413, "The file is too large: the maximum is 5 MB.")


def test_an_incomplete_request_leaves_no_traceback(url: str, caplog: pytest.LogCaptureFixture) -> None:
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(
            b"POST /imagekit/upload-token HTTP/1.1\r\nHost: a\r\nUser: anna\r\nContent-Length: 1000\r\n"
            b"Content-Type: application/json\r\n\r\n{"
        )
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""  # the application has ended the request
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("path", ["shoes", "async-shoes"])
def test_a_visitor_without_a_permission_hands_in_no_file(server: LocalImageKit, url: str, path: str) -> None:
    file_id = send(url).json()["fileId"]
    before = len(server.requests)
    answer = requests.post(f"{url}/{path}", params={"file_id": file_id}, timeout=60)
    assert (answer.status_code, answer.json()["message"]) == (401, "Please log in to upload files.")
    assert len(server.requests) == before


def test_wrong_arguments_of_the_check_send_nothing(server: LocalImageKit) -> None:
    permission = UploadPermission(UploadRules("/shop"), uploader="anna", secret=SECRET)
    with server.client() as imagekit:
        with pytest.raises(UploadRefusedError, match="was not uploaded here"):
            check_upload(imagekit, None, permission)
        with pytest.raises(TypeError, match=r"must return an UploadPermission \(got UploadRules\)"):
            check_upload(imagekit, "6650a1b2c3d4e5f607182930", permission.rules)  # type: ignore[call-overload]
    assert not server.requests


@pytest.mark.parametrize("wrong", [None, "shop", UploadRules("/shop")])
def test_a_router_needs_a_dependency(wrong: Any) -> None:
    with pytest.raises(TypeError, match="get_permission must be a FastAPI dependency"):
        upload_token_router(wrong)


def test_a_dependency_that_returns_something_else_is_a_mistake_of_the_application(
    account: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    app = FastAPI(lifespan=lifespan(**account))
    app.include_router(upload_token_router(lambda: UploadRules("/shop")))
    with serve(app) as url:
        answer = requests.post(f"{url}/upload-token", json={"file_name": "a.png"}, timeout=60)
    assert (answer.status_code, answer.text) == (500, "Internal Server Error")
    assert "must return an UploadPermission (got UploadRules)" in caplog.text


def test_the_documentation_of_the_route_says_what_to_send_and_what_comes_back(url: str) -> None:
    documented = requests.get(f"{url}/openapi.json", timeout=60).json()
    route = documented["paths"]["/imagekit/upload-token"]["post"]
    assert {"200", "400", "401", "413", "415"} <= route["responses"].keys()
    wanted = route["requestBody"]["content"]["application/json"]["schema"]
    assert wanted["properties"]["file_name"]["description"] == "Name of the file."
    token = documented["components"]["schemas"]["UploadTokenOut"]
    assert all("description" in member for member in token["properties"].values())
