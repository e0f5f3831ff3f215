"""Parse responses of img-src.io: a success becomes a result, a refusal an exception of the core."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ...exceptions import StatusException
from ...operations.responses import parse_as as parse_success_as
from ..errors import DocumentedRefusal, is_documented
from ..models.base import Result

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...operations.core import Response

R = TypeVar("R", bound=Result)

# Statuses that the API lists for every call.
_ALWAYS_LISTED = (401, 500)


def parse_as(result: type[R], *listed: int) -> Callable[[Response], R]:
    """Return a function that parses a response as `result`, or raises the exception for it.

    Args:
        result: Class of the result.
        listed: Statuses of refusals that the API lists for the call, besides 401 and 500.
    """
    parse_response = parse_success_as(result)
    statuses = frozenset((*_ALWAYS_LISTED, *listed))

    def parse(response: Response) -> R:
        try:
            return parse_response(response)
        except StatusException as exc:
            if response.status in statuses and is_documented(exc.response_metadata):
                raise DocumentedRefusal(exc.message, "", exc.response_metadata) from None
            raise

    return parse
