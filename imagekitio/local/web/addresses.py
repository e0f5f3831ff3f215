"""The address of a request as the client sees it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.datastructures import Headers

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

# A name, an IPv4 address or an IPv6 address in brackets, and a port. Names of containers may contain underscores.
_HOST = re.compile(r"(?:[A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")


# API hosts of the services. They may be redirected here for clients with fixed hosts, but do not deliver files.
_API_HOSTS = ("api.imagekit.io", "upload.imagekit.io", "api.img-src.io")


def request_url(scope: Scope) -> str | None:
    """Return the base URL that a request was sent to, such as ``http://localhost:8080``.

    Return None if the request has no host, or an API host of a service, under which no files are delivered.
    """
    host = Headers(scope=scope).get("host", "").lower()
    is_address = _HOST.fullmatch(host) and host.partition(":")[0] not in _API_HOSTS
    return f"{scope['scheme']}://{host}" if is_address else None


class ForwardedAddress:
    """An ASGI layer that replaces the address of a request with the one that the client sent to a proxy.

    It is only for a server that can be reached only through the proxy, as other clients could forge these headers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        # A chain of proxies makes lists, of which the first item is from the client.
        host, scheme = (headers.get(f"x-forwarded-{name}", "").partition(",")[0].strip() for name in ("host", "proto"))
        if _HOST.fullmatch(host):
            others = [item for item in scope["headers"] if item[0] != b"host"]
            scope = {**scope, "headers": [*others, (b"host", host.encode())]}
        if scheme.lower() in ("http", "https"):
            scope = {**scope, "scheme": scheme.lower()}
        await self._app(scope, receive, send)
