"""The ASGI application of local img-src: the routes of the API, uploads, delivery and the control API."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, get_args

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..base.addresses import UrlEndpoints
from ..base.errors import ApiError
from ..base.threads import run_in_thread
from ..control.guard import Guard
from ..control.routes import control_routes
from ..delivery.lazy import LazyDelivery
from ..uploads.form import read_form
from ..web.addresses import ForwardedAddress, request_url
from ..web.answers import json_response, read_body
from ..web.calls import Answer, Call
from ..web.exchange import Exchange
from ..web.failures import exception_handlers
from ..web.routing import ApiRoutes
from .api import images, presets, usage
from .api import settings as account_settings
from .api.auth import authenticate, check_access
from .api.present import write_time
from .api.uploads import accept_upload
from .limits.quotas import check_monthly
from .operations import OPERATIONS
from .settings import KeyScope
from .site import API_PREFIX, HEALTH_PATH
from .usage import find_limit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ..base.clock import Clock
    from ..storage.contents import Incoming
    from ..uploads.form import Form
    from ..web.exchange import Controls
    from ..web.site import Site
    from .limits.meter import Meter
    from .limits.ratelimit import KeyLimits
    from .operations import Operation
    from .store import ImgsrcStore
    from .usage import Name

    Endpoint = Callable[[Request], Awaitable[Response]]
    Handler = Callable[[ImgsrcStore, Call], Answer]

# By the operation's name; `imagekitio.local.imgsrc.operations` has the paths and methods.
HANDLERS: Mapping[str, Handler] = {
    "images.list_images": images.list_images,
    "images.search_images": images.search_images,
    "images.get_image": images.get_image,
    "images.delete_image": images.delete_image,
    "images.create_signed_url": images.create_signed_url,
    "images.update_visibility": images.update_visibility,
    "images.delete_image_path": images.delete_image_path,
    "presets.list_presets": presets.list_presets,
    "presets.create_preset": presets.create_preset,
    "presets.get_preset": presets.get_preset,
    "presets.update_preset": presets.update_preset,
    "presets.delete_preset": presets.delete_preset,
    "settings.get_settings": account_settings.get_settings,
    "settings.update_settings": account_settings.update_settings,
}
UPLOAD = "images.upload_image"
USAGE = "usage.get_usage"


def make_app(store: ImgsrcStore, site: Site, controls: Controls[KeyLimits], meter: Meter) -> ASGIApp:
    """Return the application for `store`.

    Args:
        site: The rules of img-src's HTTP responses.
        controls: Faults to inject, rate limits, and the list that records requests.
        meter: Counter of the month's usage.
    """
    settings, limits = store.settings, controls.rate_limits
    gate = _Gate(store, limits, meter)
    delivery = LazyDelivery(partial(_load_delivery, store, gate))
    handlers: Mapping[str, Handler] = {**HANDLERS, USAGE: partial(usage.get_usage, meter=meter)}
    work = {name: _call(store, handler) for name, handler in handlers.items()} | {UPLOAD: _upload(store)}
    app = Starlette(
        routes=[
            ApiRoutes({operation.name: gate.guard(operation, work[operation.name]) for operation in OPERATIONS}),
            Route(HEALTH_PATH, _health(settings.clock), methods=["GET"]),
            *_control_routes(store, site, controls, meter),
            *(Route(f"{prefix}/{{path:path}}", delivery) for prefix in ("/i", f"/{settings.username}")),
        ],
        exception_handlers=exception_handlers(site),
    )
    app.router.redirect_slashes = False
    with_headers = _LimitHeaders(app, limits)
    exchange = Exchange(with_headers, site, settings.clock, controls.faults, [controls.note, meter.note])
    return ForwardedAddress(exchange) if settings.trust_forwarded else exchange


def reset_all(store: ImgsrcStore, controls: Controls[KeyLimits], meter: Meter) -> None:
    """Delete all data, requests and faults, and restore the real time and the initial rate limit."""
    meter.clear()
    controls.reset()
    store.settings.clock.reset()  # before the account is created again
    store.reset()


def _control_routes(store: ImgsrcStore, site: Site, controls: Controls[KeyLimits], meter: Meter) -> list[Route]:
    settings = store.settings

    def authorize(authorization: str | None) -> None:
        key = authenticate(authorization, settings)
        if {*key.scopes} != {*get_args(KeyScope)}:
            raise ApiError(403, "The control API needs the control token, or an API key with all scopes.")

    def describe(request: Request) -> Mapping[str, object]:
        return {"deliveryUrl": settings.delivery_url(request_url(request.scope))}

    guard = Guard(site.service, controls.token, {settings.base_url(), settings.address}, authorize)
    reset = partial(reset_all, store, controls, meter)
    return control_routes(guard, controls, settings.clock, reset=reset, describe=describe, more={})


class _Gate:
    """The check of keys, rate limits and quotas before an operation."""

    def __init__(self, store: ImgsrcStore, limits: KeyLimits, meter: Meter) -> None:
        self._store, self._settings, self._limits, self._meter = store, store.settings, limits, meter

    def guard(self, operation: Operation, work: Endpoint) -> Endpoint:
        """Return an endpoint that runs `work` if the request is admitted."""

        async def endpoint(request: Request) -> Response:
            headers: Mapping[str, str] = {}
            is_admitted = False
            try:
                key = authenticate(request.headers.get("authorization"), self._settings)
                headers = self._limits.count(key.key)
                check_access(key, operation, self._settings)
                await self.check_month("api_requests")
                is_admitted = True
                response = await work(request)
            except ApiError as exc:
                if not is_admitted:
                    await _drain(request)
                exc.headers = {**headers, **exc.headers}
                raise
            response.headers.update(headers)
            return response

        return endpoint

    async def check_month(self, name: Name) -> None:
        """Refuse a request if the month's quota `name` is used up."""

        def check() -> None:
            self._meter.flush()
            with self._store.read() as connection:
                check_monthly(connection, self._settings, self._settings.clock.time(), name)

        if find_limit(self._settings.limits, name) is not None:
            await run_in_thread(check)


def _call(store: ImgsrcStore, handler: Handler) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        body = await read_body(request)
        call = Call(request.path_params, dict(request.query_params), body, UrlEndpoints(_delivery_root(store, request)))
        # SQLite blocks; the event loop must not.
        return json_response(await run_in_thread(handler, store, call))

    return endpoint


def _upload(store: ImgsrcStore) -> Endpoint:
    def accept(form: Form, content: Incoming, root: str) -> Answer:
        with content:  # removes the file here, in the thread, unless it is kept
            return accept_upload(store, form, content, root)

    async def endpoint(request: Request) -> Response:
        with store.incoming() as content:
            content_type = request.headers.get("content-type", "")
            form = await read_form(content_type, request.stream(), content, max_bytes=store.settings.max_upload_bytes)
            return json_response(await run_in_thread(accept, form, content, _delivery_root(store, request)))

    return endpoint


def _load_delivery(store: ImgsrcStore, gate: _Gate) -> Endpoint:
    from .delivery.route import delivery_endpoint

    deliver = delivery_endpoint(store, store.settings)

    async def endpoint(request: Request) -> Response:
        await gate.check_month("bandwidth_bytes")
        return await deliver(request)

    return endpoint


def _health(clock: Clock) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        return JSONResponse({"status": "ok", "timestamp": write_time(clock.time())})

    return endpoint


class _LimitHeaders:
    """Adds the headers of the rate limit to responses of the API for requests that were not admitted."""

    def __init__(self, app: ASGIApp, limits: KeyLimits) -> None:
        self._app, self._limits = app, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not scope["path"].startswith(API_PREFIX):
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, text in self._limits.describe().items():
                    headers.setdefault(name, text)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _delivery_root(store: ImgsrcStore, request: Request) -> str:
    """Return the start of the account's delivery URLs, with the address that the client uses for this server."""
    return f"{store.settings.delivery_url(request_url(request.scope))}/{store.settings.username}"


async def _drain(request: Request) -> None:
    """Read a body to its end, so that the client can receive the response."""
    async for _ in request.stream():
        pass
