"""The synchronous transport, on requests."""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, TypeVar

from ...exceptions import ImageKitException
from ...flow.attempts import Wait
from ...flow.exchange import READ, CallerError, Head, Outgoing, wrap_caller_errors
from ...models.response_metadata import Headers
from ...operations.core import Multipart, Operation, Request, Response
from ...policies import Timeout
from ..failures import translate_error
from ..multipart import MultipartBody, open_body
from ..transport import Transport, return_failure
from .failures import ERRORS, KINDS
from .sessions import GivenSession, OwnSession, read_blocks

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...disk import Sink
    from ...flow.exchange import Exchange, Reception
    from ...flow.resuming import Delivery

T = TypeVar("T")


class RequestsTransport(Transport["OwnSession | GivenSession"]):
    """Sends operations with `requests`. Safe to share between threads, to pickle, and to use after `os.fork`.

    Without a session in its settings it makes its own at the first call. That one takes proxies and CA bundles from the
    environment as requests does, and keeps no cookies. Pickled or forked, a transport starts without connections.

    A session in the settings is used as it is, with its headers, cookies, hooks, adapters, proxies and certificates. It
    is pickled with the transport, and never closed by it.

    Redirects are not followed: they would carry the private key to a host that nobody configured.
    """

    def run(self, operation: Operation[T]) -> T:
        """Carry one operation out and return its result.

        Raises:
            ImageKitException: The service refused, or no answer came.
            OSError: A file to upload cannot be opened or read.
            Exception: Whatever `on_progress` raises, unchanged; the upload is given up.
        """
        body = operation.request.body
        with open_body(body) if isinstance(body, Multipart) else nullcontext() as opened:
            return self._drive(operation, lambda request: self._call(request, opened))

    def fetch(self, delivery: Delivery, reception: Reception, sink: Sink) -> None:
        """Write what a delivery URL answers into a file; a further attempt continues where the last one broke off.

        No key is sent: whoever has the URL may read.

        Args:
            delivery: What to request; its URL is signed, if the file is private.
            reception: What is asked for, and how much of that has been written.
            sink: The file.

        Raises:
            ImageKitException: The service refused, or no answer came.
            OSError: The file cannot be written.
            Exception: Whatever the callback of `reception` raises, unchanged.
        """
        self._drive(delivery.operation, lambda request: self._download(request, delivery, reception, sink))

    def close(self) -> None:
        """Close the connections, also those of all copies; a later call makes new ones."""
        self._connections.close()

    def __enter__(self) -> RequestsTransport:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _make_connections(self) -> OwnSession | GivenSession:
        session = self._settings.session
        return OwnSession() if session is None else GivenSession(session)

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
        """Carry one attempt out; return the answer, or the exception that explains why there is none.

        Raises:
            Exception: Whatever your file or callback raised, unchanged.
        """
        answer = head = failure = None
        is_complete = False
        outgoing = next(exchange)
        assert isinstance(outgoing, Outgoing)
        if isinstance(outgoing.body, MultipartBody):
            # urllib3 has one limit for connecting and for sending each block, and the connect timeout is too short.
            connect, read = outgoing.timeout
            outgoing = outgoing._replace(timeout=Timeout(max(connect, read), read))
        try:
            answer = self._connections.send(outgoing)
            blocks = read_blocks(answer)
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
            failure = exc.__cause__
        except ImageKitException as exc:
            failure = exc
        except ERRORS as exc:
            failure = translate_error(exc, outgoing.what, outgoing.timeout, KINDS)
            failure.__cause__ = exc
        finally:
            exchange.close()
            if answer is not None and not is_complete:
                answer.close()  # the rest must not meet the next request
        return return_failure(failure, head)
