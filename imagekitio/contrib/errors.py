"""What a visitor is told when something fails: one mapping for all frameworks.

A visitor can mend some errors, such as a file that is too large. All others are those of the application or of the
service, whatever their status was: with a wrong key of the server, the service answers 403, and the visitor gets 502.
What the service says may name keys, paths and addresses, so a visitor sees only the sentences of this module.
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
_RETRY_AFTER_SECONDS = 1  # where the service does not say how long


class UploadRefusedError(ValueError):
    """The application does not accept an upload; the message is written for the visitor.

    Attributes:
        status: HTTP status of the answer to the visitor.
    """

    status: int = 400


class UploadTooLargeError(UploadRefusedError):
    """The file is larger than the application accepts.

    Attributes:
        size_bytes: Its size; None if unknown, since it was read no further than to the limit.
        max_bytes: The limit.
    """

    status = _TOO_LARGE

    def __init__(self, size_bytes: int | None, max_bytes: int) -> None:
        super().__init__(size_bytes, max_bytes)
        self.size_bytes: int | None = size_bytes
        self.max_bytes: int = max_bytes

    def __str__(self) -> str:
        if self.size_bytes is None:
            return f"The file is too large: {format_bytes(self.max_bytes)} are allowed."
        size, limit = _format_apart(self.size_bytes, self.max_bytes)
        return f"The file is too large: it has {size}, and {limit} are allowed."


class LoginRequiredError(UploadRefusedError):
    """The visitor must log in before uploading."""

    status = 401

    def __init__(self, message: str = "Please log in to upload files.") -> None:
        super().__init__(message)


@dataclass(frozen=True)
class Answer:
    """What to answer to a visitor.

    Attributes:
        status: HTTP status.
        message: One or two sentences in English, without anything secret.
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
    """Return what to answer to a visitor when `error` was raised.

    ====== =========================================================================
    status errors
    ====== =========================================================================
    400    the file is empty, the application refuses it, or the service found fault
    401    the visitor must log in to upload
    404    the file does not exist
    409    the name is taken, or what is to be deleted is in use
    413    the file is too large
    502    any other answer of the service, 401, 403 and 5xx among them, or none
    503    too many requests, with `Retry-After`
    504    no answer in time
    ====== =========================================================================

    Args:
        error: What was raised.
    Returns:
        The answer, or None if the error does not come from ImageKit: a mistake in the application, for example.
    """
    if isinstance(error, UploadRefusedError):
        return Answer(error.status, str(error))
    if isinstance(error, TooManyRequestsException):
        seconds = error.retry_after_seconds or 0
        headers = {"Retry-After": str(max(_RETRY_AFTER_SECONDS, math.ceil(seconds)))}
        return Answer(503, "Too many requests at the moment. Please try again later.", headers)
    # Its own refusal is a FileTooLargeException; this is one of a proxy on the way to it.
    if isinstance(error, StatusException) and error.status_code == _TOO_LARGE:
        return Answer(_TOO_LARGE, _TOO_LARGE_MESSAGE)
    return next((Answer(status, message) for kind, status, message in _ANSWERS if isinstance(error, kind)), None)


def check_size(size_bytes: int | None, max_bytes: int | None) -> None:
    """Refuse a file that is too large; None stands for an unknown size, and for no limit.

    Raises:
        UploadTooLargeError: `size_bytes` is more than `max_bytes`.
    """
    if size_bytes is not None and max_bytes is not None and size_bytes > max_bytes:
        raise UploadTooLargeError(size_bytes, max_bytes)


def format_bytes(count: int, decimals: int = 1) -> str:
    """Return a number of bytes as people write it, in powers of 1000: ``950 bytes``, ``26.2 MB``.

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
    """Return two numbers of bytes with as many digits as tell them apart, lest 5 MB be more than 5 MB."""
    for decimals in range(1, 4):
        size, limit = format_bytes(size_bytes, decimals), format_bytes(max_bytes, decimals)
        if size != limit:
            return size, limit
    return f"{size_bytes:,} bytes", f"{max_bytes:,} bytes"


_TOO_LARGE_MESSAGE = "The file is too large."

# The first that fits. Classes before those that they are subclasses of.
_ANSWERS: tuple[tuple[type[Exception], int, str], ...] = (
    (EmptyFileError, 400, "The file is empty."),
    (FileTooLargeException, _TOO_LARGE, _TOO_LARGE_MESSAGE),
    (FileExistsException, 409, "A file of this name exists already."),
    (ConflictException, 409, "The name is taken, or in use."),
    (BadRequestException, 400, "The file or the request was not accepted."),
    (NotFoundException, 404, "The file does not exist."),
    (TimeoutException, 504, "The image service did not answer in time. Please try again later."),
    (ImageKitException, 502, "The image service is not available. Please try again later."),
)
