"""Reads answers with requests: those of the API whole, files as a stream that goes on where it broke off."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from urllib3.response import HTTPResponse

from ..exceptions import ImageKitException
from ..models.response_metadata import Headers
from ..operations.core import Request, Response
from .answers import AnswerBody
from .multipart import SourceError, of_the_caller
from .requests_failures import ERRORS, translated
from .requests_sessions import Anonymous, Outgoing
from .resuming import Progress, holds_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .requests_sessions import Answer, Sender
    from .resuming import Delivery, OnProgress
    from .settings import Timeout

READ_BYTES = 64 * 1024


class Download:
    """The attempts at one download; see `RequestsTransport.download`."""

    def __init__(
        self, connections: Sender, source: Delivery, timeout: Timeout, sink: BinaryIO, on_progress: OnProgress | None
    ) -> None:
        self._connections, self._source, self._timeout, self._sink = connections, source, timeout, sink
        self._progress = Progress(source.what, on_progress)

    def send(self, request: Request) -> Response | ImageKitException:
        """Ask for the rest of the file, and write it; return the answer without it, or what went wrong."""
        headers = self._progress.request_headers()
        outgoing = Outgoing("GET", self._source.base_url, request.path, headers, None, Anonymous(), self._timeout)
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
            failure = translated(exc, self._source.what, self._timeout)
            failure.__cause__ = exc
        if not isinstance(failure, ImageKitException):
            assert failure is not None  # SourceError always has a cause
            raise failure
        return failure

    def _received(self, answer: Answer) -> Response:
        headers = Headers(answer.headers)
        if not holds_file(answer.status_code):
            content = content_of(answer, self._source.what, self._timeout.read)
            return Response(answer.status_code, headers, content)
        self._progress.begin(answer.status_code, headers)
        with of_the_caller():
            self._sink.seek(self._progress.written_bytes)
            self._sink.truncate()
        for block in _blocks(answer):
            with of_the_caller():
                self._sink.write(block)
                self._progress.wrote(len(block))
        self._progress.end()
        return Response(answer.status_code, headers, b"")


def content_of(answer: Answer, what: str, read_seconds: float) -> bytes:
    """Read the whole body, decoded, and give the connection back; raises what `AnswerBody.add` does."""
    body = AnswerBody(what, read_seconds)
    try:
        for block in _blocks(answer):
            body.add(block)
    except BaseException:
        answer.close()  # the rest of this answer must not meet the next request
        body.discard()
        raise
    return body.whole()


def _blocks(answer: Answer) -> Iterator[bytes]:
    raw = answer.raw
    was_read = True
    if isinstance(raw, HTTPResponse):
        while block := raw.read1(READ_BYTES, decode_content=True):
            was_read = False
            yield block
    if was_read:  # by a hook of the caller's session; or its adapter keeps something else in `raw`
        yield answer.content
