"""Files of forms and bodies of requests, uploaded to local ImageKit."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask, request
from werkzeug.datastructures import FileStorage

from imagekitio.contrib.errors import UploadTooLargeError
from imagekitio.contrib.flask.bodies import LimitedFile

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from imagekitio.contrib.flask import ImageKit
    from imagekitio.local import LocalImageKit


@pytest.fixture(autouse=True)
def views(app: Flask, imagekit: ImageKit) -> None:
    @app.post("/form")
    def add() -> dict[str, Any]:
        file = imagekit.upload(request.files.get("photo"), folder="/photos", max_bytes=1000)
        return {"path": file.file_path, "id": file.file_id}

    @app.put("/body/<name>")
    def put(name: str) -> dict[str, Any]:
        return {"path": imagekit.upload_body(name, max_bytes=1000, use_unique_file_name=False).file_path}


def uploads_of(server: LocalImageKit) -> int:
    return sum(seen.operation == "upload_file" for seen in server.requests)


def send(browser: FlaskClient, content: bytes, name: str) -> Any:
    return browser.post("/form", data={"photo": (io.BytesIO(content), name)})


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("red shoe.txt", "red_shoe"),
        ("Schöne Grüße.txt", "Schöne_Grüße"),
        ("C:/Users/me/shoe.txt", "shoe"),
        ("../../etc/passwd.txt", "passwd"),
    ],
)
def test_a_file_of_a_form_is_stored_under_the_name_that_the_browser_sent_without_its_folders(
    browser: FlaskClient, server: LocalImageKit, name: str, stored: str
) -> None:
    answer = send(browser, b"some text", name)
    assert answer.status_code == 200, answer.text
    folder, _, found = answer.json["path"].rpartition("/")
    assert folder == "/photos"
    assert found.startswith(f"{stored}_")
    assert found.endswith(".txt")
    assert server.client().open_stream(answer.json["path"]).read() == b"some text"
    assert uploads_of(server) == 1


@pytest.mark.parametrize(
    ("data", "status", "message"),
    [
        ({}, 400, "No file was chosen."),
        ({"photo": (io.BytesIO(b""), "")}, 400, "No file was chosen."),
        ({"photo": "text instead of a file"}, 400, "No file was chosen."),
        ({"photo": (io.BytesIO(b"a"), "  ")}, 400, "The file has no name."),
        ({"photo": (io.BytesIO(b"a"), "a/")}, 200, None),  # the folder's own name
        ({"photo": (io.BytesIO(b""), "a.txt")}, 400, "The file is empty."),
        ({"photo": (io.BytesIO(bytes(1000)), "a.bin")}, 200, None),
        (
            {"photo": (io.BytesIO(bytes(1001)), "a.bin")},
            413,
            "The file is too large: it has 1.001 kB, and the maximum is 1 kB.",
        ),
    ],
)
def test_a_form_that_is_refused_says_why_and_nothing_is_sent(
    browser: FlaskClient, server: LocalImageKit, data: dict[str, Any], status: int, message: str | None
) -> None:
    copies = {
        name: (io.BytesIO(value[0].getvalue()), value[1])
        for name, value in data.items()
        if name and value[1:] and isinstance(value, tuple)
    }
    answer = browser.post("/form", data={**data, **copies}, content_type="multipart/form-data")
    assert answer.status_code == status, answer.text
    if message is not None:
        assert answer.json == {"message": message}
        assert uploads_of(server) == 0


def test_the_whole_file_is_sent_even_if_part_of_it_was_read_before(
    app: Flask, imagekit: ImageKit, server: LocalImageKit
) -> None:
    file = FileStorage(io.BytesIO(b"some text"), "a.txt")
    assert file.read(5) == b"some "
    with app.app_context():
        path = imagekit.upload(file).file_path
    assert server.client().open_stream(path).read() == b"some text"


def test_a_stream_that_cannot_seek_is_sent_and_limited(app: Flask, imagekit: ImageKit, server: LocalImageKit) -> None:
    class Pipe(io.RawIOBase):
        def __init__(self, content: bytes) -> None:
            self._file = io.BytesIO(content)

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            return self._file.readinto(buffer)

    with app.app_context():
        path = imagekit.upload(FileStorage(Pipe(b"some text"), "a.txt"), max_bytes=9).file_path  # type: ignore[arg-type]
        assert server.client().open_stream(path).read() == b"some text"
        with pytest.raises(UploadTooLargeError):
            imagekit.upload(FileStorage(Pipe(b"some text"), "a.txt"), max_bytes=8)  # type: ignore[arg-type]
    assert uploads_of(server) == 1


def test_visitors_cannot_replace_files_unless_the_code_allows_it(
    app: Flask, imagekit: ImageKit, server: LocalImageKit
) -> None:
    def make() -> FileStorage:
        return FileStorage(io.BytesIO(b"a"), "a.txt")

    with app.app_context():
        with pytest.raises(ValueError, match="overwrite_file=False"):
            imagekit.upload(make(), use_unique_file_name=False)
        assert uploads_of(server) == 0
        assert imagekit.upload(make(), use_unique_file_name=False, overwrite_file=True).file_path == "/a.txt"
        assert imagekit.upload(make(), file_name="b.txt", use_unique_file_name=False).file_path == "/b.txt"


def test_a_name_that_is_taken_is_409(app: Flask, imagekit: ImageKit, browser: FlaskClient) -> None:
    @app.post("/own-name")
    def add_once() -> str:
        file = request.files["photo"]
        return imagekit.upload(file, use_unique_file_name=False, overwrite_file=False).file_path

    statuses = [browser.post("/own-name", data={"photo": (io.BytesIO(b"a"), "a.txt")}).status_code for _ in range(2)]
    assert statuses == [200, 409]


@pytest.mark.parametrize("file", ["a.txt", b"content", io.BytesIO(b"content")])
def test_an_object_that_is_not_a_file_of_a_form_is_a_type_error(app: Flask, imagekit: ImageKit, file: Any) -> None:
    with app.app_context(), pytest.raises(TypeError, match=r"request\.files"):
        imagekit.upload(file)


def test_a_misspelt_option_is_an_error_before_anything_is_sent(
    app: Flask, imagekit: ImageKit, server: LocalImageKit
) -> None:
    with app.app_context(), pytest.raises(TypeError, match="folder"):
        imagekit.upload(FileStorage(io.BytesIO(b"a"), "a.txt"), foldr="/a")  # type: ignore[call-arg]
    assert server.requests == []


def test_a_body_is_uploaded_unchanged(browser: FlaskClient, server: LocalImageKit) -> None:
    answer = browser.put("/body/a.txt", data=b"some text")
    assert answer.json == {"path": "/a.txt"}
    assert server.client().open_stream("/a.txt").read() == b"some text"


@pytest.mark.parametrize(
    ("content", "status", "message"),
    [
        (b"", 400, "The file is empty."),
        (bytes(1500), 413, "The file is too large: it has 1.5 kB, and the maximum is 1 kB."),
    ],
)
def test_a_body_that_is_refused_is_not_sent(
    browser: FlaskClient, server: LocalImageKit, content: bytes, status: int, message: str
) -> None:
    answer = browser.put("/body/a.txt", data=content)
    assert (answer.status_code, answer.json) == (status, {"message": message})
    assert server.requests == []


def test_a_body_without_a_name_is_refused(browser: FlaskClient, server: LocalImageKit) -> None:
    answer = browser.put("/body/%20", data=b"some text")
    assert (answer.status_code, answer.json) == (400, {"message": "The file has no name."})
    assert server.requests == []


def test_a_body_in_chunks_is_limited_though_its_length_is_unknown(browser: FlaskClient, server: LocalImageKit) -> None:
    def put(content: bytes, **environment: Any) -> Any:
        return browser.put(
            "/body/a.txt",
            input_stream=io.BytesIO(content),
            headers={"Transfer-Encoding": "chunked"},
            environ_overrides=environment,
        )

    assert put(b"some text", **{"wsgi.input_terminated": True}).status_code == 200
    answer = put(bytes(1001), **{"wsgi.input_terminated": True})
    assert (answer.status_code, answer.json) == (413, {"message": "The file is too large: the maximum is 1 kB."})
    assert put(b"some text").status_code == 411  # the server cannot tell where it ends
    assert uploads_of(server) == 1


def test_an_incomplete_body_is_not_sent(browser: FlaskClient, server: LocalImageKit) -> None:
    for terminated in ({}, {"wsgi.input_terminated": True}):
        answer = browser.put(
            "/body/a.txt",
            input_stream=io.BytesIO(b"some"),
            environ_overrides={"CONTENT_LENGTH": "9", **terminated},
        )
        assert answer.status_code == 400
    assert server.requests == []


def test_reading_nothing_is_not_the_end() -> None:
    file = LimitedFile(io.BytesIO(b"some text"), 9, None)
    assert file.read(0) == b""
    assert file.read() == b"some text"
    assert file.read() == b""


def test_an_asynchronous_view_uploads_too(app: Flask, imagekit: ImageKit, browser: FlaskClient) -> None:
    @app.post("/async")
    async def add_later() -> dict[str, Any]:
        return {
            "path": imagekit.upload(request.files["photo"], file_name="b.txt", use_unique_file_name=False).file_path
        }

    assert browser.post("/async", data={"photo": (io.BytesIO(b"a"), "a.txt")}).json == {"path": "/b.txt"}


def test_a_service_that_is_down_is_502(browser: FlaskClient, server: LocalImageKit) -> None:
    server.faults.add(reset=True, times=None)
    answer = send(browser, b"some text", "a.txt")
    assert answer.status_code == 502
    assert answer.json == {"message": "The image service is not available. Please try again later."}


@pytest.mark.parametrize(("limit", "kind"), [("5", TypeError), (0, ValueError), (-1, ValueError), (True, TypeError)])
def test_a_limit_that_is_not_valid_is_an_error_before_anything_is_sent(
    app: Flask, imagekit: ImageKit, server: LocalImageKit, limit: Any, kind: type[Exception]
) -> None:
    with app.test_request_context("/", method="PUT", data=b"a"):
        with pytest.raises(kind, match="max_bytes must be"):
            imagekit.upload(FileStorage(io.BytesIO(b"a"), "a.txt"), max_bytes=limit)
        with pytest.raises(kind, match="max_bytes must be"):
            imagekit.upload_body("a.txt", max_bytes=limit)
    assert server.requests == []
