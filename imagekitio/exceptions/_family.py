"""The exceptions of the library, one family with one base.

    ImageKitException
    ├── NetworkException                no response arrived
    │   └── TimeoutException            ... within the timeout
    ├── BadRequestException             400
    ├── UnauthorizedException           401
    ├── ForbiddenException              403
    ├── TooManyRequestsException        429
    ├── InternalServerException         5xx
    └── UnknownException                any other status, or a response that cannot be parsed
        ├── PartialSuccessException     207
        ├── NotFoundException           404
        └── ConflictException           409

The last three are subclasses of `UnknownException` because many methods of release 4.x raise `UnknownException` for
them: code that catches it keeps working.
"""

from __future__ import annotations

from typing import Any

from ..models.response_metadata import ResponseMetadata


class ImageKitException(Exception):
    """Base class of all errors in the communication with the service.

    Attributes:
        message: Description of the error: the message of the server if it sent one.
        response_help: Advice of the server, often an address to write to.
        response_metadata: Status, headers and body of the response.
        attempts: Number of times the request was sent.
        elapsed_seconds: Seconds that all attempts took, including the waits between them.
        retry_after_seconds: Seconds that the service asked to wait; None if it did not ask.
    """

    # Every argument but the message has a default, so that pickle can rebuild the exception in another process.
    def __init__(
        self, message: str = "", response_help: str = "", response_metadata: ResponseMetadata | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.response_help = response_help
        self.response_metadata: ResponseMetadata = response_metadata or ResponseMetadata()
        self.attempts: int = 1
        self.elapsed_seconds: float = 0.0
        self.retry_after_seconds: float | None = None

    @property
    def request_id(self) -> str | None:
        """The id that the service assigned to the request, for support tickets; None if it sent none."""
        return self.response_metadata.headers.get("x-ik-requestid")

    @property
    def reason(self) -> str | None:
        """The error code of the server, such as ``SOURCE_FILE_MISSING``; sent for copies, moves and renames."""
        reason = self.raw.get("reason") if isinstance(self.raw, dict) else None
        return reason if isinstance(reason, str) else None

    @property
    def raw(self) -> Any:
        """The decoded body of the response."""
        return self.response_metadata.raw


class NetworkException(ImageKitException):
    """No response arrived, because of a failed or broken connection, a proxy, or a certificate, for example.

    Attributes:
        request_sent: False if no connection was made, which means that the service did not carry out the request.
        retryable: False if another attempt would fail in the same way (a certificate, a proxy URL).
    """

    request_sent: bool = True
    retryable: bool = True


class TimeoutException(NetworkException):
    """No response arrived within the timeout."""


class BadRequestException(ImageKitException):
    """400: a parameter is missing or invalid."""


class UnauthorizedException(ImageKitException):
    """401: the request has no credentials."""


class ForbiddenException(ImageKitException):
    """403: the credentials are wrong, expired or not sufficient."""


class TooManyRequestsException(ImageKitException):
    """429: the rate limit is exceeded."""


class InternalServerException(ImageKitException):
    """5xx: the service failed."""


class UnknownException(ImageKitException):
    """The response has a status without its own class, or cannot be parsed."""


class PartialSuccessException(UnknownException):
    """207: the operation succeeded for some of the files only."""

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The failures as the server lists them: ``[{"fileId": …, "error": …}]``."""
        errors = self.raw.get("errors") if isinstance(self.raw, dict) else None
        return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []

    @property
    def failed_file_ids(self) -> list[str]:
        """The ids of the files for which the operation failed."""
        return [str(error["fileId"]) for error in self.errors if "fileId" in error]


class NotFoundException(UnknownException):
    """404: the file, version, folder, job or field does not exist."""

    @property
    def missing_file_ids(self) -> list[str]:
        """The ids that do not exist, as bulk operations list them; empty for other operations."""
        ids = self.raw.get("missingFileIds") if isinstance(self.raw, dict) else None
        return [str(file_id) for file_id in ids] if isinstance(ids, list) else []


class ConflictException(UnknownException):
    """409: the new name in a rename is already taken."""
