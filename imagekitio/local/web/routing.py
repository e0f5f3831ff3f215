"""The paths of the API, found by their segments: a server that compiles an expression for each would start later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import BaseRoute, Match

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

    Endpoint = Callable[[Request], Awaitable[Response]]

T = TypeVar("T")


class PathTable(Generic[T]):
    """Values by method and path, in which ``{name}`` stands for any segment that is not empty.

    Args:
        entries: Method, path, value. Of several that fit, the first is found: fixed paths stand before variable ones.
    """

    def __init__(self, entries: Iterable[tuple[str, str, T]]) -> None:
        self._by_length: dict[int, list[tuple[list[str], str, T]]] = {}
        for method, path, value in entries:
            segments = path.split("/")
            self._by_length.setdefault(len(segments), []).append((segments, method, value))

    def find(self, path: str) -> dict[str, tuple[T, dict[str, str]]]:
        """Value and variables of the path, by method."""
        given = path.split("/")
        found: dict[str, tuple[T, dict[str, str]]] = {}
        for segments, method, value in self._by_length.get(len(given), ()):
            if method not in found and all(map(_fits, segments, given)):
                found[method] = value, {s[1:-1]: text for s, text in zip(segments, given, strict=True) if s[:1] == "{"}
        return found


class ApiRoutes(BaseRoute):
    """All endpoints of a table as one route of Starlette."""

    def __init__(self, entries: Iterable[tuple[str, str, Endpoint]]) -> None:
        self._table = PathTable(entries)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http":
            return Match.NONE, {}
        found = self._table.find(scope["path"])
        # Whoever may GET may HEAD; the server leaves the body out.
        endpoint, variables = found.get("GET" if scope["method"] == "HEAD" else scope["method"], (None, {}))
        if not found:
            return Match.NONE, {}
        if endpoint is None:
            allowed = {*found, "HEAD"} if "GET" in found else found.keys()
            return Match.PARTIAL, {"endpoint": None, "allow": ", ".join(sorted(allowed))}
        return Match.FULL, {"endpoint": endpoint, "path_params": variables}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint: Endpoint | None = scope["endpoint"]
        if endpoint is None:
            raise HTTPException(405, headers={"Allow": scope["allow"]})
        response = await endpoint(Request(scope, receive, send))
        await response(scope, receive, send)


def _fits(segment: str, given: str) -> bool:
    return segment == given or (segment[:1] == "{" and given != "")
