"""What differs between the services that local servers play, as far as HTTP goes."""

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

DELIVERY = "delivery"  # the name of requests for files, whichever service delivers them


class Recognized(NamedTuple):
    """A request, and what it is to the service.

    Attributes:
        scope: The request, with what was found out about it in its state, and perhaps with another path.
        operation: The name of its operation; None for what is none.
        is_cross_origin: Whether web pages of any origin may read the answer.
    """

    scope: Scope
    operation: str | None
    is_cross_origin: bool


class Site(ABC):
    """A service as HTTP shows it.

    Attributes:
        service: Name of the service, such as ``ImageKit``.
        operations: Every name that a request may have, in the list of requests and in faults.
        secrets: What to hide of a query: of what matches, the first group stays.
    """

    service: str
    operations: frozenset[str]
    secrets: re.Pattern[str]

    @abstractmethod
    def recognize(self, scope: Scope) -> Recognized:
        """Find out what a request asks for; called once for each, before anything else."""

    @abstractmethod
    def error_body(self, error: ApiError, path: str | None) -> Mapping[str, Any]:
        """Return the JSON of an error.

        Args:
            error: What is wrong.
            path: The decoded path of the request; None when there is none.
        """

    def http_error_body(self, status: int, message: str, path: str | None) -> Mapping[str, Any]:
        """Return the JSON of an error that is none of the API's: a URL that is too long, an unknown path."""
        return self.error_body(ApiError(status, message), path)

    @abstractmethod
    def read_error(self, headers: Mapping[str, str], body: Mapping[str, Any]) -> str:
        """Return in words what is wrong, from the headers (names in lower case) and the JSON of an error."""

    @abstractmethod
    def too_many_headers(self, now: float) -> Mapping[str, str]:
        """Return the headers of a 429 that is a fault on purpose; its wait is short, as tests wait it out.

        Args:
            now: Unix time in seconds, by the clock of the server.
        """

    def hide_secrets(self, query: str) -> str:
        """Return a query with ``***`` in the place of secrets."""
        return self.secrets.sub(r"\1***", query)

    def answer_headers(self, scope: Scope) -> Iterable[tuple[bytes, bytes]]:
        """Return the headers that every answer has, for a request that was recognized."""
        return ()

    def refuse(self, error: ApiError, path: str | None) -> Response:
        """Return the answer for a refusal."""
        return Response(json.dumps(self.error_body(error, path)), error.status, error.headers, JSON)

    def refuse_http(
        self, status: int, message: str, path: str | None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Return the answer for an error that is none of the API's."""
        return Response(json.dumps(self.http_error_body(status, message, path)), status, headers, JSON)
