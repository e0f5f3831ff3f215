"""Downloads that continue where the last attempt stopped. Nothing is sent or written here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from ..exceptions import NetworkException, UnknownException
from ..operations.core import Operation, Request, Response, check_progress
from ..operations.responses import build_exception, read_metadata
from ..settings import check_base_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..models.response_metadata import Headers

    OnProgress = Callable[[int, int | None], object]


class Delivery(NamedTuple):
    """A file to download.

    Attributes:
        operation: The request, without credentials: the URL alone grants access.
        base_url: Scheme and host of the URL.
        what: Method and URL for messages, without the query, which may contain a signature.
    """

    operation: Operation[None]
    base_url: str
    what: str


def read_delivery(url: str) -> Delivery:
    """Return the download of a URL.

    Raises:
        ValueError: `url` is not an absolute HTTP URL.
    """
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    base_url = check_base_url("the URL to download", origin)
    request = Request("GET", url[len(origin) :].partition("#")[0] or "/")
    what = f"GET {base_url}{request.path_to_show}"
    return Delivery(Operation(request, partial(raise_refusal, what)), base_url, what)


def raise_refusal(what: str, response: Response) -> None:
    """Accept a response whose body has already been written, or raise the error that it contains.

    Raises:
        ImageKitException: The response does not contain a file.
    """
    if not has_file(response.status):
        raise build_exception(response, read_metadata(response), what)


def has_file(status: int) -> bool:
    return status in (200, 206)


def refuse_page(what: str, headers: Headers) -> None:
    """Raise an UnknownException if a response contains a "please wait" page instead of the picture."""
    if headers.get("is-intermediate-response") == "true":
        raise UnknownException(f"{what}: the service is still creating this picture; try again later")


def is_compressed(headers: Headers) -> bool:
    """Return whether lengths and ranges are those of the compressed file."""
    return headers.get("content-encoding", "identity") != "identity"


def read_length(headers: Headers) -> int | None:
    """Return the length of the body; None if the headers do not contain it."""
    length = headers.get("content-length", "")
    return int(length) if length.isdecimal() and not is_compressed(headers) else None


class Progress:
    """The progress of writing a file, over all attempts.

    Attributes:
        written_bytes: The number of bytes written.

    Args:
        what: Method and URL of the request, for messages.
        on_progress: Function to call with the number of bytes written and the total, which is None if unknown.
        can_rewind: Whether the written bytes can be dropped.

    Raises:
        TypeError: `on_progress` is not a function.
    """

    def __init__(self, what: str, on_progress: OnProgress | None = None, *, can_rewind: bool = True) -> None:
        check_progress(on_progress)
        self._what, self._on_progress, self._can_rewind = what, on_progress, can_rewind
        self.written_bytes: int = 0
        self._to_skip_bytes = 0  # of the current response, because they have been written
        self._total_bytes: int | None = None
        self._etag = ""  # of the written bytes

    def request_headers(self) -> dict[str, str]:
        """Return the headers that request the rest of the file."""
        headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
        if self.written_bytes and self._etag:
            headers |= {"Range": f"bytes={self.written_bytes}-", "If-Range": self._etag}
        return headers

    def begin(self, status: int, headers: Headers) -> bool:
        """Process the head of a response that contains the file or its rest; return whether the file starts over.

        Raises:
            UnknownException: The response does not match the request, or the written bytes cannot be dropped.
        """
        refuse_page(self._what, headers)
        length, etag = read_length(headers), headers.get("etag", "")
        if status == 206:
            if not headers.get("content-range", "").startswith(f"bytes {self.written_bytes}-"):
                raise UnknownException(f"{self._what}: the service sent a different part of the file than requested")
            if etag and etag.removeprefix("W/") != self._etag:
                raise UnknownException(f"{self._what}: the file was replaced during the download; start over")
            self._to_skip_bytes = 0
            self._total_bytes = None if length is None else self.written_bytes + length
            return False
        if etag.startswith("W/") or is_compressed(headers):  # RFC 9110, section 13.1.5
            etag = ""
        starts_again = self.written_bytes > 0 and not (etag and etag == self._etag)
        if starts_again and not self._can_rewind:
            raise UnknownException(
                f"{self._what}: the download was interrupted after {self.written_bytes} bytes, and the service sends "
                "it from the start, possibly as another file; download to a path, or to a file object that can seek"
            )
        if starts_again:
            self.written_bytes = 0
        self._to_skip_bytes, self._total_bytes, self._etag = self.written_bytes, length, etag
        return starts_again

    def take(self, block: bytes) -> bytes:
        """Return the bytes of a block that have not been written yet."""
        skipped = min(self._to_skip_bytes, len(block))
        self._to_skip_bytes -= skipped
        return block[skipped:]

    def add(self, count: int) -> None:
        """Count bytes that have been written; raises what `on_progress` raises."""
        self.written_bytes += count
        if self._on_progress is not None:
            self._on_progress(self.written_bytes, self._total_bytes)

    def end(self) -> None:
        """Process the end of a response.

        Raises:
            NetworkException: The response ended early.
        """
        received = self.written_bytes - self._to_skip_bytes
        if self._to_skip_bytes or (self._total_bytes is not None and received < self._total_bytes):
            whole = self._total_bytes or f"more than {self.written_bytes}"
            raise NetworkException(f"{self._what}: the response ended after {received} of {whole} bytes")
