"""The differences in HTTP between the services that local servers emulate."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, NamedTuple

from starlette.responses import Response

from ..base.errors import ApiError
from .answers import JSON

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Mapping

    from starlette.types import Scope

DELIVERY = "delivery"  # the name of requests for files in all services


class Recognized(NamedTuple):
    """A request that was matched to an operation.

    Attributes:
        scope: The request, with data about it in its state, and possibly with a normalised path.
        operation: Name of its operation; None for other requests.
        is_cross_origin: Whether web pages of any origin may read the response.
    """

    scope: Scope
    operation: str | None
    is_cross_origin: bool


class Site(ABC):
    """The HTTP side of a service.

    Attributes:
        service: Name of the service, such as ``ImageKit``.
        operations: All operation names in the list of requests and in faults.
        secrets: Pattern of the text to hide in a query, except its first group.
    """

    service: str
    operations: frozenset[str]
    secrets: re.Pattern[str]

    @abstractmethod
    def recognize(self, scope: Scope) -> Recognized:
        """Match a request to an operation; called once for each request, before anything else."""

    @abstractmethod
    def error_body(self, error: ApiError, path: str | None) -> Mapping[str, Any]:
        """Return the JSON of an error.

        Args:
            error: The error.
            path: The decoded path of the request; None if there is none.
        """

    def http_error_body(self, status: int, message: str, path: str | None) -> Mapping[str, Any]:
        """Return the JSON of an HTTP error outside the API, such as a URL that is too long or an unknown path."""
        return self.error_body(ApiError(status, message), path)

    @abstractmethod
    def read_error(self, headers: Mapping[str, str], body: Mapping[str, Any]) -> str:
        """Return the error message from the headers (names in lower case) and the JSON of an error."""

    @abstractmethod
    def too_many_headers(self, now: float) -> Mapping[str, str]:
        """Return the headers of an injected 429; its wait is short, because tests have to wait.

        Args:
            now: Unix time in seconds, by the clock of the server.
        """

    def hide_secrets(self, query: str) -> str:
        """Return a query with ``***`` in place of secrets."""
        return self.secrets.sub(r"\1***", query)

    def answer_headers(self, scope: Scope) -> Iterable[tuple[bytes, bytes]]:
        """Return the headers of every response to a recognized request."""
        return ()

    def refuse(self, error: ApiError, path: str | None) -> Response:
        """Return the response for an error."""
        return Response(json.dumps(self.error_body(error, path)), error.status, error.headers, JSON)

    def refuse_http(
        self, status: int, message: str, path: str | None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Return the response for an HTTP error outside the API."""
        return Response(json.dumps(self.http_error_body(status, message, path)), status, headers, JSON)
