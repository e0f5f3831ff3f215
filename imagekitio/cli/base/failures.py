"""Exit codes, and one-line descriptions of failures.

==== ==========================================================================================
code meaning
==== ==========================================================================================
0    everything was done
1    some items failed, or something on this machine did (a disk, a permission)
2    usage: the command line or the configuration is not valid; nothing was changed
3    refused: by the service, or by you when you were asked
4    network: no answer arrived, or the service failed (5xx, 429)
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

_DOCTOR = "run imagekit doctor with the same options"
_BLANKS = re.compile(r"\s+")
_CREDENTIALS = re.compile(r"(?<=//)[^/?#\s]*@")
# C0 and C1: an untrusted name must not move the terminal's cursor or change its colours.
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Failure(click.ClickException):
    """An error that ends a command with one line that says what to do.

    Args:
        message: What is wrong and how to put it right, on one line.
        exit_code: One of the table above.
    """

    def __init__(self, message: str, exit_code: int = SOME_FAILED) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]  # which click reads from the instance too


def require_answer(value: T | None, name: str) -> T:
    """Return a value that the service's answer must contain to show that something was done.

    The library turns an answer without it, such as ``{}``, into a result whose attributes are None.

    Args:
        value: The value.
        name: What it is, such as ``file id``.
    Raises:
        Failure: It is missing; exit code 4, as if no answer had arrived.
    """
    if value is None or value == "":
        raise Failure(
            f"the answer has no {name}, so it is unknown whether the service did anything (see imagekit ls)", NETWORK
        )
    return value


def escape_controls(text: str) -> str:
    r"""Return `text` with control characters and lone surrogates written as ``\x1b`` and the like."""
    return CONTROLS.sub(lambda match: match[0].encode("unicode_escape", "surrogatepass").decode(), text)


def hide_credentials(text: str) -> str:
    """Return `text` without the user names and passwords of its URLs: ``https://…@example.com/cat.jpg``."""
    return _CREDENTIALS.sub("…@", text)


def describe(error: BaseException) -> str:
    """Describe an error on one line, with advice if there is any."""
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
    # Messages quote URLs, and so do those of the service.
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
        return NETWORK  # a proxy's page instead of the service's answer
    if isinstance(error, ImageKitException):
        return REFUSED
    if isinstance(error, (TypeError, ValueError, ImportError)) and not isinstance(error, EmptyFileError):
        return USAGE  # the library refuses wrong arguments before it sends anything
    return SOME_FAILED


def join_exit_codes(errors: Iterable[BaseException], *, has_success: bool) -> int:
    """Return the exit code of a command on many items: 1, or that of its errors if they agree and nothing succeeded."""
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
