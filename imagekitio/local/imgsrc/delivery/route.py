"""The delivery route: uploaded images and renditions of them.

Source: img-src API, "Image transformations".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from ...base.errors import ApiError
from ...base.threads import run_in_thread
from ...delivery.answers import (
    check_method,
    find_target,
    is_not_modified,
    original_response,
    preflight_response,
    rendered_response,
)
from ...delivery.errors import CORS, DeliveryError, one_line
from ...delivery.renditions import Renditions
from ...rendering import TransformationError
from .planner import Planner

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from ...rendering import Rendered
    from ..settings import ImgsrcSettings
    from .planner import ImageStore


def delivery_endpoint(store: ImageStore, settings: ImgsrcSettings) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint for ``/i/{username}/…`` and ``/{username}/…``; it raises errors as `ApiError`."""
    planner, renditions = Planner(store, settings), Renditions(settings)

    async def deliver(request: Request) -> Response:
        check_method(request)
        delivery = await run_in_thread(planner.plan, find_target(request))
        plan = delivery.plan
        if is_not_modified(request.headers, plan):
            return Response(status_code=304, headers=plan.headers)
        rendered = None if plan.transformation is None else await renditions.render(plan, request.receive)
        await run_in_thread(planner.count, delivery)
        if rendered is None:
            return await run_in_thread(original_response, request, plan)
        return rendered_response(request, plan, rendered, _warnings(rendered))

    async def endpoint(request: Request) -> Response:
        if request.method == "OPTIONS":
            return preflight_response()
        try:
            return await deliver(request)
        except TransformationError as exc:
            raise _refusal(ApiError(exc.status, exc.message)) from exc
        except DeliveryError as exc:
            error = ApiError(exc.status, exc.message)
            error.headers = exc.headers
            raise _refusal(error) from exc
        except ApiError as exc:
            raise _refusal(exc) from exc

    return endpoint


def _refusal(error: ApiError) -> ApiError:
    """Add the headers that all delivery errors have to an error."""
    error.headers = {**CORS, "Cache-Control": "no-store", **error.headers}
    return error


def _warnings(rendered: Rendered) -> dict[str, str]:
    """Return our own header for differences from the request, such as an animation with only its first frame."""
    return {"X-Warning": one_line("; ".join(rendered.warnings))} if rendered.warnings else {}
