from __future__ import annotations

import json
import pickle

import pytest

from imagekitio import exceptions
from imagekitio.exceptions import (
    BadRequestException,
    ConflictException,
    ErrorDetail,
    FileExistsBadRequestException,
    FileExistsConflictException,
    FileExistsException,
    FileTooLargeException,
    ImageKitException,
    NetworkException,
    NotFoundException,
    UnknownException,
)
from imagekitio.models.response_metadata import Headers, ResponseMetadata
from imagekitio.operations.core import Response
from imagekitio.operations.responses import build_exception, read_metadata

FAMILY: list[type[ImageKitException]] = [
    getattr(exceptions, name) for name in exceptions.__all__ if name.endswith("Exception")
]


def make_error(body: object, message: str = "It failed.", **headers: str) -> ImageKitException:
    return BadRequestException(message, "", ResponseMetadata(body, 400, Headers(headers)))


@pytest.mark.parametrize("kind", FAMILY)
def test_every_exception_pickles_with_all_its_attributes(kind: type[ImageKitException]) -> None:
    body = {"reason": "R", "errors": {"price": "should be of type number"}}
    error = kind("It failed.", "Write to us.", ResponseMetadata(body, 418, Headers({"X-Ik-RequestId": "r"})))
    error.attempts, error.elapsed_seconds = 3, 2.1
    twin = pickle.loads(pickle.dumps(error))
    assert type(twin) is kind
    assert (twin.message, str(twin)) == ("It failed.", "It failed. price: should be of type number (R)")
    assert vars(twin) == vars(error)
    assert (twin.request_id, twin.reason) == ("r", "R")


@pytest.mark.parametrize("kind", FAMILY)
def test_every_exception_belongs_to_the_family_and_needs_no_arguments(kind: type[ImageKitException]) -> None:
    error = kind()
    assert isinstance(error, ImageKitException)
    assert (error.message, error.response_help, error.raw, error.request_id, error.reason) == ("", "", None, None, None)
    assert (str(error), error.errors) == ("", [])
    assert error.response_metadata.http_status_code is None


@pytest.mark.parametrize("name", ["PartialSuccessException", "NotFoundException", "ConflictException"])
def test_old_code_that_catches_unknown_exception_still_catches_it(name: str) -> None:
    assert issubclass(getattr(exceptions, name), UnknownException)


def test_a_timeout_is_a_network_failure_and_not_the_builtin() -> None:
    assert issubclass(exceptions.TimeoutException, NetworkException)
    assert not issubclass(exceptions.TimeoutException, TimeoutError)


@pytest.mark.parametrize("raw", [None, [], "text", {"missingFileIds": "x"}, {"errors": {"a": 1}}, {"errors": ["x"]}])
def test_lists_of_files_are_empty_when_the_response_has_none(raw: object) -> None:
    metadata = ResponseMetadata(raw, 404)
    assert NotFoundException("", "", metadata).missing_file_ids == []
    assert exceptions.PartialSuccessException("", "", metadata).failed_file_ids == []


def test_a_file_that_already_exists_is_caught_by_its_own_class_or_by_that_of_its_status() -> None:
    assert issubclass(FileExistsBadRequestException, FileExistsException)
    assert issubclass(FileExistsConflictException, FileExistsException)
    assert issubclass(FileExistsBadRequestException, BadRequestException)
    assert not issubclass(FileExistsBadRequestException, (ConflictException, UnknownException))
    assert issubclass(FileExistsConflictException, ConflictException)
    assert not issubclass(FileExistsConflictException, BadRequestException)
    assert issubclass(FileTooLargeException, BadRequestException)


@pytest.mark.parametrize(
    ("errors", "details"),
    [
        ({"price": "should be of type number"}, [ErrorDetail("should be of type number", field="price")]),
        ([{"fileId": "a1", "error": "Error in adding tags"}], [ErrorDetail("Error in adding tags", file_id="a1")]),
        ([{"field": "price", "message": "is wrong"}], [ErrorDetail("is wrong", field="price")]),
        (["It failed."], [ErrorDetail("It failed.")]),
        ({"tags": ["a", 1]}, [ErrorDetail("['a', 1]", field="tags")]),
        ([{"fileId": 3}], [ErrorDetail("{'fileId': 3}", file_id="3")]),
        ([{"field": 3, "fileId": None, "error": None}], [ErrorDetail("None")]),
        ({}, []),
        ("text", []),
        (None, []),
    ],
)
def test_every_exception_lists_the_details_of_the_server(errors: object, details: list[ErrorDetail]) -> None:
    error = make_error({"message": "It failed.", "errors": errors})
    assert error.errors == details
    assert str(error) == " ".join(["It failed.", "; ".join(str(detail) for detail in details)]).strip()


def test_the_text_of_an_exception_says_what_is_wrong_in_which_field() -> None:
    error = make_error({"errors": {"price": "should be of type number", "size": "is required"}}, "Invalid field object")
    assert error.message == "Invalid field object"
    assert str(error) == "Invalid field object: price: should be of type number; size: is required"


def test_the_text_of_a_partial_success_names_the_ids_and_what_happened_to_them() -> None:
    body = {"errors": [{"fileId": f"a{number}", "error": "Error in deleting file"} for number in range(17)]}
    error = exceptions.PartialSuccessException("Partial success", "", ResponseMetadata(body, 207))
    assert error.failed_file_ids == [f"a{number}" for number in range(17)]
    assert str(error).startswith("Partial success: a0: Error in deleting file; a1: Error in deleting file; ")
    assert str(error).endswith("a4: Error in deleting file and 12 more")


def test_the_text_of_an_exception_names_the_files_that_are_missing() -> None:
    body = {"missingFileIds": ["a1", "a2"]}
    assert str(make_error(body, "No such file(s).")) == "No such file(s). Missing: a1, a2"
    assert str(make_error(body, "No such file(s)")) == "No such file(s); Missing: a1, a2"
    assert str(make_error({"missingFileIds": [*"abcdefg"]})) == "It failed. Missing: a, b, c, d, e and 2 more"


def test_a_reason_that_the_message_names_is_not_repeated() -> None:
    assert str(make_error({"reason": "FILE_MISSING"})) == "It failed. (FILE_MISSING)"
    assert str(make_error({"reason": "FILE_MISSING"}, "FILE_MISSING it is")) == "FILE_MISSING it is"


def test_a_reason_in_the_body_takes_precedence_over_one_in_the_header() -> None:
    header = {"ik-error": "ENOENT - no file"}
    assert make_error({"reason": "R"}, **header).reason == "R"
    assert make_error(None, **header).reason == "ENOENT"


def test_the_text_of_an_exception_says_how_long_the_service_asks_to_wait() -> None:
    error = make_error(None)
    error.retry_after_seconds = 900.0
    assert str(error) == "It failed. (the service asks to wait 900 s)"


def test_the_text_of_an_exception_is_one_printable_line_and_the_message_is_unchanged() -> None:
    message = "It\nfailed \x1b[31m" + "x" * 5000
    error = make_error({"errors": {"a\rb": "c\x07" + "d" * 5000}, "missingFileIds": ["\n"], "reason": "R\x1b"}, message)
    assert error.message == message
    assert str(error).isprintable()
    assert str(error).startswith("It failed �[31mxxx")
    assert "; Missing:" in str(error)
    assert len(str(error)) < 2000


def test_deeply_nested_details_are_shown_briefly() -> None:
    nested: list[object] = []
    for _ in range(50_000):
        nested = [nested]
    assert len(str(make_error({"errors": {"a": nested}}))) < 100


def test_the_exception_names_of_release_5_still_catch_the_same_errors() -> None:
    by_status = {
        400: exceptions.BadRequestError,
        401: exceptions.AuthenticationError,
        403: exceptions.PermissionDeniedError,
        404: exceptions.NotFoundError,
        409: exceptions.ConflictError,
        422: exceptions.UnprocessableEntityError,
        429: exceptions.RateLimitError,
        500: exceptions.InternalServerError,
        503: exceptions.InternalServerError,
    }
    answered = [*by_status, 207, 302, 418, 423]
    for status in answered:
        response = Response(status, Headers({"X-Request-Id": "r"}), b'{"message": "No."}')
        error = build_exception(response, read_metadata(response))
        assert isinstance(error, (exceptions.APIStatusError, exceptions.APIError, exceptions.ImageKitError))
        caught = {name for name in set(by_status.values()) if isinstance(error, name)}
        assert caught == ({by_status[status]} if status in by_status else set())
        assert not isinstance(error, (exceptions.APIConnectionError, exceptions.APIResponseValidationError))
    assert issubclass(exceptions.APITimeoutError, exceptions.APIConnectionError)
    assert issubclass(exceptions.APIConnectionError, exceptions.APIError)
    assert not issubclass(exceptions.APIConnectionError, exceptions.APIStatusError)


def test_an_error_has_the_attributes_of_release_5() -> None:
    body = {"message": "No such file.", "help": "Ask."}
    response = Response(404, Headers({"X-Ik-RequestId": "r"}), json.dumps(body).encode())
    error = build_exception(response, read_metadata(response))
    assert isinstance(error, exceptions.APIStatusError)
    assert (error.status_code, error.body, error.message) == (404, body, "No such file.")
    assert (error.response.status_code, error.response.headers["x-ik-requestid"]) == (404, "r")
    assert error.response.json() == json.loads(error.response.text) == body


@pytest.mark.parametrize(("body", "text"), [(b"<html>", "<html>"), (b"", "")])
def test_the_text_of_a_response_without_json_is_its_body(body: bytes, text: str) -> None:
    metadata = read_metadata(Response(502, Headers(), body))
    assert metadata.text == text
    with pytest.raises(ValueError, match="the response has no JSON body"):
        metadata.json()
