"""The differences between the services; everything else in `flow` and `transports` is common."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from ..exceptions import ImageKitException
    from ..operations.core import Request, Response


class Pace(NamedTuple):
    """The allowed pace of requests.

    Attributes:
        spacing_seconds: The time between two requests; 0.0 if unknown.
        interval_seconds: The time in which the service counts requests.
    """

    spacing_seconds: float = 0.0
    interval_seconds: float = 0.0


class Service(Protocol):
    """A service, with the credentials of an account. It is pickled with the transport."""

    def base_url(self, request: Request) -> str:
        """Return the URL to which the path of a request is appended, without a trailing slash."""
        ...

    def request_headers(self) -> Mapping[str, str]:
        """Return the headers of every request to the API, including credentials; called for each attempt."""
        ...

    def rate_limit_of(self, request: Request) -> Hashable:
        """Return the key of the rate limit under which the service counts a request."""
        ...

    def read_wait(self, response: Response, now: float) -> float | None:
        """Return how many seconds a response asks to wait before the next request; None if it does not ask.

        Args:
            response: A response with one of the statuses that are retried.
            now: Unix time in seconds.
        """
        ...

    def read_pace(self, response: Response) -> Pace:
        """Return the allowed pace of requests from a response with status 429."""
        ...

    def convert_error(self, error: ImageKitException) -> Exception:
        """Return the exception of this service for an exception of the core.

        Args:
            error: Exception of the core, with the response, the number of attempts and their duration.
        """
        ...
