"""The control API under ``/_local/``: what tests ask of local ImageKit itself, beyond what the service offers.

For applications in other languages, and those that run in another process; in Python the attributes of
`imagekitio.local.LocalImageKit` do the same. Bodies are JSON objects.

=======================  ==============================================================================================
``GET health``           ``{"status": "ok", "urlEndpoint": …}``
``POST reset``           Forget all data, requests and faults; the real time, the rate limits of the start
``POST seed``            ``{"folder": "/path/on/this/machine"}``: store the files below it, hidden ones excepted;
                         from this machine only
``GET requests``         What was asked: method, path, query, status, operation, at, milliseconds
``DELETE requests``      Forget them
``GET clock``            ``{"now": …}``
``POST clock``           One of ``{"freeze": <moment>}``, ``{"advance": <seconds>}``, ``{"reset": true}``; a moment is
                         ISO 8601, a Unix time in seconds, or null for now
``GET faults``           Those that can still hit
``POST faults``          Add one: the options of `imagekitio.local.web.faults.Fault`, such as
                         ``{"status": 503, "times": 2, "operation": "upload_file"}``
``DELETE faults``        Remove them; ``?seed=7`` starts another sequence of chances
``GET rate-limits``      ``{"limits": [[100, 1.0]]}``: requests, seconds
``PUT rate-limits``      Replace them, by the same form
``GET webhooks``         What was sent to webhooks and callbacks, or will be: members of
                         `imagekitio.local.events.outbox.Outgoing`
``POST webhooks/flush``  Do now what is pending (extensions, transformations after uploads, webhooks); answers like
                         ``GET webhooks`` when all of it is done or was tried once
=======================  ==============================================================================================

All but ``GET health`` needs credentials: the control token, which is new at each start (``Authorization: Bearer …``;
`python -m imagekitio.local` prints it, `LocalImageKit.control_token` has it), or an unrestricted private key like the
API. Seeding reads files of this machine and takes the token only: the private key of a local ImageKit is no secret.
Foreign host names and web pages of other origins are refused.
"""

from __future__ import annotations

import hmac
import ipaddress
import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.responses import JSONResponse
from starlette.routing import Route

from .base.dates import iso_date, parse_moment
from .base.errors import ApiError
from .base.json_values import as_object, read_json
from .base.threads import run_in_thread
from .events.outbox import all_entries
from .uploads.seeding import seed
from .web.addresses import asked_url
from .web.auth import authenticate
from .web.hosts import check_host

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from .background import Background
    from .base.clock import Clock
    from .base.settings import Settings
    from .delivery.traffic import Traffic
    from .events.outbox import Outgoing
    from .library.store import Store
    from .web.exchange import Controls
    from .web.faults import Fault

    Control = Callable[[Request], Awaitable[object]]

_ONLY_WITH_TOKEN = ("seed",)


def control_routes(store: Store, controls: Controls, background: Background, traffic: Traffic) -> list[Route]:
    clock, faults, rate_limits = store.settings.clock, controls.faults, controls.rate_limits

    async def health(request: Request) -> object:
        return {"status": "ok", "urlEndpoint": store.settings.url_endpoints(asked_url(request.scope)).primary}

    async def reset(request: Request) -> object:
        await run_in_thread(reset_all, store, controls, traffic)
        return {}

    async def seed_folder(request: Request) -> object:
        # A proxy on this machine asks for others, and says for whom.
        is_forwarded = any(name in request.headers for name in ("x-forwarded-for", "forwarded"))
        if is_forwarded or request.client is None or not ipaddress.ip_address(request.client.host).is_loopback:
            raise ApiError(403, "Only this machine may seed local ImageKit with its files.")
        folder = (await _body(request)).get("folder")
        if not isinstance(folder, str):
            raise ValueError(f"folder must be the path of a folder (got {folder!r})")
        return {"paths": await run_in_thread(seed, store, Path(folder))}

    async def list_requests(request: Request) -> object:
        return [{**asdict(seen), "at": iso_date(seen.at)} for seen in list(controls.seen)]

    async def forget_requests(request: Request) -> object:
        controls.seen.clear()
        return {}

    async def get_clock(request: Request) -> object:
        return {"now": iso_date(clock.time())}

    async def set_clock(request: Request) -> object:
        change_clock(clock, await _body(request))
        try:
            clock.now()
        except (ValueError, OverflowError, OSError):
            clock.reset()
            raise ValueError("that is no year from 1 to 9999; the real time holds again") from None
        return {"now": iso_date(clock.time())}

    async def list_faults(request: Request) -> object:
        return list(map(_fault_json, faults.list()))

    async def add_fault(request: Request) -> object:
        return _fault_json(faults.add(**await _body(request)))

    async def clear_faults(request: Request) -> object:
        faults.clear(int(request.query_params.get("seed", "0")))
        return {}

    async def get_rate_limits(request: Request) -> object:
        return {"limits": rate_limits.limits}

    async def set_rate_limits(request: Request) -> object:
        limits = (await _body(request)).get("limits")
        if not isinstance(limits, list):
            raise ValueError(f"limits must be a list of pairs of requests and seconds (got {limits!r})")
        rate_limits.set(*limits)
        return {"limits": rate_limits.limits}

    async def list_webhooks(request: Request) -> object:
        return [_outgoing_json(entry) for entry in await run_in_thread(outbox_of, store)]

    async def flush_webhooks(request: Request) -> object:
        await run_in_thread(background.flush)
        return await list_webhooks(request)

    controls_by_path: dict[tuple[str, str], Control] = {
        ("GET", "health"): health,
        ("POST", "reset"): reset,
        ("POST", "seed"): seed_folder,
        ("GET", "requests"): list_requests,
        ("DELETE", "requests"): forget_requests,
        ("GET", "clock"): get_clock,
        ("POST", "clock"): set_clock,
        ("GET", "faults"): list_faults,
        ("POST", "faults"): add_fault,
        ("DELETE", "faults"): clear_faults,
        ("GET", "rate-limits"): get_rate_limits,
        ("PUT", "rate-limits"): set_rate_limits,
        ("GET", "webhooks"): list_webhooks,
        ("POST", "webhooks/flush"): flush_webhooks,
    }
    guard = _Guard(store.settings, controls.token)
    return [
        Route(f"/_local/{path}", _endpoint(control, guard, path), methods=[method])
        for (method, path), control in controls_by_path.items()
    ]


def reset_all(store: Store, controls: Controls, traffic: Traffic) -> None:
    """Forget all data, requests and faults, and go back to the real time and the rate limits of the start."""
    traffic.clear()
    store.reset()
    controls.reset()
    store.settings.clock.reset()


def change_clock(clock: Clock, change: dict[str, Any]) -> None:
    """Apply one change as the control API words it.

    Raises:
        ValueError: `change` is not one of the known forms.
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


class _Guard:
    """Who may control local ImageKit."""

    def __init__(self, settings: Settings, token: str) -> None:
        self._settings, self._token = settings, token
        self._own = [urlsplit(url) for url in {settings.base_url(), settings.address}]

    def check(self, headers: Mapping[str, str], path: str) -> None:
        """Let a call to the control at `path` pass.

        Raises:
            ApiError: 401 without credentials, 403 with wrong ones, under a foreign name or from a foreign page.
        """
        if path == "health":  # for whoever watches containers; it shows no secret
            return
        check_host(headers, {each.hostname for each in self._own})
        if "origin" in headers and headers["origin"] not in {f"{each.scheme}://{each.netloc}" for each in self._own}:
            raise ApiError(403, "Web pages may not control local ImageKit.")
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            if not hmac.compare_digest(given.strip().encode(), self._token.encode()):
                raise ApiError(403, "This is not the control token of this start of local ImageKit.")
        elif path in _ONLY_WITH_TOKEN:
            raise ApiError(401, f"/_local/{path} needs the control token that local ImageKit has printed at its start.")
        else:
            authenticate(headers.get("authorization"), self._settings, need="standard")


def _endpoint(control: Control, guard: _Guard, path: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        guard.check(request.headers, path)
        try:
            return JSONResponse(await control(request))
        except (ValueError, TypeError, OverflowError, OSError) as exc:
            raise ApiError(400, f"Local ImageKit could not do this: {exc}") from exc

    return endpoint


async def _body(request: Request) -> dict[str, Any]:
    body = as_object(read_json(await request.body()))
    if body is None:
        raise ValueError("the body must be a JSON object")
    return body


def outbox_of(store: Store) -> list[Outgoing]:
    """What was sent to webhooks and callbacks, or will be, the oldest first."""
    with store.read() as connection:
        return all_entries(connection)


def _outgoing_json(entry: Outgoing) -> dict[str, object]:
    next_try = None if entry.next_try_at is None else iso_date(entry.next_try_at)
    return {
        "number": entry.number,
        "eventId": entry.event_id,
        "type": entry.type,
        "endpoint": entry.endpoint,
        "status": entry.status,
        "attempts": entry.attempts,
        "outcome": entry.outcome,
        "createdAt": iso_date(entry.created_at),
        "nextTryAt": next_try,
        "body": entry.body,
    }


def _fault_json(fault: Fault) -> dict[str, object]:
    return {**asdict(fault), "headers": dict(fault.headers)}


def _moment(value: Any) -> float:
    if not isinstance(value, str):
        return _seconds(value)
    moment = parse_moment(value)
    if moment is None:
        raise ValueError(f"a moment is a date in ISO 8601, such as 2024-03-05T07:08:09Z (got {value!r})")
    return moment


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"seconds must be a number (got {value!r})")
    return float(value)
