"""The error of webhooks that are not accepted."""

from __future__ import annotations

from typing import Literal

Reason = Literal["missing_header", "invalid_header", "wrong_signature", "too_old", "too_new", "invalid_body"]


class WebhookVerificationError(ValueError):
    """A request is not a webhook that somebody who knows the secret sent just now; answer it with 400.

    The message holds neither the secret nor the signature that would fit.

    Attributes:
        message: What is wrong, and its usual causes.
        reason: ``missing_header``, ``invalid_header``, ``wrong_signature``, ``too_old``, ``too_new``, or
            ``invalid_body`` if the body is not a JSON object.
    """

    def __init__(self, message: str, reason: Reason) -> None:
        super().__init__(message, reason)
        self.message: str = message
        self.reason: Reason = reason

    def __str__(self) -> str:
        return self.message
