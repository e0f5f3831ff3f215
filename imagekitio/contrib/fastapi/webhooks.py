"""A route that receives the webhooks of the service, and the memory that tells duplicates apart."""

import hashlib
import logging
from collections.abc import Callable, Iterable
from inspect import isawaitable, iscoroutinefunction
from typing import Annotated, Any, Literal, Protocol

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from ...client import ImageKit
from ...webhooks import WebhookEvent, WebhookVerificationError
from .bodies import read_body
from .dependencies import get_imagekit
from .errors import refuse
from .models import ErrorOut

logger = logging.getLogger("imagekitio.fastapi")

EventState = Literal["new", "busy", "done"]
"""The state of an event: not handled, being handled at the moment, or handled."""

_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The event is handled, or was before", "content": {}},
    400: {"model": ErrorOut, "description": "The service did not send this"},
    413: {"description": "The request is larger than 5 MB"},
    503: {"model": ErrorOut, "description": "The same event is being handled at the moment"},
}


class EventStore(Protocol):
    """Where the ids of events are kept, so that each is handled once.

    Write one over your database or Redis if the application runs in several processes. Keep ids for a day, since the
    service tries again for up to 18 hours; and count an event as new again when it was busy for some minutes, since its
    process may have been killed.
    """

    async def begin(self, event_id: str) -> EventState:
        """Return the state of an event, and make one that is new busy, both in one atomic step."""
        ...

    async def finish(self, event_id: str) -> None:
        """Make a busy event done: it was handled."""

    async def forget(self, event_id: str) -> None:
        """Make a busy event new: it could not be handled, and the service will send it again."""


class MemoryEventStore(EventStore):
    """An `EventStore` in the memory of this process, for applications that run in one.

    Args:
        max_events: Number of events to remember; the oldest are forgotten first.
    Raises:
        ValueError: `max_events` is less than 1.
    """

    def __init__(self, max_events: int = 10_000) -> None:
        if max_events < 1:
            raise ValueError(f"max_events must be at least 1 (got {max_events})")
        self.max_events: int = max_events
        self._states: dict[str, EventState] = {}  # in the order in which the events came

    async def begin(self, event_id: str) -> EventState:
        state = self._states.get(event_id, "new")
        if state == "new":
            self._states[event_id] = "busy"
            while len(self._states) > self.max_events:
                del self._states[next(iter(self._states))]
        return state

    async def finish(self, event_id: str) -> None:
        if event_id in self._states:
            self._states[event_id] = "done"

    async def forget(self, event_id: str) -> None:
        self._states.pop(event_id, None)


def webhook_router(
    on_event: Callable[[WebhookEvent], object],
    *,
    path: str = "/imagekit-webhook",
    secret: str | Iterable[str] | None = None,
    store: EventStore | None = None,
) -> APIRouter:
    """Return a router with one route, which calls `on_event` for each event of the service.

    ::

        async def handle(event: WebhookEvent) -> None:
            if isinstance(event, FileCreatedEvent):
                await add_picture(event.data.file_id, event.data.file_path)

        app.include_router(webhook_router(handle))

    The signature of the service takes the place of a login. Answers: 200 if the event is handled, or was before; 400,
    without the reason, which is logged as a warning, for a request that the service did not send; 503 while the same
    event is being handled. If `on_event` raises an error, the event counts as not handled and the answer is 500, so the
    service sends it again. `on_event` must therefore be able to handle an event twice. The service waits 30 seconds for
    an answer: hand long work over to a task queue.

    Args:
        on_event: Function to call with each event. One that is not asynchronous runs in a thread.
        path: Path of the route.
        secret: Secret of the webhook, or several; by default the `webhook_secret` of the client, or else
            ``IMAGEKIT_WEBHOOK_SECRET``.
        store: Memory that tells duplicates apart; by default a `MemoryEventStore`, which is enough for one process.
    Raises:
        TypeError: `on_event` is not callable.
    """
    if not callable(on_event):
        raise TypeError(f"on_event must be a function (got {type(on_event).__name__})")
    events = MemoryEventStore() if store is None else store
    router = APIRouter()

    @router.post(
        path,
        name="imagekit_webhook",
        summary="Receive a webhook of ImageKit",
        tags=["webhooks"],
        response_class=Response,
        responses=_RESPONSES,
    )
    async def receive(request: Request, imagekit: Annotated[ImageKit, Depends(get_imagekit)]) -> Response:
        """Handle an event that the image service reports."""
        body = await read_body(request)
        try:
            event = imagekit.verify_webhook(body, request.headers, secret=secret)
        except WebhookVerificationError as error:
            logger.warning("Webhook refused: %s", error)
            return refuse(400, "This is not a webhook of ImageKit.")
        event_id = event.id if isinstance(event.id, str) and event.id else hashlib.sha256(body).hexdigest()
        state = await events.begin(event_id)
        if state == "done":
            return Response()
        if state == "busy":
            return refuse(503, "This event is being handled.", {"Retry-After": "5"})
        try:
            result = on_event(event) if iscoroutinefunction(on_event) else await run_in_threadpool(on_event, event)
            if isawaitable(result):
                await result
        except BaseException:  # the service must be able to send it again, also if the task was cancelled
            await events.forget(event_id)
            raise
        await events.finish(event_id)
        return Response()

    return router
