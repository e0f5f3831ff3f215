"""Webhooks: the URLs that the service calls when something happens in the account."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from ..options import UNSET, Options, Unset, encode_flag, encode_texts, encode_url, option
from ..result import ALWAYS, ListResult, Result, as_sent

if TYPE_CHECKING:
    from collections.abc import Sequence

# Source: ImageKit docs, webhook events.
WebhookEventType = Literal[
    "video.transformation.accepted",
    "video.transformation.ready",
    "video.transformation.error",
    "upload.pre-transform.success",
    "upload.pre-transform.error",
    "upload.post-transform.success",
    "upload.post-transform.error",
    "file.created",
    "file.updated",
    "file.deleted",
    "file-version.created",
    "file-version.deleted",
    "folder.created",
    "folder.updated",
    "folder.deleted",
]


@dataclass(frozen=True, kw_only=True, repr=False)
class WebhookResult(Result):
    """A webhook.

    Attributes:
        id: ID of the webhook.
        endpoint: URL that the service calls.
        events: Types of the events for which the service calls the URL.
        enabled: Whether the webhook is active.
        secret: Secret with which events are signed, ``whsec_…``; left out of `repr`.
        created_at, updated_at: Timestamps in ISO 8601.
    """

    id: str = ALWAYS
    endpoint: str = ALWAYS
    events: list[str] = field(default_factory=list, metadata=as_sent())
    enabled: bool = ALWAYS
    secret: str = field(default=ALWAYS, repr=False)
    created_at: str = ALWAYS
    updated_at: str = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class ListWebhooksResult(ListResult[WebhookResult]):
    """The webhooks of the account."""

    @classmethod
    def _decode_item(cls, data: Any) -> WebhookResult:
        return WebhookResult.from_json(data)


def _encode_events(value: Sequence[str]) -> list[str]:
    events = encode_texts(value)
    if not events:
        raise ValueError("must not be empty")
    return events


class WebhookKeywords(TypedDict, total=False):
    """The options of `create_webhook` and `update_webhook` as keywords."""

    endpoint: str
    events: Sequence[WebhookEventType]
    enabled: bool | None


@dataclass(repr=False)
class WebhookRequestOptions(Options):
    """Options of `create_webhook` and `update_webhook`. In an update, unset options stay unchanged.

    Attributes:
        endpoint: URL that the service calls; required for a new webhook.
        events: Types of the events for which the service calls the URL; required for a new webhook. Types that the
            service adds later are accepted too.
        enabled: Whether the webhook is active (default True).
    """

    endpoint: str | Unset = field(default=UNSET, metadata=option(encode=encode_url))
    events: Sequence[WebhookEventType | str] | Unset = field(default=UNSET, metadata=option(encode=_encode_events))
    enabled: bool | Unset | None = field(default=UNSET, metadata=option(encode=encode_flag))
