"""The delivery route: original files, and pictures with transformations applied.

Source: ImageKit docs, "Response headers".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from ..base.threads import run_in_thread
from ..rendering import TransformationError
from .answers import (
    check_method,
    find_target,
    is_not_modified,
    original_response,
    preflight_response,
    rendered_response,
)
from .errors import DeliveryError, error_response, one_line
from .planner import Planner
from .renditions import Renditions

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from ..base.settings import Settings
    from ..rendering import Rendered
    from .layers import FileStore
    from .plan import Plan


def delivery_endpoint(store: FileStore, settings: Settings) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint for delivery URLs, ``/{imagekit_id}/…``.

    A request without steps returns the uploaded bytes regardless of `Settings.best_format`, so that tests can compare
    them.
    """
    planner, renditions = Planner(store, settings), Renditions(settings)

    async def deliver(request: Request) -> Response:
        check_method(request)
        plan = await run_in_thread(planner.plan, find_target(request), request.headers)
        if is_not_modified(request.headers, plan):
            return Response(status_code=304, headers=plan.headers)
        if plan.transformation is None:
            return await run_in_thread(original_response, request, plan)
        rendered = await renditions.render(plan, request.receive)
        return rendered_response(request, plan, rendered, {**_content_dpr(plan, rendered), **_warnings(rendered)})

    async def endpoint(request: Request) -> Response:
        if request.method == "OPTIONS":
            return preflight_response()
        try:
            return await deliver(request)
        except TransformationError as exc:
            return error_response(DeliveryError(exc.status, exc.code, exc.message))
        except DeliveryError as exc:
            return error_response(exc)

    return endpoint


def _warnings(rendered: Rendered) -> dict[str, str]:
    return {"ik-warning": one_line("; ".join(rendered.warnings))} if rendered.warnings else {}


def _content_dpr(plan: Plan, rendered: Rendered) -> dict[str, str]:
    """Return Content-DPR: delivered width / (width hint / DPR hint) (ImageKit docs, "Client hints")."""
    if plan.transformation is None or not plan.transformation.asks_client or not (plan.hints.width and plan.hints.dpr):
        return {}
    return {"Content-DPR": f"{rendered.width / (plan.hints.width / plan.hints.dpr):.2f}"}
