"""What a client of yours needs: that of `httpx.Client` or `httpx.AsyncClient`. Subclasses may wrap one of these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    import httpx


class RequestBuilder(Protocol):
    """What both kinds of clients have in common."""

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
        """Return a request with what the client adds to every request."""
        ...


@runtime_checkable
class HttpClient(RequestBuilder, Protocol):
    """A client that blocks; see `httpx.Client` for the arguments."""

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
