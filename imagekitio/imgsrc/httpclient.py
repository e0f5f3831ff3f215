"""Protocols for your own HTTP client, modelled on `httpx.Client` and `httpx.AsyncClient`, which subclasses may wrap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    import httpx


class RequestBuilder(Protocol):
    """The part that both kinds of clients have in common."""

    def build_request(
        self,
        method: str,
        url: Any,
        *,
        content: Any = None,
        data: Any = None,
        files: Any = None,
        json: Any = None,
        params: Any = None,
        headers: Any = None,
        cookies: Any = None,
        timeout: Any = ...,
        extensions: Any = None,
    ) -> httpx.Request:
        """Return a request, including everything that the client adds to requests."""
        ...


@runtime_checkable
class HttpClient(RequestBuilder, Protocol):
    """A blocking client; see `httpx.Client` for the arguments."""

    def send(
        self, request: httpx.Request, *, stream: bool = ..., auth: Any = ..., follow_redirects: Any = ...
    ) -> httpx.Response:
        """Send a request and return the response; with `stream`, before its body has been read."""
        ...

    def close(self) -> None:
        """Close the connections; the library never does."""
        return


@runtime_checkable
class AsyncHttpClient(RequestBuilder, Protocol):
    """A client for event loops; see `httpx.AsyncClient` for the arguments."""

    async def send(
        self, request: httpx.Request, *, stream: bool = ..., auth: Any = ..., follow_redirects: Any = ...
    ) -> httpx.Response:
        """Send a request and return the response; with `stream`, before its body has been read."""
        ...

    async def aclose(self) -> None:
        """Close the connections; the library never does."""
        return
