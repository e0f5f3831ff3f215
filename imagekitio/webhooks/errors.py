"""The error for webhooks that are not accepted."""

from __future__ import annotations

from typing import Literal

Reason = Literal["missing_header", "invalid_header", "wrong_signature", "too_old", "too_new", "invalid_body"]


class WebhookVerificationError(ValueError):
    """A request is not a recent webhook signed with the secret; answer it with status 400.

    The message contains neither the secret nor the expected signature.

    Attributes:
        message: What is wrong, and the usual causes.
        reason: ``missing_header``, ``invalid_header``, ``wrong_signature``, ``too_old``, ``too_new``, or
            ``invalid_body`` if the body is not a JSON object.
    """

    def __init__(self, message: str, reason: Reason) -> None:
        super().__init__(message, reason)
        self.message: str = message
        self.reason: Reason = reason

    def __str__(self) -> str:
        return self.message


APIWebhookValidationError = WebhookVerificationError  # the name that release 5 exports
