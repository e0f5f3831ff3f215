"""The HTTP side of ImageKit: its paths, errors and response headers."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from ..base.errors import HELP
from .operations import NAMES, find_route, name_call
from .routing import ROUTE
from .site import DELIVERY, Recognized, Site

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.types import Scope

    from ..base.errors import ApiError

API_PREFIXES = ("/v1/", "/api/")
REQUEST_ID = "imagekitio.request_id"  # key of the response's request id in the state of a scope


class ImageKitSite(Site):
    """The HTTP side of ImageKit.

    Args:
        imagekit_id: First path segment of delivery URLs.
    """

    service = "ImageKit"
    operations = NAMES
    secrets: re.Pattern[str] = re.compile(r"(ik-s(?:=|%3D))[^&%]*", re.IGNORECASE)

    def __init__(self, imagekit_id: str) -> None:
        self._delivery_prefix = f"/{imagekit_id}/"

    def recognize(self, scope: Scope) -> Recognized:
        state = scope.setdefault("state", {})
        state[REQUEST_ID] = str(uuid.uuid4())
        path: str = scope["path"]
        if not path.startswith(API_PREFIXES):
            is_delivery = path.startswith(self._delivery_prefix)
            return Recognized(scope, DELIVERY if is_delivery else None, is_cross_origin=is_delivery)
        # 4.x and the guides have some paths with a trailing slash.
        scope = {**scope, "path": path.rstrip("/")}
        route = find_route(scope["method"], scope["path"])
        if route is None:
            return Recognized(scope, None, is_cross_origin=scope["path"].startswith(API_PREFIXES))
        state[ROUTE] = route
        has_key = any(name == b"authorization" for name, _ in scope["headers"])
        return Recognized(scope, name_call(route, has_key=has_key), is_cross_origin=True)

    def error_body(self, error: ApiError, path: str | None) -> Mapping[str, Any]:
        reason = {} if error.reason is None else {"reason": error.reason}
        return {"message": error.message, "help": HELP, **reason, **error.members}

    def http_error_body(self, status: int, message: str, path: str | None) -> Mapping[str, Any]:
        return {"message": message}

    def read_error(self, headers: Mapping[str, str], body: Mapping[str, Any]) -> str:
        """Return the ``ik-error`` of delivery, or the ``message`` of the API."""
        return unquote(headers["ik-error"]) if "ik-error" in headers else str(body.get("message", ""))

    def too_many_headers(self, now: float) -> Mapping[str, str]:
        """Return the headers of a limit of 1 request in 100 ms (ImageKit docs, "Rate limits")."""
        return {"x-ratelimit-limit": "1", "x-ratelimit-interval": "100", "x-ratelimit-reset": "100"}

    def answer_headers(self, scope: Scope) -> Iterable[tuple[bytes, bytes]]:
        request_id = scope["state"][REQUEST_ID].encode()
        return [(b"x-ik-requestid", request_id), (b"x-request-id", request_id)]
