"""The HTTP side of img-src: its paths, errors and response headers (img-src API, "Errors")."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..web.routing import ROUTE, PathTable
from ..web.site import DELIVERY, Recognized, Site
from .limits.quotas import limit_headers
from .operations import HEALTH, NAMES, OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Scope

    from ..base.errors import ApiError
    from ..web.ratelimit import Limiter

API_PREFIX = "/api/"
HEALTH_PATH = "/health"

_TABLE = PathTable(OPERATIONS)
# The service documents those up to 404, 429 and 500; the others are ours.
_CODES = {
    400: "VALIDATION_ERROR",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    409: "CONFLICT",
    413: "PAYLOAD_TOO_LARGE",
    414: "URI_TOO_LONG",
    415: "UNSUPPORTED_MEDIA_TYPE",
    416: "RANGE_NOT_SATISFIABLE",
    429: "RATE_LIMITED",
    501: "NOT_IMPLEMENTED",
    502: "BAD_GATEWAY",
    503: "SERVICE_UNAVAILABLE",
    504: "GATEWAY_TIMEOUT",
}


class ImgsrcSite(Site):
    """The HTTP side of img-src.

    Args:
        username: User name in delivery URLs, which may have ``/i`` before it.
        rate_limits: Limits to describe in the headers of a 429 that is a fault.
    """

    service = "img-src"
    operations = NAMES
    secrets: re.Pattern[str] = re.compile(r"((?:^|&)sig(?:=|%3D))[^&]*", re.IGNORECASE)

    def __init__(self, username: str, rate_limits: Limiter) -> None:
        self._delivery_prefixes = ("/i/", f"/{username}/")
        self._rate_limits = rate_limits

    def recognize(self, scope: Scope) -> Recognized:
        path: str = scope["path"]
        if path.startswith(self._delivery_prefixes):
            return Recognized(scope, DELIVERY, is_cross_origin=True)
        # API keys are for servers: pages of other origins need not read responses of the API.
        if not path.startswith(API_PREFIX):
            return Recognized(scope, HEALTH if path == HEALTH_PATH else None, is_cross_origin=False)
        scope = {**scope, "path": path.rstrip("/")}
        route = _TABLE.find(scope["method"], scope["path"])
        if route is None:
            return Recognized(scope, None, is_cross_origin=False)
        scope.setdefault("state", {})[ROUTE] = route
        operation = None if route.operation is None else route.operation.name
        return Recognized(scope, operation, is_cross_origin=False)

    def error_body(self, error: ApiError, path: str | None) -> Mapping[str, Any]:
        code = _CODES.get(error.status, "INTERNAL_ERROR" if error.status >= 500 else "ERROR")
        described = {"code": error.reason or code, "message": error.message, "status": error.status}
        return {"error": described if path is None else {**described, "path": path}}

    def read_error(self, headers: Mapping[str, str], body: Mapping[str, Any]) -> str:
        error = body.get("error")
        return str(error.get("message", "")) if isinstance(error, dict) else ""

    def too_many_headers(self, now: float) -> Mapping[str, str]:
        """Return the headers of a minute that ends within a second, as clients wait by their own clock.

        Without a rate limit, return only the seconds to wait.
        """
        wait = {"Retry-After": "1"}
        for most, _ in self._rate_limits.limits:  # there is at most one
            return {**limit_headers(most, 0, int(now) + 1), **wait}
        return wait
