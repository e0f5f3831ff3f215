"""Map errors to responses for visitors, in the same way for all frameworks.

A visitor can fix some errors, such as a file that is too large. All others are errors of the application or the
service, whatever their status was: if the server has a wrong key, the service responds with 403, and the visitor gets
502. Messages of the service may contain keys, paths and addresses, so visitors see only the messages in this module.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, overload

from ..exceptions import (
    BadRequestException,
    ConflictException,
    EmptyFileError,
    FileExistsException,
    FileTooLargeException,
    ImageKitException,
    NotFoundException,
    StatusException,
    TimeoutException,
    TooManyRequestsException,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOO_LARGE = 413
_RETRY_AFTER_SECONDS = 1  # if the service does not say how long


class UploadRefusedError(ValueError):
    """The application does not accept an upload; the message is written for the visitor.

    Attributes:
        status: HTTP status of the response to the visitor.
    """

    status: int = 400


class UploadTooLargeError(UploadRefusedError):
    """The file is larger than the application accepts.

    Attributes:
        size_bytes: Its size; None if unknown, because reading stopped at the limit.
        max_bytes: The limit.
    """

    status = _TOO_LARGE

    def __init__(self, size_bytes: int | None, max_bytes: int) -> None:
        super().__init__(size_bytes, max_bytes)
        self.size_bytes: int | None = size_bytes
        self.max_bytes: int = max_bytes

    def __str__(self) -> str:
        if self.size_bytes is None:
            return f"The file is too large: the maximum is {format_bytes(self.max_bytes)}."
        size, limit = _format_apart(self.size_bytes, self.max_bytes)
        return f"The file is too large: it has {size}, and the maximum is {limit}."


class LoginRequiredError(UploadRefusedError):
    """The visitor must log in before uploading."""

    status = 401

    def __init__(self, message: str = "Please log in to upload files.") -> None:
        super().__init__(message)


@dataclass(frozen=True)
class Answer:
    """A response to a visitor.

    Attributes:
        status: HTTP status.
        message: One or two sentences in English, containing nothing secret.
        headers: Headers to send.
    """

    status: int
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)


@overload
def answer_for(error: ImageKitException | UploadRefusedError) -> Answer: ...
@overload
def answer_for(error: BaseException) -> Answer | None: ...
def answer_for(error: BaseException) -> Answer | None:
    """Return the response to a visitor for an error.

    ====== =========================================================================
    status errors
    ====== =========================================================================
    400    the file is empty, or the application or the service refused it
    401    the visitor must log in to upload
    404    the file does not exist
    409    the name is taken, or the item to delete is in use
    413    the file is too large
    502    any other response of the service, including 401, 403 and 5xx, or none
    503    too many requests, with `Retry-After`
    504    no response in time
    ====== =========================================================================

    Args:
        error: The exception that was raised.
    Returns:
        The response, or None if the error does not come from ImageKit, such as a mistake in the application.
    """
    if isinstance(error, UploadRefusedError):
        return Answer(error.status, str(error))
    if isinstance(error, TooManyRequestsException):
        seconds = error.retry_after_seconds or 0
        headers = {"Retry-After": str(max(_RETRY_AFTER_SECONDS, math.ceil(seconds)))}
        return Answer(503, "Too many requests at the moment. Please try again later.", headers)
    # The service's own refusal is a FileTooLargeException; this one comes from a proxy in between.
    if isinstance(error, StatusException) and error.status_code == _TOO_LARGE:
        return Answer(_TOO_LARGE, _TOO_LARGE_MESSAGE)
    return next((Answer(status, message) for kind, status, message in _ANSWERS if isinstance(error, kind)), None)


def check_size(size_bytes: int | None, max_bytes: int | None) -> None:
    """Refuse a file that is too large; None means an unknown size, or no limit.

    Raises:
        UploadTooLargeError: `size_bytes` is more than `max_bytes`.
    """
    if size_bytes is not None and max_bytes is not None and size_bytes > max_bytes:
        raise UploadTooLargeError(size_bytes, max_bytes)


def format_bytes(count: int, decimals: int = 1) -> str:
    """Return a number of bytes in readable form, in powers of 1000: ``950 bytes``, ``26.2 MB``.

    Args:
        count: Number of bytes.
        decimals: Maximum number of decimals, at least 1.
    """
    if count == 1:
        return "1 byte"
    if count < 1000:
        return f"{count} bytes"
    amount, units = count / 1000, ["kB", "MB", "GB", "TB"]
    while round(amount, decimals) >= 1000 and len(units) > 1:
        amount /= 1000
        del units[0]
    return f"{amount:.{decimals}f}".rstrip("0").rstrip(".") + f" {units[0]}"


def _format_apart(size_bytes: int, max_bytes: int) -> tuple[str, str]:
    """Return two numbers of bytes with enough digits to differ, so that a message never says 5 MB for both."""
    for decimals in range(1, 4):
        size, limit = format_bytes(size_bytes, decimals), format_bytes(max_bytes, decimals)
        if size != limit:
            return size, limit
    return f"{size_bytes:,} bytes", f"{max_bytes:,} bytes"


_TOO_LARGE_MESSAGE = "The file is too large."

# The first match counts. Subclasses come before their base classes.
_ANSWERS: tuple[tuple[type[Exception], int, str], ...] = (
    (EmptyFileError, 400, "The file is empty."),
    (FileTooLargeException, _TOO_LARGE, _TOO_LARGE_MESSAGE),
    (FileExistsException, 409, "A file with this name already exists."),
    (ConflictException, 409, "The name is taken, or in use."),
    (BadRequestException, 400, "The file or the request was not accepted."),
    (NotFoundException, 404, "The file does not exist."),
    (TimeoutException, 504, "The image service did not respond in time. Please try again later."),
    (ImageKitException, 502, "The image service is not available. Please try again later."),
)
