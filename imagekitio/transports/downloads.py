"""Reads answers with requests: those of the API whole, files as a stream that goes on where it broke off."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from urllib3.response import HTTPResponse

from ..exceptions import ImageKitException, NetworkException, UnknownException
from ..models.metadata import Headers
from ..operations.core import Request, Response
from ..operations.errors import exception_for, metadata_of
from .answers import AnswerBody
from .failures import ERRORS, translated
from .multipart import SourceError
from .sessions import Anonymous, Outgoing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import requests

    from .sessions import Sender
    from .settings import Timeout

READ_BYTES = 64 * 1024


def delivered(response: Response) -> None:
    """Read the answer of a delivery, of which the body is written already.

    Raises:
        ImageKitException: There is no file in it.
    """
    if response.status not in (200, 206):
        raise exception_for(response, metadata_of(response))


class Download:
    """The attempts at one download; see `RequestsTransport.download`."""

    def __init__(
        self,
        connections: Sender,
        base_url: str,
        what: str,
        timeout: Timeout,
        sink: BinaryIO,
        on_progress: Callable[[int, int | None], object] | None,
    ) -> None:
        self._connections, self._base_url, self._what, self._timeout = connections, base_url, what, timeout
        self._sink, self._on_progress = sink, on_progress
        self._written_bytes = 0
        self._etag = ""  # of what is written

    def send(self, request: Request) -> Response | ImageKitException:
        """Ask for the rest of the file, and write it; return the answer without it, or what went wrong."""
        headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
        if self._written_bytes and self._etag:
            headers |= {"Range": f"bytes={self._written_bytes}-", "If-Range": self._etag}
        outgoing = Outgoing("GET", self._base_url, request.path, headers, None, Anonymous(), self._timeout)
        failure: BaseException | None
        try:
            answer = self._connections.send(outgoing)
            try:
                return self._received(answer)
            finally:
                answer.close()
        except SourceError as exc:
            failure = exc.__cause__
        except ImageKitException as exc:
            failure = exc
        except ERRORS as exc:
            failure = translated(exc, self._what, self._timeout)
            failure.__cause__ = exc
        if not isinstance(failure, ImageKitException):
            assert failure is not None  # SourceError always has a cause
            raise failure
        return failure

    def _received(self, answer: requests.Response) -> Response:
        headers = Headers(answer.headers)
        if answer.status_code not in (200, 206):
            return Response(answer.status_code, headers, content_of(answer, self._what, self._timeout.read))
        if headers.get("is-intermediate-response") == "true":  # a page that says so, instead of the picture
            raise UnknownException(f"{self._what}: the service is still making this picture; ask again later")
        if answer.status_code == 206 and not headers.get("content-range", "").startswith(
            f"bytes {self._written_bytes}-"
        ):
            raise UnknownException(f"{self._what}: the service sent another part of the file than the one asked for")
        try:
            self._write(answer, headers)
        except ERRORS as exc:
            raise translated(exc, self._what, self._timeout) from exc
        return Response(answer.status_code, headers, b"")

    def _write(self, answer: requests.Response, headers: Headers) -> None:
        if answer.status_code == 200:
            self._restart()
            etag = headers.get("etag", "")
            self._etag = "" if etag.startswith("W/") else etag  # RFC 9110, section 13.1.5
        length = headers.get("content-length", "")
        total = self._written_bytes + int(length) if length.isdecimal() else None
        for block in _blocks(answer):
            try:
                self._sink.write(block)
                self._written_bytes += len(block)
                if self._on_progress is not None:
                    self._on_progress(self._written_bytes, total)
            except Exception as exc:
                raise SourceError from exc
        if total is not None and self._written_bytes < total:
            raise NetworkException(f"{self._what}: the answer ended after {self._written_bytes} of {total} bytes")

    def _restart(self) -> None:
        try:
            self._sink.seek(0)
            self._sink.truncate()
        except OSError as exc:
            raise SourceError from exc
        self._written_bytes = 0


def content_of(answer: requests.Response, what: str, read_seconds: float) -> bytes:
    """Read the whole body, decoded, and give the connection back; raises what `AnswerBody.add` does."""
    body = AnswerBody(what, read_seconds)
    try:
        for block in _blocks(answer):
            body.add(block)
    except BaseException:
        answer.close()  # the rest of this answer must not meet the next request
        raise
    return body.whole()


def _blocks(answer: requests.Response) -> Iterator[bytes]:
    raw = answer.raw
    was_read = True
    if isinstance(raw, HTTPResponse):
        while block := raw.read1(READ_BYTES, decode_content=True):
            was_read = False
            yield block
    if was_read:  # by a hook of the caller's session; or its adapter keeps something else in `raw`
        yield answer.content
