"""An answer of the service other than success, as an exception that any layer below HTTP may raise."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

HELP = "For support kindly contact us at support@imagekit.io."


class ApiError(Exception):
    """A refusal with its status, message and, where the operation has one, `reason` (api.md, section 4.1).

    Args:
        status: HTTP status.
        message: What is wrong, in the words of the service where it has words.
        reason: Word in capitals that clients may branch on.
        members: Further members of the body, such as ``errors`` or ``missingFileIds``.

    `headers` are those that the answer has beside the usual ones.
    """

    def __init__(self, status: int, message: str, reason: str | None = None, **members: object) -> None:
        super().__init__(message)
        self.status: int = status
        self.message: str = message
        self.reason: str | None = reason
        self.members: dict[str, object] = members
        self.headers: Mapping[str, str] = {}


def invalid_parameter(name: str, rule: str = "") -> ApiError:
    """400 for a parameter of the wrong type or out of its range; `rule` says what would be right."""
    return ApiError(400, f"Your request contains invalid value for {name} parameter.{' ' + rule if rule else ''}")
