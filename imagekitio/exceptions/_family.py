"""The exceptions of the library, one family with one base.

    ImageKitException                               ImageKitError, APIError
    ├── NetworkException                            APIConnectionError: no response arrived
    │   └── TimeoutException                        APITimeoutError: ... within the timeout
    └── StatusException                             APIStatusError: a response arrived
        ├── BadRequestException                     BadRequestError, 400
        │   ├── FileExistsBadRequestException       ... because an upload may not replace the file with that name
        │   └── FileTooLargeException               ... because the file is larger than the account allows
        ├── UnauthorizedException                   AuthenticationError, 401
        ├── ForbiddenException                      PermissionDeniedError, 403
        ├── TooManyRequestsException                RateLimitError, 429
        ├── InternalServerException                 InternalServerError, 5xx
        ├── UnknownException                        any other status, or a response that cannot be used
        │   ├── PartialSuccessException             207
        │   ├── NotFoundException                   NotFoundError, 404
        │   ├── ConflictException                   ConflictError, 409
        │   │   └── FileExistsConflictException     ... because another file has the new name of a rename
        │   ├── UnprocessableEntityException        UnprocessableEntityError, 422
        │   └── UnreadableResponseException         APIResponseValidationError: a success that cannot be parsed
        └── FileExistsException                     both of the above whose name begins with FileExists

On the right are the names of release 5, which are aliases. Some classes are below `UnknownException` because many
methods of release 4.x raise `UnknownException` for these statuses: code that catches it keeps working. If a file
already exists, the service answers 400 or 409, depending on the call; `FileExistsException` is raised as one of its two
subclasses, so that code can catch it either by status or by cause.
"""

from __future__ import annotations

import re
import reprlib
from dataclasses import dataclass
from typing import Any, cast

from ..models.response_metadata import ResponseMetadata
from .printing import join_some, make_printable

_MAX_MESSAGE_CHARACTERS = 1000
_IK_ERROR_CODE = re.compile(r"[A-Z][A-Z0-9_]*(?= - |$)")


@dataclass(frozen=True)
class ErrorDetail:
    """One of the problems that the service found in a request.

    Attributes:
        message: What is wrong.
        field: The parameter or custom metadata field that is wrong; None if the service names none.
        file_id: The file for which the operation failed; None if the service names none.
    """

    message: str
    field: str | None = None
    file_id: str | None = None

    def __str__(self) -> str:
        subject = self.field or self.file_id
        return f"{subject}: {self.message}" if subject else self.message


class ImageKitException(Exception):
    """Base class of all errors in the communication with the service.

    `str()` shows everything that helps to fix the error: the message, the details in `errors`, IDs of files that do not
    exist, `reason`, and how long the service asks to wait. It is a single line, and long lists are truncated. `message`
    contains only the text of the server, as in release 4.x.

    Attributes:
        message: Description of the error: the message of the server, unchanged, if it sent one.
        response_help: Advice of the server, often a contact address.
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

    def __str__(self) -> str:
        text = make_printable(self.message, _MAX_MESSAGE_CHARACTERS)
        if details := [str(error) for error in self.errors]:
            text += f"{'' if text.endswith('.') else ':'} {join_some(details, '; ')}"
        if missing := self._read_missing_file_ids():
            text += f"{'' if text.endswith('.') else ';'} Missing: {join_some(missing, ', ')}"
        if self.reason and self.reason not in text:
            text += f" ({make_printable(self.reason)})"
        if self.retry_after_seconds is not None and self.response_metadata.http_status_code is not None:
            text += f" (the service asks to wait {self.retry_after_seconds:g} s)"
        return text

    @property
    def errors(self) -> list[ErrorDetail]:
        """The problems that the service found, by field or by file; empty if it lists none."""
        found = self._get_member("errors")
        if isinstance(found, dict):
            by_field = cast("dict[str, Any]", found)
            return [ErrorDetail(_describe(value), field=name) for name, value in by_field.items()]
        return [_read_detail(one) for one in found] if isinstance(found, list) else []

    @property
    def request_id(self) -> str | None:
        """The ID that the service assigned to the request, for support tickets; None if it sent none."""
        return self.response_metadata.headers.get("x-ik-requestid")

    @property
    def reason(self) -> str | None:
        """The error code of the server; None if it sent none.

        Copies, moves and renames have codes such as ``SOURCE_FILE_MISSING``; downloads have codes such as ``ENOENT``,
        in the header ``ik-error``.
        """
        reason = self._get_member("reason")
        if isinstance(reason, str):
            return reason
        code = _IK_ERROR_CODE.match(self.response_metadata.headers.get("ik-error", ""))
        return code and code[0]

    @property
    def raw(self) -> Any:
        """The decoded body of the response."""
        return self.response_metadata.raw

    @property
    def body(self) -> Any:
        """The name of `raw` in release 5."""
        return self.response_metadata.raw

    def _read_missing_file_ids(self) -> list[str]:
        ids = self._get_member("missingFileIds")
        return [str(file_id) for file_id in ids] if isinstance(ids, list) else []

    def _get_member(self, name: str) -> Any:
        return self.raw.get(name) if isinstance(self.raw, dict) else None


def _read_detail(data: Any) -> ErrorDetail:
    if not isinstance(data, dict):
        return ErrorDetail(_describe(data))
    member = cast("dict[str, Any]", data).get
    field, file_id = member("field"), member("fileId")
    return ErrorDetail(
        _describe(member("error", member("message", data))),
        field if isinstance(field, str) else None,
        None if file_id is None else str(file_id),
    )


def _describe(data: Any) -> str:
    return data if isinstance(data, str) else reprlib.repr(data)  # stays short, however deeply the data is nested


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


class StatusException(ImageKitException):
    """A response arrived, but it is an error or cannot be used."""

    @property
    def status_code(self) -> int:
        """The HTTP status."""
        return self.response_metadata.http_status_code

    @property
    def response(self) -> ResponseMetadata:
        """The name of `response_metadata` in release 5."""
        return self.response_metadata


class BadRequestException(StatusException):
    """400: a parameter is missing or invalid."""


class UnauthorizedException(StatusException):
    """401: the request has no credentials, or the URL has no valid signature."""


class ForbiddenException(StatusException):
    """403: the credentials are wrong, expired or not sufficient."""


class TooManyRequestsException(StatusException):
    """429: the rate limit is exceeded."""


class InternalServerException(StatusException):
    """5xx: the service failed."""


class UnknownException(StatusException):
    """The response has a status without its own class, or cannot be used."""


class PartialSuccessException(UnknownException):
    """207: the operation succeeded for only some of the files."""

    @property
    def failed_file_ids(self) -> list[str]:
        """The IDs of the files for which the operation failed."""
        return [error.file_id for error in self.errors if error.file_id is not None]


class NotFoundException(UnknownException):
    """404: the file, version, folder, job or field does not exist."""

    @property
    def missing_file_ids(self) -> list[str]:
        """The IDs that do not exist, as bulk operations report them; empty for other operations."""
        return self._read_missing_file_ids()


class ConflictException(UnknownException):
    """409: the new name in a rename is already taken, or the object to change or delete is in use."""


class UnprocessableEntityException(UnknownException):
    """422: the service understands the request, but cannot carry it out."""


class UnreadableResponseException(UnknownException):
    """The response has a success status but cannot be parsed; it may be the HTML page of a gateway, for example."""


class FileExistsException(StatusException):
    """A file with this name exists and may not be replaced; raised as one of its subclasses, one for each status."""


class FileExistsBadRequestException(FileExistsException, BadRequestException):
    """400: a file has the name of the upload, and both `overwrite_file` and `use_unique_file_name` are False."""


class FileExistsConflictException(FileExistsException, ConflictException):
    """409: another file in the folder has the new name of a rename."""


class FileTooLargeException(BadRequestException):
    """400: the file is larger than the account allows."""
