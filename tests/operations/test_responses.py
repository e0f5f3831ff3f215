from __future__ import annotations

import json
import pickle
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio import exceptions
from imagekitio.exceptions import (
    ImageKitException,
    InternalServerException,
    UnknownException,
    UnreadableResponseException,
)
from imagekitio.models.response_metadata import Headers
from imagekitio.models.results import (
    FileResultWithResponseMetadata,
    ListFileResult,
    ResponseMetadataResult,
    UploadFileResult,
)
from imagekitio.operations.core import Response
from imagekitio.operations.responses import build_exception, parse_as, read_metadata

if TYPE_CHECKING:
    from imagekitio.models.result import Result

read_file = parse_as(FileResultWithResponseMetadata)


def answer(status: int, body: bytes = b"", **headers: str) -> Response:
    return Response(status, Headers({name.replace("_", "-"): value for name, value in headers.items()}), body)


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (207, "PartialSuccessException"),
        (400, "BadRequestException"),
        (401, "UnauthorizedException"),
        (403, "ForbiddenException"),
        (404, "NotFoundException"),
        (409, "ConflictException"),
        (429, "TooManyRequestsException"),
        (500, "InternalServerException"),
        (502, "InternalServerException"),
        (503, "InternalServerException"),
        (504, "InternalServerException"),
        (599, "InternalServerException"),
        (100, "UnknownException"),
        (302, "UnknownException"),
        (405, "UnknownException"),
        (413, "UnknownException"),
        (422, "UnprocessableEntityException"),
        (423, "UnknownException"),
    ],
)
def test_each_status_has_its_own_class(status: int, name: str) -> None:
    body = b'{"message": "It failed.", "help": "Write to us."}'
    with pytest.raises(ImageKitException) as caught:
        read_file(answer(status, body, x_ik_requestid="r-1"))
    error = caught.value
    assert type(error) is getattr(exceptions, name)
    assert str(error) == error.message == "It failed."
    assert error.response_help == "Write to us."
    assert error.response_metadata.http_status_code == status
    assert error.response_metadata.raw == {"message": "It failed.", "help": "Write to us."}
    assert error.request_id == "r-1"


@pytest.mark.parametrize("status", [200, 201, 202, 203, 299])
def test_every_other_success_is_parsed(status: int) -> None:
    assert read_file(answer(status, b'{"fileId": "a"}')).file_id == "a"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "HTTP 502 Bad Gateway with an empty body"),
        (b"<html>\n <h1>Bad  gateway</h1>", "HTTP 502 Bad Gateway: an HTML page: Bad gateway"),
        (
            b"<html>\n<head><title>502 Bad Gateway</title></head>\n<body>\n<center><h1>502 Bad\n Gateway</h1></center>"
            b"<hr><center>nginx</center> 502 Bad Gateway</body></html>",
            "HTTP 502 Bad Gateway: an HTML page: 502 Bad Gateway nginx 502 Bad Gateway",
        ),
        (b"\n<!DOCTYPE html><html></html>", "HTTP 502 Bad Gateway: an HTML page without text"),
        (b"<p>Bad gateway", "HTTP 502 Bad Gateway: <p>Bad gateway"),
        (b'{"message": "cut o', 'HTTP 502 Bad Gateway: {"message": "cut o'),
        (b"{}", "HTTP 502 Bad Gateway: {}"),
        (b'["a"]', 'HTTP 502 Bad Gateway: ["a"]'),
        (b'{"message": 3}', 'HTTP 502 Bad Gateway: {"message": 3}'),
        (b'{"message": " "}', 'HTTP 502 Bad Gateway: {"message": " "}'),
        (b"\xff\xfe\x00\x1b[31m", "HTTP 502 Bad Gateway: ����[31m"),
        (b"null", "HTTP 502 Bad Gateway: null"),
    ],
)
def test_without_a_message_of_the_server_the_exception_shows_status_and_excerpt(body: bytes, message: str) -> None:
    with pytest.raises(InternalServerException) as caught:
        read_file(answer(502, body))
    assert caught.value.message == message
    assert caught.value.response_help == ""


def test_an_excerpt_is_short_and_printable() -> None:
    with pytest.raises(InternalServerException) as caught:
        read_file(answer(500, b"x\x00\x07\x1b" * 100_000))
    assert len(caught.value.message) < 250
    assert caught.value.message.isprintable()


def test_an_html_page_is_shown_as_its_text() -> None:
    style = b"<style>" + b"p { color: red }" * 500 + b"</style>"
    page = b"<!doctype html><head>" + style + b"<script>alert('<b>')</script><!-- <i> -->"
    with pytest.raises(InternalServerException) as caught:
        read_file(answer(503, page + b"<title>Maintenance</title><p class='a'>Back&nbsp;at &lt;5 pm&gt;</p><script>x"))
    assert caught.value.message == "HTTP 503 Service Unavailable: an HTML page: Maintenance Back at <5 pm>"


def test_a_login_page_instead_of_a_result_is_shown_as_its_text() -> None:
    with pytest.raises(UnknownException, match=r"cannot be parsed: it is an HTML page: Log in to the Wi-Fi$"):
        read_file(answer(200, b"<html><h1>Log in to the Wi-Fi</h1>"))


def test_a_status_without_a_phrase_is_shown_as_its_number() -> None:
    with pytest.raises(UnknownException, match=r"^HTTP 499 with an empty body$"):
        read_file(answer(499))


@pytest.mark.parametrize(
    ("location", "host"),
    [
        ("https://evil.example/path?token=1", "evil.example"),
        ("//user:secret@evil.example:8443/x", "evil.example:8443"),
        ("/elsewhere", "the same host"),
    ],
)
def test_a_redirect_is_an_error_that_names_the_host_and_nothing_else(location: str, host: str) -> None:
    with pytest.raises(UnknownException) as caught:
        read_file(answer(302, b"", location=location))
    assert caught.value.message == f"HTTP 302 Found: the server redirects to {host}, but redirects are not followed"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"3", b'"text"', b"null", b"[" * 9999])
def test_a_success_that_cannot_be_parsed_has_its_own_exception(body: bytes) -> None:
    with pytest.raises(UnreadableResponseException, match=r"^HTTP 200 OK, but the response cannot be parsed") as caught:
        read_file(answer(200, body))
    assert caught.value.response_metadata.http_status_code == 200
    assert len(caught.value.message) < 250


def test_a_body_that_is_not_json_is_kept_as_text() -> None:
    with pytest.raises(UnknownException) as caught:
        read_file(answer(200, "<p>größer</p>".encode()))
    assert caught.value.raw == "<p>größer</p>"


TAKEN = "A file with the same name already exists at the exact location. We could not overwrite it because both \
overwriteFile and useUniqueFileName are set to false."
TOO_LARGE = "Your request contains invalid file parameter. The file size exceeds limits."
RENAMED = "File with name b.jpg already exists at the same location."


@pytest.mark.parametrize(
    ("status", "body", "name"),
    [
        (400, {"message": TAKEN}, "FileExistsBadRequestException"),
        (400, {"message": TOO_LARGE}, "FileTooLargeException"),
        (400, {"message": "A custom metadata field with this name already exists."}, "BadRequestException"),
        (400, {"message": RENAMED, "reason": ""}, "BadRequestException"),
        (409, {"message": "It failed.", "reason": "FILE_ALREADY_EXISTS"}, "FileExistsConflictException"),
        (409, {"message": RENAMED}, "FileExistsConflictException"),
        (409, {"message": "Folder with name a already exists at the same location."}, "ConflictException"),
        (409, {"message": TAKEN, "reason": ["FILE_ALREADY_EXISTS"]}, "ConflictException"),
        (413, {"message": TOO_LARGE}, "UnknownException"),
    ],
)
def test_a_refusal_that_programs_handle_separately_has_its_own_class(
    status: int, body: dict[str, Any], name: str
) -> None:
    with pytest.raises(ImageKitException) as caught:
        read_file(answer(status, json.dumps(body).encode()))
    assert type(caught.value) is getattr(exceptions, name)
    assert caught.value.message == body["message"]


def test_the_header_of_delivery_gives_the_message_and_the_reason() -> None:
    response = answer(404, b"<html>Not Found", ik_error="ENOENT - there is no file at /%C3%A9%0D%0Aa.jpg")
    error = build_exception(response, read_metadata(response), "GET https://ik.imagekit.io/acme/a.jpg")
    assert type(error) is exceptions.NotFoundException
    assert error.reason == "ENOENT"
    assert str(error) == (
        "GET https://ik.imagekit.io/acme/a.jpg: HTTP 404 Not Found: ENOENT - there is no file at /é a.jpg"
    )


@pytest.mark.parametrize("header", ["", "it failed", "Error - it failed", "ENOENT: it failed"])
def test_a_header_of_delivery_without_a_code_gives_no_reason(header: str) -> None:
    response = answer(404, b"Not Found", ik_error=header)
    error = build_exception(response, read_metadata(response))
    assert error.reason is None
    assert str(error) == f"HTTP 404 Not Found: {header or 'Not Found'}"


def test_a_queued_upload_is_a_result_without_a_file() -> None:
    body = b'{"message": "The pre-transformation has been queued successfully."}'
    result = parse_as(UploadFileResult)(answer(202, body))
    assert result == UploadFileResult(message="The pre-transformation has been queued successfully.")
    assert result.message == "The pre-transformation has been queued successfully."
    assert result.response_metadata.http_status_code == 202


@pytest.mark.parametrize("depth", [900, 9_000, 200_000])
@pytest.mark.parametrize("status", [200, 404])
def test_json_nested_too_deeply_raises_an_exception_of_the_library(status: int, depth: int) -> None:
    nested = b"[" * depth + b"]" * depth
    with pytest.raises(UnknownException):
        read_file(answer(status, nested))
    try:
        result = read_file(answer(status, b'{"versionInfo":' + nested + b"}"))
    except UnknownException:
        assert (status, depth) != (200, 900)
    else:  # Python could read it, so the field keeps it as it was sent
        assert result.to_dict()["versionInfo"] == result.version_info


def test_a_field_of_an_unexpected_shape_does_not_fail_a_successful_call() -> None:
    file = read_file(answer(200, b'{"fileId": "a", "embeddedMetadata": "", "versionInfo": [], "AITags": "none"}'))
    found: tuple[Any, ...] = (file.file_id, file.embedded_metadata, file.version_info, file.ai_tags)
    assert found == ("a", "", [], "none")


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
members = st.sampled_from(["message", "help", "reason", "errors", "missingFileIds", "fileId", "versionInfo", "AITags"])
bodies = (
    (json_values | st.dictionaries(members, json_values)).map(lambda value: json.dumps(value).encode())
    | st.binary()
    | st.text().map(lambda text: text.encode())
)


@given(st.integers(100, 599), bodies, st.text(st.characters(max_codepoint=255)))
def test_any_response_raises_only_exceptions_of_the_library_and_they_pickle(
    status: int, body: bytes, location: str
) -> None:
    response = answer(status, body, location=location)
    for result in (FileResultWithResponseMetadata, ListFileResult, ResponseMetadataResult, UploadFileResult):
        error = error_of(result, response)
        twin = pickle.loads(pickle.dumps(error))
        assert type(twin) is type(error)
        assert str(twin) == str(error)
        if error is not None:
            assert repr(vars(twin)) == repr(vars(error))  # repr, because NaN is not equal to itself
            assert isinstance(error.response_help, str)
            assert error.reason is None or isinstance(error.reason, str)
        for name in ("errors", "failed_file_ids", "missing_file_ids"):
            assert isinstance(getattr(error, name, []), list)


def error_of(result: type[Result], response: Response) -> ImageKitException | None:
    try:
        parse_as(result)(response)
    except ImageKitException as error:
        return error
    return None
