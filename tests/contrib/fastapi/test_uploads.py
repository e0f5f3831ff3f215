"""Uploads of a submitted form."""

from __future__ import annotations

import asyncio
import io
import socket
import threading
from typing import TYPE_CHECKING, Annotated, Any

import pytest
import requests
from fastapi import Depends, FastAPI, Header, UploadFile
from starlette.applications import Starlette
from starlette.datastructures import UploadFile as StarletteUploadFile
from starlette.responses import JSONResponse
from starlette.routing import Route

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
    upload,
    upload_by_rules,
)

from .serving import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request
    from starlette.responses import Response

    from imagekitio.local import LocalImageKit

BOTH = ("files", "async-files")


def make_app(account: dict[str, Any], **options: Any) -> FastAPI:
    app = FastAPI(lifespan=lifespan(**account))
    install_error_handlers(app)

    @app.post("/files")
    def create_file(file: UploadFile, imagekit: ImageKitDep) -> str:
        return upload(imagekit, file, folder="/shop", **options).file_path

    @app.post("/async-files")
    async def create_file_asynchronously(file: UploadFile, imagekit: AsyncImageKitDep) -> str:
        await file.read(4)  # as an application does that looks at the kind of a file
        return (await upload(imagekit, file, folder="/shop", **options)).file_path

    @app.get("/ping")
    async def ping() -> str:
        return "pong"

    return app


@pytest.mark.parametrize("path", BOTH)
@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("shoe.txt", "/shop/shoe.txt"),
        ("../../etc/shoe.txt", "/shop/shoe.txt"),
        ("C:\\Users\\anna\\shoe.txt", "/shop/shoe.txt"),
        ("Schöne Schuhe.txt", "/shop/Schöne_Schuhe.txt"),
        ("鞋.txt", "/shop/鞋.txt"),
    ],
)
def test_the_whole_file_arrives_under_its_name(
    server: LocalImageKit, account: dict[str, Any], content: bytes, path: str, name: str, stored: str
) -> None:
    with serve(make_app(account, use_unique_file_name=False, overwrite_file=False)) as url:
        answer = requests.post(f"{url}/{path}", files={"file": (name, content)}, timeout=60)
    assert answer.json() == stored
    with server.client() as imagekit:
        imagekit.download(stored, received := io.BytesIO())
    assert received.getvalue() == content


@pytest.mark.parametrize("path", BOTH)
def test_a_file_that_is_too_large_is_not_sent(server: LocalImageKit, account: dict[str, Any], path: str) -> None:
    with serve(make_app(account, max_bytes=2_000_000)) as url:
        allowed = requests.post(f"{url}/{path}", files={"file": ("a.bin", bytes(2_000_000))}, timeout=60)
        refused = requests.post(f"{url}/{path}", files={"file": ("a.bin", bytes(2_000_001))}, timeout=60)
    assert (allowed.status_code, refused.status_code) == (200, 413)
    assert "the maximum is 2,000,000 bytes" in refused.json()["detail"]
    assert len(server.requests) == 1


def make_file(content: bytes = b"shoe", name: str | None = "shoe.txt", **arguments: Any) -> StarletteUploadFile:
    return StarletteUploadFile(io.BytesIO(content), filename=name, **arguments)


def test_a_file_that_claims_another_size_is_measured(server: LocalImageKit) -> None:
    with server.client() as imagekit, pytest.raises(UploadRefusedError, match="too large"):
        upload(imagekit, make_file(bytes(100), size=1), max_bytes=99)
    assert not server.requests


@pytest.mark.parametrize("name", [None, "", "/", "shop/"])
def test_a_file_without_a_name_is_refused_unless_it_is_given(server: LocalImageKit, name: str | None) -> None:
    with server.client() as imagekit:
        if name != "shop/":
            with pytest.raises(UploadRefusedError, match="no name"):
                upload(imagekit, make_file(name=name))
            with pytest.raises(UploadRefusedError, match="No file was chosen" if not name else "no name"):
                upload(imagekit, make_file(b"", name=name))
        assert upload(imagekit, make_file(name=name), file_name="boot.txt").name.startswith("boot_")
    assert len(server.requests) == 1


def test_a_form_without_the_file_is_refused(server: LocalImageKit) -> None:
    with server.client() as imagekit, pytest.raises(UploadRefusedError, match="No file was chosen"):
        upload(imagekit, None)
    assert not server.requests


def test_visitors_cannot_replace_files_unless_the_code_allows_it(server: LocalImageKit) -> None:
    with server.client() as imagekit:
        with pytest.raises(ValueError, match="lets visitors replace files: add overwrite_file=False"):
            upload(imagekit, make_file(), use_unique_file_name=False)
        assert not server.requests
        stored = {
            upload(imagekit, make_file(), use_unique_file_name=False, overwrite_file=True).file_path,
            upload(imagekit, make_file(), file_name="shoe.txt", use_unique_file_name=False).file_path,
        }
    assert stored == {"/shoe.txt"}


@pytest.mark.parametrize(("limit", "kind"), [(0, ValueError), (-1, ValueError), ("9", TypeError), (True, TypeError)])
def test_a_limit_that_is_not_valid_is_an_error_before_anything_is_sent(
    server: LocalImageKit, limit: Any, kind: type[Exception]
) -> None:
    with server.client() as imagekit, pytest.raises(kind, match="max_bytes must be"):
        upload(imagekit, make_file(), max_bytes=limit)
    assert not server.requests


RULES = UploadRules("/users/anna", max_bytes=1000, accept=["text/plain"], options={"is_private_file": True})
PERMISSION = UploadPermission(RULES, uploader="anna", secret="the secret of the application")
FORMS = ("form", "async-form")


def find_permission(user: Annotated[str, Header()] = "anna") -> UploadPermission | None:
    return PERMISSION if user == "anna" else None


PermissionDep = Annotated[UploadPermission | None, Depends(find_permission)]


@pytest.fixture
def form_url(account: dict[str, Any]) -> Iterator[str]:
    """Address of an application whose forms upload by rules, or name what the browser has uploaded itself."""
    app = FastAPI(lifespan=lifespan(**account))
    install_error_handlers(app)

    @app.post("/form")
    def add(imagekit: ImageKitDep, permission: PermissionDep, photo: UploadFile | None = None) -> str:
        return upload_by_rules(imagekit, photo, permission).file_id

    @app.post("/async-form")
    async def add_asynchronously(
        imagekit: AsyncImageKitDep, permission: PermissionDep, photo: UploadFile | None = None
    ) -> str:
        return (await upload_by_rules(imagekit, photo, permission)).file_id

    @app.post("/check")
    async def check(imagekit: AsyncImageKitDep, permission: PermissionDep, file_id: str) -> FileOut:
        return FileOut.model_validate(await check_upload(imagekit, file_id, permission))

    with serve(app) as url:
        yield url


def send(
    url: str, content: bytes, name: str = "a.txt", media_type: str = "text/plain", user: str = "anna"
) -> requests.Response:
    files = {"photo": (name, content, media_type)}
    return requests.post(url, files=files, headers={"User": user}, timeout=60)


@pytest.mark.parametrize("path", FORMS)
def test_a_form_without_javascript_uploads_by_the_same_rules(server: LocalImageKit, form_url: str, path: str) -> None:
    file_id = send(f"{form_url}/{path}", b"text", r"C:\Users\anna\a.txt").json()
    file = requests.post(f"{form_url}/check", params={"file_id": file_id}, timeout=60).json()
    assert file["file_path"].startswith("/users/anna/a_")
    assert file["is_private_file"] is True
    assert [seen.operation for seen in server.requests] == ["upload_file", "get_file_details"]


@pytest.mark.parametrize("path", FORMS)
def test_a_form_that_the_rules_refuse_says_why_and_nothing_is_sent(
    server: LocalImageKit, form_url: str, path: str
) -> None:
    url = f"{form_url}/{path}"
    answers = {
        send(url, bytes(1001)): (413, "The file is too large: it has 1.001 kB, and the maximum is 1 kB."),
        send(url, b"text", media_type="image/png"): (400, "The file has the wrong type; allowed: text/plain."),
        send(url, b""): (400, "The file is empty."),
        send(url, b"", ""): (400, "No file was chosen."),
        send(url, b"text", ".."): (400, "The file has no name."),
        send(url, b"text", user="ben"): (401, "Please log in to upload files."),
        requests.post(url, timeout=60): (400, "No file was chosen."),
    }
    for answer, wanted in answers.items():
        assert (answer.status_code, answer.json()["message"]) == wanted
    assert not server.requests


@pytest.mark.parametrize("path", FORMS)
def test_the_service_looks_at_the_content_of_a_form(server: LocalImageKit, form_url: str, path: str) -> None:
    assert send(f"{form_url}/{path}", b"%PDF-1.7").status_code == 400
    assert len(server.requests) == 1
    assert len(server.client().list_files()) == 0


@pytest.mark.parametrize("permission", [RULES, "anna", ("/users/anna", "anna")])
def test_an_object_that_is_not_a_permission_is_a_type_error(server: LocalImageKit, permission: Any) -> None:
    with server.client() as imagekit:
        with pytest.raises(TypeError, match="must return an UploadPermission"):
            upload_by_rules(imagekit, make_file(), permission)
        with pytest.raises(TypeError, match="must return an UploadPermission"):
            check_upload(imagekit, "6650a1b2c3d4e5f607182930", permission)
    assert not server.requests


def test_objects_that_are_not_uploads_and_unknown_options_are_errors(server: LocalImageKit) -> None:
    with server.client() as imagekit:
        with pytest.raises(TypeError, match=r"UploadFile \(got bytes\)"):
            upload(imagekit, b"shoe")  # type: ignore[call-overload]
        with pytest.raises(TypeError, match="folder"):
            upload(imagekit, make_file(), foldr="/shop")  # type: ignore[call-overload]
    assert not server.requests


def test_several_files_at_once_in_starlette(server: LocalImageKit, account: dict[str, Any]) -> None:
    async def create_files(request: Request) -> Response:
        async with request.form() as form:
            files = [file for file in form.getlist("files") if isinstance(file, StarletteUploadFile)]
            uploads = [upload(request.state.async_imagekit, file) for file in files]
            return JSONResponse([file.size for file in await asyncio.gather(*uploads)])

    app = Starlette(routes=[Route("/", create_files, methods=["POST"])], lifespan=lifespan(**account))
    with serve(app) as url:
        files = [("files", (f"{size}.bin", bytes(size))) for size in (1, 10, 3_000_000)]
        assert requests.post(url, files=files, timeout=60).json() == [1, 10, 3_000_000]


def test_the_event_loop_serves_others_during_an_upload(account: dict[str, Any]) -> None:
    answers: list[requests.Response] = []
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,  # accepts the upload and says nothing
        serve(
            make_app({**account, "upload_base_url": f"http://127.0.0.1:{silent.getsockname()[1]}", "retry": 1})
        ) as url,
    ):

        def post() -> None:
            answers.append(requests.post(f"{url}/async-files", files={"file": ("a.bin", bytes(10**7))}, timeout=60))

        thread = threading.Thread(target=post)
        thread.start()
        connection, _ = silent.accept()
        assert requests.get(f"{url}/ping", timeout=30).json() == "pong"
        assert not answers
        connection.close()
        thread.join()
    assert answers[0].status_code == 502


def test_a_browser_that_leaves_during_its_upload_sends_nothing_on(
    server: LocalImageKit, account: dict[str, Any]
) -> None:
    with serve(make_app(account)) as url:
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(
                b"POST /async-files HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n"
                b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
                b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhalf'
            )
        assert requests.get(f"{url}/ping", timeout=60).json() == "pong"
    assert not server.requests
