"""The routes of the page: its HTML at ``/``, and its other resources below ``/_local/page/``.

``GET static/{name}`` returns its files. All others need its token (`PageSession.check`): ``POST link`` makes a URL,
``GET requests`` returns the latest requests, ``GET connection`` the lines that point an application at this server, and
``api/…`` calls the API with the first key pair of the server.
"""

from __future__ import annotations

import base64
import html
import secrets
import uuid
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from ..base.errors import ApiError
from ..base.json_values import as_object, read_json
from ..base.names import canonical_path
from ..web.addresses import request_url
from ..web.calls import Call, body_flag, body_text, check_missing
from ..web.imagekit import API_PREFIXES, REQUEST_ID
from ..web.operations import find_route
from ..web.routing import ROUTE
from .connection import write_connection
from .session import PageSession

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from ..base.settings import Settings
    from .journal import Journal

PREFIX = "/_local/page"
STATIC = Path(__file__).parent / "static"
# Fixed here: the media types of the operating system must not decide whether a browser runs a file.
_MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

_OWN_FILES = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def content_security_policy(nonce: str) -> str:
    """Return the policy of the page: only its own scripts and styles, only files and requests of this server."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{nonce}'",
            f"style-src 'nonce-{nonce}'",
            "img-src 'self' blob:",
            "media-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def page_routes(settings: Settings, journal: Journal) -> list[Route]:
    """Return the routes of the page, which shows the entries of `journal`."""
    session = PageSession(settings.base_url(), settings.address)

    async def page(request: Request) -> Response:
        session.check_host(request.headers)
        nonce = secrets.token_urlsafe(16)
        template = Template((STATIC / "index.html").read_text(encoding="utf-8"))
        content = template.substitute(
            nonce=nonce,
            token=session.token,
            modules=_preloads(nonce),
            endpoint=html.escape(settings.url_endpoints(request_url(request.scope)).primary),
            delivery=f"/{settings.imagekit_id}",
        )
        headers = {
            **_OWN_FILES,
            "Cache-Control": "no-store",  # it contains the token and the nonce
            "Content-Security-Policy": content_security_policy(nonce),
            "Cross-Origin-Opener-Policy": "same-origin",
            "Referrer-Policy": "same-origin",
            "X-Frame-Options": "DENY",
        }
        return HTMLResponse(content, headers=headers)

    async def static(request: Request) -> Response:
        name = request.path_params["name"]
        files = {path.name: path for path in STATIC.iterdir() if path.suffix in _MEDIA_TYPES}
        if name not in files:
            raise ApiError(404, f"The page has no file {name!r}.")
        return FileResponse(files[name], headers=_OWN_FILES, media_type=_MEDIA_TYPES[files[name].suffix])

    async def link(request: Request) -> Response:
        session.check(request.headers)
        return JSONResponse(_link(settings, await request.body(), request_url(request.scope))._asdict())

    async def requests(request: Request) -> Response:
        session.check(request.headers)
        after = request.query_params.get("after", "")
        return JSONResponse([entry._asdict() for entry in journal.after(int(after) if after.isdecimal() else 0)])

    async def connection(request: Request) -> Response:
        session.check(request.headers)
        return JSONResponse(write_connection(settings, request_url(request.scope)))

    return [
        Route("/", page, methods=["GET"]),
        Route(f"{PREFIX}/static/{{name}}", static, methods=["GET"]),
        Route(f"{PREFIX}/link", link, methods=["POST"]),
        Route(f"{PREFIX}/requests", requests, methods=["GET"]),
        Route(f"{PREFIX}/connection", connection, methods=["GET"]),
        Route(f"{PREFIX}/api/{{path:path}}", _Gateway(session, settings)),
    ]


def _preloads(nonce: str) -> str:
    """Return links to all modules, so that the browser loads them in parallel rather than import by import."""
    names = sorted(path.name for path in STATIC.glob("*.js"))
    return "".join(f'<link rel="modulepreload" href="{PREFIX}/static/{name}" nonce="{nonce}">' for name in names)


def _link(settings: Settings, body: bytes, page_url: str | None) -> Any:
    """Return the link for a JSON body with ``path``, ``steps``, ``signed``, ``expireSeconds`` and ``position``."""
    from .links import make_link  # loads the URL builder, so only when it is needed

    try:
        call = Call(body=as_object(read_json(body)) or {})
        check_missing(call, "path")
        expire = call.body.get("expireSeconds")
        if not (expire is None or type(expire) is int):
            raise ValueError(f"expireSeconds must be a whole number of seconds (got {expire!r})")
        return make_link(
            settings,
            canonical_path(body_text(call, "path")),
            body_text(call, "steps") if call.body.get("steps") else "",
            signed=body_flag(call, "signed"),
            expire_seconds=expire,
            position=call.body.get("position") or "path",
            request_url=page_url,
        )
    except ValueError as exc:
        raise ApiError(400, f"No URL can be made from these options: {exc}") from exc


class _Gateway:
    """Forwards requests of the page to the API, with the credentials of the first key pair."""

    def __init__(self, session: PageSession, settings: Settings) -> None:
        self._session = session
        credentials = base64.b64encode(f"{settings.keys[0].private_key}:".encode())
        self._authorization = (b"authorization", b"Basic " + credentials)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._session.check(Request(scope).headers)
        path = "/" + scope["path_params"]["path"]
        if not path.startswith(API_PREFIXES):
            raise ApiError(404, f"The page may request only paths under {' and '.join(API_PREFIXES)}.")
        inner = {
            **scope,
            "path": path,
            "raw_path": scope["raw_path"].removeprefix(f"{PREFIX}/api".encode()),
            "path_params": {},
            "state": {
                **scope.get("state", {}),
                REQUEST_ID: str(uuid.uuid4()),
                ROUTE: find_route(scope["method"], path),
            },
            "headers": [item for item in scope["headers"] if item[0] != b"authorization"] + [self._authorization],
        }
        await scope["app"](inner, receive, send)
