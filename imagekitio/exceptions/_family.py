"""The exceptions of the library, one family with one base.

    ImageKitException
    ├── NetworkException                no answer came
    │   └── TimeoutException            ... in time
    ├── BadRequestException             400
    ├── UnauthorizedException           401
    ├── ForbiddenException              403
    ├── TooManyRequestsException        429
    ├── InternalServerException         5xx
    └── UnknownException                any other status, or an answer that cannot be read
        ├── PartialSuccessException     207
        ├── NotFoundException           404
        └── ConflictException           409

The last three stand below `UnknownException` because release 4.x raises `UnknownException` for them in many methods:
code that caught it there goes on working.
"""

from __future__ import annotations

from typing import Any

from ..models.response_metadata import ResponseMetadata


class ImageKitException(Exception):
    """Base of everything that goes wrong between the library and the service.

    Attributes:
        message: What went wrong, in the server's words where it sent some.
        response_help: What the server advises; often whom to ask.
        response_metadata: Status, headers and body of the answer.
        attempts: How often the request was sent.
        elapsed_seconds: How long all attempts and the waits between them took.
        retry_after_seconds: How long the service asked to wait; None when it did not say.
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
        """The id that the service gave the request, for a support ticket; None when it sent none."""
        return self.response_metadata.headers.get("x-ik-requestid")

    @property
    def reason(self) -> str | None:
        """The server's word for what went wrong, such as ``SOURCE_FILE_MISSING``; copies, moves, renames have one."""
        reason = self.raw.get("reason") if isinstance(self.raw, dict) else None
        return reason if isinstance(reason, str) else None

    @property
    def raw(self) -> Any:
        """The decoded body of the answer."""
        return self.response_metadata.raw


class NetworkException(ImageKitException):
    """No answer came: no connection, a connection that broke, a proxy or a certificate in the way.

    Attributes:
        request_sent: False when no connection was made, so that the service cannot have carried the request out.
        retryable: False when another attempt would fail in the same way (a certificate, a proxy URL).
    """

    request_sent: bool = True
    retryable: bool = True


class TimeoutException(NetworkException):
    """No answer came within the timeout."""


class BadRequestException(ImageKitException):
    """400: a parameter is missing or invalid."""


class UnauthorizedException(ImageKitException):
    """401: the request carries no credentials."""


class ForbiddenException(ImageKitException):
    """403: the credentials are wrong, expired or not enough."""


class TooManyRequestsException(ImageKitException):
    """429: the rate limit is reached."""


class InternalServerException(ImageKitException):
    """5xx: the service failed."""


class UnknownException(ImageKitException):
    """A status that has no class of its own, or an answer that cannot be read."""


class PartialSuccessException(UnknownException):
    """207: done for a part of the files only.

    Attributes:
        errors: What failed, as the server lists it: ``[{"fileId": …, "error": …}]``.
        failed_file_ids: The ids of the files for which it failed.
    """

    @property
    def errors(self) -> list[dict[str, Any]]:
        errors = self.raw.get("errors") if isinstance(self.raw, dict) else None
        return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []

    @property
    def failed_file_ids(self) -> list[str]:
        return [str(error["fileId"]) for error in self.errors if "fileId" in error]


class NotFoundException(UnknownException):
    """404: no such file, version, folder, job or field.

    Attributes:
        missing_file_ids: The ids that do not exist, where a bulk operation names them.
    """

    @property
    def missing_file_ids(self) -> list[str]:
        ids = self.raw.get("missingFileIds") if isinstance(self.raw, dict) else None
        return [str(file_id) for file_id in ids] if isinstance(ids, list) else []


class ConflictException(UnknownException):
    """409: the target of a rename exists already."""
