"""The clock of a local server, which can show the real time, be frozen or be moved ahead."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock:
    """A clock that tests can stop and move. All times that a local server records or compares come from its clock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._frozen_at: float | None = None
        self._offset = 0.0
        self._watchers: list[Callable[[], None]] = []

    def __getstate__(self) -> dict[str, object]:
        # A copy in another process starts with the same time and is independent.
        return {"_frozen_at": self._frozen_at, "_offset": self._offset}

    def __setstate__(self, state: dict[str, float | None]) -> None:
        Clock.__init__(self)
        vars(self).update(state)

    def time(self) -> float:
        """Return the Unix time in seconds, rounded to milliseconds, so that stored times equal those in responses."""
        with self._lock:
            return round(self._frozen_at if self._frozen_at is not None else time.time() + self._offset, 3)

    def now(self) -> datetime:
        """Return the time as an aware datetime in UTC."""
        return datetime.fromtimestamp(self.time(), timezone.utc)

    def freeze(self, moment: datetime | float | None = None) -> None:
        """Stop the clock at `moment` (an aware datetime or a Unix time in seconds), or at its current time.

        Raises:
            TypeError: `moment` has another type, such as str.
            ValueError: `moment` has no time zone, or is not in the years 1 to 9999.
        """
        if isinstance(moment, datetime):
            if moment.tzinfo is None:
                raise ValueError(f"moment must be an aware datetime, such as one with timezone.utc (got {moment!r})")
            moment = moment.timestamp()
        if moment is None:
            moment = self.time()
        elif not _is_number(moment):
            example = "datetime(2026, 1, 1, tzinfo=timezone.utc)"
            raise TypeError(f"moment must be a datetime such as {example}, or a Unix time in seconds (got {moment!r})")
        with self._lock:
            self._frozen_at = _check_year(moment)
        self._notify()

    def advance(self, by: timedelta | float) -> None:
        """Move the clock ahead by a timedelta or a number of seconds, whether it is frozen or not.

        Raises:
            TypeError: `by` has another type, such as str.
            ValueError: The new time is not in the years 1 to 9999.
        """
        if not isinstance(by, timedelta) and not _is_number(by):
            raise TypeError(f"by must be a timedelta or a number of seconds (got {by!r})")
        seconds = by.total_seconds() if isinstance(by, timedelta) else float(by)
        with self._lock:
            if self._frozen_at is None:
                _check_year(time.time() + self._offset + seconds)
                self._offset += seconds
            else:
                self._frozen_at = _check_year(self._frozen_at + seconds)
        self._notify()

    def reset(self) -> None:
        """Go back to the real time."""
        with self._lock:
            self._frozen_at, self._offset = None, 0.0
        self._notify()

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call `watcher` whenever the clock is stopped, moved or reset, in the thread that does it."""
        with self._lock:
            self._watchers.append(watcher)

    def unwatch(self, watcher: Callable[[], None]) -> None:
        with self._lock:
            self._watchers.remove(watcher)

    def _notify(self) -> None:
        with self._lock:
            watchers = list(self._watchers)
        for watcher in watchers:
            watcher()


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _check_year(seconds: float) -> float:
    try:
        datetime.fromtimestamp(seconds, timezone.utc)
    except (ValueError, OverflowError, OSError):  # which one depends on the number
        raise ValueError(f"a clock must be in the years 1 to 9999 (got {seconds!r} seconds since 1970)") from None
    return float(seconds)
