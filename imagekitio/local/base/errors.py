"""The error responses of the service, as an exception that any layer below HTTP may raise."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

HELP = "For support kindly contact us at support@imagekit.io."


class ApiError(Exception):
    """An error response with its status, message and, if the operation has one, `reason` (api.md, section 4.1).

    Args:
        status: HTTP status.
        message: Error message, worded like that of the service if it is known.
        reason: Word in capitals for clients to test.
        members: Other members of the body, such as ``errors`` or ``missingFileIds``.
    Attributes:
        headers: Extra headers of the response.
    """

    def __init__(self, status: int, message: str, reason: str | None = None, **members: object) -> None:
        super().__init__(message)
        self.status: int = status
        self.message: str = message
        self.reason: str | None = reason
        self.members: dict[str, object] = members
        self.headers: Mapping[str, str] = {}


def invalid_parameter(name: str, rule: str = "") -> ApiError:
    """Return a 400 for a parameter with the wrong type or out of range; `rule` says what is allowed."""
    return ApiError(400, f"Your request contains invalid value for {name} parameter.{' ' + rule if rule else ''}")
