"""The time local ImageKit lives in: the real one, frozen, or moved ahead."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta, timezone


class Clock:
    """A clock that tests can stop and move. Every moment local ImageKit records or compares comes from here."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._frozen_at: float | None = None
        self._offset = 0.0

    def time(self) -> float:
        """Unix time in seconds, to the millisecond: answers show no more, and what they show must be what is kept."""
        with self._lock:
            return round(self._frozen_at if self._frozen_at is not None else time.time() + self._offset, 3)

    def now(self) -> datetime:
        """The same moment as an aware datetime in UTC."""
        return datetime.fromtimestamp(self.time(), timezone.utc)

    def freeze(self, moment: datetime | float | None = None) -> None:
        """Stop at `moment` (an aware datetime or a Unix time in seconds), or where the clock stands now."""
        if isinstance(moment, datetime):
            if moment.tzinfo is None:
                raise ValueError(f"moment must be an aware datetime, such as one with timezone.utc (got {moment!r})")
            moment = moment.timestamp()
        at = self.time() if moment is None else float(moment)
        with self._lock:
            self._frozen_at = at

    def advance(self, by: timedelta | float) -> None:
        """Move ahead by a timedelta or by seconds, frozen or not."""
        seconds = by.total_seconds() if isinstance(by, timedelta) else float(by)
        with self._lock:
            if self._frozen_at is None:
                self._offset += seconds
            else:
                self._frozen_at += seconds

    def reset(self) -> None:
        """Go back to the real time."""
        with self._lock:
            self._frozen_at, self._offset = None, 0.0
