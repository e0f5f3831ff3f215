"""Carry out the calls of a client, with transports that copies share and runners with the client's own settings.

The groups of calls keep an object of this class and not the client, so that no cycle keeps a client alive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .groups.images import is_last_page
from .models.listings import AsyncImageListResponse, ImageListResponse
from .sending.runners import AsyncRunner, SyncRunner

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .groups.calls import PreparedCall
    from .sending.configuration import Configuration


class Connections:
    """The connections of a client, which carry out its calls. The first call opens them.

    Args:
        configuration: The arguments of the client.
        transports: Transports of the client that this one is a copy of; None makes new ones when they are needed.
    """

    def __init__(self, configuration: Configuration, transports: dict[str, Any] | None = None) -> None:
        self._configuration = configuration
        self._transports: dict[str, Any] = {} if transports is None else transports
        self._runners: dict[str, Any] = {}

    def with_configuration(self, configuration: Configuration) -> Connections:
        """Return a copy with other settings that shares the connections."""
        return Connections(configuration, self._transports)

    def open_blocking(self, options: Mapping[str, Any] | None = None) -> SyncRunner:
        """Return a runner for operations in this thread; `options` are those of one call."""
        runner: SyncRunner = self._open("blocking", SyncRunner, self._configuration.client, options)
        return runner

    def open_tasks(self, options: Mapping[str, Any] | None = None) -> AsyncRunner:
        """Return a runner for operations in an event loop; `options` are those of one call."""
        runner: AsyncRunner = self._open("tasks", AsyncRunner, self._configuration.async_client, options)
        return runner

    def run(self, call: PreparedCall) -> Any:
        """Carry out a call in this thread and return its result."""
        runner = self.open_blocking(call.options)
        if call.is_job:
            from ..bulk.workers import carry_out

            return carry_out(runner, call.work)
        result = runner.run(call.work)
        if isinstance(result, ImageListResponse):
            return result.with_next(lambda page: self._find_next(call, page), ImageListResponse)
        return result

    async def run_in_loop(self, call: PreparedCall) -> Any:
        """Carry out a call in an event loop and return its result."""
        from ..bulk.tasks import carry_out

        runner = self.open_tasks(call.options)
        result = await (carry_out(runner, call.work) if call.is_job else runner.run(call.work))
        if isinstance(result, ImageListResponse):
            return result.with_next(lambda page: self._find_next_in_loop(call, page), AsyncImageListResponse)
        return result

    def close(self) -> None:
        """Close the connections of blocking calls."""
        if "blocking" in self._transports:
            self._transports["blocking"].close()

    async def aclose(self) -> None:
        """Close the connections of awaited calls in the running loop."""
        if "tasks" in self._transports:
            await self._transports["tasks"].close()

    def _open(self, kind: str, runner: Any, session: Any, options: Mapping[str, Any] | None) -> Any:
        if not options and kind in self._runners:
            return self._runners[kind]
        configuration = self._configuration.change(**options) if options else self._configuration
        settings = configuration.make_settings(session)
        if kind not in self._transports:
            # Atomic: two threads that make the first call at the same time get the same transport.
            self._transports.setdefault(kind, _make_transport(kind, configuration.service, settings))
        transport = self._transports[kind].with_settings(settings, configuration.service)
        found = runner(transport, configuration.context)
        return found if options else self._runners.setdefault(kind, found)

    def _find_next(self, call: PreparedCall, page: ImageListResponse) -> Any:
        following = _find_following(call, page)
        return None if following is None else self.run(following)

    async def _find_next_in_loop(self, call: PreparedCall, page: ImageListResponse) -> Any:
        following = _find_following(call, page)
        return None if following is None else await self.run_in_loop(following)


def _find_following(call: PreparedCall, page: ImageListResponse) -> PreparedCall | None:
    """Return the call of `list_images` for the next page; None if there is none."""
    if is_last_page(page, call.keywords.get("limit", 50)):
        return None
    return call.change(offset=(call.keywords.get("offset") or 0) + len(page.images))


def _make_transport(kind: str, service: Any, settings: Any) -> Any:
    is_httpx = hasattr(settings.session, "build_request")
    if kind == "blocking":
        if is_httpx:
            from ..transports.httpx.transports import HttpxTransport

            return HttpxTransport(service, settings)
        from ..transports.requests.transport import RequestsTransport

        return RequestsTransport(service, settings)
    if is_httpx:
        from ..transports.httpx.transports import AsyncHttpxTransport

        return AsyncHttpxTransport(service, settings)
    from ..transports.aiohttp.transport import AiohttpTransport

    return AiohttpTransport(service, settings)
