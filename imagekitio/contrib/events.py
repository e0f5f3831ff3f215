"""The memory that tells webhooks apart which the service sends twice."""

from __future__ import annotations

import hashlib
import threading
from typing import Literal, Protocol

EventState = Literal["new", "busy", "done"]
"""The state of an event: not handled, being handled at the moment, or handled."""


class EventStore(Protocol):
    """Where the ids of events are kept, so that each is handled once.

    Write one over your database or Redis if the application runs in several processes. Keep ids for a day, since the
    service tries again for up to 18 hours; and count an event as new again when it was busy for some minutes, since its
    process may have been killed.
    """

    def begin(self, event_id: str) -> EventState:
        """Return the state of an event, and make one that is new busy, both in one atomic step."""
        ...

    def finish(self, event_id: str) -> None:
        """Make a busy event done: it was handled."""
        ...

    def forget(self, event_id: str) -> None:
        """Make a busy event new: it could not be handled, and the service will send it again."""
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
        self._states: dict[str, EventState] = {}  # in the order in which the events came
        self._lock = threading.Lock()

    def begin(self, event_id: str) -> EventState:
        """Return the state of an event, and make one that is new busy."""
        with self._lock:
            state = self._states.get(event_id, "new")
            if state == "new":
                self._states[event_id] = "busy"
                if len(self._states) > self.max_events:
                    del self._states[next(iter(self._states))]
            return state

    def finish(self, event_id: str) -> None:
        """Make a busy event done, unless it was forgotten meanwhile."""
        with self._lock:
            if event_id in self._states:
                self._states[event_id] = "done"

    def forget(self, event_id: str) -> None:
        """Make an event new."""
        with self._lock:
            self._states.pop(event_id, None)


def identify_event(event_id: object, body: bytes) -> str:
    """Return what an event is remembered by: a digest of its id, or of its body if it has none."""
    text = event_id.encode(errors="surrogatepass") if isinstance(event_id, str) and event_id else body
    return hashlib.sha256(text).hexdigest()
