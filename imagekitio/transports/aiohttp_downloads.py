"""Reads answers with aiohttp: those of the API whole, files as a stream that goes on where it broke off."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from ..exceptions import ImageKitException
from ..models.response_metadata import Headers
from ..operations.core import Request, Response
from ..threads import in_thread
from .aiohttp_body import Unpacking
from .aiohttp_failures import ERRORS, translated
from .aiohttp_sessions import Sending
from .answers import AnswerBody
from .multipart import SourceError, of_the_caller
from .resuming import Progress, holds_file

if TYPE_CHECKING:
    import aiohttp

    from .aiohttp_sessions import LoopSession
    from .resuming import Delivery, OnProgress
    from .settings import Timeout

# What a thread writes at a time: handing it over takes as long as writing some 100 KB.
WRITE_BYTES = 1024 * 1024

_ANONYMOUS = Sending(None)


class Download:
    """The attempts at one download; see `AiohttpTransport.download`."""

    def __init__(
        self,
        session: LoopSession,
        source: Delivery,
        timeout: Timeout,
        limits: aiohttp.ClientTimeout,
        sink: BinaryIO,
        on_progress: OnProgress | None,
    ) -> None:
        self._session, self._source, self._timeout, self._limits = session, source, timeout, limits
        self._sink = sink
        self._progress = Progress(source.what, on_progress)
        self._blocks: list[bytes] = []  # received and not yet written
        self._blocks_bytes = 0

    async def send(self, request: Request) -> Response | ImageKitException:
        """Ask for the rest of the file, and write it; return the answer without it, or what went wrong."""
        headers = self._progress.request_headers()
        failure: BaseException | None
        try:
            answer = await self._session.send(
                request, self._source.base_url, headers, None, sending=_ANONYMOUS, timeout=self._limits
            )
            try:
                return await self._received(answer)
            finally:
                answer.close()
        except SourceError as exc:
            failure = exc.__cause__
        except ImageKitException as exc:
            failure = exc
        except ERRORS as exc:
            failure = translated(exc, self._source.what, self._timeout, is_closed=self._session.is_closed)
            failure.__cause__ = exc
        if not isinstance(failure, ImageKitException):
            assert failure is not None  # SourceError always has a cause
            raise failure
        return failure

    async def _received(self, answer: aiohttp.ClientResponse) -> Response:
        headers = Headers(answer.headers)
        if not holds_file(answer.status):
            return Response(answer.status, headers, await content_of(answer, self._source.what, self._timeout.read))
        self._progress.begin(answer.status, headers)
        with of_the_caller():
            await in_thread(self._rewind)
        unpacking = Unpacking(headers.get("content-encoding", "identity"))
        try:
            while block := await answer.content.readany():
                for piece in unpacking.pieces(block):
                    self._blocks.append(piece)
                    self._blocks_bytes += len(piece)
                if self._blocks_bytes >= WRITE_BYTES:
                    await self._write()
            unpacking.end()
        except ERRORS:
            await self._write()  # the next attempt need not ask for it again
            raise
        await self._write()
        self._progress.end()
        return Response(answer.status, headers, b"")

    def _rewind(self) -> None:
        self._sink.seek(self._progress.written_bytes)
        self._sink.truncate()

    async def _write(self) -> None:
        blocks, count = self._blocks, self._blocks_bytes
        self._blocks, self._blocks_bytes = [], 0
        if count:
            with of_the_caller():
                await in_thread(self._sink.writelines, blocks)
                self._progress.wrote(count)


async def content_of(answer: aiohttp.ClientResponse, what: str, read_seconds: float) -> bytes:
    """Read the whole body, unpacked, and give the connection back; raises what `AnswerBody.add` does."""
    body = AnswerBody(what, read_seconds)
    try:
        encoding = answer.headers.get("Content-Encoding")
        block = await answer.content.readany()
        if encoding is None and answer.content.at_eof():  # in one piece, as most are
            return block
        unpacking = Unpacking(encoding) if encoding else None
        while block:
            for piece in unpacking.pieces(block) if unpacking else (block,):
                body.add(piece)
            block = await answer.content.readany()
        if unpacking:
            unpacking.end()
    except BaseException:
        answer.close()  # the rest of this answer must not meet the next request
        body.discard()
        raise
    return body.whole()
