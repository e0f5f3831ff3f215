"""The routes of the control API that every local server has."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse
from starlette.routing import Route

from ..base.dates import iso_date, parse_moment
from ..base.errors import ApiError
from ..base.json_values import as_object, read_json
from ..base.threads import run_in_thread

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from ..base.clock import Clock
    from ..web.exchange import Controls
    from ..web.faults import Fault
    from ..web.ratelimit import Limiter
    from .guard import Guard

    Control = Callable[[Request], Awaitable[object]]


def control_routes(
    guard: Guard,
    controls: Controls[Limiter],
    clock: Clock,
    *,
    reset: Callable[[], None],
    describe: Callable[[Request], Mapping[str, object]],
    more: Mapping[tuple[str, str], Control],
) -> list[Route]:
    """Return the routes of the control API.

    Args:
        guard: Access check for every call.
        controls: The faults, rate limits and requests to read and change.
        clock: The server's clock.
        reset: Function that resets everything.
        describe: Function that returns the members of ``GET health`` other than the status.
        more: Controls of this service only, by method and path below ``/_local/``.
    """
    faults, rate_limits = controls.faults, controls.rate_limits

    async def health(request: Request) -> object:
        return {"status": "ok", **describe(request)}

    async def forget_everything(request: Request) -> object:
        await run_in_thread(reset)
        return {}

    async def list_requests(request: Request) -> object:
        return [{**asdict(seen), "at": iso_date(seen.at)} for seen in list(controls.seen)]

    async def forget_requests(request: Request) -> object:
        controls.seen.clear()
        return {}

    async def get_clock(request: Request) -> object:
        return {"now": iso_date(clock.time())}

    async def set_clock(request: Request) -> object:
        change_clock(clock, await read_object(request))
        return {"now": iso_date(clock.time())}

    async def list_faults(request: Request) -> object:
        return list(map(_fault_json, faults.list()))

    async def add_fault(request: Request) -> object:
        return _fault_json(faults.add(**await read_object(request)))

    async def clear_faults(request: Request) -> object:
        faults.clear(int(request.query_params.get("seed", "0")))
        return {}

    async def get_rate_limits(request: Request) -> object:
        return {"limits": rate_limits.limits}

    async def set_rate_limits(request: Request) -> object:
        limits = (await read_object(request)).get("limits")
        if not isinstance(limits, list):
            raise ValueError(f"limits must be a list of pairs of requests and seconds (got {limits!r})")
        rate_limits.set(*limits)
        return {"limits": rate_limits.limits}

    controls_by_path: dict[tuple[str, str], Control] = {
        ("GET", "health"): health,
        ("POST", "reset"): forget_everything,
        ("GET", "requests"): list_requests,
        ("DELETE", "requests"): forget_requests,
        ("GET", "clock"): get_clock,
        ("POST", "clock"): set_clock,
        ("GET", "faults"): list_faults,
        ("POST", "faults"): add_fault,
        ("DELETE", "faults"): clear_faults,
        ("GET", "rate-limits"): get_rate_limits,
        ("PUT", "rate-limits"): set_rate_limits,
        **more,
    }
    return [
        Route(f"/_local/{path}", _endpoint(control, guard, path), methods=[method])
        for (method, path), control in controls_by_path.items()
    ]


def change_clock(clock: Clock, change: dict[str, Any]) -> None:
    """Apply one change in the form of the control API.

    Raises:
        ValueError: `change` does not have a known form.
    """
    if len(change) != 1 or not change.keys() <= {"freeze", "advance", "reset"}:
        raise ValueError('give one of {"freeze": <moment>}, {"advance": <seconds>}, {"reset": true}')
    ((action, value),) = change.items()
    if action == "reset":
        clock.reset()
    elif action == "advance":
        clock.advance(_seconds(value))
    else:
        clock.freeze(None if value is None else _moment(value))


async def read_object(request: Request) -> dict[str, Any]:
    """Return the body of a request to the control API.

    Raises:
        ValueError: The body is not a JSON object.
    """
    body = as_object(read_json(await request.body()))
    if body is None:
        raise ValueError("the body must be a JSON object")
    return body


def _endpoint(control: Control, guard: Guard, path: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        guard.check(request.headers, path)
        try:
            return JSONResponse(await control(request))
        except (ValueError, TypeError, OverflowError, OSError) as exc:
            raise ApiError(400, f"Local {guard.service} could not do this: {exc}") from exc

    return endpoint


def _fault_json(fault: Fault) -> dict[str, object]:
    return {**asdict(fault), "headers": dict(fault.headers)}


def _moment(value: Any) -> float:
    if not isinstance(value, str):
        return _seconds(value)
    moment = parse_moment(value)
    if moment is None:
        raise ValueError(f"a moment must be a date in ISO 8601, such as 2024-03-05T07:08:09Z (got {value!r})")
    return moment


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"seconds must be a number (got {value!r})")
    return float(value)
