"""Decide on the attempts at one operation and the waits between them, in a generator that neither sends nor sleeps.

`attempts` yields the steps: a `Request` to send, which is answered with the response or with the exception that was
raised instead, or a `Wait` to sleep through. It returns the result of the operation or raises its exception. This way,
both transports share every decision, and tests need neither a network nor time.
"""

from __future__ import annotations

import logging
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from ..clock import read_unix_time
from ..disk import is_seekable
from ..exceptions import ImageKitException, NetworkException, TimeoutException
from ..operations.core import Multipart, Request, Response
from ..operations.responses import format_status
from ..policies import UNLIMITED_ATTEMPTS

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Hashable

    from ..operations.core import Operation
    from ..policies import Retry
    from .service import Pace, Service

T = TypeVar("T")
Reply = Response | ImageKitException

LOGGER = logging.getLogger("imagekitio")

RETRIED_STATUSES = frozenset({429, 500, 502, 503, 504})
# With these, the service did not start the operation, so even one that is not idempotent may be repeated.
NOT_CARRIED_OUT_STATUSES = frozenset({429, 503})


@dataclass(frozen=True)
class Wait:
    """A request to sleep for some seconds before the next step."""

    seconds: float


class Gate(Protocol):
    """The state of rate limits that the calls of one client share."""

    def wait_seconds(self, limit: Hashable, now: float) -> float:
        """Return how long a request under this limit has to wait before it is sent; 0.0 if it need not wait."""
        ...

    def close(self, limit: Hashable, pace: Pace, seconds: float, now: float) -> None:
        """Note how long the service asks to wait before the next request under this limit."""
        ...


def attempts(
    operation: Operation[T],
    service: Service,
    retry: Retry,
    *,
    gate: Gate | None = None,
    logger: logging.Logger = LOGGER,
    clock: Callable[[], float] = time.perf_counter,
    now: Callable[[], float] = read_unix_time,
    chance: Callable[[], float] = random.random,
    give_up_at: float | None = None,
) -> Generator[Request | Wait, Reply | None, T]:
    """Carry out one operation, in as many attempts as the policy allows.

    Args:
        operation: Request to send and parser of its response.
        service: Service, which defines how its responses ask to wait.
        retry: Policy for retries.
        gate: State shared with the other calls of the client, so that all of them wait when one is told to. A call that
            allows only one attempt does not wait there: its caller wants an answer immediately.
        logger: Logger for one DEBUG line per attempt, and a WARNING before each retry; without query, headers and
            bodies.
        clock: Function that returns seconds from any start, for durations.
        now: Function that returns the Unix time in seconds, for waits until a given time.
        chance: Function that returns random numbers from 0 to 1, for the jitter.
        give_up_at: Time by `clock` at which the call must be over; by default `retry.total_seconds` from now.

    Yields:
        A `Request` to send, to be answered with the `Response` or with the exception that was raised instead; or a
        `Wait`.

    Raises:
        ImageKitException: The failure of the last attempt, with `attempts` and `elapsed_seconds`.
    """
    request = operation.request
    limit = service.rate_limit_of(request)
    repeatable = can_rewind(request.body)
    started_at = clock()
    if give_up_at is None and retry.total_seconds is not None:
        give_up_at = started_at + retry.total_seconds
    attempt = 0
    reply: Reply | None = None
    answered_at, server_wait = started_at, None
    in_doubt = False  # whether the service may have carried out a failed attempt
    is_gated = False  # whether the next attempt waits only at the gate, like all other requests
    while True:
        attempt += 1
        seconds = 0.0 if gate is None or retry.attempts == 1 else gate.wait_seconds(limit, clock())
        if seconds and give_up_at is not None and clock() + seconds >= give_up_at:
            if reply is None:
                raise _make_rate_limit_error(request, seconds)
            attempt -= 1
            break  # the response to the previous attempt explains the failure
        if is_gated:  # one line for the refused call, not for all that wait with it
            _log_retry(logger, request, reply, seconds, attempt, retry)
        elif seconds:
            logger.debug("%s %s: waiting %.1f s for the rate limit", request.method, request.path_to_show, seconds)
        if seconds:
            yield Wait(seconds)
        sent_at = clock()
        reply = yield request if give_up_at is None else _limit(request, give_up_at - sent_at)
        answered_at = clock()
        if reply is None:
            raise TypeError("a Request must be answered with a Response or an exception (got None)")
        _log(logger, request, reply, attempt, answered_at - sent_at)
        if _is_success(reply):
            server_wait = None
            break
        in_doubt = in_doubt or _may_have_been_carried_out(reply)
        server_wait = None
        if isinstance(reply, Response) and reply.status in RETRIED_STATUSES:
            server_wait = service.read_wait(reply, now())
        is_gated = False
        if gate is not None and server_wait is not None and isinstance(reply, Response) and reply.status == 429:
            is_gated = server_wait <= retry.max_server_wait_seconds
            if is_gated:
                gate.close(limit, service.read_pace(reply), server_wait, answered_at)
        if attempt >= retry.attempts or not repeatable or not _may_repeat(request, reply, retry):
            break
        if retry.is_over(answered_at - started_at):
            break
        wait = retry.backoff_seconds(attempt, chance()) if server_wait is None else server_wait
        if server_wait is not None and server_wait > retry.max_server_wait_seconds:
            break
        if give_up_at is not None and answered_at + wait >= give_up_at:
            break
        if not is_gated:
            _log_retry(logger, request, reply, wait, attempt + 1, retry)
            yield Wait(wait)
    assert reply is not None
    if in_doubt and operation.recover is not None and not _is_success(reply):
        recovery = operation.recover(reply, answered_at - started_at)
        if give_up_at is None or clock() < give_up_at:
            try:
                found = yield from attempts(
                    recovery,
                    service,
                    retry,
                    gate=gate,
                    logger=logger,
                    clock=clock,
                    now=now,
                    chance=chance,
                    give_up_at=give_up_at,
                )
            except ImageKitException:
                found = None  # the failure of the upload itself is more informative
            if found is not None:
                return found
    try:
        if isinstance(reply, ImageKitException):
            raise reply
        return operation.parse(reply)
    except ImageKitException as exc:
        exc.attempts, exc.elapsed_seconds = attempt, answered_at - started_at
        exc.retry_after_seconds = server_wait
        if isinstance(exc, NetworkException):
            tries = "1 attempt" if attempt == 1 else f"{attempt} attempts"
            exc.message = f"{exc.message}, after {tries} in {exc.elapsed_seconds:.1f} s"
            exc.args = (exc.message,)
        raise


def can_rewind(body: bytes | Multipart | None) -> bool:
    """Return whether the body can be sent again, which only a stream that cannot seek prevents."""
    if not isinstance(body, Multipart) or body.file is None or isinstance(body.file.source, (bytes, Path)):
        return True
    return is_seekable(body.file.source)


def _limit(request: Request, seconds: float) -> Request:
    return request._replace(within_seconds=max(seconds, 0.001))  # some libraries treat 0 as no limit


def _make_rate_limit_error(request: Request, seconds: float) -> TimeoutException:
    error = TimeoutException(
        f"{request.method} {request.path_to_show}: not sent, because the rate limit asks to wait {seconds:.1f} s, "
        "and less time than that is left of total_seconds"
    )
    error.request_sent = False
    error.retry_after_seconds = seconds
    return error


def _may_repeat(request: Request, reply: Reply, retry: Retry) -> bool:
    if isinstance(reply, Response):
        return reply.status in (RETRIED_STATUSES if request.idempotent else NOT_CARRIED_OUT_STATUSES)
    if not isinstance(reply, NetworkException) or not (reply.retryable and retry.repeats_network_failures):
        return False
    return request.idempotent or not reply.request_sent


def _may_have_been_carried_out(reply: Reply) -> bool:
    if isinstance(reply, Response):
        return reply.status in RETRIED_STATUSES  # 429 and 503 too: a gateway may send them after the work is done
    return not isinstance(reply, NetworkException) or reply.request_sent


def _is_success(reply: Reply) -> bool:
    return isinstance(reply, Response) and 200 <= reply.status < 300


def _log(logger: logging.Logger, request: Request, reply: Reply, attempt: int, seconds: float) -> None:
    if logger.isEnabledFor(logging.DEBUG):
        outcome = reply.status if isinstance(reply, Response) else type(reply).__name__
        line = (request.method, request.path_to_show, outcome, seconds * 1000, attempt)
        logger.debug("%s %s: %s in %.0f ms, attempt %d", *line)


def _log_retry(
    logger: logging.Logger, request: Request, reply: Reply | None, seconds: float, attempt: int, retry: Retry
) -> None:
    if isinstance(reply, Response):
        failure = f"{request.method} {request.path_to_show}: {format_status(reply.status)}"
    else:
        failure = str(reply)  # it begins with method and URL, without the query
    limit = f" of {retry.attempts}" if retry.attempts < UNLIMITED_ATTEMPTS else ""
    logger.warning("%s, waiting %.1f s before attempt %d%s", failure, seconds, attempt, limit)
