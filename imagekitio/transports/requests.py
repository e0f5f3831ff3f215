"""The synchronous transport, on requests."""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, TypeVar

import requests
from urllib3.response import HTTPResponse

from ..exceptions import ImageKitException, TimeoutException, UnknownException
from ..flow import LOGGER, Retry, Wait, attempts
from ..models.metadata import Headers, ResponseMetadata
from ..operations.core import Multipart, Request, Response
from .failures import ERRORS, translated
from .multipart import MultipartBody, SourceError, opened
from .sessions import BasicAuth, GivenSession, Outgoing, OwnSession, Sender
from .settings import DEFAULT_TIMEOUT, MAX_ANSWER_BYTES, TimeoutSeconds, checked_base_url, checked_timeout

if TYPE_CHECKING:
    import logging

    from ..operations.core import Operation

T = TypeVar("T")

READ_BYTES = 64 * 1024


class RequestsTransport:
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

    def __init__(
        self,
        *,
        private_key: str,
        api_base_url: str,
        upload_base_url: str,
        timeout: TimeoutSeconds = DEFAULT_TIMEOUT,
        retry: Retry | None = None,
        session: requests.Session | None = None,
        logger: logging.Logger | None = None,
    ) -> None:
        self._private_key = private_key
        self._auth = BasicAuth(private_key)
        self._base_urls = {
            "api": checked_base_url("api_base_url", api_base_url),
            "upload": checked_base_url("upload_base_url", upload_base_url),
        }
        self._timeout = checked_timeout(timeout)
        self._retry = retry or Retry()
        self._logger = logger or LOGGER
        self._session = session
        self._sender: Sender = _sender(session)

    def run(self, operation: Operation[T]) -> T:
        """Carry one operation out and return its result.

        Raises:
            ImageKitException: The service refused, or no answer came.
            OSError: A file to upload cannot be opened or read.
            Exception: Whatever `on_progress` raises, unchanged; the upload is given up.
        """
        body = operation.request.body
        with opened(body, self._timeout.read) if isinstance(body, Multipart) else nullcontext(body) as payload:
            steps = attempts(operation, self._retry, logger=self._logger)
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
                    reply = self._send(step, payload)

    def with_options(
        self,
        *,
        private_key: str | None = None,
        api_base_url: str | None = None,
        upload_base_url: str | None = None,
        timeout: TimeoutSeconds | None = None,
        retry: Retry | None = None,
        logger: logging.Logger | None = None,
    ) -> RequestsTransport:
        """Return a cheap copy that shares the connections; what is None stays as it is."""
        copy = RequestsTransport(
            private_key=self._private_key if private_key is None else private_key,
            api_base_url=api_base_url or self._base_urls["api"],
            upload_base_url=upload_base_url or self._base_urls["upload"],
            timeout=self._timeout if timeout is None else timeout,
            retry=retry or self._retry,
            session=self._session,
            logger=logger or self._logger,
        )
        copy._sender = self._sender
        return copy

    def close(self) -> None:
        """Close the connections, also those of all copies; a later call makes new ones."""
        self._sender.close()

    def __enter__(self) -> RequestsTransport:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_sender"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._sender = _sender(self._session)

    def _send(self, request: Request, body: bytes | MultipartBody | None) -> Response | ImageKitException:
        """Send once; return the answer, or the exception of ours that says why there is none."""
        base_url = self._base_urls[request.host]
        what = f"{request.method} {base_url}{request.path.partition('?')[0]}"
        answer = None
        try:
            data, headers = _data_and_headers(body)
            answer = self._answer(
                Outgoing(request.method, base_url, request.path, headers, data, self._auth, self._timeout)
            )
            content = _content(answer, what, self._timeout.read)
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

    def _answer(self, outgoing: Outgoing) -> requests.Response:
        try:
            return self._sender.send(outgoing)
        except requests.HTTPError as exc:
            if exc.response is None:
                raise
            return exc.response  # a hook of the caller's session called raise_for_status()


def _sender(session: requests.Session | None) -> Sender:
    return OwnSession() if session is None else GivenSession(session)


def _data_and_headers(
    body: bytes | MultipartBody | None,
) -> tuple[bytes | MultipartBody | None, dict[str, str]]:
    if body is None:
        return None, {}
    content_type = body.content_type if isinstance(body, MultipartBody) else "application/json"
    headers = {"Content-Type": content_type, "Content-Length": str(len(body))}
    return (body.for_sending() if isinstance(body, MultipartBody) else body), headers


def _content(answer: requests.Response, what: str, read_seconds: float) -> bytes:
    """Read the whole body, decoded, and give the connection back.

    Raises:
        TimeoutException: It comes drop by drop: each is there before the read timeout, the whole is not.
        UnknownException: It is larger, unpacked, than any answer of the service.
    """
    raw = answer.raw
    give_up_at = time.perf_counter() + read_seconds
    blocks: list[bytes] = []
    size_bytes = 0
    try:
        # An adapter of the caller may keep something else there.
        if isinstance(raw, HTTPResponse):
            while block := raw.read1(READ_BYTES, decode_content=True):
                blocks.append(block)
                size_bytes += len(block)
                if size_bytes > MAX_ANSWER_BYTES:
                    raise UnknownException(f"{what}: the answer is larger than {MAX_ANSWER_BYTES >> 20} MiB")
                if time.perf_counter() > give_up_at:
                    raise TimeoutException(f"{what}: the answer was not complete within {read_seconds:g} s")
    except BaseException:
        answer.close()  # the rest of this answer must not meet the next request
        raise
    return b"".join(blocks) or answer.content  # read by a hook of the caller's session
