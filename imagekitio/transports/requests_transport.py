"""The synchronous transport, on requests."""

from __future__ import annotations

import time
from contextlib import nullcontext
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO, TypeVar

import requests

from ..exceptions import ImageKitException
from ..flow import Wait, attempts
from ..models.response_metadata import Headers, ResponseMetadata
from ..operations.core import Multipart, Operation, Request, Response
from .multipart import MultipartBody, SourceError, opened
from .requests_downloads import Download, content_of
from .requests_failures import ERRORS, translated
from .requests_sessions import BasicAuth, GivenSession, Outgoing, OwnSession, Sender
from .resuming import delivery
from .transport import Transport

if TYPE_CHECKING:
    from collections.abc import Callable

    from .requests_sessions import Answer
    from .resuming import OnProgress

T = TypeVar("T")


class RequestsTransport(Transport[requests.Session]):
    """Sends operations with `requests`. Safe to share between threads, to pickle, and to use after `os.fork`.

    Without a `session` it makes its own at the first call. That one takes proxies and CA bundles from the environment
    as requests does, but when it is made and not at every call, and keeps no cookies. Pickled or forked, a transport
    starts with no connections.

    A `session` of the caller is used as it is, with its headers, cookies, hooks, adapters, proxies and certificates.
    It is pickled with the transport, and not closed by it.

    Redirects are never followed: they would carry the private key to a host that nobody configured.

    Args:
        private_key: Goes as the user name of HTTP Basic authentication with every request.
        api_base_url: Where requests for the host "api" go, say ``https://api.imagekit.io``.
        upload_base_url: Where requests for the host "upload" go.
        timeout: Seconds to connect and to read, or one number for both; see `settings.Timeout`.
        retry: When requests are sent again.
        session: A session of the caller.
        logger: Gets the DEBUG lines instead of the logger "imagekitio".

    Raises:
        ValueError: A base URL or a timeout that cannot be meant.
    """

    def run(self, operation: Operation[T]) -> T:
        """Carry one operation out and return its result.

        Raises:
            ImageKitException: The service refused, or no answer came.
            OSError: A file to upload cannot be opened or read.
            Exception: Whatever `on_progress` raises, unchanged; the upload is given up.
        """
        body = operation.request.body
        with opened(body, self._timeout.read) if isinstance(body, Multipart) else nullcontext(body) as payload:
            return self._driven(
                operation, lambda request: self._send(request, payload if request is operation.request else None)
            )

    def download(self, url: str, sink: BinaryIO, on_progress: OnProgress | None = None) -> None:
        """Write what a delivery URL answers into a file that is empty and can seek; an attempt goes on after the last.

        No key goes with it: whoever has the URL may read.

        Args:
            url: Absolute; signed, if the file is private.
            sink: Is not closed.
            on_progress: Is called with the bytes written and, where the service says so, of how many.
        Raises:
            ImageKitException: The service refused, or no answer came.
            OSError: The file cannot be written.
            Exception: Whatever `on_progress` raises, unchanged.
        """
        source = delivery(url)
        download = Download(self._connections, source, self._timeout, sink, on_progress)
        self._driven(source.operation, download.send)

    def _driven(self, operation: Operation[T], send: Callable[[Request], Response | ImageKitException]) -> T:
        steps = attempts(operation, self._retry, gate=self._gate, logger=self._logger)
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
                reply = send(step)

    def close(self) -> None:
        """Close the connections, also those of all copies; a later call makes new ones."""
        self._connections.close()

    def __enter__(self) -> RequestsTransport:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def _auth(self) -> BasicAuth:
        return BasicAuth(self._private_key)

    def _new_connections(self) -> Sender:
        return OwnSession() if self._session is None else GivenSession(self._session)

    def _send(self, request: Request, body: bytes | MultipartBody | None) -> Response | ImageKitException:
        """Send once; return the answer, or the exception of ours that says why there is none."""
        base_url = self._base_urls[request.host]
        what = self._what(request)
        answer = None
        try:
            data, headers = _data_and_headers(body)
            answer = self._answer(
                Outgoing(request.method, base_url, request.path, headers, data, self._auth, self._timeout)
            )
            content = content_of(answer, what, self._timeout.read)
            return Response(answer.status_code, Headers(answer.headers), content)
        except SourceError as exc:
            failure = exc.__cause__
        except ImageKitException as exc:
            failure = exc
        except ERRORS as exc:
            failure = translated(exc, what, self._timeout)
            failure.__cause__ = exc
        if not isinstance(failure, ImageKitException):
            assert failure is not None  # SourceError always has a cause
            raise failure
        if answer is not None:
            failure.response_metadata = ResponseMetadata(None, answer.status_code, Headers(answer.headers))
        return failure

    def _answer(self, outgoing: Outgoing) -> Answer:
        try:
            answer: Answer = self._connections.send(outgoing)
            return answer
        except requests.HTTPError as exc:
            if exc.response is None:
                raise
            return exc.response  # a hook of the caller's session called raise_for_status()


def _data_and_headers(
    body: bytes | MultipartBody | None,
) -> tuple[bytes | MultipartBody | None, dict[str, str]]:
    if body is None:
        return None, {}
    content_type = body.content_type if isinstance(body, MultipartBody) else "application/json"
    headers = {"Content-Type": content_type, "Content-Length": str(len(body))}
    return (body.for_sending() if isinstance(body, MultipartBody) else body), headers
