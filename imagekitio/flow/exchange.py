"""One attempt at a request, up to the end of its answer, as a generator that neither sends nor reads.

It yields first an `Outgoing` to send, answered with the `Head` of the answer; then `READ`, answered with the next block
of the body, empty at its end, and functions that write to a file. It returns the `Response`. So both transports read
answers and write files in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from ..operations.core import Request, Response
from .limits import AnswerBody, Deadline
from .resuming import holds_file

if TYPE_CHECKING:
    from ..disk import Sink
    from ..models.response_metadata import Headers
    from ..policies import Timeout

READ: Final = None


class CallerError(Exception):
    """Your file or callback raised an exception.

    It has a class of its own because an HTTP library takes an `OSError` out of a body for a broken connection.

    Attributes:
        error: What was raised. It is the cause of this one too, unless a library that raised this one again dropped it.
    """

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error: Exception = error


@contextmanager
def wrap_caller_errors() -> Generator[None, None, None]:
    """Raise a `CallerError` from what the block raises."""
    try:
        yield
    except Exception as exc:
        raise CallerError(exc) from exc


class Outgoing(NamedTuple):
    """A request, and what is needed to send it once.

    Attributes:
        base_url: The URL that the path of the request is appended to.
        headers: Headers of this request alone.
        what: Method and URL without the query, which may hold secrets; for messages.
        timeout: Limits for connecting and reading.
        deadline: When the attempt is given up.
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
    """The beginning of an answer."""

    status: int
    headers: Headers


class Reception(Protocol):
    """How much of a file, or of a part of it, has been received over all attempts, and what is still asked for."""

    def request_headers(self) -> dict[str, str]:
        """Return the headers that ask for what is missing."""
        ...

    def begin(self, status: int, headers: Headers) -> bool:
        """Take the head of an answer that holds a file; return whether what was written before must be dropped.

        Raises:
            UnknownException: The answer is not what was asked for.
        """
        ...

    def take(self, block: bytes) -> bytes | None:
        """Return what is to be written of the next block; None if it lies behind what is wanted."""
        ...

    def add(self, count: int) -> None:
        """Count bytes that have been written."""
        ...

    def end(self) -> None:
        """Take the end of an answer.

        Raises:
            NetworkException: It ended early.
        """
        ...


Exchange = Generator[Outgoing | Callable[[], object] | None, Any, Response]


def receive_answer(outgoing: Outgoing) -> Exchange:
    """Send a request and read the whole answer; raises what `AnswerBody.add` raises."""
    head: Head = yield outgoing
    return (yield from _read_body(outgoing, head))


def receive_file(outgoing: Outgoing, reception: Reception, sink: Sink) -> Exchange:
    """Send a request and write the file that the answer holds; return the answer without it.

    Raises:
        CallerError: From what a function raised that is told how far it is.
        UnknownException, NetworkException: The answer is not what was asked for, or ended early.
    """
    head: Head = yield outgoing
    if not holds_file(head.status):
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
    body = AnswerBody(outgoing.what, outgoing.deadline, Deadline(outgoing.what, outgoing.timeout.read))
    try:
        while block := (yield READ):
            body.add(block)
        return Response(head.status, head.headers, body.join())
    finally:
        body.discard()
