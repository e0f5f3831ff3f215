"""Downloads that continue where the last attempt broke off; nothing is sent or written here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from ..exceptions import NetworkException, UnknownException
from ..operations.core import Operation, Request, Response, check_progress
from ..operations.responses import build_exception, read_metadata
from ..settings import check_base_url

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    OnProgress = Callable[[int, int | None], object]


class Delivery(NamedTuple):
    """A file to download.

    Attributes:
        operation: The request, without credentials: whoever has the URL may read.
        base_url: Scheme and host of the URL.
        what: Method and URL without the query, which may hold a signature, for messages.
    """

    operation: Operation[None]
    base_url: str
    what: str


def read_delivery(url: str) -> Delivery:
    """Return what to request for a URL.

    Raises:
        ValueError: It is not an absolute HTTP URL.
    """
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    base_url = check_base_url("the URL to download", origin)
    request = Request("GET", url[len(origin) :].partition("#")[0] or "/")
    what = f"GET {base_url}{request.path_to_show}"
    return Delivery(Operation(request, partial(_raise_refusal, what)), base_url, what)


def _raise_refusal(what: str, response: Response) -> None:
    """Accept an answer whose body has been written already.

    Raises:
        ImageKitException: The answer does not hold a file.
    """
    if not holds_file(response.status):
        raise build_exception(response, read_metadata(response), what)


def holds_file(status: int) -> bool:
    return status in (200, 206)


class Progress:
    """How much of a file has been written, over all attempts.

    Attributes:
        what: Method and URL of the request, for messages.
        written_bytes: The number of bytes.

    Raises:
        TypeError: `on_progress` is not a function.
    """

    def __init__(self, what: str, on_progress: OnProgress | None) -> None:
        check_progress(on_progress)
        self.what: str = what
        self._on_progress = on_progress
        self.written_bytes: int = 0
        self._total_bytes: int | None = None
        self._etag = ""  # of what is written

    def request_headers(self) -> dict[str, str]:
        """Return the headers that ask for the rest of the file."""
        headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
        if self.written_bytes and self._etag:
            headers |= {"Range": f"bytes={self.written_bytes}-", "If-Range": self._etag}
        return headers

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Take the head of an answer that holds the file or its rest; afterwards `written_bytes` says from where.

        Raises:
            UnknownException: The answer is not what was asked for.
        """
        if headers.get("is-intermediate-response") == "true":  # a page that says so, instead of the picture
            raise UnknownException(f"{self.what}: the service is still making this picture; ask again later")
        is_packed = (
            headers.get("content-encoding", "identity") != "identity"
        )  # then the length is that of the packed file
        if status == 200:
            etag = headers.get("etag", "")
            self._etag = "" if etag.startswith("W/") or is_packed else etag  # RFC 9110, section 13.1.5
            self.written_bytes = 0
        elif not headers.get("content-range", "").startswith(f"bytes {self.written_bytes}-"):
            raise UnknownException(f"{self.what}: the service sent another part of the file than the one asked for")
        length = headers.get("content-length", "")
        self._total_bytes = self.written_bytes + int(length) if length.isdecimal() and not is_packed else None

    def add(self, count: int) -> None:
        """Count bytes that have been written; raises what `on_progress` raises."""
        self.written_bytes += count
        if self._on_progress is not None:
            self._on_progress(self.written_bytes, self._total_bytes)

    def end(self) -> None:
        """Take the end of an answer.

        Raises:
            NetworkException: It ended early.
        """
        if self._total_bytes is not None and self.written_bytes < self._total_bytes:
            raise NetworkException(
                f"{self.what}: the answer ended after {self.written_bytes} of {self._total_bytes} bytes"
            )
