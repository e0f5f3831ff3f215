"""Caches in memory of rendered pictures and of the decoded pictures that they are made from."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ..base.caches import BoundedCache
from ..rendering import DecodedPictures, Rendered, render
from .errors import DeliveryError, file_deleted_error
from .shared_work import SharedWork

if TYPE_CHECKING:
    from starlette.types import Receive

    from ..rendering import Cancellation
    from ..rendering.context import RenderSettings
    from .plan import Plan

MAX_CACHED_BYTES = 64 * 1_048_576
MAX_DECODED_BYTES = 64 * 1_048_576


class Renditions:
    """Renders plans, each only once for simultaneous requests. Only the event loop may use it."""

    def __init__(self, settings: RenderSettings) -> None:
        self._settings = settings
        self._cache: BoundedCache[Rendered] = BoundedCache(MAX_CACHED_BYTES)
        self._decoded = DecodedPictures(MAX_DECODED_BYTES)
        self._work = SharedWork()

    async def render(self, plan: Plan, receive: Receive) -> Rendered:
        """Return the picture of `plan`, from the cache or newly rendered.

        Args:
            receive: ASGI function that receives messages from the client, such as a disconnect.
        Raises:
            TransformationError: The renderer refuses the transformation.
            DeliveryError: 404 if the file was deleted in the meantime, 499 if the client disconnected.
        """
        rendered = self._cache.get(plan.etag)
        if rendered is None:
            rendered = await self._work.wait_for(plan.etag, partial(self._render, plan), receive)
            if rendered is None:
                raise DeliveryError(499, "ECANCELED", "the client disconnected")  # only for the journal
            self._cache.put(plan.etag, rendered, len(rendered.content))
        return rendered

    def _render(self, plan: Plan, cancellation: Cancellation) -> Rendered:
        return render_plan(plan, self._settings, cancellation, self._decoded)


def render_plan(
    plan: Plan,
    settings: RenderSettings,
    cancellation: Cancellation | None = None,
    decoded: DecodedPictures | None = None,
) -> Rendered:
    """Return the picture of `plan`; raise the same errors as `Renditions.render`."""
    assert plan.transformation is not None
    try:
        return render(
            plan.content,
            plan.transformation,
            settings=settings,
            mime=plan.mime,
            accept=plan.accept,
            custom_coordinates=plan.custom_coordinates,
            hints=plan.hints,
            library=plan.layer_files.get,
            cancellation=cancellation,
            decoded=decoded,
        )
    except FileNotFoundError:
        raise file_deleted_error(plan.path) from None
