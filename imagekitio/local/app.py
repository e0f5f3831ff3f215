"""The ASGI application: routes of the API, of uploads, of delivery and of control, and how errors are answered."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match, Route

from .api import bulk, fields, files, folders, listing, metadata, usage
from .api.presets.named_transformations import NAMED_TRANSFORMATIONS
from .api.presets.origins import ORIGINS
from .api.presets.saved_extensions import SAVED_EXTENSIONS
from .api.presets.url_endpoints import URL_ENDPOINTS
from .api.presets.webhooks import WEBHOOKS
from .base.errors import ApiError
from .base.json_values import as_object, read_json
from .control import control_routes
from .delivery.traffic import MeteredDelivery
from .page import Journal, page_routes
from .uploads.accept import accept_upload, max_part_bytes
from .uploads.form import read_form
from .web.addresses import ForwardedAddress, asked_url
from .web.auth import authenticate
from .web.calls import Call
from .web.exchange import REQUEST_ID, Exchange
from .web.routing import ApiRoutes

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from starlette.types import ASGIApp, Receive, Scope, Send

    from .api.presets.collection import Collection
    from .background import Background
    from .base.settings import Access, Settings
    from .library.store import Store
    from .storage.contents import Incoming
    from .uploads.accept import Version
    from .uploads.form import Form
    from .web.calls import Answer, Handler
    from .web.exchange import Controls
    from .web.ratelimit import RateLimits

    Endpoint = Callable[[Request], Awaitable[Response]]

MAX_JSON_BYTES = 1 << 20  # api.md, chapter 8


def _collection(path: str, collection: Collection, update_method: str) -> list[tuple[str, str, Handler, Access]]:
    return [
        ("POST", path, collection.create, "standard"),
        ("GET", path, collection.list, "standard"),
        ("GET", f"{path}/{{id}}", collection.get, "standard"),
        (update_method, f"{path}/{{id}}", collection.update, "standard"),
        ("DELETE", f"{path}/{{id}}", collection.delete, "standard"),
    ]


# Method, path, handler, the access that a key needs. Fixed paths stand before those with variables.
OPERATIONS: Sequence[tuple[str, str, Handler, Access]] = (
    ("GET", "/v1/files", listing.list_assets, "read"),
    ("POST", "/v1/files/addTags", bulk.add_tags, "read-write"),
    ("POST", "/v1/files/removeTags", bulk.remove_tags, "read-write"),
    ("POST", "/v1/files/removeAITags", bulk.remove_ai_tags, "read-write"),
    ("POST", "/v1/files/batch/deleteByFileIds", bulk.delete_files, "read-write"),
    ("POST", "/v1/files/copy", files.copy_file, "read-write"),
    ("POST", "/v1/files/move", files.move_file, "read-write"),
    ("PUT", "/v1/files/rename", files.rename_file, "read-write"),
    ("POST", "/v1/files/purge", folders.create_purge, "read-write"),
    ("GET", "/v1/files/purge/{requestId}", folders.get_purge, "read"),
    ("GET", "/v1/metadata", metadata.by_url, "read"),
    ("GET", "/v1/files/metadata", metadata.by_url, "read"),  # as one description of the service has it
    ("GET", "/v1/files/{fileId}/details", files.get_details, "read"),
    ("PATCH", "/v1/files/{fileId}/details", files.update_details, "read-write"),
    ("GET", "/v1/files/{fileId}/metadata", metadata.by_id, "read"),
    ("GET", "/v1/files/{fileId}/versions", files.list_versions, "read"),
    ("GET", "/v1/files/{fileId}/versions/{versionId}", files.get_version, "read"),
    ("DELETE", "/v1/files/{fileId}/versions/{versionId}", files.delete_version, "read-write"),
    ("PUT", "/v1/files/{fileId}/versions/{versionId}/restore", files.restore_version, "read-write"),
    ("DELETE", "/v1/files/{fileId}", files.delete_file, "read-write"),
    ("POST", "/v1/folder", folders.create_folder, "read-write"),
    ("DELETE", "/v1/folder", folders.delete_folder, "read-write"),
    ("POST", "/v1/bulkJobs/copyFolder", folders.copy_folder, "read-write"),
    ("POST", "/v1/bulkJobs/moveFolder", folders.move_folder, "read-write"),
    ("POST", "/v1/bulkJobs/renameFolder", folders.rename_folder, "read-write"),
    ("GET", "/v1/bulkJobs/{jobId}", folders.get_job, "read"),
    ("POST", "/v1/customMetadataFields", fields.create_field, "read-write"),
    ("GET", "/v1/customMetadataFields", fields.list_fields, "read"),
    ("PATCH", "/v1/customMetadataFields/{id}", fields.update_field, "read-write"),
    ("DELETE", "/v1/customMetadataFields/{id}", fields.delete_field, "read-write"),
    ("GET", "/v1/accounts/usage", usage.get_usage, "standard"),
    ("GET", "/v1/accounts/usage-analytics", usage.get_analytics, "standard"),
    *_collection("/v1/accounts/origins", ORIGINS, "PUT"),
    *_collection("/v1/accounts/url-endpoints", URL_ENDPOINTS, "PUT"),
    *_collection("/v1/accounts/webhooks", WEBHOOKS, "PATCH"),
    *_collection("/v1/saved-extensions", SAVED_EXTENSIONS, "PATCH"),
    *_collection("/v1/named-transformations", NAMED_TRANSFORMATIONS, "PATCH"),
)
UPLOAD_PATHS: Sequence[tuple[str, Version]] = (("/api/v1/files/upload", "v1"), ("/api/v2/files/upload", "v2"))


def make_app(store: Store, controls: Controls, background: Background) -> ASGIApp:
    """The application over `store`.

    Args:
        controls: Say what goes wrong on purpose, and receive what is asked.
        background: Works on the same store.
    """
    journal = Journal()
    app = Starlette(
        routes=[
            ApiRoutes(
                [
                    *(
                        (method, path, _endpoint(store, handler, need, controls.rate_limits))
                        for method, path, handler, need in OPERATIONS
                    ),
                    *(("POST", path, _upload_endpoint(store, version)) for path, version in UPLOAD_PATHS),
                    *(("OPTIONS", path, _preflight) for path, _ in UPLOAD_PATHS),
                ]
            ),
            Route("/openapi.json", _openapi(store.settings), methods=["GET"]),
            *control_routes(store, controls, background),
            *page_routes(store.settings, journal),
            Route(f"/{store.settings.imagekit_id}/{{path:path}}", _AnyMethod(_delivery(store))),
        ],
        exception_handlers={
            ApiError: _refusal,
            HTTPException: _http_error,
            ClientDisconnect: _note_departure,
            Exception: _failure,
        },
    )
    app.router.redirect_slashes = False
    watched = journal.watching(Exchange(MeteredDelivery(app, store), store.settings, controls))
    return ForwardedAddress(watched) if store.settings.trust_forwarded else watched


def _endpoint(store: Store, handler: Handler, need: Access, rate_limits: RateLimits) -> Endpoint:
    def handle(call: Call) -> Answer:
        store.run_due_jobs()
        return handler(store, call)

    async def endpoint(request: Request) -> Response:
        authenticate(request.headers.get("authorization"), store.settings, need=need)
        rate_limit_headers = rate_limits.count(handler)
        body = await _read_body(request)
        endpoints = store.settings.url_endpoints(asked_url(request.scope))
        call = Call(request.path_params, dict(request.query_params), body, endpoints)
        # SQLite, disk and pictures block; the event loop must not.
        response = _json_response(await to_thread.run_sync(handle, call))
        response.headers.update(rate_limit_headers)
        return response

    return endpoint


def _upload_endpoint(store: Store, version: Version) -> Endpoint:
    def accept(form: Form, part: Incoming, request: Request) -> Answer:
        return accept_upload(
            store,
            form,
            part,
            version=version,
            authorization=request.headers.get("authorization"),
            request_id=request.scope["state"][REQUEST_ID],
            endpoints=store.settings.url_endpoints(asked_url(request.scope)),
        )

    async def upload(request: Request) -> Response:
        with store.incoming() as part:
            content_type = request.headers.get("content-type", "")
            form = await read_form(content_type, request.stream(), part, max_bytes=max_part_bytes(store.settings))
            return _json_response(await to_thread.run_sync(accept, form, part, request))

    return upload


def _delivery(store: Store) -> Endpoint:
    loaded: list[Endpoint] = []

    def load() -> Endpoint:
        # Not before the first request for a file: rendering takes longer to load than all the rest, and most tests of
        # applications render nothing.
        from .delivery.route import delivery_endpoint

        return delivery_endpoint(store, store.settings)

    async def deliver(request: Request) -> Response:
        if not loaded:
            loaded.append(await to_thread.run_sync(load))
        return await loaded[0](request)

    return deliver


class _AnyMethod:
    """An endpoint that refuses methods in words of its own; Starlette would answer for a function."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._endpoint(Request(scope, receive, send))
        await response(scope, receive, send)


async def _preflight(request: Request) -> Response:
    headers = {"access-control-allow-methods": "POST, OPTIONS"}
    asked = request.headers.get("access-control-request-headers")
    return Response(status_code=204, headers=headers | ({"access-control-allow-headers": asked} if asked else {}))


def _openapi(settings: Settings) -> Endpoint:
    """What the API offers, for tools and people without a key."""

    async def openapi(request: Request) -> Response:
        # Loaded when somebody asks: the schemas of everything would make every start slower.
        from .openapi import make_document

        routes = [*((method, path) for method, path, _, _ in OPERATIONS), *(("POST", path) for path, _ in UPLOAD_PATHS)]
        document = make_document(routes, settings.base_url(asked_url(request.scope)))
        return JSONResponse(document, headers={"access-control-allow-origin": "*"})

    return openapi


async def _read_body(request: Request) -> dict[str, Any]:
    """The body as an object; an empty one is an empty object."""
    raw = bytearray()
    is_too_long = False
    async for chunk in request.stream():  # to its end, so that the client gets to see the answer
        is_too_long = is_too_long or len(raw) + len(chunk) > MAX_JSON_BYTES
        if not is_too_long:
            raw += chunk
    if is_too_long:
        raise ApiError(413, f"The body of your request is larger than {MAX_JSON_BYTES} bytes.")
    if not raw.strip():
        return {}
    try:
        body = as_object(read_json(raw))
    except ValueError:
        body = None
    if body is None:
        raise ApiError(400, "Your request contains invalid JSON.")
    return body


def _json_response(answer: Answer) -> Response:
    if answer.body is None:
        return Response(status_code=answer.status)
    content = json.dumps(answer.body, ensure_ascii=False, separators=(",", ":")).encode()
    etag = f'W/"{hashlib.sha1(content, usedforsecurity=False).hexdigest()}"'
    return Response(content, answer.status, {"etag": etag}, "application/json; charset=utf-8")


def _error_response(status: int, body: dict[str, object], headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(body), status, headers, "application/json; charset=utf-8")


async def _refusal(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, ApiError)
    return _error_response(exc.status, exc.body(), dict(exc.headers))


async def _http_error(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)
    headers = dict(exc.headers or {})
    if exc.status_code == 405:
        # Each method of a path is a route of its own; Starlette names those of the first.
        routes = (route for route in request.app.routes if isinstance(route, Route))
        fitting = [route for route in routes if route.matches(request.scope)[0] is not Match.NONE]
        if fitting:
            headers["Allow"] = ", ".join(sorted({method for route in fitting for method in route.methods or ()}))
    return _error_response(exc.status_code, {"message": exc.detail}, headers)


async def _note_departure(request: Request, exc: Exception) -> Response:
    """Answer a client that left in the middle of its request: nobody reads that, but it is not a failure to log."""
    return Response(status_code=400)


async def _failure(request: Request, exc: Exception) -> Response:
    # Starlette raises the exception again after this answer; uvicorn logs it with its traceback.
    return _error_response(500, {"message": "Local ImageKit failed; its log says why."})
