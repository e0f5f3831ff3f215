"""Requests, responses and operations as plain data, without any I/O.

An `Operation` holds the request to send and the function that reads the response. `imagekitio.flow` decides when and
how often to send it, and `imagekitio.transports` sends it. This way, tests can cover every branch of an operation with
literals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Generic, Literal, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..exceptions import ImageKitException
    from ..models.response_metadata import Headers

T_co = TypeVar("T_co", covariant=True)

Host = Literal["api", "upload"]


def check_progress(on_progress: object, name: str = "on_progress") -> None:
    """Raise TypeError unless a callback is None or callable; `name` is its name in messages."""
    if on_progress is not None and not callable(on_progress):
        raise TypeError(f"{name} must be a function (got {on_progress!r})")


@dataclass(frozen=True)
class FilePart:
    """The file of a multipart body.

    Attributes:
        source: Content, a path, or a binary file object that is read from its current position and never closed. Text
            (a URL or base64) is not a file part but a field named ``file``.
        file_name: Name of the part in the body.
        content_type: MIME type of the part.
    """

    source: bytes | Path | BinaryIO
    file_name: str
    content_type: str = "application/octet-stream"


@dataclass(frozen=True)
class Multipart:
    """A ``multipart/form-data`` body: text fields in order, then the file.

    Attributes:
        fields: Names and values of the text fields.
        file: File to send, if any.
        on_progress: Function called from the sending thread with the number of bytes sent and the size of the body in
            bytes.
    """

    fields: tuple[tuple[str, str], ...]
    file: FilePart | None = None
    on_progress: Callable[[int, int], object] | None = None


class Request(NamedTuple):
    """One HTTP request, ready to be sent.

    Attributes:
        method: HTTP method.
        path: Percent-encoded path with the query.
        body: JSON as bytes, or a multipart body.
        host: Host to send it to: ``api`` or ``upload``.
        idempotent: Whether the request may be repeated when its outcome is unknown (`operations.csv`, column of that
            name).
        within_seconds: Limit for the attempt as a whole; None leaves it to the timeouts.
    """

    method: str
    path: str
    body: bytes | Multipart | None = None
    host: Host = "api"
    idempotent: bool = True
    within_seconds: float | None = None

    @property
    def path_to_show(self) -> str:
        """The path without the query, which may contain secrets."""
        return self.path.partition("?")[0]


class Response(NamedTuple):
    """One complete HTTP response.

    Attributes:
        status: HTTP status.
        headers: Headers; names are case-insensitive.
        body: Body, after any content encoding has been decoded.
    """

    status: int
    headers: Headers
    body: bytes


@dataclass(frozen=True)
class Operation(Generic[T_co]):
    """A request, and the function that turns its response into a result or an exception.

    Attributes:
        request: Request to send.
        parse: Function that returns the result of a response, or raises the exception for it.
        recover: Function called when all attempts failed, although the service may have carried one of them out. It
            takes the last response, or the exception that was raised instead, and the seconds since the first attempt.
            It returns an operation that looks for the result and returns None if it finds none. The request of that
            operation has no multipart body.
    """

    request: Request
    parse: Callable[[Response], T_co]
    recover: Callable[[Response | ImageKitException, float], Operation[T_co | None]] | None = None
