"""The response to a visitor when something fails."""

from __future__ import annotations

import pickle
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio import (
    BadRequestException,
    ConflictException,
    EmptyFileError,
    FileExistsBadRequestException,
    FileExistsConflictException,
    FileTooLargeException,
    ForbiddenException,
    ImageKitException,
    InternalServerException,
    NetworkException,
    NotFoundException,
    PartialSuccessException,
    TimeoutException,
    TooManyRequestsException,
    UnauthorizedException,
    UnknownException,
    UnprocessableEntityException,
    UnreadableResponseException,
)
from imagekitio.contrib.errors import (
    Answer,
    LoginRequiredError,
    UploadRefusedError,
    UploadTooLargeError,
    answer_for,
    check_size,
    format_bytes,
)
from imagekitio.local import LocalImageKit

STATUS = {
    BadRequestException: 400,
    EmptyFileError: 400,
    NotFoundException: 404,
    ConflictException: 409,
    FileExistsBadRequestException: 409,
    FileExistsConflictException: 409,
    FileTooLargeException: 413,
    ForbiddenException: 502,
    ImageKitException: 502,
    InternalServerException: 502,
    NetworkException: 502,
    PartialSuccessException: 502,
    UnauthorizedException: 502,
    UnknownException: 502,
    UnprocessableEntityException: 502,
    UnreadableResponseException: 502,
    TooManyRequestsException: 503,
    TimeoutException: 504,
}

UNITS = {"byte": 1, "bytes": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


def count_bytes(text: str) -> float:
    number, unit = text.split()
    return float(number.replace(",", "")) * UNITS[unit]


@pytest.mark.parametrize("kind", STATUS)
def test_each_error_has_a_status_and_a_message_without_that_of_the_service(kind: type[Exception]) -> None:
    answer = answer_for(kind("private_abc at /secret/path"))
    assert answer is not None
    assert answer.status == STATUS[kind]
    assert answer.message.endswith(".")
    assert "private" not in answer.message
    assert "/secret" not in answer.message


def test_a_file_that_is_too_large_for_a_proxy_before_the_service_is_413() -> None:
    with LocalImageKit() as server, server.client() as imagekit:
        server.faults.add(status=413, operation="upload_file")
        with pytest.raises(UnknownException) as caught:
            imagekit.upload_file(b"shoe", "shoe.txt")
    answer = answer_for(caught.value)
    assert (answer.status, answer.message) == (413, "The file is too large.")


def test_a_mistake_of_the_application_has_no_response() -> None:
    assert answer_for(ValueError("width must be positive")) is None
    assert answer_for(KeyError("a")) is None


@pytest.mark.parametrize(("asked", "sent"), [(None, "1"), (0.2, "1"), (2.1, "3"), (60.0, "60")])
def test_a_rate_limit_says_when_to_come_back(asked: float | None, sent: str) -> None:
    error = TooManyRequestsException("slow down")
    error.retry_after_seconds = asked
    answer = answer_for(error)
    assert answer is not None
    assert answer.headers == {"Retry-After": sent}


def test_a_refused_upload_has_the_message_of_the_application() -> None:
    answer = answer_for(UploadRefusedError("Only pictures, please."))
    assert answer is not None
    assert (answer.status, answer.message) == (400, "Only pictures, please.")


def test_a_visitor_who_must_log_in_is_told_so() -> None:
    error = pickle.loads(pickle.dumps(LoginRequiredError()))
    assert answer_for(error) == Answer(401, "Please log in to upload files.")


def test_a_file_that_is_too_large_is_refused_with_both_sizes() -> None:
    with pytest.raises(UploadTooLargeError) as caught:
        check_size(26_200_000, 10_000_000)
    assert str(caught.value) == "The file is too large: it has 26.2 MB, and the maximum is 10 MB."
    with pytest.raises(UploadTooLargeError, match=r"it has 5,000,001 bytes, and the maximum is 5,000,000 bytes"):
        check_size(5_000_001, 5_000_000)
    answer = answer_for(pickle.loads(pickle.dumps(caught.value)))
    assert answer is not None
    assert (answer.status, answer.message) == (413, str(caught.value))


@pytest.mark.parametrize(("size", "limit"), [(None, 1), (5, None), (None, None), (5, 5)])
def test_a_size_within_the_limit_or_unknown_passes(size: int | None, limit: int | None) -> None:
    check_size(size, limit)


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1 kB"), (999_999, "1 MB"), (26_214_400, "26.2 MB")],
)
def test_bytes_are_written_as_people_write_them(count: int, text: str) -> None:
    assert format_bytes(count) == text


@given(st.integers(min_value=1000, max_value=10**15))
def test_a_written_size_is_within_a_twentieth_of_the_real_one(count: int) -> None:
    text = format_bytes(count)
    assert abs(count_bytes(text) - count) <= UNITS[text.split()[1]] * 0.05 + 1e-6 * count


@pytest.mark.parametrize(
    ("size", "limit", "text"),
    [
        (5_100_000, 5_000_000, "it has 5.1 MB, and the maximum is 5 MB"),
        (5_010_000, 5_000_000, "it has 5.01 MB, and the maximum is 5 MB"),
        (5_000_001, 5_000_000, "it has 5,000,001 bytes, and the maximum is 5,000,000 bytes"),
        (1_000_000, 999_999, "it has 1 MB, and the maximum is 999.999 kB"),
        (1_001, 1_000, "it has 1.001 kB, and the maximum is 1 kB"),
        (2, 1, "it has 2 bytes, and the maximum is 1 byte"),
    ],
)
def test_two_sizes_have_enough_digits_to_differ(size: int, limit: int, text: str) -> None:
    assert text in str(UploadTooLargeError(size, limit))


@given(st.data())
def test_the_written_size_of_a_file_that_is_too_large_is_more_than_the_written_limit(data: st.DataObject) -> None:
    limit = data.draw(st.integers(1, 10**14))
    size = limit + data.draw(st.one_of(st.integers(1, 1000), st.integers(1, 10**14)))
    written = re.search(r"it has (.+), and the maximum is (.+)\.", str(UploadTooLargeError(size, limit)))
    assert written
    assert count_bytes(written[1]) > count_bytes(written[2])


def test_a_file_that_was_read_no_further_than_the_limit_is_too_large() -> None:
    answer = answer_for(UploadTooLargeError(None, 1000))
    assert answer is not None
    assert (answer.status, answer.message) == (413, "The file is too large: the maximum is 1 kB.")
