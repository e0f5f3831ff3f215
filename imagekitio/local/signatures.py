"""How webhooks are signed (ImageKit docs, "Webhooks"): both schemes are on every request.

The time is the real one, not that of `Clock`: the receiver compares it with its own, which nobody moves.
"""

from __future__ import annotations

import base64
import hashlib
import hmac


def webhook_headers(secret: str, event_id: str, body: bytes, *, now: float) -> dict[str, str]:
    """The headers that prove who sent `body`.

    Args:
        secret: ``whsec_…``, whose text is the key of both schemes, prefix included.
        event_id: Of the event.
        body: The bytes that are sent.
        now: Unix time in seconds.
    """
    milliseconds, seconds = str(int(now * 1000)), str(int(now))
    signed = f"{event_id}.{seconds}.".encode() + body
    standard = base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()
    older = hmac.new(secret.encode(), f"{milliseconds}.".encode() + body, hashlib.sha256).hexdigest()
    return {
        "x-ik-signature": f"t={milliseconds},v1={older}",
        "webhook-id": event_id,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{standard}",
    }
