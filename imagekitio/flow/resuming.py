"""How far a download is: each attempt goes on where the last one broke off. Neither sends nor writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from ..exceptions import NetworkException, UnknownException
from ..operations.core import Operation, Request, Response
from ..operations.responses import exception_for, metadata_of
from .settings import checked_base_url

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    OnProgress = Callable[[int, int | None], object]


class Delivery(NamedTuple):
    """A file to download.

    Attributes:
        operation: What to send, without credentials: whoever has the URL may read.
        base_url: Where to.
        what: What messages call it: without the query, which may hold a signature.
    """

    operation: Operation[None]
    base_url: str
    what: str


def delivery(url: str) -> Delivery:
    """Return what is to be asked for.

    Raises:
        ValueError: No absolute HTTP URL.
    """
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    base_url = checked_base_url("the URL to download", origin)
    request = Request("GET", url[len(origin) :].partition("#")[0] or "/")
    return Delivery(Operation(request, _delivered), base_url, f"GET {base_url}{parts.path}")


def _delivered(response: Response) -> None:
    """Read the answer, of which the body is written already.

    Raises:
        ImageKitException: There is no file in it.
    """
    if not holds_file(response.status):
        raise exception_for(response, metadata_of(response))


def holds_file(status: int) -> bool:
    return status in (200, 206)


class Progress:
    """What of a file is written, over all attempts.

    Attributes:
        written_bytes: So many are.
    """

    def __init__(self, what: str, on_progress: OnProgress | None) -> None:
        self._what, self._on_progress = what, on_progress
        self.written_bytes: int = 0
        self._total_bytes: int | None = None
        self._etag = ""  # of what is written

    def request_headers(self) -> dict[str, str]:
        """Return the headers that ask for the rest."""
        headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
        if self.written_bytes and self._etag:
            headers |= {"Range": f"bytes={self.written_bytes}-", "If-Range": self._etag}
        return headers

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Take the head of an answer that holds the file; with `written_bytes` 0 it is the whole file.

        Raises:
            UnknownException: It is not what was asked for.
        """
        if headers.get("is-intermediate-response") == "true":  # a page that says so, instead of the picture
            raise UnknownException(f"{self._what}: the service is still making this picture; ask again later")
        is_packed = headers.get("content-encoding", "identity") != "identity"  # lengths are of what is packed then
        if status == 200:
            etag = headers.get("etag", "")
            self._etag = "" if etag.startswith("W/") or is_packed else etag  # RFC 9110, section 13.1.5
            self.written_bytes = 0
        elif not headers.get("content-range", "").startswith(f"bytes {self.written_bytes}-"):
            raise UnknownException(f"{self._what}: the service sent another part of the file than the one asked for")
        length = headers.get("content-length", "")
        self._total_bytes = self.written_bytes + int(length) if length.isdecimal() and not is_packed else None

    def wrote(self, count: int) -> None:
        """Note so many bytes more; raises what `on_progress` raises."""
        self.written_bytes += count
        if self._on_progress is not None:
            self._on_progress(self.written_bytes, self._total_bytes)

    def end(self) -> None:
        """Take the end of an answer.

        Raises:
            NetworkException: It came too early.
        """
        if self._total_bytes is not None and self.written_bytes < self._total_bytes:
            raise NetworkException(
                f"{self._what}: the answer ended after {self.written_bytes} of {self._total_bytes} bytes"
            )
