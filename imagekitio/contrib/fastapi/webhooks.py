"""A route that receives the webhooks of the service."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from inspect import isawaitable, iscoroutinefunction
from typing import Annotated, Any, TypeVar

from anyio import CancelScope
from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from ...client import ImageKit
from ...webhooks import WebhookEvent, WebhookVerificationError, verify_webhook
from ..errors import UploadTooLargeError
from ..events import EventStore, MemoryEventStore, identify_event
from .bodies import read_body
from .dependencies import get_imagekit
from .errors import make_response, refuse
from .models import ERROR_RESPONSES, describe_error

T = TypeVar("T")

logger: logging.Logger = logging.getLogger("imagekitio.fastapi")

_NOT_SENT = "This is not an ImageKit webhook."
_BUSY = "This event is being handled."

_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The event is handled, or was before", "content": {}},
    400: describe_error("The service did not send this", _NOT_SENT),
    413: {**ERROR_RESPONSES[413], "description": "The request is larger than 5 MB"},
    503: describe_error("The same event is being handled", _BUSY, {"Retry-After": "5"}),
}


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

    The signature of the service replaces a login. Responses: 200 if the event is handled, or was before; 400 for a
    request that the service did not send (the reason is only logged, as a warning); 503 while the same event is being
    handled. If `on_event` raises an error, the event counts as not handled and the response is a 500, so the service
    sends it again. `on_event` must therefore be able to handle an event twice. The service waits 30 seconds for a
    response, so hand long work to a task queue.

    Args:
        on_event: Function to call with each event. One that is not asynchronous runs in a thread.
        path: Path of the route.
        secret: Secret of the webhook, or several (default: the `webhook_secret` of the client, or else
            ``IMAGEKIT_WEBHOOK_SECRET``).
        store: Store that detects duplicates, called in threads (default: a `MemoryEventStore`, which is enough for one
            process).
    Raises:
        TypeError, ValueError: `on_event` is not callable, or `secret` is not valid.
    """
    if not callable(on_event):
        raise TypeError(f"on_event must be a function (got {type(on_event).__name__})")
    secrets = tuple(secret) if isinstance(secret, Iterator) else secret
    if secrets is not None:
        # Report a wrong secret at startup, not at the first webhook.
        with suppress(WebhookVerificationError):
            verify_webhook(b"", {}, secret=secrets)
    events = MemoryEventStore() if store is None else store
    router = APIRouter()

    @router.post(
        path,
        name="imagekit_webhook",
        summary="Receive an ImageKit webhook",
        tags=["webhooks"],
        response_class=Response,
        responses=_RESPONSES,
    )
    async def receive(request: Request, imagekit: Annotated[ImageKit, Depends(get_imagekit)]) -> Response:
        """Handle an event that the image service reports."""
        try:
            body = await read_body(request)
            event = imagekit.verify_webhook(body, request.headers, secret=secrets)
        except UploadTooLargeError as error:
            return make_response(request, error)
        except WebhookVerificationError as error:
            logger.warning("Webhook refused: %s", error)
            return refuse(400, _NOT_SENT)
        event_id = identify_event(event.id, body)
        state = await _run_whole(events.begin, event_id)
        if state == "done":
            return Response()
        if state == "busy":
            return refuse(503, _BUSY, {"Retry-After": "5"})
        try:
            result = on_event(event) if iscoroutinefunction(on_event) else await run_in_threadpool(on_event, event)
            if isawaitable(result):
                await result
        except BaseException:  # so that the service can send it again, even if the task was cancelled
            await _run_whole(events.forget, event_id)
            raise
        await _run_whole(events.finish, event_id)
        return Response()

    return router


async def _run_whole(step: Callable[[str], T], event_id: str) -> T:  # type: ignore[return]  # nothing cancels the scope
    """Run a step of the store in a thread to its end, even if the request is cancelled in the meantime.

    Otherwise an event could stay busy although nothing handles it.
    """
    with CancelScope(shield=True):
        return await run_in_threadpool(step, event_id)
