"""The control API under ``/_local/``: what tests ask of local ImageKit itself, beyond what the service offers.

``GET health``, ``GET requests``, ``POST reset`` and ``POST clock`` with one of ``{"freeze": <moment>}``,
``{"advance": <seconds>}``, ``{"reset": true}``; a moment is ISO 8601, a Unix time in seconds, or null for now. It takes
no credentials, like the objects of a process that tests share; a web page may not use it.
"""

from __future__ import annotations

import math
from dataclasses import asdict
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.responses import JSONResponse
from starlette.routing import Route

from .errors import ApiError
from .json_values import as_object
from .present import iso_date

if TYPE_CHECKING:
    from collections import deque

    from starlette.requests import Request
    from starlette.responses import Response

    from .clock import Clock
    from .exchange import SeenRequest
    from .store import Store


def control_routes(store: Store, seen: deque[SeenRequest]) -> list[Route]:
    clock = store.settings.clock

    async def health(request: Request) -> Response:
        return JSONResponse({"status": "ok", "urlEndpoint": store.settings.url_endpoint})

    async def requests(request: Request) -> Response:
        return JSONResponse([asdict(item) for item in list(seen)])

    async def reset(request: Request) -> Response:
        _refuse_browsers(request)
        await to_thread.run_sync(reset_all, store, seen)
        return JSONResponse({})

    async def set_clock(request: Request) -> Response:
        _refuse_browsers(request)
        try:
            change_clock(clock, await request.json())
        except (ValueError, TypeError, OverflowError) as exc:
            raise ApiError(400, f"The clock could not be set: {exc}") from exc
        return JSONResponse({"now": iso_date(clock.time())})

    return [
        Route("/_local/health", health, methods=["GET"]),
        Route("/_local/requests", requests, methods=["GET"]),
        Route("/_local/reset", reset, methods=["POST"]),
        Route("/_local/clock", set_clock, methods=["POST"]),
    ]


def reset_all(store: Store, seen: deque[SeenRequest]) -> None:
    """Forget all data and requests, and go back to the real time."""
    store.reset()
    seen.clear()
    store.settings.clock.reset()


def change_clock(clock: Clock, change: Any) -> None:
    """Apply one change as the control API words it.

    Raises:
        ValueError: `change` is not one of the known forms.
    """
    members = as_object(change) or {}
    if len(members) != 1 or not members.keys() <= {"freeze", "advance", "reset"}:
        raise ValueError('give one of {"freeze": <moment>}, {"advance": <seconds>}, {"reset": true}')
    ((action, value),) = members.items()
    if action == "reset":
        clock.reset()
    elif action == "advance":
        clock.advance(_seconds(value))
    elif isinstance(value, str):
        moment = datetime.fromisoformat(value[:-1] + "+00:00" if value.endswith("Z") else value)
        clock.freeze(moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc))
    else:
        clock.freeze(None if value is None else _seconds(value))


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"seconds must be a number (got {value!r})")
    return float(value)


def _refuse_browsers(request: Request) -> None:
    if "origin" in request.headers:
        raise ApiError(403, "Web pages may not control local ImageKit.")
