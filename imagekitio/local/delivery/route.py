"""The delivery route: files as they are, and pictures as transformation steps ask.

Source: ImageKit docs, "Response headers".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from ..base.threads import run_in_thread
from ..rendering import TransformationError
from .answers import METHODS, PREFLIGHT, is_not_modified, original_response, rendered_response
from .errors import DeliveryError
from .planner import Planner
from .renditions import Renditions

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from ..base.settings import Settings
    from .layers import FileStore


def delivery_endpoint(store: FileStore, settings: Settings) -> Callable[[Request], Awaitable[Response]]:
    """Answers delivery URLs, ``/{imagekit_id}/…``.

    A request without steps gets the bytes that were uploaded, whatever `Settings.best_format` says: developers compare
    them.
    """
    planner, renditions = Planner(store, settings), Renditions(settings)

    async def deliver(request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            message = f"files are delivered to {METHODS} (got {request.method})"
            raise DeliveryError(405, "EINVAL", message, headers={"Allow": METHODS})
        plan = await run_in_thread(planner.plan, _target_of(request), request.headers)
        if is_not_modified(request.headers, plan):
            return Response(status_code=304, headers=plan.headers)
        if plan.transformation is None:
            return await run_in_thread(original_response, request, plan)
        return rendered_response(request, plan, await renditions.rendered(plan, request.receive))

    async def endpoint(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=PREFLIGHT)
        try:
            return await deliver(request)
        except TransformationError as exc:
            return DeliveryError(exc.status, exc.code, exc.message).response()
        except DeliveryError as exc:
            return exc.response()

    return endpoint


def _target_of(request: Request) -> str:
    """Path and query, percent-encoded."""
    raw_path: bytes = request.scope["raw_path"]
    raw_query: bytes = request.scope["query_string"]
    return (raw_path + b"?" + raw_query if raw_query else raw_path).decode(errors="surrogateescape")
