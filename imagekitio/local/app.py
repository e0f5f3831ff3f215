"""The ASGI application: the routes of the API, uploads, delivery and the control API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .api import bulk, fields, files, folders, listing, metadata, purges, usage
from .api.presets.named_transformations import NAMED_TRANSFORMATIONS
from .api.presets.origins import ORIGINS
from .api.presets.saved_extensions import SAVED_EXTENSIONS
from .api.presets.url_endpoints import URL_ENDPOINTS
from .api.presets.webhooks import WEBHOOKS
from .base.threads import run_in_thread
from .control.imagekit import imagekit_control_routes
from .delivery.lazy import LazyDelivery
from .page import Journal, page_routes
from .uploads.accept import accept_upload, max_part_bytes
from .uploads.form import read_form
from .web.addresses import ForwardedAddress, request_url
from .web.answers import json_response, read_body
from .web.auth import authenticate
from .web.calls import Answer, Call
from .web.exchange import Exchange
from .web.failures import exception_handlers
from .web.imagekit import REQUEST_ID
from .web.operations import OPERATIONS
from .web.routing import ApiRoutes

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from starlette.requests import Request
    from starlette.types import ASGIApp

    from .api.presets.collection import Collection
    from .background import Background
    from .base.settings import Settings
    from .delivery.traffic import Traffic
    from .library.store import Store
    from .storage.contents import Incoming
    from .uploads.accept import Version
    from .uploads.form import Form
    from .web.exchange import Controls
    from .web.operations import Operation
    from .web.ratelimit import RateLimits
    from .web.site import Site

    Endpoint = Callable[[Request], Awaitable[Response]]

Handler = Callable[["Store", Call], Answer]


def _collection(name: str, collection: Collection) -> dict[str, Handler]:
    return {
        f"create_{name}": collection.create,
        f"list_{name}s": collection.list,
        f"get_{name}": collection.get,
        f"update_{name}": collection.update,
        f"delete_{name}": collection.delete,
    }


# By the operation's name; `imagekitio.local.web.operations` has the paths and methods.
HANDLERS: Mapping[str, Handler] = {
    "list_files": listing.list_assets,
    "get_purge_file_cache_status": purges.get_purge,
    "get_file_details": files.get_details,
    "get_file_versions": files.list_versions,
    "get_file_version_details": files.get_version,
    "update_file_details": files.update_details,
    "delete_file": files.delete_file,
    "delete_file_version": files.delete_version,
    "restore_file_version": files.restore_version,
    "add_tags": bulk.add_tags,
    "remove_tags": bulk.remove_tags,
    "remove_ai_tags": bulk.remove_ai_tags,
    "bulk_file_delete": bulk.delete_files,
    "copy_file": files.copy_file,
    "move_file": files.move_file,
    "rename_file": files.rename_file,
    "create_folder": folders.create_folder,
    "delete_folder": folders.delete_folder,
    "copy_folder": folders.copy_folder,
    "move_folder": folders.move_folder,
    "rename_folder": folders.rename_folder,
    "get_bulk_job_status": folders.get_job,
    "purge_file_cache": purges.create_purge,
    "get_file_metadata": metadata.by_id,
    "get_remote_file_url_metadata": metadata.by_url,
    "create_custom_metadata_fields": fields.create_field,
    "get_custom_metadata_fields": fields.list_fields,
    "update_custom_metadata_fields": fields.update_field,
    "delete_custom_metadata_field": fields.delete_field,
    **_collection("origin", ORIGINS),
    **_collection("url_endpoint", URL_ENDPOINTS),
    **_collection("webhook", WEBHOOKS),
    **_collection("saved_extension", SAVED_EXTENSIONS),
    **_collection("named_transformation", NAMED_TRANSFORMATIONS),
}
USAGE: Mapping[str, Callable[[Store, Call, Traffic], Answer]] = {
    "get_usage": usage.get_usage,
    "get_usage_analytics": usage.get_analytics,
}
UPLOADS: Mapping[str, Version] = {"upload_file": "v1", "upload_file_v2": "v2"}


def make_app(
    store: Store, site: Site, controls: Controls[RateLimits], background: Background, traffic: Traffic
) -> ASGIApp:
    """Return the application for `store`.

    Args:
        site: The rules of ImageKit's HTTP responses.
        controls: Faults to inject, rate limits, and the list that records requests.
        background: Background work on the same store.
        traffic: Counter of deliveries.
    """
    journal = Journal()
    handlers = {**HANDLERS, **{name: _with_traffic(handler, traffic) for name, handler in USAGE.items()}}
    endpoints = {
        operation.name: _endpoint(store, handlers[operation.name], operation, controls.rate_limits)
        for operation in OPERATIONS
        if operation.name in handlers
    }
    uploads = {name: _upload_endpoint(store, version) for name, version in UPLOADS.items()}
    app = Starlette(
        routes=[
            ApiRoutes({**endpoints, **uploads}),
            Route("/openapi.json", _openapi(store.settings), methods=["GET"]),
            *imagekit_control_routes(store, site, controls, background, traffic),
            *page_routes(store.settings, journal),
            Route(f"/{store.settings.imagekit_id}/{{path:path}}", LazyDelivery(partial(_load_delivery, store))),
        ],
        exception_handlers=exception_handlers(site),
    )
    app.router.redirect_slashes = False
    listeners = [controls.note, journal.note, traffic.note]
    exchange = Exchange(app, site, store.settings.clock, controls.faults, listeners)
    return ForwardedAddress(exchange) if store.settings.trust_forwarded else exchange


def _with_traffic(handler: Callable[[Store, Call, Traffic], Answer], traffic: Traffic) -> Handler:
    return lambda store, call: handler(store, call, traffic)


def _endpoint(store: Store, handler: Handler, operation: Operation, rate_limits: RateLimits) -> Endpoint:
    def handle(call: Call) -> Answer:
        store.run_due_jobs()
        return handler(store, call)

    async def endpoint(request: Request) -> Response:
        authenticate(request.headers.get("authorization"), store.settings, need=operation.access)
        rate_limit_headers = rate_limits.count(operation.name)
        body = await read_body(request)
        endpoints = store.settings.url_endpoints(request_url(request.scope))
        call = Call(request.path_params, dict(request.query_params), body, endpoints)
        # SQLite, the disk and pictures block; the event loop must not.
        response = json_response(await run_in_thread(handle, call))
        response.headers.update(rate_limit_headers)
        return response

    return endpoint


def _upload_endpoint(store: Store, version: Version) -> Endpoint:
    def accept(form: Form, part: Incoming, request: Request) -> Answer:
        with part:  # removes the file here, in the thread, unless it is kept
            return accept_upload(
                store,
                form,
                part,
                version=version,
                authorization=request.headers.get("authorization"),
                request_id=request.scope["state"][REQUEST_ID],
                endpoints=store.settings.url_endpoints(request_url(request.scope)),
            )

    async def upload(request: Request) -> Response:
        with store.incoming() as part:
            content_type = request.headers.get("content-type", "")
            form = await read_form(content_type, request.stream(), part, max_bytes=max_part_bytes(store.settings))
            return json_response(await run_in_thread(accept, form, part, request))

    return upload


def _load_delivery(store: Store) -> Endpoint:
    from .delivery.route import delivery_endpoint

    return delivery_endpoint(store, store.settings)


def _openapi(settings: Settings) -> Endpoint:
    """Return the endpoint of the API's description, which needs no key."""

    async def openapi(request: Request) -> Response:
        # Loaded on demand: the schemas would make every start slower.
        from .openapi import make_document

        document = make_document(settings.base_url(request_url(request.scope)))
        return JSONResponse(document, headers={"access-control-allow-origin": "*"})

    return openapi
