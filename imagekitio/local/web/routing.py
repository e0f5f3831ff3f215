"""Which operation of the API a request asks for: found once, by the segments of its path, and kept in its scope.

A server that compiles an expression for each path would start later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match

from .operations import CLIENT_SIDE, OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from starlette.types import Receive, Scope, Send

    from .operations import Operation

    Endpoint = Callable[[Request], Awaitable[Response]]

ROUTE = "imagekitio.route"  # key of the `Route` in the state of a scope


class Route(NamedTuple):
    """Where a path of the API leads.

    Attributes:
        operation: None when the path knows other methods only.
        variables: Values of the path's variables, by name.
        methods: The methods that the path knows.
    """

    operation: Operation | None
    variables: Mapping[str, str]
    methods: tuple[str, ...]

    def name(self, *, has_key: bool) -> str | None:
        """The name of the operation for a request with an ``Authorization`` header, or without one."""
        if self.operation is None or has_key or not self.operation.is_for_browsers:
            return self.operation and self.operation.name
        return self.operation.name + CLIENT_SIDE


class PathTable:
    """Finds rows of a table of operations by method and path.

    Of several paths that fit, the one is meant whose first segments are fixed.
    """

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._by_length: dict[int, list[tuple[list[str], Operation]]] = {}
        for operation in operations:
            segments = operation.path.split("/")
            self._by_length.setdefault(len(segments), []).append((segments, operation))
        for rows in self._by_length.values():
            rows.sort(key=lambda row: [segment[:1] == "{" for segment in row[0]])

    def find(self, method: str, path: str) -> Route | None:
        """The route of a request; None when the table knows no such path.

        Args:
            method: Whoever may GET may HEAD; the server leaves the body out.
            path: Decoded and without a slash at its end.
        """
        given = path.split("/")
        found: dict[str, tuple[Operation, list[str]]] = {}
        for segments, operation in self._by_length.get(len(given), ()):
            if operation.method not in found and all(map(_fits, segments, given)):
                found[operation.method] = operation, segments
        if not found:
            return None
        methods = {*found} | ({"HEAD"} if "GET" in found else set[str]())
        if any(operation.is_for_browsers for operation, _ in found.values()):
            methods.add("OPTIONS")
        meant = found.get("GET" if method == "HEAD" else method)
        if meant is None:
            return Route(None, {}, tuple(sorted(methods)))
        operation, segments = meant
        variables = {name[1:-1]: text for name, text in zip(segments, given, strict=True) if name[:1] == "{"}
        return Route(operation, variables, tuple(sorted(methods)))


_TABLE = PathTable(OPERATIONS)


def find_route(method: str, path: str) -> Route | None:
    """What a request asks of the API; see `PathTable.find`."""
    return _TABLE.find(method, path)


class ApiRoutes(BaseRoute):
    """All operations as one route of Starlette.

    Args:
        endpoints: By name of the operation.
    """

    def __init__(self, endpoints: Mapping[str, Endpoint]) -> None:
        self._endpoints = endpoints

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        route: Route | None = scope.get("state", {}).get(ROUTE)
        if scope["type"] != "http" or route is None:
            return Match.NONE, {}
        return Match.FULL, {"route": route, "path_params": route.variables}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        route: Route = scope["route"]
        request = Request(scope, receive, send)
        if route.operation is not None:
            response = await self._endpoints[route.operation.name](request)
        elif request.method in route.methods:  # OPTIONS, in front of a call from another origin
            response = _preflight(request, route)
        else:
            raise HTTPException(405, headers={"Allow": ", ".join(route.methods)})
        await response(scope, receive, send)


def _preflight(request: Request, route: Route) -> Response:
    headers = {"access-control-allow-methods": ", ".join(route.methods)}
    asked = request.headers.get("access-control-request-headers")
    return Response(status_code=204, headers=headers | ({"access-control-allow-headers": asked} if asked else {}))


def _fits(segment: str, given: str) -> bool:
    return segment == given or (segment[:1] == "{" and given != "")
