"""The JSON bodies of API requests and responses."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from ..base.errors import ApiError
from ..base.json_values import as_object, read_json

if TYPE_CHECKING:
    from starlette.requests import Request

    from .calls import Answer

MAX_JSON_BYTES = 1 << 20  # api.md, chapter 8
JSON = "application/json; charset=utf-8"


def json_response(answer: Answer) -> Response:
    """Return the response for the answer of a handler, with an ETag."""
    if answer.body is None:
        return Response(status_code=answer.status)
    content = json.dumps(answer.body, ensure_ascii=False, separators=(",", ":")).encode()
    etag = f'W/"{hashlib.sha1(content, usedforsecurity=False).hexdigest()}"'
    return Response(content, answer.status, {"etag": etag}, JSON)


async def read_body(request: Request) -> dict[str, Any]:
    """Return the body of a request as an object; an empty body is an empty object.

    Raises:
        ApiError: 413 for a body that is too large, 400 for one that is not a JSON object.
    """
    raw = bytearray()
    is_too_long = False
    async for chunk in request.stream():  # to its end, so that the client can receive the response
        is_too_long = is_too_long or len(raw) + len(chunk) > MAX_JSON_BYTES
        if not is_too_long:
            raw += chunk
    if is_too_long:
        raise ApiError(413, f"The body of your request is larger than {MAX_JSON_BYTES} bytes.")
    if not raw.strip():
        return {}
    try:
        body = as_object(read_json(raw))
    except ValueError:
        body = None
    if body is None:
        raise ApiError(400, "Your request contains invalid JSON.")
    return body
