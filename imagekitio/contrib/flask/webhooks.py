"""A route that receives the webhooks of the service and sends a signal for each event."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar, cast, get_args

from blinker import Namespace
from flask import Blueprint, Response, current_app, request

from ...models.account.webhooks import WebhookEventType
from ...suggestions import did_you_mean
from ...webhooks import WebhookVerificationError
from ..events import identify_event
from .bodies import read_message
from .errors import make_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.sansio.blueprints import BlueprintSetupState

    from ...client import ImageKit
    from ...webhooks import WebhookEvent
    from ..events import EventStore

ReceiverT = TypeVar("ReceiverT", bound="Callable[..., Any]")

_EVENT_TYPES: frozenset[str] = frozenset(get_args(WebhookEventType))
_EVERY_EVENT = "*"


class Receivers:
    """The functions to call for each event: receivers of signals, one signal for each type of event."""

    def __init__(self) -> None:
        self._signals = Namespace()

    def connect(self, *event_types: str) -> Callable[[ReceiverT], ReceiverT]:
        """Return a decorator; see `ImageKit.on_webhook` of the extension."""
        for name in event_types:
            if name not in _EVENT_TYPES:
                raise ValueError(f"there are no events of type {name!r}{did_you_mean(str(name), _EVENT_TYPES)}")

        def decorate(receiver: ReceiverT) -> ReceiverT:
            for name in event_types or (_EVERY_EVENT,):
                # Not weak: a function defined in an application factory would be dropped silently.
                self._signals.signal(name).connect(receiver, weak=False)
            return receiver

        return decorate

    def send(self, event: WebhookEvent) -> None:
        """Call the receivers of an event, and raise the error of the first one that fails."""
        app: Any = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask documents it
        for name in (_EVERY_EVENT, event.type):
            self._signals.signal(name).send(app, _async_wrapper=app.ensure_sync, event=event)


def make_webhook_blueprint(
    find_client: Callable[[], ImageKit], receivers: Receivers, store: EventStore, name: str
) -> Blueprint:
    """Return a blueprint with the route for webhooks; see `ImageKit.webhook_blueprint` of the extension."""
    blueprint = Blueprint(name, __name__, url_prefix="/imagekit/webhook")

    @blueprint.record
    def check_secret(state: BlueprintSetupState) -> None:
        # Report a missing secret at startup, not at the first webhook.
        with cast("Flask", state.app).app_context(), suppress(WebhookVerificationError):
            find_client().verify_webhook(b"", {})

    @blueprint.post("")
    def receive() -> Response:
        body = read_message()
        try:
            event = find_client().verify_webhook(body, request.headers)
        except WebhookVerificationError as error:
            current_app.logger.warning("Webhook refused: %s", error)
            return make_json("This is not an ImageKit webhook.", 400)
        event_id = identify_event(event.id, body)
        state = store.begin(event_id)
        if state == "busy":
            response = make_json("This event is being handled.", 503)
            response.retry_after = 5
            return response
        if state == "new":
            try:
                receivers.send(event)
            except BaseException:  # so that the service can send it again
                store.forget(event_id)
                raise
            store.finish(event_id)
        return Response()

    return blueprint
