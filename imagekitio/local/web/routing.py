"""Routing: a request's operation is found once, by the segments of its path, and stored in its scope.

A server that compiled a regular expression for each path would start more slowly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from starlette.types import Receive, Scope, Send

    Endpoint = Callable[[Request], Awaitable[Response]]

ROUTE = "imagekitio.route"  # key of the `Route` in the state of a scope
_REST = ":path}"  # the end of a variable that matches the rest of a path


class Operation(Protocol):
    """A row of the table of operations of a service.

    Attributes:
        path: Path, in which ``{name}`` matches any segment that is not empty, and ``{name:path}`` at the end one or
            more of them.
        is_for_browsers: Whether pages of other origins may call it, after a preflight request with ``OPTIONS``.
    """

    @property
    def name(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def is_for_browsers(self) -> bool: ...


class Route(NamedTuple):
    """The route of a request to the API.

    Attributes:
        operation: The operation; None if the path has only other methods.
        variables: Values of the path's variables, by name.
        methods: All methods of the path.
    """

    operation: Operation | None
    variables: Mapping[str, str]
    methods: tuple[str, ...]


class PathTable:
    """A table of operations, to find one by method and path.

    If several paths match, the one whose first segments are fixed is used.
    """

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._by_length: dict[int, list[tuple[list[str], Operation]]] = {}
        self._open: list[tuple[list[str], Operation]] = []  # paths whose last variable matches one or more segments
        for operation in operations:
            segments = operation.path.split("/")
            is_open = segments[-1].endswith(_REST)
            rows = self._open if is_open else self._by_length.setdefault(len(segments), [])
            rows.append((segments, operation))
        for rows in self._by_length.values():
            rows.sort(key=_rank)

    def find(self, method: str, path: str) -> Route | None:
        """Return the route of a request; None if no path matches.

        Args:
            method: Method; HEAD is allowed like GET, and the server leaves the body out.
            path: Path, decoded and without a trailing slash.
        """
        given = path.split("/")
        rows = self._by_length.get(len(given), [])
        if self._open:
            rows = sorted([*rows, *self._open], key=_rank)
        found: dict[str, tuple[Operation, dict[str, str]]] = {}
        for segments, operation in rows:
            texts = given if len(segments) == len(given) else path.split("/", len(segments) - 1)
            if operation.method not in found and len(texts) == len(segments) and all(map(_fits, segments, texts)):
                pairs = zip(segments, texts, strict=True)
                variables = {name[1:-1].removesuffix(":path"): text for name, text in pairs if name[:1] == "{"}
                found[operation.method] = operation, variables
        if not found:
            return None
        methods = {*found} | ({"HEAD"} if "GET" in found else set[str]())
        if any(operation.is_for_browsers for operation, _ in found.values()):
            methods.add("OPTIONS")
        match = found.get("GET" if method == "HEAD" else method)
        if match is None:
            return Route(None, {}, tuple(sorted(methods)))
        return Route(*match, tuple(sorted(methods)))


class ApiRoutes(BaseRoute):
    """All operations as one route of Starlette.

    Args:
        endpoints: Endpoints by the operation's name.
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
        elif request.method in route.methods:  # OPTIONS, before a call from another origin
            response = _preflight(request, route)
        else:
            raise HTTPException(405, headers={"Allow": ", ".join(route.methods)})
        await response(scope, receive, send)


def _preflight(request: Request, route: Route) -> Response:
    headers = {"access-control-allow-methods": ", ".join(route.methods)}
    requested = request.headers.get("access-control-request-headers")
    return Response(
        status_code=204, headers=headers | ({"access-control-allow-headers": requested} if requested else {})
    )


def _rank(row: tuple[list[str], Operation]) -> list[bool]:
    """Sort fixed segments before variables, and variables of one segment before those of several."""
    return [*(segment[:1] == "{" for segment in row[0]), row[0][-1].endswith(_REST)]


def _fits(segment: str, given: str) -> bool:
    return segment == given or (segment[:1] == "{" and given != "")
