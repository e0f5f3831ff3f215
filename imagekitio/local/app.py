"""The ASGI application: routes of the API, of uploads, of delivery and of control, and how errors are answered."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from . import api_bulk, api_fields, api_files, api_folders, api_metadata, listing
from .auth import authenticate
from .calls import Call
from .control import control_routes
from .delivery import delivery_routes
from .errors import ApiError
from .exchange import Exchange
from .json_values import as_object, read_json
from .multipart import read_form
from .uploads import accept_upload, max_part_bytes

if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Awaitable, Callable, Sequence

    from starlette.requests import Request

    from .calls import Answer, Handler
    from .exchange import SeenRequest
    from .settings import Access
    from .store import Store

    Endpoint = Callable[[Request], Awaitable[Response]]

MAX_JSON_BYTES = 1 << 20  # api.md, chapter 8

# Method, path, handler, the access that a key needs. Fixed paths stand before those with variables.
OPERATIONS: Sequence[tuple[str, str, Handler, Access]] = (
    ("GET", "/v1/files", listing.list_assets, "read"),
    ("POST", "/v1/files/addTags", api_bulk.add_tags, "read-write"),
    ("POST", "/v1/files/removeTags", api_bulk.remove_tags, "read-write"),
    ("POST", "/v1/files/removeAITags", api_bulk.remove_ai_tags, "read-write"),
    ("POST", "/v1/files/batch/deleteByFileIds", api_bulk.delete_files, "read-write"),
    ("POST", "/v1/files/copy", api_files.copy_file, "read-write"),
    ("POST", "/v1/files/move", api_files.move_file, "read-write"),
    ("PUT", "/v1/files/rename", api_files.rename_file, "read-write"),
    ("POST", "/v1/files/purge", api_folders.create_purge, "read-write"),
    ("GET", "/v1/files/purge/{requestId}", api_folders.get_purge, "read"),
    ("GET", "/v1/metadata", api_metadata.by_url, "read"),
    ("GET", "/v1/files/metadata", api_metadata.by_url, "read"),  # as one description of the service has it
    ("GET", "/v1/files/{fileId}/details", api_files.get_details, "read"),
    ("PATCH", "/v1/files/{fileId}/details", api_files.update_details, "read-write"),
    ("GET", "/v1/files/{fileId}/metadata", api_metadata.by_id, "read"),
    ("GET", "/v1/files/{fileId}/versions", api_files.list_versions, "read"),
    ("GET", "/v1/files/{fileId}/versions/{versionId}", api_files.get_version, "read"),
    ("DELETE", "/v1/files/{fileId}/versions/{versionId}", api_files.delete_version, "read-write"),
    ("PUT", "/v1/files/{fileId}/versions/{versionId}/restore", api_files.restore_version, "read-write"),
    ("DELETE", "/v1/files/{fileId}", api_files.delete_file, "read-write"),
    ("POST", "/v1/folder", api_folders.create_folder, "read-write"),
    ("DELETE", "/v1/folder", api_folders.delete_folder, "read-write"),
    ("POST", "/v1/bulkJobs/copyFolder", api_folders.copy_folder, "read-write"),
    ("POST", "/v1/bulkJobs/moveFolder", api_folders.move_folder, "read-write"),
    ("POST", "/v1/bulkJobs/renameFolder", api_folders.rename_folder, "read-write"),
    ("GET", "/v1/bulkJobs/{jobId}", api_folders.get_job, "read"),
    ("POST", "/v1/customMetadataFields", api_fields.create_field, "read-write"),
    ("GET", "/v1/customMetadataFields", api_fields.list_fields, "read"),
    ("PATCH", "/v1/customMetadataFields/{id}", api_fields.update_field, "read-write"),
    ("DELETE", "/v1/customMetadataFields/{id}", api_fields.delete_field, "read-write"),
)
UPLOAD_PATH = "/api/v1/files/upload"


def make_app(store: Store, seen: deque[SeenRequest]) -> Exchange:
    """The application over `store`; `seen` receives what is asked."""
    app = Starlette(
        routes=[
            *(
                Route(path, _endpoint(store, handler, need), methods=[method])
                for method, path, handler, need in OPERATIONS
            ),
            Route(UPLOAD_PATH, _upload_endpoint(store), methods=["POST"]),
            Route(UPLOAD_PATH, _preflight, methods=["OPTIONS"]),
            *control_routes(store, seen),
            *delivery_routes(store, store.settings),
        ],
        exception_handlers={ApiError: _refusal, HTTPException: _http_error, Exception: _failure},
    )
    app.router.redirect_slashes = False
    return Exchange(app, seen)


def _endpoint(store: Store, handler: Handler, need: Access) -> Endpoint:
    def handle(call: Call) -> Answer:
        store.run_due_jobs()
        return handler(store, call)

    async def endpoint(request: Request) -> Response:
        authenticate(request.headers.get("authorization"), store.settings, need=need)
        body = await _read_body(request)
        call = Call(request.path_params, dict(request.query_params), body)
        # SQLite, disk and pictures block; the event loop must not.
        return _json_response(await to_thread.run_sync(handle, call))

    return endpoint


def _upload_endpoint(store: Store) -> Endpoint:
    async def upload(request: Request) -> Response:
        with store.incoming() as part:
            content_type = request.headers.get("content-type", "")
            form = await read_form(content_type, request.stream(), part, max_bytes=max_part_bytes(store.settings))
            authorization = request.headers.get("authorization")
            return _json_response(await to_thread.run_sync(accept_upload, store, authorization, form, part))

    return upload


async def _preflight(request: Request) -> Response:
    headers = {"access-control-allow-methods": "POST, OPTIONS"}
    asked = request.headers.get("access-control-request-headers")
    return Response(status_code=204, headers=headers | ({"access-control-allow-headers": asked} if asked else {}))


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
    return _error_response(exc.status, exc.body())


async def _http_error(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)
    return _error_response(exc.status_code, {"message": exc.detail}, dict(exc.headers or {}))


async def _failure(request: Request, exc: Exception) -> Response:
    # Starlette raises the exception again after this answer; uvicorn logs it with its traceback.
    return _error_response(500, {"message": "Local ImageKit failed; its log says why."})
