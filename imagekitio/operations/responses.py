"""Parses responses: a success becomes a result, everything else the exception for its status.

A response may come from a proxy or a gateway instead of the service, so its body may contain anything. It is never
evaluated, and parsing raises no exceptions other than those of the library.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ..exceptions import (
    BadRequestException,
    ConflictException,
    ForbiddenException,
    ImageKitException,
    InternalServerException,
    NotFoundException,
    PartialSuccessException,
    TooManyRequestsException,
    UnauthorizedException,
    UnknownException,
)
from ..models.response_metadata import ResponseMetadata
from ..models.result import Result, ShapeError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .core import Response

R = TypeVar("R", bound=Result)

BY_STATUS: Mapping[int, type[ImageKitException]] = {
    207: PartialSuccessException,
    400: BadRequestException,
    401: UnauthorizedException,
    403: ForbiddenException,
    404: NotFoundException,
    409: ConflictException,
    429: TooManyRequestsException,
}

_EXCERPT_CHARACTERS = 200


def parse_as(result: type[R]) -> Callable[[Response], R]:
    """Return the function that parses a response as `result`.

    It treats every 2xx status except 207 as a success, because ImageKit docs contradict themselves about some of them.
    """

    def parse(response: Response) -> R:
        metadata = read_metadata(response)
        if not 200 <= response.status < 300 or response.status == 207:
            raise build_exception(response, metadata)
        try:
            return result.from_answer(metadata)
        except ShapeError as exc:
            message = f"{_format_status(response)}, but the response cannot be parsed: {exc}"
            raise UnknownException(message, "", metadata) from exc

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


def build_exception(response: Response, metadata: ResponseMetadata) -> ImageKitException:
    """Return the exception for an unsuccessful response."""
    kind = InternalServerException if response.status >= 500 else BY_STATUS.get(response.status, UnknownException)
    body = cast("dict[str, Any]", metadata.raw) if isinstance(metadata.raw, dict) else {}
    message, advice = body.get("message"), body.get("help")
    if not isinstance(message, str) or not message.strip():
        message = _describe_response(response)
    return kind(message, advice if isinstance(advice, str) else "", metadata)


def _describe_response(response: Response) -> str:
    if response.status == 207:
        return "Partial success"
    if 300 <= response.status < 400 and "location" in response.headers:
        host = _find_host(response.headers["location"])
        return f"{_format_status(response)}: the server redirects to {host}, but redirects are not followed"
    excerpt = _make_printable(response.body[: 4 * _EXCERPT_CHARACTERS].decode("utf-8", "replace"))
    return f"{_format_status(response)}: {excerpt}" if excerpt else f"{_format_status(response)} with an empty body"


def _format_status(response: Response) -> str:
    try:
        return f"HTTP {response.status} {HTTPStatus(response.status).phrase}"
    except ValueError:
        return f"HTTP {response.status}"


def _find_host(location: str) -> str:
    # Only the host is shown, because the query of the URL may contain a token.
    authority = location.partition("//")[2]
    for end in "/?#\\":
        authority = authority.partition(end)[0]
    return _make_printable(authority.rpartition("@")[2]) or "the same host"


def _make_printable(text: str) -> str:
    words = " ".join(text.split())
    shown = "".join(character if character.isprintable() else "�" for character in words)
    return shown if len(shown) <= _EXCERPT_CHARACTERS else shown[: _EXCERPT_CHARACTERS - 1] + "…"
