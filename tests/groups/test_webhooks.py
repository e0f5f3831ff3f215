"""`imagekit.webhooks`: webhooks with the arguments of release 5."""

from __future__ import annotations

from typing import Any

import pytest

from imagekitio import AsyncImageKit, ImageKit, WebhookVerificationError

# Test vectors of the reference: ImageKit docs, webhooks.
SECRET = "whsec_Zm9vYmFyYmF6cXV4MTIz"
BODY = (
    '{"type":"file.deleted","id":"evt_01","created_at":"2025-01-02T03:04:05.678Z",'
    '"data":{"fileId":"6650a1b2c3d4e5f607182930"}}'
)
HEADERS = {
    "webhook-id": "msg_01",
    "webhook-timestamp": "1735787045",
    "webhook-signature": "v1,doVtDOENfFvsHMhbOdPlWkyB0tlK/tTX33m3u7HU5cU=",
}


@pytest.mark.parametrize("kind", [ImageKit, AsyncImageKit])
def test_a_webhook_is_verified_with_the_key_passed_or_that_of_the_client(
    kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IMAGEKIT_WEBHOOK_SECRET", raising=False)
    client = kind(private_key="private_a", clock=lambda: 1735787045)
    event = client.webhooks.unwrap(BODY, headers=HEADERS, key=SECRET)
    assert (event.type, event.id, event.data.file_id) == ("file.deleted", "evt_01", "6650a1b2c3d4e5f607182930")
    with_secret = kind(private_key="private_a", clock=lambda: 1735787045, webhook_secret=SECRET)
    assert with_secret.webhooks.unwrap(BODY.encode(), headers=HEADERS) == event
    with pytest.raises(WebhookVerificationError):
        with_secret.webhooks.unwrap(BODY, headers=HEADERS, key="whsec_other")
    with pytest.raises(ValueError, match="missing: the secret of the webhook"):
        client.webhooks.unwrap(BODY, headers=HEADERS)
    monkeypatch.setenv("IMAGEKIT_WEBHOOK_SECRET", SECRET)
    assert client.webhooks.unwrap(BODY, headers=HEADERS) == client.webhooks.unsafe_unwrap(BODY) == event
