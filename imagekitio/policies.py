"""Timeouts and retries of requests."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple


class Timeout(NamedTuple):
    """The time limits of a request, in seconds.

    Attributes:
        connect: Limit for opening a connection. For uploads with `ImageKit`, it is `read` if that is longer, because
            urllib3 has a single limit for connecting and sending.
        read: Limit for the service to start its response, and from then on for the whole body. Also the limit for the
            network to accept each MiB of an upload.
    """

    connect: float = 5.0
    read: float = 60.0


# More attempts than any call makes: `Retry.is_over` ends the call.
UNLIMITED_ATTEMPTS = 1_000_000_000


@dataclass(frozen=True)
class Retry:
    """When to retry a request, and how long to wait before each attempt.

    The wait before attempt n + 1 is a random time between 0 and ``base_seconds * 2 ** (n - 1)``, and never exceeds
    `max_seconds` ("full jitter": clients that failed at the same time do not retry at the same time). If the service
    says how long to wait, that time is used instead.

    Attributes:
        attempts: Maximum number of times a request is sent; 1 means that it is never repeated.
        base_seconds: Longest wait before the second attempt.
        max_seconds: Longest wait before any attempt.
        max_server_wait_seconds: Longest wait that the service may ask for. If it asks for more, the error is raised
            immediately, with the requested wait in `retry_after_seconds`.
        total_seconds: Limit for one call with all its attempts and waits; None sets no limit. For a web worker that is
            killed after 30 seconds, use ``Retry(total_seconds=25)``. A wait that would exceed the limit is not started,
            and each attempt gets only the remaining time.
    """

    attempts: int = 3
    base_seconds: float = 0.5
    max_seconds: float = 8.0
    max_server_wait_seconds: float = 60.0
    total_seconds: float | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.attempts, int) or isinstance(self.attempts, bool):
            raise TypeError(f"attempts must be a whole number (got {self.attempts!r})")
        if self.attempts < 1:
            raise ValueError(f"attempts must be 1 or more (got {self.attempts})")
        for name in ("base_seconds", "max_seconds", "max_server_wait_seconds"):
            seconds = getattr(self, name)
            _check_number(name, seconds)
            if not 0 <= seconds < math.inf:
                raise ValueError(f"{name} must be a finite number, 0 or more (got {seconds})")
        if self.total_seconds is not None:
            _check_number("total_seconds", self.total_seconds)
            if not 0 < self.total_seconds < math.inf:
                raise ValueError(f"total_seconds must be a finite number above 0, or None (got {self.total_seconds})")

    @property
    def repeats_network_failures(self) -> bool:
        """Whether a request is retried when no response arrived."""
        return True

    def is_over(self, elapsed_seconds: float) -> bool:
        """Return whether retrying ends this long after the first attempt, even if attempts are left."""
        return False

    def backoff_seconds(self, attempt: int, chance: float) -> float:
        """Return the wait after the given attempt (the first is 1); `chance` is a random number from 0 to 1."""
        doublings = min(attempt - 1, 64)  # more would only overflow before max_seconds applies
        return chance * min(self.base_seconds * 2.0**doublings, self.max_seconds)


def _check_number(name: str, seconds: object) -> None:
    if not isinstance(seconds, (int, float)) or isinstance(seconds, bool):
        raise TypeError(f"{name} must be a number of seconds (got {seconds!r})")
