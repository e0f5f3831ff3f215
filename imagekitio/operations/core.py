"""What a request, a response and an operation are: plain data, no socket in sight.

An `Operation` says what to send and how to read the answer. `imagekitio.flow` decides how often and when to send it,
`imagekitio.transports` sends it. So every branch of an operation is tested with literals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Generic, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..exceptions import ImageKitException
    from ..models.response_metadata import Headers

T_co = TypeVar("T_co", covariant=True)

Host = Literal["api", "upload"]


@dataclass(frozen=True)
class FilePart:
    """The file of a multipart body, as the caller gave it.

    `source` is bytes, a path, or a binary file object that is read from where it stands and never closed. A text (a
    URL, base64) is no file part but a field named ``file``.
    """

    source: bytes | Path | BinaryIO
    file_name: str
    content_type: str = "application/octet-stream"


@dataclass(frozen=True)
class Multipart:
    """A ``multipart/form-data`` body: text fields in order, then the file.

    `on_progress` is called with the bytes sent and the bytes of the whole body, from the thread that sends.
    """

    fields: tuple[tuple[str, str], ...]
    file: FilePart | None = None
    on_progress: Callable[[int, int], object] | None = None


@dataclass(frozen=True)
class Request:
    """One HTTP request, ready to be sent.

    `path` is percent-encoded and carries the query. `body` is JSON text as bytes, or a multipart body.
    `idempotent` says that a blind repeat after an unknown outcome does no harm (`operations.csv`, column of that name).
    """

    method: str
    path: str
    body: bytes | Multipart | None = None
    host: Host = "api"
    idempotent: bool = True


@dataclass(frozen=True)
class Response:
    """One HTTP answer, read whole: `headers` ignore letter case, `body` is decoded from any content encoding."""

    status: int
    headers: Headers
    body: bytes


@dataclass(frozen=True)
class Operation(Generic[T_co]):
    """A request and the function that turns its answer into a result, or raises what the answer means.

    `recover` is asked when all attempts failed and one of them may have been carried out all the same. It is given the
    last answer, or the exception that came instead, and the seconds since the first attempt. It returns the operation
    that looks for what was done, of which the result is None when there is nothing; or None when there is no telling.
    That operation carries no multipart body.
    """

    request: Request
    parse: Callable[[Response], T_co]
    recover: Callable[[Response | ImageKitException, float], Operation[T_co | None] | None] | None = None
