"""Stores that remember webhook events, to detect those that the service sends twice."""

from __future__ import annotations

import hashlib
import threading
from typing import Literal, Protocol

EventState = Literal["new", "busy", "done"]
"""The state of an event: not handled, being handled, or handled."""


class EventStore(Protocol):
    """A store for the ids of events, so that each event is handled once.

    Write your own on top of your database or Redis if the application runs in several processes. Keep ids for a day,
    because the service retries for up to 18 hours. Count an event as new again once it has been busy for some minutes,
    because its process may have been killed.
    """

    def begin(self, event_id: str) -> EventState:
        """Return the state of an event, and mark a new one as busy, both in one atomic step."""
        ...

    def finish(self, event_id: str) -> None:
        """Mark a busy event as done, because it was handled."""
        ...

    def forget(self, event_id: str) -> None:
        """Mark a busy event as new, because it could not be handled and the service will send it again."""
        ...


class MemoryEventStore:
    """An `EventStore` in the memory of this process, for applications that run in one.

    Args:
        max_events: Number of events to remember; the oldest are forgotten first.

    Raises:
        ValueError: `max_events` is less than 1.
    """

    def __init__(self, max_events: int = 10_000) -> None:
        if max_events < 1:
            raise ValueError(f"max_events must be at least 1 (got {max_events})")
        self.max_events: int = max_events
        self._states: dict[str, EventState] = {}  # in order of arrival
        self._lock = threading.Lock()

    def begin(self, event_id: str) -> EventState:
        """Return the state of an event, and mark a new one as busy."""
        with self._lock:
            state = self._states.get(event_id, "new")
            if state == "new":
                self._states[event_id] = "busy"
                if len(self._states) > self.max_events:
                    del self._states[next(iter(self._states))]
            return state

    def finish(self, event_id: str) -> None:
        """Mark a busy event as done, unless it was forgotten in the meantime."""
        with self._lock:
            if event_id in self._states:
                self._states[event_id] = "done"

    def forget(self, event_id: str) -> None:
        """Mark an event as new."""
        with self._lock:
            self._states.pop(event_id, None)


def identify_event(event_id: object, body: bytes) -> str:
    """Return the key for an event in a store: a digest of its id, or of its body if it has none."""
    text = event_id.encode(errors="surrogatepass") if isinstance(event_id, str) and event_id else body
    return hashlib.sha256(text).hexdigest()
