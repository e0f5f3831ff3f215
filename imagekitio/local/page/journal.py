"""The last requests, as the page shows them: what was asked, how long it took, and what went wrong."""

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
        number: Counts the requests from 1.
        at: When it came, as Unix time in seconds by the real clock: people compare it with their own.
        status: 0 when the connection ended without an answer.
        milliseconds: From the request to the end of its answer.
        error: What was wrong, in words; empty for success.
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
    """Remembers the last requests, except the page's own.

    A reset does not empty it: people look at what a test asked when the test is over.
    """

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=MAX_ENTRIES)
        self._numbers = count(1)

    def after(self, number: int) -> list[Entry]:
        """The entries later than the one with this number, the oldest first."""
        return [entry for entry in list(self._entries) if entry.number > number]

    def note(self, observed: Observed) -> None:
        """Remember a request."""
        if _is_of_the_page(observed):
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


def _is_of_the_page(observed: Observed) -> bool:
    """Whether the page asks: for itself, or for the pictures that it shows."""
    if observed.scope["path"] == "/":
        return True
    headers = observed.headers
    # Nothing but the page is in this origin; a link that is followed is a person's request.
    return headers.get("sec-fetch-site") == "same-origin" and headers.get("sec-fetch-mode") != "navigate"
