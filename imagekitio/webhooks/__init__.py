"""Webhooks: verify the sender and parse the event.

::

    event = verify_webhook(request.body, request.headers, secret="whsec_…")
    if isinstance(event, FileCreatedEvent):
        print(event.data.file_path)

These functions work without a client; `ImageKit.verify_webhook` uses the client's secret and clock.
"""

from .errors import APIWebhookValidationError, WebhookVerificationError
from .events import (
    FileCreatedEvent,
    FileDeletedEvent,
    FileUpdatedEvent,
    FileVersionCreatedEvent,
    FileVersionDeletedEvent,
    FolderCreatedEvent,
    FolderDeletedEvent,
    FolderUpdatedEvent,
    UnknownEvent,
    UploadPostTransformErrorEvent,
    UploadPostTransformSuccessEvent,
    UploadPreTransformErrorEvent,
    UploadPreTransformSuccessEvent,
    VideoTransformationAcceptedEvent,
    VideoTransformationErrorEvent,
    VideoTransformationReadyEvent,
    WebhookEvent,
)
from .verifying import parse_webhook, verify_webhook

__all__ = [
    "APIWebhookValidationError",
    "FileCreatedEvent",
    "FileDeletedEvent",
    "FileUpdatedEvent",
    "FileVersionCreatedEvent",
    "FileVersionDeletedEvent",
    "FolderCreatedEvent",
    "FolderDeletedEvent",
    "FolderUpdatedEvent",
    "UnknownEvent",
    "UploadPostTransformErrorEvent",
    "UploadPostTransformSuccessEvent",
    "UploadPreTransformErrorEvent",
    "UploadPreTransformSuccessEvent",
    "VideoTransformationAcceptedEvent",
    "VideoTransformationErrorEvent",
    "VideoTransformationReadyEvent",
    "WebhookEvent",
    "WebhookVerificationError",
    "parse_webhook",
    "verify_webhook",
]
