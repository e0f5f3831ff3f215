"""`imagekit.webhooks`: events of webhooks. No requests are sent, and no call is awaited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ..webhooks import parse_webhook

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..webhooks import WebhookEvent
    from ..webhooks.headers import WebhookHeaders
    from ..webhooks.verifying import WebhookBody


class VerifiesWebhooks(Protocol):
    """`ImageKit.verify_webhook`."""

    def __call__(
        self, body: WebhookBody, headers: WebhookHeaders, *, secret: str | Iterable[str] | None = ...
    ) -> WebhookEvent: ...


class Webhooks:
    """A reader of webhooks with the arguments of release 5.

    Args:
        verify: Method of a client that verifies a webhook.
    """

    def __init__(self, verify: VerifiesWebhooks) -> None:
        self._verify = verify

    def unwrap(
        self, payload: WebhookBody, *, headers: WebhookHeaders, key: str | Iterable[str] | None = None
    ) -> WebhookEvent:
        """Verify that ImageKit sent a webhook recently, and return its event; see `ImageKit.verify_webhook`.

        Args:
            payload: Body of the request exactly as received.
            headers: Headers of the request.
            key: Secret of the webhook; by default the client's `webhook_secret`, or ``IMAGEKIT_WEBHOOK_SECRET``.
        """
        return self._verify(payload, headers, secret=key)

    def unsafe_unwrap(self, payload: WebhookBody) -> WebhookEvent:
        """Return the event of a webhook without verifying its sender; see `imagekitio.webhooks.parse_webhook`."""
        return parse_webhook(payload)
