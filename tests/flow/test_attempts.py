from __future__ import annotations

import json
import logging
import pickle
import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO, RawIOBase
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.exceptions import (
    ImageKitException,
    NetworkException,
    TimeoutException,
    TooManyRequestsException,
    UnknownException,
)
from imagekitio.flow.attempts import Wait, attempts, can_rewind
from imagekitio.flow.imagekit import ImageKitService
from imagekitio.flow.pacing import Pacing
from imagekitio.models.response_metadata import Headers, ResponseMetadata
from imagekitio.operations.core import FilePart, Multipart, Operation, Request, Response
from imagekitio.policies import Retry

if TYPE_CHECKING:
    from pathlib import Path

NOW = 1_700_000_000.0
SERVICE = ImageKitService("private_fake", "https://api.example", "https://upload.example")
Reply = Response | ImageKitException


def parse(response: Response) -> Any:
    if response.status >= 400:
        kind = TooManyRequestsException if response.status == 429 else UnknownException
        raise kind(f"status {response.status}", "", ResponseMetadata(None, response.status, response.headers))
    return json.loads(response.body)


READ = Operation(Request("GET", "/v1/files/a?token=secret"), parse)
WRITE = Operation(Request("POST", "/v1/files/copy", b"{}", idempotent=False), parse)
DONE = Response(200, Headers(), b'"done"')


def make_failure(status: int, **headers: str) -> Response:
    return Response(status, Headers({name.replace("_", "-"): value for name, value in headers.items()}), b"")


def make_network_error(*, sent: bool, retryable: bool = True) -> NetworkException:
    error = NetworkException("GET https://api.example/v1/files/a: Connection refused")
    error.request_sent, error.retryable = sent, retryable
    return error


class Clock:
    """A clock that advances by one second with each reading."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        self.seconds += 1.0
        return self.seconds


def run(
    operation: Operation[Any], *replies: Reply, retry: Retry | None = None, chance: float = 1.0
) -> tuple[Any, list[float]]:
    """Play the replies, and return the result (or the exception) and the waits; every reply must be used."""
    steps = attempts(operation, SERVICE, retry or Retry(), clock=Clock(), now=lambda: NOW, chance=lambda: chance)
    left, waits, reply = list(replies), list[float](), cast("Reply | None", None)
    result: Any
    while True:
        try:
            step = steps.send(reply)
        except StopIteration as done:
            result = done.value
            break
        except ImageKitException as exc:
            result = exc
            break
        if isinstance(step, Wait):
            waits.append(step.seconds)
            reply = None
        else:
            assert step._replace(within_seconds=None) == operation.request
            reply = left.pop(0)
    assert not left, "fewer attempts than replies"
    return result, waits


def test_an_immediate_answer_is_parsed_without_a_wait() -> None:
    assert run(READ, DONE) == ("done", [])


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_an_idempotent_operation_is_retried_after_a_temporary_failure(status: int) -> None:
    assert run(READ, make_failure(status), DONE) == ("done", [0.5])


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 423, 501])
def test_a_refusal_is_not_retried(status: int) -> None:
    error, waits = run(READ, make_failure(status))
    assert (error.response_metadata.http_status_code, error.attempts, waits) == (status, 1, [])


@pytest.mark.parametrize("status", [429, 503])
def test_a_non_idempotent_operation_is_retried_if_the_service_says_that_it_did_nothing(status: int) -> None:
    assert run(WRITE, make_failure(status), DONE) == ("done", [0.5])


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_non_idempotent_operation_is_not_retried_after_an_ambiguous_failure(status: int) -> None:
    error, waits = run(WRITE, make_failure(status))
    assert (error.attempts, waits) == (1, [])


def test_a_non_idempotent_operation_is_not_retried_after_a_lost_answer() -> None:
    error, _ = run(WRITE, make_network_error(sent=True))
    assert error.attempts == 1


def test_a_non_idempotent_operation_is_retried_if_no_connection_was_made() -> None:
    assert run(WRITE, make_network_error(sent=False), DONE) == ("done", [0.5])


def test_an_idempotent_operation_is_retried_after_a_lost_answer() -> None:
    assert run(READ, make_network_error(sent=True), DONE) == ("done", [0.5])


def test_a_permanent_failure_is_not_retried() -> None:
    error, _ = run(READ, make_network_error(sent=False, retryable=False))
    assert error.attempts == 1


def test_an_unreadable_answer_is_not_retried() -> None:
    error, _ = run(READ, UnknownException("the response is larger than 64 MiB"))
    assert (error.message, error.attempts) == ("the response is larger than 64 MiB", 1)


def test_after_the_last_attempt_its_failure_is_raised_with_the_number_of_attempts_and_the_time() -> None:
    error, waits = run(READ, make_failure(500), make_network_error(sent=True), make_failure(503))
    assert error.message == "status 503"
    assert (error.attempts, error.elapsed_seconds, waits) == (3, 6.0, [0.5, 1.0])


def test_a_network_exception_says_how_many_attempts_were_made_and_how_long_they_took() -> None:
    error, _ = run(READ, *(make_network_error(sent=True) for _ in range(3)))
    text = "GET https://api.example/v1/files/a: Connection refused, after 3 attempts in 6.0 s"
    assert (str(error), error.message) == (text, text)


def test_a_single_attempt_is_singular() -> None:
    error, _ = run(READ, make_network_error(sent=True), retry=Retry(attempts=1))
    assert str(error).endswith("after 1 attempt in 2.0 s")


def test_what_the_flow_adds_to_an_exception_survives_pickle() -> None:
    error, _ = run(WRITE, make_network_error(sent=True))
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.attempts, again.request_sent) == (str(error), 1, True)


def test_the_wait_for_a_busy_service_is_as_long_as_the_service_asks() -> None:
    replies = make_failure(429, retry_after="2"), make_failure(429, x_ratelimit_reset="1500"), DONE
    assert run(READ, *replies) == ("done", [2.0, 1.5])


def test_a_wait_longer_than_allowed_is_raised_immediately_with_its_length() -> None:
    error, waits = run(READ, make_failure(429, x_ratelimit_reset="900000"))
    assert isinstance(error, TooManyRequestsException)
    assert (error.retry_after_seconds, error.attempts, waits) == (900.0, 1, [])


def test_the_longest_allowed_wait_can_be_set() -> None:
    retry = Retry(max_server_wait_seconds=1000)
    assert run(READ, make_failure(429, x_ratelimit_reset="900000"), DONE, retry=retry) == ("done", [900.0])


def test_the_last_error_says_how_long_the_service_asked_to_wait() -> None:
    error, _ = run(READ, make_failure(503, retry_after="7"), retry=Retry(attempts=1))
    assert error.retry_after_seconds == 7.0


@given(st.integers(min_value=1, max_value=10**9), st.floats(min_value=0, max_value=1))
def test_the_backoff_never_exceeds_its_bounds(attempt: int, chance: float) -> None:
    seconds = Retry(base_seconds=0.5, max_seconds=8).backoff_seconds(attempt, chance)
    assert 0 <= seconds <= min(8, 0.5 * 2 ** min(attempt - 1, 10))


def test_the_backoff_doubles_up_to_its_maximum() -> None:
    waits = [Retry().backoff_seconds(attempt, 1.0) for attempt in range(1, 8)]
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]


def test_the_jitter_can_reduce_a_wait_to_zero() -> None:
    assert run(READ, make_failure(503), make_failure(503), DONE, chance=0.0) == ("done", [0.0, 0.0])


@pytest.mark.parametrize(
    "wrong",
    [{"attempts": 0}, {"base_seconds": -1}, {"max_seconds": float("nan")}, {"max_server_wait_seconds": float("inf")}],
)
def test_an_invalid_value_of_a_retry_policy_is_refused_by_name(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Retry(**wrong)


@pytest.mark.parametrize("wrong", ["3", [], timedelta(seconds=3), True])
@pytest.mark.parametrize("name", ["base_seconds", "max_seconds", "max_server_wait_seconds", "total_seconds"])
def test_a_time_of_a_retry_policy_that_is_not_a_number_is_a_type_error(name: str, wrong: Any) -> None:
    with pytest.raises(TypeError, match=f"^{name} must be a number of seconds .got {re.escape(repr(wrong))}"):
        Retry(**{name: wrong})


@pytest.mark.parametrize("wrong", ["3", 3.0, None, True])
def test_attempts_must_be_a_whole_number(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"^attempts must be a whole number \(got "):
        Retry(attempts=wrong)


class Pipe(RawIOBase):
    def readable(self) -> bool:
        return True


def upload(source: bytes | Path | BinaryIO) -> Multipart:
    return Multipart((("fileName", "a.bin"),), FilePart(source, "a.bin"))


def test_a_stream_that_cannot_be_rewound_is_sent_once() -> None:
    body = upload(cast("BinaryIO", Pipe()))
    error, _ = run(replace(WRITE, request=WRITE.request._replace(body=body)), make_failure(503))
    assert error.attempts == 1


def test_a_file_that_can_be_rewound_is_sent_again() -> None:
    body = upload(BytesIO(b"content"))
    assert run(replace(WRITE, request=WRITE.request._replace(body=body)), make_failure(503), DONE) == ("done", [0.5])


def test_bytes_paths_texts_and_temporary_files_can_be_rewound(tmp_path: Path) -> None:
    with SpooledTemporaryFile() as temporary:
        bodies = [None, b"{}", Multipart((("file", "https://a.example/b.jpg"),)), upload(b"a"), upload(tmp_path)]
        assert all(can_rewind(body) for body in [*bodies, upload(cast("BinaryIO", temporary))])


def test_each_attempt_is_one_debug_line_without_query(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "imagekitio")
    run(READ, make_failure(503), make_network_error(sent=True), DONE)
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.DEBUG] == [
        "GET /v1/files/a: 503 in 1000 ms, attempt 1",
        "GET /v1/files/a: NetworkException in 1000 ms, attempt 2",
        "GET /v1/files/a: 200 in 1000 ms, attempt 3",
    ]


def test_each_retry_is_a_warning_that_says_why_and_how_long_it_waits(caplog: pytest.LogCaptureFixture) -> None:
    run(READ, make_failure(503, retry_after="0.8"), make_network_error(sent=True), DONE)
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "GET /v1/files/a: 503 Service Unavailable, waiting 0.8 s before attempt 2 of 3"),
        ("WARNING", "GET https://api.example/v1/files/a: Connection refused, waiting 1.0 s before attempt 3 of 3"),
    ]


@pytest.mark.parametrize(
    "replies", [(DONE,), (make_failure(404),), (make_failure(503), make_failure(503), make_failure(503))]
)
def test_without_a_further_attempt_there_is_no_warning(
    replies: tuple[Reply, ...], caplog: pytest.LogCaptureFixture
) -> None:
    run(READ, *replies)
    assert len(caplog.records) == len(replies) - 1


def test_a_rate_limit_is_a_warning_only_for_the_call_that_was_refused(caplog: pytest.LogCaptureFixture) -> None:
    gate, refused = (
        Pacing(),
        make_failure(429, x_ratelimit_reset="2000", x_ratelimit_limit="1", x_ratelimit_interval="1000"),
    )
    first, second = (attempts(READ, SERVICE, Retry(), gate=gate, clock=lambda: 0.0, now=lambda: NOW) for _ in range(2))
    assert next(first) == READ.request
    assert first.send(refused) == Wait(2.0)
    assert next(second) == Wait(3.0)
    assert [record.getMessage() for record in caplog.records] == [
        "GET /v1/files/a: 429 Too Many Requests, waiting 2.0 s before attempt 2 of 3"
    ]


def test_a_call_that_may_be_sent_only_once_does_not_wait_for_the_rate_limit_of_others() -> None:
    gate, refused = (
        Pacing(),
        make_failure(429, x_ratelimit_reset="2000", x_ratelimit_limit="1", x_ratelimit_interval="1000"),
    )
    first, second = (
        attempts(READ, SERVICE, retry, gate=gate, clock=lambda: 0.0, now=lambda: NOW)
        for retry in (Retry(), Retry(attempts=1))
    )
    next(first)
    assert first.send(refused) == Wait(2.0)
    assert next(second) == READ.request


def test_a_wait_for_the_rate_limit_of_others_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    gate, refused = (
        Pacing(),
        make_failure(429, x_ratelimit_reset="2000", x_ratelimit_limit="1", x_ratelimit_interval="1000"),
    )
    first, second = (attempts(READ, SERVICE, Retry(), gate=gate, clock=lambda: 0.0, now=lambda: NOW) for _ in range(2))
    next(first)
    first.send(refused)
    caplog.set_level(logging.DEBUG, "imagekitio")
    next(second)
    assert caplog.messages[-1] == "GET /v1/files/a: waiting 3.0 s for the rate limit"


def test_the_log_goes_to_the_given_logger(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("shop.images")
    caplog.set_level(logging.DEBUG, logger.name)
    steps = attempts(READ, SERVICE, Retry(), logger=logger)
    next(steps)
    with pytest.raises(StopIteration):
        steps.send(DONE)
    assert [record.name for record in caplog.records] == ["shop.images"]


def test_other_errors_of_the_parser_propagate_unchanged() -> None:
    steps = attempts(READ, SERVICE, Retry())
    next(steps)
    with pytest.raises(json.JSONDecodeError):
        steps.send(Response(200, Headers(), b"{"))


# A limit for the whole call


def list_steps(*replies: Reply, retry: Retry, operation: Operation[Any] = READ) -> list[Request | Wait]:
    """Return the steps of a call until it ends; only waits advance the clock."""
    now = 0.0
    steps = attempts(operation, SERVICE, retry, clock=lambda: now, now=lambda: NOW, chance=lambda: 1.0)
    left, seen, reply = list(replies), list[Request | Wait](), cast("Reply | None", None)
    while True:
        try:
            step = steps.send(reply)
        except (StopIteration, ImageKitException):
            return seen
        seen.append(step)
        reply = None if isinstance(step, Wait) else left.pop(0)
        now += step.seconds if isinstance(step, Wait) else 0.0


def test_each_attempt_has_the_remaining_time() -> None:
    first, wait, second = list_steps(make_failure(503), DONE, retry=Retry(total_seconds=10))
    assert first == READ.request._replace(within_seconds=10)
    assert wait == Wait(0.5)
    assert second == READ.request._replace(within_seconds=9.5)


def test_without_a_limit_the_request_is_unchanged() -> None:
    assert list_steps(DONE, retry=Retry()) == [READ.request]


@pytest.mark.parametrize(
    "reply", [make_failure(503), make_failure(503, retry_after="2"), make_failure(429, x_ratelimit_reset="2000")]
)
def test_no_wait_starts_that_would_exceed_the_limit(reply: Response) -> None:
    assert len(list_steps(reply, retry=Retry(total_seconds=0.4))) == 1


def test_a_rate_limit_that_outlasts_the_limit_is_raised_before_anything_is_sent() -> None:
    class Closed:
        def wait_seconds(self, limit: object, now: float) -> float:
            return 30.0

        def close(self, *_: object) -> None: ...

    steps = attempts(READ, SERVICE, Retry(total_seconds=25), gate=Closed(), clock=lambda: 0.0)
    with pytest.raises(TimeoutException, match=r"not sent, because the rate limit asks to wait 30\.0 s") as error:
        next(steps)
    assert (error.value.request_sent, error.value.retry_after_seconds) == (False, 30.0)


@pytest.mark.parametrize("seconds", [0, -1, float("inf"), float("nan")])
def test_an_infinite_or_zero_limit_is_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="total_seconds must be a finite number above 0"):
        Retry(total_seconds=seconds)


def test_looking_for_a_lost_upload_has_only_the_remaining_time() -> None:
    lookup = Operation(Request("GET", "/v1/files"), parse)
    uploading = Operation(Request("POST", "/upload", b"x"), parse, lambda *_: lookup)
    seen = list_steps(
        make_network_error(sent=True), DONE, retry=Retry(attempts=1, total_seconds=10), operation=uploading
    )
    assert seen[-1] == lookup.request._replace(within_seconds=10)
