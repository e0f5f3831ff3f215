"""One call from start to end, as a generator that neither sends nor sleeps.

`attempts` yields what is to be done: a `Request` to send, for which it is sent the answer or the exception that came
instead, or a `Wait` to sleep through. It returns the result of the operation or raises what went wrong. So the sync
and the async transport share every decision, and tests need neither a network nor time.
"""

from __future__ import annotations

import logging
import math
import random
import time
from dataclasses import dataclass
from datetime import timezone
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, TypeVar

from .exceptions import ImageKitException, NetworkException
from .operations.core import Multipart, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from .operations.core import Operation

T = TypeVar("T")

LOGGER = logging.getLogger("imagekitio")

RETRIED_STATUSES = frozenset({429, 500, 502, 503, 504})
# The service says with these that it has not begun, so even what must not happen twice may be sent again.
NOT_CARRIED_OUT_STATUSES = frozenset({429, 503})


@dataclass(frozen=True)
class Retry:
    """When a request is sent again, and how long to wait before.

    The wait before attempt n + 1 is drawn evenly from 0 to ``base_seconds * 2 ** (n - 1)``, at most `max_seconds`
    ("full jitter": clients that failed together do not come back together). Where the service says how long to wait,
    that is waited instead.

    Attributes:
        attempts: How often a request is sent at most; 1 means never again.
        base_seconds: The longest wait before the second attempt.
        max_seconds: The longest wait before any attempt.
        max_server_wait_seconds: The longest wait that the service may ask for. If it asks for more, the error is
            raised at once, and its `retry_after_seconds` says how long the wait would have been.
    """

    attempts: int = 3
    base_seconds: float = 0.5
    max_seconds: float = 8.0
    max_server_wait_seconds: float = 60.0

    def __post_init__(self) -> None:
        if not isinstance(self.attempts, int):
            raise TypeError(f"attempts must be a whole number (got {self.attempts!r})")
        if self.attempts < 1:
            raise ValueError(f"attempts must be 1 or more (got {self.attempts})")
        for name in ("base_seconds", "max_seconds", "max_server_wait_seconds"):
            seconds = getattr(self, name)
            if not 0 <= seconds < math.inf:
                raise ValueError(f"{name} must be a finite number, 0 or more (got {seconds})")

    def backoff_seconds(self, attempt: int, chance: float) -> float:
        """Return the wait after the given attempt (the first is 1); `chance` is a random number from 0 to 1."""
        doublings = min(attempt - 1, 64)  # more would only overflow on the way to max_seconds
        return chance * min(self.base_seconds * 2.0**doublings, self.max_seconds)


@dataclass(frozen=True)
class Wait:
    """Sleep so many seconds, then go on."""

    seconds: float


class Gate(Protocol):
    """What the calls of one client tell each other about rate limits."""

    def wait_seconds(self, request: Request, now: float) -> float:
        """Return how long this request is to wait before it is sent; 0.0 when not at all."""
        ...

    def close(self, request: Request, response: Response, seconds: float, now: float) -> None:
        """Note that the service asks to wait so long before the next request of this kind."""
        ...


def attempts(
    operation: Operation[T],
    retry: Retry,
    *,
    gate: Gate | None = None,
    logger: logging.Logger = LOGGER,
    clock: Callable[[], float] = time.perf_counter,
    now: Callable[[], float] = time.time,
    chance: Callable[[], float] = random.random,
) -> Generator[Request | Wait, Response | ImageKitException | None, T]:
    """Carry one operation out, in as many attempts as the policy allows.

    Args:
        operation: What to send and how to read the answer.
        retry: When to try again.
        gate: Shared with the other calls of the client, so that they wait too when one is told to.
        logger: Gets one DEBUG line an attempt, without query, headers and bodies.
        clock: Seconds from any start, for durations.
        now: Unix time in seconds, for a `Retry-After` that is a date.
        chance: Random numbers from 0 to 1, for the jitter.

    Yields:
        A `Request` to send: answer with the `Response`, or with the exception that came instead; or a `Wait`.

    Raises:
        ImageKitException: What the last attempt ended with, with `attempts` and `elapsed_seconds`.
    """
    request = operation.request
    repeatable = can_rewind(request.body)
    started_at = clock()
    attempt = 0
    in_doubt = False  # whether an attempt that failed may have been carried out
    while True:
        attempt += 1
        if gate is not None and (seconds := gate.wait_seconds(request, clock())):
            yield Wait(seconds)
        sent_at = clock()
        reply = yield request
        answered_at = clock()
        if reply is None:
            raise TypeError("a Request must be answered with a Response or an exception (got None)")
        _log(logger, request, reply, attempt, answered_at - sent_at)
        if _is_success(reply):
            server_wait = None
            break
        in_doubt = in_doubt or _may_have_been_carried_out(reply)
        server_wait = asked_wait_seconds(reply, now()) if isinstance(reply, Response) else None
        is_gated = False
        if gate is not None and server_wait is not None and isinstance(reply, Response) and reply.status == 429:
            is_gated = server_wait <= retry.max_server_wait_seconds
            if is_gated:
                gate.close(request, reply, server_wait, answered_at)
        if attempt >= retry.attempts or not repeatable or not _may_repeat(request, reply):
            break
        if server_wait is None:
            yield Wait(retry.backoff_seconds(attempt, chance()))
        elif is_gated:
            continue  # this request waits at the gate like all others
        elif server_wait <= retry.max_server_wait_seconds:
            yield Wait(server_wait)
        else:
            break
    if in_doubt and operation.recover is not None and not _is_success(reply):
        recovery = operation.recover(reply, answered_at - started_at)
        if recovery is not None:
            try:
                found = yield from attempts(
                    recovery, retry, gate=gate, logger=logger, clock=clock, now=now, chance=chance
                )
            except ImageKitException:
                found = None  # what the upload itself ended with tells more
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
    """Say whether the body can be sent a second time: only a stream without a way back cannot."""
    if not isinstance(body, Multipart) or body.file is None or isinstance(body.file.source, (bytes, Path)):
        return True
    return is_seekable(body.file.source)


def is_seekable(stream: BinaryIO) -> bool:
    # SpooledTemporaryFile, which web frameworks hand out, has seek() but no seekable() before Python 3.11.
    seekable = getattr(stream, "seekable", None)
    return bool(seekable()) if callable(seekable) else hasattr(stream, "seek")


def asked_wait_seconds(response: Response, now: float) -> float | None:
    """Return how long the service asks to wait before the next request; None when it does not say.

    `Retry-After` (RFC 9110, section 10.2.3) is seconds or a date. `X-RateLimit-Reset` is milliseconds (ImageKit docs,
    "Rate limits") and stands on ordinary answers too, so it counts on a 429 only. Of two, the longer one satisfies
    both. What cannot be read is no wish.
    """
    if response.status not in RETRIED_STATUSES:
        return None
    waits = [_retry_after_seconds(response.headers, now)]
    if response.status == 429:
        milliseconds = _number(response.headers.get("x-ratelimit-reset", ""))
        waits.append(None if milliseconds is None else milliseconds / 1000)
    return max((seconds for seconds in waits if seconds is not None), default=None)


def _retry_after_seconds(headers: Mapping[str, str], now: float) -> float | None:
    text = headers.get("retry-after", "")
    seconds = _number(text)
    if seconds is not None or not text:
        return seconds
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:  # HTTP dates are in GMT (RFC 9110, section 5.6.7)
            moment = moment.replace(tzinfo=timezone.utc)
        return max(0.0, moment.timestamp() - now)
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def _number(text: str) -> float | None:
    """Read a number that is 0 or more; None for anything else."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if number >= 0 else None  # nan compares false


def _may_repeat(request: Request, reply: Response | ImageKitException) -> bool:
    if isinstance(reply, Response):
        return reply.status in (RETRIED_STATUSES if request.idempotent else NOT_CARRIED_OUT_STATUSES)
    if not isinstance(reply, NetworkException) or not reply.retryable:
        return False
    return request.idempotent or not reply.request_sent


def _may_have_been_carried_out(reply: Response | ImageKitException) -> bool:
    if isinstance(reply, Response):
        return reply.status in RETRIED_STATUSES  # 429 and 503 too: a gateway may say so of what is long done
    return not isinstance(reply, NetworkException) or reply.request_sent


def _is_success(reply: Response | ImageKitException) -> bool:
    return isinstance(reply, Response) and 200 <= reply.status < 300


def _path(request: Request) -> str:
    return request.path.partition("?")[0]


def _log(
    logger: logging.Logger, request: Request, reply: Response | ImageKitException, attempt: int, seconds: float
) -> None:
    if logger.isEnabledFor(logging.DEBUG):
        outcome = reply.status if isinstance(reply, Response) else type(reply).__name__
        line = (request.method, _path(request), outcome, seconds * 1000, attempt)
        logger.debug("%s %s: %s in %.0f ms, attempt %d", *line)
