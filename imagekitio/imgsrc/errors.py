"""The exceptions of img-src.io, one family with one base::

    ImgsrcError
    ├── NoResponseError                no response came: a failed or broken connection, a proxy, a certificate
    │   └── RequestTimeoutError        ... within the timeout
    ├── ResponseValidationError        a response with a success status that cannot be used
    ├── ErrorResponse                  the service refused, in a way that its API describes for the call
    ├── ImgsrcDefaultError             any other refusal: 429, a status that the call does not list, a gateway's page
    └── by status, each raised together with one of the two above:
        ├── BadRequestError            400
        ├── UnauthorizedError          401
        ├── ForbiddenError             403
        ├── NotFoundError              404
        ├── ConflictError              409
        ├── PayloadTooLargeError       413
        ├── RateLimitedError           429
        └── InternalServerError        5xx

The released package distinguishes `ErrorResponse` and `ImgsrcDefaultError` by the statuses that the API lists for each
call, and has no classes by status. To keep its `except` clauses working, an exception belongs to both hierarchies: a
preset that does not exist raises a `NotFoundError` that is an `ErrorResponse`, and a 404 with a gateway's page raises
one that is an `ImgsrcDefaultError`. Unlike there, network failures are subclasses of `ImgsrcError` too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

from ..exceptions import (
    ImageKitException,
    NetworkException,
    StatusException,
    TimeoutException,
    UnreadableResponseException,
)
from ..exceptions.printing import make_printable
from ..models.response_metadata import Headers, ResponseMetadata
from ..operations.core import Response
from ..operations.responses import read_metadata
from .models.base import Error, ErrorResponseData

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_MAX_MESSAGE_CHARACTERS = 1000


class HttpResponse(Protocol):
    """A response of an HTTP library, such as `httpx.Response`."""

    @property
    def status_code(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def text(self) -> str: ...


class ImgsrcError(Exception):
    """Base class of all errors in communication with the service.

    To create one in tests, pass a message and a response of an HTTP library, such as
    ``httpx.Response(404, json={…})``.

    Attributes:
        message: Description of the failure: the message of the service, unchanged, if it sent one.
        raw_response: The response: `status_code`, `headers`, `text` and `json()`; empty if none came.
        attempts: Number of times the request was sent.
        elapsed_seconds: Seconds that all attempts took, including the waits between them.
        retry_after_seconds: Seconds that the service asked to wait; None if it did not ask.
    """

    # Every argument has a default, so that pickle can rebuild the exception in another process.
    def __init__(self, message: str = "", raw_response: ResponseMetadata | HttpResponse | None = None) -> None:
        super().__init__(message)
        self.message: str = message
        self.raw_response: ResponseMetadata = _read_response(raw_response)
        self.attempts: int = 1
        self.elapsed_seconds: float = 0.0
        self.retry_after_seconds: float | None = None

    def __str__(self) -> str:
        return make_printable(self.message, _MAX_MESSAGE_CHARACTERS)

    def __reduce__(self) -> tuple[Callable[..., ImgsrcError], tuple[Any, ...]]:
        return _restore, (_parts_of(type(self)), self.args, vars(self))

    @property
    def status_code(self) -> int:
        """The HTTP status; None if no response came. The type omits None, for code that compares statuses."""
        return self.raw_response.http_status_code

    @property
    def headers(self) -> Headers:
        """The headers of the response; names are case-insensitive."""
        return self.raw_response.headers

    @property
    def body(self) -> str:
        """The body of the response as text; empty if there is none."""
        return self.raw_response.text

    @property
    def data(self) -> ErrorResponseData | None:
        """The body of the response, if the service reports a failure in it; None otherwise."""
        return _read_data(self.raw_response.raw)

    @property
    def code(self) -> str | None:
        """The error code of the service, such as ``NOT_FOUND``; None if it sent none."""
        return None if self.data is None else self.data.error.code

    @property
    def path(self) -> str | None:
        """The path of the request as reported by the service; None if it reports none."""
        return None if self.data is None else self.data.error.path


class ErrorResponse(ImgsrcError):  # noqa: N818  # its published name
    """The service refused with a response that its API describes for the call."""

    @property
    def data(self) -> ErrorResponseData:
        """The body of the response: `data.error` has `code`, `message`, `status` and `path`."""
        return ErrorResponseData.from_json(self.raw_response.raw)


class ImgsrcDefaultError(ImgsrcError):
    """Any other refusal: status 429, a status that the API does not list for the call, or a gateway's page."""


class ResponseValidationError(ImgsrcError):
    """The response has a success status, but is not what the API describes, such as a gateway's page."""

    @property
    def cause(self) -> BaseException | None:
        """The exception that explains what is wrong with the response."""
        return self.__cause__


class NoResponseError(ImgsrcError):
    """No response came, for example because of a failed or broken connection, a proxy, or a certificate."""


class RequestTimeoutError(NoResponseError):
    """No response came within the timeout."""


class BadRequestError(ImgsrcError):
    """400: a parameter, a body or a file is missing or not valid."""


class UnauthorizedError(ImgsrcError):
    """401: the key is missing, unknown, expired or deleted."""


class ForbiddenError(ImgsrcError):
    """403: the key or the plan does not allow it, or it belongs to someone else."""


class NotFoundError(ImgsrcError):
    """404: the image, path, preset or user does not exist."""


class ConflictError(ImgsrcError):
    """409: the name of a preset is taken, or an upload conflicts with what is stored."""


class PayloadTooLargeError(ImgsrcError):
    """413: the file is larger than the plan allows."""


class RateLimitedError(ImgsrcError):
    """429: too many requests in a minute, or a quota of the month is used up.

    `retry_after_seconds` distinguishes them: at most a minute, or until the next month.
    """


class InternalServerError(ImgsrcError):
    """5xx: the service failed, or a gateway in front of it."""


_BY_STATUS: Mapping[int, type[ImgsrcError]] = {
    400: BadRequestError,
    401: UnauthorizedError,
    403: ForbiddenError,
    404: NotFoundError,
    409: ConflictError,
    413: PayloadTooLargeError,
    429: RateLimitedError,
}


class DocumentedRefusal(StatusException):
    """A refusal that the API describes for the call, as the core raises it; callers get an `ErrorResponse`."""


def is_documented(metadata: ResponseMetadata) -> bool:
    """Return whether a response has the body that the API describes for failures."""
    return _read_data(metadata.raw) is not None


def convert_error(error: ImageKitException) -> ImgsrcError:
    """Return the exception of this family that corresponds to one of the core."""
    metadata = error.response_metadata
    converted = _choose_class(error, metadata.http_status_code)(error.message, metadata)
    converted.attempts, converted.elapsed_seconds = error.attempts, error.elapsed_seconds
    converted.retry_after_seconds = error.retry_after_seconds
    return converted


def _choose_class(error: ImageKitException, status: int | None) -> type[ImgsrcError]:
    if isinstance(error, TimeoutException):
        return RequestTimeoutError
    if isinstance(error, NetworkException):
        return NoResponseError
    if status is None or 200 <= status < 300:
        # As in the released package: a success status that the API does not list.
        is_unlisted = isinstance(error, UnreadableResponseException) and status not in (200, 201)
        return ImgsrcDefaultError if is_unlisted else ResponseValidationError
    family = ErrorResponse if isinstance(error, DocumentedRefusal) else ImgsrcDefaultError
    kind = InternalServerError if status >= 500 else _BY_STATUS.get(status)
    return family if kind is None else _combine(kind, family)


def _combine(kind: type[ImgsrcError], family: type[ImgsrcError]) -> type[ImgsrcError]:
    """Return a class that inherits from both classes, with the name of the first."""
    if (kind, family) not in _combinations:
        members = {"__doc__": kind.__doc__, "__module__": __name__}
        _combinations[kind, family] = type(kind.__name__, (kind, family), members)
    return _combinations[kind, family]


_combinations: dict[tuple[type[ImgsrcError], type[ImgsrcError]], type[ImgsrcError]] = {}


def _parts_of(kind: type[ImgsrcError]) -> tuple[type[ImgsrcError], ...]:
    """Return the classes that pickle can find by name: a combination has two."""
    is_combination = len(kind.__bases__) == 2 and kind.__module__ == __name__
    return cast("tuple[type[ImgsrcError], ...]", kind.__bases__) if is_combination else (kind,)


def _restore(parts: tuple[type[ImgsrcError], ...], args: tuple[Any, ...], state: dict[str, Any]) -> ImgsrcError:
    kind = _combine(*parts) if len(parts) == 2 else parts[0]
    error = kind(*args)
    vars(error).update(state)
    return error


def _read_response(given: ResponseMetadata | HttpResponse | None) -> ResponseMetadata:
    if given is None or isinstance(given, ResponseMetadata):
        return given or ResponseMetadata()
    if not all(hasattr(given, name) for name in ("status_code", "headers", "text")):
        raise TypeError(f"raw_response must be a response, such as httpx.Response(404, json=…) (got {given!r})")
    return read_metadata(Response(given.status_code, Headers(given.headers), given.text.encode()))


def _read_data(raw: object) -> ErrorResponseData | None:
    if not isinstance(raw, dict) or not isinstance(raw.get("error"), dict):
        return None
    data = ErrorResponseData.from_json(raw)
    return data if isinstance(data.error, Error) and isinstance(data.error.message, str) else None


__all__ = [
    "BadRequestError",
    "ConflictError",
    "Error",
    "ErrorResponse",
    "ErrorResponseData",
    "ForbiddenError",
    "ImgsrcDefaultError",
    "ImgsrcError",
    "InternalServerError",
    "NoResponseError",
    "NotFoundError",
    "PayloadTooLargeError",
    "RateLimitedError",
    "RequestTimeoutError",
    "ResponseValidationError",
    "UnauthorizedError",
]
