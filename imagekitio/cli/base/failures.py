"""Exit codes, and what one line says about a failure.

==== ==========================================================================================
code meaning
==== ==========================================================================================
0    everything was done
1    some items failed, or something on this machine did (a disk, a permission)
2    usage: the command line or the configuration is not valid; nothing was sent
3    refused: the service refused, or you did when you were asked
4    network: no answer came, or the service failed (5xx, 429)
130  Ctrl-C
141  the reader of the output has gone
==== ==========================================================================================
"""

from __future__ import annotations

import errno
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")

SOME_FAILED, USAGE, REFUSED, NETWORK, INTERRUPTED, CLOSED_PIPE = 1, 2, 3, 4, 130, 141

_DOCTOR = "imagekit doctor with the same options"
_BLANKS = re.compile(r"\s+")
_CREDENTIALS = re.compile(r"(?<=//)[^/?#\s]*@")
# C0 and C1: a name from elsewhere must not move the cursor of a terminal or change its colours.
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Failure(click.ClickException):
    """An error that ends a command with one line, which says what to do.

    Args:
        message: What is wrong and what would be right, on one line.
        exit_code: One of the table above.
    """

    def __init__(self, message: str, exit_code: int = SOME_FAILED) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]  # which click reads from the instance too


def require_answer(value: T | None, name: str) -> T:
    """Return a value of the service's answer without which nobody knows whether anything was done.

    The library keeps an answer that lacks it, such as ``{}``, as a result whose attributes are None.

    Args:
        value: The value.
        name: What it is, such as ``file id``.
    Raises:
        Failure: It is missing; exit code 4, as for any answer that did not come.
    """
    if value is None or value == "":
        raise Failure(
            f"the answer has no {name}: whether the service has done it is not known (look: imagekit ls)", NETWORK
        )
    return value


def escape_controls(text: str) -> str:
    r"""Return `text` with control characters and lone surrogates written as ``\x1b`` and the like."""
    return CONTROLS.sub(lambda match: match[0].encode("unicode_escape", "surrogatepass").decode(), text)


def hide_credentials(text: str) -> str:
    """Return `text` with the user names and passwords of URLs left out: ``https://…@example.com/cat.jpg``."""
    return _CREDENTIALS.sub("…@", text)


def describe(error: BaseException) -> str:
    """Return one line about an error, with what to do about it where that is known."""
    if isinstance(error, click.ClickException):
        text = error.format_message()
    elif isinstance(error, OSError) and error.errno is not None:
        reason = error.strerror or errno.errorcode.get(error.errno, "")
        text = f"{error.filename}: {reason}" if error.filename is not None else reason
    elif isinstance(error, (TypeError, ValueError)):
        from .wording import word_error  # loaded here: most runs end without an error

        text = word_error(str(error)) or type(error).__name__
    else:
        text = str(error) or type(error).__name__
    # Messages quote URLs, those of the service too.
    return escape_controls(hide_credentials(_BLANKS.sub(" ", text.strip()))) + _advise(error)


def find_exit_code(error: BaseException) -> int:
    """Return the exit code for an error that ended a command, or an item of it."""
    # Loaded here: most runs end without an error.
    from ...exceptions import (
        EmptyFileError,
        ImageKitException,
        InternalServerException,
        NetworkException,
        TooManyRequestsException,
        UnreadableResponseException,
    )

    if isinstance(error, click.ClickException):
        return error.exit_code
    if isinstance(error, (NetworkException, InternalServerException, TooManyRequestsException)):
        return NETWORK
    if isinstance(error, UnreadableResponseException):
        return NETWORK  # a page of a proxy in place of the service's answer
    if isinstance(error, ImageKitException):
        return REFUSED
    if isinstance(error, (TypeError, ValueError, ImportError)) and not isinstance(error, EmptyFileError):
        return USAGE  # the library refuses wrong arguments before it sends anything
    return SOME_FAILED


def join_exit_codes(errors: Iterable[BaseException], *, has_success: bool) -> int:
    """Return the exit code of a command on many items: that of all its errors if nothing succeeded and they agree."""
    codes = {find_exit_code(error) for error in errors}
    if not codes:
        return 0
    return codes.pop() if len(codes) == 1 and not has_success else SOME_FAILED


def _advise(error: BaseException) -> str:
    from ...exceptions import (
        ForbiddenException,
        InternalServerException,
        NetworkException,
        NotFoundException,
        TooManyRequestsException,
        UnauthorizedException,
    )

    if isinstance(error, (UnauthorizedException, ForbiddenException)):
        return f" (check the keys: {_DOCTOR})"
    if isinstance(error, NetworkException):
        return f" (check the connection: {_DOCTOR})"
    if isinstance(error, TooManyRequestsException):
        return " (wait a moment, then run the command again)"
    if isinstance(error, InternalServerException):
        return f" (the service failed with HTTP {error.response_metadata.http_status_code}: try again later)"
    if isinstance(error, NotFoundException) and error.message == HTTPStatus.NOT_FOUND.phrase:
        return f" (check the base URL of the API: {_DOCTOR})"  # the API itself says what it did not find
    return ""
