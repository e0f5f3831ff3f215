"""What differs between the services that the core talks to; everything else in `flow` and `transports` is common."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from ..exceptions import ImageKitException
    from ..operations.core import Request, Response


class Pace(NamedTuple):
    """How fast requests may follow each other.

    Attributes:
        spacing_seconds: The time between two requests; 0.0 if the service does not say.
        interval_seconds: The time in which the service counts requests.
    """

    spacing_seconds: float = 0.0
    interval_seconds: float = 0.0


class Service(Protocol):
    """One service, and the credentials of an account of it. It is pickled with the transport."""

    def base_url(self, request: Request) -> str:
        """Return the URL that the path of a request is appended to, without a slash at its end."""
        ...

    def request_headers(self) -> Mapping[str, str]:
        """Return the headers that every request to the API carries, credentials among them; called for each attempt."""
        ...

    def rate_limit_of(self, request: Request) -> Hashable:
        """Return what requests have in common that the service counts together."""
        ...

    def read_wait(self, response: Response, now: float) -> float | None:
        """Return how many seconds a response asks to wait before the next request; None if it does not say.

        Args:
            response: A response with one of the statuses that are retried.
            now: Unix time in seconds.
        """
        ...

    def read_pace(self, response: Response) -> Pace:
        """Return how fast requests may follow each other, as a response with status 429 says."""
        ...

    def convert_error(self, error: ImageKitException) -> Exception:
        """Return the exception that a caller of this service gets for one of the core.

        Args:
            error: What the core raised, complete: with the response, the number of attempts and their duration.
        """
        ...
