"""The configuration of webhooks. Source: ImageKit docs, webhooks API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...models.account.webhooks import ListWebhooksResult, WebhookRequestOptions, WebhookResult
from ...models.result import ResponseMetadataResult
from ..core import Operation, Request
from ..encoding import build_json_request, quote_segment, require_options, require_value
from ..responses import parse_as

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Unpack

    from ...models.account.webhooks import WebhookKeywords

_parse_webhook = parse_as(WebhookResult)
_parse_webhooks = parse_as(ListWebhooksResult)
_parse_nothing = parse_as(ResponseMetadataResult)

_PATH = "/v1/accounts/webhooks"


def create_webhook(
    options: WebhookRequestOptions | Mapping[str, Any] | None = None, **keywords: Unpack[WebhookKeywords]
) -> Operation[WebhookResult]:
    """Create a webhook."""
    create = WebhookRequestOptions.of(options, keywords)
    require_options(create, "endpoint")
    require_value(create, "events", "a list of event types, such as ['file.created']")
    return Operation(build_json_request("POST", _PATH, create.to_json(), idempotent=False), _parse_webhook)


def list_webhooks() -> Operation[ListWebhooksResult]:
    """List the webhooks of the account."""
    return Operation(Request("GET", _PATH), _parse_webhooks)


def get_webhook(webhook_id: str) -> Operation[WebhookResult]:
    """Return a webhook."""
    return Operation(Request("GET", _build_path(webhook_id)), _parse_webhook)


def update_webhook(
    webhook_id: str,
    options: WebhookRequestOptions | Mapping[str, Any] | None = None,
    **keywords: Unpack[WebhookKeywords],
) -> Operation[WebhookResult]:
    """Change a webhook; its secret does not change."""
    path = _build_path(webhook_id)
    body = WebhookRequestOptions.of(options, keywords).to_json()
    return Operation(build_json_request("PATCH", path, body, idempotent=True), _parse_webhook)


def delete_webhook(webhook_id: str) -> Operation[ResponseMetadataResult]:
    """Delete a webhook."""
    return Operation(Request("DELETE", _build_path(webhook_id)), _parse_nothing)


def _build_path(webhook_id: str) -> str:
    return f"{_PATH}/{quote_segment(webhook_id, 'webhook_id')}"
