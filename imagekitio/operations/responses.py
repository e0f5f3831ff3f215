"""Parse responses: a success becomes a result, everything else the exception for its status.

A response may come from a proxy or a gateway instead of the service, so its body may contain anything. It is never
evaluated, and parsing raises no exceptions other than those of the library.
"""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast
from urllib.parse import unquote

from ..exceptions import (
    BadRequestException,
    ConflictException,
    FileExistsBadRequestException,
    FileExistsConflictException,
    FileTooLargeException,
    ForbiddenException,
    ImageKitException,
    InternalServerException,
    NotFoundException,
    PartialSuccessException,
    TooManyRequestsException,
    UnauthorizedException,
    UnknownException,
    UnprocessableEntityException,
    UnreadableResponseException,
)
from ..exceptions.printing import make_printable
from ..models.response_metadata import ResponseMetadata
from ..models.result import Result, ShapeError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .core import Response

R = TypeVar("R", bound=Result)
T = TypeVar("T")

BY_STATUS: Mapping[int, type[ImageKitException]] = {
    207: PartialSuccessException,
    400: BadRequestException,
    401: UnauthorizedException,
    403: ForbiddenException,
    404: NotFoundException,
    409: ConflictException,
    422: UnprocessableEntityException,
    429: TooManyRequestsException,
}


class Refusal(NamedTuple):
    """A refusal that has its own class.

    Attributes:
        status: HTTP status.
        reason: The error code that the service sends with it; None if it sends none.
        message: Pattern of the message.
        kind: Class of the exception.
    """

    status: int
    reason: str | None
    message: re.Pattern[str]
    kind: type[ImageKitException]


# Those with status 400 have no code, only a message (ImageKit docs, "Upload file", "Rename file").
REFUSALS = (
    Refusal(400, None, re.compile("^A file with the same name already exists"), FileExistsBadRequestException),
    Refusal(400, None, re.compile("file size exceeds limits"), FileTooLargeException),
    Refusal(
        409,
        "FILE_ALREADY_EXISTS",
        re.compile("^File with name .* already exists", re.DOTALL),
        FileExistsConflictException,
    ),
)

_EXCERPT_CHARACTERS = 200
_MAX_PAGE_BYTES = 16_384  # of a page to search for text; styles may come first
_INVISIBLE = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)|<[^<>]*>?", re.DOTALL | re.IGNORECASE)


def parse_as(result: type[R]) -> Callable[[Response], R]:
    """Return the function that parses a response as `result`; see `parse_with`."""
    return parse_with(result.from_answer)


def parse_with(read: Callable[[ResponseMetadata], T], *, accept_partial: bool = False) -> Callable[[Response], T]:
    """Return a function that raises the exception for a failed response, and passes other responses to `read`.

    It treats every 2xx status except 207 as a success, because ImageKit docs contradict themselves about some of them.

    Args:
        read: Function that takes the response; it raises ShapeError if the body has an unexpected shape.
        accept_partial: Whether 207 is a success too, as in release 5.
    """

    def parse(response: Response) -> T:
        metadata = read_metadata(response)
        if not 200 <= response.status < 300 or (response.status == 207 and not accept_partial):
            raise build_exception(response, metadata)
        try:
            return read(metadata)
        except ShapeError as exc:
            page = _describe_page(response)
            fault = f"it is {page}" if page else str(exc)
            message = f"HTTP {format_status(response.status)}, but the response cannot be parsed: {fault}"
            raise UnreadableResponseException(message, "", metadata) from exc

    return parse


def read_metadata(response: Response) -> ResponseMetadata:
    """Return the status, the headers and the decoded body of a response; a body that is not JSON is kept as text."""
    raw: Any = None
    if response.body:
        try:
            raw = json.loads(response.body)
        except (ValueError, RecursionError):  # bad JSON, bad UTF-8, a number that is too long; nested too deeply
            raw = response.body.decode("utf-8", "replace")
    return ResponseMetadata(raw, response.status, response.headers)


def build_exception(response: Response, metadata: ResponseMetadata, what: str = "") -> ImageKitException:
    """Return the exception for an unsuccessful response.

    Args:
        response: The response.
        metadata: Result of `read_metadata` for it.
        what: Method and URL of the request, for messages of responses that do not name the requested file.
    """
    body = cast("dict[str, Any]", metadata.raw) if isinstance(metadata.raw, dict) else {}
    # img-src.io puts the message into an object.
    inner = cast("dict[str, Any]", body["error"]) if isinstance(body.get("error"), dict) else body
    message, advice = inner.get("message"), body.get("help")
    if not isinstance(message, str) or not message.strip():
        message = _describe_response(response)
    kind = _find_class(response.status, body.get("reason"), message)
    return kind(f"{what}: {message}" if what else message, advice if isinstance(advice, str) else "", metadata)


def format_status(status: int) -> str:
    """Return a status with its phrase, such as ``404 Not Found``."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _find_class(status: int, reason: object, message: str) -> type[ImageKitException]:
    for refusal in REFUSALS:
        has_code = refusal.reason is not None and reason == refusal.reason
        if status == refusal.status and (has_code or refusal.message.search(message)):
            return refusal.kind
    return InternalServerException if status >= 500 else BY_STATUS.get(status, UnknownException)


def _describe_response(response: Response) -> str:
    if response.status == 207:
        return "Partial success"
    if 300 <= response.status < 400 and "location" in response.headers:
        host = _find_host(response.headers["location"])
        return f"HTTP {format_status(response.status)}: the server redirects to {host}, but redirects are not followed"
    # The message of delivery. Local ImageKit percent-encodes it, since a header is one line of ASCII.
    fault = make_printable(unquote(response.headers.get("ik-error", "")))
    fault = fault or _describe_page(response) or _make_excerpt(_decode(response.body[: 4 * _EXCERPT_CHARACTERS]))
    status = f"HTTP {format_status(response.status)}"
    return f"{status}: {fault}" if fault else f"{status} with an empty body"


def _describe_page(response: Response) -> str:
    """Return the visible text of an HTML page, as gateways and login pages send it; empty for other bodies."""
    page = response.body[:_MAX_PAGE_BYTES]
    if not page.lstrip().lower().startswith((b"<!doctype html", b"<html")):
        return ""
    from html import unescape  # takes milliseconds to load

    phrases = [" ".join(phrase.split()) for phrase in _INVISIBLE.sub("\0", _decode(page)).split("\0")]
    # A title and the heading below it are often the same.
    text = _make_excerpt(unescape(" ".join(phrase for phrase, _ in groupby(filter(None, phrases)))))
    return f"an HTML page: {text}" if text else "an HTML page without text"


def _decode(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def _make_excerpt(text: str) -> str:
    return make_printable(text, _EXCERPT_CHARACTERS)


def _find_host(location: str) -> str:
    # Only the host is shown, because the query of the URL may contain a token.
    authority = location.partition("//")[2]
    for end in "/?#\\":
        authority = authority.partition(end)[0]
    return make_printable(authority.rpartition("@")[2]) or "the same host"
