"""Responses of delivery with a file or a rendition: conditional requests, ranges and headers."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from starlette.responses import Response

from .errors import CORS, DeliveryError, file_deleted_error
from .ranges import content_response, requested_parts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from starlette.requests import Request

    from ..rendering import Rendered
    from .plan import Plan

METHODS = "GET, HEAD, OPTIONS"
_PREFLIGHT: Mapping[str, str] = {
    **CORS,
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}


def preflight_response() -> Response:
    """Return the response to OPTIONS."""
    return Response(status_code=204, headers=_PREFLIGHT)


def check_method(request: Request) -> None:
    """Refuse methods other than GET and HEAD.

    Raises:
        DeliveryError: 405 for another method.
    """
    if request.method not in ("GET", "HEAD"):
        message = f"the method must be one of {METHODS} (got {request.method})"
        raise DeliveryError(405, "EINVAL", message, headers={"Allow": METHODS})


def find_target(request: Request) -> str:
    """Return the path and query of a request, percent-encoded."""
    raw_path: bytes = request.scope["raw_path"]
    raw_query: bytes = request.scope["query_string"]
    return (raw_path + b"?" + raw_query if raw_query else raw_path).decode(errors="surrogateescape")


def is_not_modified(headers: Mapping[str, str], plan: Plan) -> bool:
    """Return whether a 304 is right; If-None-Match overrides If-Modified-Since (RFC 9110, section 13.2.2)."""
    if "if-none-match" in headers:
        tags = {tag.strip().removeprefix("W/") for tag in headers["if-none-match"].split(",")}
        return "*" in tags or plan.etag in tags
    try:
        since = parsedate_to_datetime(headers.get("if-modified-since", ""))
        return parsedate_to_datetime(plan.headers.get("Last-Modified", "")).timestamp() <= since.timestamp()
    except (ValueError, TypeError, OverflowError):
        return False


def original_response(request: Request, plan: Plan) -> Response:
    """Return a response with the original file.

    Raises:
        DeliveryError: 404 if it was deleted in the meantime, 416 for a range outside of it.
    """
    try:
        size = plan.content.stat().st_size
    except FileNotFoundError:
        raise file_deleted_error(plan.path) from None
    return _response(request, plan.content, size, plan.mime, plan.headers)


def rendered_response(request: Request, plan: Plan, rendered: Rendered, headers: Mapping[str, str]) -> Response:
    """Return a response with a rendition, the headers of the plan and the given headers."""
    all_headers = {**plan.headers, **headers}
    return _response(request, rendered.content, len(rendered.content), rendered.content_type, all_headers)


def _response(
    request: Request, content: Path | bytes, size: int, media_type: str, headers: Mapping[str, str]
) -> Response:
    """Return the content or the requested parts, unless If-Range says that the client's parts are outdated."""
    parts = None
    validators = (headers["ETag"], headers.get("Last-Modified"))
    if request.method == "GET" and request.headers.get("if-range", headers["ETag"]) in validators:
        parts = requested_parts(request.headers.get("range", ""), size)
    if parts is not None and not parts:
        message = f"the range must lie within {size} bytes (got '{request.headers['range']}')"
        raise DeliveryError(416, "EINVAL", message, headers={"Content-Range": f"bytes */{size}"})
    is_head = request.method == "HEAD"
    return content_response(content, size, parts, media_type=media_type, headers=headers, is_head=is_head)
