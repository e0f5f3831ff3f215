"""The common base of transports on blocking libraries: everything except sending and reading."""

from __future__ import annotations

import time
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from ..exceptions import ImageKitException
from ..flow.attempts import Wait
from ..flow.exchange import READ, CallerError, Head, Outgoing, wrap_caller_errors
from ..models.response_metadata import Headers
from ..operations.core import Multipart, Operation, Request, Response
from .failures import Kinds, translate_error
from .multipart import open_body
from .transport import Transport, return_failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from typing_extensions import Self

    from ..disk import Sink
    from ..flow.exchange import Exchange, Reception
    from ..flow.resuming import Delivery

T = TypeVar("T")


class Session(Protocol):
    """An object that sends requests."""

    def send(self, outgoing: Outgoing) -> Any:
        """Send a request without following redirects, and return the response with its body unread.

        The response has the attributes `status_code` and `headers`, and a method `close`.
        """
        ...

    def close(self) -> None:
        """Close the connections, unless they are the caller's."""
        ...


SessionT = TypeVar("SessionT", bound=Session)


class SyncTransport(Transport[SessionT]):
    """A transport that threads may share.

    Redirects are not followed: they would send the key to a host that nobody configured.

    Attributes:
        errors: All exceptions that sending and reading may raise.
        kinds: Meanings of these exceptions.
    """

    errors: ClassVar[tuple[type[Exception], ...]]
    kinds: ClassVar[Kinds]

    def run(self, operation: Operation[T]) -> T:
        """Carry out one operation and return its result.

        Raises:
            ImageKitException: The service refused the request, or no response arrived.
            OSError: A file to upload cannot be opened or read.
            Exception: The exception of `on_progress`, unchanged; the upload is aborted.
        """
        body = operation.request.body
        if not isinstance(body, Multipart):
            return self._drive(operation, self._call)
        with open_body(body) as opened:
            return self._drive(operation, lambda request: self._call(request, opened))

    def fetch(self, delivery: Delivery, reception: Reception, sink: Sink) -> None:
        """Write the content of a delivery URL into a file; another attempt continues where the last one stopped.

        No key is sent: the URL alone grants access.

        Args:
            delivery: Download to request; its URL is signed if the file is private.
            reception: State of the download: the requested bytes, and those already written.
            sink: Sink that writes to the file.

        Raises:
            ImageKitException: The service refused the request, or no response arrived.
            OSError: The file cannot be written.
            Exception: The exception of the callback of `reception`, unchanged.
        """
        self._drive(delivery.operation, lambda request: self._download(request, delivery, reception, sink))

    def close(self) -> None:
        """Close the connections, including those of all copies; a later call opens new ones."""
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _adapt(self, outgoing: Outgoing) -> Outgoing:
        """Return a request with time limits that the library supports."""
        return outgoing

    @staticmethod
    @abstractmethod
    def _read_blocks(answer: Any) -> Iterator[bytes]:
        """Yield the decoded body of a response as it arrives."""

    def _drive(self, operation: Operation[T], make_exchange: Callable[[Request], Exchange]) -> T:
        steps = self._attempts(operation)
        reply: Response | ImageKitException | None = None
        while True:
            try:
                step = steps.send(reply)
            except StopIteration as done:
                result: T = done.value
                return result
            if isinstance(step, Wait):
                time.sleep(step.seconds)
                reply = None
            else:
                reply = self._attempt(make_exchange(step))

    def _attempt(self, exchange: Exchange) -> Response | ImageKitException:
        """Carry out one attempt; return the response, or the exception that explains why there is none.

        Raises:
            Exception: The exception of your file or callback, unchanged.
        """
        answer = head = None
        failure: Exception
        is_complete = False
        outgoing = next(exchange)
        assert isinstance(outgoing, Outgoing)
        outgoing = self._adapt(outgoing)
        try:
            answer = self._connections.send(outgoing)
            blocks = self._read_blocks(answer)
            head = Head(answer.status_code, Headers(answer.headers))
            step = exchange.send(head)
            while True:
                if step is READ:
                    block = next(blocks, b"")
                    is_complete = not block
                    step = exchange.send(block)
                else:
                    assert callable(step)
                    with wrap_caller_errors():
                        step()
                    step = next(exchange)
        except StopIteration as done:
            response: Response = done.value
            return response
        except CallerError as exc:
            failure = exc.error
        except ImageKitException as exc:
            failure = exc
        except self.errors as exc:
            failure = translate_error(exc, outgoing.what, outgoing.timeout, self.kinds)
            failure.__cause__ = exc
        finally:
            exchange.close()
            if answer is not None and not is_complete:
                answer.close()  # so that unread data cannot reach the next request
        return return_failure(failure, head)
