"""Reads answers: a success becomes a result, everything else the exception for its status.

An answer may come from a proxy or a gateway as well as from the service, so that its body may be anything. Nothing of
it is evaluated, and whatever it is, the only exceptions are those of the library.
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


def reads(result: type[R]) -> Callable[[Response], R]:
    """Return the function that reads an answer as `result`.

    Every 2xx but 207 is a success, since ImageKit docs disagree with themselves about some of them.
    """

    def parse(response: Response) -> R:
        metadata = metadata_of(response)
        if not 200 <= response.status < 300 or response.status == 207:
            raise exception_for(response, metadata)
        try:
            return result.from_answer(metadata)
        except ShapeError as exc:
            message = f"{_status(response)}, but the answer cannot be read: {exc}"
            raise UnknownException(message, "", metadata) from exc

    return parse


def metadata_of(response: Response) -> ResponseMetadata:
    """Return status, headers and decoded body of an answer; a body that is no JSON is text."""
    raw: Any = None
    if response.body:
        try:
            raw = json.loads(response.body)
        except (ValueError, RecursionError):  # bad JSON, bad UTF-8, a number without end; nested without end
            raw = response.body.decode("utf-8", "replace")
    return ResponseMetadata(raw, response.status, response.headers)


def exception_for(response: Response, metadata: ResponseMetadata) -> ImageKitException:
    """Return the exception that an answer without success stands for."""
    kind = InternalServerException if response.status >= 500 else BY_STATUS.get(response.status, UnknownException)
    body = cast("dict[str, Any]", metadata.raw) if isinstance(metadata.raw, dict) else {}
    message, advice = body.get("message"), body.get("help")
    if not isinstance(message, str) or not message.strip():
        message = _message_without_servers_words(response)
    return kind(message, advice if isinstance(advice, str) else "", metadata)


def _message_without_servers_words(response: Response) -> str:
    if response.status == 207:
        return "Partial success"
    if 300 <= response.status < 400 and "location" in response.headers:
        return (
            f"{_status(response)}: the server redirects to {_host(response.headers['location'])}, which is not followed"
        )
    excerpt = _printable(response.body[: 4 * _EXCERPT_CHARACTERS].decode("utf-8", "replace"))
    return f"{_status(response)}: {excerpt}" if excerpt else f"{_status(response)} with an empty body"


def _status(response: Response) -> str:
    try:
        return f"HTTP {response.status} {HTTPStatus(response.status).phrase}"
    except ValueError:
        return f"HTTP {response.status}"


def _host(location: str) -> str:
    # Not the whole URL: its query may hold a token.
    authority = location.partition("//")[2]
    for end in "/?#\\":
        authority = authority.partition(end)[0]
    return _printable(authority.rpartition("@")[2]) or "the same host"


def _printable(text: str) -> str:
    words = " ".join(text.split())
    shown = "".join(character if character.isprintable() else "�" for character in words)
    return shown if len(shown) <= _EXCERPT_CHARACTERS else shown[: _EXCERPT_CHARACTERS - 1] + "…"
