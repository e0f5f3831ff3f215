"""How delivery answers with a file or a rendition: conditions, ranges, warnings, attachments."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from .errors import CORS, DeliveryError, deleted_meanwhile, one_line
from .ranges import asked_parts, content_response

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

    from ..rendering import Rendered
    from .planner import Plan

METHODS = "GET, HEAD, OPTIONS"
PREFLIGHT: Mapping[str, str] = {
    **CORS,
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}


def is_not_modified(headers: Mapping[str, str], plan: Plan) -> bool:
    """RFC 9110, section 13.2.2: If-None-Match decides alone where it is given."""
    if "if-none-match" in headers:
        tags = {tag.strip().removeprefix("W/") for tag in headers["if-none-match"].split(",")}
        return "*" in tags or plan.etag in tags
    try:
        since = parsedate_to_datetime(headers.get("if-modified-since", ""))
        return "Last-Modified" in plan.headers and int(plan.file.updated_at) <= since.timestamp()
    except (ValueError, TypeError, OverflowError):
        return False


def original_response(request: Request, plan: Plan) -> Response:
    """The bytes that were uploaded.

    Raises:
        DeliveryError: 404 when they were deleted meanwhile, 416 for a range that is not in them.
    """
    try:
        size = plan.content.stat().st_size
    except FileNotFoundError:
        raise deleted_meanwhile(plan.file) from None
    return _response(request, plan.content, size, plan.file.mime, plan.headers)


def rendered_response(request: Request, plan: Plan, rendered: Rendered) -> Response:
    """A rendition of the file."""
    headers = {**plan.headers, **_content_dpr(plan, rendered), **_warnings(rendered)}
    return _response(request, rendered.content, len(rendered.content), rendered.content_type, headers)


def _response(
    request: Request, content: Path | bytes, size: int, media_type: str, headers: Mapping[str, str]
) -> Response:
    """The content, or the parts that are asked for: those of what the client has parts of already (If-Range)."""
    parts = None
    validators = (headers["ETag"], headers.get("Last-Modified"))
    if request.method == "GET" and request.headers.get("if-range", headers["ETag"]) in validators:
        parts = asked_parts(request.headers.get("range", ""), size)
    if parts is not None and not parts:
        message = f"the range must lie within {size} bytes (got '{request.headers['range']}')"
        raise DeliveryError(416, "EINVAL", message, headers={"Content-Range": f"bytes */{size}"})
    is_head = request.method == "HEAD"
    return content_response(content, size, parts, media_type=media_type, headers=headers, is_head=is_head)


def _warnings(rendered: Rendered) -> dict[str, str]:
    return {"ik-warning": one_line("; ".join(rendered.warnings))} if rendered.warnings else {}


def _content_dpr(plan: Plan, rendered: Rendered) -> dict[str, str]:
    """ImageKit docs, "Client hints": delivered width / (width hint / DPR hint)."""
    if plan.transformation is None or not plan.transformation.asks_client or not (plan.hints.width and plan.hints.dpr):
        return {}
    return {"Content-DPR": f"{rendered.width / (plan.hints.width / plan.hints.dpr):.2f}"}
