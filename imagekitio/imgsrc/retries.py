"""Retries, configured as in the released package of img-src.io."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from ..policies import UNLIMITED_ATTEMPTS, Retry

# The service counts requests per minute, so a limit should end within one; clocks may differ a little.
MAX_SERVER_WAIT_SECONDS = 90.0
# Maximum number of random milliseconds to add to a pause.
_JITTER_MS = 1000


@dataclass
class BackoffStrategy:
    """Pauses that grow from attempt to attempt.

    Attributes:
        initial_interval: Pause before the second attempt, in milliseconds.
        max_interval: Longest pause, in milliseconds.
        exponent: Factor from one pause to the next.
        max_elapsed_time: Milliseconds since the first attempt after which no further one is made.
    """

    initial_interval: float
    max_interval: float
    exponent: float
    max_elapsed_time: float

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not isinstance(value, (int, float)) or isinstance(value, bool):
                raise TypeError(f"{name} must be a number (got {value!r})")
            if not 0 <= value < math.inf:
                raise ValueError(f"{name} must be a finite number, 0 or more (got {value})")


@dataclass
class RetryConfig:
    """The rules for sending a request again, as in the released package.

    Attributes:
        strategy: ``backoff``; any other value means that a request is sent once.
        backoff: The pauses, and when to give up.
        retry_connection_errors: Whether to try again if no response came.
    """

    strategy: str
    backoff: BackoffStrategy
    retry_connection_errors: bool

    def __post_init__(self) -> None:
        if not isinstance(self.strategy, str):
            raise TypeError(f"strategy must be a str, such as 'backoff' (got {self.strategy!r})")
        if not isinstance(self.backoff, BackoffStrategy):
            raise TypeError(f"backoff must be a BackoffStrategy (got {self.backoff!r})")
        if not isinstance(self.retry_connection_errors, bool):
            raise TypeError(f"retry_connection_errors must be True or False (got {self.retry_connection_errors!r})")

    def to_retry(self) -> Retry:
        """Return the policy that this configuration stands for."""
        if self.strategy != "backoff":
            return Retry(attempts=1)
        return BackoffRetry(
            attempts=UNLIMITED_ATTEMPTS,
            max_server_wait_seconds=max(self.backoff.max_elapsed_time / 1000, MAX_SERVER_WAIT_SECONDS),
            backoff=self.backoff,
            retry_connection_errors=self.retry_connection_errors,
        )


@dataclass(frozen=True)
class BackoffRetry(Retry):
    """The policy of a `RetryConfig`: a limit on time instead of attempts, and pauses that grow.

    The pause before retry n, counted from 0, is ``initial_interval * exponent ** n`` and up to a second at random, at
    most `max_interval`. A pause that the service asks for replaces it, unless it is longer than both `max_elapsed_time`
    and `MAX_SERVER_WAIT_SECONDS`: for a monthly quota, the service may ask to wait for weeks.

    Attributes:
        backoff: The pauses, and when to give up.
        retry_connection_errors: Whether to try again if no response came.
    """

    backoff: BackoffStrategy = field(default_factory=lambda: BackoffStrategy(500, 60_000, 1.5, 300_000))
    retry_connection_errors: bool = False

    @property
    def repeats_network_failures(self) -> bool:
        return self.retry_connection_errors

    def is_over(self, elapsed_seconds: float) -> bool:
        return elapsed_seconds * 1000 > self.backoff.max_elapsed_time

    def backoff_seconds(self, attempt: int, chance: float) -> float:
        try:
            grown = self.backoff.initial_interval * self.backoff.exponent ** (attempt - 1)
        except OverflowError:
            grown = math.inf
        return min(grown + chance * _JITTER_MS, self.backoff.max_interval) / 1000


DEFAULT_RETRY = Retry(max_server_wait_seconds=MAX_SERVER_WAIT_SECONDS)


def check_retries(name: str, retries: object) -> Retry:
    """Return a policy from a `RetryConfig`, a `Retry`, a number of attempts, or None for a single one.

    Raises:
        TypeError: `retries` is none of these.
        ValueError: The number of attempts is below 1.
    """
    from ..settings import check_retry

    if isinstance(retries, RetryConfig):
        return retries.to_retry()
    try:
        return check_retry(name, False if retries is None else retries)
    except TypeError:
        raise TypeError(
            f"{name} must be a RetryConfig, a Retry, a number of attempts, or None for a single one (got {retries!r})"
        ) from None
