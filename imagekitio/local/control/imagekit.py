"""The control API of local ImageKit: the common routes, seeding and webhooks."""

from __future__ import annotations

import ipaddress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..base.dates import iso_date
from ..base.errors import ApiError
from ..base.threads import run_in_thread
from ..events.outbox import list_entries
from ..uploads.seeding import seed
from ..web.addresses import request_url
from ..web.auth import authenticate
from .guard import Guard, wrong_token
from .routes import control_routes, read_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.routing import Route

    from ..background import Background
    from ..base.settings import Settings
    from ..delivery.traffic import Traffic
    from ..events.outbox import Outgoing
    from ..library.store import Store
    from ..web.exchange import Controls
    from ..web.ratelimit import RateLimits
    from ..web.site import Site


def imagekit_control_routes(
    store: Store, site: Site, controls: Controls[RateLimits], background: Background, traffic: Traffic
) -> list[Route]:
    """Return the routes of the control API of local ImageKit."""
    settings = store.settings

    def describe(request: Request) -> Mapping[str, object]:
        return {"urlEndpoint": settings.url_endpoints(request_url(request.scope)).primary}

    async def seed_folder(request: Request) -> object:
        # Behind a proxy on this machine, the request may come from another one.
        is_forwarded = any(name in request.headers for name in ("x-forwarded-for", "forwarded"))
        if is_forwarded or request.client is None or not ipaddress.ip_address(request.client.host).is_loopback:
            raise ApiError(403, "Local ImageKit can be seeded only from the machine it runs on.")
        folder = (await read_object(request)).get("folder")
        if not isinstance(folder, str):
            raise ValueError(f"folder must be the path of a folder (got {folder!r})")
        return {"paths": await run_in_thread(seed, store, Path(folder))}

    async def list_webhooks(request: Request) -> object:
        return [_outgoing_json(entry) for entry in await run_in_thread(outbox_of, store)]

    async def flush_webhooks(request: Request) -> object:
        await run_in_thread(background.flush)
        return await list_webhooks(request)

    return control_routes(
        Guard(
            site.service,
            controls.token,
            {settings.base_url(), settings.address},
            partial(_authorize, site.service, settings),
            only_with_token=("seed",),
        ),
        controls,
        settings.clock,
        reset=partial(reset_all, store, controls, traffic),
        describe=describe,
        more={
            ("POST", "seed"): seed_folder,
            ("GET", "webhooks"): list_webhooks,
            ("POST", "webhooks/flush"): flush_webhooks,
        },
    )


def reset_all(store: Store, controls: Controls[RateLimits], traffic: Traffic) -> None:
    """Delete all data, requests and faults, and restore the real time and the initial rate limits."""
    traffic.clear()
    store.reset()
    controls.reset()
    store.settings.clock.reset()


def outbox_of(store: Store) -> list[Outgoing]:
    """Return everything that was or will be sent to webhooks and callbacks, oldest first."""
    with store.read() as connection:
        return list_entries(connection)


def _authorize(service: str, settings: Settings, authorization: str | None) -> None:
    if (authorization or "").partition(" ")[0].lower() == "bearer":
        raise wrong_token(service)
    authenticate(authorization, settings, need="standard")


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
