"""The journal of the latest requests that the page shows: what was requested, how long it took and any error."""

from __future__ import annotations

from collections import deque
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ..web.exchange import Observed

MAX_ENTRIES = 500


class Entry(NamedTuple):
    """A request that was answered, without its signature.

    Attributes:
        number: Number of the request, counted from 1.
        at: Unix time of the request in seconds. It is real time, as people compare it with their own clock.
        status: Status of the response; 0 if the connection ended without one.
        milliseconds: Time from the request to the end of the response.
        error: Error message; empty for success.
    """

    number: int
    at: float
    method: str
    path: str  # percent-encoded
    query: str  # percent-encoded
    status: int
    milliseconds: float
    error: str


class Journal:
    """The latest requests, except the page's own.

    A reset does not clear it: people read what a test requested after the test has finished.
    """

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=MAX_ENTRIES)
        self._numbers = count(1)

    def after(self, number: int) -> list[Entry]:
        """Return the entries after the one with this number, oldest first."""
        return [entry for entry in list(self._entries) if entry.number > number]

    def note(self, observed: Observed) -> None:
        """Record a request."""
        if _is_from_page(observed):
            return
        self._entries.append(
            Entry(
                number=next(self._numbers),
                at=observed.real_at,
                method=observed.scope["method"],
                path=observed.path,
                query=observed.query,
                status=observed.status or 0,
                milliseconds=round(observed.milliseconds, 1),
                error=observed.error,
            )
        )


def _is_from_page(observed: Observed) -> bool:
    """Return whether the page made the request, for itself or for the pictures that it shows."""
    if observed.scope["path"] == "/":
        return True
    headers = observed.headers
    # Only the page has this origin; a link that was followed is the visitor's own request.
    return headers.get("sec-fetch-site") == "same-origin" and headers.get("sec-fetch-mode") != "navigate"
