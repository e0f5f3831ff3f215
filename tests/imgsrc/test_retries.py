"""Retries as the released package configures them."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.exceptions import NetworkException
from imagekitio.flow.attempts import Wait, attempts
from imagekitio.imgsrc.operations.images import get_image
from imagekitio.imgsrc.retries import BackoffRetry, check_retries
from imagekitio.imgsrc.sending.service import ImgsrcService
from imagekitio.imgsrc.utils import BackoffStrategy, RetryConfig
from imagekitio.policies import Retry

from .answers import ID, METADATA, respond

if TYPE_CHECKING:
    from imagekitio.operations.core import Response

STRATEGY = BackoffStrategy(500, 60_000, 1.5, 300_000)
SERVICE = ImgsrcService("imgsrc_a")


def drive(retry: Retry, replies: list[Any], *, seconds_each: float = 0.0, chance: float = 0.0) -> list[Any]:
    """Return the waits, and at the end the result or the exception."""
    time = 0.0

    def clock() -> float:
        return time

    steps = attempts(get_image(ID), SERVICE, retry, clock=clock, now=lambda: 1000.0 + time, chance=lambda: chance)
    found: list[Any] = []
    reply: Any = None
    try:
        while True:
            step = steps.send(reply)
            if isinstance(step, Wait):
                found.append(step.seconds)
                time, reply = time + step.seconds, None
            else:
                time, reply = time + seconds_each, replies.pop(0)
    except StopIteration as done:
        return [*found, done.value.id]
    except Exception as exc:
        return [*found, type(exc).__name__]


def failure(status: int = 503, **headers: str) -> Response:
    return respond(b"", status, **headers)


def test_pauses_grow_up_to_the_longest() -> None:
    retry = RetryConfig("backoff", BackoffStrategy(500, 1200, 2, 300_000), retry_connection_errors=False).to_retry()
    assert drive(retry, [failure() for _ in range(4)] + [respond(METADATA)]) == [0.5, 1.0, 1.2, 1.2, ID]
    assert drive(retry, [failure(), respond(METADATA)], chance=0.5) == [1.0, ID]


def test_the_log_names_no_number_of_attempts_where_there_is_none(caplog: pytest.LogCaptureFixture) -> None:
    drive(RetryConfig("backoff", STRATEGY, retry_connection_errors=False).to_retry(), [failure(), respond(METADATA)])
    assert caplog.messages[-1].endswith("waiting 0.5 s before attempt 2")


def test_it_gives_up_after_the_time_has_passed_however_many_attempts_that_were() -> None:
    retry = RetryConfig("backoff", BackoffStrategy(100, 100, 1, 1000), retry_connection_errors=False).to_retry()
    answers: list[Any] = [failure() for _ in range(100)]
    assert drive(retry, answers, seconds_each=0.15) == [0.1, 0.1, 0.1, 0.1, "InternalServerException"]
    assert len(answers) == 95


@pytest.mark.parametrize("strategy", ["none", "BACKOFF", ""])
def test_any_other_strategy_means_one_attempt(strategy: str) -> None:
    retry = RetryConfig(strategy, STRATEGY, retry_connection_errors=True).to_retry()
    assert drive(retry, [failure()]) == ["InternalServerException"]


def test_connection_errors_are_repeated_only_if_requested() -> None:
    repeated = RetryConfig("backoff", STRATEGY, retry_connection_errors=True).to_retry()
    assert drive(repeated, [NetworkException("a"), respond(METADATA)]) == [0.5, ID]
    once = RetryConfig("backoff", STRATEGY, retry_connection_errors=False).to_retry()
    assert drive(once, [NetworkException("a"), respond(METADATA)]) == ["NetworkException"]


def test_a_pause_that_the_service_asks_for_is_not_capped_by_the_longest() -> None:
    retry = RetryConfig("backoff", BackoffStrategy(1, 50, 1.1, 100), retry_connection_errors=False).to_retry()
    assert drive(retry, [failure(Retry_After="2.5"), respond(METADATA)]) == [2.5, ID]


def test_a_quota_that_asks_to_wait_for_weeks_is_an_error_immediately() -> None:
    retry = RetryConfig("backoff", STRATEGY, retry_connection_errors=False).to_retry()
    assert drive(retry, [failure(429, X_RateLimit_Reset="900000")]) == ["TooManyRequestsException"]
    assert drive(Retry(), [failure(429, X_RateLimit_Reset="900000")]) == ["TooManyRequestsException"]


def test_huge_numbers_of_attempts_do_not_overflow() -> None:
    assert BackoffRetry(backoff=STRATEGY).backoff_seconds(10**6, 1.0) == 60.0


def test_a_configuration_becomes_a_policy_and_so_do_our_own() -> None:
    config = RetryConfig("backoff", STRATEGY, retry_connection_errors=True)
    assert check_retries("retries", config) == config.to_retry() == pickle.loads(pickle.dumps(config.to_retry()))
    assert check_retries("retries", None) == Retry(attempts=1)
    assert check_retries("retries", 5) == Retry(attempts=5)
    assert check_retries("retries", Retry(attempts=2)) == Retry(attempts=2)


@pytest.mark.parametrize("value", ["backoff", STRATEGY, 1.5, {}])
def test_anything_else_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="retries must be a RetryConfig, a Retry"):
        check_retries("retries", value)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: BackoffStrategy("1", 50, 1.1, 100), TypeError, "initial_interval must be a number"),  # type: ignore[arg-type]
        (lambda: BackoffStrategy(1, -50, 1.1, 100), ValueError, "max_interval must be a finite number, 0 or more"),
        (lambda: BackoffStrategy(1, 50, float("nan"), 100), ValueError, "exponent"),
        (lambda: RetryConfig(1, STRATEGY, True), TypeError, "strategy must be a str"),  # type: ignore[arg-type]
        (lambda: RetryConfig("backoff", 5, True), TypeError, "backoff must be a BackoffStrategy"),  # type: ignore[arg-type]
        (lambda: RetryConfig("backoff", STRATEGY, 1), TypeError, "must be True or False"),  # type: ignore[arg-type]
    ],
)
def test_a_wrong_configuration_is_refused(make: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()
