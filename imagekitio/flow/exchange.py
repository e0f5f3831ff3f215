"""One attempt at a request, up to the end of its response, as a generator that neither sends nor reads.

It first yields an `Outgoing` to send, which is answered with the `Head` of the response; then `READ`, which is answered
with the next block of the body, empty at its end, and functions that write to a file. It returns the `Response`. This
way, both transports read responses and write files in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from ..operations.core import Request, Response
from .limits import Deadline, ResponseBody
from .resuming import has_file

if TYPE_CHECKING:
    from ..disk import Sink
    from ..models.response_metadata import Headers
    from ..policies import Timeout

READ: Final = None


class CallerError(Exception):
    """Your file or callback raised an exception.

    It has its own class because HTTP libraries treat an `OSError` from a body as a broken connection.

    Attributes:
        error: The exception that was raised. It is also the cause of this one, unless a library dropped it while
            re-raising.
    """

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error: Exception = error


@contextmanager
def wrap_caller_errors() -> Generator[None, None, None]:
    """Convert exceptions of the block to `CallerError`."""
    try:
        yield
    except Exception as exc:
        raise CallerError(exc) from exc


class Outgoing(NamedTuple):
    """A request, with everything that is needed to send it once.

    Attributes:
        base_url: The URL to which the path of the request is appended.
        headers: Headers of this request only.
        what: Method and URL for messages, without the query, which may contain secrets.
        timeout: Limits for connecting and reading.
        deadline: Time limit of the attempt.
        body: JSON as bytes, a multipart body that the transport has opened, or None.
    """

    request: Request
    base_url: str
    headers: Mapping[str, str]
    what: str
    timeout: Timeout
    deadline: Deadline
    body: Any = None

    @property
    def url(self) -> str:
        return self.base_url + self.request.path


class Head(NamedTuple):
    """The status and the headers of a response."""

    status: int
    headers: Headers


class Reception(Protocol):
    """The received bytes of a file, or of a part of it, over all attempts, and the bytes that are still missing."""

    def request_headers(self) -> dict[str, str]:
        """Return the headers that request the missing bytes."""
        ...

    def begin(self, status: int, headers: Headers) -> bool:
        """Process the head of a response that contains a file; return whether the bytes written so far must be dropped.

        Raises:
            UnknownException: The response does not match the request.
        """
        ...

    def take(self, block: bytes) -> bytes | None:
        """Return the bytes of the next block that must be written; None if the block lies after the wanted bytes."""
        ...

    def add(self, count: int) -> None:
        """Count bytes that have been written."""
        ...

    def end(self) -> None:
        """Process the end of a response.

        Raises:
            NetworkException: The response ended early.
        """
        ...


Exchange = Generator[Outgoing | Callable[[], object] | None, Any, Response]


def receive_response(outgoing: Outgoing) -> Exchange:
    """Send a request and read the whole response; raises what `ResponseBody.add` raises."""
    head: Head = yield outgoing
    return (yield from _read_body(outgoing, head))


def receive_file(outgoing: Outgoing, reception: Reception, sink: Sink) -> Exchange:
    """Send a request and write the file in the response; return the response without it.

    Raises:
        CallerError: A progress function raised an exception.
        UnknownException, NetworkException: The response does not match the request, or ended early.
    """
    head: Head = yield outgoing
    if not has_file(head.status):
        return (yield from _read_body(outgoing, head))
    if reception.begin(head.status, head.headers):
        yield sink.rewind
    while block := (yield READ):
        wanted = reception.take(block)
        if wanted is None:
            break
        if wanted:
            yield partial(sink.write, wanted)
            with wrap_caller_errors():
                reception.add(len(wanted))
        outgoing.deadline.check()
    reception.end()
    return Response(head.status, head.headers, b"")


def _read_body(outgoing: Outgoing, head: Head) -> Exchange:
    body = ResponseBody(outgoing.what, outgoing.deadline, Deadline(outgoing.what, outgoing.timeout.read))
    try:
        while block := (yield READ):
            body.add(block)
        return Response(head.status, head.headers, body.join())
    finally:
        body.discard()
