"""Rendered pictures, kept in memory by what they were made of."""

from __future__ import annotations

import os
from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import anyio
from anyio.to_thread import run_sync

from ..rendering import Rendered, render
from .errors import deleted_meanwhile

if TYPE_CHECKING:
    from ..base.settings import Settings
    from .plan import Plan

MAX_CACHED_BYTES = 64 * 1_048_576


class Renditions:
    """Renders plans, each once however many ask at the same time. Used by the event loop alone."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._cache = RenditionCache(MAX_CACHED_BYTES)
        self._in_work: WeakValueDictionary[str, anyio.Lock] = WeakValueDictionary()
        self._renderers: anyio.CapacityLimiter | None = None

    async def rendered(self, plan: Plan) -> Rendered:
        """The picture of `plan`, from the cache where it is.

        Raises:
            TransformationError: What the renderer refuses.
            DeliveryError: 404, the file was deleted meanwhile.
        """
        if self._renderers is None:
            # One more than there are processors, which then need not wait for the next picture to be fetched.
            self._renderers = anyio.CapacityLimiter((os.cpu_count() or 1) + 1)
        async with self._in_work.setdefault(plan.etag, anyio.Lock()):
            rendered = self._cache.get(plan.etag)
            if rendered is None:
                rendered = await run_sync(partial(render_plan, plan, self._settings), limiter=self._renderers)
                self._cache.put(plan.etag, rendered)
            return rendered


class RenditionCache:
    """Renditions by ETag, the least recently used dropped first. Used by the event loop alone."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._renditions: OrderedDict[str, Rendered] = OrderedDict()

    def get(self, etag: str) -> Rendered | None:
        rendered = self._renditions.get(etag)
        if rendered is not None:
            self._renditions.move_to_end(etag)
        return rendered

    def put(self, etag: str, rendered: Rendered) -> None:
        if len(rendered.content) > self._max_bytes or etag in self._renditions:
            return
        self._renditions[etag] = rendered
        self._bytes += len(rendered.content)
        while self._bytes > self._max_bytes:
            _, dropped = self._renditions.popitem(last=False)
            self._bytes -= len(dropped.content)


def render_plan(plan: Plan, settings: Settings) -> Rendered:
    """The picture of `plan`; see `Renditions.rendered` for what it raises."""
    assert plan.transformation is not None
    try:
        return render(
            plan.content,
            plan.transformation,
            settings=settings,
            mime=plan.file.mime,
            accept=plan.accept,
            custom_coordinates=plan.file.custom_coordinates,
            hints=plan.hints,
            library=plan.layer_files.get,
        )
    except FileNotFoundError:
        raise deleted_meanwhile(plan.file) from None
